"""Fetching a page over HTTP: politely, conditionally, within limits, and never from where it must not.

This is the only module that imports httpx, which is no longer maintained and may have to be replaced.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

import httpx

from bot import __version__
from bot.errors import SourceError
from bot.fetch.answers import PAGES, REDIRECTS, WALL_LARGEST, Answer, check_answer
from bot.fetch.body import read_body, too_large
from bot.fetch.failures import failing, unconnected
from bot.fetch.guard import Guard, GuardedNetwork, Resolve, resolve
from bot.fetch.hosts import Hosts
from bot.fetch.redirects import Journey
from bot.fetch.robots import LARGEST as ROBOTS_LARGEST
from bot.fetch.robots import PRODUCT, Robots, RobotsAnswer
from bot.models import NotModified, Page, Validators
from bot.ports import Clock

HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/xml;q=0.9,application/pdf;q=0.9,"
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document;q=0.9,text/plain;q=0.8,*/*;q=0.5",
    "Accept-Encoding": "gzip",
    "Accept-Language": "en-GB,en;q=0.9,cy;q=0.5",
    "Connection": "close",
}

log = logging.getLogger(__name__)  # at INFO, one line a request: the log that a webmaster could be shown


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


class HttpFetcher:
    """Fetches pages; any number of threads may share one. Close it, or use it in a `with` block.

    `contact` is who a webmaster can write to, shown in the User-Agent. `allow_private_hosts` are the hosts
    (`host` or `host:port`) on private networks that may be fetched. Certificates are checked against the
    bundled authorities, or those of SSL_CERT_FILE if it is set. Proxies set in the environment are not
    used: behind one, nobody could check which address is connected to.
    """

    def __init__(
        self,
        contact: str | None,
        allow_private_hosts: Collection[str] = (),
        *,
        clock: Clock,
        limits: FetchLimits = FetchLimits(),
        wait: Callable[[float], None] = time.sleep,
        resolve: Resolve = resolve,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._guard = Guard(allow_private_hosts, resolve)
        self._network = GuardedNetwork(self._guard)
        self._hosts = Hosts(clock, wait)
        self._robots = Robots(self._ask_robots, clock)
        # The transport alone: httpx.Client has cookies, proxies and redirects of its own, which nobody wants.
        self._transport = _guarded_transport(self._network)
        self._headers = {**HEADERS, "User-Agent": user_agent(contact)}
        self._timeouts = {"timeout": httpx.Timeout(limits.read, connect=limits.connect).as_dict()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        """The page at `url`, or NotModified where `validators` show that it is as it was.

        Each step of a redirect is checked like a first request, robots.txt included. Raises SourceError.
        """
        journey = Journey(url, self._limits.redirects, self._limits.whole)
        while True:
            self._guard.check(journey.url)
            self._robots.check(journey.url)
            conditions = self._conditions(validators, journey)
            answer = self._request(journey, conditions, delay=self._robots.delay(journey.url))
            if answer.redirects:
                journey.follow(answer)
                continue
            check_answer(answer, conditional=bool(conditions), asked_for=url)
            return self._told(answer, journey, validators)

    def _told(self, answer: Answer, journey: Journey, validators: Validators | None) -> Page | NotModified:
        digest = hashlib.sha256(answer.body).hexdigest()
        # Many servers ignore conditions, or make a new ETag of the same bytes.
        if answer.status == 304 or (validators is not None and validators.sha256 == digest):
            return NotModified(url=answer.url, status=answer.status)
        return Page(
            url=answer.url,
            body=answer.body,
            content_type=answer.headers.get("content-type"),
            status=answer.status,
            validators=Validators(
                etag=_sendable(answer.headers.get("etag")),
                last_modified=_sendable(answer.headers.get("last-modified")),
                sha256=digest,
            ),
            fetched_at=self._clock.now(),
            redirected_from=journey.moved_from,
        )

    def _conditions(self, validators: Validators | None, journey: Journey) -> dict[str, str]:
        """The conditional headers (RFC 9110 section 13.1).

        After a redirect no date is sent: if the redirect has come to lead elsewhere, an older page there
        would be taken for an unchanged one. Nor is a date to come: it would make every later page unchanged.
        """
        if validators is None:
            return {}
        conditions = {"If-None-Match": validators.etag} if validators.etag else {}
        modified = validators.last_modified
        if modified and not journey.redirected and _is_past(modified, self._clock.now()):
            conditions["If-Modified-Since"] = modified
        return conditions

    def _ask_robots(self, address: str) -> RobotsAnswer:
        """robots.txt, through redirects; one that leads nowhere counts as none (RFC 9309 section 2.3.1.2)."""
        journey = Journey(address, self._limits.redirects, self._limits.whole)
        while True:
            self._guard.check(journey.url)
            answer = self._request(journey, {}, delay=0.0, cut_at=ROBOTS_LARGEST)
            if not answer.redirects:
                return RobotsAnswer(status=answer.status, body=answer.body)
            try:
                journey.follow(answer)
            except SourceError:
                return RobotsAnswer(status=404)

    def _request(
        self, journey: Journey, headers: dict[str, str], *, delay: float, cut_at: int | None = None
    ) -> Answer:
        """One request, when it is its host's turn. Raises SourceError when no whole answer comes."""
        url = journey.url
        try:
            request = httpx.Request("GET", url, headers=self._headers | headers, extensions=self._timeouts)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise failing(url, f"the address is not valid ({error})", again=False) from error
        gap = max(self._gap(request.url), min(delay, self._limits.crawl_delay))
        with self._hosts.turn(request.url.host, gap), journey.running(self._network):
            try:
                response = self._transport.handle_request(request)
            except httpx.TransportError as error:
                raise self._unanswered(url, request.url.host, error) from error
            try:
                return self._read(url, response, cut_at)
            finally:
                response.close()

    def _gap(self, url: httpx.URL) -> float:
        port = url.port or (443 if url.scheme == "https" else 80)
        return 0.0 if self._guard.allows_private(url.host, port) else self._limits.gap

    def _read(self, url: str, response: httpx.Response, cut_at: int | None) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        status = response.status_code
        if status in REDIRECTS:
            body = b""
        elif status in PAGES:
            body = self._body(url, response, cut_at)
        else:
            body = _beginning(url, response)
        log.info("GET %s %d %d bytes", url, status, len(body))
        return Answer(url=url, status=status, headers=headers, body=body)

    def _body(self, url: str, response: httpx.Response, cut_at: int | None) -> bytes:
        largest = self._limits.size
        declared = response.headers.get("content-length", "")
        if cut_at is None and declared.isdecimal() and int(declared) > largest:
            raise too_large(url, largest)
        coding = response.headers.get("content-encoding", "")
        try:
            return read_body(url, response.iter_raw(), coding, cut_at or largest, cut=cut_at is not None)
        except httpx.TimeoutException as error:
            raise self._too_slow(url) from error
        except httpx.TransportError as error:
            why = f"the site broke off before the page was complete ({error})"
            raise failing(url, why, again=True) from error

    def _unanswered(self, url: str, host: str, error: httpx.TransportError) -> SourceError:
        if isinstance(error, httpx.ConnectTimeout) and self._network.remaining() != 0:
            why = f"{host} could not be reached within {self._limits.connect:g} s"
            return failing(url, why, again=True)
        if isinstance(error, httpx.TimeoutException):
            return self._too_slow(url)
        if isinstance(error, httpx.ProtocolError):
            return failing(url, f"{host} hung up, or did not answer in proper HTTP ({error})", again=True)
        return unconnected(url, host, error)

    def _too_slow(self, url: str) -> SourceError:
        if self._network.remaining() == 0:
            return failing(url, f"it was not complete after {self._limits.whole:g} s", again=True)
        return failing(url, f"the site fell silent for {self._limits.read:g} s", again=True)


def user_agent(contact: str | None) -> str:
    """`learning-bot/<version> (+contact)`: begins with the name that robots.txt can address (RFC 9309)."""
    plain = "".join(
        character for character in contact or "" if character.isascii() and character.isprintable()
    )
    return f"{PRODUCT}/{__version__} (+{plain})" if plain else f"{PRODUCT}/{__version__}"


def _guarded_transport(network: GuardedNetwork) -> httpx.HTTPTransport:
    # No connection is kept: there is a pause between requests anyway, and what a server sends beyond the
    # length it declared could be taken for its next answer.
    transport = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
    # httpx 0.28 has no public way to give a network backend; httpcore has. A test pins that this one is used.
    transport._pool._network_backend = network
    return transport


def _beginning(url: str, response: httpx.Response) -> bytes:
    """What an error page says, as far as it can be had: the status alone says what is wrong."""
    try:
        coding = response.headers.get("content-encoding", "")
        return read_body(url, response.iter_raw(), coding, WALL_LARGEST, cut=True)
    except (SourceError, httpx.TransportError):
        return b""


def _is_past(http_date: str, now: datetime) -> bool:
    try:
        moment = parsedate_to_datetime(http_date)
    except ValueError:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= now


def _sendable(validator: str | None) -> str | None:
    """A validator that can be sent back as it came; one with characters outside ASCII cannot be."""
    return validator if validator and validator.isascii() and validator.isprintable() else None
