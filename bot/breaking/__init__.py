"""Changing a page as web sites change theirs, to see whether the bot would notice.

Each way stands for something that has happened to somebody's scraper: a redesign, another content system, a
download cut short, a wall in front of the page. After each, the bot must read the same reviews as before, or
say that it cannot. Deterministic: the same page and way give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.breaking import feeds, markup, trees, walls, words
from bot.errors import UnreadableDocument
from bot.formats import format_of
from bot.models import Format, Page

__all__ = ["HARMFUL", "WAYS", "broken"]

Change = Callable[[bytes], bytes | None]


def _cut(body: bytes) -> bytes:
    """Half of the bytes: a connection that ended early, where no length was told."""
    return body[: len(body) // 2]


_ANY: Mapping[str, Change] = {
    "cut half way": _cut,
    "bot-block page": walls.bot_block,
    "chat-bot shell": walls.chat_bot,
}
_HTML: Mapping[str, Change] = {
    "classes renamed": markup.classes_renamed,
    "tables to divs": markup.tables_to_divs,
    **_ANY,
    "links wrapped": markup.links_wrapped,
    "headings demoted": markup.headings_demoted,
    "labels to bold runs": trees.labels_to_bold_runs,
    "order reversed": trees.order_reversed,
    "entries merged": trees.entries_merged,
    "blocks stripped": trees.blocks_stripped,
    "ids renamed": markup.ids_renamed,
    "white space collapsed": markup.white_space_collapsed,
    "deeply nested": markup.deeply_nested,
    "charset removed": markup.charset_removed,
    "table rows re-ordered": trees.rows_reordered,
    "stray end tag": markup.stray_end_tag,
    "consent overlay": markup.consent_overlay,
    "entities escaped twice": markup.entities_escaped_twice,
}
_WAYS: Mapping[Format, Mapping[str, Change]] = {
    "html": _HTML,
    "feed": {**_ANY, "order reversed": feeds.order_reversed, "blocks stripped": feeds.blocks_stripped},
    "text": {**_ANY, "order reversed": words.order_reversed, "blocks stripped": words.blocks_stripped},
    "docx": {**_ANY, "order reversed": words.word_reversed, "blocks stripped": words.word_stripped},
    "pdf": _ANY,
}

WAYS = tuple(_HTML)
HARMFUL = WAYS[:10]  # the ten that every page is tried with; the others try what a reader must see through


def broken(page: Page, way: str) -> Page | None:
    """The page changed in this way (one of WAYS); None where that leaves it as it is, or makes no sense for
    its kind."""
    try:
        change = _WAYS[format_of(page)].get(way)
    except UnreadableDocument:
        return None
    body = change(page.body) if change else None
    if body is None or body == page.body:
        return None
    if way in ("bot-block page", "chat-bot shell"):
        return replace(page, body=body, content_type="text/html; charset=utf-8")
    return replace(page, body=body)
