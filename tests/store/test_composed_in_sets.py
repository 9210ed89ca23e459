"""Composing some readers at a time is composing each alone: the same digests, deliveries and `told`, whatever the
size of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.models import Outcome, Subscription
from bot.pipeline import send
from bot.pipeline.register import Register
from bot.store import Store, open_store
from bot.store.tables import deliveries, digest_runs, editions, reviews, subscribers, told
from tests.house import SetClock
from tests.store.emptying import empty
from tests.store.factories import (
    AT_ONCE,
    DAILY,
    DAY,
    HOUR,
    JOINED,
    STOP_AFTER,
    WEEKLY,
    a_review,
    a_subscription,
    claimed,
    enrol,
    found,
    new,
    poll,
    read_first,
    revised,
    settle,
    withdrawn,
)

THEMES = ("bruising", "infants", "fire")
PEOPLE = ("ann@example.org", "ben@example.org", "cleo@example.org", "dan@example.org", "#learning")
SCHEDULES = (WEEKLY, WEEKLY, DAILY, AT_ONCE)

ENTRIES = st.lists(
    st.tuples(
        st.sets(st.sampled_from(PEOPLE), min_size=1),
        st.sampled_from(THEMES),
        st.sampled_from(SCHEDULES),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "Ring 999"]),
    ),
    min_size=1,
    max_size=4,
)
WEEKS = st.lists(
    st.tuples(
        ENTRIES,  # what is subscribed to from then on
        st.sets(st.sampled_from(THEMES)),  # of a review that comes
        st.sampled_from(["revised", "withdrawn", "put back", "nothing"]),  # what becomes of the one before
        st.sampled_from(["sent", "refused", "uncertain"]),  # how all deliveries end
        st.sampled_from(["", "ann@example.org", "#learning"]),  # who stops all, and resumes next week
    ),
    min_size=1,
    max_size=4,
)
Week = tuple[Sequence[Any], set[str], str, str, str]


@pytest.fixture(scope="module")
def one_store() -> Iterator[Store]:
    store = open_store("sqlite://")
    yield store
    store.close()


@settings(deadline=None, max_examples=12)
@given(weeks=st.builds(list, WEEKS))
def test_batches_of_any_size_keep_the_same(one_store: Store, weeks: list[Week]) -> None:
    alone = lived(one_store, weeks, at_a_time=1)
    assert lived(one_store, weeks, at_a_time=3) == alone
    assert lived(one_store, weeks, at_a_time=1000) == alone


def lived(store: Store, weeks: list[Week], at_a_time: int) -> list[object]:
    """All that the ledger has after these weeks, by titles and addresses in place of numbers."""
    empty(store)
    read_first(store)
    for number, (entries, themes, change, end, stops) in enumerate(weeks):
        at = JOINED + 7 * number * DAY
        enrol(store, *subscribed(entries), at=at)
        if themes:
            poll(store, new(a_review(f"Baby {number}", published=None), *sorted(themes)), at=at + DAY)
        becomes(store, f"Baby {number - 1}", change, number)
        if stops:
            store.resume(stops, at + DAY)
        with mock.patch.object(send, "AT_A_TIME", at_a_time):
            compose(store, at + 7 * DAY + HOUR)
        for one in claimed(store, at + 7 * DAY + 2 * HOUR, 100):
            settle(store, one.id, Outcome(state=end), at + 7 * DAY + 2 * HOUR)  # type: ignore[arg-type]
        standing = {one.subscriber.address: one.id for one in everybody(store)}
        if stops in standing:
            store.stop(standing[stops], None, at + 7 * DAY + 3 * HOUR)
    return kept(store)


def subscribed(entries: Sequence[Any]) -> list[Subscription]:
    return [
        a_subscription(
            f"entry-{n}", to=sorted(to), theme=theme, schedule=schedule, quiet=quiet, footer=footer
        )
        for n, (to, theme, schedule, quiet, footer) in enumerate(entries)
    ]


def becomes(store: Store, title: str, change: str, number: int) -> None:
    at = JOINED + 7 * number * DAY + 2 * DAY
    if change == "nothing" or title not in {known.review.title for known, _ in store.every_review()}:
        return
    known = found(store, title)
    if change == "withdrawn":
        poll(store, withdrawn(known), at=at)
        return
    poll(store, revised(known, "bruising", learning=("something else",)), at=at)
    if change == "put back":
        poll(store, revised(found(store, title), "bruising", learning=known.review.learning), at=at + HOUR)


def compose(store: Store, now: Any) -> None:
    clock = SetClock(now)
    parts = send.Sending(
        archive=store,
        ledger=store,
        register=Register(store, clock, lambda: STOP_AFTER),
        lanes={},
        sources={},
        clock=clock,
    )
    send.compose_due((WEEKLY, DAILY, AT_ONCE), parts)


def everybody(store: Store) -> list[Any]:
    with store._database.reading() as connection:
        numbers = connection.scalars(select(subscribers.c.id)).all()
    return [one for number in numbers if (one := store.standing_of(number))]


def kept(store: Store) -> list[object]:
    who = subscribers.c.address
    sent = deliveries.c
    mails = (
        select(who, sent.schedule, sent.slot, sent.state, sent.subscriptions, editions.c.digest)
        .add_columns(sent.mentioned_in.is_not(None))
        .join(subscribers, subscribers.c.id == sent.subscriber_id)
        .join(editions, editions.c.id == sent.edition_id)
    )
    heard = (
        select(who, reviews.c.title, told.c.revision, told.c.at)
        .join(subscribers, subscribers.c.id == told.c.subscriber_id)
        .join(reviews, reviews.c.id == told.c.review_id)
    )
    run = digest_runs.c
    runs = select(who, run.schedule, run.slot, run.state, run.held_over).join(
        subscribers, subscribers.c.id == run.subscriber_id
    )
    with store._database.reading() as connection:
        shown = [(*rest, said(digest), named) for *rest, digest, named in connection.execute(mails)]
        others = [tuple(row) for query in (heard, runs) for row in connection.execute(query)]
    return [sorted(map(repr, shown)), sorted(map(repr, others))]


def said(digest: Any) -> object:
    """A digest without the numbers of its reviews."""
    entries = [
        (entry.kind, entry.revision, entry.review, entry.themes, entry.because, entry.differences)
        for entry in digest.entries
    ]
    around = (digest.since, digest.subscriptions, digest.footer, digest.doubtful, digest.coverage)
    return entries, around, digest.left_in_archive, digest.baseline_days, digest.held_over
