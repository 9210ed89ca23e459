"""What is due: in the named time zone, across the change of the clocks, and after a week asleep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import digest_slot, last_slot, next_poll, next_slot, patience, source_is_due
from bot.models import Schedule, Source
from tests.reviews import a_source

LONDON = "Europe/London"
WEEKLY = Schedule(id="weekly", cron="0 8 * * mon", timezone=LONDON)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-10-19 06:59", "2026-10-12 07:00"),
        ("2026-10-19 07:00", "2026-10-19 07:00"),
        ("2026-10-26 07:59", "2026-10-19 07:00"),  # the clocks went back on the 25th
        ("2026-10-26 08:00", "2026-10-26 08:00"),
        ("2027-03-29 07:00", "2027-03-29 07:00"),  # and forward on the 28th
        ("2027-03-29 06:59", "2027-03-22 08:00"),
    ],
)
def test_eight_on_monday_stays_eight_on_monday_when_the_clocks_change(now: str, slot: str) -> None:
    assert last_slot("0 8 * * mon", LONDON, moment(now)) == moment(slot)


def test_the_day_numbers_of_cron_have_the_meaning_of_cron() -> None:
    assert last_slot("0 8 * * 1", LONDON, moment("2026-11-20 12:00")).strftime("%A") == "Monday"
    assert last_slot("0 8 * * 0", LONDON, moment("2026-11-20 12:00")).strftime("%A") == "Sunday"


def test_an_hour_that_comes_twice_has_one_slot() -> None:
    seen = set()
    now = moment("2026-10-24 12:00")
    for _ in range(48 * 60 // 10):
        now += timedelta(minutes=10)
        seen.add(last_slot("30 1 * * *", LONDON, now))
    assert len([slot for slot in seen if slot.astimezone(ZoneInfo(LONDON)).day == 25]) == 1


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(["0 8 * * mon", "0 8 * * *", "*/15 9-17 * * mon-fri"]),
)
def test_the_last_slot_is_never_after_now_and_the_next_never_before(now: datetime, cron: str) -> None:
    at = now.replace(tzinfo=UTC)
    last, coming = last_slot(cron, LONDON, at), next_slot(cron, LONDON, at)
    assert last <= at < coming
    assert last_slot(cron, LONDON, coming) == coming
    assert next_slot(cron, LONDON, last) == coming, "no slot lies between the two"


def test_a_reader_who_joins_on_wednesday_gets_the_first_digest_on_monday() -> None:
    joined = moment("2026-11-18 12:00")
    assert digest_slot(WEEKLY, joined, None, moment("2026-11-20 12:00")) is None
    assert digest_slot(WEEKLY, joined, None, moment("2026-11-23 08:00")) == moment("2026-11-23 08:00")


def test_three_weeks_asleep_are_caught_up_once() -> None:
    joined, last = moment("2026-01-01 00:00"), moment("2026-11-02 08:00")
    now = moment("2026-11-25 12:00")
    slot = digest_slot(WEEKLY, joined, last, now)
    assert slot == moment("2026-11-23 08:00")
    assert digest_slot(WEEKLY, joined, slot, now) is None


def test_a_clock_set_back_an_hour_repeats_nothing() -> None:
    joined, last = moment("2026-01-01 00:00"), moment("2026-11-23 08:00")
    assert digest_slot(WEEKLY, joined, last, moment("2026-11-23 07:00")) is None


def test_a_clock_that_was_years_ahead_once_silences_nothing() -> None:
    joined, now = moment("2026-01-01 00:00"), moment("2026-11-23 08:00")
    assert digest_slot(WEEKLY, joined, moment("2036-01-07 08:00"), now) == now
    assert source_is_due(a_source(), moment("2036-01-07 08:00"), now)


def test_a_digest_that_goes_out_at_once_is_due_whenever_somebody_looks() -> None:
    at_once = Schedule(id="immediately", cron=None)
    now = moment("2026-11-20 12:03")
    assert digest_slot(at_once, moment("2026-11-20 12:00"), moment("2026-11-20 12:02"), now) == now


def test_a_source_is_polled_at_first_and_then_every_interval() -> None:
    source = a_source(every=timedelta(hours=6))
    now = moment("2026-11-20 12:00")
    assert source_is_due(source, None, now)
    assert not source_is_due(source, now - timedelta(hours=5), now)
    assert source_is_due(source, now - timedelta(hours=6), now)
    assert next_poll(source, now - timedelta(hours=5), now) == now + timedelta(hours=1)


def waits(
    source: Source, times: int, *, again: bool = True, stay_away: timedelta | None = None
) -> list[float]:
    """Hours until the next poll, after each of so many failed ones in a row; 0: as always."""
    now = moment("2026-11-20 12:00")
    found = (
        patience(source, failed, now, again=again, stay_away=stay_away) for failed in range(1, times + 1)
    )
    return [(one - now) / timedelta(hours=1) if one else 0 for one in found]


def test_what_may_be_a_hiccup_is_tried_again_soon_and_then_less_and_less_often() -> None:
    hours = waits(a_source(every=timedelta(hours=6)), 9)
    assert hours == [pytest.approx(due, rel=0.11) for due in (0.5, 1, 2, 4, 8, 16, 24, 24, 24)]


def test_what_only_a_person_can_mend_is_tried_as_always_and_then_once_a_day() -> None:
    hours = waits(a_source(every=timedelta(hours=6)), 6, again=False)
    assert hours == [0, 0, 0, *(pytest.approx(due, rel=0.11) for due in (12, 24, 24))]
    weekly = waits(a_source(every=timedelta(days=7)), 5, again=False)
    assert weekly[3:] == [pytest.approx(168, rel=0.11)] * 2, "never more often than it always is"


def test_a_site_that_asks_us_to_stay_away_is_left_alone_so_long() -> None:
    source = a_source()
    assert waits(source, 1, stay_away=timedelta(hours=5)) == [5]
    assert waits(source, 1, again=False, stay_away=timedelta(hours=5)) == [5]
    assert waits(source, 1, stay_away=timedelta(days=900)) == [7 * 24], "but not for years"
    assert waits(source, 1, stay_away=timedelta(seconds=5))[0] > 0.4


def test_sources_that_failed_together_are_not_tried_again_together() -> None:
    found = {waits(a_source(f"source-{n}"), 1)[0] for n in range(20)}
    assert len(found) > 15


def test_a_poll_that_was_put_off_comes_at_its_time_and_no_clock_puts_it_off_for_ever() -> None:
    source, now = a_source(every=timedelta(hours=6)), moment("2026-11-20 12:00")
    started, retry = now - timedelta(hours=1), now + timedelta(minutes=5)
    assert not source_is_due(source, started, now, retry)
    assert next_poll(source, started, now, retry) == retry
    assert source_is_due(source, started, retry, retry)
    assert not source_is_due(source, now - timedelta(hours=7), now, retry)
    assert source_is_due(source, now - timedelta(hours=7), now, moment("2036-01-01 00:00"))


def test_a_source_with_a_cron_is_polled_once_a_slot() -> None:
    source = a_source(cron="0 6 * * 1-5")
    now = moment("2026-11-20 12:00")
    assert source_is_due(source, moment("2026-11-20 05:59"), now)
    assert not source_is_due(source, moment("2026-11-20 06:00"), now)
    assert next_poll(source, moment("2026-11-20 06:00"), now) == moment("2026-11-23 06:00")
