"""Phrases: how one is written, and how it is made ready to be found (bot/themes/finding.py).

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
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from bot.themes.words import keys_of, stem

GAP = 5  # words that `...` may pass over
NEAR = 7  # words that `~` may pass over, either way round
# Bounds on one phrase: each `...` and each bracket that may be left out multiplies the ways to read it.
MOST_GAPS = 4
MOST_LEFT_OUT = 3

Strength = Literal["strong", "weak", "not"]
Tails = tuple[tuple[str, ...], ...]
Element = Mapping[str, Tails]  # the key of a first word -> the keys of the words that must follow it

_TOKEN = re.compile(r"\([^()]*\)\??|<[^<>]*>|\.\.\.|~|[^\s()<>~]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One phrase of one theme. `gaps[i]`: words that may stand between element i and i + 1.

    `text`: as it is written. `fields`: the only fields of a record where it counts; None for all where its
    theme does.
    """

    theme: str
    strength: Strength
    text: str
    elements: tuple[Element, ...]
    gaps: tuple[int, ...]
    fields: frozenset[str] | None = None


def compile_phrase(
    text: str, sets: Mapping[str, Element], where: str
) -> Iterator[tuple[tuple[Element, ...], tuple[int, ...]]]:
    """The rows of elements and gaps that a phrase stands for. Raises ValueError that begins with `where`."""
    text = text.replace("…", "...")  # as some editors write it
    if _TOKEN.sub("", text).strip():
        raise ValueError(f"{where}: brackets close, and do not nest")
    if text.count("...") > MOST_GAPS or text.count(")?") > MOST_LEFT_OUT:
        raise ValueError(
            f"{where}: '...' stands at most {MOST_GAPS} times in a phrase, and brackets that may be left out "
            f"at most {MOST_LEFT_OUT} times; write two phrases"
        )
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
        raise ValueError(
            f"{where}: a phrase begins and ends with a word; take away what stands before or after, "
            "or the '?' of a bracket that is all there is"
        )
    if any(a in {"...", "~"} and b in {"...", "~"} for a, b in pairwise(tokens)):
        raise ValueError(
            f"{where}: between two gaps, '...' or '~', stands a word that cannot be left out; write one gap"
        )
    if tokens.count("~") > 1:
        raise ValueError(f"{where}: '~' stands only once in a phrase; write two phrases, or '...'")
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
            known = ", ".join(f"<{name}>" for name in sets) or "none"
            raise ValueError(f"{where}: there is no set {text}; the sets are {known}") from None
    if "..." in text or "~" in text:
        raise ValueError(f"{where}: '...' and '~' stand outside brackets")
    keys = [
        _key(exact, word)
        for piece in text.split()
        for exact in (piece.startswith("="),)
        for word in _WORD.findall(piece)
    ]
    if not keys:
        raise ValueError(f"{where}: {text!r} has no word in it; write one, or take it away with its '|'")
    return {keys[0]: (tuple(keys[1:]),)}


@lru_cache(maxsize=10_000)
def _key(exact: bool, word: str) -> str:
    """The key a word of a phrase asks for: its stem, its form after `=`, its capitals."""
    if exact or _CAPITALS.fullmatch(word):
        return "=" + word
    return keys_of(word.lower())[0] if "'" in word or "’" in word else stem(word.lower())


def join(alternatives: Iterable[Element]) -> Element:
    joined: dict[str, Tails] = {}
    for alternative in alternatives:
        for key, tails in alternative.items():
            known = joined.get(key)
            joined[key] = tails if known is None else tuple(dict.fromkeys((*known, *tails)))
    return joined
