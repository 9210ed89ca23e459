"""The same five requests of politeness, kept by whole polls of a bot that is started anew each time, as cron does:
what it must remember is in the archive. Proved by what the server saw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.fetch.http import HttpFetcher
from bot.models import SourceRun
from bot.wiring import Bot
from tests.fetch.conftest import StoppedClock
from tests.fetch.faults import PUBLIC, Wire
from tests.fetch.hostile_site import HostileSite

HOST = "saltmarsh.example"
REVIEWS = (
    b"<!doctype html><html><head><title>Reviews</title></head><body><h1>Published reviews</h1>"
    b"<h2>Child Fern (2025)</h2><p>Death of a 7-week-old boy in March 2024, who had slept beside his parents on a"
    b" sofa.</p><p><a href='/media/child-fern.pdf'>Local child safeguarding practice review: Child Fern</a></p>"
    b"</body></html>"
)
A_DAY = timedelta(days=1)
Polls = Callable[[], list[SourceRun]]


@pytest.fixture
def polls(tmp_path: Path, site: HostileSite, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Polls:
    """Starts the bot, polls what is due, ends it."""
    (tmp_path / "sources.yaml").write_text(
        "defaults: {contact: safeguarding@example.org, every: 6h}\nsources:\n"
        f"  - {{id: saltmarsh, name: Saltmarsh, url: 'http://{HOST}/reviews'}}\n"
    )
    (tmp_path / "subscriptions.yaml").write_text("digests: {}\nsubscriptions: []\n")

    def visitor(*arguments: object, **options: object) -> HttpFetcher:
        """The bot's own fetcher, for which the site is one of the internet."""
        fetcher = HttpFetcher(*arguments, wait=clock.wait, resolve=lambda *_: [PUBLIC], **options)  # type: ignore[arg-type]  # passed on as they came
        fetcher._network._inner = Wire({80: site.port})
        return fetcher

    monkeypatch.setattr("bot.wiring.fetching.HttpFetcher", visitor)

    def poll() -> list[SourceRun]:
        with Bot(tmp_path, {}, clock=clock, database_url=f"sqlite:///{tmp_path}/bot.db") as bot:
            return bot.poll(bot.due_sources())

    return poll


def pages_asked_for(site: HostileSite) -> int:
    return len(site.requests("/reviews"))


def test_every_poll_reads_the_rules_first_leaves_a_second_and_says_who_asks(
    polls: Polls, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers(REVIEWS)
    for _ in range(2):
        polls()
        clock.moment += A_DAY
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/reviews"] * 2
    assert clock.waits == [1.0, 1.0]
    agents = {seen.headers["user-agent"] for seen in site.seen}
    assert len(agents) == 1
    assert agents.pop().endswith(" (+safeguarding@example.org)")


def test_a_page_that_the_rules_forbid_is_never_asked_for(
    polls: Polls, site: HostileSite, clock: StoppedClock
) -> None:
    site.says_robots("User-agent: learning-bot\nDisallow: /reviews")
    site.answers(REVIEWS)
    for _ in range(5):
        polls()
        clock.moment += A_DAY
    assert {seen.path for seen in site.seen} == {"/robots.txt"}


@pytest.mark.parametrize(
    ("named", "header", "value"),
    [
        ("etag", "if-none-match", '"7"'),
        ("last_modified", "if-modified-since", "Fri, 20 Nov 2026 08:00:00 GMT"),
    ],
)
def test_a_bot_that_is_started_anew_asks_only_for_what_changed_and_once_a_week_for_all(
    polls: Polls, site: HostileSite, clock: StoppedClock, named: str, header: str, value: str
) -> None:
    site.answers_conditionally(REVIEWS, **{named: value})
    states = []
    for _ in range(9):
        states += [run.state for run in polls()]
        clock.moment += A_DAY
    sent = [seen.headers.get(header) for seen in site.requests("/reviews")]
    assert sent == [None, *[value] * 6, None, value]
    assert states == ["good", *["nothing new"] * 8]


@pytest.mark.parametrize("status", [429, 503])
def test_a_bot_that_is_started_anew_stays_away_for_as_long_as_it_was_asked_to(
    polls: Polls, site: HostileSite, clock: StoppedClock, status: int
) -> None:
    site.answers(b"", status, headers={"Retry-After": str(10 * 3600)})
    polls()
    seen = len(site.seen)
    for _ in range(9):
        clock.moment += timedelta(hours=1)
        polls()
        assert len(site.seen) == seen
    site.answers(REVIEWS)
    clock.moment += timedelta(hours=2)
    assert [run.state for run in polls()] == ["good"]


def test_a_site_in_trouble_is_asked_less_and_less_often(
    polls: Polls, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers(b"", 500)
    asked = []
    for _ in range(3 * 12):
        if polls():
            asked.append(clock.now())
        clock.moment += timedelta(hours=2)
    assert len(asked) < 10, "in three days, in which it was started 36 times"
    assert asked[-1] - asked[-2] > timedelta(hours=18)
    assert pages_asked_for(site) == len(asked)


def test_the_log_that_a_webmaster_can_be_shown_has_what_the_server_saw(
    polls: Polls, site: HostileSite, clock: StoppedClock, tmp_path: Path
) -> None:
    site.answers_conditionally(REVIEWS, etag='"7"')
    polls()
    clock.moment += A_DAY
    polls()
    with Bot(tmp_path, {}, clock=clock, database_url=f"sqlite:///{tmp_path}/bot.db") as bot:
        log = [(one.url, one.status, one.conditional) for one in bot.store.requests(HOST)]
        assert bot.last_asked is None
        clock.moment += A_DAY
        bot.poll(bot.due_sources())
        assert bot.last_asked == clock.now(), "the health check goes by it"
    assert log == [
        (f"http://{HOST}/robots.txt", 404, False),
        (f"http://{HOST}/reviews", 200, False),
        (f"http://{HOST}/robots.txt", 404, False),
        (f"http://{HOST}/reviews", 304, True),
    ]
    assert [seen.path for seen in site.seen[:4]] == [url.removeprefix(f"http://{HOST}") for url, *_ in log]
