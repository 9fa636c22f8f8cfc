"""The JSON of batches."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recognition.api.serializers import ErrorDetailSerializer, FieldSummarySerializer
from recognition.batches.downloads import FILES
from recognition.batches.models import KIND_CHOICES, MAX_ITEMS, Batch, BatchItem, Outcome, Stage
from recognition.batches.services.intake import Control
from recognition.models import RunState

AMOUNT: dict[str, Any] = {"max_digits": 17, "decimal_places": 2}


class ControlSerializer(serializers.Serializer[Any]):
    """What the paper is said to hold; null: not entered."""

    control_total = serializers.DecimalField(
        **AMOUNT, min_value=0, allow_null=True, default=None, help_text=_("The sum of all amounts.")
    )
    control_count = serializers.IntegerField(
        min_value=0, max_value=MAX_ITEMS, allow_null=True, default=None
    )

    @property
    def control(self) -> Control:
        """What was entered, once it is valid."""
        return Control(self.validated_data["control_total"], self.validated_data["control_count"])


class FilesSerializer(serializers.Serializer[Any]):
    """Files of a batch."""

    file = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        allow_empty=False,
        help_text=_("Images, TIFF, PDF, or ZIP archives of these; repeat the field for several."),
    )

    def validate_file(self, files: list[Any]) -> list[Any]:
        """Say how many there may be, as the forms do."""
        if len(files) > settings.UPLOAD_MAX_FILES:
            raise serializers.ValidationError(_("These are too many files at once."))
        return files


class NewBatchSerializer(ControlSerializer, FilesSerializer):
    """A new batch."""

    name = serializers.CharField(max_length=120)
    reference = serializers.CharField(max_length=60, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=KIND_CHOICES)


class CloseSerializer(serializers.Serializer[Any]):
    """Closing, and why where the sum is not the control total."""

    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class BatchSerializer(serializers.ModelSerializer[Batch]):
    """One batch, as lists show it."""

    state = serializers.ChoiceField(source="stage", choices=Stage.choices)
    item_count = serializers.IntegerField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields: tuple[str, ...] = (
            "id", "name", "reference", "bank", "kind", "state", "created_at", "control_total",
            "control_count", "item_count", "closed_at", "closing_note", "links",
        )  # fmt: skip

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_links(self, batch: Batch) -> dict[str, str]:
        """Where its parts are."""
        links = {
            "self": reverse("batches_api:batch", args=[batch.pk]),
            "items": reverse("batches_api:items", args=[batch.pk]),
        }
        return links | {name: reverse("batches_api:file", args=[batch.pk, name]) for name in FILES}


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the reading is."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()
    running = serializers.IntegerField()
    failed = serializers.IntegerField()
    refused = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    per_minute = serializers.FloatField(allow_null=True)
    seconds_left = serializers.SerializerMethodField()
    is_answered = serializers.BooleanField(help_text=_("Whether any worker was heard of lately."))

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_seconds_left(self, progress: Any) -> float | None:
        """At the rate of the last two minutes."""
        return None if progress.time_left is None else progress.time_left.total_seconds()


class TotalsSerializer(serializers.Serializer[Any]):
    """The sum of the amounts, corrections included, beside the control total."""

    total = serializers.DecimalField(**AMOUNT)
    count = serializers.IntegerField()
    without_amount = serializers.IntegerField()
    doubtful = serializers.IntegerField()
    unsettled = serializers.IntegerField()
    rejected = serializers.IntegerField(help_text=_("They count: their paper is there."))
    difference = serializers.DecimalField(**AMOUNT, allow_null=True)
    count_difference = serializers.IntegerField(allow_null=True)


class BatchDetailSerializer(BatchSerializer):
    """One batch with its progress and totals."""

    progress = ProgressSerializer()
    totals = TotalsSerializer()

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "progress", "totals")


class BatchItemSerializer(serializers.ModelSerializer[BatchItem]):
    """One item, and what became of it."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
    error = serializers.SerializerMethodField()
    submission = serializers.UUIDField(source="submission_id", allow_null=True)
    run_state = serializers.SerializerMethodField()
    settled = serializers.BooleanField(source="is_settled")
    values = serializers.SerializerMethodField()

    class Meta:
        model = BatchItem
        fields = (
            "position", "file_name", "page", "outcome", "error", "submission", "run_state",
            "settled", "values", "booked_amount",
        )  # fmt: skip

    @extend_schema_field(ErrorDetailSerializer(allow_null=True))
    def get_error(self, item: BatchItem) -> dict[str, str] | None:
        """Only what was refused has one."""
        if item.outcome != Outcome.REFUSED:
            return None
        return {"code": item.error_code, "message": item.error_message}

    @extend_schema_field(serializers.ChoiceField(choices=RunState.choices, allow_null=True))
    def get_run_state(self, item: BatchItem) -> str | None:
        """Return where its latest run stands."""
        run = None if item.submission is None else item.submission.latest_run
        return None if run is None else run.state

    @extend_schema_field(serializers.DictField(child=FieldSummarySerializer()))
    def get_values(self, item: BatchItem) -> dict[str, Any]:
        """Return each field in short; empty until it is read."""
        run = None if item.submission is None else item.submission.latest_run
        readings = () if run is None else run.readings.all()
        return {reading.name: FieldSummarySerializer(reading).data for reading in readings}
