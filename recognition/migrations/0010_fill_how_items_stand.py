"""Say of every item that was read already what its fields finally hold."""

import re
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COLUMNS = ("amount", "dated", "cheque_number", "sort_code", "searched", "needs_person")
ITEMS_A_STEP = 1000
SORT_CODE = re.compile("([0-9]{9})\N{OCR BRANCH BANK IDENTIFICATION}")


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    submissions = apps.get_model("recognition", "Submission").objects
    read = submissions.select_related("latest_run").order_by("pk")
    read = read.prefetch_related("latest_run__readings__corrections", "latest_run__verdicts")
    items = []
    for item in read.iterator(chunk_size=ITEMS_A_STEP):
        set_columns(item)
        items.append(item)
        if len(items) == ITEMS_A_STEP:
            submissions.bulk_update(items, COLUMNS)
            items = []
    submissions.bulk_update(items, COLUMNS)


def set_columns(item: Any) -> None:
    """Set them as ``services.standing`` did when this was written."""
    final: dict[str, Any] = {}
    run = item.latest_run
    item.needs_person = run is not None and any(
        one.verdict == "failed" for one in run.verdicts.all()
    )
    for reading in () if run is None else sorted(run.readings.all(), key=lambda one: one.pk):
        corrections = sorted(reading.corrections.all(), key=lambda one: (one.made_at, one.pk))
        final[reading.name] = corrections[-1] if corrections else reading
        item.needs_person |= not reading.is_accepted and not corrections
    sort_code = None
    if "micr_line" in final:
        sort_code = SORT_CODE.search(final["micr_line"].value)
    item.amount = final["courtesy_amount"].amount if "courtesy_amount" in final else None
    item.dated = final["date"].date if "date" in final else None
    item.cheque_number = final["cheque_number"].value if "cheque_number" in final else ""
    item.sort_code = sort_code[1] if sort_code else ""
    texts = (item.file_name, *(one.value for one in final.values()))
    item.searched = "\n".join(text.lower() for text in texts if text)


class Migration(migrations.Migration):
    dependencies = [("recognition", "0009_how_items_stand")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
