"""Opening a database, and the two kinds of transaction: reading and writing. Its troubles become StoreError.

SQLite: the default driver lets two writers read the same row, then write over one another in silence (updates
were seen to vanish without an error), so every writing transaction begins with BEGIN IMMEDIATE.
"""

from __future__ import annotations

import select
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from bot.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

BUSY = 10.0  # seconds that a writer waits for another
PAUSE = 0.05
# A machine that lost its power says no goodbye. Unasked, PostgreSQL would wait two hours for one, with all
# that it had locked, and a worker as long for a PostgreSQL that is gone: so both ask, in seconds and times.
KEEPALIVES = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
DURABLE = "synchronous=FULL"  # what was handed over is not forgotten when the power goes, and sent again

# What the driver says, and what a person should know. The first that is found in the text holds.
SENTENCES = (
    ("locked", "{where} is locked by another program; trying again may help"),
    ("is full", "{where} cannot be written because the disk is full; free some space, then try again"),
    ("no space left", "{where} cannot be written because the disk is full; free some space, then try again"),
    ("readonly database", "{where} is read-only; make the file and its folder writable for this user"),
    ("read-only transaction", "{where} takes no writing; DATABASE_URL must name the primary server"),
    ("unable to open", "{where} cannot be opened; the folder must exist and be writable for this user"),
    ("not a database", "{where} is not a database; DATABASE_URL must name the bot's own file, or a new one"),
    ("malformed", "{where} is damaged; restore it from a backup"),
    ("disk i/o error", "{where} cannot be read or written because the disk has a fault"),
    ("fts5", "{where} needs SQLite with full-text search (FTS5), and this Python's SQLite has none"),
    ("password authentication failed", "{where} refused the user or the password; correct DATABASE_URL"),
    ("no password supplied", "{where} wants a password; DATABASE_URL has none"),
    ("does not exist", "{where} or its user does not exist there; create it, or correct DATABASE_URL"),
    ("resolve", "{where} cannot be reached: no such host; correct DATABASE_URL"),
    ("refused", "{where} cannot be reached: nothing answers there; trying again may help"),
    ("timeout", "{where} cannot be reached: no answer in time; trying again may help"),
    ("connection", "{where} cannot be reached; trying again may help"),
)


class Database:
    """One database with its connections. Close it when done."""

    def __init__(self, url: str) -> None:
        self.where, self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._stage = threading.local()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One unchanging view of the database. Raises StoreError."""
        if rehearsing := self._rehearsing():
            with translated(self.where):
                yield rehearsing
            return
        options: dict[str, Any] = {"reading": True}
        if not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        with (
            translated(self.where),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of it or nothing of it is kept. Raises StoreError."""
        if rehearsing := self._rehearsing():
            with translated(self.where), rehearsing.begin_nested():
                yield rehearsing
            return
        with translated(self.where), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """All that this thread keeps inside is seen inside, and undone at the end. Other writers wait."""
        with translated(self.where), self.engine.connect() as connection, connection.begin() as all_of_it:
            self._stage.connection = connection
            try:
                yield
            finally:
                self._stage.connection = None
                all_of_it.rollback()

    def take_statistics(self, *tables: Table) -> None:
        """After many rows came at once. PostgreSQL plans by what it last counted, and counts a minute later:
        until then it may read a table from end to end for each of a thousand questions. SQLite plans without.
        """
        if self.is_sqlite or self._rehearsing():
            return
        with self.writing() as connection:
            connection.exec_driver_sql(f"ANALYZE {', '.join(table.name for table in tables)}")

    def _rehearsing(self) -> Connection | None:
        return getattr(self._stage, "connection", None)

    def close(self) -> None:
        self.engine.dispose()


class Room:
    """A part of the store: some verbs on the one database."""

    def __init__(self, database: Database) -> None:
        self._database = database


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Troubles of the database as StoreError. Never says a password, nor the values of a statement."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_sentence(where, str(error.orig))) from error
    except (sqlite3.Error, PoolTimeout) as error:
        raise StoreError(_sentence(where, str(error))) from error
    except ValidationError as error:
        raise StoreError(
            f"{where} holds a {error.title} that this version cannot read; was it written by a newer one?"
        ) from error


def _sentence(where: str, said: str) -> str:
    lowered = said.lower()
    for words, sentence in SENTENCES:
        if words in lowered:
            return sentence.format(where=where)
    first_line = said.strip().splitlines()[0] if said.strip() else "no reason given"
    return f"{where} could not be read or written: {first_line}"


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`: both dialects have them,
    in one wording."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def _engine(database_url: str) -> tuple[str, Engine]:
    try:
        url = make_url(database_url)
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        if url.get_backend_name() == "postgresql":
            usual = {"connect_timeout": 10, **KEEPALIVES}
            engine = create_engine(
                url,
                hide_parameters=True,
                connect_args={name: value for name, value in usual.items() if name not in url.query},
            )
            event.listen(engine, "connect", _ask_after_us)
            event.listen(engine, "checkout", _refuse_ended)
            return f"PostgreSQL at {url.host or 'this machine'}, database {url.database}", engine
    except ModuleNotFoundError as error:
        raise StoreError("DATABASE_URL names PostgreSQL, which needs the extra `postgres`") from error
    except (ArgumentError, NoSuchModuleError, ValueError):
        pass  # falls through to the one sentence below; the text of these errors repeats the address
    raise StoreError(
        "DATABASE_URL is no address of a database; right would be sqlite:///data/learning-bot.db "
        "or postgresql+psycopg://user:password@host/database"
    )


def _ask_after_us(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """The server's side of it. Said in the session: a pooler such as PgBouncer refuses it at the door."""
    asked = ", ".join(f"set_config('tcp_{name}', '{value}', false)" for name, value in KEEPALIVES.items())
    cursor = connection.cursor()
    cursor.execute(f"SELECT {asked}")
    cursor.close()
    connection.commit()


def _refuse_ended(connection: Any, entry: ConnectionPoolEntry, proxy: object) -> None:
    """A kept connection that its server has ended is not used again. The server's goodbye waits to be read:
    asking it (`pool_pre_ping`) would be one question more for every transaction of four."""
    if not connection.closed:
        waiting = select.poll()
        waiting.register(connection.fileno(), select.POLLIN)
        if not waiting.poll(0):
            return
    raise InvalidatePoolError


def _sqlite(url: URL) -> tuple[str, Engine]:
    path = url.database
    in_memory = not path or path == ":memory:"
    arguments: dict[str, Any] = {"check_same_thread": False}
    if "timeout" not in url.query:
        arguments["timeout"] = BUSY
    # A memory database lives in its connection: there is one, and threads take turns with it.
    size = {"pool_size": 1, "max_overflow": 0} if in_memory else {}
    engine = create_engine(url, poolclass=QueuePool, hide_parameters=True, connect_args=arguments, **size)
    if path and not in_memory:
        _make_private_file(Path(path))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return ("the database in memory" if in_memory else f"the database {path}"), engine


def _make_private_file(path: Path) -> None:
    """It holds readers' addresses: a new one can be read by its owner alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(f"the database {path} cannot be made: {error.strerror}") from error


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin below, never by the driver
    cursor = connection.cursor()
    write_ahead(cursor)
    for pragma in ("foreign_keys=ON", DURABLE):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def write_ahead(cursor: DBAPICursor) -> None:
    """SQLite does not wait for its turn here, as it does elsewhere, when two processes open a new file."""
    for attempt in range(int(BUSY / PAUSE)):
        if attempt:
            time.sleep(PAUSE)
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
    cursor.execute("PRAGMA journal_mode=WAL")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
