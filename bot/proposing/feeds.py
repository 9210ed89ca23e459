"""The feeds that a page names in its head, by RSS autodiscovery (<link rel="alternate">)."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from bot.formats.sniff import decode
from bot.models import Page

FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
HEAD = 200_000  # bytes; a head is far shorter, and a page may have no end of it


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "link":
            return
        said = {name: (value or "").strip() for name, value in attrs}
        is_feed = said.get("type", "").partition(";")[0].lower() in FEEDS
        if is_feed and "alternate" in said.get("rel", "").lower().split() and said.get("href"):
            self.found.append((said["href"], said.get("title", "")))


def feeds_named(page: Page) -> tuple[str, ...]:
    """The addresses of a page's feeds, in its order; feeds of comments left out (every WordPress page names
    one)."""
    links = _Links()
    links.feed(decode(page.body[:HEAD], page.content_type))
    wanted = (href for href, title in links.found if "comment" not in f"{href} {title}".lower())
    found = (_joined(page.url, href) for href in wanted)
    return tuple(dict.fromkeys(url for url in found if url and url != page.url))


def _joined(url: str, href: str) -> str | None:
    """Absolute; None for what is no address, or no web page's."""
    try:
        whole = urljoin(url, href)
        return whole if urlsplit(whole).scheme in ("http", "https") else None
    except ValueError:
        return None
