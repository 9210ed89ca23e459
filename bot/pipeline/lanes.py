"""Lanes: the deliveries of one medium, handed out to a few threads side by side. A slow medium, or one that
takes nothing now, holds up no other."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from bot.errors import StoreError
from bot.models import Delivery, Medium, Outcome
from bot.pipeline.register import LEASE, Register
from bot.ports import Channel, Clock, Ledger

BATCH = 50  # deliveries claimed at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """How one medium is delivered: so many at a time, and no more than `an_hour`."""

    channel: Channel
    side_by_side: int = 1
    an_hour: int | None = None


class Line:
    """Those who wait in one lane. Its threads take the next, and claim more when there is none."""

    def __init__(self, medium: Medium, lane: Lane, ledger: Ledger, register: Register, clock: Clock) -> None:
        self.lane = lane
        self._medium = medium
        self._ledger = ledger
        self._register = register
        self._clock = clock
        self._claimed: deque[Delivery] = deque()
        self._turn = threading.Lock()
        self._closed = False

    def next(self) -> Delivery | None:
        """The next to deliver; None where there is none left, or the line is closed."""
        with self._turn:
            if not self._closed and not self._claimed:
                self._register.keep()  # what ended is out of the way of what comes after it
                now, lane = self._clock.now(), self.lane
                claim = self._ledger.claim_deliveries(self._medium, now, LEASE, BATCH, lane.an_hour)
                self._claimed.extend(claim)
            return None if self._closed or not self._claimed else self._claimed.popleft()

    def close(self) -> None:
        """Nobody gets another; what was claimed and not begun is for others again."""
        with self._turn:
            self._closed = True
            left = [one.id for one in self._claimed]
            self._claimed.clear()
        if left:
            with suppress(StoreError):  # its lease runs out soon
                self._ledger.give_back(left)


def deliver_side_by_side(
    lines: Mapping[Medium, Line],
    deliver: Callable[[Delivery], Outcome],
    stopping: Callable[[], bool],
    each: Callable[[Delivery, Outcome], None],
) -> Counter[str]:
    """Deliver until all lines are empty or closed; how many ended in which state. Where one thread raises,
    all stop after what they have in hand, and the first error is raised."""
    ended: Counter[str] = Counter()
    telling = threading.Lock()

    def work(line: Line) -> None:
        with ExitStack() as failing:
            failing.callback(_close, lines.values())
            while not stopping() and (delivery := line.next()) is not None:
                outcome = deliver(delivery)
                if outcome.holds:
                    line.close()
                with telling:
                    ended[outcome.state] += 1
                    each(delivery, outcome)
            failing.pop_all()

    threads = [line for line in lines.values() for _ in range(line.lane.side_by_side)]
    with ThreadPoolExecutor(max_workers=max(1, len(threads)), thread_name_prefix="deliver") as pool:
        try:
            for one in as_completed([pool.submit(work, line) for line in threads]):
                one.result()
        finally:
            _close(lines.values())
    return ended


def _close(lines: Iterable[Line]) -> None:
    for line in lines:
        line.close()
