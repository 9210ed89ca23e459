"""When a message may go to Slack: one a second in a channel, and none at all while Slack asks to wait.

Slack documents one message a second in a channel. The second is counted from the answer to the message
before, so that however long each is on its way, no two arrive closer together.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from bot.deliver.slack.faults import Trouble, too_many
from bot.ports import Progress

Answer = TypeVar("Answer")

GAP = 1.0  # seconds
SHORT = 5.0  # seconds that are simply waited; for more the delivery is put off
TRIES = 3  # of one call, where Slack asks for a short wait
NEVER = -math.inf


@dataclass(slots=True)
class _Lane:
    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float = NEVER


class Pace:
    """Shared by all threads. `pause` waits so many seconds; `clock` gives seconds and never goes back."""

    def __init__(
        self,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause = pause
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._quiet_until = NEVER
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, channel: str) -> Iterator[None]:
        """Waits until a message may go to this channel; inside, it alone may. Raises Trouble as `heed`."""
        with self._lock:
            lane = self._lanes.setdefault(channel, _Lane())
        with lane.lock:
            wait = lane.last + GAP - self._clock()
            if wait > 0:
                self._pause(wait)
            self.heed()
            try:
                yield
            finally:
                lane.last = self._clock()

    def at_its_turn(self, channel: str, progress: Progress, call: Callable[[], Answer]) -> Answer:
        """What `call` gives, made once a message may go to this channel and `progress` knows of it. Where it
        raises Trouble, a short wait that Slack asks for is waited, and the call made again; any other goes
        on to the caller."""
        for last in (False,) * (TRIES - 1) + (True,):
            with self.turn(channel):
                progress.handing_over()
                self.heed()
                try:
                    return call()
                except Trouble as trouble:
                    asked = trouble.retry_after if trouble.asks_to_wait else None
                    short = asked is not None and self.asked_to_wait(asked)
                    if last or not short:
                        raise
        raise AssertionError("the last try returns or raises")

    def also_called(self, channel: str, known_as: str) -> None:
        """A channel's name and its id have one turn between them."""
        with self._lock:
            lane = self._lanes.setdefault(channel, _Lane())
            self._lanes[channel] = self._lanes.setdefault(known_as, lane)

    def heed(self) -> None:
        """Waits while Slack asks to, if that is short. Raises Trouble (deferred, holds) if long."""
        waited_for = NEVER
        while (until := self._until()) > waited_for and (wait := until - self._clock()) > 0:
            if wait > SHORT:
                raise too_many(timedelta(seconds=math.ceil(wait)))
            self._pause(wait)
            waited_for = until

    def asked_to_wait(self, wait: timedelta) -> bool:
        """Slack asks every thread to wait so long. Gives whether that is short enough to be waited here."""
        with self._lock:
            self._quiet_until = max(self._quiet_until, self._clock() + wait.total_seconds())
        return wait.total_seconds() <= SHORT

    def _until(self) -> float:
        with self._lock:
            return self._quiet_until
