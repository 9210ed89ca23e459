"""Which themes a review carries, and the words of it that prove them.

A phrase is strong (one is enough where a review says what it is about) or weak (it needs company). A hit
counts strength times field:

    strong 1, weak 1/2
    title, keywords, incident, learning, recommendations, actions 2; background 1.5;
    good_practice, questions, sections 1
    a point after the first eight of its field, 3/4 of that: a clause in the eleventh recommendation is
    less than a line of the incident

A theme is carried from 2 up. So one strong phrase in the incident or in a recommendation is enough, a weak
one needs a different weak one beside it, and a strong one in the background needs a little more. Of phrases
that overlap, the strongest counts, and a weak phrase counts once in a record: said twice, it is no surer.

An age that the record states can make a theme by itself (`ages` in the vocabulary).

What is denied, or only the name of a body, does not count: see bot/themes/denials.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.models import Evidence, Review, Theme
from bot.themes.denials import denied, in_a_name, may_deny
from bot.themes.phrases import Phrase
from bot.themes.quotes import quote
from bot.themes.vocabulary import ThemeEntry, Vocabulary
from bot.themes.words import Passage, passage

ENOUGH = 2.0
PROOFS = 3  # pieces of evidence a theme
FIRST_POINTS = 8  # of a field, that count in full

_STRENGTH = {"strong": 1.0, "weak": 0.5, "not": 0.0}
_WEIGHT = {
    "title": 2.0,
    "keywords": 2.0,
    "incident": 2.0,
    "learning": 2.0,
    "recommendations": 2.0,
    "actions": 2.0,
    "background": 1.5,
    "good_practice": 1.0,
    "questions": 1.0,
    "sections": 1.0,
}
_AGE = re.compile(r"(\d+)\s*(day|week|month|year)", re.IGNORECASE)
_AGE_FIELDS = ("incident", "title", "keywords", "background")
_FIRST_FIELDS = ("incident", "title", "keywords")  # where a review says what it is about; shown first


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a record, in its field. `denies`: whether there is a denial anywhere in it."""

    field: str
    weight: float
    text: Passage
    denies: bool


class Hit(NamedTuple):
    """A phrase found in a part, from one word to before another. `worth`: what it counts, if it counts."""

    part: Part
    phrase: Phrase
    first: int
    after: int
    worth: float


def tag(review: Review, vocabulary: Vocabulary) -> tuple[Theme, ...]:
    """The themes of a review in the vocabulary's order, each with its best evidence first, three at most.

    Each quote is a clause or sentence around the phrase, word for word as in one value of the record.
    """
    parts = parts_of(review)
    found = find(parts, vocabulary)
    themes: list[Theme] = []
    for entry in vocabulary.themes:
        hits = found.get(entry.id, ())
        aged = stated_ages(review, entry, parts)
        if not aged and worth_of(hits) < ENOUGH:  # which can only become less
            continue
        hits = counted(hits, entry)
        if aged or worth_of(hits) >= ENOUGH:
            themes.append(Theme(id=entry.id, evidence=_evidence(aged, hits)))
    return tuple(themes)


def worth_of(hits: Iterable[Hit]) -> float:
    return sum(hit.worth for hit in hits)


def _evidence(aged: Iterable[Evidence], hits: Iterable[Hit]) -> tuple[Evidence, ...]:
    """The best proofs, each once."""
    proofs = dict.fromkeys(aged)
    for hit in sorted(hits, key=_rank):
        if len(proofs) >= PROOFS:
            break
        proofs[_proof(hit)] = None
    return tuple(proofs)[:PROOFS]


def record_values(review: Review) -> Iterator[tuple[str, int, str]]:
    """Each value of the record with its field and its number in the field, most telling fields first."""
    yield "title", 0, review.title
    for number, text in enumerate(review.keywords):
        yield "keywords", number, text
    yield "incident", 0, review.incident
    for name in ("learning", "recommendations", "actions"):
        for number, text in enumerate(getattr(review, name)):
            yield name, number, text
    yield "background", 0, review.background
    for name in ("good_practice", "questions"):
        for number, text in enumerate(getattr(review, name)):
            yield name, number, text
    for section in review.sections:
        for number, text in enumerate((section.heading, *section.items)):
            yield "sections", number, text


def parts_of(review: Review) -> tuple[Part, ...]:
    """The values of a record that have words in them."""
    parts: list[Part] = []
    for field, number, value in record_values(review):
        if value.strip():
            late = number >= FIRST_POINTS and field != "keywords"
            text = passage(value)
            weight = _WEIGHT[field] * (0.75 if late else 1.0)
            parts.append(Part(field, weight, text, may_deny(text.text.lower())))
    return tuple(parts)


def find(parts: Iterable[Part], vocabulary: Vocabulary) -> dict[str, list[Hit]]:
    """Every phrase in these parts by theme, whether it counts or not."""
    found: dict[str, list[Hit]] = {}
    for part in parts:
        for phrase, first, after in vocabulary.hits(part.text):
            worth = part.weight * _STRENGTH[phrase.strength]
            found.setdefault(phrase.theme, []).append(Hit(part, phrase, first, after, worth))
    return found


def counted(found: Sequence[Hit], entry: ThemeEntry) -> list[Hit]:
    """The hits of a theme that count: in its fields, not excluded, not denied; of an overlap the best."""
    here = [hit for hit in found if _in_its_field(hit, entry)]
    barring = [hit for hit in here if hit.phrase.strength == "not"]
    standing = [
        hit
        for hit in here
        if hit.worth
        and not (barring and _overlaps(hit, barring))
        and not (entry.deniable and (is_named(hit) or _is_denied(hit)))
    ]
    standing.sort(key=lambda hit: (-hit.worth, hit.after - hit.first))
    kept: list[Hit] = []
    for hit in standing:
        if not _overlaps(hit, kept) and not (hit.phrase.strength == "weak" and _is_said(hit.phrase, kept)):
            kept.append(hit)
    return kept


def is_named(hit: Hit) -> bool:
    """Whether the words are part of the name of a body. In titles and keywords capitals tell nothing."""
    return hit.part.field not in ("title", "keywords") and in_a_name(hit.part.text, hit.first, hit.after)


def _is_denied(hit: Hit) -> bool:
    return hit.part.denies and denied(hit.part.text, hit.first, hit.after)


def stated_ages(review: Review, entry: ThemeEntry, parts: Iterable[Part]) -> tuple[Evidence, ...]:
    """The ages that make the theme by themselves, quoted from the text where it has them."""
    if entry.ages is None:
        return ()
    return tuple(
        _age_words(age, parts) or Evidence(field="facts.ages", quote=age)
        for age in review.facts.ages
        if entry.ages.admits(age)
    )


def _in_its_field(hit: Hit, entry: ThemeEntry) -> bool:
    own = hit.phrase.fields
    field = hit.part.field
    return (not entry.only_in or field in entry.only_in) and (own is None or field in own)


def _overlaps(hit: Hit, others: Iterable[Hit]) -> bool:
    part, _, first, after, _ = hit
    return any(other.part is part and other.first < after and first < other.after for other in others)


def _is_said(weak: Phrase, known: Iterable[Hit]) -> bool:
    """Whether this very phrase, which is weak, counts already."""
    return any(
        weak.text == hit.phrase.text or weak.elements == hit.phrase.elements
        for hit in known
        if hit.phrase.strength == "weak"
    )


def _rank(hit: Hit) -> tuple[float, int, int]:
    """The best proof first: by worth, then where the review says what it is about, then the longer words."""
    field = hit.part.field
    place = _FIRST_FIELDS.index(field) if field in _FIRST_FIELDS else len(_FIRST_FIELDS)
    return -hit.worth, place, hit.first - hit.after


def _proof(hit: Hit) -> Evidence:
    return Evidence(field=hit.part.field, quote=quote(hit.part.text, hit.first, hit.after))


def _age_words(age: str, parts: Iterable[Part]) -> Evidence | None:
    stated = _AGE.match(age)
    if stated is None:
        return None
    pattern = re.compile(rf"\b{stated[1]}[\s-]+(?:\w+[\s-]+)?{stated[2]}s?\b", re.IGNORECASE)
    for field in _AGE_FIELDS:
        for part in parts:
            found = pattern.search(part.text.text) if part.field == field else None
            if found is None:
                continue
            starts = part.text.starts
            inside = [i for i, start in enumerate(starts) if found.start() <= start < found.end()]
            return Evidence(field=field, quote=quote(part.text, inside[0], inside[-1] + 1))
    return None
