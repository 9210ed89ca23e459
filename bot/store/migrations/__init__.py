"""Bringing a database to the tables of this version.

A change in `tables/` needs a new file in `versions/`, with the next number, written after its neighbour.
One that touches `reviews` calls `search_index.drop` before and `search_index.create` after.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import inspect, text

from bot.errors import StoreError
from bot.store.engine import Database

_REVISION = re.compile(r"^(?:down_)?revision(?:: [^=]+)? = \"?(\w+)\"?", re.MULTILINE)  # own, then before


def upgrade(database: Database, to: str = "head") -> None:
    """In one transaction; two processes that start together take turns. Raises StoreError."""
    if _revision(database) == head():
        return
    from alembic import command  # a tenth of a second, for which most commands need not wait
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
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


def head() -> str:
    """The revision of this version: the one in `versions/` that no other follows."""
    texts = [path.read_text("utf-8") for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")]
    named = (_REVISION.findall(text) for text in texts)
    made, followed = zip(*((own, before) for own, before in named), strict=True)
    (last,) = set(made) - set(followed)
    return str(last)


def _revision(database: Database) -> str | None:
    """The revision that a database is at; None for a new one."""
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found
