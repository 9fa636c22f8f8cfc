"""The database's own refusal of a key by somebody who has, or had, another part in the item.

What one row says of another no check constraint sees. Only tables of this application are named: a
migration that changes keys or sights must remove these first and install them after, as SQLite
makes a changed table anew, without its triggers, and checks those that name it.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CHANGED = "a key is never changed"
_REFUSAL = "nobody has two parts in an item, nor keys blind what they were shown"
_REFUSED = """
    EXISTS (
        SELECT 1 FROM desk_key earlier
        WHERE earlier.item_id = NEW.item_id AND earlier.person_id = NEW.person_id
            AND earlier.role <> NEW.role
    ) OR NEW.role <> 'maker' AND EXISTS (
        SELECT 1 FROM desk_sight sight
        WHERE sight.item_id = NEW.item_id AND sight.person_id = NEW.person_id
    )
"""
_INSTALL = {
    "postgresql": (
        f"""
        CREATE FUNCTION desk_key_refuse() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                RAISE EXCEPTION '{_CHANGED}' USING ERRCODE = 'check_violation';
            ELSIF {_REFUSED} THEN
                RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$ LANGUAGE plpgsql
        """,
        """
        CREATE TRIGGER desk_key_is_refused BEFORE INSERT OR UPDATE ON desk_key
        FOR EACH ROW EXECUTE FUNCTION desk_key_refuse()
        """,
    ),
    "sqlite": (
        f"""
        CREATE TRIGGER desk_key_is_refused BEFORE INSERT ON desk_key WHEN {_REFUSED}
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END
        """,
        f"""
        CREATE TRIGGER desk_key_stands BEFORE UPDATE ON desk_key
        BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END
        """,
    ),
}
_REMOVE = {
    "postgresql": ("DROP FUNCTION IF EXISTS desk_key_refuse() CASCADE",),
    "sqlite": (
        "DROP TRIGGER IF EXISTS desk_key_is_refused",
        "DROP TRIGGER IF EXISTS desk_key_stands",
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
    """Take the refusal away, to undo the migration."""
    for statement in _REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
