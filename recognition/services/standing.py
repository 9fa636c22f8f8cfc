"""How an item stands: what its fields finally hold, beside the item, where lists look for it.

The rows that say so stay the truth: readings, the corrections of them, and the rules' verdicts.
This is their sum, made anew whenever one of them comes to be.
"""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from recognition.models import FieldName, FieldReading, RuleVerdict, Submission

_SORT_CODE = re.compile("([0-9]{9})\N{OCR BRANCH BANK IDENTIFICATION}")


def refresh(submission_id: uuid.UUID) -> None:
    """Bring up to date how an item stands, in the caller's transaction."""
    # Of two who write at once the second waits here, and then sees what the first has written.
    locked = Submission.objects.select_for_update(no_key=True)
    name, run_id = locked.values_list("file_name", "latest_run").get(pk=submission_id)
    readings = FieldReading.objects.filter(run=run_id).prefetch_related("corrections")
    verdicts = RuleVerdict.objects.filter(run=run_id)
    Submission.objects.filter(pk=submission_id).update(**standing(name, readings, verdicts))


def standing(
    file_name: str, readings: Iterable[FieldReading] = (), verdicts: Iterable[RuleVerdict] = ()
) -> dict[str, Any]:
    """Return the columns of an item of this name whose latest run has these rows.

    A field that was neither accepted nor corrected needs a person, and so does a rule that failed.
    """
    fields = {one.name: one for one in readings}
    amount, date = fields.get(FieldName.COURTESY_AMOUNT), fields.get(FieldName.DATE)
    number, line = fields.get(FieldName.CHEQUE_NUMBER), fields.get(FieldName.MICR_LINE)
    sort_code = None if line is None else _SORT_CODE.search(line.final)
    is_doubtful = any(not one.is_accepted and one.correction is None for one in fields.values())
    return {
        "amount": amount and (amount.correction or amount).amount,
        "dated": date and (date.correction or date).date,
        "cheque_number": "" if number is None else number.final,
        "sort_code": "" if sort_code is None else sort_code[1],
        "searched": _as_searched([file_name, *(one.final for one in fields.values())]),
        "needs_person": is_doubtful or any(one.verdict == "failed" for one in verdicts),
    }


def _as_searched(texts: Iterable[str]) -> str:
    """Return texts as they are searched in: upper and lower case are one."""
    return "\n".join(text.lower() for text in texts if text)
