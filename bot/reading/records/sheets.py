"""Pages filled in like a form: a label in one cell or line, what it opens in the next. Lists of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from bot.models import Block, Span
from bot.reading.grammar.families import LISTS, field_of
from bot.reading.lines import Line, lines_of

# What a form says of the review itself: `Type of review`, `Date published`.
_OF_THE_REVIEW = re.compile(
    r"(?:(?:type|kind) of review|review type|(?:date )?(?:first )?published(?: on| by| date)?|"
    r"publication date|date of publication|date|author|(?:lead |independent )?reviewer|"
    r"(?:safeguarding )?(?:partnership|board)|local authority|publisher|area|(?:review )?reference|"
    r"case|subject|name)\s*:?",
    re.IGNORECASE,
)
_NAME_LABEL = re.compile(r"(?:type|kind) of review|review type|case|subject|name", re.IGNORECASE)
_TOLD = ("incident", "summary", "background", "section")
_DATE_LABEL = re.compile(r"date|published|publication", re.IGNORECASE)


def unfolded(lines: Sequence[Line]) -> list[Line]:
    """The lines with forms written out: a heading and its text for each row of a table of labels, a line
    `Label: value` for what a form says of the review. A list of the page's own headings goes."""
    found: list[Line] = []
    for _, group in groupby(lines, key=lambda line: line.group if line.kind == "row" else None):
        rows = list(group)
        if _is_form(rows):
            found.extend(_written_out(rows))
        elif any(_names_columns(row) for row in rows) and not any(row.links for row in rows):
            found.extend(_by_column(rows))
        else:
            found.extend(rows)
    return _without_contents(list(_labels_joined(found)))


def _is_form(rows: Sequence[Line]) -> bool:
    """Whether a table has a label in each row's first cell and what it opens in the second."""
    if len(rows) < 2 or any(row.kind != "row" or row.header or len(row.cells) != 2 for row in rows):
        return False
    labels = [_text(row.cells[0]) for row in rows]
    known = [
        label
        for label in labels
        if field_of(label) not in (None, "furniture") or _OF_THE_REVIEW.fullmatch(label)
    ]
    short = all(len(label.split()) <= 12 for label in labels)
    return short and len(known) >= max(2, 0.5 * len(rows)) and len({field_of(label) for label in labels}) >= 2


def _written_out(rows: Sequence[Line]) -> Iterator[Line]:
    for row in rows:
        label, cell = _text(row.cells[0]), row.cells[1]
        if _OF_THE_REVIEW.fullmatch(label):
            yield _said(label, replace(row, kind="text", cells=(), text=_text(cell)))
            continue
        yield Line(kind="heading", level=4, text=label, bold=True)
        yield from lines_of([Block(kind="paragraph", spans=cell)])


def _names_columns(row: Line) -> bool:
    """Whether a row's cells are headings of different families: boxes side by side, or columns of points."""
    labels = [_text(cell) for cell in row.cells]
    if row.kind != "row" or not 2 <= len(labels) <= 4 or any(len(label.split()) > 9 for label in labels):
        return False
    fields = [field_of(label) for label in labels if label]
    opened = {field for field in fields if field in LISTS or field in _TOLD}
    return len(fields) == len(labels) and None not in fields and len(opened) >= 2


def _by_column(rows: Sequence[Line]) -> Iterator[Line]:
    """The boxes or columns of a table one after the other, each under its own heading."""
    begins = [place for place, row in enumerate(rows) if _names_columns(row) or _is_lone_heading(row)]
    if begins[0]:
        yield from rows[: begins[0]]
    for begin, end in pairwise([*begins, len(rows)]):
        for column, label in enumerate(rows[begin].cells):
            if _text(label):
                yield Line(kind="heading", level=4, text=_text(label), bold=True, group=rows[begin].group)
            for row in rows[begin + 1 : end]:
                if column < len(row.cells):
                    yield from lines_of([Block(kind="paragraph", spans=row.cells[column])])


def _is_lone_heading(row: Line) -> bool:
    """A row of which one cell alone is filled, with a heading: the last box, or a box across the page."""
    filled = [_text(cell) for cell in row.cells if _text(cell)]
    return len(filled) == 1 and len(filled[0].split()) <= 6 and field_of(filled[0]) is not None


def _labels_joined(lines: Sequence[Line]) -> Iterator[Line]:
    """A label of the review and the line after it as one: `Published`, `19 February 2024`."""
    waiting: Line | None = None
    for line in lines:
        if waiting is not None:
            if line.kind == "text" and line.words <= 12 and not line.linked:
                yield _said(waiting.text, line)
                waiting = None
                continue
            yield waiting
            waiting = None
        if line.kind == "text" and not line.links and line.words <= 4 and _OF_THE_REVIEW.fullmatch(line.text):
            waiting = line
        else:
            yield line
    if waiting is not None:
        yield waiting


def _said(label: str, value: Line) -> Line:
    """The value, with its label where that tells a date or a place from a name."""
    label = label.rstrip(" :")
    if _NAME_LABEL.fullmatch(label):
        return replace(value, bold=False, lead="")
    label = "Published" if _DATE_LABEL.match(label) and not label.endswith("by") else label
    return replace(value, text=f"{label}: {value.text}", bold=False, lead="")


def _without_contents(lines: list[Line]) -> list[Line]:
    """The lines less those that only name headings of the page: its contents, the labels of its tabs."""
    headings = Counter(line.text.casefold() for line in lines if line.kind == "heading")
    names = [
        place
        for place, line in enumerate(lines)
        if line.kind in ("point", "text") and line.words <= 12 and line.text.casefold() in headings
    ]
    if len(names) < 2:
        return lines
    gone = set(names)
    return [line for place, line in enumerate(lines) if place not in gone]


def _text(cell: Sequence[Span]) -> str:
    return " ".join("".join(span.text for span in cell).split())
