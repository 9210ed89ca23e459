"""Rows of a table of reviews: the cell that names one, its documents, how each stands, what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.models import Document, ReviewType, Span
from bot.reading.grammar.dates import find_dates, first_date, only_date, without_date
from bot.reading.grammar.families import field_of
from bot.reading.grammar.places import known_place, partnership_places
from bot.reading.grammar.status import status_in, without_note
from bot.reading.grammar.titles import Heading, split_line
from bot.reading.grammar.types import kind_named, review_type
from bot.reading.lines import Line
from bot.reading.lists.items import Item, Over, is_review_line, kind_over, reviews_section
from bot.reading.records.about import kind_of_group
from bot.reading.records.reviews import is_no_review
from bot.reading.urls import own_links

_CASE_COLUMN = re.compile(
    r"^(?:case|child|subject|review|name)(?: (?:name|title|reference|ref))?$", re.IGNORECASE
)
_TITLE_COLUMN = re.compile(r"\b(?:case|name|title|review|subject|report|child|document)\b", re.IGNORECASE)
_KIND_COLUMN = re.compile(r"\b(?:type|kind|category|class)\b", re.IGNORECASE)
_PLACE_COLUMN = re.compile(
    r"\b(?:area|partnership|board|authority|lscb|lscp|council|place|where)\b", re.IGNORECASE
)
_LATER_COLUMN = re.compile(
    r"\b(?:modified|updated|changed|edited|created|reviewed|accessed|due|incident|death)\b", re.I
)
_NO_REVIEW_KIND = re.compile(
    r"\b(?:event|tool|resource|template|audit|video|leaflet|news)s?\b", re.IGNORECASE
)


def row_items(line: Line, over: Over, document: Document) -> Iterable[Item]:
    """The review that a row names, if any. A row of column headings is kept for the rows under it."""
    cells = [_cell_text(cell) for cell in line.cells]
    if line.header:
        over.columns = tuple(cells)
        return
    title_at = _title_cell(cells, over.columns)
    if title_at is None or _is_of_other_kind(cells, over.columns):
        return
    title = without_note(cells[title_at])
    links = own_links(line.links, document.url)
    others = [cell for place, cell in enumerate(cells) if place != title_at and cell]
    status = next((found for cell in others if (found := status_in(cell))), status_in(cells[title_at]))
    lines = list(_told(line, cells, title_at, over.columns))
    if not links and not status and not lines:
        return
    kind = _kind_in(others)
    if is_no_review(title) or not (
        is_review_line(title, over) or kind or reviews_section(over) or _about_reviews(over, document)
    ):
        return
    heading = _placed(split_line(title), cells, over.columns)
    published = (
        heading.published
        or next(
            (date for cell in _not_later(cells, title_at, over.columns) if (date := _date_of(cell))), None
        )
        or over.published
    )
    yield Item(
        text=title,
        heading=heading,
        links=links,
        published=published,
        year=over.year if published is None else None,
        status=status,
        kind=review_type(heading.title) or kind or kind_over(over) or kind_of_group(document.title or ""),
        over=over.text,
        batch=over.batch,
        reviews_section=True,
        row=True,
        lines=lines,
    )


def says_other(badge: str) -> bool:
    """Whether the badge of a tile says that it leads to no review: `Form`, `Training`, but not `News`."""
    return len(badge.split()) <= 4 and is_other_kind(badge) and "news" not in badge.casefold()


def _not_later(cells: Sequence[str], title_at: int, columns: Sequence[str]) -> Iterator[str]:
    """The cells that may date a review: not those of when its file was last changed."""
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else ""
        if place != title_at and not _LATER_COLUMN.search(column):
            yield cell


def _is_of_other_kind(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether the column of kinds says that a row is no review: `Policy`, `Training`."""
    return any(
        is_other_kind(cell)
        for column, cell in zip(columns, cells, strict=False)
        if _KIND_COLUMN.search(column) and len(cell.split()) <= 4
    )


def is_other_kind(text: str) -> bool:
    """Whether the few words that give the kind of a row or a tile are of no review: `Policy`, `Training`."""
    return kind_named(text) is None and (is_no_review(text) or bool(_NO_REVIEW_KIND.search(text)))


def _told(line: Line, cells: Sequence[str], title_at: int, columns: Sequence[str]) -> Iterator[Line]:
    """What the cells of a row tell of its review, each under its column's heading where that names a part."""
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else ""
        part = field_of(column) if column else None
        if place == title_at or len(cell.split()) < (4 if part not in (None, "links", "furniture") else 12):
            continue
        if status_in(cell) or any(link.label and link.label in cell for link in line.links):
            continue
        if part not in (None, "links", "furniture"):
            yield Line(kind="heading", text=column, level=6)
        yield Line(kind="text", text=cell)


def _placed(heading: Heading, cells: Sequence[str], columns: Sequence[str]) -> Heading:
    """The heading with the place that the row's own column gives."""
    for column, cell in zip(columns, cells, strict=False):
        if heading.place is None and _PLACE_COLUMN.search(column) and cell:
            places = partnership_places(cell)
            place = known_place(cell) or (places[0] if len(places) == 1 else None)
            heading = replace(heading, place=place, placed=True) if place else heading
    return heading


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


def _title_cell(cells: Sequence[str], columns: Sequence[str]) -> int | None:
    """The cell that names the review: under its column, else the first that is no date or status."""
    own = next((place for place, column in enumerate(columns) if _CASE_COLUMN.match(column.strip())), None)
    if own is not None and own < len(cells) and len(cells) == len(columns) and not cells[own]:
        return None
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
