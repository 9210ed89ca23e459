"""What a page no longer has: missing at first, withdrawn after several good polls without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.models import Change, Difference, KnownReview, Review, Sighting, Source, latest

GONE_AFTER = 3  # good polls in a row without it, before a review counts as withdrawn
GONE_FOR = timedelta(days=1)  # at least, since it was last seen: three polls of one minute are one look


def still_absent(source: Source, gone: Sequence[KnownReview], now: datetime) -> tuple[Change, ...]:
    """What an unchanged page says of the reviews that it no longer had when it was last read."""
    return tuple(_missing(source, known, now) for known in gone)


def absent(
    source: Source, free: Sequence[KnownReview], met: Sequence[KnownReview], now: datetime
) -> list[Change]:
    """Known reviews of this source that the page no longer has.

    A page that shows the latest few drops its oldest; only a review that left while older ones stayed
    counts as missing.
    """
    return [
        _missing(source, known, now)
        for known in free
        if on_page(source, known)
        and known.review.status != "withdrawn"
        and any(_no_younger(other, known) for other in met)
    ]


def emptied(source: Source, known: Sequence[KnownReview], now: datetime) -> list[Change]:
    """Known reviews of a page that says that nothing is published. A page from which reviews have left
    before, as last month's do, says that there are none this month; so it withdraws nothing."""
    here = [one for one in known if on_page(source, one) and one.review.status != "withdrawn"]
    last = max((_last_seen(source, one) for one in here), default=None)
    if any(_last_seen(source, one) != last and not _missed(source, one) for one in here):
        return []
    return [_missing(source, one, now) for one in here]


def _missing(source: Source, known: KnownReview, now: datetime) -> Change:
    missed, left = _missed(source, known) + 1, _last_seen(source, known)
    elsewhere = any(
        s.source_id != source.id and s.missed == 0 and s.last_seen > left for s in known.sightings
    )
    if missed >= GONE_AFTER and now - left >= GONE_FOR and not elsewhere:
        return says_withdrawn(known, f"not on its page at the last {missed} good polls")
    reason = f"not on the page, {missed} of {GONE_AFTER} polls"
    return Change(kind="missing", review=known.review, known=known, reason=reason)


def says_withdrawn(known: KnownReview, reason: str) -> Change:
    return Change(
        kind="withdrawn",
        review=replace(known.review, status="withdrawn"),
        known=known,
        reason=reason,
        differences=(Difference(field="status", before=(known.review.status,), after=("withdrawn",)),),
    )


def seen_at(source: Source, known: KnownReview) -> bool:
    """On the page that is watched, or on an older one."""
    return any(sighting.source_id == source.id for sighting in known.sightings)


def on_page(source: Source, known: KnownReview) -> bool:
    """Whether the page that is watched has it, or had it until it was found on an older one. What only older
    pages have, it does not miss."""
    return bool(_of_page(source, known))


def was_on_page(source: Source, known: KnownReview) -> bool:
    """Whether the page that is watched ever had it, also where an older one has it now."""
    once = known.origin in ("", source.id) and not known.backfilled
    return on_page(source, known) or (once and seen_at(source, known))


def left_page(source: Source, known: Iterable[KnownReview]) -> frozenset[int]:
    """Numbers of the reviews that the watched page had, and that the last good poll did not find there."""
    had = [one for one in known if on_page(source, one)]
    last = max((_last_seen(source, one) for one in had), default=None)
    return frozenset(one.id for one in had if _missed(source, one) or _last_seen(source, one) != last)


def _of_page(source: Source, known: KnownReview) -> list[Sighting]:
    return [one for one in known.sightings if one.source_id == source.id and not one.beyond]


def _missed(source: Source, known: KnownReview) -> int:
    return max(sighting.missed for sighting in _of_page(source, known))


def _last_seen(source: Source, known: KnownReview) -> datetime:
    return max(sighting.last_seen for sighting in _of_page(source, known))


def _no_younger(other: KnownReview, than: KnownReview) -> bool:
    """Whether `other` is at least as old; what has no date proves nothing about what has one."""
    a, b = _last_day(other.review), _last_day(than.review)
    if a and b:
        return a <= b
    return a is b is None and other.first_seen <= than.first_seen


def _last_day(review: Review) -> date | None:
    return latest(review.published) or latest(str(review.year) if review.year else None)
