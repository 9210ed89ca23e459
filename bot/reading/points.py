"""The lists of a record: points, keywords and questions from bullets, paragraphs and table cells."""

from __future__ import annotations

import re

from bot.reading.chunks import Chunk, counted
from bot.reading.families import LISTS, Field, field_of
from bot.reading.gathered import Body, take_run_on
from bot.reading.labels import labelled, lead_in, looks_like_terms, points_of, terms_of
from bot.reading.lines import Line
from bot.reading.narrative import about_page, leads_to_links


def take_list(chunk: Chunk, body: Body) -> None:
    """The points of a part that opens a list; paragraphs beside its bullets go to `sections`."""
    name = chunk.name or "learning"
    body.labels.add(name)
    points: list[str] = []
    joining = False
    for place, line in enumerate(chunk.lines):
        count, text = counted(line.text) if name != "questions" else ("", line.text)
        other = _counted_field(count, name)
        if other is not None:
            body.add(other, [text])
            joining = False
            continue
        if line.kind == "row":
            points.extend(_cell_points(line, chunk, name))
        elif place in chunk.starts or count:
            points.append(text)
            joining = True
        elif _is_point(line):
            joining = joining and bool(chunk.starts)
            _add_point(line, name, points, body, joining=joining)
        elif joining and points and not line.linked:
            points[-1] = f"{points[-1]} {text}".strip()
        else:
            _take_paragraph(line, place, chunk, points, body)
        body.link(line.links)
    body.add(name, [point for point in points if point.strip()])


def _counted_field(count: str, name: Field) -> Field | None:
    """The list that `Recommendation 3` or `Finding 2` belongs to, where it stands in another's part."""
    low = count.casefold()
    own: Field | None = (
        "recommendations"
        if low.startswith("recom")
        else "learning"
        if low.startswith(("finding", "learning", "lesson"))
        else None
    )
    return own if own is not None and own != name and name in ("learning", "recommendations") else None


def _is_point(line: Line) -> bool:
    return line.kind == "point" or bool(line.number)


def _add_point(line: Line, name: Field, points: list[str], body: Body, *, joining: bool) -> None:
    if line.linked and re.search(r"(?i)\b(?:report|briefing|summary|pdf|download|read|slides)\b", line.text):
        return
    if name == "keywords":
        points.extend(terms_of(line.text) if looks_like_terms(line.text) else (line.text,))
    elif joining and points:
        points[-1] = f"{points[-1]} {line.text}".strip()
    elif name != "questions" and line.text.endswith(";"):
        points.append(re.sub(r";$", "", line.text))
    else:
        points.append(re.sub(r";?\s+and$", "", line.text))


def _take_paragraph(line: Line, place: int, chunk: Chunk, points: list[str], body: Body) -> None:
    """A paragraph in a list's part: a point of its own where there are no bullets, else kept beside them."""
    name = chunk.name or "learning"
    run_on = labelled(line.text, line.lead)
    if (
        run_on
        and run_on.field in LISTS
        and run_on.rest
        and (";" in run_on.rest or looks_like_terms(run_on.rest))
    ):
        if run_on.field == name and ";" in run_on.rest:
            points.extend(points_of(run_on.rest))
        else:
            take_run_on(run_on.field, run_on.label, run_on.rest, body)
        return
    if line.linked or (leads_to_links(line.text) and line.links):
        return
    if name == "keywords":
        points.extend(terms_of(line.text))
        return
    beside = chunk.has_points or any(other.number for other in chunk.lines) or bool(chunk.starts)
    beside = beside or any(other.kind == "row" or counted(other.text)[0] for other in chunk.lines)
    if beside or line.text.endswith(":") or (about_page(line.text) and not line.lead):
        if not _pure_label(line.text):
            body.keep(chunk.heading, line.text)
        return
    if points and place and chunk.lines[place - 1].bold and not line.bold:
        points[-1] = f"{points[-1]} {line.text}"
    elif line.text.count(";") >= 2 and not chunk.lines[:place]:
        points.extend(points_of(line.text))
    else:
        points.append(line.text)


def _pure_label(text: str) -> bool:
    return lead_in(text) is not None and len(text.split()) <= 12


def _cell_points(line: Line, chunk: Chunk, name: Field) -> list[str]:
    """The cell of a table's row that is the point: under the column of that name, else the longest."""
    if line.header:
        return []
    cells = [" ".join("".join(span.text for span in cell).split()) for cell in line.cells]
    heads = next(
        (
            other
            for other in chunk.lines
            if other.kind == "row" and other.header and other.group == line.group
        ),
        None,
    )
    if heads is not None:
        for place, cell in enumerate(heads.cells):
            if field_of("".join(span.text for span in cell)) == name and place < len(cells):
                return [counted(cells[place])[1]]
    longest = max(cells, key=len, default="")
    return [counted(longest)[1]] if longest else []
