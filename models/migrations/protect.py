"""How a migration makes a table one that is only added to; the function ``guanai_refuse`` comes with the first one."""

from collections.abc import Mapping, Sequence

from alembic import op


def append_only(tables: Sequence[str], replaces: Mapping[str, str]) -> None:
    """Have the database refuse to change or remove rows of ``tables``.

    Args:
        tables: their names.
        replaces: for tables that are inserted into plainly: the condition under which SQLite's INSERT OR REPLACE would
            remove a row, which asks no delete trigger of a stranger.
    """
    if op.get_bind().dialect.name == "sqlite":
        for table in tables:
            _sqlite(f"{table}_no_update", f"UPDATE ON {table}")
            _sqlite(f"{table}_no_delete", f"DELETE ON {table}")
        for table, taken in replaces.items():
            condition = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 - constants of the migrations
            _sqlite(f"{table}_no_replace", f"INSERT ON {table} WHEN {condition}")
        return
    for table in tables:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION guanai_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION guanai_refuse()"
        )


def _sqlite(name: str, when: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{name}'); END")
