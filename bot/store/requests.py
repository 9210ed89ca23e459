"""Requests to sites: the log that a webmaster can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from bot.models import Asked
from bot.store.columns import plain
from bot.store.engine import Room
from bot.store.tables import requests

KEPT_FOR = timedelta(days=90)
MILLISECOND = timedelta(milliseconds=1)


class Requests(Room):
    def keep_requests(self, asked: Sequence[Asked], now: datetime) -> None:
        if not asked:
            return
        rows = [
            {
                "at": one.at,
                "host": one.host.lower(),
                "url": plain(one.url),
                "status": one.status,
                "size": one.size,
                "conditional": one.conditional,
                "milliseconds": one.took // MILLISECOND,
            }
            for one in asked
        ]
        with self._database.writing() as connection:
            connection.execute(insert(requests), rows)
            connection.execute(delete(requests).where(requests.c.at < now - KEPT_FOR))

    def requests(self, host: str) -> tuple[Asked, ...]:
        query = select(requests).where(requests.c.host == host.lower()).order_by(requests.c.at, requests.c.id)
        with self._database.reading() as connection:
            return tuple(
                Asked(
                    at=row.at,
                    host=row.host,
                    url=row.url,
                    status=row.status,
                    size=row.size,
                    conditional=row.conditional,
                    took=row.milliseconds * MILLISECOND,
                )
                for row in connection.execute(query)
            )
