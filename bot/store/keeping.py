"""Keeping a poll: the run, and what it changes, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from bot.errors import StoreError
from bot.models import Change, Kept, Review, SavedPage, SourceRun, earliest
from bot.store.columns import plain
from bot.store.describing import add_handles, describe, match_late_criteria
from bot.store.engine import Room, insert_into
from bot.store.runs import last_run, write_run
from bot.store.saved_pages import packed, write_page
from bot.store.tables import (
    decisions,
    reviews,
    revisions,
    sightings,
    source_runs,
    tellings,
)

LONGEST_ADDRESS = 2000


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
            baseline = last_run(connection, run.source_id, read=True) is None
            write_run(connection, run)
            if page_row:
                write_page(connection, page_row)
            for one in kept:
                if one.change.kind == "new":
                    _keep_new(connection, run, one, baseline or one.baseline)
                else:
                    _keep_known(connection, run, one)
            if run.records and all(one.change.kind in ("missing", "withdrawn") for one in kept):
                _see_again(connection, run)
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


def _keep_new(connection: Connection, run: SourceRun, kept: Kept, baseline: bool) -> None:
    review = kept.change.review
    values = {
        "revision": 1,
        "notable": 1,
        "origin": run.source_id,
        "baseline": baseline,
        "first_seen": run.ended,
        **columns_of(review),
        **coming(review, run),
    }
    review_id = add_review(connection, values)
    _write_revision(connection, run, kept, review_id, 1, review)
    _see(connection, run, review_id, kept.change)
    describe(connection, kept, review_id)


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


def _keep_known(connection: Connection, run: SourceRun, kept: Kept) -> None:
    change = kept.change
    if change.known is None:
        raise StoreError(f"a review that is {change.kind} must be a known one: {change.review.title}")
    if change.kind == "missing":
        _miss(connection, run, change.known.id)
        return
    if change.kind == "same":
        _see(connection, run, change.known.id, change)
        add_handles(connection, kept, change.known.id)
        return
    _revise(connection, run, kept, change.known.id)


def _revise(connection: Connection, run: SourceRun, kept: Kept, review_id: int) -> None:
    """The row is read again and held: another source may have revised it since this page was compared."""
    change = kept.change
    before = connection.execute(select(reviews).where(reviews.c.id == review_id).with_for_update()).first()
    if before is None:
        raise StoreError(f"review {review_id} is no longer in the archive; the next poll will see it anew")
    withdrawn = change.kind == "withdrawn"
    review = replace(change.review, status="withdrawn") if withdrawn else change.review
    in_its_words = withdrawn and replace(review, status=before.record.status) == before.record
    gone = in_its_words and change.as_seen is None
    revision = before.revision + 1
    values = {
        "revision": revision,
        "notable": before.notable if change.kind == "mended" else revision,
        "origin": before.origin if in_its_words else run.source_id,
        **columns_of(review),
    }
    if before.came is None:
        values |= coming(review, run)
    else:
        values["age_when_found"] = age_when_found(review, before.came)
    connection.execute(update(reviews).where(reviews.c.id == review_id).values(values))
    _write_revision(connection, run, kept, review_id, revision, review)
    if not in_its_words and (before.origin != run.source_id or change.telling is not None):
        former = {"review_id": review_id, "source_id": before.origin, "record": before.record}
        connection.execute(insert(tellings).values(former))
    if gone:
        _miss(connection, run, review_id)
    else:
        _see(connection, run, review_id, change)
    describe(connection, kept, review_id)


def columns_of(review: Review) -> dict[str, Any]:
    return {
        "record": review,
        "title": plain(review.title),
        "place": plain(review.place) if review.place else None,
        "year": review.year,
        "published": review.published,
        "published_from": earliest(review.published),
        "review_type": review.review_type,
        "status": review.status,
        "words": _words(review),
    }


def coming(review: Review, run: SourceRun) -> dict[str, Any]:
    """When a review was first seen published: what came before was a notice, and readers were not told."""
    if review.status in ("delayed", "unpublished"):
        return {"came": None, "age_when_found": None}
    return {"came": run.ended, "age_when_found": age_when_found(review, run.ended)}


def age_when_found(review: Review, came: datetime | None) -> int | None:
    """Days from the first that its date can mean until it came; None where either is not known."""
    published = earliest(review.published)
    return (came.date() - published).days if published and came else None


def _words(review: Review) -> str:
    """All prose of the record, a line each."""
    lines = [review.incident, review.background]
    for points in (review.good_practice, review.learning, review.recommendations, review.actions):
        lines.extend(points)
    lines.extend(review.questions)
    lines.extend(review.keywords)
    for section in review.sections:
        lines.extend((section.heading, *section.items))
    return plain("\n".join(line for line in lines if line))


def _write_revision(
    connection: Connection, run: SourceRun, kept: Kept, review_id: int, revision: int, review: Review
) -> None:
    connection.execute(
        insert(revisions).values(
            review_id=review_id,
            revision=revision,
            kind=kept.change.kind,
            record=review,
            differences=kept.change.differences,
            reason=kept.change.reason,
            source_id=run.source_id,
            at=run.ended,
        )
    )


def _see(connection: Connection, run: SourceRun, review_id: int, change: Change) -> None:
    """The review is on this source's page: nothing of it is missed, and the addresses that the page itself
    gives were seen now."""
    review = change.as_seen or change.review
    here = (sightings.c.review_id == review_id) & (sightings.c.source_id == run.source_id)
    connection.execute(update(sightings).where(here).values(missed=0))
    addresses = dict.fromkeys(plain(link.url)[:LONGEST_ADDRESS] for link in review.links) or {"": None}
    rows = [
        {
            "review_id": review_id,
            "source_id": run.source_id,
            "url": address,
            "first_seen": run.ended,
            "last_seen": run.ended,
            "missed": 0,
            "reason": change.reason,
        }
        for address in addresses
    ]
    statement = insert_into(connection, sightings)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["review_id", "source_id", "url"],
            set_={"last_seen": statement.excluded.last_seen},
        ),
        rows,
    )
    _write_telling(connection, run.source_id, review_id, change)


def _write_telling(connection: Connection, source_id: str, review_id: int, change: Change) -> None:
    """The page's own words, where the record has another's; none where they are the record now."""
    row = tellings.c.id == change.telling
    if change.as_seen is None:
        if change.telling is not None:
            connection.execute(delete(tellings).where(row))
        return
    values = {"review_id": review_id, "source_id": source_id, "record": change.as_seen}
    was = change.telling is not None
    if not (was and connection.execute(update(tellings).where(row).values(values)).rowcount):
        connection.execute(insert(tellings).values(values))


def _see_again(connection: Connection, run: SourceRun) -> None:
    """The page is as it was: what was on it when it was last read is on it still. What had left it by then
    was last seen before. (A page that changed shows at least one review as seen, or none at all.)"""
    here = sightings.c.source_id == run.source_id
    read = select(func.max(sightings.c.last_seen)).where(here).scalar_subquery()
    still = here & (sightings.c.missed == 0) & (sightings.c.last_seen == read)
    connection.execute(update(sightings).where(still).values(last_seen=run.ended))


def _miss(connection: Connection, run: SourceRun, review_id: int) -> None:
    here = (sightings.c.review_id == review_id) & (sightings.c.source_id == run.source_id)
    connection.execute(update(sightings).where(here).values(missed=sightings.c.missed + 1))
