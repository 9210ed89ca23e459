"""When a worker tells the monitor that all is well, with the ledger of all workers before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from bot.wiring import Bot
from bot.worker import SHARES, Labour
from tests.deliver.push_monitor import Monitor
from tests.house import SetClock

NOBODY_THERE = "127.0.0.1:9"  # so that each poll fails, which the ledger has as well as any other
SOURCES = f"""\
allow_private_hosts: ['{NOBODY_THERE}']
sources:
  - {{id: harrowmere, name: Harrowmere, url: 'http://{NOBODY_THERE}/reviews'}}
  - {{id: paused, name: Paused, url: 'http://{NOBODY_THERE}/paused', enabled: false}}
"""


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.close()


class Worker:
    """One of several, whose tickets a test hands out."""

    def __init__(self, bot: Bot, clock: SetClock) -> None:
        self.labour = Labour(bot, Event())
        self.clock = clock

    def collects(self) -> None:
        for share in range(SHARES):
            self.labour.collect_share(share)

    def composes(self, *, later: float = 0) -> None:
        self.clock.passes(minutes=later)
        self.labour.compose_all()


@pytest.fixture
def worker(tmp_path: Path, monitor: Monitor) -> Iterator[Worker]:
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "subscriptions.yaml").write_text("subscriptions: []\n")
    clock = SetClock()
    with Bot(tmp_path, {"HEARTBEAT_URL": monitor.url}, clock=clock, database_url="sqlite://") as bot:
        yield Worker(bot, clock)


def test_the_monitor_hears_nothing_while_a_source_is_kept_waiting(worker: Worker, monitor: Monitor) -> None:
    worker.composes()
    assert monitor.pings == 0, "nothing was ever polled: whoever should have broke off"
    worker.collects()
    worker.composes(later=1)
    assert monitor.pings == 1, "a source that cannot be read is nobody's who broke off"
    worker.composes(later=25)
    assert monitor.pings == 2, "it is tried again half an hour after it failed"
    worker.composes(later=16)
    assert monitor.pings == 3, "it has been due for a few minutes"
    worker.composes(later=8)
    worker.composes(later=60)
    assert monitor.pings == 3, "it is not polled, by whichever worker"
    worker.collects()
    worker.composes(later=1)
    assert monitor.pings == 4


def test_a_worker_whose_list_of_readers_is_another_rests_until_it_has_the_same(tmp_path: Path) -> None:
    """A list is part of the configuration: with two of them, workers would enrol and end readers in turns."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, reader in ((here, "rowan"), (there, "ash")):
        folder.mkdir()
        (folder / "sources.yaml").write_text("sources: []\n")
        (folder / "subscriptions.yaml").write_text(
            "subscriptions:\n  - {id: nurses, to_file: nurses.txt, digest: immediately}\n"
        )
        (folder / "nurses.txt").write_text(f"{reader}@example.org\n")
    clock, url = SetClock(), f"sqlite:///{tmp_path}/bot.db"
    with (
        Bot(here, {}, clock=clock, database_url=url) as first,
        Bot(there, {}, clock=clock, database_url=url) as second,
    ):
        one, other = Labour(first, Event()), Labour(second, Event())
        assert one.fit()
        assert not other.fit()

        (there / "nurses.txt").write_text((here / "nurses.txt").read_text())
        assert other.fit()
