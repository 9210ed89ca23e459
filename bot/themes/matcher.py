"""Which themes a review carries, and the words of it that prove them.

A phrase is strong (one is enough where a review says what it is about) or weak (it needs company). A hit
counts strength times field:

    strong 1, weak 1/2
    title, keywords, incident, learning, recommendations, actions 2; background 1.5;
    good_practice, questions, sections 1
    a point after the first eight of its field, 3/4 of that: a clause in the eleventh recommendation is
    less than a line of the incident

A theme is carried from 2 up. So one strong phrase in the incident or in a recommendation is enough, a weak
one needs another weak one beside it, and a strong one in the background needs a little more. A phrase
counts once a point; of phrases that overlap, the strongest counts.

An age that the record states can make a theme by itself (`ages` in the vocabulary).

What is denied does not count: "no evidence of", "no history of", "was not a feature", "was ruled out". The
rules are few, because "neglect was not recognised" and "no professional explored the domestic abuse" are
what a reader wants to see. A denial reaches to the end of its clause, and none is heard where the sentence
goes on to what professionals did ("no evidence that the abuse was considered").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.models import Evidence, Review, Theme
from bot.themes.ages import AgeBound
from bot.themes.phrases import Phrase
from bot.themes.vocabulary import ThemeEntry, Vocabulary
from bot.themes.words import Passage, passage

ENOUGH = 2.0
QUOTE = 160  # characters
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

_DENIES = re.compile(
    r"\b(?:no|without|nor|not) (?:\w+ )?(?:evidence|history|indications?|suggestions?|signs?|concerns?|"
    r"allegations?|disclosures?|reports?|reason to (?:suspect|believe))\b(?! (?:sharing|were shared))|"
    r"\bnothing (?:to|that) suggest\w*|\b(?:do|does|did) not suggest\b|\bno one was (?:hurt|harmed)\b|"
    r"\bin the absence of\b|\bnot related to\b|\brather than\b|"
    r"\b(?:was|were|is|are) not (?:known|thought|believed|said) to\b"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:was|were|is|are) (?:not (?:a |an )?(?:features?|factors?|supported|substantiated|suspected|"
    r"present|an? issue|thought to)|ruled out|excluded as|discounted|unfounded|never at risk)\b"
)
_PRACTICE_VERBS = re.compile(
    r"\b(?:consider|explor|assess|ask|record|discuss|recogni[sz]|shar|challeng|identif|act|respond|understood|"
    r"understand|refer|enquir|follow|look|addressed|question|explain|respon|spoken|seen by)\w*"
)
_REACH = 90  # characters that a denial reaches over at most


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
        best = sorted(hits, key=lambda hit: -hit.worth)
        evidence = dict.fromkeys((*aged, *(_proof(hit) for hit in best)))
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
            lower = text.text.lower()
            denies = bool(_DENIES.search(lower) or _DENIED_BEFORE.search(lower))
            yield _Part(field, _WEIGHT[field] * (0.75 if late else 1.0), text, denies)


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
        if entry.deniable and part.denies and _denied(part.text, first, after):
            continue
        hits.append(_Hit(part, first, after, part.weight * _STRENGTH[phrase.strength]))
    hits.sort(key=lambda hit: (-hit.worth, hit.after - hit.first))
    kept: list[_Hit] = []
    for hit in hits:
        if not any(k.part is hit.part and k.first < hit.after and hit.first < k.after for k in kept):
            kept.append(hit)
    return kept


def _denied(text: Passage, first: int, after: int) -> bool:
    """Whether the phrase is said not to be so."""
    start, end = _bounds(text, first, after, text.sentences)
    sentence = text.text[start:end].lower()
    begins, ends = text.starts[first] - start, text.ends[after - 1] - start
    for denial in _DENIES.finditer(sentence):
        between = sentence[denial.end() : begins]
        near = denial.start() < begins and len(between) <= _REACH
        if near and not re.search(r"[,:]|\b(?:but|although|however|until|whether)\b", between):
            return not _PRACTICE_VERBS.search(sentence[denial.end() :])
    denial_after = _DENIED_BEFORE.search(sentence, ends)
    return denial_after is not None and not re.search(r"[,:]", sentence[ends : denial_after.start()])


def _bounds(text: Passage, first: int, after: int, numbers: tuple[int, ...]) -> tuple[int, int]:
    """From where to where the sentences or clauses reach that hold these words."""
    low, high = first, after - 1
    while low > 0 and numbers[low - 1] == numbers[first]:
        low -= 1
    while high + 1 < len(numbers) and numbers[high + 1] == numbers[after - 1]:
        high += 1
    return text.starts[low], text.ends[high]


def _proof(hit: _Hit) -> Evidence:
    return Evidence(field=hit.part.field, quote=quote(hit.part.text, hit.first, hit.after))


def quote(text: Passage, first: int, after: int) -> str:
    """The sentence around these words; where that is long the clause; where that is long, words around."""
    for numbers in (text.sentences, text.clauses):
        start, end = _bounds(text, first, after, numbers)
        if end - start <= QUOTE:
            return text.text[start:end]
    low, high = first, after - 1
    while True:
        wider = [(low - 1, high), (low, high + 1)]
        room = [
            (a, b)
            for a, b in wider
            if a >= 0
            and b < len(text.keys)
            and text.clauses[first] <= text.clauses[a]
            and text.clauses[b] <= text.clauses[after - 1]
            and text.ends[b] - text.starts[a] <= QUOTE
        ]
        if not room:
            return text.text[text.starts[low] : text.ends[high]][:QUOTE]
        low, high = room[-1] if (high - after) < (first - low) else room[0]


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
