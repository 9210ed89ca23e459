"""What polling and sending cost, each in a process of its own, as ratios to a baseline of the same run.

- `poll`: the whole example site over loopback, against fetching the same addresses with nothing done to them.
- `send`: 1,000 readers over real SMTP to a server in another process, against a bare smtplib loop that sends the
  same bytes over one connection.
"""

from __future__ import annotations

import multiprocessing
import resource
import smtplib
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.request import urlopen

from bot.demo import SetClock
from bot.demo.example_site import ExampleSite, write_configuration
from bot.demo.mailbox import Mailbox
from bot.wiring import Bot

READERS = 1_000
SPAWN = multiprocessing.get_context("spawn")


def poll_the_site(root: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        write_configuration(Path(name), root)
        with Bot(Path(name), {}, clock=SetClock(), database_url=f"sqlite:///{name}/bench.db") as bot:
            bot.enrol()
            return len(bot.poll(bot.due_sources()))


def fetch_the_site(root: str) -> int:
    paths = (
        "/partnership/published-reviews",
        "/case-reviews/monthly-update",
        "/feed/",
        "/learning/",
        "/robots.txt",
    )
    for path in paths:
        with urlopen(root + path) as answer:
            answer.read()
    return len(paths)


def send_to_readers(root: str, smtp_url: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_configuration(folder, root)
        (folder / "subscriptions.yaml").write_text(subscriptions())
        environ = {
            "SMTP_URL": smtp_url,
            "MAIL_FROM": "bot@example.org",
            "PUBLIC_URL": "https://bot.example.org",
        }
        environ["SECRET_KEY"] = "a key for the bench alone"
        with Bot(folder, environ, clock=SetClock(), database_url=f"sqlite:///{name}/bench.db") as bot:
            bot.enrol()
            bot.poll(bot.due_sources())
            bot.compose(bot.subscription("everybody"))
            return sum(outcome.state == "sent" for _, outcome in bot.deliver())


def subscriptions() -> str:
    readers = ", ".join(f"reader{n}@example.org" for n in range(READERS))
    return (
        'digests:\n  weekly: {cron: "0 8 * * mon"}\nsubscriptions:\n'
        f"  - {{id: everybody, name: Everybody, to: [{readers}], digest: weekly}}\n"
    )


def loop_over_smtp(host: str, port: int, letter: bytes) -> int:
    with smtplib.SMTP(host, port, local_hostname="bench.example.org") as server:
        for n in range(READERS):
            server.sendmail("bot@example.org", [f"reader{n}@example.org"], letter)
    return READERS


def serve_mail(pipe: Connection) -> None:
    """A mail server in its own process; gives its address, then one letter when it is asked to stop."""
    with Mailbox() as mailbox:
        pipe.send((mailbox.url, mailbox.host, mailbox.port))
        while pipe.recv() != "stop":
            pipe.send((len(mailbox.received), mailbox.received[-1].raw))


def measured(pipe: Connection, what: Callable[..., int], arguments: tuple[object, ...]) -> None:
    start, cpu = time.monotonic(), time.process_time()
    count = what(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send((count, time.monotonic() - start, time.process_time() - cpu, peak))


def measure(what: Callable[..., int], *arguments: object) -> tuple[int, float, float, float]:
    """In a process of its own: the count it gives, wall and CPU seconds, peak memory in MB."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=measured, args=(theirs, what, arguments))
    process.start()
    theirs.close()
    result: tuple[int, float, float, float] = ours.recv()
    process.join()
    return result


def line(name: str, figures: tuple[int, float, float, float]) -> None:
    count, wall, cpu, peak = figures
    print(f"{name:46} {count:6} {wall:8.2f} s {cpu:8.2f} s CPU {peak:7.0f} MB")


def main() -> None:
    ours, theirs = SPAWN.Pipe()
    post_office = SPAWN.Process(target=serve_mail, args=(theirs,), daemon=True)
    post_office.start()
    url, host, port = ours.recv()
    with ExampleSite() as site:
        polled, fetched = measure(poll_the_site, site.root), measure(fetch_the_site, site.root)
        line("poll the example site", polled)
        line("  its pages fetched with urllib alone", fetched)
        sent = measure(send_to_readers, site.root, url)
        ours.send("how many?")
        arrived, letter = ours.recv()
        assert arrived == READERS == sent[0], f"{arrived} letters arrived and {sent[0]} were called sent"
        bare = measure(loop_over_smtp, host, port, letter)
        line(f"poll, compose, and send to {READERS} readers", sent)
        line("  the same bytes by a bare smtplib loop", bare)
    ours.send("stop")
    print(f"send reaches {bare[1] / sent[1]:.0%} of the bare loop, polling and composing included")
