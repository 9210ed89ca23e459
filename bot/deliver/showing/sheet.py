"""The sheet for a team meeting: how much of each review goes on it, so that a usual week fits one A4 page."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from bot.deliver import words
from bot.deliver.showing.shown import Detail, DigestShown, Passage, Points, ReviewShown

ANY = 10_000_000
EVERYTHING = Detail(full=ANY, parts=ANY, points=ANY, prose=ANY, point=ANY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much of each review. `point`: characters; `lines`: to write on below each question; `rows`: for
    what will be done."""

    points: int
    point: int
    questions: int
    lines: int
    rows: int


AMOUNTS = (
    Amount(points=3, point=400, questions=8, lines=3, rows=5),
    Amount(points=3, point=300, questions=6, lines=2, rows=4),
    Amount(points=3, point=240, questions=5, lines=1, rows=4),
    Amount(points=3, point=200, questions=4, lines=1, rows=3),
    Amount(points=2, point=200, questions=3, lines=1, rows=3),
    Amount(points=2, point=150, questions=2, lines=1, rows=3),
    Amount(points=2, point=110, questions=2, lines=1, rows=3),
)
BEYOND_ONE_PAGE = Amount(points=3, point=300, questions=6, lines=1, rows=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShown:
    """One review on the sheet. `heading`: what its points are; empty where there are none."""

    review: ReviewShown
    heading: str
    points: Points
    questions: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetShown:
    """The reviews on the sheet, and those that are no longer offered, which are only named. `lines` and
    `rows`: room to write."""

    items: tuple[ItemShown, ...]
    withdrawn: tuple[ReviewShown, ...]
    lines: int
    rows: int


def sheet_of(digest: DigestShown) -> SheetShown:
    """The sheet of a digest that is shown whole: as much as goes on one page; where that is not possible,
    more of each, on several."""
    sheets = (_sheet(digest, amount) for amount in AMOUNTS)
    return next((one for one in sheets if _height(one) <= PAGE), _sheet(digest, BEYOND_ONE_PAGE))


def _sheet(digest: DigestShown, amount: Amount) -> SheetShown:
    return SheetShown(
        items=tuple(_item(review, amount) for review in digest.reviews if not review.withdrawn),
        withdrawn=tuple(review for review in digest.reviews if review.withdrawn),
        lines=amount.lines,
        rows=amount.rows,
    )


def _item(review: ReviewShown, amount: Amount) -> ItemShown:
    """What was learned; where the source does not say, the first else that can be talked about."""
    parts = [("Key learning", review.learning), ("Recommendations", review.recommendations)]
    parts += [(heading or "From the source", points) for heading, points in review.other]
    heading, points = next(((name, part) for name, part in parts if part.shown), ("", Points()))
    return ItemShown(
        review=review,
        heading=heading,
        points=_first(points, amount.points, amount.point),
        questions=_first(review.questions, amount.questions, 2 * amount.point),
    )


def _first(points: Points, number: int, length: int) -> Points:
    cut = (words.cut(point.text, length) for point in points.shown[:number])
    shown = tuple(Passage(text=text, goes_on=goes_on) for text, goes_on in cut)
    return Points(shown=shown, more=len(points.shown) - len(shown))


# How tall it is on paper, in millimetres, as web/meeting.css has it; a little on the high side, since fonts
# differ, and a sheet with one question fewer is no harm.
PAGE = 277.0
HEAD = 22.0  # its heading, dates and note
LINE = 5.1
TITLE = 5.8
ADDRESS = 4.5
HEADING = 6.0
WRITE = 6.7
AROUND = 3.5  # lines and space between reviews
ROW = 8.2  # of the table to write in
TABLE = 7.5  # its headings
ACROSS_TITLE, ACROSS_ADDRESS, ACROSS_COLUMN, ACROSS_PAGE = 72, 95, 47, 95  # letters on a line


def _height(sheet: SheetShown) -> float:
    told = sum(_of_item(one, sheet.lines) for one in sheet.items)
    withdrawn = (AROUND + TITLE + LINE) * len(sheet.withdrawn)
    return HEAD + told + withdrawn + TABLE + ROW * sheet.rows


def _of_item(item: ItemShown, lines: int) -> float:
    review = item.review
    above = AROUND + TITLE * _lines(f"{review.title}, {review.place or ''}", ACROSS_TITLE)
    above += ADDRESS * _lines(review.address or "", ACROSS_ADDRESS) + LINE * len(review.differences)
    if item.points.shown and item.questions.shown:
        left, right = (
            _of_points(item.points, ACROSS_COLUMN, 0),
            _of_points(item.questions, ACROSS_COLUMN, lines),
        )
        return above + max(left, right)
    alone = _of_points(item.points, ACROSS_PAGE, 0) + _of_points(item.questions, ACROSS_PAGE, lines)
    return above + alone + (0 if item.questions.shown else HEADING + WRITE * lines)


def _of_points(points: Points, across: int, lines: int) -> float:
    each = [LINE * _lines(point.text, across) + 1 + WRITE * lines for point in points.shown]
    return HEADING + sum(each) if each else 0.0


def _lines(text: str, across: int) -> int:
    return ceil(len(text) / across)
