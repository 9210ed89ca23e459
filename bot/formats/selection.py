"""A page through an administrator's CSS selectors, for the few pages that the reader cannot make out itself.

What they pick is laid out as a plain page: for each item its title as a heading that links to the document,
its date, then the rest of the item. That page is opened and read like any other.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from html import escape

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning

from bot.errors import UnreadableDocument
from bot.formats.sniff import decode, format_of
from bot.models import Page, Selectors


def selected(page: Page, select: Selectors) -> Page:
    """The page with nothing but what the selectors pick; a page that is not HTML as it is.

    Raises UnreadableDocument where no item is found, or items have no title: the layout has changed, or
    the selectors are wrong.
    """
    if format_of(page) != "html":
        return page
    soup = _parsed(decode(page.body, page.content_type))
    items = soup.select(select.item)
    if not items:
        raise UnreadableDocument(
            f"{page.url}: `select: item` ({select.item}) finds nothing there; correct it in sources.yaml"
        )
    laid_out = [_laid_out(item, select) for item in items]
    if not any(laid_out):
        raise UnreadableDocument(
            f"{page.url}: `select: title` ({select.title}) finds no title in any of {len(items)} items; "
            "correct it in sources.yaml"
        )
    head = "".join(str(tag) for tag in soup.find_all(["base", "title"], limit=2))
    body = f"<html><head>{head}</head><body><main>{''.join(laid_out)}</main></body></html>"
    return replace(page, body=body.encode(), content_type="text/html; charset=utf-8")


def _parsed(markup: str) -> BeautifulSoup:
    """The page in BeautifulSoup, which alone has CSS selectors (soupsieve)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(markup.replace("\0", ""), "lxml")


def _laid_out(item: Tag, select: Selectors) -> str:
    """The item's title (linked), date and other content; nothing for an item without a title."""
    link = item.select_one(select.link or "a[href]") or item.find("a", href=True)
    title = item.select_one(select.title) if select.title else link
    date = item.select_one(select.date) if select.date else None
    if title is None or not title.get_text(strip=True):
        return ""
    words = escape(" ".join(title.get_text(" ").split()))
    address = link.get("href") if isinstance(link, Tag) else None
    heading = f'<a href="{escape(str(address))}">{words}</a>' if address else words
    published = ""
    if date is not None:
        published = f"<p>Published: {escape(' '.join(date.get_text(' ').split()))}</p>"
        date.extract()
    title.extract()
    return f"<article><h3>{heading}</h3>{published}{item.decode_contents()}</article>"
