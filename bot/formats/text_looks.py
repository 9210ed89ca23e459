"""What a line of plain text looks like: a heading in capitals, a title, a line broken on purpose."""

from __future__ import annotations

import re

_UNFINISHED = re.compile(
    r"[a-z,] (?:in|of|the|and|or|to|on|an?|by|for|with|from|at|as|that|which|who|was|were|between|aged|"
    r"since)$"
)
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)$"
)


def is_broken(text: str) -> bool:
    """Markdown: two spaces or a backslash at the end of a line."""
    return text.endswith(("  ", "\\")) and bool(text.strip())


def is_capitals(text: str) -> bool:
    """A line in capitals, of two words or one long one: a heading by custom."""
    letters = [char for char in text if char.isalpha()]
    return (
        len(letters) > 5
        and not any(char.islower() for char in letters)
        and "://" not in text
        and len(text) < 120
    )


def looks_like_title(text: str) -> bool:
    words = text.split()
    if not 1 < len(words) <= 12 or len(text) > 90 or text.rstrip().endswith((".", ",", ";", ":", "!")):
        return False
    return (
        text.lstrip()[:1].isupper()
        and "**" not in text
        and "](" not in text
        and "://" not in text
        and "\n" not in text
    )


def breaks_off(line: str, following: str) -> bool:
    """Whether a line stops where its sentence cannot be over: at `of`, or between a month and its year."""
    return bool(_UNFINISHED.search(line) or (_MONTH.search(line) and re.match(r"(?:19|20)\d\d\b", following)))
