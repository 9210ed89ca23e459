"""Bringing a database to the tables of this version.

A change in `tables/` needs a new file in `versions/`, with the next number, written after its neighbour.
One that touches `reviews` calls `search_index.drop` before and `search_index.create` after.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from bot.errors import StoreError
from bot.store.engine import Database


def upgrade(database: Database, to: str = "head") -> None:
    """In one transaction; two processes that start together take turns. Raises StoreError."""
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.reading() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20261120)")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
        except CommandError as error:
            raise StoreError(
                f"{database.where} was written by a newer version of learning-bot; install that one "
                "or restore an older backup"
            ) from error
