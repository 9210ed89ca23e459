"""Databases for stories: one is prepared, and each story gets a copy of its own with its own addresses.

What is prepared: a source with a baseline, three reviews that came on Sunday, and readers for whom Monday's
digest is the first. Their addresses hold TAG, which a copy replaces by the story's own word.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    Engine,
    NullPool,
    create_engine,
    func,
    make_url,
    select,
    text,
    update,
)

from bot.models import Criteria, Medium, Schedule, Subscriber, Subscription
from bot.store.tables import deliveries, editions, subscribers
from tests.faults.lives import SOURCE
from tests.house import AT_ONCE, WEEKLY, House, entry
from tests.reviews import MONDAY, a_source
from tests.store import postgres

TAG = "tagged"
BEFORE = (entry("Child Alder", year=2019, place="Fenwick"),)
WORDS = ("the words of a brother of six were not written down",)
MORE_WORDS = (*WORDS, "a strategy meeting had nobody from the school")
SUNDAY = (
    *BEFORE,
    entry("Child Birch", place="Saltmarsh"),
    entry("Child Cedar", place="Saltmarsh", learning=WORDS),
    entry("Child Damson", place="Harrowgate"),
)
NEXT_WEEK = (*SUNDAY, entry("Child Elder", place="Saltmarsh"))
REVISED = (*SUNDAY[:2], entry("Child Cedar", place="Saltmarsh", learning=MORE_WORDS), SUNDAY[3])
TITLES = ("Child Alder", "Child Birch", "Child Cedar", "Child Damson", "Child Elder")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who subscribes; `places`: of whose reviews they want to hear (none: of all)."""

    name: str
    places: tuple[str, ...] = ()
    schedule: Schedule = WEEKLY

    @property
    def medium(self) -> Medium:
        return "slack" if self.name.startswith("#") else "email"

    @property
    def address(self) -> str:
        return f"{self.name}-{TAG}" if self.medium == "slack" else f"{self.name}.{TAG}@example.org"


MAIL = (
    Person(name="anna"),
    Person(name="ben"),
    Person(name="cleo", places=("Harrowgate",)),
    Person(name="dora", places=("Saltmarsh",)),
)
SLACK = (
    Person(name="#learning", places=("Saltmarsh",), schedule=AT_ONCE),
    Person(name="#harrowgate", places=("Harrowgate",)),
)


@dataclass(frozen=True, kw_only=True)
class OnItsWay:
    """A delivery as the ledger has it: to whom, its state, and the titles in it."""

    id: int
    to: str
    state: str
    handed_over: bool
    titles: tuple[str, ...]


def crowd(count: int) -> tuple[Person, ...]:
    return tuple(Person(name=f"reader{number}") for number in range(count))


def prepare(url: str, readers: Sequence[Person], monday: datetime = MONDAY) -> None:
    """Readers who joined a week ago, and three reviews that came on Sunday."""
    house = House(a_source(SOURCE), database_url=url)
    house.clock.moment = monday - timedelta(days=7)
    entries = sorted({(one.places, one.schedule.id) for one in readers})
    house.subscribed = [
        Subscription(
            id=f"entry-{number}",
            name="Learning",
            subscribers=tuple(
                Subscriber(medium=one.medium, address=one.address)
                for one in readers
                if (one.places, one.schedule.id) == wanted
            ),
            schedule=AT_ONCE if wanted[1] == AT_ONCE.id else WEEKLY,
            criteria=Criteria(place=wanted[0]),
        )
        for number, wanted in enumerate(entries)
    ]
    house.enrols()
    page = house.sources[SOURCE].url
    house.site.publishes(page, *BEFORE)
    house.polls()
    house.clock.moment = monday - timedelta(hours=12)
    house.site.publishes(page, *SUNDAY)
    house.polls()
    house.store.close()


class Sqlite:
    """Copies of a prepared file."""

    name = "SQLite"

    def __init__(self, folder: Path, readers: Sequence[Person]) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        prepare(f"sqlite:///{folder}/prepared.db", readers)

    @contextlib.contextmanager
    def copy(self, tag: str) -> Iterator[str]:
        """The address of a copy, which goes with the block."""
        folder = self._folder / tag
        folder.mkdir()
        shutil.copy(self._folder / "prepared.db", folder / "bot.db")
        url = f"sqlite:///{folder}/bot.db"
        rename(url, tag)
        yield url
        shutil.rmtree(folder)


class Postgres:
    """Copies of a prepared database."""

    name = "PostgreSQL"

    def __init__(self, readers: Sequence[Person]) -> None:
        prepared = make_url(postgres.fresh_database())
        self._prepared = str(prepared.database)
        self._server = prepared.set(database="postgres")
        self._one_at_a_time = threading.Lock()  # a template may have no other visitor
        prepare(prepared.render_as_string(hide_password=False), readers)

    @contextlib.contextmanager
    def copy(self, tag: str) -> Iterator[str]:
        name = f"{self._prepared}_{tag}"
        with self._one_at_a_time:
            self._says(f"CREATE DATABASE {name} TEMPLATE {self._prepared}")
        url = self._server.set(database=name).render_as_string(hide_password=False)
        rename(url, tag)
        yield url
        self._says(f"DROP DATABASE {name} WITH (FORCE)")

    def _says(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


def rename(url: str, tag: str) -> None:
    """Give the readers of a copy the story's own addresses."""
    row = subscribers.c
    with opened(url).begin() as connection:
        connection.execute(
            update(subscribers).values(
                address=func.replace(row.address, TAG, tag), folded=func.replace(row.folded, TAG, tag)
            )
        )


def ledger(url: str) -> list[OnItsWay]:
    """Every delivery, oldest first, as it stands in the database."""
    query = (
        select(
            deliveries.c.id,
            deliveries.c.state,
            deliveries.c.handed_over,
            subscribers.c.address,
            editions.c.digest,
        )
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .order_by(deliveries.c.id)
    )
    with opened(url).connect() as connection:
        return [
            OnItsWay(
                id=row.id,
                to=row.address,
                state=row.state,
                handed_over=row.handed_over,
                titles=tuple(one.review.title for one in row.digest.entries),
            )
            for row in connection.execute(query)
        ]


def count(url: str, statement: str) -> int:
    with opened(url).connect() as connection:
        return int(connection.scalar(text(statement)) or 0)


def opened(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)
