"""What a bench finds: ratios to a baseline of the same run, growth with size, and figures that were asked for.

All is said in one direction: so many times as *long* as the baseline, seconds, megabytes; less is better. What each
may be at the most is pinned in `floors`, by the finding's name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST_NOISE = 0.1  # of a ratio: two runs of the same code differ by as much
OF_ONE_ROUND = 0.2  # where there is one round to judge by
LEAST_MEASURED = 0.002  # seconds; the growth of what is faster says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of each round in which so many of something were done."""

    what: str
    rounds: tuple[float, ...]
    count: int = 1

    @property
    def best(self) -> float:
        """Seconds for one of them, in the best round: a busy machine only adds."""
        return min(self.rounds) / self.count

    @property
    def noise(self) -> float:
        """How far the two best rounds lie apart, as a share."""
        if len(self.rounds) == 1:
            return OF_ONE_ROUND
        first, second = sorted(self.rounds)[:2]
        return max(LEAST_NOISE, second / first - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times as long ours takes as the baseline does, for each of what both did."""

    name: str
    ours: Timing
    baseline: Timing

    @property
    def value(self) -> float:
        return self.ours.best / self.baseline.best

    @property
    def noise(self) -> float:
        return max(self.ours.noise, self.baseline.noise)

    def said(self, most: float) -> str:
        return (
            f"{self.name:58} {_seconds(self.ours.best)} {_seconds(self.baseline.best)} "
            f"{self.value:9.3g} x of {most:<6g} {self.baseline.what}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Seconds at three sizes or more; the exponent says how they grow: 0 not at all, 1 in proportion."""

    name: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    noise: float = LEAST_NOISE

    @property
    def value(self) -> float:
        """The slope of time by size, both as logarithms, by least squares."""
        x = [math.log(size) for size in self.sizes]
        y = [math.log(max(spent, LEAST_MEASURED)) for spent in self.seconds]
        middle, centre = sum(x) / len(x), sum(y) / len(y)
        rise = sum((a - middle) * (b - centre) for a, b in zip(x, y, strict=True))
        return rise / sum((a - middle) ** 2 for a in x)

    def said(self, most: float) -> str:
        row = ", ".join(
            f"{size:,}: {_seconds(took).strip()}" for size, took in zip(self.sizes, self.seconds, strict=True)
        )
        return f"{self.name:58} {'':21}   n^{self.value:5.2f} of {most:<6g} {row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that was asked for as such, whatever the machine: seconds, or megabytes."""

    name: str
    value: float
    unit: str
    noise: float = 0.0

    def said(self, most: float) -> str:
        return f"{self.name:58} {self.value:10.3g} {self.unit:10} {'':8} of {most:<6g}"


Finding = Ratio | Growth | Figure


def is_worse(finding: Finding, most: float) -> bool:
    """Whether it lies above its floor by more than the noise."""
    return finding.value > most * (1 + finding.noise)


def growth(name: str, sizes: Sequence[int], seconds: Iterable[float]) -> Growth:
    return Growth(name=name, sizes=tuple(sizes), seconds=tuple(seconds))


def _seconds(value: float) -> str:
    if value < 0.001:
        return f"{1e6 * value:8.0f} µs"
    if value < 1:
        return f"{1e3 * value:8.2f} ms"
    return f"{value:8.2f} s "
