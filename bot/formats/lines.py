"""Runs of text at their line breaks, and bullets that were typed rather than marked up.

Scraped pages and Word exports often type their lists: `• one<br>• two`. Every format shares this reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.models import Block, BlockKind, Span

# Characters that open a point wherever a line begins with them. The last three are Symbol and Wingdings
# bullets, which Word leaves in the private use area.
_BULLETS = "•·▪▫◦‣●○■□➢➤►▶✓✔⁃∙⦁❖\uf0b7\uf0a7\uf0d8\uf0fc\u2022"
_BULLET = re.compile(rf"[ \t]*[{_BULLETS}][ \t]*(?=\S)")
# Characters that open a point only in company: a dash or an o may begin a line of prose.
_NUMBER = re.compile(r"[ \t]*(?:\d{1,2}|[a-z])[.)][ \t]+(?=\S)")
_WEAK = re.compile(r"[ \t]*(?:[-*+–—]|o(?=[ \t]))[ \t]+(?=\S)")


def lines_of(spans: Iterable[Span]) -> list[list[Span]]:
    """The spans cut at their line breaks; lines without words are left out."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if "\n" not in span.text:
            if span.text:
                lines[-1].append(span)
            continue
        for number, part in enumerate(span.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Span(text=part, bold=span.bold, url=span.url))
    return [line for line in lines if any(span.text.strip() for span in line)]


def without_start(line: Sequence[Span], length: int) -> tuple[Span, ...]:
    """The line without its first `length` characters."""
    kept = []
    for span in line:
        cut = min(length, len(span.text))
        length -= cut
        if span.text[cut:]:
            kept.append(replace(span, text=span.text[cut:]))
    return tuple(kept)


def join_lines(lines: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Lines as spans, with a line break between each two."""
    joined: list[Span] = []
    for line in lines:
        if joined:
            joined.append(Span(text="\n"))
        joined.extend(line)
    return tuple(joined)


def _text(line: Iterable[Span]) -> str:
    return "".join(span.text for span in line)


def split_typed_points(block: Block, *, is_point: bool = False) -> tuple[Block, ...]:
    """A paragraph whose lines begin with typed bullets, as a paragraph and points; any other as it is.

    `is_point`: the page says that this is a list item, so that a number, a dash or an `o` counts as well.
    """
    lines = lines_of(block.spans)
    starts = [_BULLET.match(_text(line)) for line in lines]
    weak = [_WEAK.match(_text(line)) for line in lines]
    if is_point and not any(starts) and block.kind != "point":
        starts = [_NUMBER.match(_text(line)) for line in lines]
    if not any(starts) and (is_point or sum(1 for match in weak if match) > 1):
        starts = weak
    if not any(starts):
        return (block,)
    made: list[tuple[BlockKind, list[Span]]] = []
    for line, start in zip(lines, starts, strict=True):
        if start:
            made.append(("point", list(without_start(line, start.end()))))
        elif made and _goes_on(made[-1][0], line):
            kind, spans = made[-1]
            spans += [Span(text=" " if kind == "point" else "\n"), *line]
        else:
            made.append((block.kind, list(line)))
    return tuple(
        replace(
            block,
            kind=kind,
            level=max(1, block.level) if kind == "point" else block.level,
            spans=tuple(spans),
        )
        for kind, spans in made
    )


def _goes_on(last: BlockKind, line: Sequence[Span]) -> bool:
    """Whether a line without a bullet belongs to the block above it."""
    return last != "point" or _text(line).lstrip()[:1].islower()


def trimmed(line: list[Span]) -> list[Span]:
    """A line without the white space at its two ends, runs of spaces within it single."""
    made: list[Span] = []
    for span in line:
        text = span.text.replace("\t", " ")
        if "  " in text:
            text = re.sub(r" {2,}", " ", text)
        if not made or made[-1].text.endswith(" "):
            text = text.lstrip(" ") if not made or text.strip() else ""
        if text:
            made.append(span if text == span.text else replace(span, text=text))
    while made and not made[-1].text.strip():
        made.pop()
    if made and made[-1].text[-1].isspace():
        made[-1] = replace(made[-1], text=made[-1].text.rstrip())
    return made
