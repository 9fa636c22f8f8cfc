"""The JSON of the desk. Who keys blind gets neither the machine's value nor anybody's key."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recognition.api.serializers import CheckSerializer
from recognition.desk import access
from recognition.desk.models import Item, KeyRole, ReturnCode, State, Verdict
from recognition.desk.presenting import FieldOnDesk, ItemOnDesk
from recognition.masking import masked_values


class ItemSerializer(serializers.ModelSerializer[Item]):
    """An item, as lists show it."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.CharField(source="submission.kind")
    file_name = serializers.CharField(source="submission.file_name")
    page = serializers.IntegerField(source="submission.page")
    role = serializers.SerializerMethodField()
    worth = serializers.SerializerMethodField()
    values = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields: tuple[str, ...] = (
            "id", "kind", "file_name", "page", "state", "role", "worth", "due_at", "claimed_until",
            "version", "values", "return_code", "settled_at",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=KeyRole.choices, allow_null=True))
    def get_role(self, item: Item) -> str | None:
        """Whose key it waits for; null where it is settled."""
        return None if item.is_settled else access.ROLE_IN[State(item.state)].value

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_worth(self, item: Item) -> str | None:
        """The largest amount that was read; null for who keys blind, now or later."""
        is_shown = access.may_see_worth(self.context["person"], item)
        return str(item.worth) if is_shown and item.worth is not None else None

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_values(self, item: Item) -> dict[str, str]:
        """What was approved, account numbers by their last four digits; empty until then."""
        return masked_values(item.values) if item.is_settled else {}


class DeskFieldSerializer(serializers.Serializer[FieldOnDesk]):
    """One field to key; all but its name and image is null for who keys blind."""

    snippet = serializers.SerializerMethodField()
    value = serializers.SerializerMethodField("final")
    read_as = serializers.SerializerMethodField()
    confidence = serializers.SerializerMethodField("probability")
    is_doubtful = serializers.BooleanField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_snippet(self, field: FieldOnDesk) -> str | None:
        """Address of the field's image."""
        if not field.has_place:
            return None
        return reverse("desk_api:snippet", args=[self.context["item_id"], field.name])

    def final(self, field: FieldOnDesk) -> str | None:
        """As last corrected, else as read."""
        return field.reading.final if field.reading else None

    def get_read_as(self, field: FieldOnDesk) -> str | None:
        """As the machine read it."""
        return field.reading.value if field.reading else None

    def probability(self, field: FieldOnDesk) -> float | None:
        """Of what the machine read."""
        return field.reading.confidence if field.reading else None


class HeldItemSerializer(serializers.Serializer[ItemOnDesk]):
    """An item that you have open, with what you may know of it."""

    item = ItemSerializer()
    is_blind = serializers.BooleanField()
    comment = serializers.SerializerMethodField()
    fields = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field's name
        "by_name"
    )
    checks = serializers.SerializerMethodField()
    image = serializers.SerializerMethodField()

    def get_comment(self, desk: ItemOnDesk) -> str:
        """Why it was returned to you."""
        return "" if desk.is_blind else desk.item.comment

    @extend_schema_field(serializers.DictField(child=DeskFieldSerializer()))
    def by_name(self, desk: ItemOnDesk) -> dict[str, Any]:
        """Return each field by its name."""
        context = {"item_id": desk.item.pk}
        return {one.name: DeskFieldSerializer(one, context=context).data for one in desk.fields}

    @extend_schema_field(CheckSerializer(many=True))
    def get_checks(self, desk: ItemOnDesk) -> Any:
        """Return what the rules say; nothing for who keys blind."""
        verdicts = [] if desk.is_blind else desk.item.run.verdicts.all()
        return CheckSerializer(verdicts, many=True).data

    def get_image(self, desk: ItemOnDesk) -> str:
        """Address of the whole image."""
        return reverse("desk_api:image", args=[desk.item.pk])


class NextSerializer(serializers.Serializer[Any]):
    """Which items not to be given."""

    without = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=100)


class KeySerializer(serializers.Serializer[Any]):
    """A key to an item."""

    version = serializers.IntegerField(help_text=_("Of the item as it was when you opened it."))
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    values = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=80),
        required=False,
        help_text=_("By field; an empty one says: nothing to read. To accept, all are needed."),
    )
    return_code = serializers.ChoiceField(
        choices=ReturnCode.choices, required=False, help_text=_("Of a rejection.")
    )
    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text=_("Why it is returned.")
    )
