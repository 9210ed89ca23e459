"""The dead man's switch: a monitor on loopback that counts its pings, and the rounds that ping it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from structlog.testing import capture_logs

from bot.deliver.heartbeat import Heartbeat
from bot.errors import StoreError
from bot.service import Rounds
from tests.deliver.push_monitor import TOKEN, Monitor

CERTIFICATE = Path(__file__).parent / "loopback.pem"


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.close()


# --- the ping -------------------------------------------------------------------------------------------


def test_a_ping_is_one_get_of_the_whole_address(monitor: Monitor) -> None:
    assert Heartbeat(monitor.url).ping() is None
    assert monitor.asked == [f"GET /api/push/{TOKEN}?status=up&msg=OK&ping="]
    assert all(agent.startswith("learning-bot/") for agent in monitor.agents)


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (404, b'{"ok":false}', "does not know this address (HTTP 404)"),
        (200, b"OK (not found)", "does not know this address"),
        (301, b"", "leads elsewhere (HTTP 301)"),
        (503, b"", "does not take the ping now (HTTP 503)"),
    ],
)
def test_what_a_monitor_has_against_a_ping_is_said_without_its_address(
    monitor: Monitor, status: int, answer: bytes, said: str
) -> None:
    monitor.says(status, answer)
    trouble = Heartbeat(monitor.url).ping()
    assert trouble is not None
    assert said in trouble
    assert TOKEN not in trouble


def test_a_redirect_is_not_followed(monitor: Monitor) -> None:
    monitor.says(302)
    Heartbeat(monitor.url).ping()
    assert len(monitor.asked) == 1


@pytest.mark.parametrize("way", ["hangs", "drips"])
def test_a_monitor_that_does_not_come_to_an_end_is_left(monitor: Monitor, way: str) -> None:
    if way == "hangs":
        monitor.hangs.clear()
    else:
        monitor.drips = True
    began = monotonic()
    trouble = Heartbeat(monitor.url, patience=0.2).ping()
    assert trouble == "It cannot be reached (timed out)."
    assert monotonic() - began < 2


def test_a_monitor_that_nobody_can_vouch_for_is_not_told_the_address() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    monitor = Monitor(tls)
    try:
        trouble = Heartbeat(monitor.url).ping()
        known = ssl.create_default_context(cafile=str(CERTIFICATE))
        assert Heartbeat(monitor.url, tls=known).ping() is None
    finally:
        monitor.close()
    assert trouble is not None
    assert "certificate is not accepted" in trouble
    assert monitor.pings == 1


def test_a_monitor_that_is_away_is_said_to_be(monitor: Monitor) -> None:
    monitor.close()
    for trouble in (Heartbeat(monitor.url).ping(), Heartbeat(monitor.url).knock()):
        assert trouble == "It cannot be reached (Connection refused)."


@pytest.mark.parametrize("status", [200, 404, 302])
def test_knocking_tells_whether_it_answers_and_is_no_ping(monitor: Monitor, status: int) -> None:
    monitor.says(status)
    assert Heartbeat(monitor.url).knock() is None
    assert (len(monitor.asked), monitor.pings) == (1, 0)


def test_the_address_does_not_show(monitor: Monitor) -> None:
    assert TOKEN not in repr(Heartbeat(monitor.url))


# --- the rounds -----------------------------------------------------------------------------------------


class FakeBot:
    """The service's bot, with nothing to do, and a database that can go."""

    def __init__(self, url: str | None) -> None:
        self.heartbeat = Heartbeat(url, patience=0.2) if url else None
        self.clock = self.store = self.register = self.watched = self
        self.configuration = object()
        self.time = datetime(2026, 11, 20, 9, tzinfo=UTC)
        self.database = True
        self.mail_works = True
        self.last_asked: datetime | None = None
        self.sources: list[Callable[[], None]] = []  # each by what polling it does

    def now(self) -> datetime:
        return self.time

    def refresh(self) -> list[object]:
        return []

    def enrol(self, **_: object) -> None:
        if not self.database:
            raise StoreError("the database is locked")

    def due_sources(self) -> list[Callable[[], None]]:
        return self.sources

    def poll(self, sources: list[Callable[[], None]], *, stopping: Callable[[], bool], **_: object) -> None:
        for polled in sources:
            if stopping():
                return
            polled()
        stopping()

    def ask_about_silence(self) -> None:
        pass

    def keep(self) -> None:
        pass

    def recover(self, now: datetime) -> int:
        if not self.database:
            raise StoreError("the database is locked")
        return 0

    def compose_due(self) -> None:
        pass

    def deliver(self, **_: object) -> None:
        if not self.mail_works:
            raise TypeError("a bug")


class Service:
    """One process: its rounds, called as the ticker calls them, whose failures it only logs."""

    def __init__(self, url: str | None) -> None:
        self.bot = FakeBot(url)
        self.rounds = Rounds(self.bot, Event())  # type: ignore[arg-type]  # a fake

    def a_round(self, later: timedelta = timedelta(minutes=1)) -> None:
        self.bot.time += later
        for job in (self.rounds.collect, self.rounds.compose, self.rounds.deliver, self.rounds.beat):
            with suppress(StoreError, TypeError):
                job()


def test_each_good_round_is_one_ping(monitor: Monitor) -> None:
    service = Service(monitor.url)
    service.a_round()
    assert monitor.pings == 1
    for _ in range(5):  # the ticker asks more often than there are rounds
        service.rounds.compose()
        service.rounds.beat()
    assert monitor.pings == 1
    service.a_round()
    assert monitor.pings == 2


def test_rounds_that_follow_quickly_are_one_ping_a_minute(monitor: Monitor) -> None:
    service = Service(monitor.url)
    for _ in range(8):
        service.a_round(timedelta(seconds=20))
    assert monitor.pings == 3


def test_while_the_database_is_away_nothing_is_pinged(monitor: Monitor) -> None:
    service = Service(monitor.url)
    service.a_round()
    service.bot.database = False
    service.a_round()
    service.a_round()
    assert monitor.pings == 1
    service.bot.database = True
    service.a_round()
    assert monitor.pings == 2


def test_while_delivering_breaks_off_nothing_is_pinged(monitor: Monitor) -> None:
    service = Service(monitor.url)
    service.bot.mail_works = False
    service.a_round()
    service.a_round()
    assert monitor.pings == 0
    service.bot.mail_works = True
    service.a_round()
    assert monitor.pings == 1


def test_a_clock_that_is_set_back_stops_no_ping(monitor: Monitor) -> None:
    service = Service(monitor.url)
    service.a_round()
    service.bot.time -= timedelta(days=3)
    service.a_round()
    assert monitor.pings == 2


def test_a_monitor_that_is_away_is_logged_once_and_once_when_it_is_back(monitor: Monitor) -> None:
    service = Service(monitor.url)
    with capture_logs() as lines:
        for status in (200, 503, 503, 503, 200, 200):
            monitor.says(status, b"OK")
            service.a_round()
    assert [(one["log_level"], one["event"].split(";")[0]) for one in lines] == [
        ("warning", "heartbeat not taken"),
        ("info", "heartbeat taken again"),
    ]
    assert TOKEN not in str(lines)


def test_a_monitor_that_hangs_delays_no_round(monitor: Monitor) -> None:
    service = Service(monitor.url)
    service.rounds.collect()
    service.rounds.compose()
    monitor.hangs.clear()
    beating = Thread(target=service.rounds.beat)
    beating.start()
    while not monitor.asked:
        pass
    began = monotonic()
    service.rounds.collect()
    service.rounds.compose()
    assert monotonic() - began < 0.1
    beating.join(5)
    assert not beating.is_alive()


# --- what the health check goes by ------------------------------------------------------------------------


def longest_without_a_move(service: Service, minutes: int, a_source: Callable[[], None], count: int) -> float:
    """Of one round of so many sources, each of which takes so long: how long, in minutes, the service seemed
    to stand still, at the worst."""
    bot, seemed = service.bot, [0.0]

    def polled() -> None:
        for _ in range(minutes):
            bot.time += timedelta(minutes=1)
            a_source()
            service.rounds.compose()  # which goes on beside
            assert service.rounds.heartbeat
            seemed.append((bot.time - service.rounds.heartbeat) / timedelta(minutes=1))

    bot.sources = [polled] * count
    service.rounds.collect()
    return max(seemed)


def test_a_first_round_of_hours_is_no_standstill_since_each_source_that_ends_is_a_move() -> None:
    service = Service(None)
    assert service.rounds.heartbeat == service.bot.now()  # also before anything has ended
    assert longest_without_a_move(service, 4, lambda: None, 60) == 4
    assert longest_without_a_move(service, 4, lambda: None, 60) == 4  # nor is a later one


def test_a_source_of_hundreds_of_documents_is_no_standstill_since_each_request_is_a_move() -> None:
    service = Service(None)

    def a_document() -> None:
        service.bot.last_asked = service.bot.now()

    assert longest_without_a_move(service, 90, a_document, 1) == 0


def test_a_request_of_before_the_clock_was_set_back_is_no_move() -> None:
    service = Service(None)
    service.bot.last_asked = service.bot.now() + timedelta(days=3)
    assert longest_without_a_move(service, 90, lambda: None, 1) == 90


def test_a_source_that_hangs_is_a_standstill() -> None:
    assert longest_without_a_move(Service(None), 90, lambda: None, 1) == 90


def test_rounds_that_break_off_before_any_source_are_a_standstill() -> None:
    service = Service(None)
    service.a_round()
    went_well = service.bot.now()
    service.bot.database = False
    for _ in range(20):
        service.a_round()
    assert service.rounds.heartbeat == went_well


def test_no_digest_is_composed_before_the_pages_were_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    service, composed = Service(None), [False]
    monkeypatch.setattr(service.bot, "compose_due", lambda: composed.append(True))
    service.rounds.compose()
    assert composed == [False]
    service.rounds.collect()
    service.rounds.compose()
    assert composed == [False, True]


def test_composing_that_breaks_off_is_a_standstill_though_sources_are_polled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service(None)
    service.a_round()
    went_well = service.bot.now()

    def broken() -> None:
        raise TypeError("a bug")

    monkeypatch.setattr(service.bot, "compose_due", broken)
    for _ in range(20):
        service.a_round()
    assert service.rounds.heartbeat == went_well


def test_a_long_round_is_no_ping_before_it_has_ended(monitor: Monitor) -> None:
    service = Service(monitor.url)
    longest_without_a_move(service, 5, service.rounds.beat, 30)
    assert monitor.pings == 0
    service.rounds.compose()
    service.rounds.beat()
    assert monitor.pings == 1


def test_without_a_monitor_rounds_are_as_ever() -> None:
    Service(None).a_round()
