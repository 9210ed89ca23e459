"""Reading order of a PDF page: lines, the boxes and columns that hold them, tables.

pdfminer finds the lines; their order is our own, because its order puts a side column first. The page is cut
where it is empty (XY-cut): at lines as wide as the page, then at gutters between columns, then at gaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
class _Atom:
    """What the cuts must not divide: a line, or a drawn box with its lines."""

    box: Box
    lines: tuple[Line, ...]
    drawn: int = 0


_WIDE = 0.62  # of the width of a region: a line as wide as this stands across its columns
_GUTTER = 9.0  # points of white between two columns
_COLUMN = 60.0  # points that a column is wide at least: a column of numbers is none


def in_order(lines: Sequence[Line], boxes: Sequence[Box], page: Box) -> list[Piece]:
    """The page's lines as pieces in reading order. `boxes` are its drawn rectangles."""
    atoms = _boxed(lines, boxes, page)
    return list(_cut(atoms, 0))


def _boxed(lines: Sequence[Line], boxes: Sequence[Box], page: Box) -> list[_Atom]:
    """Lines gathered by the smallest drawn box that holds them."""
    area = (page[2] - page[0]) * (page[3] - page[1])
    kept = sorted({box for box in boxes if 1500 < _area(box) < 0.6 * area}, key=_area)[:400]
    held: dict[Box, list[Line]] = {}
    free = []
    for line in lines:
        middle = ((line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2)
        home = next((box for box in kept if _holds(box, middle) and line.box[2] <= box[2] + 4), None)
        if home is None:
            free.append(line)
        else:
            held.setdefault(home, []).append(line)
    atoms = [_Atom(line.box, (line,)) for line in free]
    for number, (box, own) in enumerate(held.items(), start=1):
        atoms.append(_Atom(_around([line.box for line in own], box), tuple(own), number))
    return atoms


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box[0] - 1 <= point[0] <= box[2] + 1 and box[1] - 1 <= point[1] <= box[3] + 1


def _around(boxes: Sequence[Box], outer: Box | None = None) -> Box:
    if outer is not None:
        return outer
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def _cut(atoms: list[_Atom], depth: int) -> Iterator[Piece]:
    if not atoms:
        return
    if len(atoms) == 1 and atoms[0].drawn:
        yield from _inside(atoms[0], depth)
        return
    region = _around([atom.box for atom in atoms])
    width = region[2] - region[0]
    bands = _bands(atoms, width)
    if len(bands) > 1 and depth < 40:
        yield from _joined([list(_cut(band, depth + 1)) for band in bands])
        return
    rows = _table(_columns(atoms, narrowest=0.0))
    if rows:
        yield from rows
        return
    if depth < 40:
        columns, parts = _columns(atoms, narrowest=_COLUMN), _parts(atoms)
        tabled = any(_table(_columns(part, narrowest=0.0)) for part in parts)
        if len(parts) > 1 and (len(columns) < 2 or tabled):
            yield from _joined([list(_cut(part, depth + 1)) for part in parts])
            return
        if len(columns) > 1:
            for column in columns:
                yield from _cut(column, depth + 1)
            return
    yield from _top_down(atoms, depth)


def _joined(bands: list[list[Piece]]) -> Iterator[Piece]:
    """Where one band ends and the next begins in one column, the two are one piece: a paragraph whose lines
    are now wide, now not, stays whole."""
    made: list[Piece] = []
    for band in bands:
        if made and band and made[-1].lines and band[0].lines and made[-1].box == band[0].box == 0:
            made[-1] = Piece(lines=made[-1].lines + band[0].lines)
            band = band[1:]
        made += band
    yield from made


def _inside(atom: _Atom, depth: int) -> Iterator[Piece]:
    """A drawn box may have columns of its own."""
    for piece in _cut([_Atom(line.box, (line,)) for line in atom.lines], depth + 1):
        yield Piece(lines=piece.lines, cells=piece.cells, box=atom.drawn)


def _bands(atoms: list[_Atom], width: float) -> list[list[_Atom]]:
    """The atoms cut above and below each that stands across the whole width with nothing beside it."""
    ordered = sorted(atoms, key=lambda atom: -atom.box[3])
    bands: list[list[_Atom]] = [[]]
    for atom in ordered:
        wide = atom.box[2] - atom.box[0] > _WIDE * width
        alone = wide and not any(other is not atom and _beside(atom.box, other.box) for other in ordered)
        if alone:
            bands += [[atom], []]
        else:
            bands[-1].append(atom)
    bands = [band for band in bands if band]
    return bands if len(bands) > 1 and any(len(band) > 1 for band in bands) else [ordered]


def _beside(one: Box, other: Box) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > 0.4 * min(one[3] - one[1], other[3] - other[1])


def _columns(atoms: list[_Atom], *, narrowest: float) -> list[list[_Atom]]:
    """The atoms cut at gutters; columns narrower than `narrowest` stay with their neighbour on the right."""
    ordered = sorted(atoms, key=lambda atom: atom.box[0])
    columns: list[list[_Atom]] = []
    right = float("-inf")
    for atom in ordered:
        if not columns or (atom.box[0] - right > _GUTTER and _width(columns[-1]) >= narrowest):
            columns.append([])
        columns[-1].append(atom)
        right = max(right, atom.box[2])
    if len(columns) > 1 and _width(columns[-1]) < narrowest:
        columns[-2:] = [columns[-2] + columns[-1]]
    return columns


def _width(atoms: list[_Atom]) -> float:
    return max(atom.box[2] for atom in atoms) - min(atom.box[0] for atom in atoms)


def _parts(atoms: list[_Atom]) -> list[list[_Atom]]:
    """The atoms cut above and below each stretch that has columns, where the whole has none: a title or a
    short last line that reaches across a gutter hides the columns or the table next to it."""
    parts: list[list[_Atom]] = []
    in_columns = False
    for strip in _strips(atoms):
        split = _is_split(strip)
        if in_columns:
            goes_on = _is_split(parts[-1] + strip) and (split or _belongs(parts[-1], strip))
        else:
            goes_on = bool(parts) and not split
        if goes_on:
            parts[-1] += strip
        else:
            in_columns = split
            parts.append(list(strip))
    return parts


def _strips(atoms: list[_Atom]) -> list[list[_Atom]]:
    """The atoms from top to bottom, cut at every height where nothing stands."""
    strips: list[list[_Atom]] = []
    bottom = float("inf")
    for atom in sorted(atoms, key=lambda atom: -atom.box[3]):
        if not strips or atom.box[3] <= bottom + 0.5:
            strips.append([])
        strips[-1].append(atom)
        bottom = min(bottom, atom.box[1]) if len(strips[-1]) > 1 else atom.box[1]
    return strips


def _is_split(atoms: list[_Atom]) -> bool:
    """Whether there are columns, numbers and bullets before their text not counted."""
    said = [atom for atom in atoms if atom.drawn or len(atom.lines[0].text.strip()) > 3]
    return len(said) > 1 and len(_columns(said, narrowest=0.0)) > 1


def _belongs(above: list[_Atom], below: list[_Atom]) -> bool:
    """Whether a strip in one column goes on with the columns above it: the longer of two columns of text
    does, however far; what stands below a table does only where it is the next line of a cell."""
    if not _table(_columns(above, narrowest=0.0)):
        return True
    return min(atom.box[1] for atom in above) - max(atom.box[3] for atom in below) < 0.8 * _pitch(below)


def _gaps(atoms: Sequence[_Atom]) -> list[tuple[float, float]]:
    """Horizontal strips without print, as (lower, upper)."""
    found = []
    bottom = float("inf")
    for atom in sorted(atoms, key=lambda atom: -atom.box[3]):
        if bottom - atom.box[3] > 2:
            found.append((atom.box[3], bottom))
        bottom = min(bottom, atom.box[1])
    return found[1:] if found and found[0][1] == float("inf") else found


def _table(columns: list[list[_Atom]]) -> list[Piece]:
    """The rows of a table: columns whose cells begin at the same heights. Empty for columns of text."""
    atoms = [atom for column in columns for atom in column]
    if len(columns) < 2 or any(atom.drawn and len(atom.lines) > 8 for atom in atoms):
        return []
    if any(all(len(line.text.strip()) < 4 for atom in column for line in atom.lines) for column in columns):
        return []  # numbers or bullets before their text
    gaps = [gap for gap in _gaps(atoms) if gap[1] - gap[0] > 0.35 * _pitch(atoms)]
    edges = [float("inf"), *((low + high) / 2 for low, high in gaps), float("-inf")]
    rows = []
    for upper, lower in pairwise(edges):
        row = tuple(
            tuple(
                line
                for atom in sorted(column, key=lambda a: -a.box[3])
                if lower < atom.box[1] < upper
                for line in atom.lines
            )
            for column in columns
        )
        if any(row):
            rows.append(row)
    shared = sum(1 for row in rows if sum(1 for cell in row if cell) > 1)
    cells = [cell for row in rows for cell in row if cell]
    flowing = sum(1 for cell in cells if cell[0].text.lstrip()[:1].islower())
    if len(rows) < 3 or shared < 0.7 * len(rows) or max(map(len, cells)) > 8 or flowing > 0.3 * len(cells):
        return []
    return [Piece(cells=row) for row in rows]


def _pitch(atoms: Sequence[_Atom]) -> float:
    heights = sorted(line.box[3] - line.box[1] for atom in atoms for line in atom.lines)
    return heights[len(heights) // 2] if heights else 10.0


def _top_down(atoms: list[_Atom], depth: int) -> Iterator[Piece]:
    """One column: boxes and runs of free lines from top to bottom, those side by side from left to right."""
    run: list[Line] = []
    for atom in _rows(atoms):
        if not atom.drawn:
            run.extend(atom.lines)
            continue
        if run:
            yield Piece(lines=tuple(run))
            run = []
        yield from _inside(atom, depth) if depth < 40 else iter([Piece(lines=atom.lines, box=atom.drawn)])
    if run:
        yield Piece(lines=tuple(run))


def _rows(atoms: list[_Atom]) -> list[_Atom]:
    rows: list[list[_Atom]] = []
    for atom in sorted(atoms, key=lambda atom: -(atom.box[1] + atom.box[3])):
        if rows and _beside(rows[-1][0].box, atom.box):
            rows[-1].append(atom)
        else:
            rows.append([atom])
    return [atom for row in rows for atom in sorted(row, key=lambda atom: atom.box[0])]
