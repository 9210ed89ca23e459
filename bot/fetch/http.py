"""Fetching a page over HTTP: politely, conditionally, within limits, and never from where it must not."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

from bot.errors import SourceError
from bot.fetch.answers import PASSING, Answer, check_answer
from bot.fetch.certificates import Certificates
from bot.fetch.failures import Hiccup
from bot.fetch.guard import PORTS, Guard, Resolve, resolve
from bot.fetch.hosts import Hosts, Turn
from bot.fetch.network import GuardedNetwork
from bot.fetch.proxies import Proxies
from bot.fetch.redirects import Journey
from bot.fetch.robots import LARGEST as ROBOTS_LARGEST
from bot.fetch.robots import Robots, RobotsAnswer
from bot.fetch.wire import USUAL, FetchLimits, Wire
from bot.models import Asked, NotModified, Page, TlsException, Validators
from bot.ports import Clock

# Seconds after a hiccup, somewhere between these: those who met it together do not come back together.
SECOND_TRY = (2.0, 5.0)


class HttpFetcher:
    """Fetches pages; any number of threads may share one. Close it, or use it in a `with` block.

    `contact` is who a webmaster can write to, shown in the User-Agent. `allow_private_hosts` are the hosts
    (`host` or `host:port`) on private networks that may be fetched. Certificates are checked against the
    bundled authorities, or those of SSL_CERT_FILE if it is set; `tls_exceptions` (keys `host` or `host:port`,
    in lower case) are the hosts whose are not checked for a while. `asked` is told of each request that went
    out, robots.txt and redirects among them, in whichever thread made it. Proxies set in the environment are
    used for tunnels to addresses that were checked here, see `bot.fetch.proxies`. A host that asked us to
    stay away is left alone until then, whichever of its pages is asked for; `elsewhere` takes the turn at a
    host from other processes too.

    Raises ConfigError for a proxy that cannot be used.
    """

    def __init__(
        self,
        contact: str | None,
        allow_private_hosts: Collection[str] = (),
        *,
        clock: Clock,
        limits: FetchLimits = USUAL,
        wait: Callable[[float], None] = time.sleep,
        resolve: Resolve = resolve,
        tls_exceptions: Mapping[str, TlsException] | None = None,
        asked: Callable[[Asked], None] = lambda request: None,
        elsewhere: Turn | None = None,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._wait = wait
        self._guard = Guard(allow_private_hosts, resolve)
        certificates = Certificates(tls_exceptions or {}, clock)
        self._network = GuardedNetwork(
            self._guard, proxies=Proxies.of_environment(), certificates=certificates
        )
        self._hosts = Hosts(clock, wait, elsewhere)
        self._robots = Robots(self._ask_robots, clock)
        self._wire = Wire(self._network, certificates, contact, limits=limits, clock=clock, asked=asked)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

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

    def knock(self, url: str) -> None:
        """Raises SourceError where nothing can be asked for at this address: its host is unknown, does not
        answer or is not to be asked, or robots.txt disallows the page."""
        self._guard.check(url)
        self._robots.check(url)

    def crawl_delay(self, url: str) -> float:
        """The seconds between two requests that the site's robots.txt asks for; 0 where it names none, or
        cannot be had."""
        try:
            self._guard.check(url)
            return self._robots.delay(url)
        except SourceError:
            return 0.0

    def pause(self, url: str) -> float:
        """The seconds that we leave between two requests to this site, one a page."""
        gap = 0.0 if self._is_own(url) else self._limits.gap
        return max(gap, min(self.crawl_delay(url), self._limits.crawl_delay))

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
                return RobotsAnswer(status=answer.status, body=answer.body, retry_after=answer.retry_after)
            try:
                journey.follow(answer)
            except SourceError:
                return RobotsAnswer(status=404)

    def _request(
        self, journey: Journey, headers: dict[str, str], *, delay: float, cut_at: int | None = None
    ) -> Answer:
        """The answer to one request, or to a second where the first met what may be over in some seconds.

        The second is made in HTTP/1.1: what went wrong may be the site's HTTP/2. Raises SourceError when no
        whole answer comes.
        """
        repeated = False
        while True:
            try:
                answer = self._once(journey, headers, delay, cut_at, plain=repeated)
            except Hiccup:
                if not journey.may_repeat():
                    raise
            else:
                passing = answer.status in PASSING and answer.retry_after is None
                if not passing or not journey.may_repeat():
                    return answer
            repeated = True
            self._wait(before_second_try(own=self._is_own(journey.url)))

    def _is_own(self, url: str) -> bool:
        """Whether it is on the operator's own network, and named by them."""
        parts = urlsplit(url)
        return self._guard.allows_private(parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0))

    def _once(
        self, journey: Journey, headers: dict[str, str], delay: float, cut_at: int | None, *, plain: bool
    ) -> Answer:
        """One request, when it is its host's turn. Raises SourceError when no whole answer comes."""
        request = self._wire.prepared(journey.url, headers)
        host, scheme = request.url.host, request.url.scheme
        port = request.url.port or PORTS.get(scheme, 0)
        # On the operator's own network one address may be many sites, which do not speak for each other.
        own = self._guard.allows_private(host, port)
        gap = 0.0 if own else self._limits.gap
        with self._hosts.turn(host, max(gap, min(delay, self._limits.crawl_delay))):
            with journey.running(self._network):
                answer = self._wire.send(request, journey.url, cut_at=cut_at, plain=plain)
            if answer.retry_after and not own:
                self._hosts.leave_alone(host, answer.retry_after)
            return answer


def before_second_try(*, own: bool) -> float:
    """Seconds, a little different each time. The operator's `own` hosts have no strangers to be spared."""
    return random.uniform(*SECOND_TRY) * (0.1 if own else 1)


def _is_past(http_date: str, now: datetime) -> bool:
    try:
        moment = parsedate_to_datetime(http_date)
    except ValueError:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= now


def _sendable(validator: str | None) -> str | None:
    """A validator that can be sent back as it came; one with characters outside ASCII cannot be."""
    return validator if validator and validator.isascii() and validator.isprintable() else None
