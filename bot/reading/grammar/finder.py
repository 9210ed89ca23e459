"""Patterns of many alternatives that are looked for in much text and seldom found.

Python tries every alternative at every letter. Almost each of them has a word that must be there, though:
where none of these words is in the text, there is nothing to find, and that is told twenty times as fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as op  # type: ignore[attr-defined]  # what re itself parses patterns into
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_FEW = 8  # characters of a class, such as quotation marks, that are looked for one by one


class Finder:
    """A pattern, its case ignored if no flags are given, that is looked for only where its words are."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> None:
        self._whole = re.compile(pattern, flags)
        parts = [pattern] if self._whole.groups else _alternatives(pattern)
        self._parts = [(_words(part, flags), re.compile(part, flags)) for part in parts]
        self._words = _words(pattern, flags)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text, as `re.Pattern.search` gives it."""
        folded = text.casefold()
        if not _any_in(folded, self._words):
            return None
        found: re.Match[str] | None = None
        for words, part in self._parts:
            match = part.search(text) if _any_in(folded, words) else None
            if match and (found is None or match.start() < found.start()):
                found = match
        return found

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in the text, as `re.Pattern.finditer` gives them."""
        return self._whole.finditer(text) if _any_in(text.casefold(), self._words) else iter(())


def _any_in(folded: str, words: tuple[str, ...]) -> bool:
    for word in words:  # a loop, since any() takes three times as long
        if word in folded:
            return True
    return not words


def _alternatives(pattern: str) -> list[str]:
    """The pattern cut at each `|` that stands in no bracket."""
    parts = [""]
    depth, in_class = 0, False
    for token in re.findall(r"\\.|.", pattern, re.DOTALL):
        if not in_class:
            depth += (token == "(") - (token == ")")
        in_class = token == "[" or (in_class and token != "]")
        if token == "|" and not depth and not in_class:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _words(pattern: str, flags: re.RegexFlag) -> tuple[str, ...]:
    words = _needed(parser.parse(pattern, flags))
    return tuple(word for word in words if not any(other in word for other in words - {word}))


def _needed(parsed: Iterable[Any]) -> frozenset[str]:
    """Words of which one at least is in everything that a part of a pattern matches; none if none is sure."""
    found: list[frozenset[str]] = []
    run = ""
    for code, argument in [*parsed, (None, None)]:
        if code is op.LITERAL:
            run += chr(argument).casefold()
            continue
        found.append(frozenset({run}))
        run = ""
        if code is op.SUBPATTERN:
            found.append(_needed(argument[-1]))
        elif code is op.BRANCH:
            parts = [_needed(part) for part in argument[1]]
            found.append(frozenset().union(*parts) if all(parts) else frozenset())
        elif code in (op.MAX_REPEAT, op.MIN_REPEAT) and argument[0] > 0:
            found.append(_needed(argument[2]))
        elif code is op.IN and len(argument) <= _FEW and all(kind is op.LITERAL for kind, _ in argument):
            found.append(frozenset(chr(letter).casefold() for _, letter in argument))
    sure = [words for words in found if all(words)]
    return max(sure, key=lambda words: min(map(len, words), default=0), default=frozenset())
