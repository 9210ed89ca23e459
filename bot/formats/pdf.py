"""PDF, by pdfminer.six: of the readers compared it alone keeps text that is drawn out of order.

A PDF can be made to eat memory and time. Open it through `bot.fetch.sandbox`.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTCurve, LTFigure, LTImage, LTPage, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text

from bot.errors import UnreadableDocument
from bot.formats.inline import absolute
from bot.formats.pdf_blocks import blocks_of
from bot.formats.pdf_lines import Box, Line, Piece
from bot.formats.pdf_order import in_order
from bot.formats.sniff import tidy
from bot.models import Block, Document, Page, Span

MOST_PAGES = 400  # an overview report has 20 to 150; at 10 to 40 ms a page this is what 15 s can read
_FEW_LETTERS = 200  # a scanned report has at most a stamp or a scanner's note as text
_CID = re.compile(r"\(cid:\d+\)")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–|\s]*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?[-–|\s]*", re.I)
_BOLD = re.compile(r"bold|black|heavy|semibd|demi", re.I)
_DAMAGED = (
    PSException, PDFException, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError,
    struct.error, zlib.error, RecursionError, OverflowError, NotImplementedError, ZeroDivisionError, EOFError,
)  # fmt: skip

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each odd font, thousands of times


def open_pdf(page: Page) -> Document:
    """A PDF as blocks, its first 400 pages.

    Raises UnreadableDocument for one that is locked, cut off, damaged, scanned (pictures of text), or
    whose letters have no text behind them.
    """
    if b"%%EOF" not in page.body[-4096:]:
        raise UnreadableDocument(
            f"{page.url} is a PDF that is cut off before its end; it must be fetched or published again."
        )
    try:
        title, pages, heights, pictures = _read(page.body, page.url)
    except PDFPasswordIncorrect as error:
        raise UnreadableDocument(
            f"{page.url} is a PDF locked with a password; ask its publisher for an open one."
        ) from error
    except _DAMAGED as error:
        raise UnreadableDocument(f"{page.url} is a PDF that is damaged and cannot be opened.") from error
    _refuse_unreadable(page, [line for lines, _ in pages for line in lines], pictures)
    kept, small = _without_running_lines([lines for lines, _ in pages], [box[3] for box in heights])
    ordered: list[list[Piece]] = [
        in_order(lines, boxes, size) for lines, (_, boxes), size in zip(kept, pages, heights, strict=True)
    ]
    blocks = [_tidied(block) for block in blocks_of(ordered)]
    blocks += [Block(kind="paragraph", spans=line.spans, furniture=True) for line in small]
    return Document(
        format="pdf", url=page.url, title=title, blocks=tuple(block for block in blocks if block.text)
    )


def _refuse_unreadable(page: Page, lines: list[Line], pictures: int) -> None:
    text = "".join(line.text for line in lines)
    letters = sum(1 for char in text if char.isalnum())
    if letters < _FEW_LETTERS and pictures:
        raise UnreadableDocument(
            f"{page.url} is a scanned PDF: its pages are pictures of text, for a person to read."
        )
    if not letters:
        raise UnreadableDocument(f"{page.url} is a PDF without words: its pages are blank or drawings.")
    if text.count("\ufffd") * 4 > len(text):
        raise UnreadableDocument(
            f"{page.url} is a PDF whose letters have no text behind them; ask its publisher for another."
        )


Read = tuple[str | None, list[tuple[list[Line], list[Box]]], list[Box], int]


def _read(body: bytes, url: str) -> Read:
    """Title; each page's lines and drawn boxes; each page's box; how many pictures there are."""
    document = PDFDocument(PDFParser(io.BytesIO(body)))
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    pages: list[tuple[list[Line], list[Box]]] = []
    sizes: list[Box] = []
    pictures = 0
    for number, leaf in enumerate(PDFPage.create_pages(document)):
        if number == MOST_PAGES:
            break
        interpreter.process_page(leaf)
        layout: LTPage = device.get_result()
        links = list(_links(leaf, url))
        items = list(_walk(layout))
        pages.append(
            (
                [
                    line
                    for item in items
                    if isinstance(item, LTTextLine)
                    for line in _lines(item, number, links)
                ],
                [_box(item) for item in items if isinstance(item, LTCurve)],
            )
        )
        pictures += sum(1 for item in items if isinstance(item, LTImage))
        sizes.append(_box(layout))
    if not pages:
        raise PDFException("no pages")
    return _title(document), pages, sizes, pictures


def _box(item: Any) -> Box:
    left, bottom, right, top = item.bbox
    return left, bottom, right, top


def _walk(layout: Any) -> Iterator[Any]:
    """Every line, drawn shape and picture of a page, those inside figures and boxes too."""
    stack = [iter(layout)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, (LTTextLine, LTImage, LTCurve)):
            yield item
        elif isinstance(item, LTFigure) or hasattr(item, "__iter__"):
            stack.append(iter(item))


def _links(leaf: PDFPage, base: str) -> Iterator[tuple[Box, str]]:
    """The page's link annotations that lead to an address (ISO 32000-1, 12.5.6.5 and 12.6.4.7)."""
    notes = resolve1(leaf.annots)
    for note in notes if isinstance(notes, list) else []:
        note = resolve1(note)
        action = resolve1(note.get("A")) if isinstance(note, dict) else None
        uri = resolve1(action.get("URI")) if isinstance(action, dict) else None
        rect = resolve1(note.get("Rect")) if isinstance(note, dict) else None
        if not isinstance(uri, bytes) or not isinstance(rect, list) or len(rect) != 4:
            continue
        address = absolute(uri.decode("utf-8", errors="replace"), base)
        numbers = [float(resolve1(value)) for value in rect]
        if address:
            yield (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])), address


def _lines(line: LTTextLine, number: int, links: list[tuple[Box, str]]) -> list[Line]:
    """A line of pdfminer's as ours; none where it has no words."""
    near = [link for link in links if _touch(link[0], line.bbox)]
    runs: list[tuple[list[str], bool, str | None]] = []  # letters, bold, address
    sizes: Counter[float] = Counter()
    left = bottom = inf
    right = top = -inf
    for char in line:
        bold, url, text = (runs[-1][1], runs[-1][2], " ") if runs else (False, None, " ")
        if isinstance(char, LTChar):
            text = char.get_text()
            if not text.isascii() or len(text) > 1:
                text = _letters(text, at_start=not sizes)
            if text.strip() or not runs:
                bold, url = _is_bold(char.fontname), _link_at(char.bbox, near) if near else None
            if text.strip():
                sizes[char.size] += 1
                x0, y0, x1, y1 = char.bbox
                left, bottom = min(left, x0), min(bottom, y0)
                right, top = max(right, x1), max(top, y1)
        if not runs or runs[-1][1] != bold or runs[-1][2] != url:
            runs.append(([], bold, url))
        runs[-1][0].append(text)
    if not sizes:
        return []
    spans = tuple(Span(text="".join(letters), bold=bold, url=url) for letters, bold, url in runs)
    return [Line(box=(left, bottom, right, top), spans=spans, size=_usual(sizes), page=number)]


def _usual(sizes: Counter[float]) -> float:
    rounded: Counter[float] = Counter()
    for size, times in sizes.items():
        rounded[round(size, 1)] += times
    return rounded.most_common(1)[0][0]


@lru_cache(maxsize=512)
def _is_bold(font: str) -> bool:
    return bool(_BOLD.search(font))


def _letters(text: str, *, at_start: bool) -> str:
    """A glyph's text: ligatures as letters; a glyph without text is a bullet where a line begins."""
    if _CID.fullmatch(text):
        return "•" if at_start else "\ufffd"
    return unicodedata.normalize("NFKC", text) if "\ufb00" <= text[:1] <= "\ufb06" else text


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _link_at(box: Box, links: list[tuple[Box, str]]) -> str | None:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return next((url for area, url in links if area[0] <= x <= area[2] and area[1] <= y <= area[3]), None)


def _tidied(block: Block) -> Block:
    def clean(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(Span(text=tidy(span.text), bold=span.bold, url=span.url) for span in spans)

    return replace(block, spans=clean(block.spans), cells=tuple(clean(cell) for cell in block.cells))


def _title(document: PDFDocument) -> str | None:
    """The title in the document's information, unless it is a file name left by the program that made it."""
    for info in document.info:
        raw = resolve1(info.get("Title"))
        text = decode_text(raw) if isinstance(raw, bytes) else ""
        title = " ".join(tidy(text).split())
        if title and not re.search(r"^microsoft word|^untitled|\.(?:docx?|indd|pub|pdf)$", title, re.I):
            return title
    return None


def _without_running_lines(
    pages: list[list[Line]], heights: Sequence[float]
) -> tuple[list[list[Line]], list[Line]]:
    """The lines of each page without running headers, footers and page numbers; and small print at the foot.

    A running line says the same, numbers aside, at the same height on three pages or on more than half.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        seen.update({_place(line) for line in lines if not 0.1 * height < line.box[1] < 0.88 * height})
    enough = max(2, min(3, len(pages)))
    kept: list[list[Line]] = []
    small: list[Line] = []
    sizes = Counter(round(line.size) for lines in pages for line in lines for _ in line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10
    for lines, height in zip(pages, heights, strict=True):
        kept.append([])
        for line in lines:
            edge = not 0.1 * height < line.box[1] < 0.88 * height
            if edge and (seen[_place(line)] >= enough or _PAGE_NUMBER.fullmatch(line.text.strip())):
                continue
            if line.box[3] < 0.06 * height and line.size < 0.85 * body:
                small.append(line)
            else:
                kept[-1].append(line)
    return kept, small


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", " ".join(line.text.split())), round(line.box[1] / 6)
