"""The store: the archive and the ledger of bot/ports, on SQLite or PostgreSQL, by the same statements.

`sqlite://` alone is a database in memory, for previews and tests: the same code, gone when it is closed.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, suppress

from bot.errors import StoreError
from bot.store.archive import Reviews
from bot.store.backfilling import Backfilling
from bot.store.deciding import Deciding
from bot.store.describing import Describing
from bot.store.engine import Database
from bot.store.enrolment import Enrolment
from bot.store.holding import Holding
from bot.store.keeping import Keeping
from bot.store.ledger import Telling
from bot.store.migrations import upgrade
from bot.store.notices import Notices
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.store.requests import Requests
from bot.store.runs import Runs
from bot.store.saved_pages import SavedPages
from bot.store.search import Search
from bot.store.summary import Summing
from bot.store.waiting import Waiting
from bot.store.workers import Workers


class Store(
    Runs,
    Requests,
    Notices,
    SavedPages,
    Reviews,
    Keeping,
    Backfilling,
    Describing,
    Deciding,
    Search,
    Enrolment,
    Telling,
    Outbox,
    Waiting,
    Holding,
    Summing,
    People,
    Workers,
):
    """Both ports at once, each room in its own file. Threads may share one; close it when done."""

    @property
    def where(self) -> str:
        """Which database this is, in words; never a password."""
        return self._database.where

    def rehearsal(self) -> AbstractContextManager[None]:
        """Whatever this thread keeps inside is undone at the end: for previews. Other writers wait for it."""
        return self._database.rehearsal()

    def close(self) -> None:
        """Also gives back deliveries that were claimed and not begun, if the database still answers."""
        with suppress(StoreError):
            self.release()
        self._database.close()


def open_store(database_url: str) -> Store:
    """The store at this address, brought to the tables of this version; made, with its folder, if it is new.

    Raises StoreError, which never says the password.
    """
    with ExitStack() as undone:
        database = Database(database_url)
        undone.callback(database.close)
        upgrade(database)
        undone.pop_all()
        return Store(database)
