"""Two ways to measure: works that take turns in this process, and a piece of work in a process of its own, with
its memory.

Children of such a process count: processor time is that of the process and of those it started and saw end; memory
is its own peak and that of the largest child.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from tests.bench.findings import Timing

Item = TypeVar("Item")
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a piece of work counted; wall and processor time in seconds, peak memory in MB."""

    count: int
    wall: float
    processor: float
    peak: float

    @property
    def rate(self) -> float:
        """So many a second."""
        return self.count / self.wall

    def processor_time(self, what: str) -> Timing:
        return Timing(what=what, rounds=(self.processor,), count=self.count)

    def wall_time(self, what: str) -> Timing:
        return Timing(what=what, rounds=(self.wall,), count=self.count)


def in_turns(
    works: Mapping[str, Callable[[Item], object]],
    items: Sequence[Item],
    *,
    count: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Timing]:
    """Each work on each item, one after the other, so that a busy minute falls on all of them alike. Each has the
    first once more beforehand, to warm caches and imports. `count`: so many are in an item."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work(items[0])
    for item in items:
        for name, work in works.items():
            start = clock()
            work(item)
            seconds[name].append(clock() - start)
    return {name: Timing(what=name, rounds=tuple(spent), count=count) for name, spent in seconds.items()}


def measure(what: Callable[..., int | Figures], *arguments: object) -> Figures:
    """Work that gives its count, or figures of its own of which the peak is measured here."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_measured, args=(theirs, what, arguments))
    process.start()
    theirs.close()
    figures: Figures = ours.recv()
    process.join()
    return figures


def timed(what: Callable[[], int]) -> Figures:
    """In this process; its peak is for `measure` to find."""
    start, processor = time.monotonic(), _processor_seconds()
    count = what()
    wall, processor = time.monotonic() - start, _processor_seconds() - processor
    return Figures(count=count, wall=wall, processor=processor, peak=0)


def line(name: str, figures: Figures) -> None:
    print(
        f"{name:46} {figures.count:6} {figures.wall:8.2f} s {figures.processor:8.2f} s CPU "
        f"{figures.peak:7.0f} MB {figures.rate:8.0f} a second"
    )


def _measured(pipe: Connection, what: Callable[..., int | Figures], arguments: tuple[object, ...]) -> None:
    found: int | Figures = 0

    def work() -> int:
        nonlocal found
        found = what(*arguments)
        return found if isinstance(found, int) else found.count

    whole = timed(work)
    inner = found if isinstance(found, Figures) else whole
    peak = _own_peak() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    pipe.send(Figures(count=inner.count, wall=inner.wall, processor=inner.processor, peak=peak))


def _processor_seconds() -> float:
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in each)


def _own_peak() -> float:
    """Megabytes. Linux counts into `ru_maxrss` what the process was before it was this program: the bench itself,
    with all that it has loaded."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(said.split()[1]) / 1024 for said in status.splitlines() if said.startswith("VmHWM:"))
