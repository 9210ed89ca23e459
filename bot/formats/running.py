"""Running lines of plain text that was printed in pages: page numbers, and the titles that repeat by them."""

from __future__ import annotations

import re
from collections import Counter

_PAGE_NUMBER = re.compile(
    r"^\s*(?:(?:page\s+)?\d{1,3}\s+of\s+\d{1,3}|page\s+\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]|\[page \d{1,3}\])\s*$|"
    r"^\s*\S.{0,100}(?:\s{3,}|\s\|\s*)page\s+\d{1,3}(?:\s+of\s+\d{1,3})?\s*$",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(r"[\w,’'\")-]\s*$")


def without_running_lines(text: str) -> str:
    """The text less its page numbers and the lines that repeat beside them.

    A sentence that the turn of a page broke in two is whole again: the empty lines in it go.
    """
    lines = text.split("\n")
    numbers = [place for place, line in enumerate(lines) if _PAGE_NUMBER.match(line)]
    if not numbers:
        return text
    beside = {place: _beside(lines, place) for place in numbers}
    repeated = Counter(" ".join(lines[near].split()) for nears in beside.values() for near in nears)
    gone = set(numbers)
    for nears in beside.values():
        gone.update(near for near in nears if repeated[" ".join(lines[near].split())] >= 2)
    for place in numbers:
        gone.update(_gap(lines, place, gone))
    return "\n".join(line for place, line in enumerate(lines) if place not in gone)


def _beside(lines: list[str], place: int) -> list[int]:
    """The lines with words next above and next below a page number."""
    above = (near for near in range(place - 1, max(place - 5, -1), -1) if lines[near].strip())
    below = (near for near in range(place + 1, min(place + 5, len(lines))) if lines[near].strip())
    return [near for near in (next(above, None), next(below, None)) if near is not None]


def _gap(lines: list[str], place: int, gone: set[int]) -> list[int]:
    """The empty lines round a page number, where they part a sentence."""
    first, last = place, place
    while first > 0 and (first - 1 in gone or not lines[first - 1].strip()):
        first -= 1
    while last + 1 < len(lines) and (last + 1 in gone or not lines[last + 1].strip()):
        last += 1
    if first == 0 or last + 1 == len(lines):
        return []
    broken = _UNFINISHED.search(lines[first - 1]) and lines[last + 1].lstrip()[:1].islower()
    return list(range(first, last + 1)) if broken else []
