"""Bounces: an address that took nothing several times in a row gets nothing more until somebody looks.

Its subscriptions stay as they are, and what is published meanwhile stays due: an address that is mended, or
was wrongly called dead, misses nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.store.tables import deliveries, subscribers


def count_bounce(connection: Connection, one: Row[Any], now: datetime, stop_after: int) -> bool:
    """Count this delivery; whether it was the last that its address is given. Bounces arrive late, so it is
    counted back from this delivery, whatever was sent after it."""
    row = deliveries.c
    connection.execute(update(deliveries).where(row.id == one.id).values(bounced=True))
    query = (
        select(row.bounced)
        .where(row.subscriber_id == one.subscriber_id, row.id <= one.id)
        .order_by(row.id.desc())
        .limit(stop_after)
    )
    last = connection.scalars(query).all()
    if len(last) < stop_after or not all(last):
        return False
    here = (subscribers.c.id == one.subscriber_id) & subscribers.c.bounced_at.is_(None)
    return connection.execute(update(subscribers).where(here).values(bounced_at=now)).rowcount > 0
