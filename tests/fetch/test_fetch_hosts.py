"""Turns at a host."""

from __future__ import annotations

from datetime import timedelta

from bot.fetch.hosts import Hosts
from tests.fetch.conftest import StoppedClock


def test_the_pause_counts_from_the_end_of_the_last_request(clock: StoppedClock) -> None:
    hosts = Hosts(clock, clock.wait)
    with hosts.turn("saltmarsh.example", 1):
        clock.moment += timedelta(seconds=20)
    clock.moment += timedelta(seconds=0.25)
    with hosts.turn("Saltmarsh.Example.", 1):
        assert clock.waits == [0.75]


def test_nobody_waits_the_first_time_or_after_long_enough(clock: StoppedClock) -> None:
    hosts = Hosts(clock, clock.wait)
    with hosts.turn("saltmarsh.example", 1):
        pass
    clock.moment += timedelta(seconds=1)
    with hosts.turn("saltmarsh.example", 1), hosts.turn("harrowmere.example", 1):
        assert clock.waits == []


def test_a_clock_that_was_set_back_makes_nobody_wait_for_hours(clock: StoppedClock) -> None:
    hosts = Hosts(clock, clock.wait)
    with hosts.turn("saltmarsh.example", 1):
        pass
    clock.moment -= timedelta(hours=3)
    with hosts.turn("saltmarsh.example", 1):
        assert clock.waits == [1.0]
