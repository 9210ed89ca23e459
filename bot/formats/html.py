"""Web pages: BeautifulSoup on lxml, walked once."""

from __future__ import annotations

import warnings
from dataclasses import replace

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

from bot.errors import UnreadableDocument
from bot.formats.furniture import find_body, find_furniture
from bot.formats.inline import absolute
from bot.formats.metadata import language_of, published_of, title_of
from bot.formats.outline import Outline
from bot.formats.panels import find_panels
from bot.formats.sniff import decode
from bot.formats.walk import Walk
from bot.models import Block, Document, Page


def open_html(page: Page) -> Document:
    """A web page as blocks. Raises UnreadableDocument where it has no words."""
    soup = parse(decode(page.body, page.content_type))
    blocks = blocks_of(soup, page.url)
    if not blocks:
        raise UnreadableDocument(
            f"{page.url} has no words in it: it is empty, or a script draws it in the browser; "
            "the address of its feed or of a plain page may help."
        )
    return Document(
        format="html",
        url=page.url,
        title=title_of(soup),
        blocks=blocks,
        language=language_of(soup),
        published=published_of(soup),
    )


def parse(markup: str) -> BeautifulSoup:
    """Any markup as a tree; lxml mends what is broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(markup.replace("\0", ""), "lxml")


def blocks_of(soup: BeautifulSoup, url: str) -> tuple[Block, ...]:
    """The page's blocks in reading order. `url` is its address; a <base> element overrides it."""
    base = soup.find("base", href=True)
    address = (absolute(str(base["href"]), url) if base is not None else None) or url
    outline = Outline(soup)
    panels = find_panels(outline)
    body = find_body(outline)
    blocks = Walk(address, outline, panels, find_furniture(outline, by_name=True), body).blocks(soup)
    if _is_thin(blocks, named=bool(body)):
        blocks = Walk(address, outline, panels, find_furniture(outline, by_name=False), set()).blocks(soup)
    return _with_title(tuple(blocks))


def _is_thin(blocks: list[Block], *, named: bool) -> bool:
    """Whether next to nothing is left as body, so that the page's names mislead. `named`: it names a body."""
    body = sum(len(block.text) for block in blocks if not block.furniture)
    whole = sum(len(block.text) for block in blocks)
    return body == 0 or (not named and (body < 30 < whole or body * 20 < whole))


def _with_title(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Where the body has no heading of the first level, the page header's last one is the body's."""
    tops = [n for n, block in enumerate(blocks) if block.kind == "heading" and block.level == 1]
    if not tops or any(not blocks[n].furniture for n in tops):
        return blocks
    at = tops[-1]
    if not any(not block.furniture for block in blocks[at:]):
        return blocks
    return (*blocks[:at], replace(blocks[at], furniture=False), *blocks[at + 1 :])
