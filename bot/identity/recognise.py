"""What one good poll of a source says: a page's entries paired with what is known, the surest pairs first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.following import completed
from bot.identity.absence import absent, emptied, says_withdrawn, seen_at, was_on_page
from bot.identity.sameness import (
    Meeting,
    Traits,
    Verdict,
    distinct,
    fullness,
    once,
    one_review,
    record_of,
    traits,
)
from bot.models import Change, ChangeKind, KnownReview, Review, Source
from bot.revisions import compare


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """Where an entry of the page can belong. A review has one; one that a person joined from two entries of
    the page has two. `texts`: its own words there first; `telling`: which telling these are, None where
    they are the record's. `seen`: this source had it, `here`: on this very page. `order` settles a draw."""

    known: KnownReview
    texts: Sequence[Traits]
    telling: int | None
    seen: bool
    here: bool
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    slot: _Slot
    reason: str


def recognise(
    source: Source,
    reviews: Sequence[Review],
    known: Sequence[KnownReview],
    *,
    rolls: bool,
    now: datetime,
    empty: bool = False,
    older: bool = False,
) -> tuple[Change, ...]:
    """What one good poll of `source` says, against what is `known` of it and of its reviews elsewhere.

    `rolls`: the page shows the latest few by design (a feed), so that leaving it means nothing.
    `empty`: the page says itself that nothing is published. `older`: it is another page than the one that is
    watched, of which nothing is missed, and whose entries did not come lately.
    Every review of the page gives one change; each known review of this source that the page no longer
    has gives `missing` or `withdrawn`.
    """
    possible = sorted((one for one in known if source.id not in one.apart), key=lambda one: one.id)
    page = [group[0] for group in distinct([[traits(one)] for one in once(reviews)], one_each=True)]
    slots = _slots(source, possible, older=older)
    pairs = _pairs(page, slots, None if older else _watched(source, possible))
    changes = [
        _compared(source, entry.review, pairs[entry.review])
        if entry.review in pairs
        else Change(kind="new", review=entry.review, known=None, reason="not in the archive")
        for entry in page
    ]
    if rolls or older:
        return tuple(changes)
    if empty:
        changes.extend(emptied(source, known, now))
    else:
        met = [change.known for change in changes if change.known]
        ids = {one.id for one in met}
        changes.extend(absent(source, [one for one in known if one.id not in ids], met, now))
    return tuple(changes)


def _watched(source: Source, known: Iterable[KnownReview]) -> int | None:
    """The year in which this page was last seen; None where it never was."""
    here = (seen for one in known for seen in one.sightings if seen.source_id == source.id)
    return max((seen.last_seen.year for seen in here), default=None)


def _slots(source: Source, known: Sequence[KnownReview], *, older: bool) -> list[_Slot]:
    slots: list[_Slot] = []
    groups = distinct([[record_of(one), *(traits(told.review) for told in one.tellings)] for one in known])
    for one, (record, *told) in zip(known, groups, strict=True):
        seen, here = seen_at(source, one), not older and was_on_page(source, one)
        own: list[tuple[Traits, int | None]] = [
            (words, telling.id)
            for words, telling in zip(told, one.tellings, strict=True)
            if telling.source_id == source.id
        ]
        if one.origin in ("", source.id) or not own:
            own.insert(0, (record, None))
        others = [words for words in (record, *told) if all(words is not mine for mine, _ in own)]
        for words, telling_id in own:
            texts, others = (words, *others), []
            order = len(slots)
            slots.append(_Slot(known=one, texts=texts, telling=telling_id, seen=seen, here=here, order=order))
    return slots


def _pairs(page: Sequence[Traits], slots: Sequence[_Slot], watched: int | None) -> dict[Review, _Pair]:
    """Where each of the page's reviews belongs, and why. The surest pairs are taken first, so that of two
    reviews called alike each finds its own; what is not sure holds only where there is no other claim."""
    as_it_was = {slot.texts[0].review: slot for slot in reversed(slots) if slot.seen}
    pairs: dict[Review, _Pair] = {}
    for entry in page:
        if slot := as_it_was.get(entry.review):
            pairs[entry.review] = _Pair(slot=slot, reason="as it was")
    taken = {pair.slot.order for pair in pairs.values()}
    claims = [
        (verdict, entry, slot)
        for entry in page
        if entry.review not in pairs
        for slot in slots
        if slot.order not in taken and (verdict := _verdict(entry, slot, watched))
    ]
    draw = {review: repr(review) for review in {entry.review for _, entry, _ in claims}}
    claims.sort(key=lambda claim: (-claim[0].score, claim[2].order, draw[claim[1].review]))
    for sure in (True, False):
        left = [one for one in claims if one[1].review not in pairs and one[2].order not in taken]
        entries = Counter(entry.review for _, entry, _ in left)
        free = Counter(slot.order for _, _, slot in left)
        for verdict, entry, slot in left:
            if verdict.sure is not sure or entry.review in pairs or slot.order in taken:
                continue
            if sure or entries[entry.review] == free[slot.order] == 1:
                pairs[entry.review] = _Pair(slot=slot, reason=verdict.reason)
                taken.add(slot.order)
    return pairs


def _verdict(entry: Traits, slot: _Slot, watched: int | None) -> Verdict | None:
    meeting = Meeting(known=slot.known, here=slot.here, watched=watched)
    found = [verdict for words in slot.texts if (verdict := one_review(entry, words, meeting))]
    return max(found, key=lambda one: (one.sure, one.score), default=None)


def _compared(source: Source, review: Review, pair: _Pair) -> Change:
    """What a sighting of a known review changes.

    Two sources tell one review in different words; each is compared with its own, or every poll of the
    one would revise the other. The fuller record is the one that is kept. A withdrawal counts, whoever
    says it, for as long as they do.
    """
    known, reason, telling = pair.slot.known, pair.reason, pair.slot.telling
    if known.origin in ("", source.id) and telling is None:
        whole = completed(review, known.review) if source.follow else review
        if known.review.status == "withdrawn" and whole.status == "published" and _withdrawn_elsewhere(known):
            whole = replace(whole, status="withdrawn")
        kind, differences = compare(known.review, whole)
        return Change(kind=kind, review=whole, known=known, reason=reason, differences=differences)
    if review.status == "withdrawn" != known.review.status:
        gone = says_withdrawn(known, f"{reason}, where it says that it is withdrawn")
        return replace(gone, as_seen=review, telling=telling)
    if known.review.status == review.status and fullness(review) > fullness(known.review):
        kind, differences = compare(known.review, review)
        told: ChangeKind = "revised" if kind == "revised" else "mended"
        reason = f"{reason}, told more fully"
        change = Change(kind=told, review=review, known=known, reason=reason, differences=differences)
        return replace(change, telling=telling)
    return Change(
        kind="same", review=known.review, known=known, reason=reason, as_seen=review, telling=telling
    )


def _withdrawn_elsewhere(known: KnownReview) -> bool:
    return any(told.review.status == "withdrawn" for told in known.tellings)
