"""What sending costs: a weekly digest to 10,000 readers over four connections, as a ratio to what others reach with
as many messages of as many bytes over as many connections to the same server, in the same run: a bare smtplib loop,
and where it is installed Postfix's `smtp-source`, a client in C that only makes load.

Servers: aiosmtpd in a process of its own, and where it is installed Postfix's `smtp-sink`, which does nothing but
answer and count. What arrived is counted at both. Composing is measured by itself: it is work of another kind, and
happens before. Delivering grows with the readers: the same at three sizes.
"""

from __future__ import annotations

import os
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bot.demo import SetClock
from bot.demo.example_site import ExampleSite, write_configuration
from bot.demo.mailbox import Mailbox
from bot.wiring import Bot
from tests.bench.findings import Figure, Finding, Ratio, growth
from tests.bench.measuring import SPAWN, Figures, line, measure, timed

READERS = (1_000, 3_000, 10_000)
CONNECTIONS = 4
SINK = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
SOURCE = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
_OF_SOURCE = 133  # bytes, about, that smtp-source puts before what it is told to send


def subscriptions(readers: int) -> str:
    addresses = ", ".join(f"reader{n}@example.org" for n in range(readers))
    return (
        'digests:\n  weekly: {cron: "0 8 * * mon"}\nsubscriptions:\n'
        f"  - {{id: everybody, name: Everybody, to: [{addresses}], digest: weekly}}\n"
    )


def environ(smtp_url: str) -> dict[str, str]:
    return {
        "SMTP_URL": smtp_url,
        "MAIL_FROM": "bot@example.org",
        "MAIL_CONNECTIONS": str(CONNECTIONS),
        "PUBLIC_URL": "https://bot.example.org",
        "SECRET_KEY": "a key for the bench alone",
    }


@contextmanager
def ready(folder: Path, smtp_url: str, readers: int) -> Iterator[Bot]:
    """A bot that has polled the example site, a week before its readers' digest is due."""
    clock = SetClock()
    with ExampleSite() as site:
        write_configuration(folder, site.root)
        (folder / "subscriptions.yaml").write_text(subscriptions(readers))
        with Bot(folder, environ(smtp_url), clock=clock, database_url=f"sqlite:///{folder}/bench.db") as bot:
            bot.enrol()
            bot.poll(bot.due_sources())
            clock.moment += timedelta(days=1)
            yield bot


def compose(folder: str, smtp_url: str, readers: int) -> Figures:
    with ready(Path(folder), smtp_url, readers) as bot:
        return timed(bot.compose_due)


def deliver(folder: str, smtp_url: str) -> Figures:
    """What `compose` left in that folder."""
    clock = SetClock()
    clock.moment += timedelta(days=1)
    with Bot(
        Path(folder), environ(smtp_url), clock=clock, database_url=f"sqlite:///{folder}/bench.db"
    ) as bot:
        return timed(lambda: bot.deliver()["sent"])


def bare_loop(host: str, port: int, letter: bytes, count: int) -> Figures:
    def send(share: range) -> None:
        with smtplib.SMTP(host, port, local_hostname="bench.example.org") as server:
            for n in share:
                server.sendmail("bot@example.org", [f"reader{n}@example.org"], letter)

    def send_all() -> int:
        threads = [
            threading.Thread(target=send, args=(range(n, count, CONNECTIONS),)) for n in range(CONNECTIONS)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return count

    return timed(send_all)


def serve_mail(pipe: Connection) -> None:
    """A mail server in its own process; gives its address, and when asked how much came and the last letter."""
    with Mailbox() as mailbox:
        pipe.send((mailbox.url, mailbox.host, mailbox.port))
        while pipe.recv() != "stop":
            pipe.send((len(mailbox.received), mailbox.received[-1].raw))
            mailbox.handler.received.clear()  # `received` is a copy


@contextmanager
def smtp_sink(counts: Path | None = None) -> Iterator[int]:
    """Postfix's sink on a free port. `counts`: a file in which it then keeps how much came."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    counting = ["-c"] if counts else []
    with (counts or Path(os.devnull)).open("wb") as out:
        sink = subprocess.Popen(
            [SINK, *counting, "-u", "nobody", f"127.0.0.1:{port}", "100"],
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        sink.kill()
        sink.wait()


def came_to(counts: Path) -> int:
    """The messages that the sink has counted: it writes a line over the last one at each."""
    return max(map(int, re.findall(r"mesg=(\d+)", counts.read_text())), default=0)


def smtp_source(port: int, length: int, count: int) -> Figures:
    """So many messages of so many bytes by Postfix's client, each to another address. It keeps its connections."""
    command = (SOURCE, "-d", "-N", "-s", str(CONNECTIONS), "-m", str(count), "-l", str(length))
    addresses = ("-f", "bot@example.org", "-t", "reader@example.org", f"127.0.0.1:{port}")

    def send() -> int:
        subprocess.run([*command, *addresses], check=True, stdout=subprocess.DEVNULL)
        return count

    return timed(send)


class PostOffice:
    """aiosmtpd in a process of its own."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url, self.host, self.port = pipe.recv()

    def took(self) -> tuple[int, bytes]:
        """How much came since this was asked last, and the last letter."""
        self._pipe.send("how many?")
        count, letter = self._pipe.recv()
        return count, letter


@contextmanager
def post_office() -> Iterator[PostOffice]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=serve_mail, args=(theirs,), daemon=True)
    process.start()
    yield PostOffice(ours)
    ours.send("stop")
    process.join()


def to_aiosmtpd(folder: str, office: PostOffice, readers: int) -> tuple[Figures, bytes]:
    """What was composed in the folder, delivered; and the last letter."""
    sent = measure(deliver, folder, office.url)
    arrived, letter = office.took()
    assert arrived == readers == sent.count, f"{arrived} letters arrived; {sent.count} were called sent"
    line(f"deliver over {CONNECTIONS} connections to aiosmtpd", sent)
    return sent, letter


def to_smtp_sink(folder: str, letter: bytes, readers: int) -> Iterator[Finding]:
    """The same to Postfix's sink, beside a bare loop, and Postfix's own client where it is."""
    counts = Path(folder) / "counts.txt"
    with smtp_sink(counts) as port:
        sent = measure(deliver, folder, f"smtp://127.0.0.1:{port}")
        line(f"deliver over {CONNECTIONS} connections to smtp-sink", sent)
        arrived = came_to(counts)
        assert arrived == readers == sent.count, f"{arrived} letters arrived; {sent.count} were called sent"
        yield _ratio("smtp-sink", sent, measure(bare_loop, "127.0.0.1", port, letter, readers))
        if Path(SOURCE).exists():
            source = measure(smtp_source, port, len(letter) - _OF_SOURCE, readers)
            name = "sending to smtp-sink / smtp-source"
            line("  as many bytes by smtp-source", source)
            assert came_to(counts) == 3 * readers, f"{came_to(counts)} letters arrived, not {3 * readers}"
            yield Ratio(name=name, ours=sent.wall_time(name), baseline=source.wall_time("smtp-source"))


def _ratio(server: str, sent: Figures, bare: Figures) -> Ratio:
    line("  the same bytes by a bare smtplib loop", bare)
    print(f"  {sent.rate / bare.rate:.0%} of the bare loop")
    name = f"sending to {server} / smtplib"
    return Ratio(name=name, ours=sent.wall_time(name), baseline=bare.wall_time("a bare smtplib loop"))


def findings(readers: Sequence[int] = READERS) -> Iterator[Finding]:
    seconds = []
    with post_office() as office:
        for count in readers:
            with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
                line(f"compose for {count} readers", measure(compose, one, office.url, count))
                shutil.copytree(one, other, dirs_exist_ok=True)
                sent, letter = to_aiosmtpd(one, office, count)
                seconds.append(sent.wall)
                if count == readers[-1]:
                    bare = measure(bare_loop, office.host, office.port, letter, count)
                    yield _ratio("aiosmtpd", sent, bare)
                    yield Figure(name="memory while sending", value=sent.peak, unit="MB")
                    if Path(SINK).exists():
                        yield from to_smtp_sink(other, letter, count)
    yield growth("sending, by readers", readers, seconds)
