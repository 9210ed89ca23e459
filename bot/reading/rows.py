"""Rows of a table of reviews: the cell that names one, its documents, and how each stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.models import Document, ReviewType, Span
from bot.reading.about import kind_of_group
from bot.reading.dates import find_dates, first_date, only_date, without_date
from bot.reading.items import Item, Over, is_review_line, kind_over, reviews_section
from bot.reading.lines import Line
from bot.reading.reviews import is_no_review
from bot.reading.status import status_in, without_note
from bot.reading.titles import split_line
from bot.reading.types import kind_named, review_type
from bot.reading.urls import own_links


def row_items(line: Line, over: Over, document: Document) -> Iterable[Item]:
    cells = [_cell_text(cell) for cell in line.cells]
    if line.header:
        over.columns = tuple(cells)
        return
    title_at = _title_cell(cells, over.columns)
    if title_at is None:
        return
    title = without_note(cells[title_at])
    links = own_links(line.links, document.url)
    others = [cell for place, cell in enumerate(cells) if place != title_at and cell]
    status = next((found for cell in others if (found := status_in(cell))), status_in(cells[title_at]))
    if not links and not status:
        return
    if is_no_review(title) or not (
        is_review_line(title, over) or reviews_section(over) or _about_reviews(over, document)
    ):
        return
    heading = split_line(title)
    published = (
        heading.published
        or next((date for cell in others if (date := _date_of(cell))), None)
        or over.published
    )
    yield Item(
        text=title,
        heading=heading,
        links=links,
        published=published,
        year=over.year if published is None else None,
        status=status,
        kind=review_type(heading.title)
        or _kind_in(others)
        or kind_over(over)
        or kind_of_group(document.title or ""),
        over=over.text,
        batch=over.batch,
        reviews_section=True,
    )


def _about_reviews(over: Over, document: Document) -> bool:
    return (
        any(kind_named(text) for text in over.headings.values())
        or kind_named(document.title or "") is not None
    )


def _kind_in(cells: Sequence[str]) -> ReviewType | None:
    return next((kind for cell in cells if len(cell.split()) <= 8 and (kind := review_type(cell))), None)


def _date_of(cell: str) -> str | None:
    return first_date(cell) if find_dates(cell) and len(cell.split()) <= 10 else None


def _cell_text(cell: tuple[Span, ...]) -> str:
    return " ".join("".join(span.text for span in cell).split())


_TITLE_COLUMN = re.compile(r"\b(?:case|name|title|review|subject|report|child|document)\b", re.IGNORECASE)


def _title_cell(cells: Sequence[str], columns: Sequence[str]) -> int | None:
    """The cell that names the review: under its column, else the first that is no date or status."""
    for place, column in enumerate(columns):
        if _TITLE_COLUMN.search(column) and place < len(cells) and _could_name(cells[place]):
            return place
    return next((place for place, cell in enumerate(cells) if _could_name(cell)), None)


def _could_name(cell: str) -> bool:
    if not re.search(r"\w", cell) or only_date(cell) or len(cell.split()) > 30:
        return False
    bare, date = without_date(cell)
    if date and re.fullmatch(r"(?i)\W*(?:published|publication date|updated)?\W*", bare):
        return False
    return not (status_in(cell) and len(without_note(cell).split()) < 2) and not re.fullmatch(
        r"(?i)(?:(?:download|view|read|open|pdf|word|to follow|n/?a|tbc|link|report|the|full|english|welsh|"
        r"cymraeg|saesneg|adroddiad)\b\W*)+",
        cell,
    )
