"""Whether two records are one review, how sure that is, and why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from bot.models import KnownReview, Review
from bot.names import address, case_in, folded, names, places_differ
from bot.themes.ages import age_length

SAME_STORY = 92.0  # of 100: how alike the prose of one review told twice is at least
LIKE_STORY = 60.0  # below this, two texts are not about one case
ENOUGH_PROSE = 80  # letters, below which prose says too little to compare

# A title that gives somebody a name: `Child K`, `Family S22`, `Baby Rowan`, `young person 3`.
_NAMED = re.compile(
    r"\b(?:child(?:ren)?|bab(?:y|ies)|infants?|boys?|girls?|famil(?:y|ies)|siblings?|twins?"
    r"|young (?:person|people)|mother|father|adults?|case|mr|ms|mrs|miss)\s+[‘'“\"]?(?:[A-Z0-9][\w-]*)"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What tells a review from others, worked out once a poll."""

    review: Review
    name: str
    words: frozenset[str]
    short: frozenset[str]  # letters and numbers that are the whole name: the `b` of `child b`
    names_a_case: bool
    prose: str
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How an entry of a page meets what is known: `here`, on the page that had it before, or elsewhere.

    `watched`: the year in which this page was last seen; None where this is the first time.
    """

    known: KnownReview
    here: bool
    watched: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """That two records are one review. One that is not `sure` holds only where nothing else lays claim."""

    score: float
    reason: str
    sure: bool = True


def traits(review: Review) -> Traits:
    name = names(review)
    words = frozenset(name.split())
    return Traits(
        review=review,
        name=name,
        words=words,
        short=frozenset(word for word in words if len(word) <= 2 or word.isdigit()),
        names_a_case=_names_a_case(review),
        prose=folded(" ".join((review.incident, *review.learning[:3], *review.recommendations[:3]))),
        addresses=frozenset(address(link.url) for link in review.links),
    )


def _names_a_case(review: Review) -> bool:
    """Whether the title names a case at all ("Child K"), and is not only the kind of document, or a
    description ("Learning from the death of a baby in unsafe sleeping")."""
    case = case_in(review)
    return bool(case) and (len(case.split()) <= 3 or bool(_NAMED.search(review.title)))


def record_of(known: KnownReview) -> Traits:
    """Those of a known review, with every address at which it was ever seen."""
    record = traits(known.review)
    seen = {address(sighting.url) for sighting in known.sightings if sighting.url}
    return replace(record, addresses=record.addresses | seen)


def distinct(groups: Sequence[Sequence[Traits]], *, one_each: bool = False) -> list[list[Traits]]:
    """The same, without what tells none of them apart: addresses that several reviews link to (a survey, a
    home page) and prose that stands under several names. A group holds the records of one review; `one_each`:
    no two groups are one review, even where they have one name."""
    at: dict[str, set[str]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    for number, group in enumerate(groups):
        for each in group:
            told[each.prose].add(each.name)
            for one in each.addresses:
                at[one].add(str(number) if one_each else each.name)
    return [
        [
            replace(
                each,
                addresses=frozenset(one for one in each.addresses if len(at[one]) == 1),
                prose=each.prose if len(told[each.prose]) == 1 else "",
            )
            for each in group
        ]
        for group in groups
    ]


def one_review(entry: Traits, before: Traits, meeting: Meeting) -> Verdict | None:
    """How sure it is that they are one review (higher is surer), and why; None if they are two.

    A place that changed on a page says that the partnership was renamed, not that its reviews are others;
    between two pages it tells apart.
    """
    one_name = _alike(entry, before) or _a_slip(entry, before)
    if entry.names_a_case and before.names_a_case and not one_name and not entry.addresses & before.addresses:
        return None  # two names; spares the comparison of their stories
    story = _story(entry, before)
    likeness = story + (20 if entry.review.year == before.review.year else 0)
    likeness += fuzz.ratio(entry.review.title, before.review.title) / 20
    if entry.addresses & before.addresses and _may_share_a_document(entry, before, story):
        return Verdict(score=300 + likeness, reason="the same document")
    if _years_differ(entry.review, before.review):
        if meeting.here and entry.name == before.name and story >= SAME_STORY:
            return Verdict(score=SAME_STORY, reason="the same story under a corrected year")
        return None
    if meeting.here:
        return _on_the_same_page(entry, before, story, likeness)
    return _on_another_page(entry, before, meeting, story, likeness)


def _may_share_a_document(entry: Traits, before: Traits, story: float) -> bool:
    """One address may serve the reports of two children in turn: then their names are others, and nothing
    else speaks for one case."""
    if _alike(entry, before) or story >= LIKE_STORY:
        return True
    return _a_slip(entry, before) or not (entry.names_a_case and before.names_a_case)


def _on_the_same_page(entry: Traits, before: Traits, story: float, likeness: float) -> Verdict | None:
    if _contradict(entry.review, before.review) and story < SAME_STORY:
        return None
    if entry.name == before.name:
        return Verdict(score=200 + likeness, reason="the same name on the same page")
    if story >= SAME_STORY and (_alike(entry, before) or _a_slip(entry, before)):
        return Verdict(score=SAME_STORY, reason="the same story under a corrected title")
    if story >= SAME_STORY and not (entry.names_a_case and before.names_a_case):
        return Verdict(score=SAME_STORY, reason="the same story under another title")
    if _alike(entry, before) and (story >= LIKE_STORY or not (entry.prose and before.prose)):
        one, other = entry.short, before.short
        if one == other or not one or not other:
            return Verdict(
                score=likeness, reason="the same name told more fully on the same page", sure=False
            )
    return None


def _on_another_page(
    entry: Traits, before: Traits, meeting: Meeting, story: float, likeness: float
) -> Verdict | None:
    ours, theirs = entry.review, before.review
    if not _alike(entry, before) or places_differ(ours.place, theirs.place) or _contradict(ours, theirs):
        return None
    if entry.name == before.name and entry.names_a_case and ours.place and theirs.place:
        if (ours.year and theirs.year) or (ours.facts.ages and theirs.facts.ages):
            reason = "the same name, place and year on another page"
            return Verdict(score=100 + likeness, reason=reason)
        if _of_one_time(entry, before, meeting):
            return Verdict(
                score=50 + likeness, reason="the same name, place and time on another page", sure=False
            )
    if story >= SAME_STORY:
        return Verdict(score=SAME_STORY, reason="the same story on another page")
    return None


def _of_one_time(entry: Traits, before: Traits, meeting: Meeting) -> bool:
    """Where one of them states no year: whether they came at about the same time.

    What comes to a page that is watched came lately. What was there when its page was first read may be of
    any year: nobody is told of it, so it may wait for a person to join it; but nobody must miss a new review
    because an old one that was never told has its name.
    """
    ours = _year(entry) or meeting.watched
    lately = None if meeting.known.baseline else meeting.known.first_seen.year
    theirs = _year(before) or lately
    if ours is None:
        return True
    return theirs is not None and abs(ours - theirs) <= 1


def _year(one: Traits) -> int | None:
    """The year that it states, else the last in the addresses of its documents (`/uploads/2025/03/`)."""
    if one.review.year:
        return one.review.year
    found = [int(year) for link in one.review.links for year in _YEAR.findall(urlsplit(link.url).path)]
    return max(found, default=None)


def _alike(one: Traits, other: Traits) -> bool:
    """`Henry` and `Child H (Henry)`: all the names of the one are among those of the other."""
    return one.words <= other.words or other.words <= one.words


def _a_slip(one: Traits, other: Traits) -> bool:
    """Names that differ by a slip of the pen, not by a letter or a number that is the whole name."""
    return one.short == other.short and fuzz.ratio(one.name, other.name) >= 80


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


def _years_differ(one: Review, other: Review) -> bool:
    """More than a year apart: partnerships and the NSPCC publish one review up to a year apart."""
    return one.year is not None and other.year is not None and abs(one.year - other.year) > 1


def _story(one: Traits, other: Traits) -> float:
    """How alike the prose is, 0 to 100; 0 where there is too little of it to tell, or it is not alike."""
    if min(len(one.prose), len(other.prose)) < ENOUGH_PROSE:
        return 0.0
    return fuzz.ratio(one.prose, other.prose, score_cutoff=LIKE_STORY)


def once(reviews: Iterable[Review]) -> list[Review]:
    """Each review of a page once, in the page's order: a print view, or a second list of the latest, says
    nothing new. Of two entries that are one, the fuller stays, with the links of both."""
    given = list(dict.fromkeys(reviews))
    by_name: dict[str, list[Traits]] = defaultdict(list)
    for (each,) in distinct([[traits(review)] for review in given]):
        by_name[each.name].append(each)
    stands_for = {review: review for review in given}
    for group in by_name.values():
        if len(group) > 1:
            stands_for |= _folded_together(group)
    return list(dict.fromkeys(stands_for[review] for review in given))


def _folded_together(group: Sequence[Traits]) -> dict[Review, Review]:
    """Which entry stands for each of these, which have one name."""
    sets: list[list[Traits]] = []
    for each in sorted(group, key=lambda one: (-fullness(one.review), -len(one.prose), repr(one.review))):
        found = next((one for one in sets if _twins(one[0], each)), None)
        if found is None:
            sets.append([each])
        else:
            found.append(each)
    return {each.review: _with_links_of(one) for one in sets for each in one}


def _twins(one: Traits, other: Traits) -> bool:
    """Two entries of one name, the documents of one among the other's, and nothing that says they are two."""
    a, b = one.review, other.review
    within = one.addresses <= other.addresses or other.addresses <= one.addresses
    if not (within and one.addresses & other.addresses):
        return False
    years = a.year and b.year and a.year != b.year
    stories = min(len(one.prose), len(other.prose)) >= ENOUGH_PROSE and _story(one, other) < LIKE_STORY
    return not (years or stories or _contradict(a, b))


def _with_links_of(entries: Sequence[Traits]) -> Review:
    links = {address(link.url): link for each in reversed(entries) for link in reversed(each.review.links)}
    first = entries[0].review
    more = [
        link
        for key, link in sorted(links.items())
        if link not in first.links and key not in entries[0].addresses
    ]
    return replace(first, links=(*first.links, *more)) if more else first


def fullness(review: Review) -> int:
    """How much a reader learns from the record: nothing but a title, what happened, what was learned."""
    return bool(review.incident) + 2 * bool(review.learning) + 2 * bool(review.recommendations)
