"""What a poll of 150 sources on loopback costs: none of them changed, and all of them changed.

Each case in a process of its own, with its children: processor seconds from the poll's first look at what is due
to its last run kept, robots.txt of every host among it; memory from the process's start. What it takes to start
the bot is measured apart. Of the changed pages the measure is what opening and reading them alone takes, with
nothing fetched, compared or kept.
"""

from __future__ import annotations

import socket
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from bot.demo import SetClock
from bot.formats import open_document
from bot.models import Page
from bot.reading import read
from bot.wiring import Bot
from tests.bench.measuring import Figures, line, measure, timed
from tests.bench.watched import WatchedSites, host, watched_page, watched_sites

SOURCES = 150
MOST_UNCHANGED = 3.0  # seconds of processor time, where nothing changed
MOST_MEMORY = 150  # MB, where nothing changed
MOST_CHANGED = 1.5  # times what opening and reading the pages alone takes
A_DAY = timedelta(days=1)


def configure(folder: Path, port: int, count: int) -> None:
    hosts = [host(number) for number in range(count)]
    sources = [
        f"  - {{id: source-{number}, name: Source {number}, url: 'http://{name}:{port}/reviews/'}}"
        for number, name in enumerate(hosts)
    ]
    allowed = ", ".join(f"'{name}:{port}'" for name in hosts)
    (folder / "sources.yaml").write_text(
        f"allow_private_hosts: [{allowed}]\nsources:\n" + "\n".join(sources) + "\n"
    )
    (folder / "subscriptions.yaml").write_text(
        'digests:\n  weekly: {cron: "0 8 * * mon"}\nsubscriptions:\n'
        "  - {id: everybody, name: Everybody, to: [rowan@example.org], digest: weekly}\n"
        "  - {id: fathers, name: Fathers, to: [ash@example.org], digest: weekly, words: {any: [fathers]}}\n"
    )


def start(folder: str) -> Figures:
    """Open the bot and find that nothing is asked of it."""

    def opened() -> int:
        with Bot(Path(folder), {}, clock=SetClock(), database_url=f"sqlite:///{folder}/bench.db") as bot:
            bot.enrol()
            return len(bot.sources)

    return timed(opened)


def poll(folder: str, days: int, expected: str) -> Figures:
    """Poll what is due so many days after the first poll; every source must come to what is expected."""
    _all_names_lead_here()
    clock = SetClock()
    clock.moment += days * A_DAY
    with Bot(Path(folder), {}, clock=clock, database_url=f"sqlite:///{folder}/bench.db") as bot:
        bot.enrol()
        states: Counter[str] = Counter()

        def polled() -> int:
            runs = bot.poll(bot.due_sources())
            states.update(f"{run.state} {run.new}" if run.new else run.state for run in runs)
            details.extend(run.detail for run in runs if run.detail)
            return len(runs)

        details: list[str] = []
        figures = timed(polled)
        found = {state for state in states if not state.startswith(expected)}
        assert not found, f"{states}: {details[:3]}"
    return figures


def parse(newer: int, numbers: range) -> Figures:
    """These pages opened and read, and nothing else."""
    pages = [
        Page(url=f"http://{page.host}/reviews/", body=page.body, content_type=page.content_type)
        for page in (watched_page(number, newer=newer) for number in numbers)
    ]
    read(open_document(pages[0]))  # what is loaded at its first use is not the pages'
    return timed(lambda: sum(bool(read(open_document(page)).reviews) for page in pages))


def _all_names_lead_here() -> None:
    """Stands in for the name service, which knows none of the invented hosts."""
    real = socket.getaddrinfo

    def here(name: str, *arguments: object, **options: object) -> object:
        return real("127.0.0.1", *arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    socket.getaddrinfo = here  # type: ignore[assignment]  # overloads


def compare(folder: str, sites: WatchedSites, count: int) -> list[str]:
    line("first poll", measure(poll, folder, 0, "good"))
    sites.turn("conditional", newer=0)
    unchanged = measure(poll, folder, 1, "nothing new")
    line("nothing changed, by ETag", unchanged)
    _check(sites.turn("deaf", newer=0), {200: count, 304: count})
    deaf = measure(poll, folder, 2, "nothing new")
    line("nothing changed, and the servers do not say so", deaf)
    _check(sites.turn("conditional", newer=1), {200: 2 * count})
    line("  (to start the bot each time, apart from that)", measure(start, folder))
    # Half of them before and half after, as a busy machine is not equally busy all the time.
    some = measure(parse, 1, range(0, count, 2))
    changed = measure(poll, folder, 3, "good 1")
    others = measure(parse, 1, range(1, count, 2))
    line("all changed, by a review", changed)
    parsed = Figures(
        count=some.count + others.count,
        wall=some.wall + others.wall,
        processor=some.processor + others.processor,
        peak=max(some.peak, others.peak),
    )
    line("  those pages opened and read alone", parsed)
    print(f"  {changed.processor / parsed.processor:.2f} times the CPU of opening and reading alone")
    return _below(unchanged, deaf, changed, parsed)


def _below(unchanged: Figures, deaf: Figures, changed: Figures, parsed: Figures) -> list[str]:
    seconds, memory = unchanged.processor, max(unchanged.peak, deaf.peak)
    ratio = changed.processor / parsed.processor
    below = []
    if seconds > MOST_UNCHANGED:
        below.append(f"polling what did not change takes {seconds:.1f} s; {MOST_UNCHANGED:g} is the most")
    if memory > MOST_MEMORY:
        below.append(f"polling what did not change takes {memory:.0f} MB; {MOST_MEMORY} is the most")
    if ratio > MOST_CHANGED:
        below.append(f"polling what changed takes {ratio:.2f} times reading it; {MOST_CHANGED:g} is the most")
    return below


def _check(answered: dict[int, int], expected: dict[int, int]) -> None:
    assert answered == expected, f"the sites answered {answered}, not {expected}"


def main(count: int = SOURCES) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, watched_sites(count) as sites:
        configure(Path(folder), sites.port, count)
        return compare(folder, sites, count)
