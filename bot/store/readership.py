"""Who reads: everybody on a schedule, some at a time."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from bot.models import FOR_ADMINISTRATORS, Reader, Subscriber
from bot.store.archive import batches
from bot.store.engine import Room
from bot.store.tables import deliveries, digest_runs, matches, subscribers, subscriptions, told
from bot.store.wishes import away

MANY = 1_000  # readers; for fewer it does not matter how a question is answered
GROWING = (subscribers, subscriptions, matches, told, digest_runs, deliveries)  # with readers and news


class Readership(Room):
    def readers(self, schedule: str, now: datetime) -> Iterator[Reader]:
        """Those who ask alike come one after another, so that those read together have few digests."""
        row = subscriptions.c
        here = (row.schedule == schedule, subscribers.c.stopped_at.is_(None), ~away(now))
        query = (
            select(row.subscriber_id)
            .join(subscribers, subscribers.c.id == row.subscriber_id)
            .where(*here, row.ended_at.is_(None))
            .group_by(row.subscriber_id)
            .order_by(func.min(row.criteria), func.max(row.criteria), row.subscriber_id)
        )
        with self._database.reading() as connection:
            ids = array("q", connection.scalars(query))
        for number, some in enumerate(batches(ids)):
            # Before the first, and each time that as many again were composed for.
            if len(ids) >= MANY and (number == 0 or (number >= 8 and number.bit_count() == 1)):
                self._database.take_statistics(*GROWING)
            with self._database.reading() as connection:
                page = {one.id: one for one in _readers(connection, some, schedule)}
            yield from (page[number] for number in some if number in page)


def _readers(connection: Connection, ids: Sequence[int], schedule: str) -> Iterator[Reader]:
    row, runs = subscriptions.c, digest_runs.c
    own = and_(runs.subscriber_id == subscribers.c.id, runs.state == "closed")
    closed = select(runs.slot).where(own, runs.schedule == schedule).order_by(runs.slot.desc()).limit(1)
    whole = closed.where(runs.held_over == 0)
    saw = whole.with_only_columns(runs.saw)
    query = (
        select(
            *(subscribers.c.id, subscribers.c.medium, subscribers.c.address),
            func.min(row.scheduled_since).label("joined"),
            closed.scalar_subquery().label("last_slot"),
            whole.scalar_subquery().label("last_whole"),
            saw.scalar_subquery().label("last_saw"),
            saw.offset(1).scalar_subquery().label("one_before_saw"),
            exists().where(own, runs.schedule.not_in(FOR_ADMINISTRATORS)).label("had_one"),
        )
        .join(subscriptions, row.subscriber_id == subscribers.c.id)
        .where(subscribers.c.id.in_(ids), row.schedule == schedule, contributing())
        .group_by(subscribers.c.id)
    )
    for one in connection.execute(query):
        yield Reader(
            id=one.id,
            subscriber=Subscriber(medium=one.medium, address=one.address),
            schedule=schedule,
            joined=one.joined,
            last_slot=one.last_slot,
            last_whole=one.last_whole,
            settled=_settled(one.last_saw, one.one_before_saw),
            newcomer=not one.had_one,
        )


def _settled(last_saw: int | None, one_before_saw: int | None) -> int | None:
    """What the digest before the last whole one saw: the last looked at all of that too, and it did so after
    the one before was begun, even where a worker kept it that another had overtaken."""
    if last_saw is None or one_before_saw is None:
        return None
    return min(last_saw, one_before_saw)  # they come in the order of their slots, which clocks say


def contributing() -> Any:
    """Rows that bring reviews: active ones, and those whose criteria were changed, for what they owe."""
    return or_(subscriptions.c.ended_at.is_(None), subscriptions.c.reason == "changed")
