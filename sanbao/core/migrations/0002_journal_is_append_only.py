"""Triggers that keep the journal, its seals and issued documents as they were written, on SQLite and on PostgreSQL."""

from django.db import migrations

ENTRY_COLUMNS = ("id", "district_id", "action", "subject", "by_id", "at", "written_at", "data")
FROZEN = {"core_entry": ENTRY_COLUMNS, "core_seal": None, "core_issueddocument": None}
SENTENCE = "The journal is append-only: {table} rows are never changed or deleted."


def sqlite_triggers(table, columns):
    sentence = SENTENCE.format(table=table)
    of_columns = " OF " + ", ".join(f'"{column}"' for column in columns) if columns else ""
    for event in (f"UPDATE{of_columns}", "DELETE"):
        name = f"{table}_no_{event.split()[0].lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    if columns:
        yield (
            f"CREATE TRIGGER {table}_pending_falls BEFORE UPDATE OF pending ON {table} WHEN NEW.pending "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )


def postgresql_triggers(table, columns):
    sentence = SENTENCE.format(table=table)
    yield (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    of_columns = " OF " + ", ".join(f'"{column}"' for column in columns) if columns else ""
    for event in (f"UPDATE{of_columns}", "DELETE"):
        name = f"{table}_no_{event.split()[0].lower()}"
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    if columns:
        yield (
            f"CREATE TRIGGER {table}_pending_falls BEFORE UPDATE OF pending ON {table} FOR EACH ROW "
            f"WHEN (NEW.pending) EXECUTE FUNCTION {table}_refuse()"
        )


def create(apps, schema_editor):
    make = {"sqlite": sqlite_triggers, "postgresql": postgresql_triggers}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for table, columns in FROZEN.items():
            for statement in make(table, columns):
                cursor.execute(statement)


def drop(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for table, columns in FROZEN.items():
            for name in [f"{table}_no_update", f"{table}_no_delete"] + ([f"{table}_pending_falls"] if columns else []):
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
            if postgresql:
                cursor.execute(f"DROP FUNCTION {table}_refuse()")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
