"""Blocks as the reader takes them: one line a heading, paragraph, point or row, furniture left out.

Paragraphs are parted at their forced line breaks, bullets typed as characters become points, and numbers
that only count are taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.models import Block, Document, Link, Span, fold
from bot.reading.grammar.families import LISTS, field_of
from bot.reading.runs import parted

LineKind = Literal["heading", "text", "point", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `lead` is the bold text that it begins with; `number` the number taken off its head."""

    kind: LineKind
    text: str
    level: int = 0
    bold: bool = False
    lead: str = ""
    number: str = ""
    links: tuple[Link, ...] = ()
    cells: tuple[tuple[Span, ...], ...] = ()
    header: bool = False
    group: int = 0

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def linked(self) -> bool:
        """Whether the words of its links are about all that it says."""
        if not self.links:
            return False
        rest = self.text
        for link in self.links:
            rest = rest.replace(link.label, " ", 1)
        rest = re.sub(r"(?i)\bopens? in (?:a )?new (?:window|tab)\b", " ", rest)
        rest = re.sub(r"(?i)\b(?:pdf|docx?|[\d.,]++\s*(?:kb|mb)|download|and|or|external link)\b", " ", rest)
        return not re.search(r"\w", rest)


_BULLET = re.compile(r"^\s*(?:[•·▪◦‣∙●○■□➢▶►❖✓✔→*]|[-–—](?=\s)|o(?=\s{2,}))\s*(?=\S)")
_NUMBERED = re.compile(
    r"^\s*(\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]|\d{1,2}(?:\.\d{1,2}){1,3}[.:)]?(?=\s+[A-Z“‘\"]))\s+(?=\S)"
)
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_REPEATED_BULLET = re.compile(r"\s[•▪●]\s")


def lines_of(blocks: Iterable[Block]) -> tuple[Line, ...]:
    """The lines of a page's blocks in reading order, furniture and empty ones left out."""
    found: list[Line] = []
    for block in blocks:
        if not block.furniture:
            found.extend(_lines_of_block(block))
    return tuple(found)


def furniture_texts(document: Document) -> tuple[str, ...]:
    """The texts that readers pass over, for what they say of who publishes the page."""
    return tuple(block.text for block in document.blocks if block.furniture and block.text)


def _lines_of_block(block: Block) -> Iterable[Line]:
    if block.kind == "row":
        if block.text.replace("|", "").strip():
            yield Line(
                kind="row",
                text=block.text,
                links=block.links,
                cells=block.cells,
                header=block.header,
                group=block.group,
            )
        return
    if block.kind == "heading":
        line = _line("heading", _clean(block.spans), block)
        if line.text:
            yield replace(line, level=block.level or 2)
        return
    if block.kind == "point":
        line = _line("point", _clean(block.spans), block)
        if _heads_points(line):
            yield replace(line, kind="text")
            return
        if line.text and re.search(r"\w", line.text):
            yield _unbulleted(replace(line, level=block.level or 1))
        return
    yield from _paragraph(block)


def _heads_points(line: Line) -> bool:
    """Whether a bullet is the label of those after it: `Key learning themes:`."""
    return line.text.endswith(":") and line.words <= 5 and field_of(line.text) in LISTS


def _paragraph(block: Block) -> Iterable[Line]:
    if _one_title(block):
        line = _line("text", _clean(block.spans), block)
        if re.search(r"\w", line.text):
            yield line
        return
    parts: list[Line] = []
    for spans in (part for at_break in _at_breaks(_clean(block.spans)) for part in parted(at_break)):
        line = _line("text", spans, block)
        if not re.search(r"\w", line.text):
            continue
        line = _unbulleted(line)
        if parts and line.kind == "text" and _continues(parts[-1], line):
            parts[-1] = _joined(parts[-1], line)
        else:
            parts.append(line)
    yield from parts


def _one_title(block: Block) -> bool:
    """Whether the lines of a paragraph are short and unfinished: a title or an address, not sentences."""
    lines = block.lines
    if len(lines) < 2 or len(lines) > 3 or block.links:
        return False
    if len({span.bold for span in block.spans if span.text.strip()}) > 1:  # a title, and what is said of it
        return False
    return all(
        len(line.split()) <= 14 and not re.search(r"[.:;?!]$", line) and not _BULLET.match(line)
        for line in lines
    )


def _clean(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(
        replace(span, text=_INVISIBLE.sub("", span.text)) if _INVISIBLE.search(span.text) else span
        for span in spans
    )


def _at_breaks(spans: tuple[Span, ...]) -> Iterable[tuple[Span, ...]]:
    """The spans of each line between forced breaks. A bullet inside a line breaks it too."""
    current: list[Span] = []
    for span in spans:
        pieces = _REPEATED_BULLET.sub("\n• ", span.text).split("\n")
        for number, piece in enumerate(pieces):
            if number:
                yield tuple(current)
                current = []
            if piece:
                current.append(span if piece == span.text else replace(span, text=piece))
    yield tuple(current)


def _line(kind: LineKind, spans: tuple[Span, ...], block: Block) -> Line:
    words = [span for span in spans if span.text.strip()]
    lead: list[Span] = []
    for span in words:
        if not span.bold:
            break
        lead.append(span)
    bold = bool(words) and len(lead) == len(words)
    shell = Block(kind="paragraph", spans=spans)
    return Line(
        kind=kind, text=fold(spans), bold=bold, lead=fold(tuple(lead)), links=shell.links, group=block.group
    )


def _unbulleted(line: Line) -> Line:
    bullet = _BULLET.match(line.text)
    if bullet:
        rest = line.text[bullet.end() :]
        return replace(line, kind="point", text=rest, lead=_BULLET.sub("", line.lead), level=line.level or 1)
    number = _NUMBERED.match(line.text)
    if number:
        rest = line.text[number.end() :]
        return replace(line, text=rest, number=number[1], lead=_NUMBERED.sub("", line.lead))
    return line


def _continues(before: Line, line: Line) -> bool:
    """Whether a forced break stands inside a sentence."""
    if line.links or before.links or line.bold != before.bold or line.number:
        return False
    return not re.search(r"[.!?:;…”\"')\]]$", before.text) and line.text[:1].islower()


def _joined(before: Line, line: Line) -> Line:
    return replace(before, text=f"{before.text} {line.text}", links=before.links + line.links)
