"""Recognising a review: new, revised, mended, the same, missing or withdrawn, across polls and sources.

Titles alone do not tell reviews apart ("Child A" is on a hundred pages, and fuzzy scores take "Child A" for
"Child B"), so a review is the same as a known one only when the names in its title agree, its place and year
do not disagree, and something else confirms it: the same page, the same document, or the same story.
Order and position on a page never matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from rapidfuzz import fuzz

from bot.following import completed
from bot.models import Change, Difference, KnownReview, Review, Source, latest
from bot.revisions import compare

GONE_AFTER = 3  # good polls in a row without it, before a review counts as withdrawn

# Words that name the kind of document or the occasion, not the case.
_KIND = re.compile(
    r"\b(?:local|child(?:ren)?'?s? safeguarding|child practice|safeguarding (?:adults?|children)"
    r"|serious case|case management|learning(?: from)?|lessons?|practice|domestic homicide|national|thematic"
    r"|rapid|extended|concise|historical|reviews?|scrs?|l?cspr|sars?|dhrs?|cprs?|reports?|overview|full"
    r"|final|executive|summary|briefings?|(?:seven|7)[ -]minutes?|six[ -]step|synopsis|published"
    r"|publication|redacted|the|of|for|and|on|in|re|pdf|docx?)\b",
    re.IGNORECASE,
)
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|print|contrast|view|version|ver|v|t|ts|_|sid)$", re.IGNORECASE
)


def handles(review: Review) -> tuple[str, ...]:
    """Keys under which another sighting of this review may be found. They find candidates; `recognise`
    decides."""
    named = f"name:{_folded(review.place or '')}|{names(review)}"
    documents = tuple(f"url:{address(link.url)}" for link in review.links)
    return tuple(dict.fromkeys((named, *documents)))


def names(review: Review) -> str:
    """What in the title names the case: `Local CSPR: overview report: Child RS` gives `child rs`."""
    title = re.sub(r"['’‘`]s\b", "", review.title)
    words = re.findall(r"[^\W_]+", _KIND.sub(" ", title.replace("’", "'")).casefold())
    place = set(re.findall(r"[^\W_]+", (review.place or "").casefold()))
    kept = [word for word in words if word not in place and not re.fullmatch(r"(?:19|20)\d\d", word)]
    return " ".join(kept) or _folded(review.title)


def address(url: str) -> str:
    """An address without what does not tell documents apart: scheme, www, tracking, print views, fragment."""
    parts = urlsplit(url)
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)])
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    path = parts.path.rstrip("/")
    return f"{host}{port}{path}" + (f"?{query}" if query else "")


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
    """How sure it is that they are one review (higher is surer), and why; None if they are two."""
    here = _seen_here(source, known)
    before = known.review
    story = _story(review, before)
    named = names(review) == names(before)
    documents = {address(link.url) for link in review.links} & {address(link.url) for link in before.links}
    if _places_differ(review, before):
        return None
    if documents - shared and (named or story >= 60 or _one_within_other(review, before)):
        return 300 + story, "the same document"
    if _years_differ(review, before):
        return None
    if here:
        if named:
            return 200 + story, "the same name on the same page"
        if story >= 92 and _names_alike(review, before):
            return story, "the same story under a corrected title"
        return None
    if _contradict(review, before):
        return None
    if named and _named_case(review) and review.place and before.place and _confirmed(review, before):
        return 100 + story, "the same name, place and year on another page"
    if story >= 92 and (named or _one_within_other(review, before)):
        return story, "the same story on another page"
    return None


def _seen_here(source: Source, known: KnownReview) -> bool:
    return any(sighting.source_id == source.id for sighting in known.sightings)


def _contradict(one: Review, other: Review) -> bool:
    """Whether something that both state cannot be true of one case."""
    a, b = one.facts, other.facts
    sex = a.sex and b.sex and a.sex != b.sex
    outcome = a.outcome and b.outcome and a.outcome != b.outcome
    ages = a.ages and b.ages and not set(a.ages) & set(b.ages)
    return bool(sex or outcome or ages)


def _confirmed(one: Review, other: Review) -> bool:
    """Whether more than a common name agrees: the year, or the ages (neither contradicts by now)."""
    years = one.year is not None and other.year is not None
    return years or bool(one.facts.ages and other.facts.ages)


def _years_differ(one: Review, other: Review) -> bool:
    """More than a year apart: partnerships and the NSPCC publish one review up to a year apart."""
    return one.year is not None and other.year is not None and abs(one.year - other.year) > 1


def _places_differ(one: Review, other: Review) -> bool:
    if not one.place or not other.place:
        return False
    a, b = _folded(one.place), _folded(other.place)
    return a not in b and b not in a


def _named_case(review: Review) -> bool:
    """Whether the title names a case at all ("Child K"), and is not only the kind of document."""
    return names(review) != _folded(review.title) or len(review.title.split()) <= 4


def _names_alike(one: Review, other: Review) -> bool:
    """Names that differ by a slip of the pen (or an alias added), not by a letter or a number that is the
    whole name."""
    if _one_within_other(one, other):
        return True
    return _short_names(one) == _short_names(other) and fuzz.ratio(names(one), names(other)) >= 80


def _short_names(review: Review) -> set[str]:
    return {word for word in names(review).split() if len(word) <= 2 or word.isdigit()}


def _one_within_other(one: Review, other: Review) -> bool:
    """`Henry` and `Child H (Henry)`: all the names of the one are among those of the other."""
    a, b = set(names(one).split()), set(names(other).split())
    return a <= b or b <= a


def _story(one: Review, other: Review) -> float:
    """How alike the prose is, 0 to 100; 0 where there is too little of it to tell."""
    a, b = _prose(one), _prose(other)
    if min(len(a), len(b)) < 80:
        return 0.0
    return fuzz.ratio(a, b)


def _prose(review: Review) -> str:
    return _folded(" ".join((review.incident, *review.learning[:3], *review.recommendations[:3])))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _compared(source: Source, review: Review, known: KnownReview, reason: str) -> Change:
    """What a sighting of a known review changes.

    Two sources tell one review in different words; each is compared with its own, or every poll of the
    one would revise the other. The fuller record is the one that is kept.
    """
    if known.origin not in ("", source.id):
        if _fullness(review) > _fullness(known.review) and known.review.status == review.status:
            kind, differences = compare(known.review, review)
            return Change(
                kind="revised" if kind == "revised" else "mended",
                review=review,
                known=known,
                reason=f"{reason}, told more fully",
                differences=differences,
            )
        return Change(kind="same", review=known.review, known=known, reason=reason)
    if source.follow:
        review = completed(review, known.review)
    kind, differences = compare(known.review, review)
    return Change(kind=kind, review=review, known=known, reason=reason, differences=differences)


def _fullness(review: Review) -> int:
    """How much a reader learns from the record: nothing but a title, what happened, what was learned."""
    return bool(review.incident) + 2 * bool(review.learning) + 2 * bool(review.recommendations)


def _absent(source: Source, free: Sequence[KnownReview], met: Sequence[KnownReview]) -> list[Change]:
    """Known reviews of this source that the page no longer has.

    A page that shows the latest few drops its oldest; only a review that left while older ones stayed
    counts as missing.
    """
    changes: list[Change] = []
    for known in free:
        here = [sighting for sighting in known.sightings if sighting.source_id == source.id]
        if not here or known.review.status == "withdrawn" or not _older_ones_stay(known, met):
            continue
        missed = max(sighting.missed for sighting in here) + 1
        elsewhere = any(s.source_id != source.id and s.missed == 0 for s in known.sightings)
        if missed >= GONE_AFTER and not elsewhere:
            changes.append(_withdrawn(known, missed))
        else:
            reason = f"not on the page, {missed} of {GONE_AFTER} polls"
            changes.append(Change(kind="missing", review=known.review, known=known, reason=reason))
    return changes


def _withdrawn(known: KnownReview, missed: int) -> Change:
    return Change(
        kind="withdrawn",
        review=replace(known.review, status="withdrawn"),
        known=known,
        reason=f"not on its page at the last {missed} good polls",
        differences=(Difference(field="status", before=(known.review.status,), after=("withdrawn",)),),
    )


def _older_ones_stay(gone: KnownReview, met: Sequence[KnownReview]) -> bool:
    return any(_age_order(other) <= _age_order(gone) for other in met)


def _age_order(known: KnownReview) -> tuple[str, str]:
    """Sorts by when it was published as far as that is known, then by when it was first seen."""
    last = latest(known.review.published) or latest(str(known.review.year) if known.review.year else None)
    return (last.isoformat() if last else "", known.first_seen.isoformat())
