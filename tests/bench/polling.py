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
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import httpx

from bot.demo import SetClock
from bot.formats import open_document
from bot.models import Page
from bot.reading import read
from bot.wiring import Bot
from tests.bench.findings import LEAST_NOISE, Figure, Finding, Ratio, growth
from tests.bench.measuring import Figures, line, measure, timed
from tests.bench.watched import WatchedSites, host, watched_page, watched_sites

SOURCES = (10, 40, 150)
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


def ask_barely(port: int, count: int) -> Figures:
    """The same requests by httpx alone, one site after the other: robots.txt, and the page if it changed."""
    _all_names_lead_here()
    sites = [f"http://{host(number)}:{port}" for number in range(count)]
    with httpx.Client() as client:
        tags = {site: client.get(f"{site}/reviews/").headers["ETag"] for site in sites}

        def asked() -> int:
            for site, tag in tags.items():
                client.get(f"{site}/robots.txt")
                answer = client.get(f"{site}/reviews/", headers={"If-None-Match": tag})
                assert answer.status_code == 304
            return count

        return timed(asked)


def unchanged(folder: Path, sites: WatchedSites, count: int) -> tuple[Figures, Figures]:
    """Polling so many sites a second time, and the same requests by httpx alone."""
    configure(folder, sites.port, count)
    line("first poll", measure(poll, str(folder), 0, "good"))
    sites.turn("conditional", newer=0)
    ours = measure(poll, str(folder), 1, "nothing new")
    line("nothing changed, by ETag", ours)
    assert sites.turn("conditional", newer=0) == {200: count, 304: count}
    bare = measure(ask_barely, sites.port, count)
    line("  the same requests by httpx alone", bare)
    sites.turn("conditional", newer=0)
    return ours, bare


def changed(folder: str, sites: WatchedSites, count: int) -> tuple[Figures, Figures]:
    """Polling when all have a new review, and opening and reading those pages alone: half of them before and half
    after, as a busy machine is not equally busy all the time."""
    sites.turn("conditional", newer=1)
    some = measure(parse, 1, range(0, count, 2))
    ours = measure(poll, folder, 3, "good 1")
    others = measure(parse, 1, range(1, count, 2))
    line("all changed, by a review", ours)
    parsed = Figures(
        count=some.count + others.count,
        wall=some.wall + others.wall,
        processor=some.processor + others.processor,
        peak=max(some.peak, others.peak),
    )
    line("  those pages opened and read alone", parsed)
    return ours, parsed


def findings(sources: Sequence[int] = SOURCES) -> Iterator[Finding]:
    seconds = []
    for count in sources:
        with tempfile.TemporaryDirectory() as folder, watched_sites(count) as sites:
            quiet, bare = unchanged(Path(folder), sites, count)
            seconds.append(quiet.processor)
            if count < sources[-1]:
                continue
            sites.turn("deaf", newer=0)
            deaf = measure(poll, folder, 2, "nothing new")
            line("nothing changed, and the servers do not say so", deaf)
            line("  (to start the bot each time, apart from that)", measure(start, folder))
            news, parsed = changed(folder, sites, count)
    name = "polling what did not change"
    yield Figure(name=f"{name}, CPU", value=quiet.processor, unit="s CPU", noise=LEAST_NOISE)
    yield Figure(name=f"{name}, memory", value=max(quiet.peak, deaf.peak), unit="MB")
    yield Ratio(name=name, ours=quiet.processor_time(name), baseline=bare.processor_time("httpx alone"))
    yield growth(f"{name}, by sources", sources, seconds)
    name = "polling what changed"
    yield Ratio(
        name=name,
        ours=news.processor_time(name),
        baseline=parsed.processor_time("opening and reading alone"),
    )
