"""What was found and what was sent in a time, counted by the database: for the summary of administrators."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from bot.models import FOR_ADMINISTRATORS, Reader, SourceNews, Traffic
from bot.store.archive import is_news
from bot.store.engine import Room
from bot.store.tables import deliveries, digest_runs, reviews, revisions, subscribers
from bot.store.wishes import UNWANTED, away

ON_THEIR_WAY = ("queued", "sending")


class Summing(Room):
    def news_by_source(self, since: datetime, until: datetime) -> tuple[SourceNews, ...]:
        counts: dict[str, dict[str, Any]] = {}
        with self._database.reading() as connection:
            for source_id, kind, count in (
                *_came(connection, since, until),
                *_changed(connection, since, until),
            ):
                counts.setdefault(source_id, {})[kind] = count
        return tuple(SourceNews(source_id=one, **counts[one]) for one in sorted(counts))

    def traffic(self, since: datetime, until: datetime) -> Traffic:
        with self._database.reading() as connection:
            silenced, lately = _silenced(connection, since)
            return Traffic(
                sent=_sent(connection, since, until),
                refused=_refused(connection, since, until),
                silenced=silenced,
                lately=lately,
                **_open(connection, until),
            )

    def last_composed(self, reader: Reader) -> datetime | None:
        run = digest_runs.c
        own = and_(run.subscriber_id == reader.id, run.schedule == reader.schedule, run.state == "closed")
        newest = select(run.closed_at).where(own).order_by(run.slot.desc()).limit(1)
        with self._database.reading() as connection:
            closed: datetime | None = connection.scalar(newest)
            return closed


def _came(connection: Connection, since: datetime, until: datetime) -> Iterable[Any]:
    """A review counts at the source whose words its record has."""
    row = reviews.c
    kind = case((is_news(), "new"), else_="archived").label("kind")
    here = and_(row.came > since, row.came <= until, row.status == "published")
    return connection.execute(select(row.origin, kind, func.count()).where(here).group_by(row.origin, kind))


def _changed(connection: Connection, since: datetime, until: datetime) -> Iterable[Any]:
    """Each review once, however often its page was edited. They are many, and kept in the order in which they
    were made: so only the latest are read."""
    row, earlier = revisions.c, revisions.alias("earlier").c
    before = select(earlier.id).where(earlier.at <= since).order_by(earlier.id.desc()).limit(1)
    lately = row.id > func.coalesce(before.scalar_subquery(), 0)
    here = and_(lately, row.kind.in_(("revised", "withdrawn")), row.at <= until)
    count = func.count(row.review_id.distinct())
    return connection.execute(
        select(row.source_id, row.kind, count).where(here).group_by(row.source_id, row.kind)
    )


def _sent(connection: Connection, since: datetime, until: datetime) -> int:
    """The state is asked of each found, so that SQLite finds them by their time: nearly all are sent."""
    row = deliveries.c
    sent = func.count(case((row.state == "sent", 1)))
    query = select(sent).where(row.handed_at > since, row.handed_at <= until)
    return connection.scalar(query.where(row.schedule.not_in(FOR_ADMINISTRATORS))) or 0


def _refused(connection: Connection, since: datetime, until: datetime) -> int:
    """Not those that their readers no longer wanted: that is no trouble."""
    row = deliveries.c
    here = and_(row.state == "refused", row.changed_at > since, row.changed_at <= until)
    return _count(connection, here, row.detail != UNWANTED)


def _open(connection: Connection, until: datetime) -> dict[str, int]:
    """What has not ended. Of what is uncertain, only what nobody but a person can find out."""
    row = deliveries.c
    query = (
        select(row.state, func.count().label("number"))
        .join(subscribers, subscribers.c.id == row.subscriber_id)
        .where(row.state.in_((*ON_THEIR_WAY, "deferred")), ~away(until))
        .group_by(row.state)
    )
    by_state: dict[str, int] = {one.state: one.number for one in connection.execute(query)}
    return {
        "waiting": sum(by_state.get(state, 0) for state in ON_THEIR_WAY),
        "deferred": by_state.get("deferred", 0),
        "uncertain": _count(connection, row.state == "uncertain", row.look_at.is_(None)),
    }


def _silenced(connection: Connection, since: datetime) -> tuple[int, int]:
    bounced = subscribers.c.bounced_at
    query = select(func.count(bounced), func.count(case((bounced > since, 1))))
    row = connection.execute(query.where(bounced.is_not(None))).one()
    return row[0], row[1]


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(deliveries).where(*conditions)) or 0
