"""What is in the outbox, for whoever looks: lists and counts, however many wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bot.models import DeliveryState, OutboxItem, Subscriber
from bot.store.engine import Room
from bot.store.tables import deliveries, editions, subscribers
from bot.store.wishes import UNWANTED, away

OPEN_STATES: tuple[DeliveryState, ...] = tuple(state for state in get_args(DeliveryState) if state != "sent")


class Waiting(Room):
    def outbox(self, states: Sequence[str] = (), limit: int | None = None) -> tuple[OutboxItem, ...]:
        wanted = deliveries.c.state.in_(states) if states else deliveries.c.id.is_not(None)
        with self._database.reading() as connection:
            return items(connection, wanted, limit)

    def for_a_person(self, since: datetime, limit: int) -> tuple[OutboxItem, ...]:
        row = deliveries.c
        lately = and_(row.state == "refused", row.changed_at >= since, row.detail != UNWANTED)
        with self._database.reading() as connection:
            uncertain = items(connection, row.state == "uncertain", limit)
            return uncertain + items(connection, lately, limit - len(uncertain))

    def waiting_by_state(self) -> dict[DeliveryState, int]:
        row = deliveries.c
        query = (
            select(row.state, func.count().label("waiting"))
            .where(row.state.in_(OPEN_STATES))
            .group_by(row.state)
        )
        with self._database.reading() as connection:
            found: dict[str, int] = {row.state: row.waiting for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in OPEN_STATES}

    def queued_since(self, now: datetime) -> datetime | None:
        row = deliveries.c
        query = (
            select(row.due_at)
            .join(subscribers, subscribers.c.id == row.subscriber_id)
            .where(row.state == "queued", ~away(now))
            .order_by(row.due_at)
            .limit(1)
        )
        with self._database.reading() as connection:
            since: datetime | None = connection.scalar(query)
        return since

    def count_unreached(self) -> int:
        query = select(func.count()).where(subscribers.c.bounced_at.is_not(None))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0


def items(
    connection: Connection, condition: ColumnElement[bool], limit: int | None = None
) -> tuple[OutboxItem, ...]:
    """These deliveries with whom they are for, newest first."""
    query = (
        select(
            deliveries,
            *(subscribers.c.medium, subscribers.c.address),
            *(subscribers.c.paused_until, subscribers.c.bounced_at),
            editions.c.reviews,
        )
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(condition)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
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
            next_try=row.due_at if row.state == "deferred" else row.look_at,
            paused_until=row.paused_until,
            bounced=row.bounced_at is not None,
        )
        for row in connection.execute(query)
    )
