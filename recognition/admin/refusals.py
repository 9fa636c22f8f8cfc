"""What services refuse, told in their own words on the page of an action."""

from collections.abc import Mapping

from recognition.services import intake, moderation, stuck

REFUSALS: Mapping[type[Exception], str] = dict.fromkeys(
    (
        intake.WrongState,
        moderation.CannotRestore,
        moderation.AlreadyHeld,
        moderation.NotHeld,
        stuck.NotStuck,
    ),
    "",
)
