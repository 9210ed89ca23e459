"""Fetching from a real server on this machine, good or hostile."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.errors import SourceError
from bot.fetch.body import read_body
from bot.fetch.http import HttpFetcher
from bot.fetch.wire import FetchLimits, user_agent
from bot.models import NotModified, Page, Validators
from tests.fetch.conftest import MakeFetcher, StoppedClock
from tests.fetch.hostile_site import PAGE, HostileSite, closed_port

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
YESTERDAY = "Thu, 19 Nov 2026 08:00:00 GMT"


def failure(fetcher: HttpFetcher, url: str, validators: Validators | None = None) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetcher.fetch(url, validators)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return caught.value


def page(fetcher: HttpFetcher, url: str, validators: Validators | None = None) -> Page:
    got = fetcher.fetch(url, validators)
    assert isinstance(got, Page)
    return got


# --- a good visitor -----------------------------------------------------------------------------------


def test_a_page_comes_with_all_that_matters(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"7"', "Last-Modified": YESTERDAY}
    site.answers(headers=headers)
    assert fetcher.fetch(site.url()) == Page(
        url=site.url(),
        body=PAGE,
        content_type="text/html; charset=utf-8",
        status=200,
        validators=Validators(etag='"7"', last_modified=YESTERDAY, sha256=hashlib.sha256(PAGE).hexdigest()),
        fetched_at=clock.now(),
    )


def test_the_bot_says_who_it_is_and_whom_to_write_to(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers()
    fetcher.fetch(site.url())
    headers = site.requests("/reviews")[0].headers
    assert headers["user-agent"].startswith("learning-bot/")
    assert headers["user-agent"].endswith(" (+safeguarding@example.org)")
    assert "text/html" in headers["accept"]
    assert "cookie" not in headers


def test_a_contact_cannot_break_the_header() -> None:
    assert user_agent("a\r\nX: y@example.org").endswith("(+aX: y@example.org)")
    assert "(" not in user_agent(None)


def test_robots_txt_is_read_before_the_page(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers()
    fetcher.fetch(site.url())
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/reviews"]
    assert site.seen[0].headers["user-agent"].startswith("learning-bot/")


def test_cookies_are_not_carried_from_page_to_page(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(headers={"Set-Cookie": "visitor=1; Path=/"})
    fetcher.fetch(site.url())
    fetcher.fetch(site.url())
    assert all("cookie" not in seen.headers for seen in site.seen)


def test_a_packed_page_is_unpacked(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})
    assert page(fetcher, site.url()).body == PAGE


def test_an_unknown_coding_is_passed_over_like_browsers_do(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(headers={"Content-Encoding": "UTF-8"})
    assert page(fetcher, site.url()).body == PAGE


def test_of_a_content_type_said_twice_the_last_counts_as_in_browsers(
    fetcher: HttpFetcher, site: HostileSite
) -> None:
    site.sends_raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\n" + PAGE)
    assert page(fetcher, site.url()).content_type == "text/html"


# --- conditional requests -----------------------------------------------------------------------------


@pytest.mark.parametrize(("etag", "last_modified"), [('"abc"', ""), ("", YESTERDAY)])
def test_an_unchanged_page_is_not_sent_again(
    fetcher: HttpFetcher, site: HostileSite, etag: str, last_modified: str
) -> None:
    site.answers_conditionally(etag=etag, last_modified=last_modified)
    first = page(fetcher, site.url())
    assert fetcher.fetch(site.url(), first.validators) == NotModified(url=site.url(), status=304)


def test_both_validators_are_sent_back_as_they_came(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(headers={"ETag": 'W/"a-gzip"', "Last-Modified": YESTERDAY})
    fetcher.fetch(site.url(), page(fetcher, site.url()).validators)
    headers = site.requests("/reviews")[1].headers
    assert headers["if-none-match"] == 'W/"a-gzip"'
    assert headers["if-modified-since"] == YESTERDAY


def test_the_same_bytes_are_not_modified_whatever_the_server_says(
    fetcher: HttpFetcher, site: HostileSite
) -> None:
    site.answers(headers={"ETag": '"1"'})
    first = page(fetcher, site.url())
    site.answers(headers={"ETag": '"2"', "Cache-Control": "no-store"})
    assert fetcher.fetch(site.url(), first.validators) == NotModified(url=site.url(), status=200)


def test_other_bytes_are_a_page(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers_conditionally(etag='"1"')
    first = page(fetcher, site.url())
    site.answers_conditionally(PAGE + b"<p>One more", etag='"2"')
    assert page(fetcher, site.url(), first.validators).body.endswith(b"One more")


def test_not_modified_without_having_been_asked_is_an_error(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(b"", 304)
    for validators in (None, Validators(sha256="0" * 64)):
        error = failure(fetcher, site.url(), validators)
        assert (error.trouble, error.status) == ("failing", 304)


def test_a_date_to_come_is_never_sent_because_it_would_hide_every_change(
    fetcher: HttpFetcher, site: HostileSite
) -> None:
    site.answers(PAGE + b"changed")
    fetcher.fetch(site.url(), Validators(last_modified="Tue, 01 Jan 2041 00:00:00 GMT"))
    assert "if-modified-since" not in site.requests("/reviews")[0].headers


def test_no_date_is_sent_where_a_redirect_leads(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.redirects("/reviews", "/new")
    site.answers(path="/new")
    fetcher.fetch(site.url(), Validators(etag='"1"', last_modified=YESTERDAY))
    headers = site.requests("/new")[0].headers
    assert headers["if-none-match"] == '"1"'
    assert "if-modified-since" not in headers


def test_a_validator_that_could_not_be_sent_back_is_not_kept(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(headers={"ETag": '"caf\xe9"'})
    assert page(fetcher, site.url()).validators.etag is None


# --- answers that are no page -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "trouble", "again"),
    [
        (202, "failing", True),
        (206, "failing", True),
        (400, "failing", False),
        (401, "blocked", False),
        (403, "blocked", False),
        (404, "failing", False),
        (410, "failing", False),
        (429, "failing", True),
        (451, "blocked", False),
        (500, "failing", True),
        (502, "failing", True),
        (503, "failing", True),
        (521, "failing", True),
    ],
)
def test_each_status_has_its_meaning(
    fetcher: HttpFetcher, site: HostileSite, status: int, trouble: str, again: bool
) -> None:
    site.answers(b"<p>Sorry", status)
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again, error.status) == (trouble, again, status)
    assert str(status) in str(error)
    assert site.url() in str(error)


@pytest.mark.parametrize("status", [429, 503])
def test_the_sentence_says_when_the_site_wants_us_back(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock, status: int
) -> None:
    site.answers(b"", status, headers={"Retry-After": "120"})
    assert "asks to wait 120 seconds" in str(failure(fetcher, site.url()))
    clock.wait(120)
    site.answers(b"", status, headers={"Retry-After": "Sat, 21 Nov 2026 08:00:00 GMT"})
    assert "asks to wait until 21 November 2026 08:00 UTC" in str(failure(fetcher, site.url()))
    clock.wait(24 * 60 * 60)
    site.answers(b"", status, headers={"Retry-After": "soon"})
    assert "asks to wait" not in str(failure(fetcher, site.url()))


@pytest.mark.parametrize("status", [200, 202, 403, 429, 503])
def test_a_challenge_header_is_a_bot_wall_whatever_the_status(
    fetcher: HttpFetcher, site: HostileSite, status: int
) -> None:
    site.answers(PAGE, status, headers={"cf-mitigated": "challenge"})
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("blocked", False)
    assert "Cloudflare" in str(error)


@pytest.mark.parametrize(
    "wall",
    [
        b"<html><head><title>Just a moment...</title></head>",
        b'<iframe src="/_Incapsula_Resource?x=1">Request unsuccessful. Incapsula incident ID: 1-2</iframe>',
        b"<h1>Pardon Our Interruption</h1>",
        b"The requested URL was rejected. Please consult with your administrator. Your support ID is: 1",
    ],
)
def test_a_bot_wall_that_looks_like_a_page_is_blocked_and_never_a_page(
    fetcher: HttpFetcher, site: HostileSite, wall: bytes
) -> None:
    site.answers(wall)
    assert failure(fetcher, site.url()).trouble == "blocked"


def test_a_good_page_behind_such_a_firm_is_a_page(fetcher: HttpFetcher, site: HostileSite) -> None:
    scripts = b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    scripts += b'<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>'
    site.answers(PAGE + scripts, headers={"Server": "cloudflare", "CF-RAY": "1-LHR"})
    assert page(fetcher, site.url()).body.startswith(PAGE)


def test_a_long_page_about_walls_is_a_page(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(PAGE + b"<p>Pardon our interruption" + b"<p>Learning" * 4000)
    assert page(fetcher, site.url()).status == 200


def test_being_sent_to_a_log_in_is_blocked(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.redirects("/reviews", "/account/login?next=/reviews")
    site.answers(b"<form>Password", path="/account/login?next=/reviews")
    error = failure(fetcher, site.url())
    assert error.trouble == "blocked"
    assert "log in" in str(error)


@pytest.mark.parametrize("body", [b"", b" \r\n "])
def test_an_empty_page_is_unreadable_never_nothing_new(
    fetcher: HttpFetcher, site: HostileSite, body: bytes
) -> None:
    site.answers(body)
    assert failure(fetcher, site.url()).trouble == "unreadable"


# --- redirects ----------------------------------------------------------------------------------------


def test_a_page_that_moved_for_good_says_from_where(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.redirects("/reviews", "/new#part", 301)
    site.redirects("/new", "newer", 308)
    site.answers(path="/newer")
    got = page(fetcher, site.url())
    assert (got.url, got.redirected_from) == (site.url("/newer"), site.url())


def test_a_page_that_is_elsewhere_for_now_does_not(fetcher: HttpFetcher, site: HostileSite) -> None:
    for first, second in [(301, 307), (302, 308)]:
        site.redirects("/reviews", "/new", first)
        site.redirects("/new", "/newer", second)
        site.answers(path="/newer")
        got = page(fetcher, site.url())
        assert (got.url, got.redirected_from) == (site.url("/newer"), None)


def test_a_circle_of_redirects_is_named(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.redirects("/reviews", "/a")
    site.redirects("/a", "/reviews", cookie="seen=1")
    error = failure(fetcher, site.url())
    assert "circle" in str(error)
    assert f"{site.url()} -> {site.url('/a')} -> {site.url()}" in str(error)
    assert "cookie" in str(error)


def test_more_than_five_redirects_are_too_many(fetcher: HttpFetcher, site: HostileSite) -> None:
    for step in range(7):
        site.redirects(f"/{step}", f"/{step + 1}")
    site.answers(path="/7")
    assert page(fetcher, site.url("/2")).url == site.url("/7")
    assert "more than 5 times" in str(failure(fetcher, site.url("/1")))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_nowhere_is_an_error(fetcher: HttpFetcher, site: HostileSite, status: int) -> None:
    site.answers(b"moved", status)
    assert "does not say where" in str(failure(fetcher, site.url()))


def test_a_redirect_with_a_space_or_letters_of_another_language_is_followed(
    fetcher: HttpFetcher, site: HostileSite
) -> None:
    site.sends_raw(b"HTTP/1.1 302 Found\r\nLocation: /My Report \xc3\xa9.pdf\r\nContent-Length: 0\r\n\r\n")
    site.answers(path="/My%20Report%20%C3%A9.pdf")
    assert page(fetcher, site.url()).url == site.url("/My%20Report%20é.pdf")


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/",
        "file:///etc/passwd",
        "ftp://files.example.org/",
        "http://user:secret@example.org/",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_to_where_we_must_not_go_is_refused(
    fetcher: HttpFetcher, site: HostileSite, target: str
) -> None:
    site.redirects("/reviews", target)
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("blocked", False)
    assert "secret" not in str(error)


def test_robots_txt_holds_for_where_a_redirect_leads(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.says_robots("User-agent: *\nDisallow: /private/")
    site.redirects("/reviews", "/private/reviews")
    assert failure(fetcher, site.url()).trouble == "blocked"
    assert site.requests("/private/reviews") == []


# --- bodies that lie, swell or break off --------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 500\r\n\r\n" + PAGE,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<h1>\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<h1>",
    ],
)
def test_a_page_that_breaks_off_is_an_error(fetcher: HttpFetcher, site: HostileSite, raw: bytes) -> None:
    site.sends_raw(raw)
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("failing", True)
    assert "complete" in str(error)


def test_a_packed_page_that_breaks_off_is_an_error(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(gzip.compress(PAGE)[:-12], headers={"Content-Encoding": "gzip"})
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("failing", True)
    assert "breaks off" in str(error)


def test_a_page_that_is_not_packed_as_it_says_is_unreadable(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.answers(PAGE, headers={"Content-Encoding": "gzip"})
    assert failure(fetcher, site.url()).trouble == "unreadable"
    site.answers(zlib.compress(PAGE), headers={"Content-Encoding": "deflate"})
    assert "packed with deflate, which was not asked for" in str(failure(fetcher, site.url()))


def test_a_page_that_says_it_is_too_large_is_not_begun(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.falls_silent(HEAD + b"Content-Length: 25000001\r\n\r\n")
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("failing", False)
    assert "25 MB" in str(error)


def test_a_flood_is_cut(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    site.floods(HEAD + b"\r\n", b"x" * 10_000)
    fetcher = fetcher_for(site.host, limits=FetchLimits(size=1_000_000))
    assert "1 MB" in str(failure(fetcher, site.url()))


def test_a_gzip_bomb_is_cut_before_it_goes_off(fetcher: HttpFetcher, site: HostileSite) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(26)) + packer.flush()
    site.answers(bomb, headers={"Content-Encoding": "gzip"})
    assert "larger than 25 MB" in str(failure(fetcher, site.url()))


def test_a_bomb_in_one_piece_never_takes_up_its_full_size() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    tracemalloc.start()
    with pytest.raises(SourceError, match="larger than 1 MB"):
        read_body("https://wetherby.example/", [bomb], "gzip", 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_page_of_just_the_allowed_size_is_read(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    fetcher = fetcher_for(site.host, limits=FetchLimits(size=1000))
    site.answers(b"x" * 1000)
    assert len(page(fetcher, site.url()).body) == 1000
    site.answers(gzip.compress(b"x" * 1000), headers={"Content-Encoding": "gzip"})
    assert len(page(fetcher, site.url()).body) == 1000
    site.answers(gzip.compress(b"x" * 1001), headers={"Content-Encoding": "gzip"})
    assert "larger" in str(failure(fetcher, site.url()))


# --- servers that are slow, gone or strange -----------------------------------------------------------

HASTY = FetchLimits(read=0.15)


@pytest.mark.parametrize("start", [b"", HEAD, HEAD + b"Content-Length: 99\r\n\r\n<h1>"])
def test_a_site_that_falls_silent_is_given_up(
    fetcher_for: MakeFetcher, site: HostileSite, start: bytes
) -> None:
    site.falls_silent(start)
    error = failure(fetcher_for(site.host, limits=HASTY), site.url())
    assert (error.trouble, error.again) == ("failing", True)
    assert "silent for 0.15 s" in str(error)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (HEAD + b"\r\n", b"<p>drop"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD, b"X-Drop: 1\r\n"),
        (b"", b"H"),
    ],
)
def test_a_site_that_drips_is_given_up_in_time(
    fetcher_for: MakeFetcher, site: HostileSite, start: bytes, drop: bytes
) -> None:
    site.drips(start, drop)
    begun = time.monotonic()
    error = failure(fetcher_for(site.host, limits=FetchLimits(whole=0.3)), site.url())
    assert time.monotonic() - begun < 3
    assert (error.trouble, error.again) == ("failing", True)
    if start:  # what drips before any status line may be no HTTP sooner than it is too slow
        assert "not complete after 0.3 s" in str(error)


def test_all_redirects_share_one_allowance_of_time(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    for step in range(5):
        site.answers(b"", 302, f"/{step}", {"Location": f"/{step + 1}"}, after=0.1)
    site.answers(path="/5")
    fetcher = fetcher_for(site.host, limits=FetchLimits(whole=0.25))
    assert "not complete after 0.25 s" in str(failure(fetcher, site.url("/0")))


def test_a_site_that_hangs_up_is_failing(fetcher: HttpFetcher, site: HostileSite) -> None:
    site.hangs_up()
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("failing", True)
    site.sends_raw()
    assert "hung up" in str(failure(fetcher, site.url()))


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>no status line</html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n<h1>x</h1>",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_what_is_not_http_is_failing(fetcher: HttpFetcher, site: HostileSite, raw: bytes) -> None:
    site.sends_raw(raw)
    error = failure(fetcher, site.url())
    assert (error.trouble, error.again) == ("failing", True)


def test_a_refused_connection_has_its_sentence(fetcher_for: MakeFetcher) -> None:
    with closed_port() as port:
        error = failure(fetcher_for(f"127.0.0.1:{port}"), f"http://127.0.0.1:{port}/reviews")
    assert (error.trouble, error.again) == ("failing", True)
    assert "refused the connection" in str(error)


# --- one request at a time to a host ------------------------------------------------------------------


def test_requests_to_one_host_never_overlap(fetcher: HttpFetcher, site: HostileSite) -> None:
    for number in range(4):
        site.answers(path=f"/{number}", after=0.05)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fetcher.fetch, [site.url(f"/{number}") for number in range(4)]))
    visits = sorted(site.seen, key=lambda seen: seen.began)
    assert [seen.path for seen in visits].count("/robots.txt") == 1
    assert len(visits) == 5
    assert all(
        earlier.ended is not None and earlier.ended <= later.began for earlier, later in pairwise(visits)
    )


def test_different_hosts_are_visited_side_by_side(fetcher_for: MakeFetcher) -> None:
    meeting = threading.Barrier(2, timeout=5)  # passed only if both are inside at once
    with HostileSite("127.0.0.1") as here, HostileSite("127.0.0.2") as there:
        fetcher = fetcher_for(here.host, there.host)
        for site in (here, there):
            site.answers()
            answer = site.behaviour("/reviews")
            site.behave("/reviews", lambda handler, answer=answer: (meeting.wait(), answer(handler))[1])  # type: ignore[misc]
        with ThreadPoolExecutor(2) as pool:
            got = list(pool.map(fetcher.fetch, [here.url(), there.url()]))
    assert all(isinstance(one, Page) for one in got)


def test_waiting_for_a_turn_does_not_use_up_the_time_allowed(
    fetcher_for: MakeFetcher, site: HostileSite
) -> None:
    fetcher = fetcher_for(site.host, limits=FetchLimits(whole=0.4))
    for number in range(6):
        site.answers(path=f"/{number}", after=0.08)
    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(fetcher.fetch, [site.url(f"/{number}") for number in range(6)]))
    assert all(isinstance(one, Page) for one in got)


def test_a_crawl_delay_is_kept_up_to_a_bound(
    fetcher: HttpFetcher, site: HostileSite, clock: StoppedClock
) -> None:
    site.answers()
    site.says_robots("User-agent: learning-bot\nCrawl-delay: 7")
    fetcher.fetch(site.url())
    assert clock.waits == [7.0]
    with HostileSite() as slow:
        slow.answers()
        slow.says_robots("User-agent: *\nCrawl-delay: 86400")
        patient = replace(FetchLimits(), crawl_delay=30.0)
        with HttpFetcher(None, [slow.host], clock=clock, wait=clock.wait, limits=patient) as other:
            other.fetch(slow.url())
    assert clock.waits == [7.0, 30.0]
