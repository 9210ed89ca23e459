"""Each fault of `tests.fetch.faults` comes to what it must: in time, in bounds, in words, and nowhere private."""

from __future__ import annotations

import tracemalloc

import pytest

from bot.errors import SourceError
from tests.fetch.faults import FAULTS, PUBLIC, Stage, judge

LARGE = [name for name in FAULTS if any(word in name for word in ("bomb", "endless", "flood", "window"))]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_comes_to_what_it_must(name: str) -> None:
    fault = FAULTS[name]
    with Stage() as stage:
        fault.arrange(stage)
        met = stage.meet()
    assert judge(fault, met) == ""
    assert set(met.connected) <= {PUBLIC}
    if isinstance(met.got, SourceError):
        assert str(met.got).endswith(".")
        assert "\n" not in str(met.got)
        assert "secret" not in str(met.got)


@pytest.mark.parametrize("name", LARGE)
def test_no_fault_takes_up_much_memory(name: str) -> None:
    with Stage() as stage:
        FAULTS[name].arrange(stage)
        tracemalloc.start()
        stage.meet()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 100_000_000, f"{peak / 1e6:.0f} MB"


def test_none_passes_silently() -> None:
    """Each is to be told in words, or gives words of the page that it was to keep from us."""
    assert [name for name, fault in FAULTS.items() if not fault.words] == []


def test_there_are_more_faults_than_anybody_asked_for() -> None:
    assert len(FAULTS) >= 40
    assert len(LARGE) >= 7
