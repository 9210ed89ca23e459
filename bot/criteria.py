"""Who asked for a review: criteria against records, and the words that were the reason.

Pure: the same review, themes and criteria give the same matches. Each distinct criteria is looked at once a
review, and only where it can match: it is filed under something that it cannot do without (a theme, a word,
a place), and a review brings up what is filed under its own themes, words and place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from bot.models import Criteria, Evidence, Match, Narrowed, Reason, Review, Theme
from bot.themes.ages import AgeBound, parse_age
from bot.themes.matcher import record_values
from bot.themes.quotes import quote
from bot.themes.words import Passage, passage

# fmt: off
_OFFICE = {  # words of a partnership's name that are not its area
    "the", "of", "safeguarding", "local", "children", "child", "adults", "adult", "partnership",
    "partnerships", "partners", "board", "boards", "scp", "lscp", "cscp", "lscb", "scb", "sab", "council",
    "borough", "metropolitan", "royal", "county", "city", "region", "regional",
}
# fmt: on

Handle = tuple[str, str]  # what a criteria is filed under: a kind, and a value of it
Stems = tuple[str, ...]


def key(criteria: Criteria) -> str:
    """The identity of a criteria: 32 hexadecimal digits that do not depend on the order of values, nor on
    capitals or spaces where those do not matter."""
    canonical: dict[str, object] = {}
    for item in fields(criteria):
        value = getattr(criteria, item.name)
        if value:  # what is not asked is left out, so that a field added one day changes no key
            texts = {_plain(text) for text in value} if isinstance(value, tuple) else {_plain(value)}
            canonical[item.name] = sorted(texts)
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A criteria made ready: themes as sets, phrases as stems, the age as a bound, places as words.

    `on_facts`, `on_words`: whether it asks for any at all, for most do not.
    """

    key: str
    criteria: Criteria
    any: tuple[Stems, ...]
    all: tuple[Stems, ...]
    none: tuple[Stems, ...]
    age: AgeBound | None
    places: tuple[Stems, ...]
    themes_any: frozenset[str]
    themes_all: frozenset[str]
    themes_none: frozenset[str]
    on_facts: bool
    on_words: bool


class CriteriaIndex:
    """All criteria that are in use, ready to be matched with one review after another.

    Raises ValueError, naming the criteria, for an age that is no bound or a word without letters.
    """

    def __init__(self, criteria: Mapping[str, Criteria]) -> None:
        self._filed: dict[Handle, list[_Asked]] = {}
        self._always: list[_Asked] = []
        for asked in (_ready(name, wanted) for name, wanted in criteria.items()):
            handles = _handles(asked)
            for handle in handles:
                self._filed.setdefault(handle, []).append(asked)
            if not handles:
                self._always.append(asked)

    def matches(
        self, review: Review, themes: Sequence[Theme], source_ids: Collection[str] = ()
    ) -> tuple[Match, ...]:
        """The criteria that ask for this review, ordered by key, with the reasons.

        `themes` are the review's own; `source_ids` the sources where it was seen. A review without an age
        does not match a criteria on age. A criteria on nothing at all has no reasons.
        """
        record = _Record(review, themes, source_ids)
        candidates = {asked.key: asked for asked in self._always}
        for handle in record.handles():
            for asked in self._filed.get(handle, ()):
                candidates[asked.key] = asked
        wanted = sorted(name for name, asked in candidates.items() if _wanted(asked, record))
        return tuple(Match(criteria=name, reasons=_reasons(candidates[name], record)) for name in wanted)


class _Record:
    """A review as criteria look at it; each question about it is answered once."""

    def __init__(self, review: Review, themes: Sequence[Theme], source_ids: Collection[str]) -> None:
        self.review = review
        self.themes = {theme.id: Reason(theme=theme.id, evidence=theme.evidence) for theme in themes}
        self.carried = frozenset(self.themes)
        self.source_ids = frozenset(source_ids)
        self.place = _area(review.place or "")
        self._values = [(name, passage(value)) for name, value in _whole(review) if value.strip()]
        self._places: dict[str, list[tuple[int, int]]] = {}
        for number, (_, text) in enumerate(self._values):
            for position, keys in enumerate(text.keys):
                self._places.setdefault(keys[0], []).append((number, position))
        self._found: dict[Stems, Evidence | None] = {}
        self._aged: dict[str | None, bool] = {}

    def handles(self) -> Iterator[Handle]:
        yield from (("theme", id) for id in self.themes)
        yield from (("word", stem) for stem in self._places)
        yield from (("place", word) for word in self.place)
        yield from (("source", id) for id in self.source_ids)
        yield "review_type", self.review.review_type or ""
        yield "outcome", self.review.facts.outcome or ""

    def find(self, stems: Stems) -> Evidence | None:
        """Where the phrase first stands in the record."""
        if stems not in self._found:
            self._found[stems] = self._look(stems)
        return self._found[stems]

    def _look(self, stems: Stems) -> Evidence | None:
        for number, first in self._places.get(stems[0], ()):
            name, text = self._values[number]
            if _stems(text, first, first + len(stems)) == stems:
                return Evidence(field=name, quote=quote(text, first, first + len(stems)))
        return None

    def is_aged(self, asked: _Asked) -> bool:
        written, bound = asked.criteria.age, asked.age
        if written not in self._aged:
            ages = self.review.facts.ages
            self._aged[written] = bound is None or any(bound.admits(age) for age in ages)
        return self._aged[written]


def _whole(review: Review) -> Iterator[tuple[str, str]]:
    for name, _, value in record_values(review):
        yield name, value
    yield "place", review.place or ""
    for link in review.links:
        yield "links", link.label


def _ready(name: str, wanted: Criteria) -> _Asked:
    try:
        return _Asked(
            key=name,
            criteria=wanted,
            any=_phrases(wanted.words_any),
            all=_phrases(wanted.words_all),
            none=_phrases(wanted.words_none),
            age=parse_age(wanted.age) if wanted.age else None,
            places=tuple(_area(place) for place in wanted.place),
            themes_any=frozenset(wanted.themes_any),
            themes_all=frozenset(wanted.themes_all),
            themes_none=frozenset(wanted.themes_none),
            on_facts=bool(
                wanted.outcome or wanted.review_type or wanted.source or wanted.place or wanted.age
            ),
            on_words=bool(wanted.words_any or wanted.words_all or wanted.words_none),
        )
    except ValueError as error:
        raise ValueError(f"criteria {name}: {error}") from error


def _phrases(texts: tuple[str, ...]) -> tuple[Stems, ...]:
    return tuple(_phrase(text) for text in texts)


def _phrase(text: str) -> Stems:
    words = passage(text)
    if not words.keys:
        raise ValueError(f"{text!r} has no word in it; write a word or a phrase to look for")
    return _stems(words, 0, len(words.keys))


def _stems(text: Passage, first: int, after: int) -> Stems:
    return tuple(keys[0] for keys in text.keys[first:after])


def _area(place: str) -> Stems:
    """The words of a place without those of its office; all of them where nothing else is left."""
    words = tuple(key[1][1:] for key in passage(place).keys)
    return tuple(word for word in words if word not in _OFFICE) or words


def _handles(asked: _Asked) -> tuple[Handle, ...]:
    """What a review must have one of for the criteria to match; nothing where that cannot be said."""
    wanted = asked.criteria
    choices: tuple[tuple[Handle, ...], ...] = (
        tuple(("word", stems[0]) for stems in asked.all[:1]),
        tuple(("word", stems[0]) for stems in asked.any),
        tuple(("theme", id) for id in wanted.themes_all[:1]),
        tuple(("place", words[0]) for words in asked.places if words),
        tuple(("source", id) for id in wanted.source),
        tuple(("theme", id) for id in wanted.themes_any),
        tuple(("review_type", value) for value in wanted.review_type),
        tuple(("outcome", value) for value in wanted.outcome),
    )
    return next((handles for handles in choices if handles), ())


def _wanted(asked: _Asked, record: _Record) -> bool:
    carried = record.carried
    return (
        (not asked.themes_any or not asked.themes_any.isdisjoint(carried))
        and asked.themes_all <= carried
        and asked.themes_none.isdisjoint(carried)
        and (not asked.on_facts or _facts_fit(asked, record))
        and (not asked.on_words or _words_fit(asked, record))
    )


def _facts_fit(asked: _Asked, record: _Record) -> bool:
    wanted, review = asked.criteria, record.review
    return (
        (not wanted.outcome or review.facts.outcome in wanted.outcome)
        and (not wanted.review_type or review.review_type in wanted.review_type)
        and (not wanted.source or not record.source_ids.isdisjoint(wanted.source))
        and (not asked.places or any(_stands_in(words, record.place) for words in asked.places))
        and record.is_aged(asked)
    )


def _stands_in(words: Stems, place: Stems) -> bool:
    return bool(words) and any(place[i : i + len(words)] == words for i in range(len(place) - len(words) + 1))


def _words_fit(asked: _Asked, record: _Record) -> bool:
    return (
        (not asked.any or any(record.find(stems) for stems in asked.any))
        and all(record.find(stems) for stems in asked.all)
        and not any(record.find(stems) for stems in asked.none)
    )


def _reasons(asked: _Asked, record: _Record) -> tuple[Reason, ...]:
    """One reason for each theme asked for that the review carries, and one for all words found."""
    ids = dict.fromkeys((*asked.criteria.themes_any, *asked.criteria.themes_all))
    reasons = [record.themes[id] for id in ids if id in record.themes]
    if asked.any or asked.all:
        proofs = dict.fromkeys(proof for stems in (*asked.any, *asked.all) if (proof := record.find(stems)))
        reasons.append(Reason(theme=None, evidence=tuple(proofs)))
    if asked.on_facts:
        reasons += [Reason(theme=None, narrowed=narrowed) for narrowed in _narrowed(asked, record)]
    return tuple(reasons)


def _narrowed(asked: _Asked, record: _Record) -> Iterator[Narrowed]:
    """What a matching review was let in by, beside themes and words."""
    wanted, review = asked.criteria, record.review
    if wanted.age and asked.age:
        ages = tuple(age for age in review.facts.ages if asked.age.admits(age))
        yield Narrowed(by="age", asked=(wanted.age,), found=ages)
    if wanted.outcome:
        yield Narrowed(by="outcome", asked=wanted.outcome, found=(review.facts.outcome or "",))
    if wanted.place:
        yield Narrowed(by="place", asked=wanted.place, found=(review.place or "",))
    if wanted.review_type:
        yield Narrowed(by="review_type", asked=wanted.review_type, found=(review.review_type or "",))
    if wanted.source:
        found = tuple(sorted(record.source_ids.intersection(wanted.source)))
        yield Narrowed(by="source", asked=wanted.source, found=found)
