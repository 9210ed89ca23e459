"""The words around what was looked for. Made here, for the few reviews that are shown: both databases can do
it, and take longer for it than for the search itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from bot.themes.words import stem

WORDS = 24  # in an excerpt
ROOM = 100  # characters after its first hit, in which others are seen with it
LEADING = 60  # characters before what was found, at most
MOST_PLACES = 20  # that are compared
SHORT = 3  # letters; what begins with so few may be any word


def around(text: str, phrases: Sequence[Sequence[str]]) -> str:
    """The words of `text` around the place that has most of these phrases, each as its words; "" where it has
    none. An ellipsis stands where something is left out."""
    looked_for = re.compile(
        "|".join(f"({_pattern(phrase)})" for phrase in phrases if phrase) or r"(?!)", re.IGNORECASE
    )
    found = [(one.start(), one.lastindex) for one in islice(looked_for.finditer(text), MOST_PLACES)]
    if not found:
        return ""

    def covered(at: int) -> int:
        return len({which for start, which in found if at <= start < at + ROOM})

    return _cut(text, max((start for start, _ in found), key=covered))


def opening(text: str) -> str:
    """The first words of a text."""
    return _cut(text, 0)


def _cut(text: str, at: int) -> str:
    """Words of a text that lead up to this place, and go on from it. They begin with its sentence or line
    where that is near."""
    before = text[max(at - LEADING, 0) : at]
    begins = [one.end() for one in re.finditer(r"[.!?…][\"'”’)]*\s+|\n", before)]
    if begins:
        first = at - len(before) + begins[-1]
    elif len(before) < LEADING:
        first = 0
    else:
        first = at - len(before) + (before.find(" ") + 1 or len(before))
    words = text[first : first + WORDS * 40].split()
    left_out = "… " if text[:first].strip() and not begins else ""
    goes_on = " …" if len(words) > WORDS else ""
    return f"{left_out}{' '.join(words[:WORDS])}{goes_on}"


def _pattern(words: Sequence[str]) -> str:
    return r"\b" + r"[\W_]+".join(map(_word, words))


def _word(word: str) -> str:
    """A word in any of its inflections, or nearly: what has its stem (`famili` of family, families)."""
    root = stem(word.lower()).rstrip("i")
    if not word.lower().startswith(root) or len(root) <= SHORT:
        return rf"{re.escape(word)}(?:['’]?s)?\b"
    return rf"{re.escape(root)}\w*"
