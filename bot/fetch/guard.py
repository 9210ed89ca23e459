"""Which addresses may be fetched at all, checked at the moment of connecting.

A page, or whoever edits `sources.yaml`, must not be able to make the bot read the network it runs in.
Checking the address in a URL is not enough: names resolve to private addresses, and resolve differently the
second time. So `GuardedNetwork` resolves a name once, checks every address it got, and connects to one of
those.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import httpcore

from bot.errors import SourceError

Resolve = Callable[[str, int], Sequence[str]]

GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4: all that is routed on the internet
PROTOCOLS = IPv4Network("192.0.0.0/24")  # RFC 6890; Python before 3.12.4 takes most of it for public
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
PORTS = {"http": 80, "https": 443}


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host name, by the system's own resolver. Raises socket.gaierror."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, IPv4 addresses hidden in IPv6 ones included."""
    try:
        ip = _unwrapped(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    if ip in PROTOCOLS:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that a mapped, 6to4 or NAT64 address leads to; any other as it is."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


class Guard:
    """What may be fetched: public addresses, and the private hosts that an administrator has named.

    `allow_private_hosts`: entries `host` (any port) or `host:port`, as written in a URL.
    """

    def __init__(self, allow_private_hosts: Collection[str] = (), resolve: Resolve = resolve) -> None:
        self._allowed = frozenset(entry.strip().lower() for entry in allow_private_hosts)
        self._resolve = resolve

    def allows_private(self, host: str, port: int) -> bool:
        """Whether this host is one that the administrator named."""
        name = host.lower().strip("[]").rstrip(".")
        spellings = {name, f"[{name}]", f"{name}:{port}", f"[{name}]:{port}"}
        return not self._allowed.isdisjoint(spellings)

    def check(self, url: str) -> None:
        """Refuse an address by its spelling alone: only plain http and https ones are fetched.

        Raises SourceError (blocked). The text never repeats a password.
        """
        if any(ord(character) < 0x20 or ord(character) == 0x7F for character in url):
            raise _refused("an address with control characters in it", "correct the address")
        if "\\" in url:
            raise _refused(f"{url}", "a backslash is read differently by different programs; use / instead")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise _refused("an address that is not a valid URL", "correct the address") from None
        if parts.username is not None or parts.password is not None:
            raise _refused(f"an address at {host}", "it carries a user name or password; take them out")
        if parts.scheme not in PORTS or not host:
            raise _refused(f"{url}", "only http:// and https:// addresses of a host can be fetched")
        if port == 0:
            raise _refused(f"{url}", "0 is not a port")

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host that may be connected to, every one of them checked.

        Raises SourceError (blocked) if even one is private, socket.gaierror if there are none.
        """
        found = self._resolve(host, port)
        if self.allows_private(host, port):
            return found
        hidden = next((address for address in found if not is_public(address)), None)
        if hidden is not None:
            raise _refused(
                f"{host}",
                f"its address {hidden} is not on the public internet; if it is meant, add {host} to "
                "allow_private_hosts in sources.yaml",
            )
        return found


def _refused(what: str, why: str) -> SourceError:
    return SourceError(
        f"Refused to fetch {what}: {why}; waiting does not help.", trouble="blocked", again=False
    )


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and lets nothing take longer than the whole may take."""

    def __init__(self, guard: Guard, inner: httpcore.NetworkBackend | None = None) -> None:
        self._guard = guard
        self._inner = inner or httpcore.SyncBackend()
        self._ends = threading.local()  # each thread fetches one page at a time, with a deadline of its own

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Within this block, connecting and reading in this thread end after `seconds` in all."""
        self._ends.at = time.monotonic() + seconds
        try:
            yield
        finally:
            self._ends.at = None

    def remaining(self) -> float | None:
        """Seconds left until this thread's deadline, 0 if it has passed, None if there is none."""
        end: float | None = getattr(self._ends, "at", None)
        return None if end is None else max(0.0, end - time.monotonic())

    def shorten(self, timeout: float | None) -> float | None:
        """The smaller of a time-out and what is left. Raises httpcore.ReadTimeout when nothing is left."""
        left = self.remaining()
        if left == 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return min((value for value in (timeout, left) if value is not None), default=None)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address that answers. Raises SourceError for a refused one."""
        try:
            addresses = self._guard.addresses(host, port)
        except (OSError, UnicodeError) as error:  # UnicodeError: a label of over 63 characters
            raise httpcore.ConnectError(str(error)) from error
        options = tuple(socket_options or ())
        failed: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(address, port, self.shorten(timeout), local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _TimedStream(stream, self)
        raise failed


class _TimedStream(httpcore.NetworkStream):
    """A connection that keeps the deadline of the thread that uses it: httpx times single reads only."""

    def __init__(self, inner: httpcore.NetworkStream, network: GuardedNetwork) -> None:
        self._inner = inner
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._network.shorten(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._network.shorten(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._network.shorten(timeout))
        return _TimedStream(secured, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
