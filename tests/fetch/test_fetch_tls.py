"""Certificates: a good one is trusted, and each way to be a bad one has a sentence of its own."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import SourceError
from bot.fetch.certificates import spoken
from bot.fetch.failures import unconnected
from bot.fetch.http import HttpFetcher
from bot.models import Page, TlsException
from tests.fetch.certificates import (
    DAY,
    NOW,
    Authority,
    an_authority,
    certify,
    write_certificate,
    write_certificate_and_key,
)
from tests.fetch.conftest import MakeFetcher, StoppedClock
from tests.fetch.hostile_site import PAGE, HostileSite, closed_port

HOST = "saltmarsh.example"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return an_authority("Invented Authority")


@contextmanager
def serving(
    folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> Iterator[HostileSite]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write_certificate_and_key(folder / "site.pem", key, certificate))
    with HostileSite(tls=context) as site:
        site.answers()
        yield site


@pytest.fixture
def trusting(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetcher_for: MakeFetcher
) -> HttpFetcher:
    """A fetcher that trusts the invented authority, told so the way an operator tells it."""
    authorities = write_certificate(tmp_path / "authorities.pem", authority.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    return fetcher_for(HOST, resolve=lambda host, port: ["127.0.0.1"])


def sentence(fetcher: HttpFetcher, url: str) -> str:
    with pytest.raises(SourceError) as caught:
        fetcher.fetch(url)
    assert (caught.value.trouble, caught.value.again) == ("failing", False)
    return str(caught.value)


def test_a_good_certificate_is_trusted(trusting: HttpFetcher, authority: Authority, tmp_path: Path) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY, authority)) as site:
        page = trusting.fetch(site.url(host=HOST))
    assert isinstance(page, Page)
    assert page.body == PAGE


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [
        (HOST, (-2, -1), f"expired on {spoken((NOW - DAY).date())}; whoever runs the site"),
        (HOST, (1, 2), "not valid yet"),
        ("harrowmere.example", (-1, 1), "made out to another host (harrowmere.example)"),
    ],
)
def test_a_certificate_that_is_wrong_is_told_apart(
    trusting: HttpFetcher, authority: Authority, tmp_path: Path, name: str, days: tuple[int, int], says: str
) -> None:
    certified = certify(name, NOW + days[0] * DAY, NOW + days[1] * DAY, authority)
    with serving(tmp_path, *certified) as site:
        text = sentence(trusting, site.url(host=HOST))
        assert says in text
        assert HOST in text
        assert site.seen == []


def test_a_certificate_of_nobody_we_know_is_refused(
    fetcher_for: MakeFetcher, authority: Authority, tmp_path: Path
) -> None:
    fetcher = fetcher_for(HOST, resolve=lambda host, port: ["127.0.0.1"])
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY, authority)) as site:
        assert "signed by nobody this machine trusts" in sentence(fetcher, site.url(host=HOST))
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY)) as site:
        assert "self-signed" in sentence(fetcher, site.url(host=HOST))


def test_a_site_that_speaks_no_tls_is_told(trusting: HttpFetcher, site: HostileSite) -> None:
    url = site.url(host=HOST).replace("http:", "https:")
    assert f"no secure connection to {HOST} could be agreed" in sentence(trusting, url)


def test_a_redirect_from_https_to_http_is_refused(
    trusting: HttpFetcher, authority: Authority, tmp_path: Path, site: HostileSite
) -> None:
    site.answers()
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY, authority)) as secure:
        secure.redirects("/reviews", site.url(host=HOST), 301)
        with pytest.raises(SourceError, match="redirects from https to http://") as caught:
            trusting.fetch(secure.url(host=HOST))
    assert caught.value.trouble == "blocked"
    assert site.seen == []


def test_a_redirect_from_http_to_https_is_followed(
    trusting: HttpFetcher, authority: Authority, tmp_path: Path, site: HostileSite
) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY, authority)) as secure:
        site.redirects("/reviews", secure.url(host=HOST), 301)
        page = trusting.fetch(site.url(host=HOST))
    assert isinstance(page, Page)
    assert page.redirected_from == site.url(host=HOST)


def test_a_move_to_https_and_on_is_one_move_for_good(
    trusting: HttpFetcher, authority: Authority, tmp_path: Path, site: HostileSite
) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY, authority)) as secure:
        site.redirects("/reviews", secure.url("/learning", host=HOST), 308)
        secure.redirects("/learning", "/learning/reviews", 301)
        secure.answers(path="/learning/reviews")
        page = trusting.fetch(site.url(host=HOST))
        assert isinstance(page, Page)
        assert (page.redirected_from, page.url) == (
            site.url(host=HOST),
            secure.url("/learning/reviews", HOST),
        )
        secure.redirects("/learning", "/learning/reviews", 302)
        page = trusting.fetch(site.url(host=HOST))
        assert isinstance(page, Page)
        assert page.redirected_from is None


def test_a_name_with_a_dot_at_its_end_is_the_same_host(
    trusting: HttpFetcher, authority: Authority, tmp_path: Path
) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY, authority)) as site:
        assert isinstance(trusting.fetch(site.url(host=f"{HOST}.")), Page)


def test_nobody_at_the_secure_port_is_a_refused_connection(trusting: HttpFetcher) -> None:
    with closed_port() as port, pytest.raises(SourceError, match="refused the connection") as caught:
        trusting.fetch(f"https://{HOST}:{port}/")
    assert caught.value.again


# --- exceptions ---------------------------------------------------------------------------------------

TODAY = StoppedClock().now().date()


def excepting(fetcher_for: MakeFetcher, until: date, host: str = HOST) -> HttpFetcher:
    exception = TlsException(until=until, why="their authority is not known; the webmaster knows")
    return fetcher_for(HOST, resolve=lambda *_: ["127.0.0.1"], tls_exceptions={host: exception})


@pytest.mark.parametrize("name", [HOST, "harrowmere.example"])
def test_an_exception_takes_a_wrong_certificate_and_says_so_each_time(
    fetcher_for: MakeFetcher, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with serving(tmp_path, *certify(name, NOW - 3 * DAY, NOW - DAY)) as site:
        page = excepting(fetcher_for, TODAY).fetch(site.url(host=HOST))
    assert isinstance(page, Page)
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert (
        said
        == [
            f"the certificate of {HOST} is not checked until 20 November 2026: "
            "their authority is not known; the webmaster knows"
        ]
        * 2
    ), "once for robots.txt, once for the page"


def test_an_exception_can_be_for_one_port(fetcher_for: MakeFetcher, tmp_path: Path) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY)) as site:
        url = site.url(host=HOST)
        assert isinstance(excepting(fetcher_for, TODAY, f"{HOST}:{site.port}").fetch(url), Page)
        sentence(excepting(fetcher_for, TODAY, f"{HOST}:1"), url)


def test_an_exception_is_for_one_host(fetcher_for: MakeFetcher, tmp_path: Path) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY)) as site:
        text = sentence(excepting(fetcher_for, TODAY, "harrowmere.example"), site.url(host=HOST))
    assert "exception for" not in text
    assert "tls_exception: with until and why" in text


def test_an_exception_ends_with_its_last_day(
    fetcher_for: MakeFetcher, tmp_path: Path, clock: StoppedClock
) -> None:
    with serving(tmp_path, *certify(HOST, NOW - DAY, NOW + DAY)) as site:
        fetcher = excepting(fetcher_for, TODAY)
        clock.moment = clock.moment.replace(hour=23, minute=59)
        assert isinstance(fetcher.fetch(site.url(host=HOST)), Page)
        clock.moment += timedelta(minutes=1)
        seen = len(site.seen)
        text = sentence(fetcher, site.url(host=HOST))
    assert f"the exception for {HOST} ended on 20 November 2026" in text
    assert len(site.seen) == seen


# --- servers of another time --------------------------------------------------------------------------


def test_a_server_that_speaks_old_tls_alone_is_told(
    trusting: HttpFetcher, authority: Authority, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certified = certify(HOST, NOW - DAY, NOW + DAY, authority)
    context.load_cert_chain(write_certificate_and_key(tmp_path / "site.pem", *certified))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with HostileSite(tls=context) as site:
        assert "no TLS later than 1.1" in sentence(trusting, site.url(host=HOST))


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "legacy renegotiation"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "no cipher in common"),
        ("SOMETHING_NEW", "SOMETHING_NEW"),
    ],
)
def test_what_tls_libraries_say_is_said_in_words(reason: str, says: str) -> None:
    error = ssl.SSLError(1, "as OpenSSL says it")
    error.reason = reason
    told = unconnected("https://saltmarsh.example/", HOST, error)
    assert says in str(told)
    assert not told.again
