"""Pages for the reader's tests: real layouts, invented places, children and words."""

from __future__ import annotations

from html import escape

from bot.formats import open_document
from bot.models import Block, BlockKind, Document, Page, Reading, Source, Span
from bot.reading import read

ADDRESS = "https://wetherbyvalescp.example.org/learning/"


def read_html(body: str, *, title: str = "", heading: str = "", source: Source | None = None) -> Reading:
    """What the reader makes of a page of the Wetherby Vale partnership with this body."""
    head = f"<h1>{heading}</h1>" if heading else ""
    page = (
        f"<html><head><title>{title or heading} - Wetherby Vale Safeguarding Children Partnership</title></head>"
        f"<body><header><nav><ul><li><a href='/'>Home</a></li><li><a href='/neglect'>Neglect</a></li></ul></nav>"
        f"</header><main>{head}{body}</main><footer><p>© 2024 Wetherby Vale SCP</p></footer></body></html>"
    )
    return read(
        open_document(Page(url=ADDRESS, body=page.encode(), content_type="text/html; charset=utf-8")),
        source=source,
    )


def read_text(text: str) -> Reading:
    """What the reader makes of a text file."""
    return read(
        open_document(Page(url=ADDRESS, body=text.encode(), content_type="text/plain; charset=utf-8"))
    )


def read_feed(
    *items: tuple[str, str], title: str = "Wetherby Vale Safeguarding Children Partnership"
) -> Reading:
    """What the reader makes of a feed of items, each a title and its body as mark-up."""
    entries = "".join(
        f"<item><title>{name}</title><link>{ADDRESS}{number}</link><description>{escape(body)}</description>"
        f"<pubDate>Thu, 10 Oct 2024 09:00:00 +0100</pubDate></item>"
        for number, (name, body) in enumerate(items)
    )
    feed = f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>"
    return read(
        open_document(
            Page(url=ADDRESS, body=feed.encode(), content_type="application/rss+xml; charset=utf-8")
        )
    )


def block(kind: BlockKind, text: str, *, level: int = 0, bold: bool = False) -> Block:
    """One block of one span."""
    return Block(kind=kind, spans=(Span(text=text, bold=bold),), level=level)


def document(*blocks: Block) -> Document:
    """A page of these blocks."""
    return Document(format="html", url=ADDRESS, blocks=blocks)
