"""Keeping a poll: the run, and what it changes, in one transaction. What one look at a page makes of a review
is kept in the same way where the page is an older one (backfilling.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from bot.errors import StoreError
from bot.models import Change, Kept, KnownReview, Review, SavedPage, SourceRun, earliest
from bot.store.columns import plain
from bot.store.describing import add_handles, describe, match_late_criteria
from bot.store.engine import Room
from bot.store.runs import last_run, write_run
from bot.store.saved_pages import packed, write_page
from bot.store.seeing import Visit, miss, see, see_again
from bot.store.tables import (
    decisions,
    reviews,
    revisions,
    source_runs,
    tellings,
)
from bot.store.writings import next_writing

LONGEST_PLACE = 200  # PostgreSQL indexes no text beyond 2.7 kB; the record has the whole


class Keeping(Room):
    def version(self) -> int:
        with self._database.reading() as connection:
            return version_of(connection)

    def keep(
        self,
        run: SourceRun,
        kept: Sequence[Kept],
        as_of: int | None = None,
        page: SavedPage | None = None,
    ) -> bool:
        page_row = packed(page)
        with self._database.writing() as connection:
            alone(connection)
            if as_of is not None and version_of(connection) != as_of:
                return False
            visit = Visit(source_id=run.source_id, at=run.ended, writing=next_writing(connection))
            baseline = last_run(connection, run.source_id, read=True) is None
            write_run(connection, run)
            if page_row:
                write_page(connection, page_row)
            for one in kept:
                if one.change.kind != "same":
                    keep_one(connection, visit, one, baseline=baseline)
            _keep_same(connection, visit, [one for one in kept if one.change.kind == "same"])
            if run.records and all(one.change.kind in ("missing", "withdrawn") for one in kept):
                see_again(connection, visit)
            if any(one.change.kind not in ("same", "missing") for one in kept):
                match_late_criteria(connection, run.started)
            return True


def version_of(connection: Connection) -> int:
    """Raised by every poll that is kept and by every decision of a person: each writes a run or a revision,
    and neither is ever deleted."""
    polls = connection.scalar(select(func.max(source_runs.c.id))) or 0
    return polls + (connection.scalar(select(func.max(revisions.c.id))) or 0)


def alone(connection: Connection) -> None:
    """Nobody else keeps a poll, or decides anything, until this is kept. (SQLite has one writer anyway.)"""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE source_runs IN SHARE ROW EXCLUSIVE MODE"))


def keep_one(connection: Connection, visit: Visit, kept: Kept, *, baseline: bool) -> None:
    """What this visit says of one review. `baseline`: a new one counts as known from before."""
    if kept.change.kind == "new":
        _keep_new(connection, visit, kept, baseline or kept.baseline)
    else:
        _keep_known(connection, visit, kept)


def _keep_new(connection: Connection, visit: Visit, kept: Kept, baseline: bool) -> None:
    review = kept.change.review
    values = {
        "revision": 1,
        "notable": 1,
        "origin": visit.source_id,
        "baseline": baseline,
        "backfilled": visit.beyond,
        "first_seen": visit.at,
        **columns_of(review),
        **_coming(review, visit),
    }
    review_id = add_review(connection, values)
    _write_revision(connection, visit, kept, review_id, 1, review)
    see(connection, visit, [(review_id, kept.change)])
    describe(connection, kept, review_id, visit.writing)


def add_review(connection: Connection, values: dict[str, Any]) -> int:
    """Write a review, under a number that no other ever had. SQLite would give the number of one that was
    joined to another to the next, and what a person noted down of it would name a stranger."""
    if connection.dialect.name == "sqlite":
        had = [
            connection.scalar(select(func.max(column))) or 0 for column in (reviews.c.id, decisions.c.other)
        ]
        values = {"id": max(had) + 1, **values}
    number: int = connection.execute(insert(reviews).values(values).returning(reviews.c.id)).scalar_one()
    return number


def _keep_known(connection: Connection, visit: Visit, kept: Kept) -> None:
    known = _known(kept.change)
    if kept.change.kind == "missing":
        miss(connection, visit, known.id)
    elif kept.change.kind == "same":
        _keep_same(connection, visit, [kept])
    else:
        _revise(connection, visit, kept, known.id)


def _keep_same(connection: Connection, visit: Visit, kept: Sequence[Kept]) -> None:
    """All in one go: of a page that changed, nearly all reviews are as they were."""
    seen = [(_known(one.change).id, one) for one in kept]
    see(connection, visit, [(review_id, one.change) for review_id, one in seen])
    add_handles(connection, seen)


def _known(change: Change) -> KnownReview:
    if change.known is None:
        raise StoreError(f"a review that is {change.kind} must be a known one: {change.review.title}")
    return change.known


def _revise(connection: Connection, visit: Visit, kept: Kept, review_id: int) -> None:
    """The row is read again and held: another source may have revised it since this page was compared."""
    change = kept.change
    before = connection.execute(select(reviews).where(reviews.c.id == review_id).with_for_update()).first()
    if before is None:
        raise StoreError(f"review {review_id} is no longer in the archive; the next poll will see it anew")
    withdrawn = change.kind == "withdrawn"
    review = replace(change.review, status="withdrawn") if withdrawn else change.review
    in_its_words = withdrawn and replace(review, status=before.record.status) == before.record
    gone = in_its_words and change.as_seen is None
    if gone and not miss(connection, visit, review_id):
        return  # meanwhile it was found on an older page
    revision = before.revision + 1
    values = {
        "revision": revision,
        "notable": before.notable if change.kind == "mended" else revision,
        "origin": before.origin if in_its_words else visit.source_id,
        **columns_of(review),
        **_came(before, review, visit),
    }
    connection.execute(update(reviews).where(reviews.c.id == review_id).values(values))
    _write_revision(connection, visit, kept, review_id, revision, review)
    if not in_its_words and (before.origin != visit.source_id or change.telling is not None):
        former = {"review_id": review_id, "source_id": before.origin, "record": before.record}
        connection.execute(insert(tellings).values(former))
    if not gone:
        see(connection, visit, [(review_id, change)])
    describe(connection, kept, review_id, visit.writing)


def columns_of(review: Review) -> dict[str, Any]:
    return {
        "record": review,
        "title": plain(review.title),
        "place": plain(review.place)[:LONGEST_PLACE] if review.place else None,
        "year": review.year,
        "published": review.published,
        "published_from": earliest(review.published),
        "review_type": review.review_type,
        "status": review.status,
        "words": _words(review),
    }


def _coming(review: Review, visit: Visit) -> dict[str, Any]:
    """When a review was first seen published: what came before was a notice, and readers were not told. What
    an older page has is of no known age: whoever reaches back some days is not told either."""
    if review.status in ("delayed", "unpublished"):
        return {"came": None, "age_when_found": None}
    age = None if visit.beyond else age_when_found(review, visit.at)
    return {"came": visit.at, "age_when_found": age}


def _came(before: Row[Any], review: Review, visit: Visit) -> dict[str, Any]:
    """The same for a known one. A notice whose review comes to the page that is watched is news, wherever the
    notice stood; one whose review is found on an older page was there all the time."""
    if before.came is not None:
        return {"age_when_found": None if before.backfilled else age_when_found(review, before.came)}
    came = _coming(review, visit)
    if came["came"] is None:
        return came
    if visit.beyond:
        return {**came, "came": before.first_seen, "baseline": True, "backfilled": True}
    return {**came, "backfilled": False}


def age_when_found(review: Review, came: datetime | None) -> int | None:
    """Days from the first that its date can mean until it came; None where either is not known."""
    published = earliest(review.published)
    return (came.date() - published).days if published and came else None


def _words(review: Review) -> str:
    """All prose of the record, a line each."""
    lines = [review.incident, review.background]
    lines += [*review.good_practice, *review.learning, *review.recommendations, *review.actions]
    lines += [*review.questions, *review.keywords]
    for section in review.sections:
        lines.extend((section.heading, *section.items))
    return plain("\n".join(line for line in lines if line))


def _write_revision(
    connection: Connection, visit: Visit, kept: Kept, review_id: int, revision: int, review: Review
) -> None:
    change = kept.change
    back = change.kind == "mended" and any(one.field == "status" for one in change.differences)
    connection.execute(
        insert(revisions).values(
            review_id=review_id,
            revision=revision,
            kind="revised" if back else change.kind,  # to who was not told of the withdrawal, it never was
            record=review,
            differences=change.differences,
            reason=change.reason,
            source_id=visit.source_id,
            at=visit.at,
        )
    )
