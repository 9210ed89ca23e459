"""Parts that share one paragraph: labels in its middle, and the links that it ends with.

Many an entry is one long paragraph: what happened, `Learning includes: a; b.`, `Keywords: c, d`, and its
links. Each part becomes a run of spans of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.models import Span
from bot.reading.grammar.families import LISTS
from bot.reading.grammar.labels import labelled, lead_in
from bot.reading.grammar.places import publisher_labelled

_SENTENCE_END = re.compile(
    r"(?<=[.!?…])[\"”’)]*\s+(?=[A-Z“‘\"])|(?<=[a-z]\.)(?=[A-Z][a-z]+ (?:includ|focus)|[A-Z][a-z]+:)"
)
_OPENS = re.compile(
    r"(?i)^\W*(?:(?:(?:continue )?read|view|see|open|download|get|click)\b|"
    r"(?:the )?(?:full|overview|final|executive|learning|"
    r"practice|7|seven|easy|summary|report|briefing)\b.{0,60}(?:report|summary|briefing|review|read|pdf|word)\b)"
)


_READ_MORE = re.compile(r"(?<=[.!?…\]]) (?:Continue reading|Read more)\b[^.]{0,60}$", re.IGNORECASE)
_DATED_SOURCE = re.compile(r"(?<=\w) (?=(?:date|published|publication date):)", re.IGNORECASE)


def _dated_source(text: str) -> re.Match[str] | None:
    """Where the date begins after whose the review is: `Source: Fenmarch SCP Date: 9 March 2023`."""
    cut = _DATED_SOURCE.search(text)
    return cut if cut and publisher_labelled(text[: cut.start()]) else None


def parted(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """The spans of a line, parted where a labelled part begins and before the links that end it."""
    text = "".join(span.text for span in spans)
    start = 0
    more = _READ_MORE.search(text)
    ends = {match.start() for match in (more, _dated_source(text)) if match}
    for cut in sorted({*_labels_in(text), *_closing_links(spans), *ends}):
        if text[start:cut].strip():
            yield _between(spans, start, cut)
            start = cut
    yield _between(spans, start, len(text))


def _labels_in(text: str) -> Iterator[int]:
    """Where, after a sentence has ended, a label of a known part begins."""
    for end in _SENTENCE_END.finditer(text):
        run_on = labelled(text[end.end() : end.end() + 160])
        if run_on and run_on.label and run_on.rest and run_on.field in {*LISTS, "background", "section"}:
            yield end.end()
    *_, last = [0, *(end.end() for end in _SENTENCE_END.finditer(text))]
    if last and len(text[last:].split()) <= 12 and lead_in(text[last:]):
        yield last  # the list that follows is opened by the last sentence alone


def _closing_links(spans: tuple[Span, ...]) -> Iterator[int]:
    """Where the links begin that a paragraph ends with: `... within a day. Read the overview report`."""
    at = sum(len(span.text) for span in spans)
    cuts: list[int] = []
    for span in reversed(spans):
        at -= len(span.text)
        if span.url and _OPENS.match(span.text):
            cuts.append(at)
        elif span.url or re.search(r"\w", span.text):
            break
    before = "".join(span.text for span in spans)[: cuts[-1]] if cuts else ""
    if len(before.split()) >= 8:
        yield from cuts


def _between(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """The spans of a stretch of the text."""
    found: list[Span] = []
    at = 0
    for span in spans:
        piece = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if piece:
            found.append(span if piece == span.text else replace(span, text=piece))
    return tuple(found)
