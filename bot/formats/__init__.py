"""Bytes into a Document: one file a format, `open_document` the only door."""

from __future__ import annotations

from bot.formats.feed import open_feed
from bot.formats.html import open_html
from bot.formats.sniff import format_of
from bot.formats.text import open_text
from bot.models import Document, Page, Source

__all__ = ["format_of", "open_document", "picked"]


def open_document(page: Page) -> Document:
    """The page as blocks in reading order.

    Raises UnreadableDocument, one sentence, for what is empty, cut off, locked, scanned or of another kind.
    A PDF or Word file can be made to eat memory and time: open those through `bot.fetch.sandbox.Sandbox`.
    """
    kind = format_of(page)
    if kind == "pdf":
        # Its import costs 0.2 s, which only the sandboxed child need pay.
        from bot.formats.pdf import open_pdf

        return open_pdf(page)
    if kind == "docx":
        from bot.formats.docx import open_docx  # as above

        return open_docx(page)
    return {"html": open_html, "feed": open_feed, "text": open_text}[kind](page)


def picked(page: Page, source: Source | None) -> Page:
    """What the source's own selectors leave of the page; all of it where it has none. Raises
    UnreadableDocument where they find nothing."""
    if source is None or source.select is None:
        return page
    from bot.formats.selection import selected  # few sources have any, and it takes a while to load

    return selected(page, source.select)
