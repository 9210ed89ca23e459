"""Splitting a review: what one source has of it becomes a review of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, func, insert, select, update

from bot.models import Kept, KnownReview, Parting, Review, Sighting, Telling, Validators
from bot.store.archive import load
from bot.store.columns import plain
from bot.store.keeping import add_review, age_when_found, columns_of
from bot.store.tables import (
    decisions,
    handles,
    revisions,
    sightings,
    source_runs,
    tellings,
    told,
)


def split(connection: Connection, known: KnownReview, goes: Kept, parting: Parting, now: datetime) -> int:
    """The number of the new review. Its themes and matches, and the handles of both, are for the caller."""
    new = _part(connection, known, goes, parting, now)
    if parting.whole:
        _keep_apart(connection, known, new, parting.source_id, now)
    _drop_own_words(connection, (known.id, new))
    for one in dict.fromkeys(sighting.source_id for sighting in known.sightings):
        _ask_anew(connection, one)
    return new


def _part(connection: Connection, known: KnownReview, goes: Kept, parting: Parting, now: datetime) -> int:
    """The new review, with what its source has of it, told to whom both had been told."""
    source_id = parting.source_id
    review = goes.change.review
    here = [one for one in known.sightings if one.source_id == source_id]
    gone = [one for one in here if one.url in parting.urls] or here
    theirs_too = [one for one in known.tellings if one.id in parting.tellings]
    seen = _seen(review, theirs_too, gone)
    found_there = known.backfilled and seen == min(one.first_seen for one in known.sightings)
    backfilled = found_there or all(one.beyond for one in gone)
    came = None if review.status in ("delayed", "unpublished") else seen
    run = source_runs.c
    read_before = exists().where(run.source_id == source_id, run.read, run.ended < seen)
    values = {
        "revision": 1,
        "notable": 1,
        "origin": source_id,
        "baseline": backfilled or not connection.scalar(select(read_before)),
        "backfilled": backfilled,
        "first_seen": seen,
        "came": came,
        "age_when_found": None if backfilled else age_when_found(review, came),
        **columns_of(review),
    }
    new = add_review(connection, values)
    connection.execute(
        insert(revisions).values(
            review_id=new,
            revision=1,
            kind="new",
            record=review,
            differences=(),
            reason=goes.change.reason,
            source_id=source_id,
            at=now,
        )
    )
    theirs = and_(sightings.c.source_id == source_id, sightings.c.url.in_(parting.urls))
    connection.execute(
        update(sightings).where(sightings.c.review_id == known.id, theirs).values(review_id=new)
    )
    connection.execute(update(tellings).where(tellings.c.id.in_(parting.tellings)).values(review_id=new))
    heard = select(told.c.subscriber_id, func.max(told.c.at).label("at")).where(
        told.c.review_id == known.id, told.c.at >= seen
    )
    rows = [
        {"subscriber_id": row.subscriber_id, "review_id": new, "revision": 1, "at": row.at}
        for row in connection.execute(heard.group_by(told.c.subscriber_id))
    ]
    if rows:
        connection.execute(insert(told), rows)
    _forget_earlier(connection, known, parting, gone)
    connection.execute(delete(handles).where(handles.c.review_id == known.id))
    return new


def _seen(review: Review, tellings: Sequence[Telling], where: Sequence[Sighting]) -> datetime:
    """When a part was first seen. Where it has entries of several reviews, which were joined by mistake, the
    one whose words it has counts: who was told before of another was not told of this."""
    links = {plain(link.url) for link in review.links}
    several = any(one.review.title != review.title for one in tellings)
    own = [one for one in where if one.url in links] if several else []
    return min(one.first_seen for one in own or where)


def _forget_earlier(
    connection: Connection, known: KnownReview, parting: Parting, gone: Sequence[Sighting]
) -> None:
    """Who was told before what stays was seen was told of what goes, and has yet to hear of what stays."""
    left = [one for one in known.sightings if one not in gone]
    if left:
        rest = [one for one in known.tellings if one.id not in parting.tellings]
        since = _seen(parting.stays, rest, left)
        connection.execute(delete(told).where(told.c.review_id == known.id, told.c.at < since))


def _keep_apart(connection: Connection, known: KnownReview, new: int, source_id: str, now: datetime) -> None:
    """Neither is ever again counted as seen where the other is."""
    rest = dict.fromkeys(one.source_id for one in known.sightings if one.source_id != source_id)
    rows = [
        {"review_id": known.id, "kind": "apart", "other": new, "source_id": source_id, "at": now},
        *(
            {"review_id": new, "kind": "apart", "other": known.id, "source_id": one, "at": now}
            for one in rest
        ),
    ]
    connection.execute(insert(decisions), rows)


def _drop_own_words(connection: Connection, ids: Sequence[int]) -> None:
    """A telling that is the record itself by now says nothing more."""
    for one in load(connection, ids).values():
        same = [each.id for each in one.tellings if (each.source_id, each.review) == (one.origin, one.review)]
        connection.execute(delete(tellings).where(tellings.c.id.in_(same)))


def _ask_anew(connection: Connection, source_id: str) -> None:
    """The next poll of this source reads its page even where it did not change."""
    run = source_runs.c
    last = select(func.max(run.id)).where(run.source_id == source_id, run.read).scalar_subquery()
    row = connection.execute(select(source_runs).where(run.id == last)).first()
    if row is not None:
        bare = Validators(read_as=row.validators.read_as)
        connection.execute(update(source_runs).where(run.id == row.id).values(validators=bare))
