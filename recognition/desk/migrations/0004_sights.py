"""Keep who was shown what the machine read, and have the database refuse a second part.

Owners and makers were shown it; who only opened an item before this is not known any more.
"""

from itertools import islice

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from recognition.desk import triggers


def fill(apps, _editor):
    sight = apps.get_model("desk", "Sight")
    items = apps.get_model("desk", "Item").objects.values_list("pk", "submission__owner")
    keys = apps.get_model("desk", "Key").objects.filter(role="maker")
    for rows in (items, keys.values_list("item", "person")):
        pairs = rows.order_by().iterator(chunk_size=2000)
        while some := list(islice(pairs, 2000)):
            sight.objects.bulk_create(
                (sight(item_id=item, person_id=person) for item, person in some),
                ignore_conflicts=True,
            )


def install(_apps, schema_editor):
    triggers.install(schema_editor)


def remove(_apps, schema_editor):
    triggers.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_judge_settled_items"),
        # SQLite makes a table again that changes, which a trigger that names it forbids.
        ("recognition", "0013_parts_of_a_page"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sights",
                        to="desk.item",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "item"), name="one_sight_a_person")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(install, remove),
    ]
