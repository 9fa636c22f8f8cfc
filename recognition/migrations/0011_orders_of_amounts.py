"""Let PostgreSQL list the largest and the smallest amounts first without sorting all of them.

Amounts that nobody knows come last either way, which SQLite can't have in an index.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEXES = {"largest_of_an_owner": "DESC", "smallest_of_an_owner": "ASC"}


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for name, order in INDEXES.items():
        editor.execute(
            f"CREATE INDEX {name} ON recognition_submission "
            f"(owner_id, amount {order} NULLS LAST, created_at DESC) "
            "WHERE deleted_at IS NULL AND NOT is_hidden"
        )


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("recognition", "0010_fill_how_items_stand")]

    operations = [migrations.RunPython(add, remove)]
