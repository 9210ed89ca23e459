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

What is denied does not count: see bot/themes/denials.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.models import Evidence, Review, Theme
from bot.themes.ages import AgeBound
from bot.themes.denials import denied, may_deny
from bot.themes.phrases import Phrase
from bot.themes.quotes import quote
from bot.themes.vocabulary import ThemeEntry, Vocabulary
from bot.themes.words import Passage, passage

ENOUGH = 2.0
PROOFS = 3  # pieces of evidence a theme
FIRST_POINTS = 8  # of a field, that count in full

_STRENGTH = {"strong": 1.0, "weak": 0.5}
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
class _Part:
    """One value of a record, in its field. `denies`: whether there is a denial anywhere in it."""

    field: str
    weight: float
    text: Passage
    denies: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    """A phrase found in a part, from one word to before another."""

    part: _Part
    first: int
    after: int
    worth: float
    phrase: Phrase


def tag(review: Review, vocabulary: Vocabulary) -> tuple[Theme, ...]:
    """The themes of a review in the vocabulary's order, each with its best evidence first, three at most.

    Each quote is a clause or sentence around the phrase, word for word as in one value of the record.
    """
    parts = tuple(_parts(review))
    found = _find(parts, vocabulary)
    themes: list[Theme] = []
    for entry in vocabulary.themes:
        aged = _aged(review, entry.ages, parts) if entry.ages else ()
        hits = _counted(found.get(entry.id, []), entry)
        if not aged and sum(hit.worth for hit in hits) < ENOUGH:
            continue
        evidence = dict.fromkeys((*aged, *(_proof(hit) for hit in sorted(hits, key=_rank))))
        themes.append(Theme(id=entry.id, evidence=tuple(evidence)[:PROOFS]))
    return tuple(themes)


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


def _parts(review: Review) -> Iterator[_Part]:
    for field, number, value in record_values(review):
        if value.strip():
            late = number >= FIRST_POINTS and field != "keywords"
            text = passage(value)
            weight = _WEIGHT[field] * (0.75 if late else 1.0)
            yield _Part(field, weight, text, may_deny(text.text.lower()))


def _find(
    parts: tuple[_Part, ...], vocabulary: Vocabulary
) -> dict[str, list[tuple[_Part, Phrase, int, int]]]:
    found: dict[str, list[tuple[_Part, Phrase, int, int]]] = {}
    for part in parts:
        for phrase, first, after in vocabulary.hits(part.text):
            found.setdefault(phrase.theme, []).append((part, phrase, first, after))
    return found


def _counted(found: list[tuple[_Part, Phrase, int, int]], entry: ThemeEntry) -> list[_Hit]:
    """The hits that count: in the theme's fields, not excluded, not denied, the strongest of an overlap."""
    barred = [(part, first, after) for part, phrase, first, after in found if phrase.strength == "not"]
    hits: list[_Hit] = []
    for part, phrase, first, after in found:
        if phrase.strength == "not" or (entry.only_in and part.field not in entry.only_in):
            continue
        if any(other is part and a < after and first < b for other, a, b in barred):
            continue
        if entry.deniable and part.denies and denied(part.text, first, after):
            continue
        hits.append(_Hit(part, first, after, part.weight * _STRENGTH[phrase.strength], phrase))
    hits.sort(key=lambda hit: (-hit.worth, hit.after - hit.first))
    kept: list[_Hit] = []
    for hit in hits:
        if not any(_same(hit, known) for known in kept):
            kept.append(hit)
    return kept


def _same(hit: _Hit, known: _Hit) -> bool:
    """Whether a hit adds nothing to a known one: it overlaps with it, or is the same weak phrase again."""
    if hit.part is known.part and known.first < hit.after and hit.first < known.after:
        return True
    one, other = hit.phrase, known.phrase
    if one.strength != "weak" or other.strength != "weak":
        return False
    return one.text == other.text or one.elements == other.elements


def _rank(hit: _Hit) -> tuple[float, int, int]:
    """The best proof first: by worth, then where the review says what it is about, then the longer words."""
    field = hit.part.field
    place = _FIRST_FIELDS.index(field) if field in _FIRST_FIELDS else len(_FIRST_FIELDS)
    return -hit.worth, place, hit.first - hit.after


def _proof(hit: _Hit) -> Evidence:
    return Evidence(field=hit.part.field, quote=quote(hit.part.text, hit.first, hit.after))


def _aged(review: Review, bound: AgeBound, parts: tuple[_Part, ...]) -> tuple[Evidence, ...]:
    """The stated ages within the bound, quoted from the text where it has them."""
    proofs: list[Evidence] = []
    for age in review.facts.ages:
        if bound.admits(age):
            proofs.append(_age_words(age, parts) or Evidence(field="facts.ages", quote=age))
    return tuple(proofs)


def _age_words(age: str, parts: tuple[_Part, ...]) -> Evidence | None:
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
