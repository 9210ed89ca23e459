"""What sending costs: a weekly digest to 10,000 readers over four connections, as a ratio to what a bare smtplib
loop reaches with the same bytes over as many connections to the same server, in the same run.

Servers: aiosmtpd in a process of its own, and where it is installed Postfix's `smtp-sink`, which does nothing but
answer. Composing is measured by itself: it is work of another kind, and happens before.
"""

from __future__ import annotations

import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bot.demo import SetClock
from bot.demo.example_site import ExampleSite, write_configuration
from bot.demo.mailbox import Mailbox
from bot.wiring import Bot
from tests.bench.measuring import SPAWN, Figures, line, measure, timed

READERS = 10_000
CONNECTIONS = 4
LEAST = 0.6  # of the bare loop
MOST_MEMORY = 200  # MB
SINK = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"


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
            mailbox.received.clear()


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's sink on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    sink = subprocess.Popen([SINK, "-u", "nobody", f"127.0.0.1:{port}", "100"], stderr=subprocess.DEVNULL)
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


def compare(name: str, sent: Figures, bare: Figures) -> list[str]:
    ratio = sent.rate / bare.rate
    line(f"deliver over {CONNECTIONS} connections to {name}", sent)
    line("  the same bytes by a bare smtplib loop", bare)
    print(f"  {ratio:.0%} of the bare loop")
    below = []
    if ratio < LEAST and name == "aiosmtpd":
        below.append(f"sending reaches {ratio:.0%} of a bare smtplib loop; it should be {LEAST:.0%}")
    if sent.peak > MOST_MEMORY:
        below.append(f"sending takes {sent.peak:.0f} MB; it should be {MOST_MEMORY} at the most")
    return below


def main(readers: int = READERS) -> list[str]:
    ours, theirs = SPAWN.Pipe()
    post_office = SPAWN.Process(target=serve_mail, args=(theirs,), daemon=True)
    post_office.start()
    url, host, port = ours.recv()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        line(f"compose for {readers} readers", measure(compose, one, url, readers))
        shutil.copytree(one, other, dirs_exist_ok=True)
        sent = measure(deliver, one, url)
        ours.send("how many?")
        arrived, letter = ours.recv()
        assert arrived == readers == sent.count, f"{arrived} letters arrived; {sent.count} were called sent"
        below = compare("aiosmtpd", sent, measure(bare_loop, host, port, letter, readers))
        if Path(SINK).exists():
            with smtp_sink() as sink:
                sent = measure(deliver, other, f"smtp://127.0.0.1:{sink}")
                below += compare("smtp-sink", sent, measure(bare_loop, "127.0.0.1", sink, letter, readers))
    ours.send("stop")
    return below
