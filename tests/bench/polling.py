"""What polling costs: the whole example site over loopback, as a ratio to fetching the same addresses with nothing
done to them, in the same run."""

from __future__ import annotations

import tempfile
from pathlib import Path
from urllib.request import urlopen

from bot.demo import SetClock
from bot.demo.example_site import ExampleSite, write_configuration
from bot.wiring import Bot
from tests.bench.measuring import line, measure


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


def main() -> list[str]:
    with ExampleSite() as site:
        line("poll the example site", measure(poll_the_site, site.root))
        line("  its pages fetched with urllib alone", measure(fetch_the_site, site.root))
    return []
