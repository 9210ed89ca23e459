"""Two workers over one PostgreSQL; and one that is killed."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.demo.mailbox import Mailbox
from tests.store import postgres
from tests.worker.fleet import SOURCES, Fleet, Sites, told, typed, wait_until

READERS = 3
EVERYTHING = {
    (f"reader{reader}@example.org", f"Child Birch {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[site] * 3}"): 1
    for reader in range(READERS)
    for site in range(SOURCES)
}


@pytest.fixture
def sites(request: pytest.FixtureRequest) -> Iterator[Sites]:
    with Sites(getattr(request, "param", SOURCES)) as sites:
        yield sites


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def fleet_of(tmp_path: Path, sites: Sites, mailbox: Mailbox) -> Iterator[Callable[[int], Fleet]]:
    postgres.server_or_skip()
    made: list[Fleet] = []

    def make(readers: int) -> Fleet:
        made.append(Fleet(tmp_path, postgres.fresh_database(), sites, mailbox, readers=readers))
        return made[-1]

    yield make
    for fleet in made:
        fleet.close()


def test_two_workers_poll_every_source_once_and_tell_every_reader_once(
    fleet_of: Callable[[int], Fleet], sites: Sites, mailbox: Mailbox
) -> None:
    fleet = fleet_of(READERS)
    fleet.met_its_sources_yesterday()
    sites.answering.clear()  # so that the second worker asks for tickets while the first is at it
    one, other = fleet.forks(), fleet.forks()
    wait_until(lambda: fleet.alive() == 2 and len(sites.asked) > 1, "both should poll")
    time.sleep(0.5)
    sites.answering.set()
    wait_until(lambda: told(mailbox) == EVERYTHING, "every reader should be told of every review")
    assert (one.stops(), other.stops()) == (0, 0)
    assert fleet.polls_of_today() == {f"site-{n}": 1 for n in range(SOURCES)}
    assert sites.asked == dict.fromkeys(range(SOURCES), 1)
    assert one.polled()
    assert other.polled()
    assert fleet.says("SELECT count(*) FROM hosts WHERE asked_at IS NOT NULL") == [
        (SOURCES,)
    ]  # for the other to know
    assert set(fleet.states()) == {"sent"}
    assert told(mailbox) == EVERYTHING


def test_what_a_worker_was_polling_when_it_was_killed_another_polls(
    fleet_of: Callable[[int], Fleet], sites: Sites, mailbox: Mailbox
) -> None:
    fleet = fleet_of(READERS)
    fleet.met_its_sources_yesterday()
    sites.answering.clear()
    one = fleet.forks()
    wait_until(lambda: sites.asked.total() > 0, "it should ask")
    one.dies()
    sites.answering.set()
    other = fleet.forks()
    wait_until(lambda: told(mailbox) == EVERYTHING, "the other should do all")
    assert other.stops() == 0
    assert fleet.polls_of_today() == {f"site-{n}": 1 for n in range(SOURCES)}
    assert "taken from a worker that died" in [line["event"] for line in other.log()]
    assert told(mailbox) == EVERYTHING


@pytest.mark.parametrize("sites", [1], indirect=True)
def test_a_worker_that_is_stopped_ends_what_it_sends_and_gives_the_rest_back(
    fleet_of: Callable[[int], Fleet], mailbox: Mailbox
) -> None:
    fleet = fleet_of(40)
    fleet.has_composed()
    fleet.lets_go()
    mailbox.stalls("recipient", 0.1)
    worker = fleet.forks()
    wait_until(lambda: worker.sent() > 3, "it should send")
    assert worker.stops() == 0
    states = fleet.states()
    assert set(states) == {"sent", "queued"}
    assert states["sent"] == len(mailbox.received)


@pytest.mark.parametrize("sites", [1], indirect=True)
def test_a_worker_with_another_configuration_rests_until_it_has_the_same(
    fleet_of: Callable[[int], Fleet], tmp_path: Path
) -> None:
    fleet = fleet_of(2)
    fleet.met_its_sources_yesterday()
    fleet.forks()
    wait_until(lambda: fleet.polls_of_today().total() == 1, "the first should poll")
    copy = fleet.configure(1, at=tmp_path / "copy")
    late = fleet.forks(copy)
    wait_until(lambda: "resting" in late.said(), "the second should rest")
    assert fleet.says("SELECT count(*) FROM subscriptions WHERE ended_at IS NULL") == [(2,)]
    fleet.configure(2, at=copy)
    wait_until(lambda: "at work again" in late.said(), "the second should begin")


@pytest.mark.parametrize("sites", [1], indirect=True)
def test_the_command_works_and_answers_readers_until_it_is_stopped(fleet_of: Callable[[int], Fleet]) -> None:
    fleet = fleet_of(1)
    fleet.met_its_sources_yesterday()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    worker = fleet.starts("bot", "worker", "--web", f"127.0.0.1:{port}")
    wait_until(lambda: bool(worker.polled()), "it should poll")
    assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    assert worker.stops() == 0


def test_workers_are_refused_where_they_have_nothing_in_common(tmp_path: Path) -> None:
    in_a_file = typed(tmp_path, "worker")
    assert (in_a_file.returncode, in_a_file.stderr.count("\n")) == (2, 1)
    assert "Several workers need PostgreSQL" in in_a_file.stderr
    without_key = typed(tmp_path, "worker", DATABASE_URL="postgresql+psycopg://bot@localhost/bot")
    assert (without_key.returncode, without_key.stderr.count("\n")) == (2, 1)
    assert "one SECRET_KEY" in without_key.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("sites", [1], indirect=True)
def test_what_a_worker_was_sending_when_it_was_killed_another_sends_and_none_twice(
    fleet_of: Callable[[int], Fleet], mailbox: Mailbox
) -> None:
    readers = 60
    fleet = fleet_of(readers)
    fleet.has_composed()
    mailbox.stalls("recipient", 0.2)
    one, other = fleet.forks(), fleet.forks()
    wait_until(lambda: fleet.alive() == 2, "both should be at work")
    fleet.lets_go()
    wait_until(lambda: one.sent() > 3 and other.sent() > 3, "both should send")
    one.dies()
    wait_until(lambda: set(fleet.states()) <= {"sent", "uncertain"}, "the other should send the rest")
    assert other.stops() == 0
    states, each = fleet.states(), told(mailbox)
    assert set(each.values()) == {1}
    assert states["uncertain"] <= 2  # one for each connection of the dead
    assert len({reader for reader, _ in each}) >= readers - states["uncertain"]
