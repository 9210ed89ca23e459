"""A page as it came, and as blocks in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What to send with a conditional request, and the hash that catches servers which ignore it.

    `read_as` says how the page was read then: it is read again, changed or not, when that has changed.
    `whole_at`: when the page came whole, and not as unchanged.
    """

    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    read_as: str | None = None
    whole_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as they came, with what the server said of them. `url` is the last address after redirects."""

    url: str
    body: bytes
    content_type: str | None
    status: int = 200
    validators: Validators = Validators()
    fetched_at: datetime | None = None
    redirected_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The page is as it was (304, or the same bytes)."""

    url: str
    status: int = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text of one look. `text` keeps its edge spaces; a forced line break is "\\n"."""

    text: str
    bold: bool = False
    url: str | None = None  # absolute


BlockKind = Literal["heading", "paragraph", "point", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One heading, paragraph, bullet or table row, in reading order.

    `level`: of a heading 1 to 6 (1 the highest), of a point its depth from 1. `cells`: of a row, each
    cell's spans; `spans` then is empty. `header`: a row of column headings. `group`: the same number for
    blocks of one card, article, accordion panel, table or list; 0 for none. `furniture`: navigation,
    page header, footer, share links, cookie notes; readers pass over it.
    """

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    level: int = 0
    cells: tuple[tuple[Span, ...], ...] = ()
    header: bool = False
    group: int = 0
    furniture: bool = False

    @property
    def text(self) -> str:
        """White space folded, line breaks as spaces; cells joined by ` | `."""
        if self.cells:
            return " | ".join(fold(cell) for cell in self.cells)
        return fold(self.spans)

    @property
    def lines(self) -> tuple[str, ...]:
        """The text at its forced line breaks, each folded, empty ones left out."""
        parts = [self.spans, *self.cells]
        whole = "\n".join("".join(span.text for span in part) for part in parts)
        return tuple(line for line in (" ".join(part.split()) for part in whole.split("\n")) if line)

    @property
    def all_spans(self) -> tuple[Span, ...]:
        return self.spans + tuple(span for cell in self.cells for span in cell)

    @property
    def bold(self) -> bool:
        """Whether every word of it is bold: a heading by look alone."""
        words = [span for span in self.all_spans if span.text.strip()]
        return bool(words) and all(span.bold for span in words)

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links, neighbouring spans of one address joined."""
        found: list[Link] = []
        for url, spans in groupby(self.all_spans, key=lambda span: span.url):
            if url:
                found.append(Link(label=fold(tuple(spans)), url=url))
        return tuple(found)


def fold(spans: tuple[Span, ...]) -> str:
    """The text of spans with white space (no-break spaces too) folded to single spaces."""
    return " ".join("".join(span.text for span in spans).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item of a feed. `published` is the date as written, `YYYY-MM-DD`, else the updated date."""

    id: str
    title: str
    url: str | None
    published: str | None
    blocks: tuple[Block, ...]


Format = Literal["html", "feed", "pdf", "docx", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page or document as blocks in reading order. `published` comes from its metadata, if any."""

    format: Format
    url: str
    title: str | None = None
    blocks: tuple[Block, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    language: str | None = None
    published: str | None = None
