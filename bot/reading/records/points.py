"""The lists of a record: points, keywords and questions from bullets, paragraphs and table cells."""

from __future__ import annotations

import re

from bot.models import Span
from bot.reading.grammar.families import LISTS, Field, field_of, heading_words
from bot.reading.grammar.labels import labelled, lead_in, looks_like_terms, points_of, terms_of
from bot.reading.grammar.narrative import about_page, leads_to_links
from bot.reading.lines import Line
from bot.reading.records.chunks import Chunk, counted
from bot.reading.records.gathered import Body, take_run_on


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
            _take_row(line, chunk, name, points, body)
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
    around = chunk.part_around(place)
    beside = any(other.kind == "point" or other.number for other in around) or bool(chunk.starts)
    beside = beside or any(other.kind == "row" or counted(other.text)[0] for other in chunk.lines)
    if beside or line.text.endswith(":") or (about_page(line.text) and not line.lead):
        if not _pure_label(line.text):
            body.keep(chunk.heading, line.text)
        return
    if points and place and chunk.lines[place - 1].bold and not line.bold:
        points[-1] = f"{points[-1]} {line.text}"
    elif ";" in line.text and not chunk.lines[:place]:
        points.extend(points_of(line.text))
    else:
        points.append(line.text)


def _pure_label(text: str) -> bool:
    return lead_in(text) is not None and len(text.split()) <= 12


def _take_row(line: Line, chunk: Chunk, name: Field, points: list[str], body: Body) -> None:
    """One cell of a table's row is the point; what the others say, of who or when, is kept beside."""
    if line.header:
        return
    cells = [" ".join("".join(span.text for span in cell).split()) for cell in line.cells]
    at = _point_cell(cells, line, chunk, name)
    if at is not None and _is_link(line.cells[at]):
        return
    if at is not None:
        points.extend(_in_cell(cells[at]))
    others = [cell for place, cell in enumerate(cells) if place != at and cell]
    for cell in [cell for cell in others if name != "questions" and _only_asks(cell)]:
        others.remove(cell)
        body.add("questions", [_without_label(part) for part in _in_cell(cell)])
    beside = " | ".join(others)
    if re.search(r"[^\W\d]", beside):
        body.keep(heading_words(chunk.heading), beside)


def _is_link(cell: tuple[Span, ...]) -> bool:
    """Whether all of a cell's words are a link: a document in a table of resources, and no point."""
    return all(span.url for span in cell if span.text.strip())


def _in_cell(cell: str) -> list[str]:
    """The points of a cell: one, or its bullets, what stands over them left out."""
    listed = [part.strip() for part in re.split(r"(?:^|\s)[•▪●]\s", cell)]
    return [counted(cell)[1]] if len(listed) == 1 else [part for part in listed[1:] if part]


def _without_label(question: str) -> str:
    """`Questions to consider? Who is at home?` without the heading that its column repeats."""
    label = re.match(r"([^?]{5,40}?)\s*\?\s+(?=[A-Z])", question)
    return question[label.end() :] if label and field_of(label[1]) == "questions" else question


def _only_asks(cell: str) -> bool:
    """Whether a cell beside a point is questions about it."""
    return all(part.endswith("?") and len(part.split()) >= 4 for part in _in_cell(cell))


def _point_cell(cells: list[str], line: Line, chunk: Chunk, name: Field) -> int | None:
    """Which cell is the point: the one under the column of that name, else the longest."""
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
                return place
    longest = max(range(len(cells)), key=lambda place: len(cells[place]), default=None)
    return longest if longest is not None and len(cells[longest].split()) >= 5 else None
