"""A clock that jumps: summer time, an hour set back while mail goes out, a week asleep. Nothing is lost or doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.models import Delivery, Outcome, Schedule
from bot.pipeline import send
from bot.ports import Progress
from tests.faults.databases import MAIL, NEXT_WEEK, Sqlite, ledger
from tests.faults.judging import Verdict, due, judge_mails
from tests.faults.lives import Life, live, write_configuration
from tests.faults.receivers import post_office
from tests.faults.stories import Stage
from tests.house import WEEKLY, House, entry
from tests.reviews import MONDAY

LONDON = ZoneInfo("Europe/London")
NIGHTLY = Schedule(id="nightly", cron="30 1 * * *")
BEGINS = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)  # 01:30 in London is passed over that night
ENDS = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 01:30 in London comes twice that night
TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize("change", [BEGINS, ENDS], ids=["begins", "ends"])
def test_a_nightly_digest_at_half_past_one_is_one_a_night_when_summer_time(change: datetime) -> None:
    house = House()
    house.clock.moment = change - timedelta(days=3, hours=10)
    house.site.publishes("https://saltmarsh.example.org/reviews", entry("Child 0"))
    house.polls()
    house.subscribes("lead@example.org", schedule=NIGHTLY)
    nights: Counter[str] = Counter()
    days = 6
    for day in range(1, days + 1):
        house.clock.moment = change - timedelta(days=4 - day, hours=10)
        house.site.publishes(
            "https://saltmarsh.example.org/reviews", *(entry(f"Child {n}") for n in range(day + 1))
        )
        house.polls()
        for moment in _every_ten_minutes(house.clock.moment.replace(hour=23), 5):
            house.clock.moment = moment
            before = len(house.email.taken)
            send.compose_due((NIGHTLY,), house.sending)
            send.deliver_all(house.sending)
            nights[f"{moment.astimezone(LONDON):%m-%d}"] += len(house.email.taken) - before
    told = Counter(title for message in house.got() for title, _ in message)
    assert told == {f"Child {n}": 1 for n in range(1, days + 1)}
    assert set(nights.values()) <= {0, 1}
    assert nights.total() == days


@pytest.mark.parametrize("change", [BEGINS, ENDS], ids=["begins", "ends"])
def test_the_weekly_digest_stays_at_eight_in_london_when_summer_time(change: datetime) -> None:
    house = House()
    sunday = change.replace(hour=12) - timedelta(days=7)
    house.clock.moment = sunday - timedelta(days=6)
    house.site.publishes("https://saltmarsh.example.org/reviews", entry("Child 0"))
    house.polls()
    house.subscribes("lead@example.org", schedule=WEEKLY)
    at: list[str] = []
    for week in range(3):
        house.clock.moment = sunday + timedelta(days=7 * week)
        house.site.publishes(
            "https://saltmarsh.example.org/reviews", *(entry(f"Child {n}") for n in range(week + 2))
        )
        house.polls()
        for moment in _every_ten_minutes(sunday.replace(hour=6) + timedelta(days=7 * week + 1), 4):
            house.clock.moment = moment
            before = len(house.email.taken)
            house.sends()
            at += [f"{moment.astimezone(LONDON):%H:%M}"] * (len(house.email.taken) - before)
    assert at == ["08:00", "08:00", "08:00"]
    assert Counter(title for message in house.got() for title, _ in message) == {
        f"Child {n}": 1 for n in range(1, 4)
    }


def test_a_clock_set_back_an_hour_while_mail_goes_out_repeats_and_loses_nothing() -> None:
    house = House()
    house.clock.moment = MONDAY - timedelta(days=1)
    house.site.publishes("https://saltmarsh.example.org/reviews", entry("Child 0"))
    house.polls()
    for number in range(5):
        house.subscribes(f"reader{number}@example.org", name=f"s{number}")
    house.site.publishes("https://saltmarsh.example.org/reviews", entry("Child 0"), entry("Child 1"))
    house.polls()
    house.clock.moment = MONDAY + timedelta(seconds=30)
    real = house.email.deliver

    def set_back_at_the_third(delivery: Delivery, progress: Progress) -> Outcome:
        if len(house.email.taken) == 2:
            house.clock.passes(hours=-1)
        return real(delivery, progress)

    house.email.deliver = set_back_at_the_third  # type: ignore[method-assign]
    house.sends()
    for moment in _every_ten_minutes(house.clock.now(), 2):
        house.clock.moment = moment
        house.sends()
    to = Counter(one.subscriber.address for one in house.email.taken)
    assert to == {f"reader{number}@example.org": 1 for number in range(5)}
    assert {item.state for item in house.store.outbox()} == {"sent"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("clock")
    write_configuration(folder)
    with post_office() as office:
        yield Stage(database=Sqlite(folder / "databases", MAIL), mail=office, office=office, folder=folder)


@pytest.mark.parametrize(
    ("number", "step", "uncertain"),
    [(1, "claiming deliveries: after", 0), (2, "final dot: sent", 1), (3, "claiming a run: after", 0)],
)
def test_a_death_and_then_a_clock_set_back_an_hour_are_got_over_in_half_a_minute(
    stage: Stage, number: int, step: str, uncertain: int
) -> None:
    now = MONDAY + timedelta(hours=2)
    _lives_and_dies(stage, number, uncertain, (now, step), (now - timedelta(minutes=59, seconds=40), None))


@pytest.mark.parametrize(
    ("number", "step", "uncertain"),
    [(4, "claiming deliveries: after", 0), (5, "final dot: sent", 1), (6, "keeping the edition: after", 0)],
)
def test_a_death_and_then_a_week_asleep_lose_and_double_nothing(
    stage: Stage, number: int, step: str, uncertain: int
) -> None:
    now = MONDAY + timedelta(minutes=1)
    _lives_and_dies(stage, number, uncertain, (now, step), (now + timedelta(days=9, hours=3), None))


def _lives_and_dies(stage: Stage, number: int, uncertain: int, *lives: tuple[datetime, str | None]) -> None:
    """Then comes a Monday three weeks on, with news, on which what is uncertain is named."""
    tag = f"s{number}x"
    with stage.database.copy(tag) as url:
        for moment, step in lives:
            ended = live(_life(stage, url, moment, step))
            assert ended.killed == (step is not None)
        assert [one for one in ledger(url) if one.state not in ("sent", "uncertain")] == []
        assert sum(one.state == "uncertain" for one in ledger(url)) == uncertain
        live(_life(stage, url, MONDAY + timedelta(days=21, minutes=1), None, NEXT_WEEK))
        verdict = Verdict()
        judge_mails(stage.mail.took(tag), ledger(url), due(MAIL), verdict)
        assert verdict.wrong == []


def _life(stage: Stage, url: str, now: datetime, step: str | None, page: tuple[str, ...] = ()) -> Life:
    return Life(
        folder=stage.folder, database_url=url, environ=stage.environ(1), now=now, step=step, page=page
    )


def _every_ten_minutes(since: datetime, hours: int) -> Iterator[datetime]:
    moment = since.replace(minute=0, second=0)
    while moment <= since.replace(minute=0, second=0) + timedelta(hours=hours):
        yield moment
        moment += TEN_MINUTES
