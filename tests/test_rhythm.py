"""How often a source publishes, and when its silence is worth a question."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rhythm import rhythm, spell

MONDAY = date(2026, 11, 23)


def days_ago(*days: int) -> list[date]:
    return [MONDAY - timedelta(days=one) for one in days]


def test_from_a_few_days_nothing_is_learned() -> None:
    assert rhythm(()) is None
    assert rhythm(days_ago(80, 60, 40, 40, 40, 20)) is None, "what came on one day is one day"


def test_the_usual_pause_is_the_middle_one_whatever_the_order() -> None:
    found = rhythm(days_ago(20, 200, 80, 40, 60))
    assert found
    assert (found.usual, found.longest) == (timedelta(days=20), timedelta(days=120))
    assert found.said == "about every 3 weeks"


def test_a_source_is_quiet_once_it_was_silent_for_a_week_longer_than_ever() -> None:
    found = rhythm(days_ago(0, 20, 40, 60, 100))
    assert found
    assert not found.is_quiet(MONDAY + timedelta(days=47))
    assert found.is_quiet(MONDAY + timedelta(days=48))


@given(st.sets(st.dates(date(2020, 1, 1), date(2026, 1, 1)), min_size=5))
def test_no_source_was_ever_quiet_by_its_own_past(days: set[date]) -> None:
    found = rhythm(days)
    assert found
    assert timedelta(days=1) <= found.usual <= found.longest
    assert not found.is_quiet(found.last)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "day"),
        (1, "day"),
        (4, "4 days"),
        (13, "13 days"),
        (14, "2 weeks"),
        (45, "6 weeks"),
        (150, "5 months"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(days: int, said: str) -> None:
    assert spell(timedelta(days=days)) == said
