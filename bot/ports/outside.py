"""What the pipeline needs of the world outside: the time, pages, and what they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.models import Document, NotModified, Page, Reading, Source, Validators


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC."""


class Fetcher(Protocol):
    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        """The page at `url`; NotModified where `validators` show that it is as it was.

        Raises SourceError: failing (no answer, 4xx, 5xx, too large, too slow), blocked (robots.txt,
        refused address).
        """


class Opener(Protocol):
    """Opens and reads pages, within limits of time and memory that no page can make it pass."""

    def open(self, page: Page) -> Document:
        """The page as blocks. Raises UnreadableDocument."""

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """What the page says, through the source's selectors where it has any. Raises UnreadableDocument."""
