"""A host that asks us to stay away is left alone; what may be a hiccup is tried a second time, once."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from bot.errors import SourceError
from bot.fetch.http import HttpFetcher, before_second_try
from bot.fetch.wire import FetchLimits
from bot.models import Page
from tests.fetch.conftest import MakeFetcher, StoppedClock
from tests.fetch.faults import PUBLIC, Wire
from tests.fetch.hostile_site import PAGE, Behaviour, HostileSite, closed_port

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
DAY = timedelta(days=1)


HOST = "saltmarsh.example"


@pytest.fixture
def fetcher(fetcher_for: MakeFetcher, site: HostileSite) -> HttpFetcher:
    """One for which the site is one of the internet."""
    fetcher = fetcher_for(resolve=lambda *_: [PUBLIC], limits=FetchLimits(gap=0))
    fetcher._network._inner = Wire({site.port: site.port})
    return fetcher


def at(site: HostileSite, path: str = "/reviews") -> str:
    return site.url(path, HOST)


def refusal(fetcher: HttpFetcher, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetcher.fetch(url)
    return caught.value


# --- staying away -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "away"),
    [
        ("120", timedelta(seconds=120)),
        ("Fri, 20 Nov 2026 10:30:00 GMT", timedelta(minutes=90)),
        ("Fri, 20 Nov 2026 10:30:00 +0100", timedelta(minutes=30)),
        ("999999", DAY),
        ("9" * 400, DAY),
        ("Fri, 31 Dec 2038 00:00:00 GMT", DAY),
        ("0", None),
        ("-5", None),
        ("Thu, 19 Nov 2026 10:30:00 GMT", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("\u0661\u0662".encode().decode("latin-1"), None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
    ],
)
def test_a_wish_is_seconds_or_a_date_and_a_day_at_most(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock, said: str, away: timedelta | None
) -> None:
    site.answers(b"", 429, headers={"Retry-After": said})
    error = refusal(fetcher, at(site))
    assert (error.trouble, error.again, error.status) == ("failing", True, 429)
    assert error.retry_after == away


@pytest.mark.parametrize("status", [403, 404, 429, 500, 502, 503, 202])
def test_whatever_comes_with_such_a_wish_the_host_is_left_alone(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock, status: int
) -> None:
    site.answers(b"no", status, headers={"Retry-After": "600"})
    site.answers(path="/other")
    assert refusal(fetcher, at(site)).retry_after == timedelta(minutes=10)
    clock.wait(60)
    before = len(site.seen)
    for path in ("/other", "/reviews"):
        error = refusal(fetcher, at(site, path))
        assert (error.trouble, error.again, error.retry_after) == ("failing", True, timedelta(minutes=9))
        assert "asked us to stay away until 20 November 2026 09:10 UTC" in str(error)
    assert len(site.seen) == before, "not one request more"
    clock.wait(540)
    assert isinstance(fetcher.fetch(at(site, "/other")), Page)


def test_a_page_or_a_redirect_with_such_a_header_keeps_nobody_away(
    fetcher: HttpFetcher, site: HostileSite
) -> None:
    site.answers(b"", 302, headers={"Location": "/new", "Retry-After": "600"})
    site.answers(path="/new", headers={"Retry-After": "600"})
    for _ in range(2):
        assert isinstance(fetcher.fetch(at(site)), Page)


def test_what_robots_txt_is_answered_with_counts_too(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers(b"", 503, "/robots.txt", {"Retry-After": "60"})
    assert refusal(fetcher, at(site)).retry_after == timedelta(minutes=1)
    assert "stay away" in str(refusal(fetcher, at(site)))
    assert len(site.seen) == 1


def test_other_hosts_are_not_left_alone(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(b"", 429, headers={"Retry-After": "60"})
    refusal(fetcher, at(site))
    site.answers()
    assert isinstance(fetcher.fetch(site.url(host="harrowmere.example")), Page)


def test_on_the_own_network_each_site_speaks_for_itself(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    site.answers(b"", 429, headers={"Retry-After": "60"})
    site.answers(path="/other")
    fetcher = fetcher_for(site.host)
    assert refusal(fetcher, site.url()).retry_after == timedelta(minutes=1)
    assert isinstance(fetcher.fetch(site.url("/other")), Page)


def test_a_clock_that_was_set_back_keeps_nobody_away_for_longer(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers(b"", 429, headers={"Retry-After": "60"})
    refusal(fetcher, at(site))
    clock.moment -= timedelta(days=300)
    site.answers()
    assert isinstance(fetcher.fetch(at(site)), Page)


# --- the second try -----------------------------------------------------------------------------------


def first(site: HostileSite, path: str = "/reviews") -> None:
    """What the site does now it does once; then it is well again."""
    once = site.behaviour(path)
    site.answers(path=path)
    well = site.behaviour(path)
    turns: list[Behaviour] = [once]
    site.behave(path, lambda handler: (turns.pop() if turns else well)(handler))


def test_a_dropped_connection_is_tried_once_more_after_some_seconds(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.hangs_up()
    first(site)
    assert isinstance(fetcher.fetch(at(site)), Page)
    assert len(site.requests("/reviews")) == 2
    assert len(clock.waits) == 1
    assert 2 <= clock.waits[0] <= 5
    assert all(before_second_try(own=True) <= 0.5 for _ in range(50)), "on the operator's own network"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        HEAD + b"Content-Length: 500\r\n\r\n" + PAGE,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<h1>\r\n",
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)[:-9],
    ],
)
def test_half_an_answer_is_a_hiccup(fetcher: HttpFetcher, site: HostileSite, raw: bytes) -> None:
    site.sends_raw(raw)
    first(site)
    assert isinstance(fetcher.fetch(at(site)), Page)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_is_being_restarted_is_tried_once_more(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock, status: int
) -> None:
    site.answers(b"no", status)
    first(site)
    assert isinstance(fetcher.fetch(at(site)), Page)
    site.answers(b"no", status)
    assert refusal(fetcher, at(site)).status == status
    assert len(site.requests("/reviews")) == 4, "two and two, never three"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 410, 418, 425, 429, 500, 501])
def test_any_other_answer_is_an_answer(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock, status: int
) -> None:
    site.answers(b"no", status)
    refusal(fetcher, at(site))
    assert len(site.requests("/reviews")) == 1
    assert clock.waits == []


def test_a_server_that_says_when_to_come_back_is_not_asked_before(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers(b"no", 503, headers={"Retry-After": "2"})
    refusal(fetcher, at(site))
    assert len(site.requests("/reviews")) == 1


def test_there_is_one_second_try_in_a_whole_journey(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.hangs_up()
    once = site.behaviour("/reviews")
    site.redirects("/reviews", "/new")
    redirect = site.behaviour("/reviews")
    turns = [redirect, once]
    site.behave("/reviews", lambda handler: turns.pop()(handler))
    site.hangs_up("/new")
    refusal(fetcher, at(site))
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/reviews", "/reviews", "/new"]


def test_slowness_refusal_and_bad_pages_are_no_hiccups(
    fetcher_for: MakeFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.falls_silent()
    refusal(fetcher_for(site.host, limits=FetchLimits(read=0.1)), site.url())
    site.answers(b"not packed", headers={"Content-Encoding": "gzip"})
    refusal(fetcher_for(site.host), site.url())
    with closed_port() as port:
        refusal(fetcher_for(f"127.0.0.1:{port}"), f"http://127.0.0.1:{port}/")
    assert clock.waits == []


def test_the_second_try_keeps_the_pause_the_site_asked_for(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.says_robots("User-agent: *\nCrawl-delay: 20")
    site.hangs_up()
    refusal(fetcher, at(site))
    assert clock.waits[0] == 20
    assert clock.waits[1] + clock.waits[2] == pytest.approx(20)
