"""The JSON of the API. Values are the machine's; a person's correction stands beside them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recognition.masking import masked
from recognition.models import (
    Correction,
    FieldName,
    FieldReading,
    Kind,
    RecognitionRun,
    RunState,
    Source,
    Submission,
)


class ErrorDetailSerializer(serializers.Serializer[Any]):
    """Why a request was refused."""

    code = serializers.CharField(help_text=_("Stable; for programs."))
    message = serializers.CharField(help_text=_("A sentence for a person."))
    fields = serializers.DictField(  # type: ignore[assignment]  # a field's name, not the fields
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of every error."""

    error = ErrorDetailSerializer()


class BoxSerializer(serializers.Serializer[Any]):
    """A rectangle in pixels of the upright image, origin top left."""

    x = serializers.IntegerField()
    y = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class CandidateSerializer(serializers.Serializer[Any]):
    """One hypothesis and its calibrated probability."""

    value = serializers.CharField()
    confidence = serializers.FloatField(min_value=0, max_value=1)


class CharacterSerializer(CandidateSerializer):
    """One character of a field; ``shape`` where a handwritten digit was measured."""

    alternatives = CandidateSerializer(many=True)
    box = BoxSerializer(allow_null=True)
    shape = serializers.DictField(child=serializers.FloatField(), required=False)


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """What a person says a field holds; an empty value: there is nothing to read."""

    class Meta:
        model = Correction
        fields = ("value", "made_at")


class FieldSummarySerializer(serializers.Serializer[FieldReading]):
    """One field in short."""

    value = serializers.SerializerMethodField(
        "value_or_null", help_text=_("In lists, of an account number the last four digits alone.")
    )
    confidence = serializers.FloatField(min_value=0, max_value=1)
    accepted = serializers.BooleanField(
        source="is_accepted", help_text=_("If not, it is for a person to decide.")
    )
    correction = serializers.SerializerMethodField()

    def value_or_null(self, reading: FieldReading) -> str | None:
        """Null where there is nothing to read."""
        return masked(reading.name, reading.value) or None

    @extend_schema_field(CorrectionSerializer(allow_null=True))
    def get_correction(self, reading: FieldReading) -> dict[str, Any] | None:
        """Return a person's last word, masked as the value."""
        if reading.correction is None:
            return None
        body = CorrectionSerializer(reading.correction).data
        return body | {"value": masked(reading.name, body["value"])}


class FieldSerializer(FieldSummarySerializer):
    """One field in full: what was read, where, and the evidence."""

    correction = CorrectionSerializer(allow_null=True)  # type: ignore[assignment]  # in full

    def value_or_null(self, reading: FieldReading) -> str | None:
        """Null where there is nothing to read."""
        return reading.value or None

    raw_text = serializers.CharField()
    box = BoxSerializer(allow_null=True)
    characters = CharacterSerializer(many=True)
    alternatives = CandidateSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    snippet = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_snippet(self, reading: FieldReading) -> str | None:
        """Address of the field's image."""
        if reading.box is None:
            return None
        return reverse("api:snippet", args=[self.context["submission_id"], reading.name])


class CheckSerializer(serializers.Serializer[Any]):
    """What one rule says about the item."""

    rule = serializers.CharField()
    verdict = serializers.ChoiceField(choices=("passed", "failed", "unknown"))
    reason = serializers.CharField()
    return_code = serializers.CharField()
    earlier = serializers.UUIDField(
        source="shown_earlier",
        allow_null=True,
        help_text=_("The submission that a duplicate repeats, where you may see it."),
    )


class MetricSerializer(serializers.Serializer[Any]):
    """One measure of the image's quality."""

    name = serializers.CharField()
    value = serializers.FloatField()
    limit = serializers.FloatField()
    verdict = serializers.ChoiceField(choices=("passed", "failed", "unknown"))
    advice = serializers.CharField()


class NetworkSerializer(serializers.Serializer[Any]):
    """A network that took part."""

    name = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()


class EngineSerializer(serializers.Serializer[RecognitionRun]):
    """What read, and how long each stage took."""

    version = serializers.CharField(source="engine_version")
    layout = serializers.CharField()
    models = NetworkSerializer(many=True, source="models_used")
    milliseconds = serializers.DictField(child=serializers.FloatField())


class ResultSerializer(serializers.Serializer[RecognitionRun]):
    """All that was read."""

    fields = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field's name
        "by_name"
    )
    checks = CheckSerializer(many=True, source="verdicts.all")
    quality = MetricSerializer(many=True)
    engine = EngineSerializer(source="*")

    @extend_schema_field(serializers.DictField(child=FieldSerializer()))
    def by_name(self, run: RecognitionRun) -> dict[str, Any]:
        """Return each field by its name."""
        return {
            one.name: FieldSerializer(one, context=self.context).data for one in run.readings.all()
        }


class FailureSerializer(serializers.Serializer[RecognitionRun]):
    """Why a run failed."""

    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="failure")


class RunSerializer(serializers.ModelSerializer[RecognitionRun]):
    """One attempt to read a submission."""

    error = serializers.SerializerMethodField()

    class Meta:
        model = RecognitionRun
        fields = ("id", "state", "attempts", "queued_at", "started_at", "finished_at", "error")

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_error(self, run: RecognitionRun) -> dict[str, Any] | None:
        """Only a failed run has one."""
        return FailureSerializer(run).data if run.state == RunState.FAILED else None


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    """One submission, as lists show it."""

    run = RunSerializer(source="latest_run", allow_null=True)
    values = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields: tuple[str, ...] = (
            "id", "kind", "source", "file_name", "page", "part", "parts", "width", "height",
            "duplicate_of",
            "created_at", "run", "values", "links",
        )  # fmt: skip

    @extend_schema_field(serializers.DictField(child=FieldSummarySerializer()))
    def get_values(self, submission: Submission) -> dict[str, Any]:
        """Return each field in short; empty until it is read."""
        readings = () if submission.latest_run is None else submission.latest_run.readings.all()
        return {reading.name: FieldSummarySerializer(reading).data for reading in readings}

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_links(self, submission: Submission) -> dict[str, str]:
        """Where its parts are."""
        names = {"self": "submission"} | {one: one for one in ("result", "image", "thumbnail")}
        if submission.original:
            names["original"] = "original"
        return {name: reverse(f"api:{view}", args=[submission.pk]) for name, view in names.items()}


class LieSerializer(serializers.Serializer[Any]):
    """How a cheque lies on the page or photograph that was sent; lengths in its pixels."""

    corners = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        help_text=_("Four, clockwise from the cheque's own top left: x and y in the original."),
    )
    to_image = serializers.ListField(
        child=serializers.FloatField(),
        min_length=9,
        max_length=9,
        help_text=_("The homography from the image to the original, row by row."),
    )
    page_width = serializers.IntegerField(help_text=_("Of the original."))
    page_height = serializers.IntegerField(help_text=_("Of the original."))
    tilt_degrees = serializers.FloatField()
    resolution_dpi = serializers.FloatField()
    cut_off_mm = serializers.FloatField()


class SubmissionDetailSerializer(SubmissionSerializer):
    """One submission with all that was read; ``result`` is null until it is."""

    result = serializers.SerializerMethodField()
    lie = serializers.SerializerMethodField()
    page_parts = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = (
            *(name for name in SubmissionSerializer.Meta.fields if name != "values"),
            "lie",
            "page_parts",
            "result",
        )

    values = None  # type: ignore[assignment]  # in full instead, inside the result

    @extend_schema_field(LieSerializer(allow_null=True))
    def get_lie(self, submission: Submission) -> dict[str, Any] | None:
        """Return how the image lies in the original, where it was flattened or cut out."""
        return None if submission.lie is None else LieSerializer(submission.lie).data

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_page_parts(self, submission: Submission) -> list[str]:
        """Return the items that were found on one page, this one too; none where it is alone."""
        return [str(pk) for pk in submission.page_parts.values_list("pk", flat=True)]

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, submission: Submission) -> dict[str, Any] | None:
        """Return what was read, once the run has succeeded."""
        run = submission.latest_run
        if run is None or run.state != RunState.SUCCEEDED:
            return None
        return ResultSerializer(run, context={"submission_id": submission.pk}).data


class SubmitSerializer(serializers.Serializer[Any]):
    """What to submit: one or several files of one kind."""

    file = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True),
        allow_empty=False,
        help_text=_("PNG, JPEG, WebP, TIFF or PDF; repeat the field for several files."),
    )
    kind = serializers.ChoiceField(choices=Kind.choices)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field's name, not its source
        choices=Source.choices, default=Source.API
    )
    again = serializers.BooleanField(
        default=False, help_text=_("Read a file once more that was submitted before.")
    )


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one page of one file."""

    file_name = serializers.CharField()
    page = serializers.IntegerField()
    status = serializers.ChoiceField(choices=("accepted", "duplicate", "refused"))
    submission = SubmissionDetailSerializer(allow_null=True)
    error = ErrorDetailSerializer(source="refusal", allow_null=True)


class OutcomesSerializer(serializers.Serializer[Any]):
    """What became of every file, in the order sent. ``error`` where none was taken."""

    outcomes = OutcomeSerializer(many=True)
    error = ErrorDetailSerializer(required=False)


class CorrectSerializer(serializers.Serializer[Any]):
    """What a field really holds."""

    field = serializers.ChoiceField(choices=FieldName.choices)
    value = serializers.CharField(
        allow_blank=True, max_length=80, help_text=_("Empty: there is nothing to read.")
    )


class QueueStateSerializer(serializers.Serializer[Any]):
    """How the queue stands."""

    waiting = serializers.IntegerField()
    running = serializers.IntegerField()
    oldest_waiting_seconds = serializers.FloatField(allow_null=True)
    last_sign = serializers.DateTimeField(allow_null=True)
    is_answered = serializers.BooleanField(help_text=_("Whether any worker was heard of lately."))
