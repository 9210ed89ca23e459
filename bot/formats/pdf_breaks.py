"""Where a paragraph of a PDF ends that no gap tells from the next: room left over, or bullets only drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.formats.pdf_lines import Line

_ENDS = re.compile(r"[.?!][”’\"')]*\s*$")
_BEGINS = re.compile(r"[“‘\"'(]?[A-Z]")


def breaks_here(
    above: Sequence[Line], row: Sequence[Line], *, right: float, heading_left: float | None
) -> bool:
    """Whether a new paragraph begins with this row.

    `right` is where the full lines of the column end, `heading_left` where the heading over them begins. A
    sentence ends with the row above, and either the next word would have had room there, or the text is
    indented under its heading, as a list is whose bullets are pictures.
    """
    last, first = above[-1], row[0]
    if not _ENDS.search(last.text) or not _BEGINS.match(first.text):
        return False
    if (
        heading_left is not None
        and 4 < first.box[0] - heading_left < 30
        and abs(above[0].box[0] - first.box[0]) < 1
    ):
        return True
    letters = max(len(first.text.strip()), 1)
    word = len(first.text.split()[0]) * (first.box[2] - first.box[0]) / letters
    return last.box[2] + word + 0.4 * last.size < right - 0.5 * last.size


def right_edge(rows: Sequence[Sequence[Line]]) -> float:
    """Where the full lines of a column end: the furthest of those that others follow in the same size."""
    ends = [one[-1].box[2] for one, two in pairwise(rows) if abs(one[-1].size - two[0].size) < 0.6]
    return max(ends, default=0.0)


def usual_pitch(rows: Sequence[Sequence[Line]], body: float) -> float:
    """How far lines of the text stand apart: the most common step of this piece, or one by size."""
    steps = [
        round(one[0].box[1] - two[0].box[1], 0)
        for one, two in pairwise(rows)
        if abs(one[0].size - two[0].size) < 0.6 and 0 < one[0].box[1] - two[0].box[1] < 3 * one[0].size
    ]
    if len(steps) < 3:
        return 0.0
    counted = Counter(steps)
    most = max(counted.values())
    usual = float(min(step for step, times in counted.items() if times >= 0.5 * most))
    few = len(steps) < 8  # a title page may be nothing but lines set far apart
    return min(usual, 1.9 * body) if few else usual
