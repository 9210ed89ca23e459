"""Ages as reviews state them (`6 weeks`, `2 years 4 months`), and bounds on them (`< 1 year`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

# Whole numbers, so that 12 months is exactly a year: forty-eighths of a day.
_UNITS = {"day": 48, "week": 336, "month": 1461, "year": 17532}
_PART = re.compile(r"(\d+)\s*(day|week|month|year)s?")
_BOUND = re.compile(
    r"(?:(?P<sign><=|>=|<|>|under|over|at least|at most|up to)\s*)?"
    r"(?P<low>\d+)(?:\s*(?:-|–|to)\s*(?P<high>\d+))?\s*(?P<unit>day|week|month|year)s?"
)
_SIGNS = {"under": "<", "over": ">", "at least": ">=", "at most": "<=", "up to": "<="}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBound:
    """What an age must be. `low` and `high` count in `unit`; None leaves that side open.

    A bound that takes its upper end in speaks of completed units, as people do: a child of 17 years and
    6 months is within `11-17 years`.
    """

    unit: Literal["day", "week", "month", "year"]
    low: int | None = None
    high: int | None = None
    low_in: bool = True
    high_in: bool = True

    def admits(self, age: str) -> bool:
        """Whether an age as a record states it lies within. Something that is no age never does."""
        length = age_length(age)
        if length is None:
            return False
        size = _UNITS[self.unit]
        if self.low is not None and (
            length < self.low * size or (length == self.low * size and not self.low_in)
        ):
            return False
        if self.high is None:
            return True
        return length // size <= self.high if self.high_in else length < self.high * size


def age_length(age: str) -> int | None:
    """The length of `N days|weeks|months|years` or `N years M months`, in forty-eighths of a day."""
    parts = _PART.findall(age.lower())
    return sum(int(count) * _UNITS[unit] for count, unit in parts) if parts else None


def parse_age(text: str) -> AgeBound:
    """A bound from words: `< 1 year`, `<= 6 months`, `>= 11 years`, `11-17 years`, `under 1 year`.

    Raises ValueError that says what would be right.
    """
    found = _BOUND.fullmatch(" ".join(text.lower().split()))
    if found is None or (found["sign"] and found["high"]):
        raise ValueError(f"{text!r} is no bound on an age; write it like '< 1 year' or '11-17 years'")
    unit: Literal["day", "week", "month", "year"] = found["unit"]  # type: ignore[assignment]  # the pattern allows these four
    low, sign = int(found["low"]), _SIGNS.get(found["sign"] or "", found["sign"])
    if sign in {"<", "<="}:
        return AgeBound(unit=unit, high=low, high_in=sign == "<=")
    if sign in {">", ">="}:
        return AgeBound(unit=unit, low=low, low_in=sign == ">=")
    high = int(found["high"] or low)
    if high < low:
        raise ValueError(f"{text!r} ends before it begins; write the lower age first, like '11-17 years'")
    return AgeBound(unit=unit, low=low, high=high)
