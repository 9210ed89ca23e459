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
from bot.store.tables import digest_runs, subscribers, subscriptions
from bot.store.wishes import away


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
        for some in batches(ids):
            with self._database.reading() as connection:
                page = {one.id: one for one in _readers(connection, some, schedule)}
            yield from (page[number] for number in some if number in page)


def _readers(connection: Connection, ids: Sequence[int], schedule: str) -> Iterator[Reader]:
    row, runs = subscriptions.c, digest_runs.c
    own = and_(runs.subscriber_id == subscribers.c.id, runs.state == "closed")
    here = select(runs.slot).where(own, runs.schedule == schedule).order_by(runs.slot.desc()).limit(1)
    query = (
        select(
            *(subscribers.c.id, subscribers.c.medium, subscribers.c.address),
            func.min(row.scheduled_since).label("joined"),
            here.scalar_subquery().label("last_slot"),
            here.where(runs.held_over == 0).scalar_subquery().label("last_whole"),
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
            newcomer=not one.had_one,
        )


def contributing() -> Any:
    """Rows that bring reviews: active ones, and those whose criteria were changed, for what they owe."""
    return or_(subscriptions.c.ended_at.is_(None), subscriptions.c.reason == "changed")
