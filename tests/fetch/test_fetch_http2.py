"""HTTP/2 where it is offered, with the same limits as HTTP/1.1."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.fetch.http import HttpFetcher
from bot.fetch.wire import FetchLimits
from bot.models import Asked, Page
from tests.fetch.certificates import (
    DAY,
    NOW,
    an_authority,
    certify,
    write_certificate,
    write_certificate_and_key,
)
from tests.fetch.conftest import MakeFetcher
from tests.fetch.hostile_site import PAGE
from tests.fetch.http2_site import HTML, Behaviour, Http2Site, Stream, good

HOST = "saltmarsh.example"
MakeSite = Callable[..., Http2Site]


@pytest.fixture
def terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Those of a site whose certificate the fetchers of these tests trust."""
    authority = an_authority("Invented Authority")
    written = write_certificate(tmp_path / "authorities.pem", authority.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(written))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certified = certify(HOST, NOW - DAY, NOW + DAY, authority)
    context.load_cert_chain(write_certificate_and_key(tmp_path / "site.pem", *certified))
    return context


def fetcher_of(fetcher_for: MakeFetcher, **options: object) -> HttpFetcher:
    return fetcher_for(HOST, resolve=lambda host, port: ["127.0.0.1"], **options)


def fetch(fetcher: HttpFetcher, site: Http2Site) -> Page:
    page = fetcher.fetch(f"https://{HOST}:{site.port}/reviews")
    assert isinstance(page, Page)
    return page


def refusal(fetcher: HttpFetcher, site: Http2Site) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(fetcher, site)
    assert "\n" not in str(caught.value)
    return caught.value


def test_http2_is_spoken_where_it_is_offered(fetcher_for: MakeFetcher, terms: ssl.SSLContext) -> None:
    asked: list[Asked] = []
    with Http2Site(terms, good) as site:
        page = fetch(fetcher_of(fetcher_for, asked=asked.append), site)
    assert page.body == PAGE
    assert page.content_type == "text/html"
    assert [(seen.protocol, seen.path) for seen in site.seen] == [("h2", "/robots.txt"), ("h2", "/reviews")]
    headers = site.seen[1].headers
    assert headers[":authority"] == f"{HOST}:{site.port}"
    assert headers["user-agent"].endswith("(+safeguarding@example.org)")
    assert headers["accept-encoding"] == "gzip, br, zstd"
    assert "connection" not in headers  # RFC 9113 section 8.2.2
    assert [(one.status, one.size) for one in asked] == [(404, 0), (200, len(PAGE))]


def test_http1_is_spoken_where_it_is_not(fetcher_for: MakeFetcher, terms: ssl.SSLContext) -> None:
    with Http2Site(terms, good, offers=()) as site:
        assert fetch(fetcher_of(fetcher_for), site).body == PAGE
    assert {seen.protocol for seen in site.seen} == {"http/1.1"}


def breaks_off(stream: Stream) -> None:
    stream.sends(HTML, PAGE, ends=False)


def says_too_much(stream: Stream) -> None:
    stream.sends([*HTML, ("content-length", "5000")], PAGE)
    stream.closing.wait(0.2)


def says_too_little(stream: Stream) -> None:
    stream.sends([*HTML, ("content-length", "5")], PAGE)
    stream.closing.wait(0.2)


def resets(stream: Stream) -> None:
    stream.sends(HTML, PAGE[:9], ends=False)
    stream.connection.reset_stream(stream.id, error_code=2)
    stream.flush()
    stream.closing.wait(0.2)


def goes_away(stream: Stream) -> None:
    stream.connection.close_connection(error_code=0, last_stream_id=0)
    stream.flush()
    stream.closing.wait(0.2)


def frames(raw: bytes) -> Behaviour:
    def behaviour(stream: Stream) -> None:
        stream.sends_raw(raw)
        stream.closing.wait(0.2)

    return behaviour


def bad_status(stream: Stream) -> None:
    stream.sends([(":status", "fine")], PAGE)
    stream.closing.wait(0.2)


def header_flood(stream: Stream) -> None:
    stream.sends([*HTML, *((f"x-{number}", "x" * 1000) for number in range(100))], PAGE)
    stream.closing.wait(0.2)


BROKEN = [
    breaks_off,
    says_too_much,
    says_too_little,
    resets,
    goes_away,
    bad_status,
    header_flood,
    frames(b"\x00\x00\x04\x01\x04\x00\x00\x00\x01\xff\xff\xff\xff"),  # headers that no table decodes
    frames(b"\xff\xff\xff\x00\x00\x00\x00\x00\x01"),  # a frame of 16 MB
    frames(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    frames(b"\x00\x00\x05\x00\x00\x00\x00\x00\x07hello"),  # of a stream that nobody opened
]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_in_http2_is_asked_for_again_in_http1(
    fetcher_for: MakeFetcher, terms: ssl.SSLContext, broken: Behaviour
) -> None:
    with Http2Site(terms, broken) as site:
        assert fetch(fetcher_of(fetcher_for), site).body == PAGE
    assert [seen.protocol for seen in site.seen] == ["h2", "h2", "http/1.1"]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_in_http2_is_never_a_page(
    fetcher_for: MakeFetcher, terms: ssl.SSLContext, broken: Behaviour
) -> None:
    fetcher = fetcher_of(fetcher_for)
    fetcher._wire._plain_transport.close()
    fetcher._wire._plain_transport = fetcher._wire._transport  # so that the second try meets the same
    with Http2Site(terms, broken) as site:
        error = refusal(fetcher, site)
    assert (error.trouble, error.again) == ("failing", True)
    assert [seen.path for seen in site.seen].count("/reviews") == 2


def test_a_drip_in_http2_is_given_up_in_time(fetcher_for: MakeFetcher, terms: ssl.SSLContext) -> None:
    def drips(stream: Stream) -> None:
        stream.sends(HTML, *([b"<p>drop"] * 500), pause=0.02)

    def pings(stream: Stream) -> None:
        for _ in range(500):
            stream.connection.ping(b"8 bytes.")
            stream.flush()
            stream.closing.wait(0.02)

    for behaviour in (drips, pings):
        begun = time.monotonic()
        with Http2Site(terms, behaviour) as site:
            error = refusal(fetcher_of(fetcher_for, limits=FetchLimits(whole=0.5)), site)
        assert "not complete after 0.5 s" in str(error)
        assert time.monotonic() - begun < 3


def test_silence_in_http2_is_given_up(fetcher_for: MakeFetcher, terms: ssl.SSLContext) -> None:
    def falls_silent(stream: Stream) -> None:
        stream.sends(HTML, PAGE, ends=False)
        stream.closing.wait(5)

    with Http2Site(terms, falls_silent) as site:
        error = refusal(fetcher_of(fetcher_for, limits=FetchLimits(read=0.2)), site)
    assert "silent for 0.2 s" in str(error)


def test_a_flood_in_http2_is_cut(fetcher_for: MakeFetcher, terms: ssl.SSLContext) -> None:
    def floods(stream: Stream) -> None:
        stream.sends(HTML, *([bytes(16_000)] * 1000))

    with Http2Site(terms, floods) as site:
        error = refusal(fetcher_of(fetcher_for, limits=FetchLimits(size=200_000)), site)
    assert "larger than 0.2 MB" in str(error)


def test_a_declared_size_in_http2_is_believed_if_it_is_too_large(
    fetcher_for: MakeFetcher, terms: ssl.SSLContext
) -> None:
    def boasts(stream: Stream) -> None:
        stream.sends([*HTML, ("content-length", "9" * 30)], PAGE, ends=False)
        stream.closing.wait(1)

    with Http2Site(terms, boasts) as site:
        assert "larger than 25 MB" in str(refusal(fetcher_of(fetcher_for), site))


def test_what_an_error_is_in_http2_is_known_though_its_page_breaks_off(
    fetcher_for: MakeFetcher, terms: ssl.SSLContext
) -> None:
    def gone(stream: Stream) -> None:
        stream.sends([(":status", "404"), ("content-length", "5000")], PAGE)
        stream.closing.wait(0.1)

    with Http2Site(terms, gone) as site:
        assert refusal(fetcher_of(fetcher_for), site).status == 404
    assert len(site.seen) == 2


def test_a_line_break_in_a_header_of_http2_goes_no_further(
    fetcher_for: MakeFetcher, terms: ssl.SSLContext
) -> None:
    def breaks_lines(stream: Stream) -> None:
        stream.sends([*HTML, ("etag", '"a"\r\nx: y')], PAGE)
        stream.closing.wait(0.1)

    def leads_astray(stream: Stream) -> None:
        stream.sends([(":status", "302"), ("location", "/x\r\nx: y")])
        stream.closing.wait(0.1)

    with Http2Site(terms, breaks_lines) as site:
        assert fetch(fetcher_of(fetcher_for), site).validators.etag is None
    with Http2Site(terms, leads_astray) as site:
        assert "control characters" in str(refusal(fetcher_of(fetcher_for), site))
