"""Twenty sites on loopback, a mail server, one PostgreSQL, and workers in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, text

from bot.demo import SetClock
from bot.demo.mailbox import Mailbox
from bot.wiring import Bot
from tests.faults.lives import FORKED
from tests.house import entry, listing
from tests.worker import quick

SOURCES = 20
CHECKOUT = str(Path(__file__).parents[2])
PATIENCE = 100.0  # seconds that a test waits, on a busy machine, for what takes a few


class Sites:
    """Each on an address of its own (127.0.0.1, 127.0.0.2, ...), which makes them different hosts, and each in
    need of some time for an answer."""

    def __init__(self, count: int = SOURCES, *, takes: float = 0.05) -> None:
        self.takes = takes  # seconds
        self.asked: Counter[int] = Counter()  # requests for each site's page
        self.news = False
        self.answering = threading.Event()
        self.answering.set()
        self._servers = [
            ThreadingHTTPServer((f"127.0.0.{n + 1}", 0), partial(_Answering, self, n)) for n in range(count)
        ]

    def __enter__(self) -> Sites:
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answering.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def urls(self) -> list[str]:
        return ["http://{}:{}/reviews".format(*server.server_address[:2]) for server in self._servers]

    def publish(self) -> None:
        """Each has a new review; what was asked so far is forgotten."""
        self.news = True
        self.asked.clear()

    def page(self, site: int) -> bytes:
        titles = [f"Child {word} {_word(site)}" for word in ("Alder", "Birch")[: 1 + self.news]]
        return listing(*(entry(title, place=f"Place {_word(site)}") for title in titles)).encode()


class _Answering(BaseHTTPRequestHandler):
    def __init__(self, sites: Sites, site: int, *arguments: Any) -> None:
        self._sites, self._site = sites, site
        super().__init__(*arguments)

    def do_GET(self) -> None:
        if self.path != "/reviews":
            self.send_error(404)
            return
        self._sites.asked[self._site] += 1  # no site is asked by two at once
        self._sites.answering.wait(PATIENCE)
        time.sleep(self._sites.takes)
        body = self._sites.page(self._site)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked is dead
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Process(Protocol):
    """What subprocess.Popen and multiprocessing's processes have in common, by the verbs of the former."""

    def poll(self) -> int | None: ...

    def kill(self) -> None: ...

    def terminate(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


class Forked:
    """A worker forked from a process in which all is imported and compiled (tests/faults/nursery.py): a start takes
    two and a half seconds of a processor less."""

    def __init__(self, folder: Path, environ: Mapping[str, str], log_file: Path) -> None:
        self._process = FORKED.Process(target=quick.forked, args=(folder, environ, log_file))
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        assert self._process.exitcode is not None, f"it did not end within {timeout} s"
        return self._process.exitcode


@dataclass
class Worker:
    process: Process
    log_file: Path

    def log(self) -> list[Mapping[str, Any]]:
        lines = self.log_file.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def said(self) -> str:
        return self.log_file.read_text()

    def polled(self) -> list[str]:
        return [line["source"] for line in self.log() if line["event"] == "polled"]

    def sent(self) -> int:
        return sum(line["event"] == "delivery" and line["state"] == "sent" for line in self.log())

    def dies(self) -> None:
        self.process.kill()
        self.process.wait()

    def stops(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


class Receiver(Protocol):
    """Where mail goes to."""

    @property
    def url(self) -> str:
        """As in SMTP_URL."""


class Fleet:
    """Workers over one database, and what came of their work."""

    def __init__(self, folder: Path, url: str, sites: Sites, mailbox: Receiver, *, readers: int) -> None:
        self.folder, self.url = folder, url
        self._sites = sites
        self.workers: list[Worker] = []
        self._engine = create_engine(url)
        self.environ = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
            "PYTHONPATH": CHECKOUT,
            "DATABASE_URL": url,
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "bot@example.org",
            "MAIL_CONNECTIONS": "2",
            "PUBLIC_URL": "https://bot.example.org",
            "SECRET_KEY": "a key for the tests of workers",
        }
        self.configure(readers)

    def configure(self, readers: int, *, at: Path | None = None) -> Path:
        """Write both files; `at`: into another folder than the fleet's."""
        folder = at or self.folder
        folder.mkdir(exist_ok=True)
        sources = "".join(
            f"  - {{id: site-{n}, name: Site {n}, url: '{url}', reads: listing}}\n"
            for n, url in enumerate(self._sites.urls())
        )
        own = ", ".join(f"127.0.0.{n + 1}" for n in range(len(self._sites.urls())))
        (folder / "sources.yaml").write_text(
            f"defaults: {{every: 6h, contact: bot@example.org}}\nallow_private_hosts: [{own}]\n"
            f"sources:\n{sources}"
        )
        addresses = ", ".join(f"reader{n}@example.org" for n in range(readers))
        (folder / "subscriptions.yaml").write_text(
            "subscriptions:\n"
            f"  - {{id: everybody, name: Everybody, to: [{addresses}], digest: immediately}}\n"
        )
        return folder

    def met_its_sources_yesterday(self) -> None:
        clock = SetClock(datetime.now(UTC) - timedelta(days=1))
        with Bot(self.folder, self.environ, clock=clock) as bot:
            bot.enrol()
            bot.poll(bot.due_sources())
        self._sites.publish()

    def has_composed(self) -> None:
        """All was polled and composed, and waits in the outbox until it is let go."""
        self.met_its_sources_yesterday()
        with Bot(self.folder, self.environ) as bot:
            bot.poll(bot.due_sources())
            bot.compose_due()
        self.says("UPDATE deliveries SET state = 'deferred', due_at = now() + interval '1 hour' RETURNING id")

    def lets_go(self) -> None:
        self.says("UPDATE deliveries SET state = 'queued' RETURNING id")

    def starts(self, *command: str) -> Worker:
        """A quick worker, or what is typed, from the beginning."""
        log_file = self._log_file()
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *(command or ("tests.worker.quick", str(self.folder)))],
                cwd=self.folder,
                env=self.environ,
                stderr=log,
                stdout=subprocess.DEVNULL,
            )
        return self._has(process, log_file)

    def forks(self, folder: Path | None = None) -> Worker:
        """A quick worker, which begins at once."""
        log_file = self._log_file()
        log_file.touch()
        return self._has(Forked(folder or self.folder, self.environ, log_file), log_file)

    def _log_file(self) -> Path:
        return self.folder / f"worker-{len(self.workers)}.log"

    def _has(self, process: Process, log_file: Path) -> Worker:
        self.workers.append(Worker(process, log_file))
        return self.workers[-1]

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.dies()
        self._engine.dispose()

    def says(self, query: str) -> list[Any]:
        with self._engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def alive(self) -> int:
        """How many workers are at work."""
        table = "learning_bot_tickets.procrastinate_workers"
        if self.says(f"SELECT to_regclass('{table}')::text") == [(None,)]:
            return 0
        return int(self.says(f"SELECT count(*) FROM {table}")[0][0]) // 2  # each collects and sends

    def polls_of_today(self) -> Counter[str]:
        """How many polls of each source were kept."""
        return Counter(
            row[0]
            for row in self.says(
                "SELECT source_id FROM source_runs WHERE started > now() - interval '1 hour'"
            )
        )

    def states(self) -> Counter[str]:
        """Deliveries by state."""
        return Counter(row[0] for row in self.says("SELECT state FROM deliveries"))


def typed(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command, with these variables and no others."""
    usual = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**usual, "PYTHONPATH": CHECKOUT, **environ},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def told(mailbox: Mailbox) -> Counter[tuple[str, str]]:
    """How often each reader was told of each new review."""
    return Counter(
        (mail.recipients[0], title)
        for mail in mailbox.received
        for title in set(re.findall(r"Child Birch [A-Z]{3}", " ".join(mail.text.split())))
    )


def wait_until(what: Callable[[], bool], why: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, f"in vain: {why}"
        time.sleep(0.05)


def _word(site: int) -> str:
    """A word of capitals, of each site another."""
    return chr(ord("A") + site % 26) * 3 + "XYZ"[site // 26 : site // 26 + 1] * (site > 25)
