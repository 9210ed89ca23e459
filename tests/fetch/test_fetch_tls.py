"""Certificates: a good one is trusted, and each way to be a bad one has a sentence of its own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import SourceError
from bot.fetch.http import HttpFetcher
from bot.models import Page
from tests.fetch.certificates import (
    DAY,
    NOW,
    Authority,
    an_authority,
    certify,
    write_certificate,
    write_certificate_and_key,
)
from tests.fetch.conftest import MakeFetcher
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
        (HOST, (-2, -1), "has expired"),
        (HOST, (1, 2), "not valid yet"),
        ("harrowmere.example", (-1, 1), "made out to another host"),
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


def test_nobody_at_the_secure_port_is_a_refused_connection(trusting: HttpFetcher) -> None:
    with closed_port() as port, pytest.raises(SourceError, match="refused the connection") as caught:
        trusting.fetch(f"https://{HOST}:{port}/")
    assert caught.value.again
