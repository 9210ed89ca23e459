"""What administrators are to hear of sources, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, text

from bot.models import Notice, NoticeKind
from bot.store.engine import Room
from bot.store.tables import notices


class Notices(Room):
    def note(self, notice: Notice) -> None:
        with self._database.writing() as connection:
            write_notice(connection, notice)

    def last_notice(self, source_id: str, kind: NoticeKind) -> Notice | None:
        row = notices.c
        query = select(row.notice).where(row.source_id == source_id, row.kind == kind)
        with self._database.reading() as connection:
            return connection.scalar(query.order_by(row.at.desc()).limit(1))

    def notices(self, after: datetime) -> tuple[Notice, ...]:
        query = select(notices.c.notice).where(notices.c.at > after).order_by(notices.c.at)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))


def write_notice(connection: Connection, notice: Notice) -> None:
    """Readers of notices remember the moment of the last one they had: so each is later than all before it,
    also where the clock was set back, or another process notes something at this moment."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE notices IN SHARE ROW EXCLUSIVE MODE"))
    newest = connection.scalar(select(func.max(notices.c.at)))
    at = max(notice.at, newest + timedelta(milliseconds=1)) if newest else notice.at
    connection.execute(
        insert(notices).values(
            at=at, kind=notice.kind, source_id=notice.source_id, notice=replace(notice, at=at)
        )
    )
