"""Taking all rows out of a store between two tests."""

from __future__ import annotations

from bot.store import Store
from bot.store.tables import metadata


def empty(store: Store) -> None:
    statements = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    with store._database.writing() as connection:
        if not store._database.is_sqlite:
            statements = ["; ".join(statements)]  # one message to the server
        for statement in statements:
            connection.exec_driver_sql(statement)
