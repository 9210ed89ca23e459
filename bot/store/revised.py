"""What was revised since readers were told of it, and whether that is news to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import product
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, literal_column, select

from bot.models import Difference, Reader
from bot.revisions import compare
from bot.store.archive import batches
from bot.store.tables import reviews, revisions, told
from bot.store.writings import NOTHING, by_age


class Known(NamedTuple):
    """A review, and the last revision of it that somebody was told."""

    review_id: int
    revision: int


Differences = dict[Known, tuple[Difference, ...]]


def revised_since(
    connection: Connection, readers: Sequence[Reader]
) -> tuple[dict[int, frozenset[Known]], Differences]:
    """By subscriber: reviews that changed in meaning since they were told, as what they know. And what
    changed since, by what was known."""
    behind = _behind(connection, readers)
    differences = _differences(connection, set().union(*behind.values()))
    back = _put_back(connection, set().union(*behind.values()), differences)
    return {one: frozenset(known - back.keys()) for one, known in behind.items()}, differences


def settle(connection: Connection, readers: Sequence[Reader], now: datetime) -> None:
    """What was revised and put back counts as told: it is what they know."""
    behind = _behind(connection, readers)
    all_known = set().union(*behind.values())
    back = _put_back(connection, all_known, _differences(connection, all_known))
    rows = [
        {"subscriber_id": one, "review_id": known.review_id, "revision": back[known], "at": now}
        for one, all_of_it in behind.items()
        for known in all_of_it & back.keys()
    ]
    if rows:
        connection.execute(insert(told), rows)


def _behind(connection: Connection, readers: Sequence[Reader]) -> dict[int, set[Known]]:
    """By subscriber: reviews with a later revision than the last that they were told."""
    row = told.c
    last = func.max(row.revision)
    found: dict[int, set[Known]] = {}
    settled = ((one.id, NOTHING if one.settled is None else one.settled) for one in readers)
    for since, ids in by_age(settled).items():
        for revised, some in product(_revised_after(connection, since), list(batches(sorted(ids)))):
            query = (
                select(row.subscriber_id, row.review_id, last)
                .join(reviews, reviews.c.id == row.review_id)
                .where(row.subscriber_id.in_(some), revised)
                .group_by(row.subscriber_id, row.review_id, reviews.c.notable)
                .having(reviews.c.notable > last)
            )
            for subscriber_id, review_id, revision in connection.execute(query):
                found.setdefault(subscriber_id, set()).add(Known(review_id, revision))
    return found


def _revised_after(connection: Connection, writing: int) -> list[ColumnElement[bool]]:
    """Which reviews may have changed since, some at a time."""
    if writing == NOTHING:
        return [EVER_REVISED]
    ids = connection.scalars(select(reviews.c.id).where(EVER_REVISED, reviews.c.writing > writing)).all()
    return [told.c.review_id.in_(some) for some in batches(ids)]


EVER_REVISED = reviews.c.notable > literal_column("1")  # in the words of the index


def _put_back(connection: Connection, behind: set[Known], differences: Differences) -> dict[Known, int]:
    """Those that say again what their reader knows, with the revision in which they do. The words alone do
    not prove it: a review that was joined may have those of another source, and its reader is owed the
    revision from before."""
    ids = sorted({known.review_id for known in behind if not differences.get(known)})
    back: dict[Known, int] = {}
    for some in batches(ids):
        query = (
            select(revisions.c.review_id, revisions.c.revision, reviews.c.notable, reviews.c.record)
            .add_columns(revisions.c.record.label("then"))
            .join(reviews, reviews.c.id == revisions.c.review_id)
            .where(reviews.c.id.in_(some))
        )
        for row in connection.execute(query):
            known = Known(row.review_id, row.revision)
            unchanged = known in behind and not differences.get(known)
            if unchanged and compare(row.then, row.record)[0] in ("same", "mended"):
                back[known] = row.notable
    return back


def _differences(connection: Connection, behind: set[Known]) -> Differences:
    """What changed from the revision that was told to the last, over all in between."""
    told_of: dict[int, list[Known]] = {}
    for known in behind:
        told_of.setdefault(known.review_id, []).append(known)
    found: Differences = {}
    for some in batches(sorted(told_of)):
        query = (
            select(revisions.c.review_id, revisions.c.revision, revisions.c.differences)
            .where(revisions.c.review_id.in_(some), revisions.c.kind != "mended")
            .order_by(revisions.c.review_id, revisions.c.revision)
        )
        for row in connection.execute(query):
            for known in told_of[row.review_id]:
                if row.revision > known.revision:
                    found[known] = merged(found.get(known, ()), row.differences)
    return found


def merged(earlier: Iterable[Difference], later: Iterable[Difference]) -> tuple[Difference, ...]:
    """Two differences in a row as one: what came with the first and went with the second never was."""
    found = {one.field: one for one in earlier}
    for one in later:
        first = found.get(one.field, Difference(field=one.field, before=(), after=()))
        found[one.field] = Difference(
            field=one.field,
            before=(*first.before, *(words for words in one.before if words not in first.after)),
            after=(*(words for words in first.after if words not in one.before), *one.after),
        )
    return tuple(one for one in found.values() if sorted(one.before) != sorted(one.after))
