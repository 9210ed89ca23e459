"""Recognising a review: new, revised, mended, the same, missing or withdrawn, across polls and sources.

Titles alone do not tell reviews apart ("Child A" is on a hundred pages, and fuzzy scores take "Child A" for
"Child B"), so a review is the same as a known one only when the names in its title agree, its place and year
do not disagree, and something else confirms it: the same page, the same document, or the same story.
Order and position on a page never matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz

from bot.following import completed
from bot.models import Change, ChangeKind, Difference, KnownReview, Review, Source, latest
from bot.names import (
    address,
    folded,
    names,
    names_a_case,
    names_alike,
    one_within_other,
    places_differ,
)
from bot.revisions import compare
from bot.themes.ages import age_length

SAME_STORY = 92.0  # of 100: how alike the prose of one review told twice is at least
GONE_AFTER = 3  # good polls in a row without it, before a review counts as withdrawn


def recognise(
    source: Source, reviews: Sequence[Review], known: Sequence[KnownReview], *, rolls: bool
) -> tuple[Change, ...]:
    """What one good poll of `source` says, against what is `known` of it and of its reviews elsewhere.

    `rolls`: the page shows the latest few by design (a feed), so that leaving it means nothing.
    Every review of the page gives one change; each known review of this source that the page no longer
    has gives `missing` or `withdrawn`.
    """
    shared = _shared_addresses(reviews)
    page = list(dict.fromkeys(reviews))  # a print view or a second listing on the page says nothing new
    pairs = _pairs(source, page, known, shared)
    changes = [
        _compared(source, review, *pairs[review])
        if review in pairs
        else Change(kind="new", review=review, known=None, reason="not in the archive")
        for review in page
    ]
    if not rolls:
        met = [change.known for change in changes if change.known]
        changes.extend(_absent(source, [one for one in known if one not in met], met))
    return tuple(changes)


def _shared_addresses(reviews: Sequence[Review]) -> set[str]:
    """Addresses that several reviews of the page link to: they identify none of them."""
    seen: set[str] = set()
    shared: set[str] = set()
    for review in reviews:
        for one in {address(link.url) for link in review.links}:
            (shared if one in seen else seen).add(one)
    return shared


def _pairs(
    source: Source, page: Sequence[Review], known: Sequence[KnownReview], shared: set[str]
) -> dict[Review, tuple[KnownReview, str]]:
    """Which known review each of the page's is, and why. The surest pairs are taken first, so that of two
    reviews called alike each finds its own."""
    before = {one.review: one for one in known if _seen_here(source, one)}
    pairs = {review: (before[review], "as it was") for review in page if review in before}
    taken = {one.id for one, _ in pairs.values()}
    scored = [
        (*verdict, review, one)
        for review in page
        if review not in pairs
        for one in known
        if one.id not in taken and (verdict := _same(source, review, one, shared))
    ]
    for _, reason, review, one in sorted(scored, key=lambda each: each[0], reverse=True):
        if review not in pairs and one.id not in taken:
            pairs[review] = (one, reason)
            taken.add(one.id)
    return pairs


def _same(source: Source, review: Review, known: KnownReview, shared: set[str]) -> tuple[float, str] | None:
    """How sure it is that they are one review (higher is surer), and why; None if they are two.

    A place that changed on a page says that the partnership was renamed, not that its reviews are others;
    between two pages it tells apart.
    """
    before = known.review
    here = _seen_here(source, known)
    named = names(review) == names(before)
    alike = named or one_within_other(review, before)
    one_year = 20 if review.year == before.year else 0
    if _one_document(review, before, shared) and (alike or _story(review, before) >= 60):
        return 300 + one_year + _story(review, before), "the same document"
    if _years_differ(review, before):
        return None
    if here:
        if named:
            return 200 + one_year + _story(review, before), "the same name on the same page"
        if names_alike(review, before) and _story(review, before) >= SAME_STORY:
            return SAME_STORY, "the same story under a corrected title"
        return None
    if not alike or places_differ(review.place, before.place) or _contradict(review, before):
        return None
    if named and names_a_case(review) and review.place and before.place and _confirmed(review, before):
        return 100 + one_year + _story(review, before), "the same name, place and year on another page"
    if _story(review, before) >= SAME_STORY:
        return SAME_STORY, "the same story on another page"
    return None


def _one_document(review: Review, before: Review, shared: set[str]) -> bool:
    ours = {address(link.url) for link in review.links} - shared
    return any(address(link.url) in ours for link in before.links)


def _seen_here(source: Source, known: KnownReview) -> bool:
    return any(sighting.source_id == source.id for sighting in known.sightings)


def _contradict(one: Review, other: Review) -> bool:
    """Whether something that both state cannot be true of one case. An outcome `other` says too little."""
    a, b = one.facts, other.facts
    sex = a.sex and b.sex and a.sex != b.sex
    outcomes = {a.outcome, b.outcome} == {"death", "serious-harm"}
    return bool(sex or outcomes or _ages_differ(a.ages, b.ages))


def _ages_differ(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether no age of the one is near an age of the other: `10 weeks` and `2 months` are."""
    if not ours or not theirs:
        return False
    return not any(_near(age_length(a), age_length(b)) for a in ours for b in theirs)


def _near(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and abs(a - b) <= 0.2 * max(a, b)


def _confirmed(one: Review, other: Review) -> bool:
    """Whether more than a common name agrees: the year, or the ages (neither contradicts by now)."""
    years = one.year is not None and other.year is not None
    return years or bool(one.facts.ages and other.facts.ages)


def _years_differ(one: Review, other: Review) -> bool:
    """More than a year apart: partnerships and the NSPCC publish one review up to a year apart."""
    return one.year is not None and other.year is not None and abs(one.year - other.year) > 1


def _story(one: Review, other: Review) -> float:
    """How alike the prose is, 0 to 100; 0 where there is too little of it to tell."""
    a, b = _prose(one), _prose(other)
    if min(len(a), len(b)) < 80:
        return 0.0
    return fuzz.ratio(a, b)


def _prose(review: Review) -> str:
    return folded(" ".join((review.incident, *review.learning[:3], *review.recommendations[:3])))


def _compared(source: Source, review: Review, known: KnownReview, reason: str) -> Change:
    """What a sighting of a known review changes.

    Two sources tell one review in different words; each is compared with its own, or every poll of the
    one would revise the other. The fuller record is the one that is kept. A withdrawal counts, whoever
    says it, and from then on that source's word does.
    """
    if known.origin in ("", source.id):
        whole = completed(review, known.review) if source.follow else review
        kind, differences = compare(known.review, whole)
        return Change(kind=kind, review=whole, known=known, reason=reason, differences=differences)
    if review.status == "withdrawn" != known.review.status:
        return _withdrawn(known, f"{reason}, where it says that it is withdrawn")
    if known.review.status == review.status and _fullness(review) > _fullness(known.review):
        kind, differences = compare(known.review, review)
        told: ChangeKind = "revised" if kind == "revised" else "mended"
        reason = f"{reason}, told more fully"
        return Change(kind=told, review=review, known=known, reason=reason, differences=differences)
    return Change(kind="same", review=known.review, known=known, reason=reason, as_seen=review)


def _fullness(review: Review) -> int:
    """How much a reader learns from the record: nothing but a title, what happened, what was learned."""
    return bool(review.incident) + 2 * bool(review.learning) + 2 * bool(review.recommendations)


def still_absent(source: Source, absent: Sequence[KnownReview]) -> tuple[Change, ...]:
    """What an unchanged page says of the reviews that it no longer had when it was last read."""
    return tuple(_missing(source, known) for known in absent)


def _absent(source: Source, free: Sequence[KnownReview], met: Sequence[KnownReview]) -> list[Change]:
    """Known reviews of this source that the page no longer has.

    A page that shows the latest few drops its oldest; only a review that left while older ones stayed
    counts as missing.
    """
    return [
        _missing(source, known)
        for known in free
        if _seen_here(source, known)
        and known.review.status != "withdrawn"
        and any(_no_younger(other, known) for other in met)
    ]


def _missing(source: Source, known: KnownReview) -> Change:
    here = [sighting for sighting in known.sightings if sighting.source_id == source.id]
    missed = max(sighting.missed for sighting in here) + 1
    left = max(sighting.last_seen for sighting in here)
    elsewhere = any(
        s.source_id != source.id and s.missed == 0 and s.last_seen > left for s in known.sightings
    )
    if missed >= GONE_AFTER and not elsewhere:
        return _withdrawn(known, f"not on its page at the last {missed} good polls")
    reason = f"not on the page, {missed} of {GONE_AFTER} polls"
    return Change(kind="missing", review=known.review, known=known, reason=reason)


def _withdrawn(known: KnownReview, reason: str) -> Change:
    return Change(
        kind="withdrawn",
        review=replace(known.review, status="withdrawn"),
        known=known,
        reason=reason,
        differences=(Difference(field="status", before=(known.review.status,), after=("withdrawn",)),),
    )


def _no_younger(other: KnownReview, than: KnownReview) -> bool:
    """Whether `other` is at least as old; what has no date proves nothing about what has one."""
    a, b = _last_day(other), _last_day(than)
    if a and b:
        return a <= b
    return a is b is None and other.first_seen <= than.first_seen


def _last_day(known: KnownReview) -> date | None:
    review = known.review
    return latest(review.published) or latest(str(review.year) if review.year else None)
