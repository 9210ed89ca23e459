"""RSS and Atom, read by feedparser from bytes: a string could make it open files or addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import feedparser

from bot.errors import UnreadableDocument
from bot.formats.html import blocks_of
from bot.formats.inline import absolute
from bot.formats.sniff import decode, tidy
from bot.formats.tree import parse
from bot.models import Block, Document, FeedEntry, Page, Span

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?!\d)")
_NAMED = re.compile(
    r"(?:^|[\s,])(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3})[a-z]*\.?,?[\s-]+(\d{4}|\d\d)(?!\d)"
)
_AMERICAN = re.compile(r"(?:^|[\s,])([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_NUMBERED = re.compile(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)")


_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|(\d+));?", re.IGNORECASE)


def open_feed(page: Page) -> Document:
    """A feed's entries, in the feed's order; no entry at all is a good feed with no news.

    Raises UnreadableDocument where feedparser finds no feed (`version` is empty): that is no quiet week.
    """
    headers = {"content-location": page.url, "content-type": "application/xml; charset=utf-8"}
    told: Any = feedparser.parse(
        _as_utf8(page),
        response_headers=headers,
        resolve_relative_uris=False,
        sanitize_html=False,  # what it takes out, the reader of web pages leaves out: half its time
    )
    if not told.version or not (told.feed or told.entries):
        raise UnreadableDocument(
            f"{page.url} calls itself a feed and is none that can be read: it may be cut off or damaged."
        )
    if told.bozo and not told.entries:
        raise UnreadableDocument(f"{page.url} is a feed that is cut off or damaged before its first entry.")
    feed = told.feed
    return Document(
        format="feed",
        url=page.url,
        title=_plain(feed.get("title")),
        entries=_entries(told.entries, str(feed.get("link") or "") or page.url, page.url),
        language=str(feed.get("language") or "") or None,
        published=_day(feed),
    )


def _if_a_character(reference: re.Match[str]) -> str:
    """A numbered character as it stands; nothing where no character has that number. feedparser, given half
    of a surrogate pair or a number past the last one, gives up the whole feed."""
    digits = reference[1] or reference[2]
    number = int(digits[:8], 16 if reference[1] else 10)
    return "" if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF else reference[0]


def _as_utf8(page: Page) -> bytes:
    """The feed in UTF-8, so that a wrong label costs no letter; its XML declaration names no other."""
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    text = _REFERENCE.sub(_if_a_character, text)
    text = re.sub(r"\A(<\?xml[^>]*?)\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')", r"\1", text)
    return text.encode("utf-8", errors="ignore")


def _entries(found: Iterable[Any], site: str, url: str) -> tuple[FeedEntry, ...]:
    """Every entry with an id of its own: its guid; where that is missing or shared, its link or title."""
    found = list(found)
    guids = [str(entry.get("id") or "").strip() for entry in found]
    made = []
    for entry, guid in zip(found, guids, strict=True):
        link = absolute(_link(entry), absolute(site, url) or url)
        title = _plain(entry.get("title")) or ""
        own = guid if guid and guids.count(guid) == 1 else link or f"{guid} {title}".strip()
        made.append(
            FeedEntry(
                id=own, title=title, url=link, published=_day(entry), blocks=_blocks(entry, url, link or url)
            )
        )
    return tuple(made)


def _link(entry: Any) -> str:
    """The entry's page: its alternate link, else an enclosure, else a guid that is an address."""
    link = str(entry.get("link") or "")
    if not link:
        links = [str(each.get("href") or "") for each in entry.get("links", ())]
        guid = str(entry.get("id") or "")
        link = next(
            (each for each in links if each), guid if guid.startswith(("http://", "https://")) else ""
        )
    return link


def _blocks(entry: Any, feed_url: str, url: str) -> tuple[Block, ...]:
    """The longest of what the entry gives: full content, or its summary."""
    values = [part for part in entry.get("content", ()) if part.get("value")]
    if entry.get("summary"):
        values.append({"value": entry.summary, **entry.get("summary_detail", {})})
    if not values:
        return ()
    chosen = max(values, key=lambda part: len(part["value"]))
    text = str(chosen["value"])
    if chosen.get("type") == "text/plain" and not re.search(r"</?[a-z][^<>]*>", text, re.I):
        return tuple(
            Block(kind="paragraph", spans=(Span(text=" ".join(tidy(part).split())),))
            for part in re.split(r"\n\s*\n", text)
            if part.strip()
        )
    base = str(chosen.get("base") or "")  # xml:base, where the feed has it; else its own address
    return blocks_of(parse(text), base if base and base != feed_url else url)


def _plain(value: object) -> str | None:
    """A title without markup: feeds may escape HTML in it."""
    text = str(value or "")
    if "<" in text or "&" in text:
        text = parse(text).text()
    return " ".join(tidy(text).split()) or None


def _day(entry: Any) -> str | None:
    """`published`, else `updated`, as the day that the feed writes.

    Never feedparser's parsed time: it takes BST for UTC, and a shift of zone can move the day.
    """
    for name in ("published", "updated", "created"):
        # dict.get, since feedparser's own would answer with `updated` where `published` is asked for
        if day := written_day(str(dict.get(entry, name) or "")):
            return day
    return None


def written_day(text: str) -> str | None:
    """The day that a timestamp writes, as `YYYY-MM-DD`; None where it writes none.

    RFC 3339 and RFC 822 dates, month names in either order, and day/month/year as the United Kingdom has it.
    """
    if match := _ISO.match(text):
        return _real(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERED.match(text):
        return _real(int(match[3]), int(match[2]), int(match[1]))
    match, day, month = _NAMED.search(text), 1, 2
    if not match:
        match, day, month = _AMERICAN.search(text), 2, 1
    if not match or match[month].lower() not in _MONTHS:
        return None
    year = int(match[3])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    return _real(year, _MONTHS.index(match[month].lower()) + 1, int(match[day]))


def _real(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
