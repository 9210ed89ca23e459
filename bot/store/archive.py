"""Reviews as the archive has them: looking them up, and their matches with criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, case, exists, func, or_, select, update

from bot.models import Criteria, Decision, KnownReview, Match, Sighting, Telling, Theme
from bot.store.engine import Room, insert_into
from bot.store.tables import (
    criteria,
    decisions,
    handles,
    matches,
    review_themes,
    reviews,
    sightings,
    subscriptions,
    tellings,
)
from bot.store.writings import next_writing

LATELY, A_MONTH = 31, 30  # days, as newcomers' digests reach back (store/ledger.py)
BATCH = 200  # reviews in memory at once, and names in one statement
LONGEST_HANDLE = 1000  # PostgreSQL indexes no text beyond 2.7 kB


class Reviews(Room):
    def known(self, source_id: str, handles_: Sequence[str]) -> tuple[KnownReview, ...]:
        with self._database.reading() as connection:
            here = select(sightings.c.review_id).where(sightings.c.source_id == source_id)
            return _in_order(connection, {*connection.scalars(here), *_sharing(connection, handles_)})

    def sharing(self, handles_: Sequence[str]) -> tuple[KnownReview, ...]:
        with self._database.reading() as connection:
            return _in_order(connection, _sharing(connection, handles_))

    def absent(self, source_id: str) -> tuple[KnownReview, ...]:
        here = (sightings.c.source_id == source_id) & (sightings.c.missed > 0)
        query = (
            select(reviews.c.id)
            .where(reviews.c.status != "withdrawn")
            .where(reviews.c.id.in_(select(sightings.c.review_id).where(here)))
        )
        with self._database.reading() as connection:
            return _in_order(connection, connection.scalars(query))

    def every_review(self) -> Iterator[tuple[KnownReview, tuple[Theme, ...]]]:
        last = 0
        while True:
            with self._database.reading() as connection:
                query = select(reviews.c.id).where(reviews.c.id > last).order_by(reviews.c.id).limit(BATCH)
                ids = connection.scalars(query).all()
                found, themes = load(connection, ids), themes_of(connection, ids)
            if not ids:
                return
            for one in ids:
                yield found[one], themes.get(one, ())
            last = ids[-1]

    def days_of_news(self) -> dict[str, tuple[date, ...]]:
        dated = func.length(reviews.c.published) > len("2026")
        query = (
            select(
                sightings.c.source_id, sightings.c.first_seen, reviews.c.published_from, dated.label("dated")
            )
            .join(reviews, reviews.c.id == sightings.c.review_id)
            .where(reviews.c.status != "withdrawn", or_(dated, ~reviews.c.baseline))
        )
        days: dict[str, set[date]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                day = row.published_from if row.dated else row.first_seen.date()
                days.setdefault(row.source_id, set()).add(day)
        return {source: tuple(sorted(found)) for source, found in days.items()}

    def count_new(self, since: datetime | None, until: datetime) -> int:
        row = reviews.c
        query = select(func.count()).where(row.came <= until, row.status == "published", is_news())
        if since is not None:
            query = query.where(row.came > since)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def criteria(self) -> dict[str, Criteria]:
        """Those of active subscriptions, and those from before a change that still bring what they owe."""
        return self._criteria(in_use())

    def unmatched_criteria(self) -> dict[str, Criteria]:
        return self._criteria(in_use() & ~criteria.c.matched)

    def _criteria(self, condition: ColumnElement[bool]) -> dict[str, Criteria]:
        query = select(criteria.c.key, criteria.c.criteria).where(condition).order_by(criteria.c.key)
        with self._database.reading() as connection:
            return {row.key: row.criteria for row in connection.execute(query)}

    def keep_matches(self, criteria_: Sequence[str], found: Sequence[tuple[int, Match]]) -> None:
        """A match that is there already is the newer: a poll brought it while the archive was read."""
        with self._database.writing() as connection:
            write_matches(connection, found, next_writing(connection))
            for some in batches(criteria_):
                connection.execute(update(criteria).where(criteria.c.key.in_(some)).values(matched=True))


def is_news() -> ColumnElement[bool]:
    """Whether a review that came is told of: all, but what was there when its source was first read and had
    not been published lately."""
    row = reviews.c
    known_before = and_(row.baseline, row.came == row.first_seen)
    only_month = func.length(row.published) == len("2026-11")
    lately = row.age_when_found <= LATELY + case((only_month, A_MONTH), else_=0)
    return or_(~known_before, lately)


def in_use() -> ColumnElement[bool]:
    """Whether a criteria can still bring a review to anybody."""
    due = or_(subscriptions.c.ended_at.is_(None), subscriptions.c.reason == "changed")
    return exists().where(subscriptions.c.criteria == criteria.c.key, due)


def write_matches(
    connection: Connection,
    found: Sequence[tuple[int, Match]],
    writing: int,
    anew: Mapping[str, datetime] | None = None,
    had: Mapping[str, int] | None = None,
) -> None:
    """Matches that are there by this writing; those of criteria that the store does not know are passed over.
    `anew`: by criteria, since when a change of the themes makes them match. `had`: those that were there
    before, and by which writing."""
    known: set[str] = set()
    for some in batches(sorted({match.criteria for _, match in found})):
        known.update(connection.scalars(select(criteria.c.key).where(criteria.c.key.in_(some))))
    rows = [
        {
            "criteria": match.criteria,
            "review_id": review_id,
            "reasons": match.reasons,
            "anew": (anew or {}).get(match.criteria),
            "writing": (had or {}).get(match.criteria, writing),
        }
        for review_id, match in found
        if match.criteria in known
    ]
    if rows:
        connection.execute(insert_into(connection, matches).on_conflict_do_nothing(), rows)


def _sharing(connection: Connection, handles_: Iterable[str]) -> set[int]:
    ids: set[int] = set()
    for some in batches(sorted({handle[:LONGEST_HANDLE] for handle in handles_})):
        ids.update(connection.scalars(select(handles.c.review_id).where(handles.c.handle.in_(some))))
    return ids


def _in_order(connection: Connection, ids: Iterable[int]) -> tuple[KnownReview, ...]:
    """These reviews, the one that came first before the others."""
    found = load(connection, ids)
    return tuple(found[one] for one in sorted(found))


def load(connection: Connection, ids: Iterable[int]) -> dict[int, KnownReview]:
    """These reviews with their sightings, tellings and decisions, by id."""
    found: dict[int, KnownReview] = {}
    for some in batches(sorted(set(ids))):
        seen, told, decided = (_of(connection, table, some) for table in (sightings, tellings, decisions))
        for row in connection.execute(select(reviews).where(reviews.c.id.in_(some))):
            found[row.id] = KnownReview(
                id=row.id,
                review=row.record,
                revision=row.revision,
                notable=row.notable,
                baseline=row.baseline,
                backfilled=row.backfilled,
                first_seen=row.first_seen,
                sightings=tuple(_sighting(one) for one in seen.get(row.id, ())),
                origin=row.origin,
                tellings=tuple(
                    Telling(id=one.id, source_id=one.source_id, review=one.record)
                    for one in told.get(row.id, ())
                ),
                decisions=tuple(
                    Decision(kind=one.kind, other=one.other, at=one.at, source_id=one.source_id)
                    for one in decided.get(row.id, ())
                ),
            )
    return found


def _of(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The rows of a table that belong to these reviews, by review, oldest first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(select(table).where(table.c.review_id.in_(ids)).order_by(table.c.id)):
        found.setdefault(row.review_id, []).append(row)
    return found


def themes_of(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[Theme, ...]]:
    """The themes of these reviews, by review, in the order they were given."""
    found: dict[int, tuple[Theme, ...]] = {}
    for some in batches(sorted(set(ids))):
        query = (
            select(review_themes)
            .where(review_themes.c.review_id.in_(some))
            .order_by(review_themes.c.review_id, review_themes.c.position)
        )
        for row in connection.execute(query):
            theme = Theme(id=row.theme, evidence=row.evidence)
            found[row.review_id] = (*found.get(row.review_id, ()), theme)
    return found


def _sighting(row: Row[Any]) -> Sighting:
    return Sighting(
        source_id=row.source_id,
        url=row.url,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        missed=row.missed,
        reason=row.reason,
        beyond=row.beyond,
    )


def batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """SQLite bounds the values of one statement."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
