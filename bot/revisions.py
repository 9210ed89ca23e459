"""What changed between two records of one review, and whether a reader must hear of it.

A recommendation added changes the meaning; a comma or a mended typo does not. Numbers and denials always
change it, however small the edit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rapidfuzz import fuzz

from bot.models import Difference, Review

LISTS = ("good_practice", "learning", "recommendations", "actions", "questions")
TEXTS = ("incident", "background")
_WEIGHTY = re.compile(r"\d+|\b(?:not?|never|none|without|nor|cannot|un\w+)\b|n['’]t\b", re.IGNORECASE)


def compare(
    before: Review, after: Review
) -> tuple[Literal["revised", "mended", "withdrawn", "same"], tuple[Difference, ...]]:
    """How `after` differs: `withdrawn` (it says so itself), `revised` in meaning, `mended` or the `same`.

    The differences are those that a reader must hear of.
    """
    if before == after:
        return "same", ()
    if after.status == "withdrawn" and before.status != "withdrawn":
        return "withdrawn", (_status(before, after),)
    differences = [_status(before, after)] if before.status != after.status else []
    for name in TEXTS:
        differences.extend(_text(name, getattr(before, name), getattr(after, name)))
    for name in LISTS:
        differences.extend(_points(name, getattr(before, name), getattr(after, name)))
    if not before.links and after.links:
        differences.append(
            Difference(field="links", before=(), after=tuple(link.label for link in after.links))
        )
    return ("revised", tuple(differences)) if differences else ("mended", ())


def _status(before: Review, after: Review) -> Difference:
    return Difference(field="status", before=(before.status,), after=(after.status,))


def _text(name: str, before: str, after: str) -> list[Difference]:
    if _same_meaning(before, after):
        return []
    return [Difference(field=name, before=(before,) if before else (), after=(after,) if after else ())]


def _points(name: str, before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """Points that went and points that came; order does not matter."""
    gone = list(before)
    came: list[str] = []
    for point in after:
        match = next((one for one in gone if one == point), None)
        match = match or next((one for one in gone if _same_meaning(one, point)), None)
        if match is None:
            came.append(point)
        else:
            gone.remove(match)
    return [Difference(field=name, before=tuple(gone), after=tuple(came))] if gone or came else []


def _same_meaning(before: str, after: str) -> bool:
    a, b = " ".join(before.split()), " ".join(after.split())
    if a == b:
        return True
    weight = [sorted(word.casefold() for word in _WEIGHTY.findall(text)) for text in (a, b)]
    return weight[0] == weight[1] and fuzz.ratio(a.casefold(), b.casefold()) >= 95
