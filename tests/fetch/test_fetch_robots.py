"""What robots.txt asks is done, however it is written and however the site serves it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.errors import SourceError
from bot.fetch.http import HttpFetcher
from bot.fetch.wire import FetchLimits
from bot.models import Page
from tests.fetch.conftest import MakeFetcher, StoppedClock
from tests.fetch.hostile_site import HostileSite


@pytest.fixture(autouse=True)
def _a_page(site: HostileSite) -> None:
    site.answers()


def is_refused(fetcher: HttpFetcher, url: str) -> bool:
    try:
        fetcher.fetch(url)
    except SourceError as error:
        return error.trouble == "blocked" and not error.again and "robots.txt" in str(error)
    return False


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("User-agent: *\nDisallow: /", True),
        ("User-agent: learning-bot\nDisallow: /reviews", True),
        ("User-Agent: Learning-Bot\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: learning-bot\nDisallow:", False),
        ("User-agent: learning-bot\nDisallow: /\n\nUser-agent: *\nAllow: /", True),
        ("User-agent: bot\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nAllow: /reviews", False),
        ("User-agent: *\nAllow: /\nDisallow: /rev*s$", True),
        ("User-agent: *\n\nDisallow: /", True),
        ("User-agent: *\nDisallow: /private", False),
        ("\ufeffUser-agent: *\nDisallow: /", True),
        ("<!doctype html><title>Home</title>", False),
        ("", False),
        ("\x00\x00\xff", False),
    ],
)
def test_the_rules_are_read_as_rfc_9309_says(
    fetcher: HttpFetcher, site: HostileSite, text: str, refused: bool
) -> None:
    site.says_robots(text)
    assert is_refused(fetcher, site.url()) is refused
    assert len(site.requests("/reviews")) == (0 if refused else 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_robots_txt_allows_everything(
    fetcher: HttpFetcher, site: HostileSite, status: int
) -> None:
    site.says_robots("User-agent: *\nDisallow: /", status)
    assert not is_refused(fetcher, site.url())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_in_trouble_is_left_alone_until_its_rules_can_be_read(
    fetcher: HttpFetcher, site: HostileSite, status: int
) -> None:
    site.says_robots("", status)
    with pytest.raises(SourceError, match=rf"robots\.txt.*{status}.*next poll") as caught:
        fetcher.fetch(site.url())
    assert (caught.value.trouble, caught.value.again) == ("failing", True)
    assert site.requests("/reviews") == []
    site.says_robots("")
    assert isinstance(fetcher.fetch(site.url()), Page)


def test_rules_that_never_come_are_failing(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    site.hangs_up("/robots.txt")
    with pytest.raises(SourceError, match=r"robots\.txt") as caught:
        fetcher_for(site.host).fetch(site.url())
    assert (caught.value.trouble, caught.value.again) == ("failing", True)
    assert site.requests("/reviews") == []


def test_the_rules_are_kept_for_a_day_and_no_longer(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    fetcher.fetch(site.url())
    clock.moment += timedelta(hours=23, minutes=59)
    fetcher.fetch(site.url())
    assert len(site.requests("/robots.txt")) == 1
    clock.moment += timedelta(minutes=1)
    site.says_robots("User-agent: *\nDisallow: /")
    assert is_refused(fetcher, site.url())
    assert len(site.requests("/robots.txt")) == 2


def test_rules_kept_under_a_clock_that_went_back_are_asked_for_again(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    fetcher.fetch(site.url())
    clock.moment -= timedelta(days=300)
    fetcher.fetch(site.url())
    assert len(site.requests("/robots.txt")) == 2


def test_rules_are_found_through_redirects(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.redirects("/robots.txt", "/rules.txt", 301)
    site.answers(b"User-agent: *\nDisallow: /reviews", path="/rules.txt")
    assert is_refused(fetcher, site.url())


def test_rules_that_redirect_in_a_circle_are_no_rules(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.redirects("/robots.txt", "/robots.txt")
    assert not is_refused(fetcher, site.url())


def test_the_beginning_of_endless_rules_is_read(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.floods(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /reviews\n", b"# more\n" * 1000)
    endless = site.behaviour("/reviews")
    site.answers()
    site.behave("/robots.txt", endless)
    assert is_refused(fetcher, site.url())


def test_threads_that_come_together_ask_for_the_rules_once(
    fetcher_for: MakeFetcher, site: HostileSite
) -> None:
    site.answers(b"", 200, "/robots.txt", after=0.05)
    fetcher = fetcher_for(site.host, limits=FetchLimits(gap=0))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fetcher.fetch, [site.url()] * 4))
    assert len(site.requests("/robots.txt")) == 1
