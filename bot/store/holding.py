"""Holds: a whole medium that takes nothing for a while, kept so that every thread, process and restart obeys.

A receiver that asked for a while gets it. Where we only know that nothing gets through, we wait by ourselves,
a minute at first and then longer, and one delivery at a time finds out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, select, update

from bot.models import Hold, Medium, Outcome
from bot.store.engine import Room, insert_into
from bot.store.tables import deliveries, holds, subscribers

FIRST_HOLD = timedelta(minutes=1)  # doubled each time
LONGEST_HOLD = timedelta(minutes=15)
LONGEST_ASKED = timedelta(hours=1)  # nobody asks for more; a hold beyond is of a clock that was wrong


class Holding(Room):
    def holds(self, now: datetime) -> tuple[Hold, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(holds).where(holds.c.until > now).order_by(holds.c.medium))
            return tuple(Hold(**row._mapping) for row in rows)

    def lift_holds(self) -> None:
        """Those that we set ourselves: somebody asks to try now."""
        row = deliveries.c
        with self._database.writing() as connection:
            lifted = delete(holds).where(~holds.c.asked).returning(holds.c.medium)
            media = connection.scalars(lifted).all()
            of_them = exists().where(subscribers.c.id == row.subscriber_id, subscribers.c.medium.in_(media))
            met_it = and_(row.state == "deferred", row.held_at.is_not(None), row.failing_since.is_(None))
            connection.execute(update(deliveries).where(met_it, of_them).values(due_at=row.held_at))


def hold_of(connection: Connection, medium: Medium) -> Row[Any] | None:
    return connection.execute(select(holds).where(holds.c.medium == medium)).first()


def in_force(row: Row[Any], now: datetime) -> bool:
    return bool(now < row.until <= now + LONGEST_ASKED)


def hold(connection: Connection, medium: Medium, outcome: Outcome, now: datetime) -> datetime:
    """Until when it is held. Several deliveries that met the same trouble side by side count as one time."""
    row = hold_of(connection, medium)
    asked = outcome.retry_after is not None
    times = 1 if row is None else row.times + int(row.until <= now)
    until = now + (outcome.retry_after or min(FIRST_HOLD * 2 ** min(times - 1, 10), LONGEST_HOLD))
    if row is not None and in_force(row, now) and (row.until >= until or not asked):
        return row.until  # type: ignore[no-any-return]  # a row's
    values = {"until": until, "asked": asked, "times": times, "detail": outcome.detail}
    statement = insert_into(connection, holds).values(medium=medium, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["medium"], set_=values))
    return until


def end_hold(connection: Connection, medium: Medium, now: datetime) -> None:
    """It takes messages again."""
    connection.execute(delete(holds).where(holds.c.medium == medium, holds.c.until <= now))
