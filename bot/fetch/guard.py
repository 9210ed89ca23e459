"""Which addresses may be fetched at all, checked at the moment of connecting.

A page, or whoever edits `sources.yaml`, must not be able to make the bot read the network it runs in.
Checking the address in a URL is not enough: names resolve to private addresses, and resolve differently the
second time. So `bot.fetch.network` has a name resolved once and every address checked here, and connects to
one of those.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from bot.errors import SourceError

Resolve = Callable[[str, int], Sequence[str]]

GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4: all that is routed on the internet
PROTOCOLS = IPv4Network("192.0.0.0/24")  # RFC 6890; Python before 3.12.4 takes most of it for public
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
EXAMPLES = IPv6Network("3fff::/20")  # RFC 9637: documentation, which Python takes for public before 3.13
AZURE = IPv4Address("168.63.129.16")  # looks public, and answers every machine in that cloud with its secrets
PORTS = {"http": 80, "https": 443}
SYSTEM_PORTS = 1024  # RFC 6335: below are mail, shells and the like, to which a page could make us talk


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
    if isinstance(ip, IPv6Address) and (ip not in GLOBAL_UNICAST or ip in EXAMPLES):
        return False
    if ip in PROTOCOLS or ip == AZURE:
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
        if port is None or port in PORTS.values() or self.allows_private(host, port):
            return
        if port < SYSTEM_PORTS:
            raise _refused(f"{url}", f"port {port} is not one for web pages; correct the address")

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
