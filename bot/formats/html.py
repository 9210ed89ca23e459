"""Web pages: a tree from lxml's parser, walked once."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import UnreadableDocument
from bot.formats.furniture import find_body, find_furniture
from bot.formats.inline import absolute
from bot.formats.metadata import language_of, published_of, title_of
from bot.formats.panels import find_panels
from bot.formats.sniff import decode
from bot.formats.tree import Element, parse
from bot.formats.walk import Walk
from bot.models import Block, Document, Page


def open_html(page: Page) -> Document:
    """A web page as blocks. Raises UnreadableDocument where it has no words."""
    root = parse(decode(page.body, page.content_type))
    blocks = blocks_of(root, page.url)
    if not blocks:
        raise UnreadableDocument(
            f"{page.url} has no words in it: it is empty, or a script draws it in the browser; "
            "the address of its feed or of a plain page may help."
        )
    return Document(
        format="html",
        url=page.url,
        title=title_of(root),
        blocks=blocks,
        language=language_of(root),
        published=published_of(root),
    )


def blocks_of(root: Element, url: str) -> tuple[Block, ...]:
    """The page's blocks in reading order. `url` is its address; a <base> element overrides it."""
    base = next((tag.attrs["href"] for tag in root.inside("base") if "href" in tag.attrs), None)
    address = absolute(base, url) or url
    panels = find_panels(root)
    body = find_body(root)
    blocks = Walk(address, panels, find_furniture(root, by_name=True), body).blocks(root)
    if _is_thin(blocks, named=bool(body)):
        blocks = Walk(address, panels, find_furniture(root, by_name=False), set()).blocks(root)
    return _with_title(tuple(blocks))


def _is_thin(blocks: list[Block], *, named: bool) -> bool:
    """Whether next to nothing is left as body, so that the page's names mislead. `named`: it names a body."""
    body = sum(len(block.text) for block in blocks if not block.furniture)
    whole = body + sum(len(block.text) for block in blocks if block.furniture)
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
