"""The fetcher, and the log of what it asked for."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from bot.config import Configuration
from bot.errors import StoreError
from bot.fetch.hosts import Turn
from bot.fetch.http import HttpFetcher
from bot.models import Asked
from bot.ports import Archive, Clock


class Fetching:
    """One fetcher for as long as the configuration says the same of how to fetch: it remembers what sites
    allow, and when they were asked last."""

    def __init__(self, archive: Archive, clock: Clock, elsewhere: Turn | None = None) -> None:
        self._elsewhere = elsewhere
        self._archive = archive
        self._clock = clock
        self._asked: deque[Asked] = deque()  # requests that are not in the log yet
        self._made: tuple[object, HttpFetcher] | None = None
        self.last_asked: datetime | None = None  # when a request last went out

    def fetcher(self, configuration: Configuration) -> HttpFetcher:
        """The fetcher for this configuration."""
        exceptions = {
            urlsplit(source.url).netloc.lower(): source.tls_exception
            for source in configuration.sources
            if source.tls_exception
        }
        said = (configuration.contact, configuration.allow_private_hosts, exceptions)
        if self._made is None or self._made[0] != said:
            self.close()
            made = HttpFetcher(
                configuration.contact,
                configuration.allow_private_hosts,
                clock=self._clock,
                tls_exceptions=exceptions,
                asked=self._note,
                elsewhere=self._elsewhere,
            )
            self._made = (said, made)
        return self._made[1]

    def _note(self, request: Asked) -> None:
        self._asked.append(request)
        self.last_asked = self._clock.now()

    def keep_requests(self) -> None:
        """Write what was asked for into the log. Raises StoreError; it is written the next time then."""
        asked = list(self._asked)
        self._archive.keep_requests(asked, self._clock.now())
        for _ in asked:
            self._asked.popleft()

    def close(self) -> None:
        """Also keeps what a command asked for that polls nothing, if the archive still answers."""
        with suppress(StoreError):
            self.keep_requests()
        if self._made:
            self._made[1].close()
            self._made = None
