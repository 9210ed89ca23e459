"""Joining two reviews into one: who was told of either keeps being told, and who was owed one still is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, insert, or_, select, update

from bot.models import Kept, KnownReview, Review
from bot.store.describing import describe
from bot.store.engine import insert_into
from bot.store.keeping import age_when_found
from bot.store.tables import (
    decisions,
    handles,
    matches,
    posts,
    reviews,
    revisions,
    sightings,
    tellings,
    told,
)


def join(
    connection: Connection, known: KnownReview, other: KnownReview, record: Review, now: datetime
) -> int:
    """All that `other` has goes over to `known`, and `other` is no more. Returns how many revisions came
    before those of `known`. Its themes and matches are for the caller."""
    _join_tellings(connection, known, other, record)
    behind = _join_history(connection, known, other)
    _join_sightings(connection, known.id, other.id)
    _bring_as_before(connection, known.id, other.id)
    for table in (matches, handles):
        _move(connection, table, other.id, known.id)
    connection.execute(update(posts).where(posts.c.review_id == other.id).values(review_id=known.id))
    _settle_decisions(connection, known.id, other.id, now)
    _join_coming(connection, known.id, other.id, record)
    connection.execute(delete(reviews).where(reviews.c.id == other.id))
    return behind


def joined_into(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """Which reviews these became part of, for those that are no more."""
    row = decisions.c
    gone = and_(row.other.in_(set(ids)), ~exists().where(reviews.c.id == row.other))
    joined = select(row.other, row.review_id).where(row.kind == "joined", gone).order_by(row.id)
    return {one.other: one.review_id for one in connection.execute(joined)}


def describe_joined(connection: Connection, kept: Kept, review_id: int, writing: int) -> None:
    """Themes and matches as they are now. What brought either to somebody stays: they may be owed it, and
    since this writing may be owed it anew."""
    rows = connection.execute(select(matches).where(matches.c.review_id == review_id)).all()
    describe(connection, kept, review_id, writing)
    if rows:
        earlier = [{**row._mapping, "writing": writing} for row in rows]
        connection.execute(insert_into(connection, matches).on_conflict_do_nothing(), earlier)


def _bring_as_before(connection: Connection, known_id: int, other_id: int) -> None:
    """What brought the other review to readers from the first brings the joined one so."""
    row = matches.c
    theirs = select(row.criteria).where(row.review_id == other_id, row.anew.is_(None))
    both = and_(row.review_id == known_id, row.criteria.in_(theirs))
    connection.execute(update(matches).where(both).values(anew=None))


def _move(connection: Connection, table: Any, from_id: int, to_id: int) -> None:
    """Rows that the other review has and this one has not. What is left goes when that review goes."""
    rows = [
        dict(row._mapping) for row in connection.execute(select(table).where(table.c.review_id == from_id))
    ]
    if rows:
        moved = [{**row, "review_id": to_id} for row in rows]
        connection.execute(insert_into(connection, table).on_conflict_do_nothing(), moved)


def _join_tellings(connection: Connection, known: KnownReview, other: KnownReview, record: Review) -> None:
    """The words of both pages stay known, so that each is recognised as it was."""
    connection.execute(update(tellings).where(tellings.c.review_id == other.id).values(review_id=known.id))
    rows = [
        {"review_id": known.id, "source_id": one.origin, "record": one.review}
        for one in (known, other)
        if one.review != record
    ]
    if rows:
        connection.execute(insert(tellings), rows)


def _join_history(connection: Connection, known: KnownReview, other: KnownReview) -> int:
    """The other's revisions come first, then this one's; returns how many came before."""
    behind = other.revision
    mine = revisions.c.review_id == known.id
    shifted = -(revisions.c.revision + behind)  # by way of negative numbers, since each must be there once
    connection.execute(update(revisions).where(mine).values(revision=shifted))
    connection.execute(update(revisions).where(mine).values(revision=-revisions.c.revision))
    connection.execute(update(revisions).where(revisions.c.review_id == other.id).values(review_id=known.id))
    rows = connection.execute(select(told).where(told.c.review_id.in_((known.id, other.id)))).all()
    connection.execute(delete(told).where(told.c.review_id.in_((known.id, other.id))))
    heard = [
        {**row, "review_id": known.id}
        for subscriber in {row.subscriber_id for row in rows}
        for row in _heard([one for one in rows if one.subscriber_id == subscriber], known, other)
    ]
    if heard:
        connection.execute(insert(told), heard)
    return behind


def _heard(rows: Sequence[Row[Any]], known: KnownReview, other: KnownReview) -> Iterable[dict[str, Any]]:
    """What a reader was told, as revisions of the joined review. Who knew the last state of all that they
    were told of is owed nothing; who was owed a revision still is."""
    behind = other.revision
    at = {
        row.revision + (behind if row.review_id == known.id else 0): row.at
        for row in sorted(rows, key=lambda row: row.at)
    }
    mine = max((row.revision for row in rows if row.review_id == known.id), default=None)
    theirs = max((row.revision for row in rows if row.review_id == other.id), default=None)
    if theirs is not None and theirs < other.notable:
        knows = theirs
    elif mine is not None and mine < known.notable:
        knows = mine + behind
    else:
        knows = known.notable + behind
    at.setdefault(knows, max(at.values()))
    reader = rows[0].subscriber_id
    return [{"subscriber_id": reader, "revision": one, "at": at[one]} for one in at if one <= knows]


def _join_sightings(connection: Connection, known_id: int, other_id: int) -> None:
    """Of an address that both had, from the first time to the last. A page that shows one misses neither."""
    rows = connection.execute(
        select(sightings).where(sightings.c.review_id.in_((known_id, other_id))).order_by(sightings.c.id)
    ).all()
    missed: dict[str, int] = {}
    joined: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        values = dict(row._mapping) | {"review_id": known_id}
        before = joined.setdefault((row.source_id, row.url), values)
        before["first_seen"] = min(before["first_seen"], row.first_seen)
        before["last_seen"] = max(before["last_seen"], row.last_seen)
        before["reason"] = before["reason"] or row.reason
        before["beyond"] = before["beyond"] and row.beyond
        if not row.beyond:
            missed[row.source_id] = min(missed.get(row.source_id, row.missed), row.missed)
    connection.execute(delete(sightings).where(sightings.c.review_id.in_((known_id, other_id))))
    kept = [
        {**values, "missed": 0 if values["beyond"] else missed[values["source_id"]]}
        for values in joined.values()
    ]
    if kept:
        connection.execute(insert(sightings), kept)


def _join_coming(connection: Connection, known_id: int, other_id: int, record: Review) -> None:
    """When the joined review came: as late as either, so that who was still to hear of one will. Nobody was
    to hear of one that was found on an older page, nor of a notice that is joined to it."""
    row = reviews.c
    both = connection.execute(select(reviews).where(row.id.in_((known_id, other_id)))).all()
    came_here = [one for one in both if one.came]
    both = [one for one in came_here if not one.backfilled] or came_here or both
    backfilled = all(one.backfilled for one in both)
    first_seen = min(one.first_seen for one in both)
    came = max((one.came for one in both if one.came), default=None)
    baseline = all(one.baseline for one in both)
    if came and baseline and all(one.came in (None, one.first_seen) for one in both):
        came = first_seen
    values = {"first_seen": first_seen, "came": came, "baseline": baseline, "backfilled": backfilled}
    values["age_when_found"] = None if backfilled else age_when_found(record, came)
    connection.execute(update(reviews).where(row.id == known_id).values(values))


def _settle_decisions(connection: Connection, known_id: int, other_id: int, now: datetime) -> None:
    """What was decided of the other holds for both, except what kept them apart."""
    row = decisions.c
    both = (known_id, other_id)
    connection.execute(update(decisions).where(row.review_id == other_id).values(review_id=known_id))
    seen = select(sightings.c.source_id).where(sightings.c.review_id == known_id)
    against = or_(row.other.in_(both), row.source_id.in_(seen))
    connection.execute(delete(decisions).where(row.review_id == known_id, row.kind == "apart", against))
    later = and_(row.other == other_id, row.kind == "apart")
    connection.execute(update(decisions).where(later).values(other=known_id))
    values = {"review_id": known_id, "kind": "joined", "other": other_id, "source_id": "", "at": now}
    connection.execute(insert(decisions).values(values))
