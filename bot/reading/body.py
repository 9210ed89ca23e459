"""One review's lines into the fields of its record.

What a label or heading opens goes to that field; a list's paragraphs beside its points, and parts of no
family, go to `sections`; so every line ends in one place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reading.chunks import Chunk, chunks_of
from bot.reading.dates import byline_date, only_date, published_in
from bot.reading.families import LISTS, field_of, heading_words
from bot.reading.gathered import Body, take_run_on
from bot.reading.labels import labelled, looks_like_terms, terms_of
from bot.reading.lines import Line
from bot.reading.narrative import about_page, about_review, for_help, leads_to_links, tells
from bot.reading.places import publisher_labelled
from bot.reading.points import take_list


def read_body(lines: Sequence[Line], *, address: str, entry: bool = False, least: int = 13) -> Body:
    """The fields of one review. `entry`: an entry of a list, whose unlabelled prose is the incident.

    `least`: how many words of unlabelled prose can tell what happened.
    """
    body = Body(address=address)
    for chunk in chunks_of(lines):
        if chunk.name == "furniture":
            continue
        _take(chunk, body)
    _settle(body, entry=entry, least=least)
    return body


def _take(chunk: Chunk, body: Body) -> None:
    if chunk.name is None and chunk.heading and _asks(chunk):
        chunk.name = "questions"
    if chunk.name == "keywords" and _is_prose(chunk):
        chunk.name = "learning"
    lines = [line for line in chunk.lines if not _consumed(line, body)]
    chunk.starts = {_moved(chunk, lines, start) for start in chunk.starts}
    chunk.lines = lines
    if chunk.name in LISTS:
        take_list(chunk, body)
        return
    for line in lines:
        _take_line(line, chunk, body)


def _asks(chunk: Chunk) -> bool:
    """Whether a part of no family is nothing but questions to its reader."""
    points = [line for line in chunk.lines if line.kind == "point"]
    return len(points) >= 2 and all(line.text.endswith("?") for line in points)


def _moved(chunk: Chunk, lines: list[Line], start: int) -> int:
    """Where a counted point begins once consumed lines are gone."""
    return sum(1 for line in chunk.lines[:start] if any(line is kept for kept in lines))


def _is_prose(chunk: Chunk) -> bool:
    return (
        bool(chunk.lines)
        and sum(line.words for line in chunk.lines) / len(chunk.lines) > 9
        and not any(looks_like_terms(line.text) for line in chunk.lines)
    )


def _consumed(line: Line, body: Body) -> bool:
    """Whether a line is a date, a help line, or a paragraph that stood there before."""
    if line.kind != "row" and line.words > 6:
        key = re.sub(r"\W+", " ", line.text).casefold()
        if key in body.seen:
            return True
        body.seen.add(key)
    date = published_in(line.text)
    if date:
        body.published = body.published or date
        return line.words <= 16 and not line.links
    date = byline_date(line.text) if line.kind in ("text", "heading") else None
    if date and (not line.linked or len(only_date(line.text) or "") == len("YYYY-MM-DD")):
        body.byline = body.byline or date
        return True
    whose = publisher_labelled(line.text) if line.kind != "row" else None
    if whose is not None:
        body.place, body.placed = whose or None, True
        return True
    if line.links and not line.linked and for_help(line.text):
        return True
    return for_help(line.text) and line.kind != "row"


def _take_line(line: Line, chunk: Chunk, body: Body) -> None:
    """A line of prose, of a part of no family, or before any heading."""
    run_on = labelled(line.text, line.lead)
    if (
        run_on
        and run_on.field not in ("furniture", "links", "section", "summary")
        and (run_on.rest or line.kind == "text")
    ):
        body.link(line.links)
        take_run_on(run_on.field, run_on.label, run_on.rest, body)
        return
    if run_on and run_on.field == "section" and run_on.rest and not chunk.heading:
        body.keep(run_on.label, run_on.rest)
        body.labels.add("section")
        body.link(line.links)
        return
    body.link(line.links)
    opens = (
        bool(line.links)
        and line.words <= 25
        and re.match(
            r"(?i)(?:download|read|view|see|"
            r"open|click)\b",
            line.text,
        )
    )
    if (
        line.linked
        or (opens and not chunk.heading)
        or (run_on and run_on.field == "links")
        or _resources(line.text)
    ):
        if chunk.heading and chunk.name in (None, "section"):
            body.keep(chunk.heading, line.text)
        return
    if chunk.name == "links" or (leads_to_links(line.text) and chunk.name is None and not chunk.heading):
        if not leads_to_links(line.text):
            body.keep("" if chunk.name == "links" else chunk.heading, line.text)
        return
    _take_prose(line, chunk, body)


def _resources(text: str) -> bool:
    """`Other resources Read full overview (PDF)`: a link whose address was lost."""
    return bool(
        re.fullmatch(
            r"(?:other resources\s+)?(?:>\s*)?(?:read|view|download|open) .{3,60}(?:\((?:pdf|word|docx?)\)|"
            r"report|review|summary|briefing)",
            text,
            re.IGNORECASE,
        )
    )


def _take_prose(line: Line, chunk: Chunk, body: Body) -> None:
    if (
        chunk.name in ("incident", "summary", "background")
        and about_page(line.text)
        and chunk.lines[0] is not line
    ):
        body.keep("", line.text)
    elif chunk.name in ("incident", "summary", "background"):
        if chunk.name == "summary":
            body.summary_heading = heading_words(chunk.heading)
        body.add(chunk.name, [line.text])
    elif chunk.heading:
        body.keep(chunk.heading, line.text)
    elif _bare_terms(line, body):
        body.add("keywords", _keyword_line(line.text))
    else:
        body.loose.append(line.text)


def _bare_terms(line: Line, body: Body) -> bool:
    """Whether an unlabelled line is the review's keywords: bold at the head, or the last of an entry."""
    text = re.sub(r"\s*[–—]\s*", ", ", line.text) if line.bold else line.text
    return looks_like_terms(text) and (line.bold or bool(body.loose or body.labels)) and line.kind == "text"


def _keyword_line(text: str) -> tuple[str, ...]:
    """`A—b, c, d` gives all four; of `Learning—b, c` the first is a label."""
    head, mark, rest = re.sub(r"\s*[–—]\s*", "—", text, count=1).partition("—")
    if not mark:
        return terms_of(text)
    return terms_of(rest) if field_of(head) else (head.strip(), *terms_of(rest))


def _settle(body: Body, *, entry: bool, least: int) -> None:
    """Decide which prose tells what happened."""
    told = [text for text in body.loose if not (about_page(text) if entry else about_review(text))]
    if not body.incident and body.summary:
        body.incident, body.summary = body.summary, []
    enough = entry or (any(tells(text) for text in told) and sum(len(text.split()) for text in told) >= least)
    if not body.incident and told and enough:
        body.incident = told
        body.loose = [text for text in body.loose if text not in told]
    if not body.incident and body.background:
        body.incident, body.background = body.background, []
    for text in body.loose:
        body.keep("", text)
    for text in body.summary:
        body.keep(body.summary_heading, text)
