"""How a doubt is said: what was seen, what was expected, what to do."""

from __future__ import annotations

from bot.errors import UnreadableDocument
from bot.models import Source


def doubt(source: Source, seen: str, remedy: str) -> UnreadableDocument:
    """`seen` follows the address; `remedy` follows `If that is right,`."""
    return UnreadableDocument(f"{source.url} {seen}; nothing was kept. If that is right, {remedy}")


def cut_short(source: Source, seen: str) -> UnreadableDocument:
    """A page that did not come whole. Nobody is told to accept it: readers would hear of the missing half."""
    return UnreadableDocument(
        f"{source.url} {seen}; nothing was kept. Look whether the page is whole in a browser; the next poll "
        "tries again"
    )


def accept_it(source: Source) -> str:
    return f"run `learning-bot poll {source.id} --accept`"


def counted(count: int) -> str:
    return "no reviews" if count == 0 else "1 review" if count == 1 else f"{count} reviews"
