"""Why something can't be done with an item."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "item_settled": _("This item is settled: nothing about it changes any more."),
    "item_changed": _("This item has changed since it was opened."),
    "item_claimed": _("Somebody else has this item open."),
    "not_claimed": _("Open this item before you decide on it."),
    "not_for_you": _("Somebody else must give this key: you had another part in this item."),
    "amount_missing": _("An item can't be accepted without its amount."),
    "value_missing": _("A key has a value for each field; an empty one says: nothing to read."),
    "return_code_missing": _("Choose the reason of the rejection."),
    "comment_missing": _("Say to the maker what is to be looked at again."),
    "nobody_to_return_to": _("Only the second or third person can return an item."),
}


class DeskError(Exception):
    """A refusal: a stable code, and a sentence for a person."""

    def __init__(self, code: str, message: str = "", field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message or str(MESSAGES[code])
        self.field = field

    @property
    def is_conflict(self) -> bool:
        """The item stands in the way, not what was sent."""
        return self.code in {"item_settled", "item_changed", "item_claimed", "not_claimed"}
