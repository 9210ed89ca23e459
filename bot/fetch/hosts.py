"""Politeness between requests: one at a time to a host, with a pause after each, and none where we were asked
to stay away. Where several processes have one database, it keeps the turns for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from bot.errors import SourceError
from bot.models import HostState
from bot.ports import Clock
from bot.spoken import MONTHS

Turn = Callable[[str], AbstractContextManager[HostState]]  # a host's, in all processes


class Hosts:
    """Turns at each host. Threads that ask for the same host queue; different hosts do not wait for another.

    `wait` sleeps for a number of seconds; tests pass one that only notes it. `elsewhere`: takes the turn from
    other processes too, with what they know of the host; it raises StoreError.
    """

    def __init__(self, clock: Clock, wait: Callable[[float], None], elsewhere: Turn | None = None) -> None:
        self._elsewhere = elsewhere or self._alone
        self._clock = clock
        self._wait = wait
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._states: dict[str, HostState] = {}

    @contextmanager
    def turn(self, host: str, gap: float) -> Iterator[None]:
        """Hold the host for one request, begun at least `gap` seconds after the last one there ended.

        Not to be nested: whoever waits for a second host while holding a first could wait for ever. Raises
        SourceError at once where the host is to be left alone.
        """
        host = _named(host)
        with self._lock:
            turn = self._turns.setdefault(host, threading.Lock())
        with turn, self._elsewhere(host) as state:
            self._states[host] = state
            self._check(host)
            pause = self._pause(host, gap)
            if pause > 0:
                self._wait(pause)
            try:
                yield
            finally:
                state.asked_at = self._clock.now()

    def leave_alone(self, host: str, time: timedelta) -> None:
        """No request to this host for so long: it asked for that, in the turn that is on."""
        self._states[_named(host)].away = (self._clock.now(), time)

    @contextmanager
    def _alone(self, host: str) -> Iterator[HostState]:
        yield self._states.setdefault(host, HostState())

    def _check(self, host: str) -> None:
        since, time = self._states[host].away or (None, timedelta(0))
        now = self._clock.now()
        # A clock that was set back must not silence a host for longer than it asked.
        if since is None or not timedelta(0) <= now - since < time:
            return
        until = since + time
        raise SourceError(
            f"Did not ask {host}: it asked us to stay away until {until.day} {MONTHS[until.month - 1]} "
            f"{until:%Y %H:%M} UTC; the next poll after that will try again.",
            trouble="failing",
            again=True,
            retry_after=until - now,
        )

    def _pause(self, host: str, gap: float) -> float:
        """Seconds still to wait; never more than `gap`, should the clock have been set back."""
        last = self._states[host].asked_at
        if last is None:
            return 0.0
        passed = (self._clock.now() - last) / timedelta(seconds=1)
        return max(0.0, gap - max(0.0, passed))


def _named(host: str) -> str:
    return host.lower().rstrip(".")
