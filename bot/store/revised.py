"""What was revised since a reader was told of it, and whether that is news to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from bot.models import Difference
from bot.revisions import compare
from bot.store.tables import reviews, revisions, told


def revised_since(connection: Connection, subscriber_id: int) -> dict[int, int]:
    """Reviews that changed in meaning since this subscriber was told: which revision they know, by review."""
    behind = _behind(connection, subscriber_id)
    back = _put_back(connection, behind)
    return {row.review_id: row.revision for row in behind if row.review_id not in back}


def settle(connection: Connection, subscriber_id: int, now: datetime) -> None:
    """What was revised and put back counts as told: it is what they know."""
    behind = _behind(connection, subscriber_id)
    back = _put_back(connection, behind)
    rows = [
        {"subscriber_id": subscriber_id, "review_id": row.review_id, "revision": row.notable, "at": now}
        for row in behind
        if row.review_id in back
    ]
    if rows:
        connection.execute(insert(told), rows)


def _behind(connection: Connection, subscriber_id: int) -> Sequence[Row[Any]]:
    """Reviews with a later revision than the last that was told, as they were then and as they are."""
    last = (
        select(told.c.review_id, func.max(told.c.revision).label("revision"))
        .where(told.c.subscriber_id == subscriber_id)
        .group_by(told.c.review_id)
        .subquery()
    )
    then = and_(revisions.c.review_id == last.c.review_id, revisions.c.revision == last.c.revision)
    query = (
        select(last, reviews.c.notable, reviews.c.record, revisions.c.record.label("then"))
        .join(reviews, reviews.c.id == last.c.review_id)
        .outerjoin(revisions, then)
        .where(reviews.c.notable > last.c.revision)
    )
    return connection.execute(query).all()


def _put_back(connection: Connection, behind: Sequence[Row[Any]]) -> set[int]:
    """Those that say again what their reader knows. The words alone do not prove it: a review that was joined
    may have those of another source, and its reader is owed the revision from before."""
    differences = differences_since(connection, {row.review_id: row.revision for row in behind})
    return {
        row.review_id
        for row in behind
        if not differences.get(row.review_id)
        and row.then is not None
        and compare(row.then, row.record)[0] in ("same", "mended")
    }


def differences_since(connection: Connection, revised: dict[int, int]) -> dict[int, tuple[Difference, ...]]:
    """By review: what changed from the revision that was told to the last, over all in between."""
    query = (
        select(revisions.c.review_id, revisions.c.revision, revisions.c.differences)
        .where(revisions.c.review_id.in_(set(revised)), revisions.c.kind != "mended")
        .order_by(revisions.c.review_id, revisions.c.revision)
    )
    found: dict[int, tuple[Difference, ...]] = {}
    for row in connection.execute(query):
        if row.revision > revised[row.review_id]:
            found[row.review_id] = merged(found.get(row.review_id, ()), row.differences)
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
