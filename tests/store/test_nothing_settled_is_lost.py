"""A digest looks at what is new since the reader's last ones, and finds all that it would find if it looked at
everything there ever was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import digests
from bot.criteria import CriteriaIndex, key
from bot.errors import UsageError
from bot.models import Change, Criteria, Kept, KnownReview, Link, Retagged, Review, Subscription, Theme
from bot.names import handles
from bot.pipeline import collect, deciding, send
from bot.pipeline.register import Register
from bot.store import Store, open_store
from bot.store.tables import subscribers
from tests.house import SetClock
from tests.store.emptying import empty
from tests.store.factories import (
    AT_ONCE,
    DAILY,
    JOINED,
    STOP_AFTER,
    VOCABULARY,
    WEEKLY,
    a_run,
    a_subscriber,
    found,
    read_first,
)

SOURCES = ("saltmarsh", "nspcc")
TITLES = ("Baby Rowan", "Child Ash", "The harbour case")
PLACES = ("Saltmarsh", "Lowen")
WAYS = tuple(Criteria(place=(place,)) for place in PLACES)
DATES = (None, "2026-10", "2026-09-20", "2026-10-25", "2024")
PEOPLE = ("ann@example.org", "ben@example.org", "#learning")
SCHEDULES = (WEEKLY, DAILY, AT_ONCE)
EVENTS = st.one_of(
    st.tuples(
        st.just("comes"),
        st.sampled_from(TITLES),
        st.sampled_from(SOURCES),
        st.sampled_from(PLACES),
        st.sampled_from(DATES),
        st.sampled_from(["published", "published", "delayed"]),
    ),
    st.tuples(
        st.just("becomes"), st.sampled_from(TITLES), st.sampled_from(["revised", "mended", "withdrawn"])
    ),
    st.tuples(st.just("is listed"), st.sampled_from(TITLES), st.sampled_from(SOURCES)),
    st.tuples(st.just("joins"), st.sampled_from(TITLES), st.sampled_from(TITLES)),
    st.tuples(st.just("splits"), st.sampled_from(TITLES), st.sampled_from(SOURCES)),
    st.tuples(st.just("is retagged"), st.sampled_from(TITLES), st.sets(st.sampled_from(WAYS))),
    st.tuples(
        st.just("asks"),
        st.sampled_from(["one", "other"]),
        st.sampled_from(WAYS),
        st.sampled_from(SCHEDULES),
        st.sets(st.sampled_from(PEOPLE)),
    ),
    st.tuples(st.just("stops"), st.sampled_from(PEOPLE), st.sampled_from([None, "one", "other"])),
    st.tuples(st.just("begins again"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("days pass"), st.integers(-20, 40)),
    st.tuples(st.just("digest"), st.sampled_from(SCHEDULES)),
    st.tuples(st.just("digest"), st.just(WEEKLY)),
)


@dataclass
class Office:
    """Whatever happens, in whatever order; at each look what is found is compared with looking at everything."""

    store: Store
    clock: SetClock = field(default_factory=lambda: SetClock(JOINED))
    subscribed: dict[str, Subscription] = field(default_factory=dict)

    def lives(self, event: Sequence[Any]) -> None:
        verb, *rest = event
        with suppress(StopIteration, UsageError):  # there is no such review, or nothing that could be split
            getattr(self, verb.replace(" ", "_"))(*rest)
        self.clock.passes(seconds=1)
        self.compares()

    def compares(self) -> None:
        for schedule in SCHEDULES:
            readers = list(self.store.readers(schedule.id, self.now))
            everything = [replace(one, settled=None) for one in readers]
            cut, whole = (self.store.untold_to(each, 31, self.now) for each in (readers, everything))
            assert cut == whole

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def comes(self, title: str, source: str, place: str, published: str | None, status: Any) -> None:
        links = (Link(label=title, url=f"https://{source}.example.org/{TITLES.index(title)}.pdf"),)
        review = Review(
            title=title,
            place=place,
            links=links,
            published=published,
            incident="A baby was hurt.",
            status=status,
        )
        known = next((one for one in self.all_of_them() if one.review.title == title), None)
        kind: Any = "revised" if known else "new"
        self.keeps(source, Change(kind=kind, review=review, known=known, reason="test"))

    def becomes(self, title: str, kind: Any) -> None:
        known = found(self.store, title)
        review = replace(known.review, learning=(*known.review.learning, f"point {known.revision}"))
        self.keeps(known.origin, Change(kind=kind, review=review, known=known, reason="test"))

    def is_listed(self, title: str, source: str) -> None:
        known = found(self.store, title)
        link = Link(label=title, url=f"https://{source}.example.org/{TITLES.index(title)}.pdf")
        seen = Review(title=title, place=known.review.place, links=(link,))
        change = Change(kind="same", review=known.review, known=known, reason="the same name", as_seen=seen)
        self.store.keep(a_run(source, self.now), [Kept(change=change, handles=handles(seen))])

    def keeps(self, source: str, change: Change) -> None:
        seen_at = {source, *(one.source_id for one in (change.known.sightings if change.known else ()))}
        kept = Kept(
            change=change,
            handles=handles(change.review),
            matches=tuple(CriteriaIndex(self.store.criteria()).matches(change.review, (), seen_at)),
            vocabulary=VOCABULARY.fingerprint,
        )
        self.store.keep(a_run(source, self.now), [kept])

    def joins(self, one: str, other: str) -> None:
        numbers = (found(self.store, one).id, found(self.store, other).id)
        deciding.join(*numbers, self.store, VOCABULARY, self.now)

    def splits(self, title: str, source: str) -> None:
        deciding.split(found(self.store, title).id, source, self.store, VOCABULARY, self.now)

    def is_retagged(self, title: str, ways: set[Criteria]) -> None:
        known = found(self.store, title)
        index = CriteriaIndex({key(one): Criteria() for one in ways})
        matches = tuple(index.matches(known.review, (), {"saltmarsh"}))
        themes = (Theme(id="bruising", evidence=()),)
        retagged = Retagged(known=known, themes=themes, matches=matches)
        self.store.retag([retagged], VOCABULARY.fingerprint, self.now)

    def asks(self, name: str, criteria: Criteria, schedule: Any, people: set[str]) -> None:
        who = tuple(a_subscriber(one) for one in sorted(people))
        self.subscribed[name] = Subscription(
            id=name, name=name, subscribers=who, schedule=schedule, criteria=criteria
        )
        self.store.enrol(list(self.subscribed.values()), self.now)
        self.compares()  # a digest may go out before the archive is matched
        collect.match_archive(self.store)

    def stops(self, address: str, name: str | None) -> None:
        number = next(one for one in self.everybody() if one.subscriber.address == address).id
        self.store.stop(number, name, self.now)

    def begins_again(self, address: str) -> None:
        self.store.resume(address, self.now)
        self.compares()
        collect.match_archive(self.store)

    def days_pass(self, days: int) -> None:
        """Also back, where the clock was wrong."""
        self.clock.passes(days=days)

    def digest(self, schedule: Any) -> None:
        parts = send.Sending(
            archive=self.store,
            ledger=self.store,
            register=Register(self.store, self.clock, lambda: STOP_AFTER),
            lanes={},
            sources={},
            clock=self.clock,
        )
        readers = self.store.readers(schedule.id, self.now)
        send.compose_all(readers, schedule, self.now, parts, send.Checked(parts))

    def all_of_them(self) -> list[KnownReview]:
        return [known for known, _ in self.store.every_review()]

    def everybody(self) -> list[Any]:
        with self.store._database.reading() as connection:
            numbers = connection.scalars(select(subscribers.c.id)).all()
        return [one for number in numbers if (one := self.store.standing_of(number))]


@pytest.fixture(scope="module")
def one_store() -> Iterator[Store]:
    store = open_store("sqlite://")
    yield store
    store.close()


CHANGES_WHAT_THEY_ASK_FOR = ("asks", "one", WAYS[1], WEEKLY, {"ann@example.org"})
MOVES_TO_ANOTHER_SCHEDULE = ("asks", "other", WAYS[1], WEEKLY, {"ben@example.org"})


@settings(max_examples=8, deadline=None)
@example([(("digest", WEEKLY), True), (CHANGES_WHAT_THEY_ASK_FOR, False)])
@example(
    [
        (("digest", WEEKLY), True),
        (("comes", "The harbour case", "nspcc", "Saltmarsh", None, "published"), True),
    ]
)
@example([(("digest", WEEKLY), True), (MOVES_TO_ANOTHER_SCHEDULE, True), (("joins", *TITLES[:2]), True)])
@given(events=st.lists(st.tuples(EVENTS, st.booleans()), min_size=6, max_size=16))
def test_whatever_happens_what_is_new_is_all_that_there_is_to_tell(
    one_store: Store, events: list[tuple[Sequence[Any], bool]]
) -> None:
    empty(one_store)
    read_first(one_store, *SOURCES)
    office = Office(one_store)
    office.asks("one", WAYS[0], WEEKLY, {"ann@example.org"})
    office.asks("other", WAYS[1], DAILY, {"ben@example.org"})
    for title, place, status in zip(
        TITLES, (*PLACES, "Saltmarsh"), ("published", "published", "delayed"), strict=True
    ):
        office.comes(title, "saltmarsh", place, None, status)
    office.is_listed("Baby Rowan", "nspcc")
    with mock.patch.object(digests, "MOST_REVIEWS", 1):
        for event, settled in events:
            office.lives(event)
            for schedule in SCHEDULES * 2 if settled else ():
                office.digest(schedule)
                office.clock.passes(seconds=1)
