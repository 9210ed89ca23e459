"""The outbox: deliveries on their way, each claimed by one worker at a time and settled by its number.

queued -> sending -> sent | refused | deferred (-> sending) | uncertain (-> a person decides)
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, insert, or_, select, update

from bot.errors import BotError, StoreError
from bot.models import (
    Delivery,
    Digest,
    Edition,
    Failure,
    OutboxItem,
    Outcome,
    Posted,
    Reader,
    Subscriber,
)
from bot.store.engine import Database, Room, insert_into
from bot.store.runs import write_failure
from bot.store.tables import decisions, deliveries, editions, posts, reviews, subscribers, subscriptions

FREE = ("queued", "deferred")  # what may be claimed
FIRST_WAIT = timedelta(minutes=15)  # doubled with every attempt
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP = timedelta(days=7)  # of trying: a long weekend of a wrong password must not destroy a digest


class Outbox(Room):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._worker = secrets.token_hex(8)  # says which claims are this store's own

    def claim_deliveries(self, now: datetime, lease: timedelta, limit: int) -> tuple[Delivery, ...]:
        """Oldest first, and one at a time for a subscriber: what a second one edits, the first must have
        posted. What is on its way to somebody who no longer subscribes is refused here instead."""
        row = deliveries.c
        earlier = deliveries.alias("earlier").c
        waits_for_another = exists().where(
            earlier.subscriber_id == row.subscriber_id,
            earlier.id < row.id,
            or_(earlier.state == "sending", and_(earlier.state.in_(FREE), earlier.due_at <= now)),
        )
        free = (
            select(row.id)
            .where(row.state.in_(FREE), row.due_at <= now, ~waits_for_another)
            .order_by(row.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing() as connection:
            _refuse_unwanted(connection, now)
            ids = connection.scalars(free).all()
            connection.execute(
                update(deliveries)
                .where(row.id.in_(ids))
                .values(
                    state="sending",
                    attempts=row.attempts + 1,
                    claimed_by=self._worker,
                    lease_until=now + lease,
                    handed_over=False,
                    changed_at=now,
                )
            )
            _note_first_try(connection, ids, now)
            return _claimed(connection, ids)

    def handing_over(self, delivery_id: int) -> None:
        """Raises StoreError where the claim ran out and was given back: then nothing may be handed over."""
        row = deliveries.c
        ours = and_(row.id == delivery_id, row.state == "sending", row.claimed_by == self._worker)
        with self._database.writing() as connection:
            if not connection.execute(update(deliveries).where(ours).values(handed_over=True)).rowcount:
                raise StoreError(
                    f"delivery {delivery_id} is no longer this worker's to send; another may be at it"
                )

    def posted(self, delivery_id: int, post: Posted) -> None:
        with self._database.writing() as connection:
            _write_posts(connection, delivery_id, (post,))

    def settle(self, delivery_id: int, outcome: Outcome, now: datetime) -> None:
        """Nothing happens where the delivery was erased, or is another worker's by now."""
        row = deliveries.c
        ours = and_(
            row.id == delivery_id,
            row.claimed_by == self._worker,
            row.state.in_(("sending", "uncertain")),  # uncertain: its lease ran out, and we know better now
        )
        with self._database.writing() as connection:
            one = connection.execute(select(deliveries).where(ours).with_for_update()).first()
            if one is None:
                return
            _write_posts(connection, delivery_id, outcome.posted)
            values = {"lease_until": None, "changed_at": now, **_ending(one, outcome, now)}
            connection.execute(update(deliveries).where(row.id == delivery_id).values(values))

    def fail_delivery(self, delivery_id: int, failure: Failure) -> None:
        """Nothing is kept of a delivery that was erased: the text may hold the address."""
        with self._database.writing() as connection:
            if connection.scalar(select(deliveries.c.id).where(deliveries.c.id == delivery_id)):
                write_failure(connection, failure)

    def recover(self, now: datetime) -> int:
        row = deliveries.c
        over = and_(row.state == "sending", row.lease_until <= now)
        with self._database.writing() as connection:
            returned = connection.execute(
                update(deliveries)
                .where(over, ~row.handed_over)
                .values(state="queued", claimed_by=None, lease_until=None, due_at=now, changed_at=now)
            )
            unknown = connection.execute(
                update(deliveries)
                .where(over, row.handed_over)
                .values(
                    state="uncertain",
                    lease_until=None,
                    changed_at=now,
                    detail="the bot stopped while handing it over; it may have arrived",
                )
            )
            return returned.rowcount + unknown.rowcount

    def release(self) -> None:
        """Give back what this worker claimed and has not handed over: nobody need wait for its lease."""
        row = deliveries.c
        ours = and_(row.state == "sending", row.claimed_by == self._worker, ~row.handed_over)
        with self._database.writing() as connection:
            connection.execute(
                update(deliveries).where(ours).values(state="queued", claimed_by=None, lease_until=None)
            )

    def outbox(self, states: Sequence[str] = ()) -> tuple[OutboxItem, ...]:
        wanted = deliveries.c.state.in_(states) if states else deliveries.c.id.is_not(None)
        with self._database.reading() as connection:
            return _items(connection, wanted)

    def retry(self, delivery_id: int, now: datetime) -> OutboxItem:
        return self._decide(delivery_id, now, "retried", state="queued", due_at=now, first_tried=None)

    def resolve(self, delivery_id: int, now: datetime) -> OutboxItem:
        return self._decide(delivery_id, now, "resolved", state="sent")

    def _decide(self, delivery_id: int, now: datetime, verb: str, **values: Any) -> OutboxItem:
        with self._database.writing() as connection:
            one = deliveries.c.id == delivery_id
            state = connection.scalar(select(deliveries.c.state).where(one).with_for_update())
            if state is None:
                raise BotError(f"there is no delivery {delivery_id}; `status` lists those that can be {verb}")
            if state not in ("uncertain", "deferred", "refused"):
                raise BotError(
                    f"delivery {delivery_id} is {state}; only an uncertain, deferred or refused one "
                    f"can be {verb}"
                )
            values = {"claimed_by": None, "changed_at": now, **values}
            connection.execute(update(deliveries).where(one).values(values))
            return _items(connection, one)[0]


def queue(connection: Connection, reader: Reader, edition: Edition, slot: datetime, now: datetime) -> int:
    """A delivery of this edition to this reader, to be sent from now on; its number."""
    statement = insert(deliveries).values(
        edition_id=edition.id,
        subscriber_id=reader.id,
        schedule=reader.schedule,
        slot=slot,
        state="queued",
        attempts=0,
        due_at=now,
        handed_over=False,
        detail="",
        changed_at=now,
    )
    number: int = connection.execute(statement.returning(deliveries.c.id)).scalar_one()
    return number


def _refuse_unwanted(connection: Connection, now: datetime) -> None:
    row = deliveries.c
    reader = exists().where(
        subscribers.c.id == row.subscriber_id,
        subscribers.c.stopped_at.is_(None),
        subscriptions.c.subscriber_id == subscribers.c.id,
        subscriptions.c.ended_at.is_(None),
    )
    connection.execute(
        update(deliveries)
        .where(row.state.in_(("queued", "deferred")), ~reader)
        .values(state="refused", detail="they no longer subscribe", changed_at=now)
    )


def _note_first_try(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    first = and_(deliveries.c.id.in_(ids), deliveries.c.first_tried.is_(None))
    connection.execute(update(deliveries).where(first).values(first_tried=now))


def _claimed(connection: Connection, ids: Sequence[int]) -> tuple[Delivery, ...]:
    query = (
        select(deliveries, subscribers.c.medium, subscribers.c.address)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    )
    rows = connection.execute(query).all()
    composed = select(editions.c.id, editions.c.digest).where(
        editions.c.id.in_({row.edition_id for row in rows})
    )
    kept = {row.id: Edition(id=row.id, digest=row.digest) for row in connection.execute(composed)}
    return tuple(
        Delivery(
            id=row.id,
            edition=kept[row.edition_id],
            subscriber_id=row.subscriber_id,
            subscriber=Subscriber(medium=row.medium, address=row.address),
            state=row.state,
            attempts=row.attempts,
            posted=tuple(_posts(connection, posts.c.delivery_id == row.id)),
            earlier=_earlier(connection, row, kept[row.edition_id].digest),
        )
        for row in rows
    )


def _earlier(connection: Connection, row: Row[Any], digest: Digest) -> tuple[Posted, ...]:
    shown = {entry.review_id for entry in digest.entries}
    former = select(deliveries.c.id).where(
        deliveries.c.subscriber_id == row.subscriber_id, deliveries.c.id < row.id
    )
    return tuple(_posts(connection, posts.c.delivery_id.in_(former), posts.c.review_id.in_(shown)))


def _posts(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Posted]:
    for row in connection.execute(select(posts).where(*conditions).order_by(posts.c.id)):
        yield Posted(channel=row.channel, ts=row.ts, review_id=row.review_id)


def _write_posts(connection: Connection, delivery_id: int, taken: Sequence[Posted]) -> None:
    """A review that was joined into another since the delivery was claimed has that one's number now."""
    row = decisions.c
    gone = and_(row.other.in_({one.review_id for one in taken}), ~exists().where(reviews.c.id == row.other))
    joined = select(row.other, row.review_id).where(row.kind == "joined", gone).order_by(row.id)
    stays: dict[int | None, int] = {one.other: one.review_id for one in connection.execute(joined)}
    numbers = [stays.get(one.review_id, one.review_id) for one in taken]
    rows = [
        {"delivery_id": delivery_id, "channel": one.channel, "ts": one.ts, "review_id": number}
        for one, number in zip(taken, numbers, strict=True)
    ]
    if rows:
        connection.execute(insert_into(connection, posts).on_conflict_do_nothing(), rows)


def _ending(one: Row[Any], outcome: Outcome, now: datetime) -> dict[str, Any]:
    if outcome.state != "deferred":
        return {"state": outcome.state, "detail": outcome.detail}
    if one.first_tried and now - one.first_tried >= GIVE_UP:
        return {
            "state": "refused",
            "detail": f"{outcome.detail} (given up after {GIVE_UP.days} days of trying)",
        }
    wait = outcome.retry_after or min(FIRST_WAIT * 2 ** min(one.attempts - 1, 10), LONGEST_WAIT)
    return {"state": "deferred", "detail": outcome.detail, "due_at": now + wait}


def _items(connection: Connection, condition: ColumnElement[bool]) -> tuple[OutboxItem, ...]:
    query = (
        select(deliveries, subscribers.c.medium, subscribers.c.address, editions.c.reviews)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(condition)
        .order_by(deliveries.c.id.desc())
    )
    return tuple(
        OutboxItem(
            id=row.id,
            subscriber=Subscriber(medium=row.medium, address=row.address),
            schedule=row.schedule,
            slot=row.slot,
            state=row.state,
            attempts=row.attempts,
            reviews=row.reviews,
            changed_at=row.changed_at,
            detail=row.detail,
        )
        for row in connection.execute(query)
    )
