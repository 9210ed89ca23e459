"""Connections, to checked addresses only, within a deadline, through the operator's proxy if there is one."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal

import httpcore

from bot.errors import SourceError
from bot.fetch.certificates import Certificates
from bot.fetch.guard import Guard
from bot.fetch.proxies import Proxies, Proxy, tunnel, unreached, unresolved

Scheme = Literal["http", "https"]


@dataclass(slots=True)
class _Errand:
    """What one thread is at: each fetches one page at a time."""

    ends: float | None = None
    scheme: Scheme = "https"
    connected: bool = False  # whether anything was sent to anybody


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and lets nothing take longer than the whole may take.

    Without `proxies` and `certificates` every connection is direct, and every certificate is checked.
    """

    def __init__(
        self,
        guard: Guard,
        inner: httpcore.NetworkBackend | None = None,
        *,
        proxies: Proxies | None = None,
        certificates: Certificates | None = None,
    ) -> None:
        self._guard = guard
        self._inner = inner or httpcore.SyncBackend()
        self._proxies = proxies or Proxies({})
        self.certificates = certificates
        self._here = threading.local()

    @contextmanager
    def errand(self, seconds: float, scheme: Scheme) -> Iterator[None]:
        """Within this block, connecting and reading in this thread end after `seconds` in all."""
        self._here.errand = _Errand(time.monotonic() + seconds, scheme)
        try:
            yield
        finally:
            self._here.errand = _Errand()

    def remaining(self) -> float | None:
        """Seconds left until this thread's deadline, 0 if it has passed, None if there is none."""
        end = self._errand().ends
        return None if end is None else max(0.0, end - time.monotonic())

    def connected(self) -> bool:
        """Whether this errand came as far as knocking at an address."""
        return self._errand().connected

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
        proxy = self._proxies.towards(self._errand().scheme, host, port)
        try:
            addresses = self._addresses(host, port, timeout)
        except (OSError, UnicodeError) as error:  # UnicodeError: a label of over 63 characters
            if proxy:
                raise unresolved(proxy, host, error) from error
            raise httpcore.ConnectError(str(error)) from error
        if proxy and all(ip_address(address).is_loopback for address in addresses):
            proxy = None  # its loopback is not ours
        failed: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                stream = self._connect(address, port, timeout, proxy)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, SourceError) as error:
                failed = error
                continue
            return _TimedStream(stream, self, host, port)
        raise failed

    def _addresses(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        """The checked addresses. The system's resolver knows no time-out, so another thread asks it."""
        asker = ThreadPoolExecutor(1)
        answer = asker.submit(self._guard.addresses, host, port)
        asker.shutdown(wait=False)
        seconds = self.shorten(timeout)
        try:
            return answer.result(seconds)
        except TimeoutError:
            raise socket.gaierror(socket.EAI_AGAIN, f"no answer within {seconds:.0f} s") from None

    def _connect(
        self, address: str, port: int, timeout: float | None, proxy: Proxy | None
    ) -> httpcore.NetworkStream:
        self._errand().connected = True
        if proxy is None:
            return self._inner.connect_tcp(address, port, self.shorten(timeout))
        try:
            stream = self._inner.connect_tcp(proxy.host, proxy.port, self.shorten(timeout))
            timed: httpcore.NetworkStream = _TimedStream(stream, self)
            if proxy.secure:
                timed = timed.start_tls(ssl.create_default_context(), proxy.host, timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise unreached(proxy, error) from error
        return tunnel(timed, proxy, address, port, timeout)

    def _errand(self) -> _Errand:
        errand: _Errand | None = getattr(self._here, "errand", None)
        if errand is None:
            errand = self._here.errand = _Errand()
        return errand


class _TimedStream(httpcore.NetworkStream):
    """A connection that keeps the deadline of the thread that uses it: httpx times single reads only.

    `host` and `port` are the site's, for which there may be an exception for its certificate.
    """

    def __init__(
        self, inner: httpcore.NetworkStream, network: GuardedNetwork, host: str = "", port: int = 0
    ) -> None:
        self._inner = inner
        self._network = network
        self._host = host
        self._port = port

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._network.shorten(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._network.shorten(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        certificates = self._network.certificates
        excepted = certificates.excepted(self._host, self._port) if certificates and self._host else None
        # Certificates have no dot at the end, and nor has the name that is asked for (RFC 6066 section 3).
        name = server_hostname.rstrip(".") if server_hostname else None
        secured = self._inner.start_tls(excepted or ssl_context, name, self._network.shorten(timeout))
        return _TimedStream(secured, self._network, self._host, self._port)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
