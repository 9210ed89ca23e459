"""Politeness between requests: one at a time to a host, with a pause after each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.ports import Clock


class Hosts:
    """Turns at each host. Threads that ask for the same host queue; different hosts do not wait for another.

    `wait` sleeps for a number of seconds; tests pass one that only notes it.
    """

    def __init__(self, clock: Clock, wait: Callable[[float], None]) -> None:
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._last: dict[str, datetime] = {}

    @contextmanager
    def turn(self, host: str, gap: float) -> Iterator[None]:
        """Hold the host for one request, begun at least `gap` seconds after the last one there ended.

        Not to be nested: whoever waits for a second host while holding a first could wait for ever.
        """
        host = host.lower().rstrip(".")
        with self._lock:
            turn = self._turns.setdefault(host, threading.Lock())
        with turn:
            pause = self._pause(host, gap)
            if pause > 0:
                self._wait(pause)
            try:
                yield
            finally:
                self._last[host] = self._clock.now()

    def _pause(self, host: str, gap: float) -> float:
        """Seconds still to wait; never more than `gap`, should the clock have been set back."""
        last = self._last.get(host)
        if last is None:
            return 0.0
        passed = (self._clock.now() - last) / timedelta(seconds=1)
        return max(0.0, gap - max(0.0, passed))
