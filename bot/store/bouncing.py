"""Bounces: an address that took nothing several times in a row gets nothing more until somebody looks.

Its subscriptions stay as they are, and what is published meanwhile stays due: an address that is mended, or
was wrongly called dead, misses nothing.
"""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.store.tables import deliveries, subscribers


def count_bounce(connection: Connection, one: Row[Any], now: datetime, stop_after: int) -> bool:
    """Count this delivery; whether it was the last that its address is given. Bounces arrive late, and in any
    order: it is counted from this delivery both ways, whatever was sent since."""
    row = deliveries.c
    connection.execute(update(deliveries).where(row.id == one.id).values(bounced=True))
    query = select(row.bounced).where(row.subscriber_id == one.subscriber_id).limit(stop_after)
    before = connection.scalars(query.where(row.id < one.id).order_by(row.id.desc()))
    after = connection.scalars(query.where(row.id > one.id).order_by(row.id))
    in_a_row = 1 + sum(1 for _ in takewhile(bool, before)) + sum(1 for _ in takewhile(bool, after))
    if in_a_row < stop_after:
        return False
    here = (subscribers.c.id == one.subscriber_id) & subscribers.c.bounced_at.is_(None)
    return connection.execute(update(subscribers).where(here).values(bounced_at=now)).rowcount > 0
