"""The database's own refusal to change or delete an event."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_REFUSAL = "events of the audit log are only ever added"
_INSTALL = {
    "postgresql": (
        f"""
        CREATE FUNCTION audit_event_refuse() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER audit_event_stands BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()
        """,
        """
        CREATE TRIGGER audit_event_stays BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()
        """,
    ),
    "sqlite": (
        f"""
        CREATE TRIGGER audit_event_stands BEFORE UPDATE ON audit_event
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
        """,
        f"""
        CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
        """,
    ),
}
_REMOVE = {
    "postgresql": ("DROP FUNCTION IF EXISTS audit_event_refuse() CASCADE",),
    "sqlite": (
        "DROP TRIGGER IF EXISTS audit_event_stands",
        "DROP TRIGGER IF EXISTS audit_event_stays",
    ),
}


def install(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the database refuse from now on.

    Raises:
        KeyError: a database that nobody has written the refusal for.
    """
    for statement in _INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the refusal away: to undo the migration, and to empty a test's database."""
    for statement in _REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
