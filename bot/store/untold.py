"""What readers have not been told: for many at once, and found once for all of whom it is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from bot.models import Because, Doubtful, Due, KnownReview, Reader, Reason, Theme, Untold, earliest
from bot.store.archive import batches, load, themes_of
from bot.store.arriving import (
    Row,
    brought_by,
    count_published,
    heard_by,
    own_rows,
    published_among,
    untold_of,
    wish,
)
from bot.store.doubtful import doubtful
from bot.store.revised import Differences, Known, revised_since
from bot.store.tables import matches

Reasons = Mapping[tuple[str, int], tuple[Reason, ...]]


class _Case(NamedTuple):
    """All on which it depends what a reader has not been told: of whom it is equal, that is too.

    `arrived`: by row, the reviews that it brings. `heard`: of a reader who never had a digest, all that they
    know; None for others."""

    rows: tuple[Row, ...]
    arrived: tuple[frozenset[int], ...]
    revised: frozenset[Known]
    doubtful: tuple[Doubtful, ...]
    heard: frozenset[int] | None

    @property
    def active(self) -> list[Row]:
        return [row for row in self.rows if row.ended_at is None]

    @property
    def asked(self) -> frozenset[str]:
        return frozenset(row.criteria for row in self.active)

    @property
    def revisions(self) -> dict[int, Known]:
        return {known.review_id: known for known in self.revised}

    @property
    def ids(self) -> set[int]:
        return set().union(self.revisions, *self.arrived)

    @property
    def known(self) -> set[int]:
        """All that the reader knows once they have this digest."""
        return self.ids.union(self.heard or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    """What the archive says of the reviews that are due to anybody. `published`: how many match any of some
    criteria; `among`: by criteria, which of those that newcomers know or are told now are of these."""

    known: Mapping[int, KnownReview]
    themes: Mapping[int, tuple[Theme, ...]]
    reasons: Reasons
    differences: Differences
    published: Mapping[frozenset[str], int]
    among: Mapping[str, set[int]]


def untold(connection: Connection, readers: Sequence[Reader], baseline_days: int) -> dict[int, Untold]:
    """By reader, all of one schedule. Equal ones are one object."""
    cases, differences = _cases(connection, readers, baseline_days)
    distinct = set(cases.values())
    ids = set().union(*(case.ids for case in distinct))
    newcomers = [case for case in distinct if case.heard is not None]
    asked = {case.asked for case in newcomers}
    known = set().union(*(case.known for case in newcomers))
    archive = _Archive(
        known=load(connection, ids),
        themes=themes_of(connection, ids),
        reasons=_reasons(connection, {row.criteria for case in distinct for row in case.rows}, ids),
        differences=differences,
        published=count_published(connection, asked),
        among=published_among(connection, set().union(*asked), known),
    )
    found = {case: _untold(case, archive) for case in distinct}
    return {number: found[case] for number, case in cases.items()}


def _cases(
    connection: Connection, readers: Sequence[Reader], baseline_days: int
) -> tuple[dict[int, _Case], Differences]:
    ids = [reader.id for reader in readers]
    rows = own_rows(connection, readers)
    wishes = {reader.id: tuple(wish(reader, row) for row in rows[reader.id]) for reader in readers}
    brought = brought_by(connection, set().union(*wishes.values()), baseline_days)
    open_to = untold_of(connection, readers, set().union(*brought.values()))
    revised, differences = revised_since(connection, readers)
    in_doubt = doubtful(connection, ids)
    newcomers = {reader.id for reader in readers if reader.newcomer}
    heard = heard_by(connection, newcomers)
    nothing: set[int] = set()
    cases = {
        number: _Case(
            rows[number],
            tuple(brought[one] & open_to.get(number, nothing) for one in wishes[number]),
            revised.get(number, frozenset()),
            tuple(lost.digest for lost in in_doubt.get(number, ())),
            heard.get(number, frozenset()) if number in newcomers else None,
        )
        for number in ids
    }
    return cases, differences


def _reasons(connection: Connection, criteria: set[str], ids: set[int]) -> Reasons:
    found: dict[tuple[str, int], tuple[Reason, ...]] = {}
    for keys in batches(sorted(criteria)):
        for some in batches(sorted(ids)):
            query = select(matches.c.criteria, matches.c.review_id, matches.c.reasons).where(
                matches.c.criteria.in_(keys), matches.c.review_id.in_(some)
            )
            found |= {(row.criteria, row.review_id): row.reasons for row in connection.execute(query)}
    return found


def _untold(case: _Case, archive: _Archive) -> Untold:
    active = case.active
    return Untold(
        due=_due(case, archive),
        subscriptions=tuple(dict.fromkeys(row.name for row in active)),
        footer=next((row.footer for row in active if row.footer), None),
        left_in_archive=_left(case, archive),
        quiet=any(row.quiet for row in active),
        doubtful=case.doubtful,
    )


def _due(case: _Case, archive: _Archive) -> tuple[Due, ...]:
    revisions = case.revisions
    found = sorted((archive.known[number] for number in case.ids), key=_age_order, reverse=True)
    return tuple(
        Due(
            known=known,
            themes=archive.themes.get(known.id, ()),
            because=_because(case, known.id, archive.reasons),
            told_revision=told.revision if (told := revisions.get(known.id)) else None,
            differences=archive.differences.get(told, ()) if told else (),
        )
        for known in found
    )


def _because(case: _Case, review_id: int, reasons: Reasons) -> tuple[Because, ...]:
    """Which subscriptions brought a review: every active one that matches, and a changed one's earlier
    criteria where they alone did."""
    found: dict[str, Because] = {}
    for row, arrived in zip(case.rows, case.arrived, strict=True):
        why = reasons.get((row.criteria, review_id))
        if why is None or (row.ended_at is not None and review_id not in arrived):
            continue
        found.setdefault(row.subscription, Because(subscription=row.subscription, name=row.name, reasons=why))
    return tuple(found.values())


def _left(case: _Case, archive: _Archive) -> int:
    """For a reader who never had a digest: how many matching reviews are older than it reaches."""
    if case.heard is None:
        return 0
    matching: set[int] = set().union(*(archive.among.get(key, set()) for key in case.asked))
    return archive.published[case.asked] - len(matching & case.known)


def _age_order(known: KnownReview) -> tuple[date, datetime, int]:
    """When it was published as far as that is known, then when it was first seen."""
    return earliest(known.review.published) or date.min, known.first_seen, known.id
