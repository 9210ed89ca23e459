"""The database fails in the middle: locked, full, read-only, gone. One clear line, nothing half-written, and it goes
on when it can."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine, NullPool, create_engine, event, make_url, text

from bot.errors import StoreError
from bot.models import Delivery, Outcome
from tests.faults.databases import count
from tests.house import House, entry
from tests.reviews import MONDAY
from tests.store import postgres

PAGE = "https://saltmarsh.example.org/reviews"
READERS = {f"reader{number}@example.org" for number in range(4)}
MOMENTS = ("composing", "before it is handed over", "before it is known how it ended")
MEGABYTES = 4


class Trouble(Protocol):
    """`says`: words of the line that an operator then sees."""

    says: str
    url: str

    def begins(self, house: House) -> None: ...

    def ends(self) -> None: ...


class Locked:
    """Another program writes, and takes its time."""

    says = "is locked by another program; trying again may help"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "bot.db"
        self.url = (
            f"sqlite:///{self._path}?timeout=1"  # longer than the bot's own threads wait on a slow disk
        )
        self._other: sqlite3.Connection | None = None

    def begins(self, house: House) -> None:
        self._other = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._other.execute("BEGIN EXCLUSIVE")

    def ends(self) -> None:
        if self._other is not None:
            self._other.close()


class Full:
    """The disk is full: a file system of a few megabytes, filled to the last byte."""

    says = "cannot be written because the disk is full; free some space, then try again"

    def __init__(self, folder: Path) -> None:
        self._rest = folder / "rest"
        self.url = f"sqlite:///{folder}/bot.db"

    def begins(self, house: House) -> None:
        with contextlib.suppress(OSError), self._rest.open("wb", buffering=0) as file:
            while file.write(b"\0" * 4096):
                pass

    def ends(self) -> None:
        self._rest.unlink(missing_ok=True)


class ReadOnly:
    """From now on it may only be read."""

    says = "is read-only; make the file and its folder writable for this user"

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/bot.db"
        self._engine: Engine | None = None

    def begins(self, house: House) -> None:
        self._engine = house.store._database.engine
        event.listen(self._engine, "connect", _only_reads)
        self._engine.dispose()

    def ends(self) -> None:
        if self._engine is not None:
            event.remove(self._engine, "connect", _only_reads)
            self._engine.dispose()
            self._engine = None


def _only_reads(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA query_only = ON")


class Remounted(ReadOnly):
    """Its file system was mounted read-only, as a system does after a fault of the disk."""

    says = "writable for this user"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def begins(self, house: House) -> None:
        house.store._database.engine.dispose()  # no file may be open for writing
        _mount("-o", "remount,ro", str(self._folder))

    def ends(self) -> None:
        _mount("-o", "remount,rw", str(self._folder))


class Gone:
    """PostgreSQL ends all connections and takes no new ones."""

    says = "cannot be reached"

    def __init__(self) -> None:
        self.url = postgres.fresh_database()
        self._name = make_url(self.url).database

    def begins(self, house: House) -> None:
        self._on_server(
            f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'",
        )

    def ends(self) -> None:
        self._on_server(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    def _on_server(self, *statements: str) -> None:
        server = create_engine(
            make_url(self.url).set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few megabytes; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small file system")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)], capture_output=True
    )
    if made.returncode:
        pytest.skip(f"no small file system could be mounted: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def locked(tmp_path: Path) -> Locked:
    return Locked(tmp_path)


@pytest.fixture
def full(small_disk: Path) -> Full:
    return Full(small_disk)


@pytest.fixture
def read_only(tmp_path: Path) -> ReadOnly:
    return ReadOnly(tmp_path)


@pytest.fixture
def remounted(small_disk: Path) -> Remounted:
    return Remounted(small_disk)


@pytest.fixture
def gone() -> Gone:
    postgres.server_or_skip()
    return Gone()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("trouble", ["locked", "full", "read_only", "gone"])
def test_the_database_fails_in_the_middle_and_everybody_still_gets_one_message(
    trouble: str, moment: str, request: pytest.FixtureRequest
) -> None:
    fault: Trouble = request.getfixturevalue(trouble)
    house = _house_with_news(fault.url)
    try:
        if moment == "composing":
            fault.begins(house)
        else:
            _begins_at_the_third(house, fault, moment)
        with pytest.raises(StoreError, match=fault.says):
            house.sends()
        fault.ends()
        _nothing_is_half_written(fault.url)
        house.clock.passes(seconds=20)
        house.sends()
    finally:
        fault.ends()
        house.store.close()
    assert Counter(one.subscriber.address for one in house.email.taken) == dict.fromkeys(READERS, 1)
    assert count(fault.url, "SELECT count(*) FROM deliveries WHERE state = 'sent'") == len(READERS)


@pytest.mark.parametrize("trouble", ["locked", "full", "read_only", "remounted", "gone"])
def test_a_poll_that_cannot_be_kept_is_kept_when_it_can(trouble: str, request: pytest.FixtureRequest) -> None:
    fault: Trouble = request.getfixturevalue(trouble)
    house = _house_with_news(fault.url)
    try:
        house.site.publishes(PAGE, *(entry(f"Child {n}") for n in range(3)))
        fault.begins(house)
        with pytest.raises(StoreError, match=fault.says):
            house.polls()
        fault.ends()
        assert count(fault.url, "SELECT count(*) FROM reviews") == 2
        house.polls()
        house.sends()
    finally:
        fault.ends()
        house.store.close()
    assert house.got() == [[("Child 1", "new"), ("Child 2", "new")]] * len(READERS)


def test_a_file_that_may_not_grow_stops_the_composing_and_nothing_else(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    house = _house_with_news(url)
    _says(house, "PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match=Full.says):
        house.sends()
    _nothing_is_half_written(url)
    assert house.email.taken == []
    _says(house, "PRAGMA max_page_count = 1000000")
    house.clock.passes(seconds=20)
    house.sends()
    house.store.close()
    assert Counter(one.subscriber.address for one in house.email.taken) == dict.fromkeys(READERS, 1)


def _house_with_news(url: str) -> House:
    """Four readers, for whom Monday's digest has one review."""
    house = House(database_url=url)
    house.clock.moment = MONDAY - timedelta(days=1)
    house.site.publishes(PAGE, entry("Child 0"))
    house.polls()
    for number, address in enumerate(sorted(READERS)):
        house.subscribes(address, name=f"s{number}")
    house.site.publishes(PAGE, entry("Child 0"), entry("Child 1"))
    house.polls()
    house.clock.moment = MONDAY + timedelta(seconds=30)
    return house


def _begins_at_the_third(house: House, fault: Trouble, moment: str) -> None:
    """Of four messages, the third meets it: before it is handed over, or right after."""
    channel = house.email
    moments = [moment]

    def deliver(delivery: Delivery, progress: object) -> Outcome:
        now = moments.pop() if moments and len(channel.taken) == 2 else None
        if now == "before it is handed over":
            fault.begins(house)
        progress.handing_over()  # type: ignore[attr-defined]
        channel.taken.append(delivery)
        if now == "before it is known how it ended":
            fault.begins(house)
        return Outcome(state="sent")

    channel.deliver = deliver  # type: ignore[method-assign]


def _nothing_is_half_written(url: str) -> None:
    """Each delivery has its edition and its `told`, and no reader was told without a delivery."""
    told = "SELECT count(*) FROM (SELECT DISTINCT subscriber_id FROM told) AS them"
    assert count(url, told) == count(url, "SELECT count(*) FROM deliveries")
    assert count(url, "SELECT count(*) FROM digest_runs WHERE state = 'closed'") == count(
        url, "SELECT count(*) FROM deliveries"
    )
    if url.startswith("sqlite"):
        with sqlite3.connect(make_url(url).database or "") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def _says(house: House, pragma: str) -> None:
    """On each of the bot's own connections."""
    engine = house.store._database.engine
    connections = [engine.raw_connection() for _ in range(engine.pool.checkedin() or 1)]  # type: ignore[attr-defined]
    for connection in connections:
        connection.cursor().execute(pragma)
    for connection in connections:
        connection.close()


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)
