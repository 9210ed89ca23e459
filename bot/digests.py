"""Composing: what one reader is told now, as a Digest; equal digests share an Edition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from bot.models import (
    UNREAD,
    Coverage,
    Digest,
    Due,
    Edition,
    Entry,
    EntryKind,
    Reader,
    Schedule,
    Seen,
    Source,
    SourceStanding,
    Untold,
    latest,
)

KINDS: tuple[EntryKind, ...] = ("new", "revised", "withdrawn")
MOST_REVIEWS = 60  # in a digest: nobody reads more, and mail programs hide the end of what is longer
LATE_AFTER = timedelta(days=31)  # published longer ago than this before the digest: its date is pointed out


def compose(
    reader: Reader,
    schedule: Schedule,
    slot: datetime,
    untold: Untold,
    coverage: Coverage,
    sources: Mapping[str, Source],
) -> tuple[Digest, ...]:
    """The messages due to this reader: one digest; a Slack channel that wants each review at once gets one
    a review. None where there is nothing to say and quiet is kept.

    `sources` by id name the places where a review was seen.
    """
    digest = Digest(
        schedule=schedule.id,
        timezone=schedule.timezone,
        slot=slot,
        since=reader.last_slot,
        subscriptions=untold.subscriptions,
        entries=tuple(_entry(due, sources, slot) for due in _ordered(untold.due)),
        coverage=coverage,
        baseline_days=schedule.baseline_days if reader.newcomer and schedule.cron else None,
        left_in_archive=untold.left_in_archive if reader.newcomer else 0,
        doubtful=untold.doubtful,
        footer=untold.footer,
    )
    digest = replace(
        digest, entries=digest.entries[:MOST_REVIEWS], held_over=len(digest.entries[MOST_REVIEWS:])
    )
    if schedule.cron is None:
        return _at_once(reader, digest)
    lost = any(one.reviews for one in digest.doubtful)
    return (digest,) if digest.entries or untold.quiet or lost else ()


def _at_once(reader: Reader, digest: Digest) -> tuple[Digest, ...]:
    if not digest.entries:
        return ()
    if reader.subscriber.medium == "slack":
        posts = [replace(digest, entries=(entry,)) for entry in digest.entries]
        return (posts[0], *(replace(post, doubtful=()) for post in posts[1:]))
    return (digest,)


def edition(digest: Digest) -> Edition:
    """The digest under the hash of its content, so that equal ones are kept and rendered once."""
    content = json.dumps(digest, default=_plain, sort_keys=True, ensure_ascii=False)
    return Edition(id=hashlib.sha256(content.encode()).hexdigest()[:32], digest=digest)


def _plain(value: object) -> object:
    """A record as its fields, anything else as text. (`asdict` copies each value: six times as slow.)"""
    kind: Any = type(value)  # mypy sees no hash in a type that has one
    names = _names(kind)
    return {name: getattr(value, name) for name in names} if names else str(value)


@cache
def _names(record: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record)) if is_dataclass(record) else ()


def coverage(
    standings: Sequence[SourceStanding],
    sources: Mapping[str, Source],
    published_in_all: int,
    overdue: Callable[[Source, datetime], bool],
) -> Coverage:
    """What was checked, for readers: only sources that are watched now, and nothing that differs between two
    readers of one slot. A source was read if its last poll could read it and is not `overdue` (of a source
    and when it was polled last), however lately a reader was told something."""
    stood = {one.source_id: one for one in standings}
    watched = [source for source in sources.values() if source.enabled]
    unread = [one for source in watched if (one := _unread(source, stood.get(source.id), overdue))]
    return Coverage(checked=len(watched), unread=tuple(unread), published_in_all=published_in_all)


def _unread(
    source: Source, stood: SourceStanding | None, overdue: Callable[[Source, datetime], bool]
) -> SourceStanding | None:
    """How a source is named that could not be read, or that nobody looked at when it was due; None for one
    that was read."""
    last_run = stood.last_run if stood else None
    failed = stood is not None and stood.state in UNREAD
    if last_run and not failed and not overdue(source, last_run):
        return None
    return SourceStanding(
        source_id=source.id,
        name=source.name,
        state=stood.state if stood and failed else "never read",
        since=stood.since if stood and failed else last_run,
        last_run=None,
        last_good=stood.last_good if stood else None,
    )


def _entry(due: Due, sources: Mapping[str, Source], slot: datetime) -> Entry:
    review = due.known.review
    last = latest(review.published)
    return Entry(
        kind=_kind(due),
        review_id=due.known.id,
        revision=due.known.notable,
        review=review,
        themes=due.themes,
        because=due.because,
        seen=_seen(due, sources),
        differences=due.differences if due.told_revision is not None else (),
        late=last is not None and last < (slot - LATE_AFTER).date(),
    )


def _kind(due: Due) -> EntryKind:
    if due.known.review.status == "withdrawn":
        return "withdrawn"
    return "new" if due.told_revision is None else "revised"


def _seen(due: Due, sources: Mapping[str, Source]) -> tuple[Seen, ...]:
    """Each source once, where it was seen first; the page where the review has no address of its own."""
    found: dict[str, Seen] = {}
    for sighting in sorted(due.known.sightings, key=lambda one: one.first_seen):
        source = sources.get(sighting.source_id)
        found.setdefault(
            sighting.source_id,
            Seen(
                source_id=sighting.source_id,
                name=source.name if source else sighting.source_id,
                url=source.url if source else sighting.url,
                first_seen=sighting.first_seen,
                attribution=source.attribution if source else None,
            ),
        )
    return tuple(found.values())


def _ordered(due: Sequence[Due]) -> list[Due]:
    """New ones first, then revisions and withdrawals; the newest on top, then by title."""
    by_title = sorted(due, key=lambda one: one.known.review.title.casefold())
    newest_first = sorted(by_title, key=lambda one: one.known.review.published or "", reverse=True)
    return sorted(newest_first, key=lambda one: KINDS.index(_kind(one)))
