"""Judge what two people settled before judgements were kept."""

from itertools import chain

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from recognition.desk.learning.alignment import confusions

KEYED = ("courtesy_amount", "date", "account_number", "cheque_number")


def judge(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    judgements = apps.get_model("desk", "Judgement").objects
    made = apps.get_model("desk", "Confusion")
    settled = apps.get_model("desk", "Item").objects.filter(state="approved")
    settled = settled.exclude(checker=None).select_related("run", "submission")
    for item in settled.prefetch_related("run__readings").iterator(chunk_size=500):
        networks = ", ".join(f"{one['name']} {one['version']}" for one in item.run.models_used)
        found = []
        for reading in item.run.readings.all():
            if reading.name not in KEYED or reading.name not in item.values:
                continue
            keyed = item.values[reading.name]
            wrong = "wrong" if reading.value else "unread"
            judgement = judgements.create(
                reading=reading,
                run=item.run,
                field=reading.name,
                bank=item.bank,
                source=item.submission.source,
                networks=networks[:200],
                # Which of the others were drawn at random is not known any more.
                basis="audit" if item.is_audit else "required",
                confidence=reading.confidence,
                was_accepted=reading.is_accepted,
                found="right" if keyed == reading.value else wrong,
                characters=len(keyed),
                judged_at=item.settled_at,
            )
            if judgement.found == "wrong":
                found.append((judgement, confusions(keyed, reading.value)))
        made.objects.bulk_create(
            chain.from_iterable(
                (made(judgement=one, written=written, read=read) for written, read in pairs)
                for one, pairs in found
            )
        )


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_judgements")]

    operations = [migrations.RunPython(judge, migrations.RunPython.noop, elidable=True)]
