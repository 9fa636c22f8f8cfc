"""Account numbers are shown by their last four digits, unless somebody asks for the whole.

The image is shown to whoever may see the item: it is what they submitted or work on, and a look at
another person's is an event of its own. What is masked is the number as text, which can be read
over a shoulder, copied and searched.
"""

import re
from collections.abc import Mapping

from recognition.models import FieldName, FieldReading, Submission

VISIBLE_DIGITS = 4
# In the MICR line the account stands between the routing part and the on-us symbol; on Indian
# cheques it is six digits of it.
_ACCOUNT_IN_MICR = re.compile("(?<=\N{OCR BRANCH BANK IDENTIFICATION})[0-9 ]+(?=\N{OCR DASH})")


def masked(name: str, value: str) -> str:
    """Return a field's value with all but the last four digits of an account number hidden.

    >>> masked("account_number", "00123456789"), masked("account_number", "123")
    ('XXXXXXX6789', 'XXX')
    >>> masked("micr_line", "⑈004512⑈ 560229012⑆ 000123⑈ 31")
    '⑈004512⑈ 560229012⑆ XX0123⑈ 31'
    >>> masked("cheque_number", "004512")
    '004512'
    """
    if name == FieldName.ACCOUNT_NUMBER:
        return _hidden(value)
    if name == FieldName.MICR_LINE:
        return _ACCOUNT_IN_MICR.sub(lambda found: _hidden(found[0]), value)
    return value


def masked_values(values: Mapping[str, str]) -> dict[str, str]:
    """Return values by field with account numbers masked.

    >>> masked_values({"account_number": "00123456789", "cheque_number": "004512"})
    {'account_number': 'XXXXXXX6789', 'cheque_number': '004512'}
    """
    return {name: masked(name, value) for name, value in values.items()}


def is_secret(reading: FieldReading) -> bool:
    """Tell whether a part of what was read, or corrected, is hidden until asked for."""
    values = (reading.final, reading.value)
    return any(masked(reading.name, value) != value for value in values)


def has_secret(submission: Submission) -> bool:
    """Tell whether anything that was read of the item is hidden until asked for."""
    run = submission.latest_run
    return run is not None and any(is_secret(reading) for reading in run.readings.all())


def _hidden(number: str) -> str:
    """Hide digits, and leave the spaces between groups where they are."""
    total = sum(character.isdigit() for character in number)
    hide = total - VISIBLE_DIGITS if total > VISIBLE_DIGITS else total
    shown = []
    for character in number:
        is_hidden = character.isdigit() and hide > 0
        hide -= is_hidden
        shown.append("X" if is_hidden else character)
    return "".join(shown)
