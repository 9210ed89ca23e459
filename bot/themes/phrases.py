"""Phrases: how one is written, how it is made ready, and whether it stands at a place in a text.

neglect               any form of the word; hyphens and spaces are alike
(bruise|mark) on      one of several; an alternative may be several words long
(school)? place       a bracket that may be left out
<baby>                one of the words of a set
delay ... referral    up to GAP words between, in one sentence
bruise ~ <baby>       up to NEAR words between, either way round, in one sentence
DA                    capitals are found as capitals only
=missing              this form alone; with a capital (=Prevent), so written
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bot.themes.words import Passage, keys_of, stem

GAP = 5  # words that `...` may pass over
NEAR = 7  # words that `~` may pass over, either way round

Strength = Literal["strong", "weak", "not"]
Tails = tuple[tuple[str, ...], ...]
Element = Mapping[str, Tails]  # the key of a first word -> the keys of the words that must follow it

_TOKEN = re.compile(r"\([^()]*\)\??|<[^<>]*>|\.\.\.|~|[^\s()<>~]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One phrase of one theme. `gaps[i]`: words that may stand between element i and i + 1.

    `text`: as it is written. `needs`: one of these must be in the sentence too, or the phrase cannot be.
    """

    theme: str
    strength: Strength
    text: str
    elements: tuple[Element, ...]
    gaps: tuple[int, ...]
    needs: frozenset[str]


def end_of(phrase: Phrase, text: Passage, place: int, number: int = 0) -> int | None:
    """Where the phrase ends when its element `number` stands at `place`; None where it does not."""
    keys, sentences = text.keys, text.sentences
    sentence = sentences[place]
    for after in _afters(phrase.elements[number], text, place):
        if number + 1 == len(phrase.elements):
            return after
        following = phrase.elements[number + 1]
        for next_place in range(after, min(after + phrase.gaps[number] + 1, len(keys))):
            if sentences[next_place] != sentence:
                break
            if not following.keys().isdisjoint(keys[next_place]):
                end = end_of(phrase, text, next_place, number + 1)
                if end is not None:
                    return end
    return None


def _afters(element: Element, text: Passage, place: int) -> Iterator[int]:
    """The places after an element that begins here, one for each of its alternatives that fit."""
    keys = text.keys
    for key in keys[place]:
        for tail in element.get(key, ()):
            after = place + 1 + len(tail)
            if not tail or (
                after <= len(keys)
                and text.sentences[after - 1] == text.sentences[place]
                and all(wanted in keys[place + 1 + i] for i, wanted in enumerate(tail))
            ):
                yield after


def needs_of(elements: tuple[Element, ...]) -> frozenset[str]:
    """What must be in the sentence besides the first word: of the other elements, the most particular."""
    needs = [frozenset(element) for element in elements[1:]]
    tails = elements[0].values()
    if all(tail for choices in tails for tail in choices):
        needs.append(frozenset(tail[0] for choices in tails for tail in choices))
    return min(needs, key=len, default=frozenset())


def compile_phrase(
    text: str, sets: Mapping[str, Element], where: str
) -> Iterator[tuple[tuple[Element, ...], tuple[int, ...]]]:
    """The rows of elements and gaps that a phrase stands for."""
    if _TOKEN.sub("", text).strip():
        raise ValueError(f"{where}: brackets close, and do not nest")
    for tokens in _choices([token.group() for token in _TOKEN.finditer(text)]):
        yield from _rows(tokens, sets, where)


def _choices(tokens: list[str]) -> list[list[str]]:
    """The phrase with and without each bracket that ends in a question mark."""
    choices: list[list[str]] = [[]]
    for token in tokens:
        kept = [[*choice, token.removesuffix("?")] for choice in choices]
        choices = kept + choices if token.endswith(")?") else kept
    return choices


def _rows(
    tokens: list[str], sets: Mapping[str, Element], where: str
) -> Iterator[tuple[tuple[Element, ...], tuple[int, ...]]]:
    """One row, or two for a phrase with `~`: both ways round."""
    if not tokens or tokens[0] in {"...", "~"} or tokens[-1] in {"...", "~"}:
        raise ValueError(f"{where}: a phrase begins and ends with a word")
    if any(a in {"...", "~"} and b in {"...", "~"} for a, b in pairwise(tokens)) or tokens.count("~") > 1:
        raise ValueError(f"{where}: '...' and '~' stand between words, and '~' only once")
    if "~" not in tokens:
        yield _row(tokens, sets, where)
        return
    middle = tokens.index("~")
    left, right = _row(tokens[:middle], sets, where), _row(tokens[middle + 1 :], sets, where)
    for (first, gaps), (second, more) in ((left, right), (right, left)):
        yield first + second, (*gaps, NEAR, *more)


def _row(
    tokens: list[str], sets: Mapping[str, Element], where: str
) -> tuple[tuple[Element, ...], tuple[int, ...]]:
    elements: list[Element] = []
    gaps: list[int] = []
    gap = 0
    for token in tokens:
        if token == "...":
            gap = GAP
            continue
        if elements:
            gaps.append(gap)
        gap = 0
        inner = token[1:-1].split("|") if token.startswith("(") else [token]
        elements.append(join(alternative(word.strip(), sets, where) for word in inner))
    return tuple(elements), tuple(gaps)


def alternative(text: str, sets: Mapping[str, Element], where: str) -> Element:
    """One alternative: a set's name in angle brackets, or one or more words."""
    if text.startswith("<"):
        try:
            return sets[text[1:-1]]
        except KeyError:
            raise ValueError(f"{where}: there is no set {text}; name one of those under 'sets'") from None
    if "..." in text or "~" in text:
        raise ValueError(f"{where}: '...' and '~' stand outside brackets")
    keys = [
        _key(exact, word)
        for piece in text.split()
        for exact in (piece.startswith("="),)
        for word in _WORD.findall(piece)
    ]
    if not keys:
        raise ValueError(f"{where}: {text!r} has no word in it")
    return {keys[0]: (tuple(keys[1:]),)}


def _key(exact: bool, word: str) -> str:
    """The key a word of a phrase asks for: its stem, its form after `=`, its capitals."""
    if exact or _CAPITALS.fullmatch(word):
        return "=" + word
    return keys_of(word.lower())[0] if "'" in word or "’" in word else stem(word.lower())


def join(alternatives: Iterable[Element]) -> Element:
    joined: dict[str, Tails] = {}
    for alternative in alternatives:
        for key, tails in alternative.items():
            joined[key] = joined.get(key, ()) + tuple(
                tail for tail in tails if tail not in joined.get(key, ())
            )
    return joined
