"""What processes over one database must agree on: the configuration, and whose turn it is at a host."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text

from bot.models import HostState
from bot.store.engine import Room, insert_into, translated
from bot.store.tables import configured, hosts

ABANDONED = timedelta(minutes=1)  # a configuration that no living worker has had for so long


class Workers(Room):
    def agree(self, configuration: str, now: datetime, *, edited: bool) -> bool:
        """Whether this is the configuration by which all workers work. It becomes that where it was `edited`
        while a worker ran, and where nobody alive has another."""
        row = configured.c
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE configured IN EXCLUSIVE MODE"))
            found = connection.execute(select(row.configuration, row.seen_at)).first()
            another = found is not None and found.configuration != configuration
            if found and another and not edited and timedelta() <= now - found.seen_at < ABANDONED:
                return False
            values = {"configuration": configuration, "seen_at": now}
            statement = insert_into(connection, configured).values(id=1, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
            return True

    @property
    def turns(self) -> Callable[[str], AbstractContextManager[HostState]] | None:
        """How a turn at a host is taken from other processes; None for SQLite, which one process polls by."""
        return None if self._database.is_sqlite else self._turn_at

    @contextmanager
    def _turn_at(self, host: str) -> Iterator[HostState]:
        """The host, to one thread of all processes over this PostgreSQL; whoever dies with it gives it back.
        What is in the state at the end is kept. Raises StoreError."""
        with translated(self._database.where), self._database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            number = int.from_bytes(hashlib.sha256(host.encode()).digest()[:8], signed=True)
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
            try:
                state = _state(connection, host)
                try:
                    yield state
                finally:
                    _keep(connection, host, state)
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})


def _state(connection: Connection, host: str) -> HostState:
    row = connection.execute(select(hosts).where(hosts.c.host == host)).first()
    if row is None:
        return HostState()
    away = (row.away_since, row.away_until - row.away_since) if row.away_since else None
    return HostState(asked_at=row.asked_at, away=away)


def _keep(connection: Connection, host: str, state: HostState) -> None:
    since, time = state.away or (None, timedelta())
    values = {
        "asked_at": state.asked_at,
        "away_since": since,
        "away_until": since + time if since else None,
    }
    statement = insert_into(connection, hosts).values(host=host, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["host"], set_=values))
