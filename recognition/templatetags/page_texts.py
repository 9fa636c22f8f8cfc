"""The sentences that a page's JavaScript says, translated with the rest of the page."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def page_texts_for_submitting() -> dict[str, str]:
    """Return what the submitting page says about files, by the codes that the server uses too."""
    return {
        "empty_file": _("The file is empty."),
        "file_too_large": _("The file is too large."),
        "unsupported_type": _(
            "This is no image that can be read: send PNG, JPEG, WebP, TIFF or PDF."
        ),
        "unreachable": _("The site can't be reached. Check the connection, then send again."),
        "ready": _("Ready to send"),
        "sending": _("Sending"),
        "waiting": _("Waiting for its turn"),
        "stored": _("Sent; being checked"),
        "accepted": _("Taken"),
        "duplicate": _("Sent before"),
        "refused": _("Not taken"),
        "see_reading": _("See the reading"),
        "see_first": _("See the first one"),
        "page": _("page %s"),
        "nothing_chosen": _("Choose at least one file first."),
        "progress": _("%(done)s of %(all)s files sent"),
    }


@register.simple_tag
def page_texts_for_drawing() -> dict[str, str]:
    """Return what the drawing page says."""
    return {
        "ask": _("Draw something, then choose “Read it”."),
        "blank": _("The sheet is empty: draw something first."),
        "reading": _("Reading…"),
        "unreachable": _("The site can't be reached. Check the connection, then try again."),
    }
