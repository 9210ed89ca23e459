"""robots.txt, by RFC 9309: whether a site wants a page left alone, and how slowly it wants to be read."""

from __future__ import annotations

import codecs
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from bot.errors import SourceError
from bot.ports import Clock

PRODUCT = "learning-bot"  # our product token (RFC 9309 section 2.2.1); the User-Agent begins with it
KEPT_FOR = timedelta(hours=24)  # RFC 9309 section 2.4: no longer than a day
LARGEST = 512_000  # RFC 9309 section 2.5: at least 500 KiB are read; what follows is passed over


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """What a site said when asked for /robots.txt: the status, the first `LARGEST` bytes, and how long we are
    to stay away."""

    status: int
    body: bytes = b""
    retry_after: timedelta | None = None


class Robots:
    """The rules of each site, asked for once a day. `ask` fetches a robots.txt and may raise SourceError."""

    def __init__(self, ask: Callable[[str], RobotsAnswer], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}  # so that threads that come together ask once
        self._kept: dict[str, tuple[datetime, Protego]] = {}

    def check(self, url: str) -> None:
        """Raises SourceError: blocked if the site's rules disallow `url`, failing if they cannot be had."""
        if not self._rules(url).can_fetch(url, PRODUCT):
            raise SourceError(
                f"Did not fetch {url}: {_address(url)} asks {PRODUCT} to leave this page alone; waiting does "
                "not help, ask whoever runs the site to allow it.",
                trouble="blocked",
                again=False,
            )

    def delay(self, url: str) -> float:
        """The pause in seconds that the site wishes for between requests; 0 if it names none."""
        return self._rules(url).crawl_delay(PRODUCT) or 0.0

    def _rules(self, url: str) -> Protego:
        address = _address(url)
        with self._lock:
            asking = self._asking.setdefault(address, threading.Lock())
        with asking:
            kept = self._kept.get(address)
            now = self._clock.now()
            if kept is None or not timedelta(0) <= now - kept[0] < KEPT_FOR:
                kept = self._kept[address] = (now, self._asked(address))
            return kept[1]

    def _asked(self, address: str) -> Protego:
        answer = self._ask(address)
        # "Unavailable" (4xx) means no rules, "unreachable" (5xx) means keep out (RFC 9309 sections 2.3.1.3
        # and 2.3.1.4). 429 says that we ask too much, so it is no permission to ask on.
        if answer.status >= 500 or answer.status == 429:
            raise SourceError(
                f"Could not read {address}, without which nothing there is fetched: the site answered "
                f"{answer.status}; the next poll will try again.",
                trouble="failing",
                again=True,
                status=answer.status,
                retry_after=answer.retry_after,
            )
        # Protego loses the first group to a byte order mark.
        text = answer.body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
        return Protego.parse(text if answer.status == 200 else "")


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
