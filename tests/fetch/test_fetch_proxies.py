"""Through the operator's proxy, to addresses that were checked before it was asked."""

from __future__ import annotations

import base64
import logging
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import ConfigError, SourceError
from bot.fetch.http import HttpFetcher
from bot.fetch.proxies import Proxies
from bot.fetch.wire import FetchLimits
from bot.models import Page
from tests.fetch.certificates import (
    DAY,
    NOW,
    an_authority,
    certify,
    write_certificate,
    write_certificate_and_key,
)
from tests.fetch.conftest import MakeFetcher
from tests.fetch.hostile_site import HostileSite, closed_port
from tests.fetch.small_proxy import SmallProxy

HOST = "saltmarsh.example"
PUBLIC = "93.184.216.34"


def names(**addresses: Sequence[str]):  # type: ignore[no-untyped-def]
    return lambda host, port: addresses[host.partition(".")[0]]


def fetch(fetcher: HttpFetcher, url: str = f"http://{HOST}/reviews") -> Page:
    page = fetcher.fetch(url)
    assert isinstance(page, Page)
    return page


def refusal(fetcher: HttpFetcher, url: str = f"http://{HOST}/reviews") -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetcher.fetch(url)
    return caught.value


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_asked_for_a_tunnel_to_a_checked_address(
    fetcher_for: MakeFetcher, site: HostileSite, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    site.answers()
    with SmallProxy(site.port) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}/")
        fetch(fetcher_for(resolve=names(saltmarsh=[PUBLIC])))
    assert [seen.headers["host"] for seen in site.seen] == [HOST, HOST]
    assert proxy.asked[0] == f"CONNECT {PUBLIC}:80 HTTP/1.1\r\nHost: {PUBLIC}:80\r\n\r\n".encode()


def test_https_goes_through_the_tunnel_to_the_site_itself(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = an_authority("Invented Authority")
    trusted = write_certificate(tmp_path / "authorities.pem", authority.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certified = certify(HOST, NOW - DAY, NOW + DAY, authority)
    context.load_cert_chain(write_certificate_and_key(tmp_path / "site.pem", *certified))
    asked_for: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    with HostileSite(tls=context) as site, SmallProxy(site.port) as proxy:
        site.answers()
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
        fetcher = fetcher_for(resolve=names(saltmarsh=["2606:4700::1111"], harrowmere=[PUBLIC]))
        fetch(fetcher, f"https://{HOST}/reviews")
        assert proxy.asked[0].startswith(b"CONNECT [2606:4700::1111]:443 HTTP/1.1\r\n")
        assert asked_for[0] == HOST
        told = refusal(fetcher, "https://harrowmere.example/")
        assert "made out to another host" in str(told), "the certificate is the site's, and is checked"


def test_the_proxy_itself_can_be_spoken_to_in_tls(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = an_authority("Invented Authority")
    trusted = write_certificate(tmp_path / "authorities.pem", authority.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))

    def terms(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certified = certify(name, NOW - DAY, NOW + DAY, authority)
        context.load_cert_chain(write_certificate_and_key(tmp_path / f"{name}.pem", *certified))
        return context

    with HostileSite(tls=terms(HOST)) as site, SmallProxy(site.port, terms=terms("localhost")) as proxy:
        site.answers()
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.port}")
        fetch(fetcher_for(resolve=names(saltmarsh=[PUBLIC])), f"https://{HOST}/reviews")
    assert proxy.asked[0].startswith(b"CONNECT ")
    with SmallProxy(site.port, terms=terms("harrowmere.example")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.port}")
        told = refusal(fetcher_for(resolve=names(saltmarsh=[PUBLIC])), f"https://{HOST}/reviews")
    assert f"through the proxy localhost:{proxy.port}" in str(told)
    assert "Hostname mismatch" in str(told)
    assert proxy.asked == []


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "168.63.129.16"])
def test_a_proxy_is_never_asked_for_a_private_address(
    fetcher_for: MakeFetcher, site: HostileSite, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    with SmallProxy(site.port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        for url, found in [(f"http://{HOST}/", address), ("http://127.0.0.1/", "127.0.0.1")]:
            told = refusal(fetcher_for(resolve=lambda *_, found=found: [PUBLIC, found]), url)
            assert told.trouble == "blocked"
    assert proxy.asked == []


def test_where_a_redirect_leads_is_checked_too(
    fetcher_for: MakeFetcher, site: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.redirects("/reviews", "http://intranet.example/")
    with SmallProxy(site.port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        told = refusal(fetcher_for(resolve=names(saltmarsh=[PUBLIC], intranet=["10.0.0.1"])))
    assert told.trouble == "blocked"
    assert len(proxy.asked) == 2, "robots.txt and the page that redirects"


def test_no_proxy_names_the_hosts_that_are_asked_directly(
    fetcher_for: MakeFetcher, site: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers()
    with SmallProxy(site.port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        fetch(fetcher_for(site.host), site.url())
    assert proxy.asked == [], "this machine's own addresses are not the proxy's"
    towards = Proxies({"http": "http://10.0.0.9:3128", "no": "saltmarsh.example,.harrowmere.example"}).towards
    assert towards("http", HOST, 80) is None
    assert towards("http", "www.harrowmere.example", 80) is None
    assert str(towards("http", "wetherby.example", 80)) == "10.0.0.9:3128"
    assert towards("https", "wetherby.example", 443) is None
    assert Proxies({"https": "http://a.example", "no": "*"}).towards("https", HOST, 443) is None


def test_what_the_proxy_wants_to_know_of_us_is_told_to_nobody_else(
    fetcher_for: MakeFetcher,
    site: HostileSite,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    site.answers()
    with SmallProxy(site.port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://rowan:se%40cret@127.0.0.1:{proxy.port}")
        fetch(fetcher_for(resolve=names(saltmarsh=[PUBLIC])))
    expected = base64.b64encode(b"rowan:se@cret")
    assert b"Proxy-Authorization: Basic " + expected in proxy.asked[0]
    assert all("proxy-authorization" not in seen.headers for seen in site.seen)
    with SmallProxy(site.port, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://rowan:se%40cret@127.0.0.1:{proxy.port}")
        told = refusal(fetcher_for(resolve=names(saltmarsh=[PUBLIC])))
    assert "(407)" in str(told)
    everything = (
        caplog.text + str(told) + repr(Proxies({"http": "http://rowan:se%40cret@a.example"})._by_scheme)
    )
    for secret in ("se@cret", "se%40cret", expected.decode()):
        assert secret not in everything


@pytest.mark.parametrize(
    ("says", "again", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", False, "addresses and never host names"),
        (b"HTTP/1.1 405 Method Not Allowed\r\n\r\n", False, "let it allow CONNECT to port 80"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", True, f"no tunnel to {PUBLIC}:80 (502)"),
        (b"SSH-2.0\r\n\r\n", False, "no proper HTTP"),
        (b"", False, "no proper HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20_000, False, "no proper HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<h1>Planted", False, "no proper HTTP"),
    ],
)
def test_each_way_in_which_a_proxy_makes_no_tunnel_has_its_sentence(
    fetcher_for: MakeFetcher,
    site: HostileSite,
    monkeypatch: pytest.MonkeyPatch,
    says: bytes,
    again: bool,
    words: str,
) -> None:
    with SmallProxy(site.port, says) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        told = refusal(fetcher_for(resolve=names(saltmarsh=[PUBLIC])))
    assert f"through the proxy 127.0.0.1:{proxy.port}" in str(told)
    assert words in str(told)
    assert (told.trouble, told.again) == ("failing", again)
    assert site.seen == []


def test_a_proxy_that_is_down_or_slow_is_told(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closed_port() as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        told = refusal(fetcher_for(resolve=names(saltmarsh=[PUBLIC])))
    assert f"through the proxy 127.0.0.1:{port}" in str(told)
    assert told.again
    with HostileSite() as mute:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{mute.port}")
        mute.drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")
        told = refusal(
            fetcher_for(resolve=names(saltmarsh=[PUBLIC]), limits=FetchLimits(whole=0.3, connect=0.3))
        )
    assert told.trouble == "failing"


def test_a_name_that_only_the_proxy_could_look_up_is_told(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    told = refusal(fetcher_for(resolve=nobody))
    assert f"Could not look up {HOST} on this machine" in str(told)
    assert told.trouble == "failing"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "http://", "http://[", "http://a.example:x"])
def test_a_proxy_that_cannot_be_used_is_a_mistake_in_the_configuration(
    fetcher_for: MakeFetcher, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ConfigError, match=r"the environment: ALL_PROXY: .*write http://host:port"):
        fetcher_for()


def test_a_proxy_for_all_that_nobody_needs_may_be_of_any_kind() -> None:
    named = {"http": "http://a.example:1", "https": "http://b.example:2", "all": "socks5://c.example"}
    assert str(Proxies(named).towards("http", HOST, 80)) == "a.example:1"
    assert str(Proxies(named).towards("https", HOST, 443)) == "b.example:2"
