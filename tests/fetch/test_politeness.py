"""The five requests of politeness, proved by what the server saw: robots.txt, a gap, conditional requests,
Retry-After, and a User-Agent that says who asks. And the log that a webmaster can be shown."""

from __future__ import annotations

import gzip
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.errors import SourceError
from bot.fetch.http import HttpFetcher
from bot.fetch.wire import FetchLimits
from bot.models import Asked, NotModified, Page
from tests.fetch.conftest import MakeFetcher, StoppedClock
from tests.fetch.faults import PUBLIC, Wire
from tests.fetch.hostile_site import PAGE, HostileSite, closed_port

HOST = "saltmarsh.example"


@pytest.fixture
def visitor(fetcher_for: MakeFetcher, site: HostileSite) -> HttpFetcher:
    """A fetcher for which the site is one of the internet, with nothing allowed that others are not."""
    fetcher = fetcher_for(resolve=lambda *_: [PUBLIC])
    fetcher._network._inner = Wire({80: site.port})
    return fetcher


def url(path: str = "/reviews") -> str:
    return f"http://{HOST}{path}"


def test_robots_txt_is_asked_for_first_once_a_day_and_obeyed(
    visitor: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.says_robots("User-agent: learning-bot\nDisallow: /drafts")
    site.answers()
    site.answers(path="/drafts")
    for hours in (0, 6, 6):
        clock.moment += timedelta(hours=hours)
        visitor.fetch(url())
        with pytest.raises(SourceError, match="leave this page alone"):
            visitor.fetch(url("/drafts"))
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/reviews", "/reviews", "/reviews"]


def test_requests_to_a_host_come_one_at_a_time_with_a_gap_between(site: HostileSite) -> None:
    """Against the real clock: four threads at once, each request at least the gap after the last one ended."""

    class RealClock(StoppedClock):
        def now(self):  # type: ignore[no-untyped-def]
            return self.moment + timedelta(seconds=time.monotonic())

    for number in range(4):
        site.answers(path=f"/{number}", after=0.02)
    limits = FetchLimits(gap=0.1)
    with HttpFetcher(None, clock=RealClock(), limits=limits, resolve=lambda *_: [PUBLIC]) as fetcher:
        fetcher._network._inner = Wire({80: site.port})
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(fetcher.fetch, [url(f"/{number}") for number in range(4)]))
    visits = sorted(site.seen, key=lambda seen: seen.began)
    assert len(visits) == 5
    for earlier, later in pairwise(visits):
        assert earlier.ended is not None
        assert later.began - earlier.ended >= 0.1


def test_a_crawl_delay_lengthens_the_gap(
    visitor: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.says_robots("User-agent: *\nCrawl-delay: 12")
    site.answers()
    visitor.fetch(url())
    visitor.fetch(url())
    assert clock.waits == [12.0, 12.0]
    assert len(site.seen) == 3


def test_an_unchanged_page_is_asked_for_conditionally_and_not_sent_again(
    visitor: HttpFetcher, site: HostileSite
) -> None:
    site.answers_conditionally(etag='"7"')
    first = visitor.fetch(url())
    assert isinstance(first, Page)
    assert isinstance(visitor.fetch(url(), first.validators), NotModified)
    asked = site.requests("/reviews")
    assert [seen.headers.get("if-none-match") for seen in asked] == [None, '"7"']


def test_a_site_that_asks_us_to_stay_away_sees_nothing_of_us_until_then(
    visitor: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers(b"", 429, headers={"Retry-After": "3600"})
    site.answers(path="/other")
    for path in ("/reviews", "/other", "/reviews", "/third"):
        with pytest.raises(SourceError) as caught:
            visitor.fetch(url(path))
        assert caught.value.retry_after is not None
        clock.moment += timedelta(minutes=15)
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/reviews"]
    assert isinstance(visitor.fetch(url("/other")), Page)


def test_every_request_says_who_asks_and_how_to_write_to_them(
    visitor: HttpFetcher, site: HostileSite
) -> None:
    site.redirects("/reviews", "/new")
    site.answers(path="/new")
    visitor.fetch(url())
    agents = [seen.headers["user-agent"] for seen in site.seen]
    assert len(agents) == 3
    assert all(agent.startswith("learning-bot/") for agent in agents)
    assert all(agent.endswith(" (+safeguarding@example.org)") for agent in agents)


# --- the log ------------------------------------------------------------------------------------------


def test_the_log_has_each_request_that_the_server_saw(
    fetcher_for: MakeFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    asked: list[Asked] = []
    fetcher = fetcher_for(site.host, asked=asked.append)
    packed = gzip.compress(PAGE)
    site.redirects("/reviews", "/new", 301)
    site.answers(packed, path="/new", headers={"Content-Encoding": "gzip", "ETag": '"1"'})
    page = fetcher.fetch(site.url())
    assert isinstance(page, Page)
    fetcher.fetch(site.url(), page.validators)
    told = [(one.url, one.status, one.size, one.conditional) for one in asked]
    assert told == [
        (site.url("/robots.txt"), 404, len(b"Not here."), False),
        (site.url(), 301, 0, False),
        (site.url("/new"), 200, len(packed), False),
        (site.url(), 301, 0, True),
        (site.url("/new"), 200, len(packed), True),
    ]
    assert [one.url for one in asked] == [site.url(seen.path) for seen in site.seen]
    assert {one.host for one in asked} == {"127.0.0.1"}
    assert {one.at for one in asked} == {clock.now()}
    assert all(timedelta(0) < one.took < timedelta(seconds=5) for one in asked)


def test_the_log_has_what_came_to_nothing(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    asked: list[Asked] = []
    fetcher = fetcher_for(site.host, asked=asked.append)
    site.hangs_up()
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + PAGE
    site.sends_raw(half, path="/half")
    for path in ("/reviews", "/half"):
        with pytest.raises(SourceError):
            fetcher.fetch(site.url(path))
    told = [(one.url, one.status, one.size) for one in asked[1:]]
    assert told == [(site.url(), None, 0)] * 2 + [(site.url("/half"), 200, len(PAGE))] * 2
    with closed_port() as port:
        asked.clear()
        with pytest.raises(SourceError):
            fetcher_for(f"127.0.0.1:{port}", asked=asked.append).fetch(f"http://127.0.0.1:{port}/")
    assert [one.status for one in asked] == [None]


def test_the_log_has_nothing_that_never_left_this_machine(
    fetcher_for: MakeFetcher, site: HostileSite
) -> None:
    asked: list[Asked] = []

    def refused(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.1"]

    with pytest.raises(SourceError):
        fetcher_for(resolve=refused, asked=asked.append).fetch("http://intranet.example/")
    site.says_robots("User-agent: *\nDisallow: /")
    fetcher = fetcher_for(site.host, asked=asked.append)
    with pytest.raises(SourceError):
        fetcher.fetch(site.url())
    assert [one.url for one in asked] == [site.url("/robots.txt")]
