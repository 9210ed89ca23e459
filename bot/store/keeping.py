"""Keeping a poll: the run, and what it changes, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from bot.errors import StoreError
from bot.models import Change, Kept, Review, SourceRun, earliest
from bot.store.archive import LONGEST_HANDLE, write_matches
from bot.store.engine import Room, insert_into
from bot.store.runs import last_run, write_run
from bot.store.tables import (
    criteria,
    handles,
    matches,
    review_themes,
    reviews,
    revisions,
    sightings,
    source_runs,
)

LONGEST_ADDRESS = 2000
ENROLLING = timedelta(minutes=1)  # between reading the clock for an enrolment and its being kept


class Keeping(Room):
    def version(self) -> int:
        with self._database.reading() as connection:
            return _version(connection)

    def keep(self, run: SourceRun, kept: Sequence[Kept], as_of: int | None = None) -> bool:
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.execute(text("LOCK TABLE source_runs IN SHARE ROW EXCLUSIVE MODE"))
            if as_of is not None and _version(connection) != as_of:
                return False
            baseline = last_run(connection, run.source_id, read=True) is None
            write_run(connection, run)
            for one in kept:
                if one.change.kind == "new":
                    _keep_new(connection, run, one, baseline or one.baseline)
                else:
                    _keep_known(connection, run, one)
            if run.records and all(one.change.kind in ("missing", "withdrawn") for one in kept):
                _see_again(connection, run)
            if any(one.change.kind not in ("same", "missing") for one in kept):
                _match_late_criteria(connection, run)
            return True


def _version(connection: Connection) -> int:
    return connection.scalar(select(func.max(source_runs.c.id))) or 0


def _keep_new(connection: Connection, run: SourceRun, kept: Kept, baseline: bool) -> None:
    review = kept.change.review
    values = {
        "revision": 1,
        "notable": 1,
        "origin": run.source_id,
        "baseline": baseline,
        "first_seen": run.ended,
        **_columns(review),
        **_coming(review, run),
    }
    review_id = connection.execute(insert(reviews).values(values).returning(reviews.c.id)).scalar_one()
    _write_revision(connection, run, kept, review_id, 1, review)
    _see(connection, run, review_id, kept.change)
    _describe(connection, kept, review_id)


def _keep_known(connection: Connection, run: SourceRun, kept: Kept) -> None:
    change = kept.change
    if change.known is None:
        raise StoreError(f"a review that is {change.kind} must be a known one: {change.review.title}")
    if change.kind == "missing":
        _miss(connection, run, change.known.id)
        return
    if change.kind == "same":
        _see(connection, run, change.known.id, change)
        _add_handles(connection, kept, change.known.id)
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
    by_absence = replace(review, status=before.record.status) == before.record and change.as_seen is None
    gone = withdrawn and by_absence
    revision = before.revision + 1
    values = {
        "revision": revision,
        "notable": before.notable if change.kind == "mended" else revision,
        "origin": before.origin if gone else run.source_id,
        **_columns(review),
    }
    if before.came is None:
        values |= _coming(review, run)
    else:
        values["age_when_found"] = _days(values["published_from"], before.came)
    connection.execute(update(reviews).where(reviews.c.id == review_id).values(values))
    _write_revision(connection, run, kept, review_id, revision, review)
    if gone:
        _miss(connection, run, review_id)
    else:
        _see(connection, run, review_id, change)
    _describe(connection, kept, review_id)


def _columns(review: Review) -> dict[str, Any]:
    return {
        "record": review,
        "title": _plain(review.title),
        "place": _plain(review.place) if review.place else None,
        "year": review.year,
        "published": review.published,
        "published_from": earliest(review.published),
        "review_type": review.review_type,
        "status": review.status,
        "words": _words(review),
    }


def _coming(review: Review, run: SourceRun) -> dict[str, Any]:
    """When a review was first seen published: what came before was a notice, and readers were not told."""
    if review.status in ("delayed", "unpublished"):
        return {"came": None, "age_when_found": None}
    return {"came": run.ended, "age_when_found": _days(earliest(review.published), run.ended)}


def _days(published_from: Any, came: Any) -> int | None:
    return (came.date() - published_from).days if published_from else None


def _words(review: Review) -> str:
    """All prose of the record, a line each."""
    lines = [review.incident, review.background]
    for points in (review.good_practice, review.learning, review.recommendations, review.actions):
        lines.extend(points)
    lines.extend(review.questions)
    lines.extend(review.keywords)
    for section in review.sections:
        lines.extend((section.heading, *section.items))
    return _plain("\n".join(line for line in lines if line))


def _plain(text: str) -> str:
    """PostgreSQL keeps no NUL characters."""
    return text.replace("\x00", "")


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
    addresses = dict.fromkeys(_plain(link.url)[:LONGEST_ADDRESS] for link in review.links) or {"": None}
    rows = [
        {
            "review_id": review_id,
            "source_id": run.source_id,
            "url": address,
            "first_seen": run.ended,
            "last_seen": run.ended,
            "missed": 0,
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


def _describe(connection: Connection, kept: Kept, review_id: int) -> None:
    """Themes and matches as they are now; handles are added, as other pages keep their own."""
    _add_handles(connection, kept, review_id)
    connection.execute(delete(review_themes).where(review_themes.c.review_id == review_id))
    themes = {theme.id: theme for theme in kept.themes}.values()
    rows = [
        {"review_id": review_id, "theme": theme.id, "position": position, "evidence": theme.evidence}
        for position, theme in enumerate(themes)
    ]
    if rows:
        connection.execute(insert(review_themes), rows)
    connection.execute(delete(matches).where(matches.c.review_id == review_id))
    write_matches(connection, [(review_id, match) for match in kept.matches])


def _add_handles(connection: Connection, kept: Kept, review_id: int) -> None:
    rows = [
        {"handle": handle, "review_id": review_id}
        for handle in dict.fromkeys(_plain(handle)[:LONGEST_HANDLE] for handle in kept.handles)
    ]
    if rows:
        connection.execute(insert_into(connection, handles).on_conflict_do_nothing(), rows)


def _match_late_criteria(connection: Connection, run: SourceRun) -> None:
    """Criteria that were enrolled while this poll was at work have not met its reviews: match them again."""
    late = criteria.c.added >= run.started - ENROLLING
    connection.execute(update(criteria).where(late).values(matched=False))
