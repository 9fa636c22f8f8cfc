"""What a failed run says to a person. The codes are stable; the words can be translated."""

from django.utils.translation import gettext_lazy as _

FAILURES = {
    "unreadable_image": _("The image could not be opened."),
    "image_too_large": _("The image is too large to be read."),
    "image_too_small": _("The image is too small to be read."),
    "no_cheque_found": _(
        "No cheque was found in the image. Photograph it flat, whole, and from straight above."
    ),
    "model_missing": _(
        "The reader is not installed completely. Tell the people who run this site."
    ),
    "model_corrupt": _("The reader is damaged. Tell the people who run this site."),
    "storage_unavailable": _("The stored image could not be opened. Try again later."),
    "took_too_long": _("Reading took too long, so it was stopped."),
    "worker_lost": _("The reading was interrupted again and again. Try again later."),
    "internal_error": _("Something went wrong on our side. It was recorded; try again later."),
    "given_up": _("Reading it was given up by a moderator. You can have it read again."),
}

PASSING = (
    "storage_unavailable",
    "worker_lost",
    "took_too_long",
    "internal_error",
    "model_missing",
    "model_corrupt",
)
"""What is none of the image's fault: read again, it may well go."""
