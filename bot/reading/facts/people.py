"""Everybody whom an account mentions: the children of the review, siblings, parents, whoever did the harm.

Ages, sex and outcome are all read from these mentions: a fact of somebody else is nobody's by mistake.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from bot.reading.facts.age_forms import NUMBER, UNIT, find_ages, of_a_child
from bot.reading.facts.person_words import Phrase, phrases_in
from bot.reading.facts.who import Mention, Place, is_part, role_of


def sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"(?<=[.!?…])[\"”’)]*\s+(?=[A-Z“‘\"])", text) if part]


_GROWN = frozenset(("man", "woman", "mr", "mrs", "ms", "miss", "husband", "wife", "lady", "gentleman"))


_NEAR, _FEW = 240, 24  # letters, mentions: further off, nothing is meant


@dataclass(frozen=True, kw_only=True)  # no slots: what is asked for twice is kept
class Account:
    """A text, its sentences as (start, end), and everybody mentioned in it, in order."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    mentions: tuple[Mention, ...]
    by_child: bool = False  # the child of the review is the one who did harm

    @cached_property
    def of_adults(self) -> bool:
        """Whether it is told of a man or woman, and of no child."""
        return not self.children and any(one.phrase.head in _GROWN for one in self.mentions)

    @cached_property
    def children(self) -> list[Mention]:
        """The mentions, by noun or name, of the children of the review."""
        return [one for one in self.mentions if one.who == "child" and one.named]

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Where the sentence that holds a place begins and ends."""
        number = bisect_right(self.sentences, (place, len(self.text))) - 1
        return self.sentences[max(number, 0)] if self.sentences else (0, len(self.text))

    def before(self, place: int) -> str:
        """The words of its sentence before a place, as far back as they bear on it."""
        return self.text[max(self.sentence_at(place)[0], place - _NEAR) : place]

    def around(self, place: int) -> tuple[list[Mention], list[Mention]]:
        """Those mentioned before and after a place in its sentence, as far as they bear on it."""
        start, end = self.sentence_at(place)
        at = bisect_left(self._starts, place)
        before = [
            one for one in self.mentions[max(0, at - _FEW) : at] if one.start >= start and one.end <= place
        ]
        return before, [one for one in self.mentions[at : at + _FEW] if one.start < end]

    @cached_property
    def _starts(self) -> list[int]:
        return [one.start for one in self.mentions]


@lru_cache(maxsize=16)  # each kind of fact asks about the same words
def account_of(text: str) -> Account:
    """Everybody whom a text mentions, with who they are."""
    spans, place = [], 0
    for sentence in sentences_of(text):
        start = text.index(sentence, place)
        place = start + len(sentence)
        spans.append((start, place))
    found: list[Mention] = []
    children: list[Mention] = []
    number = 0
    for phrase in _with_headless(text):
        while number + 1 < len(spans) and phrase.start >= spans[number + 1][0]:
            number += 1
        begins = spans[number][0] if spans else 0
        near = tuple(found[-_FEW:])
        place_of = Place(
            text=text, phrase=phrase, sentence=number, begins=begins, found=near, children=tuple(children)
        )
        one = Mention(phrase=phrase, who=role_of(place_of), sentence=number, part=is_part(phrase))
        found.append(one)
        if one.named and one.who == "child":
            children = [*children[:_FEW], one]
    mentions = _harmer_as_child(found)
    return Account(
        text=text, sentences=tuple(spans), mentions=tuple(mentions), by_child=mentions is not found
    )


_ONE_OF_THEM = re.compile(
    rf"\b(?:one|(?:the )?other|another)(?=,? (?:who )?(?:was |is )?(?:aged\b|of {NUMBER}[\s-]{UNIT}))",
    re.IGNORECASE,
)
_BARE_OLD = re.compile(r"\b(?:an?|the|this|each|another|two|three|four|five) $", re.IGNORECASE)


def _with_headless(text: str) -> list[Phrase]:
    """The phrases, and `a 13-year-old` that stands without a noun; a pronoun inside a phrase is its "
    "determiner."""
    phrases = phrases_in(text)
    nouns = [phrase for phrase in phrases if phrase.kind not in ("he", "they")]
    covered = {place for phrase in nouns for place in range(phrase.start, phrase.end)}
    for age in find_ages(text):
        before = _BARE_OLD.search(text[max(0, age.start - 8) : age.start])
        if age.form == "old" and before and age.start not in covered:
            start = age.start - len(before[0])
            det = before[0].casefold().strip()
            phrases.append(
                Phrase(
                    start=start,
                    end=age.end,
                    kind="child" if of_a_child(age.ages[-1]) else "adult",
                    det=det,
                    head="old",
                    mods=text[age.start : age.end],
                    several=text[age.end - 1] == "s",
                )
            )
    for match in _ONE_OF_THEM.finditer(text):
        phrases.append(Phrase(start=match.start(), end=match.end(), kind="child", det="the", head="one"))
    return sorted(phrases, key=lambda phrase: (phrase.start, phrase.end))


def _harmer_as_child(found: Sequence[Mention]) -> Sequence[Mention]:
    """Where the only child of an account is one who did harm, the review is of that child."""
    young = [one for one in found if one.phrase.kind in ("child", "kin", "name")]
    harmers = [one for one in young if one.who == "harmer" and one.phrase.kind != "kin"]
    if not harmers or any(one.who == "child" and one.sentence <= harmers[0].sentence for one in young):
        return found
    return [replace(one, who="child") if one in harmers or one.phrase.kind == "he" else one for one in found]
