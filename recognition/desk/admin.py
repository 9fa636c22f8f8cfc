"""Moderators set each bank's policy and look at decisions; nobody edits one here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_records import RecordedChanges
from accounts.audit.codes import EventCode
from recognition.admin.read_only import ReadOnly
from recognition.desk import dial
from recognition.desk.models import Item, Key, Policy
from recognition.masking import masked_values
from recognition.models import FieldName


class KeyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    """Who said what of an item, in order."""

    model = Key
    fields = (
        "round",
        "role",
        "person",
        "verdict",
        "masked",
        "return_code",
        "comment",
        "created_at",
    )
    readonly_fields = fields
    extra = 0

    @admin.display(description=_("values"))
    def masked(self, key: Key) -> str:
        """Show what was keyed, account numbers by their last digits alone."""
        return _listed(key.values)


@admin.register(Item)
class ItemAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """Where each item stands, and who had which part in it."""

    list_display = (
        "submission", "bank", "state", "worth", "due_at", "needs_two_keys", "is_audit",
        "maker", "checker", "third", "claimed_by", "settled_at",
    )  # fmt: skip
    list_filter = ("state", "needs_two_keys", "is_audit", "bank", "settled_at")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("submission__id", "submission__file_name", "maker__email", "checker__email")
    fields = (*list_display, "round", "comment", "masked", "return_code", "claimed_until")
    readonly_fields = ("masked",)
    inlines = (KeyInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        """Bring what the columns show in one query."""
        found: QuerySet[Item] = super().get_queryset(request)
        return found.select_related("submission", "maker", "checker", "third", "claimed_by")

    @admin.display(description=_("values"))
    def masked(self, item: Item) -> str:
        """Show what was approved, account numbers by their last digits alone."""
        return _listed(item.values)


@admin.register(Policy)
class PolicyAdmin(RecordedChanges):
    """What each bank leaves to the machine, beside what people found of its readings."""

    list_display = (
        "__str__", "two_keys_from", "two_keys_share", "auto_accept", "max_error", "audit_share",
        "minutes_to_decide",
    )  # fmt: skip
    fields = (
        "bank", "two_keys_from", "two_keys_share", "auto_accept", "max_error", "measured",
        "audit_share", "minutes_to_decide",
    )  # fmt: skip
    readonly_fields = ("measured",)
    change_code = EventCode.POLICY_CHANGED

    @admin.display(description=_("what people found"))
    def measured(self, policy: Policy) -> SafeString:
        """Say for each setting of the dial what is read, what of it errs, and what is keyed."""
        found = dial.measure(policy)
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            (
                (
                    _("%s %%") % one.max_error,
                    one.alone,
                    one.wrong,
                    _("not measured") if one.items is None else one.items.short,
                    _("not measured") if one.minutes is None else f"{one.minutes:.0f}",
                )
                for one in found.settings
            ),
        )
        heads = (
            _("at most so many wrong"),
            _("of the values stood without a person"),
            _("of those were wrong"),
            _("whole items expected to stand"),
            _("minutes of keying for 1,000 items"),
        )
        return format_html(
            '<table><thead><tr>{}</tr></thead>{}</table><p class="help">{} {}</p>',
            format_html_join("", "<th>{}</th>", ((head,) for head in heads)),
            rows,
            _expected_from(found),
            _keyed_in(found.keying),
        )


def _listed(values: dict[str, str]) -> str:
    return ", ".join(
        f"{FieldName(name).label}: {value}" for name, value in masked_values(values).items()
    )


def _expected_from(found: dial.Dial) -> str:
    if found.is_own:
        return gettext(
            "Items are expected to stand as those of this bank did that two people keyed."
        )
    return gettext(
        "Fewer than %(enough)d items of this bank were keyed by two people: what is expected are "
        "the shares of 200 real amounts that the shipped networks read (docs/accuracy.md)."
    ) % {"enough": dial.ENOUGH_ITEMS}


def _keyed_in(keying: dial.Keying) -> str:
    told = {"seconds": f"{keying.seconds:g}", "keys": keying.timed, "enough": dial.ENOUGH_KEYS}
    if keying.is_measured:
        return (
            gettext(
                "A key takes %(seconds)s seconds here (median of the latest %(keys)d); third keys "
                "and returns are not counted."
            )
            % told
        )
    return (
        gettext(
            "A key is assumed to take %(seconds)s seconds, as fewer than %(enough)d were timed "
            "here; third keys and returns are not counted."
        )
        % told
    )
