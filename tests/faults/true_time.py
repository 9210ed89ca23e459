"""In real time: `learning-bot run` is killed while it sends, and started again. How long until all has arrived?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.databases import TAG, crowd, ledger, prepare
from tests.faults.judging import Verdict
from tests.faults.lives import SOURCES, Life, live
from tests.faults.receivers import PostOffice
from tests.faults.stories import Stage
from tests.faults.table import Table

PART = "in real time"
ROW = "`run` is killed while it sends, and started again"
WITHIN = 30.0  # seconds, without a person


def tell(folder: Path, office: PostOffice, readers: int, table: Table) -> float:
    """Seconds from the death until everybody had their mail, or an uncertain one was known as that."""
    verdict = Verdict()
    url = f"sqlite:///{folder}/bot.db"
    environ = _prepared(folder, url, office, readers)
    with _running(folder, url, environ) as first:
        _wait(lambda: office.count(TAG) >= readers // 4, 60)
        first.kill()
        first.wait()
    died, had = time.monotonic(), office.count(TAG)
    verdict.kills = 1
    with _running(folder, url, environ):
        arrived = _wait(lambda: office.count(TAG) + _uncertain(url) >= readers, 3 * WITHIN)
        seconds = time.monotonic() - died
    verdict.uncertain = _uncertain(url)
    _judge(office, readers, had, arrived, seconds, verdict)
    table.add(PART, ROW, verdict, f"SQLite, {office.name}: real time")
    table.notes.append(
        f"in real time: killed after {had} of {readers} mails; all were there {seconds:.1f} s later"
    )
    return seconds


def _judge(
    office: PostOffice, readers: int, had: int, arrived: bool, seconds: float, verdict: Verdict
) -> None:
    to = [mail.recipients[0] for mail in office.took(TAG)]
    verdict.doubled = len(to) - len(set(to))
    verdict.lost = max(0, readers - len(set(to)) - verdict.uncertain)
    if not had < readers:
        verdict.wrong.append("it had sent everything before it was killed")
    if verdict.lost or verdict.doubled:
        verdict.wrong.append(f"{verdict.lost} were lost and {verdict.doubled} came twice")
    if not arrived or seconds > WITHIN:
        verdict.wrong.append(f"it took {seconds:.1f} s until all had arrived; {WITHIN:.0f} s is the most")
    if verdict.uncertain > 4:
        verdict.wrong.append(f"{verdict.uncertain} are uncertain with 4 connections")


def _prepared(folder: Path, url: str, office: PostOffice, readers: int) -> dict[str, str]:
    """A folder whose outbox is full."""
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    prepare(url, crowd(readers), now)
    named = ", ".join(one.address for one in crowd(readers))
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "subscriptions.yaml").write_text(
        'digests:\n  weekly: {cron: "0 8 * * mon"}\nsubscriptions:\n'
        f"  - {{id: entry-0, name: Learning, to: [{named}], digest: weekly}}\n"
    )
    environ = dict(Stage(database=None, mail=office, office=office, folder=folder).environ(4))  # type: ignore[arg-type]
    live(Life(folder=folder, database_url=url, environ=environ, now=now, delivers=False))
    return environ


@contextmanager
def _running(folder: Path, url: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "--config", str(folder), "run", "--port", str(port)],
            env={**os.environ, **environ, "DATABASE_URL": url},
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _uncertain(url: str) -> int:
    return sum(one.state == "uncertain" for one in ledger(url))


def _wait(until: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if until():
            return True
        time.sleep(0.05)
    return False
