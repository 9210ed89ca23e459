"""No address of a private network is ever connected to, however it is written, named or reached."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.fetch.guard import Guard, is_public
from bot.fetch.http import HttpFetcher
from bot.fetch.network import GuardedNetwork
from bot.fetch.wire import FetchLimits
from bot.models import Page
from tests.fetch.conftest import MakeFetcher, StoppedClock
from tests.fetch.hostile_site import HostileSite

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.88.99.300",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100.100.100.200",
    "168.63.129.16",
    "::ffff:168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "3fff::1",
    "::ffff:0:127.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_on_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@settings(max_examples=60, deadline=None)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_no_more_public_inside_an_ipv6_one(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80]
    assert {is_public(str(IPv6Address(one))) for one in wrapped} == {is_public(str(address))}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://127.1/",
        "http://10.0.0.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "https://192.168.1.1/",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "gopher://example.org/",
        "//example.org/",
        "/etc/passwd",
        "example.org",
        "",
        "http://",
        "http:///x",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://example.org:22/",
        "http://example.org:25/",
        "https://example.org:853/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/\r\nX-Header: 1",
        "http://exam\tple.org/",
        "http://[::1/",
    ],
)
def test_such_addresses_are_refused(fetcher_for: MakeFetcher, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        fetcher_for().fetch(url)
    assert (caught.value.trouble, caught.value.again) == ("blocked", False)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://LOCALHOST./", "http://0177.0.0.1/", "http://127。。0.0.1/"])
def test_odd_spellings_are_not_fetched_either(fetcher_for: MakeFetcher, url: str) -> None:
    with pytest.raises(SourceError):
        fetcher_for().fetch(url)


def nobody(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


LOST = HttpFetcher(None, clock=StoppedClock(), wait=StoppedClock().wait, resolve=nobody)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30))
def test_no_text_for_an_address_does_worse_than_a_source_error(text: str) -> None:
    for url in (text, f"http://{text}", f"https://wetherby.example/{text}"):
        with pytest.raises(SourceError):
            LOST.fetch(url)


class Names:
    """A name service that says what a test wants, and remembers how often it was asked."""

    def __init__(self, **names: Sequence[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.names[host]


class Wire(httpcore.NetworkBackend):
    """Takes down what it is told to connect to, and goes nowhere."""

    def __init__(self) -> None:
        self.connected: list[str] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append(host)
        raise httpcore.ConnectError("down")


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    wire = Wire()
    names = Names(rebinding_example=["93.184.216.34", "10.0.0.1"])
    with pytest.raises(SourceError, match=r"10\.0\.0\.1 is not on the public internet.*allow_private_hosts"):
        GuardedNetwork(Guard((), names), wire).connect_tcp("rebinding.example", 80)
    assert wire.connected == []


def test_the_connection_goes_to_the_addresses_that_were_checked() -> None:
    wire = Wire()
    names = Names(saltmarsh_example=["2606:4700::1111", "93.184.216.34"])
    with pytest.raises(httpcore.ConnectError):
        GuardedNetwork(Guard((), names), wire).connect_tcp("saltmarsh.example", 443)
    assert wire.connected == ["2606:4700::1111", "93.184.216.34"]
    assert names.asked == ["saltmarsh.example"]


@pytest.mark.parametrize(
    ("allowed", "port", "let_in"),
    [
        ("intranet.example", 80, True),
        ("intranet.example:8080", 8080, True),
        ("Intranet.Example", 443, True),
        ("intranet.example:8080", 80, False),
        ("other.example", 80, False),
        ("example", 80, False),
    ],
)
def test_a_private_host_is_let_in_by_its_own_name_and_port(allowed: str, port: int, let_in: bool) -> None:
    wire = Wire()
    network = GuardedNetwork(Guard([allowed], Names(intranet_example=["10.0.0.1"])), wire)
    with pytest.raises(httpcore.ConnectError if let_in else SourceError):
        network.connect_tcp("intranet.example", port)
    assert wire.connected == (["10.0.0.1"] if let_in else [])


def test_a_port_of_other_services_is_for_hosts_that_are_named_with_it() -> None:
    url = "http://intranet.example:81/"
    Guard(["intranet.example:81"]).check(url)
    with pytest.raises(SourceError, match="port 81 is not one for web pages"):
        Guard(["intranet.example:82"]).check(url)
    Guard().check("http://intranet.example:8080/")


@pytest.mark.parametrize("allowed", ["[::1]", "::1", "[::1]:8080"])
def test_an_ipv6_address_can_be_allowed(allowed: str) -> None:
    assert Guard([allowed]).allows_private("::1", 8080)


def test_an_allowed_site_cannot_send_us_to_a_private_one(fetcher_for: MakeFetcher, site: HostileSite) -> None:
    with HostileSite() as secret:
        site.redirects("/reviews", secret.url("/admin"))
        with pytest.raises(SourceError) as caught:
            fetcher_for(site.host).fetch(site.url())
        assert caught.value.trouble == "blocked"
        assert secret.seen == []


def test_an_address_that_does_not_answer_is_followed_by_the_next(
    fetcher_for: MakeFetcher, site: HostileSite
) -> None:
    site.answers()
    names = Names(wetherby_example=["127.0.0.3", "127.0.0.1"])
    fetcher = fetcher_for("wetherby.example", resolve=names)
    assert isinstance(fetcher.fetch(site.url(host="wetherby.example")), Page)


def test_httpx_still_connects_through_the_guard(fetcher_for: MakeFetcher) -> None:
    """Pins the private attribute by which the guard is put into httpx: see `guarded_transport`."""
    fetcher = fetcher_for()
    for transport in (fetcher._wire._transport, fetcher._wire._plain_transport):
        pool = transport._pool
        assert type(pool) is httpcore.ConnectionPool
        assert pool._network_backend is fetcher._network
    assert "_network_backend" in vars(httpcore.ConnectionPool()), "httpcore calls its network otherwise now"


def names_that_fail(code: int) -> object:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(code, "as the system says it")

    return resolve


def test_a_name_that_nobody_knows_has_its_sentence(fetcher_for: MakeFetcher) -> None:
    fetcher = fetcher_for(resolve=names_that_fail(socket.EAI_NONAME))
    with pytest.raises(SourceError, match=r"no host of the name lowen\.example; check the address") as caught:
        fetcher.fetch("https://lowen.example/reviews")
    assert (caught.value.trouble, caught.value.again) == ("failing", False)


def test_a_name_service_that_does_not_answer_has_another(fetcher_for: MakeFetcher) -> None:
    fetcher = fetcher_for(resolve=names_that_fail(socket.EAI_AGAIN))
    with pytest.raises(SourceError, match="could not be looked up") as caught:
        fetcher.fetch("https://lowen.example/reviews")
    assert (caught.value.trouble, caught.value.again) == ("failing", True)


def test_a_host_name_longer_than_names_can_be_is_failing(fetcher_for: MakeFetcher) -> None:
    with pytest.raises(SourceError) as caught:
        fetcher_for(limits=FetchLimits()).fetch(f"https://{'a' * 70}.example/")
    assert caught.value.trouble == "failing"


def test_a_public_host_is_given_a_second_of_rest(fetcher_for: MakeFetcher, clock: StoppedClock) -> None:
    fetcher = fetcher_for(resolve=nobody)
    for _ in range(2):
        with pytest.raises(SourceError):
            fetcher.fetch("https://lowen.example/reviews")
    assert clock.waits == [1.0]
