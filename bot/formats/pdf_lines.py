"""What a PDF page is made of: lines of print, the drawn boxes that hold them, and pieces read together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import Span

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points; y grows upwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of print. `size` is the font size in points of most of its letters."""

    box: Box
    spans: tuple[Span, ...]
    size: float
    page: int

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def bold(self) -> bool:
        words = [span for span in self.spans if span.text.strip()]
        return bool(words) and all(span.bold for span in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Lines that are read together, top to bottom: a column, a box, or (`cells`) a row of a table."""

    lines: tuple[Line, ...] = ()
    cells: tuple[tuple[Line, ...], ...] = ()
    box: int = 0  # the number of the drawn box that holds it; 0 for none


@dataclass(frozen=True, slots=True)
class Atom:
    """What the cuts must not divide: a line, or a drawn box with its lines."""

    box: Box
    lines: tuple[Line, ...]
    drawn: int = 0


def pitch(atoms: Sequence[Atom]) -> float:
    """The usual height of a line, in points."""
    heights = sorted(line.box[3] - line.box[1] for atom in atoms for line in atom.lines)
    return heights[len(heights) // 2] if heights else 10.0
