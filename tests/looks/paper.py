"""What a printed page has on it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each font that Chromium writes
A4 = (595, 842)  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`size` of the first page, `smallest` letter, and the space left at the sides, in points; `palest`: the
    ink's brightness from 0 (black) to 1."""

    pages: int
    size: tuple[int, int]
    smallest: float
    left: float
    right: float
    palest: float


def paper(pdf: Path) -> Paper:
    """Measures a PDF file that has text on its pages."""
    pages = list(extract_pages(pdf))
    letters = [one for page in pages for one in letters_of(page) if one.get_text().strip()]
    wide, high = pages[0].width, pages[0].height
    return Paper(
        pages=len(pages),
        size=(int(wide), int(high)),
        smallest=min(one.size for one in letters),
        left=min(one.x0 for one in letters),
        right=wide - max(one.x1 for one in letters),
        palest=max(brightness(one.graphicstate.ncolor) for one in letters),
    )


def letters_of(part: object) -> Iterator[LTChar]:
    if isinstance(part, LTChar):
        yield part
    elif hasattr(part, "__iter__"):
        for inner in part:
            yield from letters_of(inner)


def brightness(ink: object) -> float:
    """Of a PDF's colour: one number of grey, or three of red, green and blue."""
    parts = [float(one) for one in ink] if isinstance(ink, (tuple, list)) else [float(str(ink))]
    return sum(parts) / len(parts)
