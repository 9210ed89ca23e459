"""What a subscriber wants at the moment of sending, whatever they wanted when a digest was composed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
)

from bot.store.tables import deliveries, subscribers, subscriptions

UNWANTED = "they no longer subscribe"


def away(now: datetime) -> ColumnElement[bool]:
    """Nothing is sent to this subscriber now, and nothing of it is lost: a pause, or an address that takes no
    mail until an administrator says otherwise."""
    reader = subscribers.c
    paused = and_(reader.paused_until.is_not(None), reader.paused_until > now)
    return or_(paused, reader.bounced_at.is_not(None))


def unwanted(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Which of these deliveries nobody wants any more: the reader stopped everything, has no subscription
    left, or stopped each of those that brought it. What the configuration only renamed, moved or took away
    from a reader who has others left is still delivered, since it counts as told."""
    return {row.id for row in standings(connection, ids) if is_unwanted(connection, row)}


def standings(connection: Connection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """These deliveries, with what their readers want now."""
    return connection.execute(STANDINGS, {"ids": ids}).all()


def is_unwanted(connection: Connection, row: Row[Any]) -> bool:
    if row.stopped_at or not row.active:
        return True
    if not row.some_stopped or not row.subscriptions:
        return False
    stopped = _stopped(connection, row.subscriber_id)
    return all(name in stopped for name in row.subscriptions)


def is_away(row: Row[Any], now: datetime) -> bool:
    """The same as `away`, of a row of `standings`."""
    return row.bounced_at is not None or (row.paused_until is not None and row.paused_until > now)


def surely_wanted(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a delivery is for somebody who subscribes, stopped nothing, and is not away: as nearly all are.
    Who stopped a part may want it all the same, as `is_unwanted` says."""
    reader, asked = subscribers.c, subscriptions.c
    own = asked.subscriber_id == reader.id
    return exists().where(
        reader.id == deliveries.c.subscriber_id,
        *(reader.stopped_at.is_(None), reader.bounced_at.is_(None)),
        or_(reader.paused_until.is_(None), reader.paused_until <= now),
        exists().where(own, asked.ended_at.is_(None)),
        ~exists().where(own, asked.reason == "stopped"),
    )


def _standings() -> Select[Any]:
    row, reader, asked = deliveries.c, subscribers.c, subscriptions.c
    own = asked.subscriber_id == reader.id
    return (
        select(
            *(row.id, row.subscriber_id, row.state, row.claimed_by, row.subscriptions),
            *(reader.stopped_at, reader.paused_until, reader.bounced_at),
            exists().where(own, asked.ended_at.is_(None)).label("active"),
            exists().where(own, asked.reason == "stopped").label("some_stopped"),
        )
        .join(subscribers, reader.id == row.subscriber_id)
        .where(row.id.in_(bindparam("ids", expanding=True)))
    )


STANDINGS = _standings()  # made once: it is asked before every hand-over


def _stopped(connection: Connection, subscriber_id: int) -> set[str]:
    """Ids of the subscriptions that the reader stopped, and did not begin again."""
    asked = subscriptions.c
    query = select(asked.subscription, asked.former, asked.reason).where(asked.subscriber_id == subscriber_id)
    latest = {row.subscription: row for row in connection.execute(query.order_by(asked.id))}
    stopped = [row for row in latest.values() if row.reason == "stopped"]
    return {name for row in stopped for name in (row.subscription, *(row.former or ()))}
