"""The engine's own tables, in a schema of their own beside the archive's.

They hold tickets alone, which are made anew from the ledger each minute. So there is no upgrading: where the
tables are of an older version of the engine, they are dropped and made again.
"""

from __future__ import annotations

from importlib import resources

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql
from sqlalchemy import make_url

from bot.errors import StoreError

SCHEMA = "learning_bot_tickets"
TURN = 20261121  # the number of the lock under which one worker makes the tables


def address(database_url: str) -> str:
    """DATABASE_URL as PostgreSQL's own library takes it."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def prepare(address: str) -> None:
    """See to it that the tables are there, and of this version of the engine. Raises StoreError."""
    try:
        with psycopg.connect(address) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
            _make(connection, newest())
    except psycopg.Error as error:
        reason = next(iter(str(error).strip().splitlines()), "no reason given")
        raise StoreError(f"The workers' tables in PostgreSQL cannot be made: {reason}") from error


def newest() -> str:
    """The version of the tables: the name of the last migration that the engine ships."""
    names = (one.name for one in resources.files("procrastinate.sql.migrations").iterdir())
    return max(name for name in names if name.endswith(".sql"))


def _make(connection: psycopg.Connection, version: str) -> None:
    schema = sql.Identifier(SCHEMA)
    row = connection.execute(
        "SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')", (SCHEMA,)
    ).fetchone()
    there: str | None = row[0] if row else None
    if there == version:
        return
    if there and there > version:
        raise StoreError(
            "The workers' tables are newer than this version knows; update learning-bot on this machine too."
        )
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
    connection.execute(SchemaManager.get_schema())
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(version)))
