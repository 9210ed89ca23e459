"""What a person decides: that two reviews are one, or that what a source has is a review of its own.

A poll that is at work meanwhile looks again (the archive's version rises), and while a digest is being
composed nothing is decided.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, text, update

from bot.errors import StoreError, UsageError
from bot.models import Kept, KnownReview, Parting, Revision
from bot.store.archive import load
from bot.store.describing import anew_of, describe, match_late_criteria
from bot.store.engine import Room
from bot.store.joining import describe_joined, join
from bot.store.keeping import alone, columns_of, version_of
from bot.store.splitting import split
from bot.store.tables import decisions, digest_runs, reviews, revisions
from bot.store.writings import next_writing


class Deciding(Room):
    def review(self, review_id: int) -> tuple[KnownReview, tuple[Revision, ...]]:
        """Raises UsageError where there is none of this number, and says what became of it."""
        with self._database.reading() as connection:
            return _one(connection, review_id), _history(connection, review_id)

    def join(self, stays: Kept, other: KnownReview, origin: str, now: datetime, as_of: int) -> bool:
        known = _known(stays)
        with self._database.writing() as connection:
            if not _may_decide(connection, now, as_of):
                return False
            writing = next_writing(connection)
            behind = join(connection, known, other, stays.change.review, now)
            _rewrite(connection, stays, origin, known.revision + behind, known.notable + behind, now)
            describe_joined(connection, stays, known.id, writing)
            match_late_criteria(connection, now)
            return True

    def split(self, stays: Kept, goes: Kept, parting: Parting, now: datetime, as_of: int) -> int | None:
        known = _known(stays)
        with self._database.writing() as connection:
            if not _may_decide(connection, now, as_of):
                return None
            writing = next_writing(connection)
            if (parting.origin, parting.stays) != (known.origin, known.review):
                _rewrite(connection, stays, parting.origin, known.revision, known.notable, now)
            anew = anew_of(connection, known.id)
            new = split(connection, known, goes, parting, now)
            describe(connection, stays, known.id, writing)
            describe(connection, goes, new, writing, anew)
            match_late_criteria(connection, now)
            return new


def _known(kept: Kept) -> KnownReview:
    known = kept.change.known
    if known is None:
        raise StoreError(f"only a known review can be joined or split: {kept.change.review.title}")
    return known


def _one(connection: Connection, review_id: int) -> KnownReview:
    if known := load(connection, [review_id]).get(review_id):
        return known
    into = select(decisions.c.review_id).where(decisions.c.kind == "joined", decisions.c.other == review_id)
    number = connection.scalar(into.order_by(decisions.c.id.desc()).limit(1))
    what = f"it was joined to review {number}" if number else "`learning-bot search` shows their numbers"
    raise UsageError(f"There is no review {review_id}; {what}.")


def _history(connection: Connection, review_id: int) -> tuple[Revision, ...]:
    row = revisions.c
    columns = (row.revision, row.kind, row.reason, row.source_id, row.at, row.differences)
    query = select(*columns).where(row.review_id == review_id).order_by(row.revision)
    return tuple(Revision(**one._mapping) for one in connection.execute(query))


def _may_decide(connection: Connection, now: datetime, as_of: int) -> bool:
    """Raises StoreError while a digest is being composed: it would tell of reviews as they were before."""
    alone(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE digest_runs IN SHARE MODE"))
    run = digest_runs.c
    composing = select(func.max(run.lease_until)).where(run.state == "claimed", run.lease_until > now)
    if until := connection.scalar(composing):
        seconds = -(-(until - now) // timedelta(seconds=1))
        raise StoreError(
            "A digest is being composed at this moment, and nothing was changed; try again in a moment "
            f"(if the bot was stopped, in {seconds} seconds)."
        )
    return version_of(connection) == as_of


def _rewrite(
    connection: Connection, kept: Kept, origin: str, revision: int, notable: int, now: datetime
) -> None:
    """The record as it is from now on; readers are not told of it."""
    known = _known(kept)
    values = {
        "revision": revision + 1,
        "notable": notable,
        "origin": origin,
        **columns_of(kept.change.review),
    }
    connection.execute(update(reviews).where(reviews.c.id == known.id).values(values))
    connection.execute(
        insert(revisions).values(
            review_id=known.id,
            revision=revision + 1,
            kind="mended",
            record=kept.change.review,
            differences=(),
            reason=kept.change.reason,
            source_id=origin,
            at=now,
        )
    )
