"""Pages and documents made to harm whoever opens them. Each is made when it is asked for: none lies on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.models import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Nasty:
    """One harmful input. `select`: an item selector of the administrator's that it is read with."""

    name: str
    content_type: str
    make: Callable[[], bytes]
    select: str | None = None

    def page(self) -> Page:
        return Page(
            url="https://www.saltmarsh.example.org/reviews", body=self.make(), content_type=self.content_type
        )


HTML = "text/html; charset=utf-8"
FEED = "application/rss+xml"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain; charset=utf-8"
