"""An administrator reads a source's archive: five pages and a year on a server, a kill in the middle, and no mail."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from bot.store import open_store
from tests.e2e.office import CHECKOUT, Desk
from tests.house import entry, listing

PAGES = 5


class Archive:
    """A site whose reviews are on five pages, with a tab for a year. `holds`: the address that is not answered
    until it is let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.holds: str | None = None
        self.broken: set[str] = set()
        self.held, self.let_go = Event(), Event()
        self.latest: list[str] = []
        self.robots: str | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()

    def page(self, path: str) -> str | None:
        if path == "/robots.txt":
            return self.robots
        number = int(path.partition("page/")[2].strip("/") or 1)
        if path == "/reviews/2019/":
            return listing(_old("Year", 2019))
        if not path.startswith("/reviews/") or number > PAGES:
            return None
        entries = [*self.latest, *(_old(f"{number}{letter}", 2026 - number) for letter in "AB")]
        pager = "".join(
            f'<a href="/reviews/page/{one}/">{one}</a>' for one in range(2, number + 3) if one <= PAGES
        )
        years = '<a href="/reviews/2019/">2019</a>'
        return listing(*entries).replace("</main>", f"</main><nav>{pager}{years}</nav>")


def _old(name: str, year: int) -> str:
    story = f"The story of Child {name}, which no other child on this list has lived through."
    return entry(f"Child {name}", year=year, incident=story)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, archive: Archive, *args: object) -> None:
        self.archive = archive
        super().__init__(*args)  # type: ignore[arg-type]  # http.server passes request, address and server

    def do_GET(self) -> None:
        archive = self.archive
        archive.asked.append(self.path)
        if self.path == archive.holds:
            archive.held.set()
            archive.let_go.wait(60)
        body = archive.page(self.path)
        self.send_response(500 if self.path in archive.broken else 200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


class Office(Desk):
    """A folder with a source. Its commands run in this process, but for those that are started to be stopped."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self.folder = folder
        self.environ = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.environ["PYTHONPATH"] = CHECKOUT
        (folder / "sources.yaml").write_text(
            f"defaults: {{contact: a@example.org}}\nallow_private_hosts: ['{archive.host}']\nsources:\n"
            f"  - {{id: saltmarsh, name: Saltmarsh, url: 'http://{archive.host}/reviews/'}}\n"
        )
        (folder / "subscriptions.yaml").write_text(
            'digests:\n  weekly: {cron: "0 8 * * mon"}\n'
            "subscriptions:\n  - {id: all, to: [lead@example.org], digest: weekly}\n"
        )

    def starts(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def titles(self) -> list[str]:
        with closing(open_store(f"sqlite:///{self.folder}/data/learning-bot.db")) as store:
            return sorted(known.review.title for known, _ in store.every_review())

    def mails(self) -> list[Path]:
        return sorted((self.folder / "data/outbox").glob("*.eml"))


@pytest.fixture
def archive() -> Iterator[Archive]:
    made = Archive()
    yield made
    made.close()


@pytest.fixture
def office(tmp_path: Path, archive: Archive) -> Office:
    office = Office(tmp_path, archive)
    polled = office.types("poll")
    assert polled.returncode == 0, polled.stdout + polled.stderr
    office.types("send")
    for mail in office.mails():
        mail.unlink()
    archive.asked.clear()
    return office


ALL = sorted(
    [f"Child {number}{letter}" for number in range(1, PAGES + 1) for letter in "AB"] + ["Child Year"]
)


def test_an_archive_is_read_killed_in_the_middle_taken_up_again_and_mailed_to_nobody(
    office: Office, archive: Archive
) -> None:
    archive.holds = "/reviews/page/4/"
    process = office.starts("sources", "backfill", "saltmarsh")
    assert archive.held.wait(60), "it comes to the fourth page"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    read = office.titles()
    assert {"Child 2A", "Child 3B"} <= set(read)
    assert "Child 4A" not in read
    archive.holds = None
    archive.let_go.set()
    archive.asked.clear()
    done = office.types("sources", "backfill", "saltmarsh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert office.titles() == ALL
    assert not {"/reviews/page/2/", "/reviews/page/3/", "/reviews/2019/"} & set(archive.asked)
    assert "left alone for" in done.stderr
    assert "Nobody is told of them; `learning-bot search` finds them." in done.stdout
    office.types("send", "all")
    assert office.mails() == []
    found = office.types("search", "Child 5B")
    assert "Child 5B" in found.stdout
    archive.latest = [_old("New", 2026)]
    assert office.types("poll", "saltmarsh").returncode == 0
    office.types("send", "all")
    (mail,) = office.mails()
    text = mail.read_text()
    assert "Child New" in text
    assert not any(title in text for title in ALL)


def test_whoever_stops_it_is_told_how_to_go_on(office: Office, archive: Archive) -> None:
    archive.holds = "/reviews/page/3/"
    process = office.starts("sources", "backfill", "saltmarsh")
    assert archive.held.wait(60)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "What was read is kept; type `learning-bot sources backfill saltmarsh` to go on." in said
    assert "Child 2A" in office.titles()


def test_a_page_that_fails_is_named_and_the_exit_code_says_so(office: Office, archive: Archive) -> None:
    archive.broken.add("/reviews/page/3/")
    done = office.types("sources", "backfill", "saltmarsh", "--yes", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    states = {page["url"].partition("/reviews/")[2]: page["state"] for page in told["pages"]}
    assert states["page/3/"] == "failed"
    assert states["2019/"] == states["page/2/"] == "read"
    assert told["new"] == len(office.titles()) - 2
    log = office.types("sources", "log", "saltmarsh")
    assert "/reviews/page/3/" in log.stdout


def test_a_mistyped_page_is_told_once_and_a_mistyped_host_before_anything_is_read(
    office: Office, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"http://{archive.host}/reviews/page/99/"
    done = office.types("sources", "backfill", "saltmarsh", "--yes", "--from", page)
    assert (done.returncode, f"{page}: " in done.stdout) == (1, True)
    assert "tried again" not in done.stdout
    assert office.types("sources", "backfill", "saltmarsh", "--yes").returncode == 0
    looked_up = socket.getaddrinfo

    def as_nobody_knows_it(host: str, *how: Any, **more: Any) -> Any:
        if host == "saltmarch.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return looked_up(host, *how, **more)

    monkeypatch.setattr(socket, "getaddrinfo", as_nobody_knows_it)
    archive.asked.clear()
    wrong = office.types("sources", "backfill", "saltmarsh", "--from", "https://saltmarch.example/old")
    assert (wrong.returncode, wrong.stdout, archive.asked) == (1, "", [])
    assert wrong.stderr.count("\n") == 1
    assert "there is no host of the name saltmarch.example; check the address" in wrong.stderr


def test_the_pace_that_the_site_asks_for_is_said_and_what_is_left_waits(
    office: Office, archive: Archive
) -> None:
    archive.robots = "User-agent: *\nCrawl-delay: 1\n"
    done = office.types("sources", "backfill", "saltmarsh", "--most", "1")
    assert done.returncode == 0
    assert "left alone for 1 s, so these take at least 1 second." in done.stderr
    assert "1 pages are enough" not in done.stdout
    assert "still to be read: type `learning-bot sources backfill saltmarsh` again" in done.stdout


def test_when_there_is_nothing_older_it_says_what_to_do(office: Office, archive: Archive) -> None:
    office.types("sources", "backfill", "saltmarsh")
    again = office.types("sources", "backfill", "saltmarsh")
    assert again.returncode == 0
    assert "--from" in again.stdout
    wrong = office.types("sources", "backfill", "saltmarsh", "--from", "ftp://example.org/reviews")
    assert (wrong.returncode, "is no address of a web page" in wrong.stderr) == (2, True)


def test_a_source_that_was_never_polled_is_polled_first(tmp_path: Path, archive: Archive) -> None:
    office = Office(tmp_path, archive)
    assert office.types("sources", "backfill", "saltmarsh").returncode == 0
    assert office.titles() == ALL
    office.types("send", "all")
    assert not any("Child 2A" in mail.read_text() for mail in office.mails())
