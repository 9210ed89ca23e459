"""Reading order of a PDF page: lines, the boxes and columns that hold them, tables.

pdfminer finds the lines; their order is our own, because its order puts a side column first. The page is cut
where it is empty (XY-cut): at lines as wide as the page, then at gutters between columns, then at gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.formats.pdf_lines import Atom, Box, Line, Piece, pitch
from bot.formats.pdf_tables import table

_WIDE = 0.62  # of the width of a region: a line as wide as this stands across its columns
_GUTTER = 9.0  # points of white between two columns
_COLUMN = 60.0  # points that a column is wide at least: a column of numbers is none


def in_order(lines: Sequence[Line], boxes: Sequence[Box], page: Box) -> list[Piece]:
    """The page's lines as pieces in reading order. `boxes` are its drawn rectangles."""
    atoms = _boxed(lines, boxes, page)
    return list(_cut(atoms, 0))


def _boxed(lines: Sequence[Line], boxes: Sequence[Box], page: Box) -> list[Atom]:
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
    atoms = [Atom(line.box, (line,)) for line in free]
    for number, (box, own) in enumerate(held.items(), start=1):
        atoms.append(Atom(_around([line.box for line in own], box), tuple(own), number))
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


def _cut(atoms: list[Atom], depth: int) -> Iterator[Piece]:
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
    rows = table(_columns(atoms, narrowest=0.0))
    if rows:
        yield from rows
        return
    if depth < 40:
        columns, parts = _columns(atoms, narrowest=_COLUMN), _parts(atoms)
        tabled = any(table(_columns(part, narrowest=0.0)) for part in parts)
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


def _inside(atom: Atom, depth: int) -> Iterator[Piece]:
    """A drawn box may have columns of its own."""
    for piece in _cut([Atom(line.box, (line,)) for line in atom.lines], depth + 1):
        yield Piece(lines=piece.lines, cells=piece.cells, box=atom.drawn)


def _bands(atoms: list[Atom], width: float) -> list[list[Atom]]:
    """The atoms cut above and below each that stands across the whole width with nothing beside it."""
    ordered = sorted(atoms, key=lambda atom: -atom.box[3])
    bands: list[list[Atom]] = [[]]
    for atom in ordered:
        wide = atom.box[2] - atom.box[0] > _WIDE * width
        alone = wide and not any(other is not atom and _beside(atom.box, other.box) for other in ordered)
        if alone:
            last = bands[-1][-1:]
            free = not any(
                other is not last[0] and _beside(last[0].box, other.box) for other in ordered if last
            )
            heading = _heading_of([atom], bands[-1], last) if free else []
            bands[-1] = [other for other in bands[-1] if other not in heading]
            bands += [[*heading, atom], []]
        else:
            bands[-1].append(atom)
    bands = [band for band in bands if band]
    return bands if len(bands) > 1 and any(len(band) > 1 for band in bands) else [ordered]


def _beside(one: Box, other: Box) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > 0.4 * min(one[3] - one[1], other[3] - other[1])


def _columns(atoms: list[Atom], *, narrowest: float) -> list[list[Atom]]:
    """The atoms cut at gutters; columns narrower than `narrowest` stay with their neighbour on the right."""
    ordered = sorted(atoms, key=lambda atom: atom.box[0])
    columns: list[list[Atom]] = []
    right = float("-inf")
    for atom in ordered:
        if not columns or (atom.box[0] - right > _GUTTER and _width(columns[-1]) >= narrowest):
            columns.append([])
        columns[-1].append(atom)
        right = max(right, atom.box[2])
    if len(columns) > 1 and _width(columns[-1]) < narrowest:
        columns[-2:] = [columns[-2] + columns[-1]]
    return columns


def _width(atoms: list[Atom]) -> float:
    return max(atom.box[2] for atom in atoms) - min(atom.box[0] for atom in atoms)


def _parts(atoms: list[Atom]) -> list[list[Atom]]:
    """The atoms cut above and below each stretch that has columns, where the whole has none: a title or a
    short last line that reaches across a gutter hides the columns or the table next to it."""
    parts: list[list[Atom]] = []
    in_columns = False
    strips = _strips(atoms)
    for place, strip in enumerate(strips):
        split = _is_split(strip)
        if in_columns:
            goes_on = _is_split(parts[-1] + strip) and (split or _belongs(parts[-1], strip))
            goes_on = goes_on and not _begins_table(strips[place:], parts[-1])
        else:
            goes_on = bool(parts) and not split
        if goes_on:
            parts[-1] += strip
        else:
            heading = _heading_of(strip, parts[-1], strips[place - 1]) if in_columns else []
            parts[-1:] = [[atom for atom in parts[-1] if atom not in heading]] if heading else parts[-1:]
            in_columns = split
            parts.append([*heading, *strip])
    return parts


def _begins_table(strips: list[list[Atom]], above: list[Atom]) -> bool:
    """Whether the strips from here on have more columns than those above, row after row."""
    said = [
        [atom for atom in strip if re.search(r"[^\W\d_]{2}", atom.lines[0].text)] for strip in _strips(above)
    ]
    if any(len(_columns(strip, narrowest=0.0)) > 2 for strip in said):
        return False  # it has begun before
    least = max(3, len(_columns(above, narrowest=_COLUMN)) + 1)
    cells = [len(_columns(strip, narrowest=0.0)) for strip in strips[:12]]
    return cells[0] >= least and sum(1 for count in cells if count >= least) >= 3


def _heading_of(strip: list[Atom], above: list[Atom], last: list[Atom]) -> list[Atom]:
    """The bold line right over a table or columns, taken from the column that it stands under."""
    if len(last) != 1 or len(above) < 2 or last[0].drawn or not last[0].lines[0].bold:
        return []
    return last if last[0].box[0] <= min(atom.box[0] for atom in strip) + 15 else []


def _strips(atoms: list[Atom]) -> list[list[Atom]]:
    """The atoms from top to bottom, cut at every height where nothing stands."""
    strips: list[list[Atom]] = []
    bottom = float("inf")
    for atom in sorted(atoms, key=lambda atom: -atom.box[3]):
        if not strips or atom.box[3] <= bottom + 0.5:
            strips.append([])
        strips[-1].append(atom)
        bottom = min(bottom, atom.box[1]) if len(strips[-1]) > 1 else atom.box[1]
    return strips


def _is_split(atoms: list[Atom]) -> bool:
    """Whether there are columns, numbers and bullets before their text not counted."""
    said = [atom for atom in atoms if atom.drawn or len(atom.lines[0].text.strip()) > 3]
    return len(said) > 1 and len(_columns(said, narrowest=0.0)) > 1


def _belongs(above: list[Atom], below: list[Atom]) -> bool:
    """Whether a strip in one column goes on with the columns above it: the longer of two columns of text
    does, however far; what stands below a table does only where it is the next line of a cell."""
    if not table(_columns(above, narrowest=0.0)):
        return True
    return min(atom.box[1] for atom in above) - max(atom.box[3] for atom in below) < 0.8 * pitch(below)


def _top_down(atoms: list[Atom], depth: int) -> Iterator[Piece]:
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


def _rows(atoms: list[Atom]) -> list[Atom]:
    rows: list[list[Atom]] = []
    for atom in sorted(atoms, key=lambda atom: -(atom.box[1] + atom.box[3])):
        if rows and _beside(rows[-1][0].box, atom.box):
            rows[-1].append(atom)
        else:
            rows.append([atom])
    return [atom for row in rows for atom in sorted(row, key=lambda atom: atom.box[0])]
