"""The themes of a review, the criteria that it matches, and the handles by which it is met again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from bot.models import Kept, KnownReview, Match, Retagged, Theme
from bot.store.archive import BATCH, LONGEST_HANDLE, batches, load, write_matches
from bot.store.columns import plain
from bot.store.engine import Room, insert_into
from bot.store.tables import criteria, handles, matches, review_themes, reviews
from bot.store.writings import next_writing

ENROLLING = timedelta(minutes=1)  # between reading the clock for an enrolment and its being kept


class Describing(Room):
    def tagged_otherwise(self, vocabulary: str) -> tuple[KnownReview, ...]:
        other = or_(reviews.c.tagged < vocabulary, reviews.c.tagged > vocabulary)  # `!=` uses no index
        with self._database.reading() as connection:
            found = load(connection, connection.scalars(select(reviews.c.id).where(other).limit(BATCH)))
            return tuple(found[one] for one in sorted(found))

    def retag(self, found: Sequence[Retagged], vocabulary: str, now: datetime) -> None:
        with self._database.writing() as connection:
            writing = next_writing(connection)
            for one in found:
                here = (reviews.c.id == one.known.id) & (reviews.c.revision == one.known.revision)
                if not connection.execute(update(reviews).where(here).values(tagged=vocabulary)).rowcount:
                    continue
                had = _writings_of(connection, one.known.id)
                anew = _anew(connection, one, had.keys(), now)
                _write_themes(connection, one.known.id, one.themes)
                _rewrite_matches(connection, one.known.id, one.matches, anew, had, writing)
            match_late_criteria(connection, now)


def _writings_of(connection: Connection, review_id: int) -> dict[str, int]:
    """The criteria that a review matches, and by which writing. Other themes bring it to nobody anew."""
    query = select(matches.c.criteria, matches.c.writing).where(matches.c.review_id == review_id)
    return {row.criteria: row.writing for row in connection.execute(query)}


def _anew(
    connection: Connection, found: Retagged, had: Collection[str], now: datetime
) -> dict[str, datetime]:
    """Since when a change of the themes makes these criteria match. Those that have not been matched with the
    archive yet would match without it."""
    fresh = [match.criteria for match in found.matches if match.criteria not in had]
    anew = anew_of(connection, found.known.id)
    for some in batches(fresh):
        met = select(criteria.c.key).where(criteria.c.key.in_(some), criteria.c.matched)
        anew |= dict.fromkeys(connection.scalars(met), now)
    return anew


def anew_of(connection: Connection, review_id: int) -> dict[str, datetime]:
    """The criteria that a review matches only since a change of the themes, and since when."""
    query = select(matches.c.criteria, matches.c.anew)
    here = (matches.c.review_id == review_id) & matches.c.anew.is_not(None)
    return {row.criteria: row.anew for row in connection.execute(query.where(here))}


def describe(
    connection: Connection,
    kept: Kept,
    review_id: int,
    writing: int,
    anew: Mapping[str, datetime] | None = None,
) -> None:
    """Themes and matches as they are since this writing; handles are added, as other pages keep their own.
    What matched only since a change of the themes does still; `anew`: what did, where this review was part of
    another."""
    add_handles(connection, [(review_id, kept)])
    here = reviews.c.id == review_id
    connection.execute(update(reviews).where(here).values(tagged=kept.vocabulary, writing=writing))
    _write_themes(connection, review_id, kept.themes)
    since = anew_of(connection, review_id) if anew is None else anew
    _rewrite_matches(connection, review_id, kept.matches, since, {}, writing)


def _write_themes(connection: Connection, review_id: int, found: Sequence[Theme]) -> None:
    connection.execute(delete(review_themes).where(review_themes.c.review_id == review_id))
    themes = {theme.id: theme for theme in found}.values()
    rows = [
        {"review_id": review_id, "theme": theme.id, "position": position, "evidence": theme.evidence}
        for position, theme in enumerate(themes)
    ]
    if rows:
        connection.execute(insert(review_themes), rows)


def _rewrite_matches(
    connection: Connection,
    review_id: int,
    found: Sequence[Match],
    anew: Mapping[str, datetime],
    had: Mapping[str, int],
    writing: int,
) -> None:
    connection.execute(delete(matches).where(matches.c.review_id == review_id))
    write_matches(connection, [(review_id, match) for match in found], writing, anew, had)


def add_handles(connection: Connection, of: Sequence[tuple[int, Kept]]) -> None:
    """The handles of these reviews, by id."""
    rows = [
        {"handle": handle, "review_id": review_id}
        for review_id, kept in of
        for handle in dict.fromkeys(plain(handle)[:LONGEST_HANDLE] for handle in kept.handles)
    ]
    if rows:
        connection.execute(insert_into(connection, handles).on_conflict_do_nothing(), rows)


def match_late_criteria(connection: Connection, since: datetime) -> None:
    """Criteria that were enrolled while this was at work have not met its reviews: match them again."""
    late = criteria.c.added >= since - ENROLLING
    connection.execute(update(criteria).where(late).values(matched=False))
