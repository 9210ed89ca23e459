"""Tables of a PDF page: columns whose cells begin at the same heights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.formats.pdf_lines import Atom, Line, Piece, pitch


def table(columns: list[list[Atom]]) -> list[Piece]:
    """The rows of a table: columns whose cells begin at the same heights. Empty for columns of text."""
    columns = _with_numbers(columns)
    atoms = [atom for column in columns for atom in column]
    if len(columns) < 2 or any(atom.drawn and len(atom.lines) > 8 for atom in atoms):
        return []
    if any(all(len(line.text.strip()) < 4 for atom in column for line in atom.lines) for column in columns):
        return []  # numbers or bullets before their text
    gaps = [gap for gap in _gaps(atoms) if gap[1] - gap[0] > 0.35 * pitch(atoms)]
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
    heads = sum(1 for row, below in pairwise(rows) if _is_bold(row) and not _is_bold(below))
    if heads > 1 or any(sum(1 for cell in row if _is_headed(cell)) > 1 for row in rows):
        return []  # sections side by side, each under its own heading
    shared = sum(1 for row in rows if sum(1 for cell in row if cell) > 1)
    cells = [cell for row in rows for cell in row if cell]
    flowing = sum(1 for cell in cells if cell[0].text.lstrip()[:1].islower())
    if len(rows) < 3 or shared < 0.7 * len(rows) or max(map(len, cells)) > 8 or flowing > 0.3 * len(cells):
        return []
    titled = sum(1 for cell in rows[0] if cell) == 1 and all(line.bold for cell in rows[0] for line in cell)
    title = [Piece(lines=cell) for cell in rows[0] if cell] if titled else []
    return [*title, *(Piece(cells=row) for row in rows[titled:])]


def _with_numbers(columns: list[list[Atom]]) -> list[list[Atom]]:
    """A table's first column of numbers put to the one that it counts; a numbered list stays as it is."""
    if len(columns) < 4 or not all(len(atom.lines[0].text.strip()) < 4 for atom in columns[0]):
        return columns
    return [columns[0] + columns[1], *columns[2:]]


def _is_bold(row: tuple[tuple[Line, ...], ...]) -> bool:
    """Whether two cells or more are filled, and all in bold: a row of headings, of which a table has one."""
    return sum(1 for cell in row if cell) > 1 and all(line.bold for cell in row for line in cell)


def _is_headed(cell: tuple[Line, ...]) -> bool:
    """Whether a cell is a heading and the text under it."""
    return len(cell) > 2 and cell[0].bold and not cell[1].bold and not cell[-1].bold


def _gaps(atoms: Sequence[Atom]) -> list[tuple[float, float]]:
    """Horizontal strips without print, as (lower, upper)."""
    found = []
    bottom = float("inf")
    for atom in sorted(atoms, key=lambda atom: -atom.box[3]):
        if bottom - atom.box[3] > 2:
            found.append((atom.box[3], bottom))
        bottom = min(bottom, atom.box[1])
    return found[1:] if found and found[0][1] == float("inf") else found
