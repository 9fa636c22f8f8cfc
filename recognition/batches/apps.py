"""The application of batches."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BatchesConfig(AppConfig):
    """Many cheques or drafts at once, with a control total. It stands on ``recognition``."""

    name = "recognition.batches"
    label = "batches"
    verbose_name = _("batches")

    def ready(self) -> None:
        """Have a say before an item is changed, and take in what lies beside one on its page."""
        # Models can't be imported before all applications are there.
        from recognition.batches.services.closing import refuse_change  # noqa: PLC0415
        from recognition.batches.services.parts import add_parts  # noqa: PLC0415
        from recognition.signals import changing, dividing  # noqa: PLC0415

        dividing.connect(add_parts, dispatch_uid="batches.add_parts")
        changing.connect(refuse_change, dispatch_uid="batches.refuse_change")
