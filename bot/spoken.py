"""How the field's own values, and several names together, are said to people, in mails and on pages alike."""

from __future__ import annotations

from collections.abc import Iterable

from bot.models import ReviewType

# fmt: off
MONTHS = (  # never strftime: its months follow the machine's locale
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on

KINDS: dict[ReviewType, str] = {
    "lcspr": "Local child safeguarding practice review",
    "scr": "Serious case review",
    "cpr": "Child practice review",
    "cmr": "Case management review",
    "lr": "Learning review",
    "sar": "Safeguarding adult review",
    "dhr": "Domestic homicide review",
    "national": "National review",
    "thematic": "Learning from several reviews",
}


def date_as_given(published: str) -> str:
    """A date as exactly as its source gave it: `2024-03-03` is 3 March 2024, `2022-02` is February 2022,
    `2017` is 2017. What is no such date is left as it is."""
    parts = published.split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return published
    year, *rest = parts
    if rest and not 1 <= int(rest[0]) <= 12:
        return published
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    month = [MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*day, *month, year])


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return _joined(words, "and")


def any_of(words: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return _joined(words, "or")


def _joined(words: Iterable[str], last_by: str) -> str:
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {last_by} {last}" if first else last


def in_quotes(names: Iterable[str]) -> list[str]:
    """Each name in quotation marks."""
    return [f"“{name}”" for name in names]
