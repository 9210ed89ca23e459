"""Tickets: who gets them, and when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.errors import StoreError
from bot.worker.engine import Engine, Pulse
from tests.store import postgres
from tests.worker.fleet import wait_until
from tests.worker.quick import PULSE


class Hands:
    """Does what a ticket says, notes it, and takes as long as it is told to."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.most_at_once = 0
        self.goes_on = threading.Event()
        self.is_fit = True
        self._at_once = 0
        self._lock = threading.Lock()

    def fit(self) -> bool:
        return self.is_fit

    def shares_due(self) -> list[int]:
        self.done.append("round")
        return [3]

    def collect_share(self, share: int) -> None:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.done.append(f"collect {share}")
        self.goes_on.wait(20)
        with self._lock:
            self._at_once -= 1

    def compose_all(self) -> None:
        self.done.append("compose")
        raise StoreError("the archive is away")

    def deliver(self) -> None:
        self.done.append("send")


@pytest.fixture
def begin() -> Iterator[Callable[..., None]]:
    postgres.server_or_skip()
    url, stop, threads, all_hands = postgres.fresh_database(), threading.Event(), [], []

    def begin(hands: Hands, pulse: Pulse = PULSE) -> None:
        all_hands.append(hands)
        threads.append(threading.Thread(target=Engine(url, hands, pulse).run, args=(stop,)))
        threads[-1].start()

    yield begin
    stop.set()
    for hands in all_hands:
        hands.goes_on.set()
    for thread in threads:
        thread.join(20)


def test_a_share_is_one_worker_s_at_a_time_and_sending_waits_for_no_poll(
    begin: Callable[..., None],
) -> None:
    hands, hasty = Hands(), replace(PULSE, compose_after=0.0)
    begin(hands, hasty)
    wait_until(lambda: "collect 3" in hands.done, "the first should poll")
    begin(hands, hasty)  # which leaves a ticket for that share once more
    wait_until(lambda: hands.done.count("round") > 1, "the second should go round")
    wait_until(lambda: hands.done.count("send") > 5, "both should send meanwhile")
    assert hands.most_at_once == 1
    assert hands.done.count("collect 3") == 1


def test_composing_comes_after_what_was_due_and_its_trouble_ends_nothing(
    begin: Callable[..., None],
) -> None:
    hands = Hands()
    begin(hands)
    begin(other := Hands())
    wait_until(lambda: "collect 3" in hands.done + other.done, "one should poll")
    wait_until(lambda: min(hands.done.count("send"), other.done.count("send")) > 5, "time should pass")
    assert "compose" not in hands.done + other.done
    hands.goes_on.set()
    other.goes_on.set()
    wait_until(lambda: "compose" in hands.done + other.done, "it should be composed then")
    sent = len(hands.done)
    wait_until(lambda: len(hands.done) > sent, "it should go on")


def test_a_worker_that_is_not_fit_gets_no_tickets_until_it_is(begin: Callable[..., None]) -> None:
    hands = Hands()
    hands.is_fit = False
    begin(hands)
    begin(other := Hands())
    wait_until(lambda: other.done.count("send") > 3, "the other should send")
    assert hands.done == []
    hands.is_fit = True
    wait_until(lambda: "send" in hands.done, "it should begin")
