"""Following redirects by hand, one checked step after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urldefrag, urljoin, urlsplit

from bot.errors import SourceError
from bot.fetch.answers import PERMANENT, Answer
from bot.fetch.failures import NO_USE, failing
from bot.fetch.network import GuardedNetwork, Scheme


class Journey:
    """From the address asked for to the page, in at most so many `redirects` and `seconds`."""

    def __init__(self, url: str, redirects: int, seconds: float) -> None:
        self._trail = [url.strip()]
        self._redirects = redirects
        self._permanent = True
        self._seconds = seconds
        self._second_try = True

    @property
    def url(self) -> str:
        return self._trail[-1]

    @property
    def scheme(self) -> Scheme:
        return "https" if urlsplit(self.url).scheme == "https" else "http"

    @property
    def redirected(self) -> bool:
        return len(self._trail) > 1

    @property
    def moved_from(self) -> str | None:
        """Where the page used to be, if every redirect said that it has moved for good."""
        return self._trail[0] if self.redirected and self._permanent else None

    @contextmanager
    def running(self, network: GuardedNetwork) -> Iterator[None]:
        """Time passes, and what is left of it bounds the connections of this thread."""
        started = time.monotonic()
        try:
            with network.errand(self._seconds, self.scheme):
                yield
        finally:
            self._seconds -= time.monotonic() - started

    def may_repeat(self) -> bool:
        """Whether a request may be made a second time: once in the whole journey, and while there is time."""
        may, self._second_try = self._second_try and self._seconds > 0, False
        return may

    def follow(self, answer: Answer) -> None:
        """Go where a redirect leads. Raises SourceError if that is nowhere, a circle, too far or unsafe."""
        location = answer.headers.get("location", "").strip()
        if not location:
            raise self._lost("a redirect does not say where to", answer)
        if any(ord(character) < 0x20 for character in location):
            raise self._lost("a redirect leads to an address with control characters in it", answer)
        try:
            target = urldefrag(urljoin(self.url, location)).url.replace(" ", "%20")
        except ValueError:
            raise self._lost("a redirect leads to an address that is not valid", answer) from None
        if self.scheme == "https" and urlsplit(target).scheme == "http":
            raise SourceError(
                f"Refused to fetch {self._trail[0]}: it redirects from https to {target}, where anybody on "
                f"the way could change the page; {NO_USE}.",
                trouble="blocked",
                again=False,
                status=answer.status,
            )
        if target in self._trail:
            cookie = ", perhaps because it wants a cookie kept" if "set-cookie" in answer.headers else ""
            circle = " -> ".join([*self._trail[self._trail.index(target) :], target])
            raise self._lost(f"it redirects in a circle{cookie} ({circle})", answer)
        if len(self._trail) > self._redirects:
            raise self._lost(f"it redirects more than {self._redirects} times", answer)
        self._permanent = self._permanent and answer.status in PERMANENT
        self._trail.append(target)

    def _lost(self, why: str, answer: Answer) -> SourceError:
        return failing(self._trail[0], why, again=False, status=answer.status)
