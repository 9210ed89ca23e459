"""The dead man's switch of a real process."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.demo.example_site import ExampleSite
from tests.deliver.push_monitor import TOKEN, Monitor
from tests.e2e.office import Desk


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.close()


@pytest.fixture
def office(tmp_path: Path, monitor: Monitor) -> Iterator[Desk]:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.environ["HEARTBEAT_URL"] = monitor.url
        yield office


def leaves(office: Desk, count: int) -> None:
    """So many of its sources are enabled."""
    path = office.folder / "sources.yaml"
    first, *others = re.split(r"(?m)^(?=  - id: )", path.read_text(encoding="utf-8"))
    paused = [re.sub("\n", "\n    enabled: false\n", one, count=1) for one in others[count:]]
    path.write_text("".join([first, *others[:count], *paused]), encoding="utf-8")


def comes(happened: Callable[[], object]) -> bool:
    until = time.monotonic() + 60
    while not happened() and time.monotonic() < until:
        time.sleep(0.1)
    return bool(happened())


def test_the_service_pings_once_its_first_round_is_through_until_it_is_killed(
    office: Desk, monitor: Monitor
) -> None:
    leaves(office, 1)
    office.started = "tests.e2e.quick"
    service = office.starts("run", "--port", "18476")
    try:
        assert comes(lambda: monitor.pings), "a ping should come with the first round"
    finally:
        service.kill()
        _, log = service.communicate(timeout=30)
    assert monitor.pings == 1
    assert '"event": "polled"' in log, "the round came before the ping"
    assert TOKEN not in log


def test_a_check_tells_whether_the_monitor_answers_and_does_not_ping_it(
    office: Desk, monitor: Monitor
) -> None:
    leaves(office, 0)
    done = office.types("check", "--online")
    assert "heartbeat to localhost: answers; it was not pinged" in done.stdout
    assert (monitor.pings, done.returncode) == (0, 0)
    monitor.close()
    done = office.types("check", "--online")
    assert "heartbeat to localhost: It cannot be reached" in done.stdout
    assert done.returncode == 1
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "wrong", ["ftp://monitor.example/", "monitor.example/", "https:///", "https://u:p@h/"]
)
def test_a_wrong_address_is_told_and_not_repeated(office: Desk, wrong: str) -> None:
    office.environ["HEARTBEAT_URL"] = wrong + TOKEN
    done = office.types("check")
    assert done.returncode == 2
    assert "environment: HEARTBEAT_URL:" in done.stderr
    assert TOKEN not in done.stderr
