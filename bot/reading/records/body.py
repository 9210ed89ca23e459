"""One review's lines into the fields of its record.

What a label or heading opens goes to that field; a list's paragraphs beside its points, and parts of no
family, go to `sections`; so every line ends in one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.models import Link
from bot.reading.facts.people import sentences_of
from bot.reading.grammar.dates import byline_date, only_date, published_in
from bot.reading.grammar.families import LISTS, field_of, heading_words
from bot.reading.grammar.labels import Labelled, labelled, looks_like_terms, terms_of
from bot.reading.grammar.narrative import (
    about_page,
    about_review,
    for_help,
    leads_to_links,
    says_it_is_out,
    tells,
)
from bot.reading.grammar.places import publisher_labelled
from bot.reading.grammar.status import tells_status
from bot.reading.lines import Line
from bot.reading.records.chunks import Chunk, chunks_of
from bot.reading.records.gathered import Body, take_run_on
from bot.reading.records.points import take_list

_QUOTED = re.compile(r"[“\"‘][^“”\"]+[”\"’]\W*$")


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
    chunk.subs = [_moved(chunk, lines, start) for start in chunk.subs]
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
        and not re.match(r"(?i)key ?-?words?\b", heading_words(chunk.heading))
        and sum(line.words for line in chunk.lines) / len(chunk.lines) > 9
        and not any(looks_like_terms(line.text) for line in chunk.lines)
    )


def _consumed(line: Line, body: Body) -> bool:
    """Whether a line is a date, a number, a help line, or a paragraph that stood there before."""
    if line.kind == "text" and re.fullmatch(r"\d{1,2}", line.text):
        return True  # the number of a box
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
    run_on = labelled(line.text, line.lead) if not line.linked else None
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
    body.link(_named_by(run_on, line))
    if _hands_over(line, run_on, chunk):
        if not line.links and chunk.heading and chunk.name in (None, "section"):
            body.keep(chunk.heading, line.text)
        return
    if chunk.name == "links" or (leads_to_links(line.text) and chunk.name is None and not chunk.heading):
        if not leads_to_links(line.text):
            body.keep("" if chunk.name == "links" else chunk.heading, line.text)
        return
    _take_prose(line, chunk, body)


def _hands_over(line: Line, run_on: Labelled | None, chunk: Chunk) -> bool:
    """Whether a line says no more than where a document is."""
    if line.linked or (run_on is not None and run_on.field == "links") or _resources(line.text):
        return True
    if field_of(line.text) == "links" and line.words <= 4:
        return True
    opens = re.match(r"(?i)(?:download|read|view|see|open|click)\b", line.text)
    return bool(line.links) and line.words <= 25 and opens is not None and not chunk.heading


def _named_by(run_on: Labelled | None, line: Line) -> Sequence[Link]:
    """The links of a line; a bare address takes the name before its colon: `The full report: https://...`."""
    if run_on is None or run_on.field != "links":
        return line.links
    return [
        replace(link, label=run_on.label) if link.label.startswith(("http", "www.")) else link
        for link in line.links
    ]


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
    told = chunk.name in ("incident", "summary", "background")
    if told and chunk.lines[0] is not line and (about_page(line.text) or _is_quotation(line, chunk)):
        body.loose.append(line.text)
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


def _is_quotation(line: Line, chunk: Chunk) -> bool:
    """Whether a paragraph of a story is set off from it: someone's words and no more, or whose they are."""
    if _QUOTED.match(line.text):
        return True
    place = next(place for place, other in enumerate(chunk.lines) if other is line)
    after_quote = place > 0 and bool(_QUOTED.match(chunk.lines[place - 1].text))
    return after_quote and line.words <= 8 and not line.text.endswith(".")


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


def _without_status(texts: Sequence[str], body: Body) -> Iterator[str]:
    """The texts less the sentences that only say how publication stands; those are kept apart."""
    for text in texts:
        said = [sentence for sentence in sentences_of(text) if tells_status(sentence)]
        for sentence in said:
            text = " ".join(text.replace(sentence, " ").split())
            body.keep("", sentence)
        if text:
            yield text


def _settle(body: Body, *, entry: bool, least: int) -> None:
    """Decide which prose tells what happened."""
    body.loose = list(_without_status(body.loose, body))
    told = [text for text in body.loose if not (about_page(text) if entry else about_review(text))]
    if not entry and any(tells(text) and not says_it_is_out(text) for text in told):
        told = [text for text in told if not says_it_is_out(text)]
    if not body.incident and any(not about_review(text) for text in body.summary):
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
