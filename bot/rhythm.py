"""How often a source has something new, learned from when it had, so that a long silence is noticed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

LEAST = 5  # days with something new: from fewer, nothing can be learned
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """`usual`: the median pause between two days with something new; `longest`: the longest there was;
    `last`: the last such day."""

    usual: timedelta
    longest: timedelta
    last: date

    def is_quiet(self, today: date) -> bool:
        """Whether the source has been silent for longer than it ever was, by more than a week: a reason to
        ask, and none to call it broken."""
        return today - self.last > self.longest + A_WEEK

    @property
    def said(self) -> str:
        """`about every 3 weeks`."""
        return f"about every {spell(self.usual)}"


def rhythm(days: Iterable[date]) -> Rhythm | None:
    """The rhythm of a source that had something new on these days; None where they are too few to tell."""
    apart = sorted(set(days))
    if len(apart) < LEAST:
        return None
    pauses = [after - before for before, after in pairwise(apart)]
    usual = timedelta(days=median(pause.days for pause in pauses))
    return Rhythm(usual=usual, longest=max(pauses), last=apart[-1])


def spell(time: timedelta) -> str:
    """A length of time as people say it: `day`, `4 days`, `3 weeks`, `5 months`."""
    days = max(1, time.days)
    for length, name in ((60, "month"), (14, "week")):
        if days >= length:
            return f"{round(days / (30.44 if name == 'month' else 7))} {name}s"
    return "day" if days == 1 else f"{days} days"
