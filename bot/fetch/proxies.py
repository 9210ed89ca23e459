"""The operator's own proxy, from HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in capitals or not.

A proxy that is told a host name looks it up itself, and nobody could check where it leads. So the proxy is
only ever asked for a tunnel (CONNECT) to an address that was resolved and checked here, for http as for
https: asked for a page the ordinary way it must put that address into the Host header (RFC 9112 section
3.2.2), and the site would not know which host is meant. The proxy itself may be on a private network.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit
from urllib.request import (  # type: ignore[attr-defined]  # typeshed leaves the second out
    getproxies_environment,
    proxy_bypass_environment,
)

import httpcore

from bot.errors import ConfigError, Problem, SourceError
from bot.fetch.failures import NEXT_POLL, NO_USE

MOST_ANSWER = 16_000  # bytes of what a proxy says to CONNECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where it is. `authorization` is a secret, and part of no text."""

    host: str
    port: int
    secure: bool = False
    authorization: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Proxies:
    """Which proxy leads to which host. `environment` as urllib reads it: `http`, `https`, `all`, `no`.

    Raises ConfigError for a proxy that cannot be used.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._named = dict(environment)
        variables = {scheme: scheme if self._named.get(scheme) else "all" for scheme in ("http", "https")}
        self._by_scheme = {
            scheme: _proxy(variable, self._named[variable])
            for scheme, variable in variables.items()
            if self._named.get(variable)
        }

    @classmethod
    def of_environment(cls) -> Self:
        return cls(getproxies_environment())

    def towards(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy for this host, None if it is to be asked directly."""
        proxy = self._by_scheme.get(scheme)
        if proxy is None or proxy_bypass_environment(f"{host}:{port}", self._named):
            return None
        return proxy


def _proxy(variable: str, text: str) -> Proxy:
    variable = f"{variable.upper()}_PROXY"
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _wrong(variable, "it is no address of a proxy; write http://host:port") from None
    if parts.scheme not in ("http", "https") or not host:
        raise _wrong(variable, f"{parts.scheme}:// proxies cannot be used; write http://host:port")
    authorization = None
    if parts.username is not None:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(secret.encode()).decode()
    secure = parts.scheme == "https"
    return Proxy(host=host, port=port or (443 if secure else 80), secure=secure, authorization=authorization)


def _wrong(variable: str, text: str) -> ConfigError:
    return ConfigError([Problem(file="the environment", line=None, field=variable, text=text)])


def tunnel(
    stream: httpcore.NetworkStream, proxy: Proxy, address: str, port: int, timeout: float | None
) -> httpcore.NetworkStream:
    """`stream`, a connection to the proxy, as a connection to the address. Raises SourceError (failing)."""
    target = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    try:
        stream.write("\r\n".join([*lines, "", ""]).encode(), timeout)
        said = _head(stream, timeout)
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        stream.close()
        raise unreached(proxy, error) from error
    # The site speaks only when spoken to: what comes behind the proxy's own answer was planted there.
    status = _status(said) if said.endswith(b"\r\n\r\n") else None
    if status is None or not 200 <= status < 300:
        stream.close()
        raise _refused(proxy, target, port, status)
    return stream


def _head(stream: httpcore.NetworkStream, timeout: float | None) -> bytes:
    said = b""
    while b"\r\n\r\n" not in said and len(said) < MOST_ANSWER:
        more = stream.read(4096, timeout)
        if not more:
            break
        said += more
    return said


def _status(said: bytes) -> int | None:
    words = said.split(b"\r\n")[0].split(maxsplit=2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        return None
    return int(words[1][:4])


def unreached(proxy: Proxy, error: Exception) -> SourceError:
    """The error for a proxy that does not answer."""
    return _lost(proxy, str(error) or "it fell silent", again=True)


def unresolved(proxy: Proxy, host: str, error: Exception) -> SourceError:
    """The error for a host name that only the proxy could look up."""
    return SourceError(
        f"Could not look up {host} on this machine ({error}), which must be done before the proxy {proxy} is "
        "told where to go; check the address, or let this machine look up names.",
        trouble="failing",
        again=True,
    )


def _refused(proxy: Proxy, target: str, port: int, status: int | None) -> SourceError:
    if status is None:
        return _lost(proxy, "it answered in no proper HTTP", again=False)
    if status == 407:
        why = "it wants a user name and password (407); put them into HTTPS_PROXY, http://name:password@host:port"
        return _lost(proxy, why, again=False)
    why = f"it made no tunnel to {target} ({status})"
    if status < 500:
        wanted = "to addresses" if port == 443 else f"to port {port}, or watch the https:// address"
        why += (
            "; it is told addresses and never host names, so that they can be checked: let it allow CONNECT "
            f"{wanted}, or name the site in NO_PROXY"
        )
    return _lost(proxy, why, again=status >= 500)


def _lost(proxy: Proxy, why: str, *, again: bool) -> SourceError:
    return SourceError(
        f"Could not get through the proxy {proxy}: {why}; {NEXT_POLL if again else NO_USE}.",
        trouble="failing",
        again=again,
    )
