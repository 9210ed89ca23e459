"""One request and its answer on the wire, in HTTP/2 where the site offers it, else in HTTP/1.1.

This is the only module that imports httpx, which is no longer maintained and may have to be replaced.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpcore
import httpx
from h2.exceptions import H2Error

from bot import __version__
from bot.errors import SourceError
from bot.fetch.answers import PAGES, REDIRECTS, WALL_LARGEST, Answer, stay_away
from bot.fetch.body import read_body, too_large
from bot.fetch.certificates import READABLE, Certificates, Shown, look
from bot.fetch.failures import Hiccup, distrusted, failing, root_of, unconnected
from bot.fetch.network import GuardedNetwork
from bot.fetch.packed import ENCODINGS
from bot.fetch.robots import PRODUCT
from bot.models import Asked
from bot.ports import Clock

HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/xml;q=0.9,application/pdf;q=0.9,"
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document;q=0.9,text/plain;q=0.8,*/*;q=0.5",
    "Accept-Encoding": ENCODINGS,
    "Accept-Language": "en-GB,en;q=0.9,cy;q=0.5",
    "Connection": "close",
}

log = logging.getLogger("bot.fetch.http")  # at INFO, one line a request


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How long, how much, how far. Times in seconds, `size` in bytes.

    `whole` bounds all requests of one fetch together, without the waits for other fetches. `gap` is the
    pause between two requests to a host; private hosts that are allowed have none. A `Crawl-delay` in
    robots.txt lengthens it, up to `crawl_delay`.
    """

    connect: float = 10.0
    read: float = 15.0
    whole: float = 30.0
    size: int = 25_000_000
    redirects: int = 5
    gap: float = 1.0
    crawl_delay: float = 30.0


USUAL = FetchLimits()


class Wire:
    """Sends requests, one to a connection. `asked` is told of each that went out, whatever came of it."""

    def __init__(
        self,
        network: GuardedNetwork,
        certificates: Certificates,
        contact: str | None,
        *,
        limits: FetchLimits,
        clock: Clock,
        asked: Callable[[Asked], None],
    ) -> None:
        self._network = network
        self._certificates = certificates
        self._limits = limits
        self._clock = clock
        self._asked = asked
        # The transports alone: httpx.Client has cookies, proxies and redirects of its own. They share what
        # takes long to load. Each writes into it what to offer, so that a thread may offer what another one
        # meant to; whichever is agreed on is spoken.
        context = httpx.create_ssl_context()
        self._transport = guarded_transport(network, context, http2=True)
        self._plain_transport = guarded_transport(network, context, http2=False)
        self._headers = {**HEADERS, "User-Agent": user_agent(contact)}
        self._timeouts = {"timeout": httpx.Timeout(limits.read, connect=limits.connect).as_dict()}

    def close(self) -> None:
        self._transport.close()
        self._plain_transport.close()

    def prepared(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        """The request for this address. Raises SourceError where no request can be made of it."""
        try:
            return httpx.Request("GET", url, headers=self._headers | dict(headers), extensions=self._timeouts)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise failing(url, f"the address is not valid ({error})", again=False) from error

    def send(self, request: httpx.Request, url: str, *, cut_at: int | None, plain: bool) -> Answer:
        """The answer to one request, its body cut at so many bytes. `plain`: in HTTP/1.1 whatever is offered.

        To be called within an errand of the network. Raises SourceError where no whole answer comes.
        """
        transport = self._plain_transport if plain else self._transport
        began, at = time.monotonic(), self._clock.now()
        response: httpx.Response | None = None
        try:
            with self._told(url, request.url):
                response = transport.handle_request(request)
                try:
                    return self._read(url, response, cut_at)
                finally:
                    response.close()
        finally:
            if self._network.connected():
                self._asked(
                    Asked(
                        at=at,
                        host=request.url.host,
                        url=url,
                        status=response.status_code if response else None,
                        size=response.num_bytes_downloaded if response else 0,
                        conditional="if-none-match" in request.headers
                        or "if-modified-since" in request.headers,
                        took=timedelta(seconds=time.monotonic() - began),
                    )
                )

    @contextmanager
    def _told(self, url: str, asked: httpx.URL) -> Iterator[None]:
        """What httpx and h2 raise, as a SourceError."""
        try:
            yield
        except httpx.TimeoutException as error:
            if isinstance(error, httpx.ConnectTimeout) and self._network.remaining() != 0:
                why = f"{asked.host} could not be reached within {self._limits.connect:g} s"
                raise failing(url, why, again=True) from error
            raise self._too_slow(url) from error
        except httpx.ConnectError as error:
            raise self._unconnected(url, asked, error) from error
        except httpx.ProtocolError as error:
            why = f"{asked.host} hung up, or did not answer in proper HTTP ({error})"
            raise failing(url, why, again=True, kind=Hiccup) from error
        except httpx.TransportError as error:
            raise unconnected(url, asked.host, error) from error
        except (H2Error, ValueError) as error:  # ValueError: httpcore reads an HTTP/2 status with int()
            why = f"{asked.host} did not answer in proper HTTP/2 ({error})"
            raise failing(url, why, again=True, kind=Hiccup) from error

    def _read(self, url: str, response: httpx.Response, cut_at: int | None) -> Answer:
        headers = _headers(response)
        status = response.status_code
        if status in REDIRECTS:
            if len(set(response.headers.get_list("location"))) > 1:
                raise failing(url, "it redirects to two addresses at once", again=False, status=status)
            body = b""
        elif status in PAGES:
            body = self._body(url, response, headers, cut_at)
        else:
            body = _beginning(url, response)
        log.info("GET %s %d %d bytes", url, status, len(body))
        away = stay_away(status, headers, self._clock.now())
        return Answer(url=url, status=status, headers=headers, body=body, retry_after=away)

    def _body(
        self, url: str, response: httpx.Response, headers: Mapping[str, str], cut_at: int | None
    ) -> bytes:
        largest = self._limits.size
        declared = headers.get("content-length", "")  # h11 or h2 has found it to be a number
        if cut_at is None and declared.isdecimal() and int(declared) > largest:
            raise too_large(url, largest)
        coding = headers.get("content-encoding", "")
        try:
            return read_body(url, response.iter_raw(), coding, cut_at or largest, cut=cut_at is not None)
        except httpx.TimeoutException as error:
            raise self._too_slow(url) from error
        except httpx.TransportError as error:
            why = f"the site broke off before the page was complete ({error})"
            raise failing(url, why, again=True, kind=Hiccup) from error

    def _unconnected(self, url: str, asked: httpx.URL, error: httpx.ConnectError) -> SourceError:
        root = root_of(error)
        if not isinstance(root, ssl.SSLCertVerificationError):
            return unconnected(url, asked.host, error)
        host, port = asked.host, asked.port or 443
        shown = Shown()
        if root.verify_code in READABLE:
            try:  # on a connection of its own, on which nothing is asked
                stream = self._network.connect_tcp(host, port, self._limits.connect)
                shown = look(stream, httpx.create_ssl_context(), host, self._limits.connect)
            except (httpcore.NetworkError, httpcore.TimeoutException, SourceError):
                log.debug("the certificate of %s could not be looked at", host)
        return distrusted(url, host, root, shown, self._certificates.ended(host, port))

    def _too_slow(self, url: str) -> SourceError:
        if self._network.remaining() == 0:
            return failing(url, f"it was not complete after {self._limits.whole:g} s", again=True)
        return failing(url, f"the site fell silent for {self._limits.read:g} s", again=True)


def _headers(response: httpx.Response) -> dict[str, str]:
    """Names in lower case. Of what was said twice, the last Content-Type counts, as in browsers."""
    said: dict[str, list[str]] = {}
    for name, value in response.headers.multi_items():
        said.setdefault(name.lower(), []).append(value)
    headers = {
        name: ", ".join(values if name == "content-encoding" else dict.fromkeys(values))
        for name, values in said.items()
    }
    if "content-type" in said:
        headers["content-type"] = said["content-type"][-1]
    return headers


def _beginning(url: str, response: httpx.Response) -> bytes:
    """What an error page says, as far as it can be had: the status alone says what is wrong."""
    try:
        coding = response.headers.get("content-encoding", "")
        return read_body(url, response.iter_raw(), coding, WALL_LARGEST, cut=True)
    except (SourceError, httpx.TransportError, H2Error):
        return b""


def user_agent(contact: str | None) -> str:
    """`learning-bot/<version> (+contact)`: begins with the name that robots.txt can address (RFC 9309)."""
    plain = "".join(
        character for character in contact or "" if character.isascii() and character.isprintable()
    )
    return f"{PRODUCT}/{__version__} (+{plain})" if plain else f"{PRODUCT}/{__version__}"


def guarded_transport(
    network: GuardedNetwork, context: ssl.SSLContext, *, http2: bool
) -> httpx.HTTPTransport:
    """A transport that connects through `network` alone."""
    # No connection is kept: there is a pause between requests anyway, and what a server sends beyond the
    # length it declared could be taken for its next answer.
    limits = httpx.Limits(max_keepalive_connections=0)
    transport = httpx.HTTPTransport(verify=context, http2=http2, limits=limits, trust_env=False)
    # httpx 0.28 has no public way to give a network backend; httpcore has. A test pins that this one is used.
    transport._pool._network_backend = network
    return transport
