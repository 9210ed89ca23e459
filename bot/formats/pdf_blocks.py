"""Lines of print into headings, paragraphs, points and rows, by size, weight, spacing and indent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.formats.lines import without_start
from bot.formats.pdf_breaks import breaks_here, right_edge, usual_pitch
from bot.formats.pdf_lines import Line, Piece
from bot.models import Block, Span

_BULLET = re.compile(r"\s*[•·▪▫◦‣●○■□➢➤►▶✓✔⁃∙⦁❖\uf0b7\uf0a7\uf0d8\uf0fc]\s*(?=\S)")
_WEAK_BULLET = re.compile(r"\s*(?:[-–—*]|o(?=\s))\s+(?=\S)")
_NUMBER = re.compile(r"\s*(?:\d{1,2}[.)]|\(?[a-z]\)|\(\d{1,2}\))\s+(?=\S)")
_LONE_NUMBER = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,4})[.)]?\s*")
_LONE_BULLET = re.compile(r"\s*(?:[•·▪▫◦‣●○■□➢➤►▶✓✔⁃∙⦁❖\uf0b7\uf0a7\uf0d8\uf0fc–-]|o)\s*")
_HEADING_NUMBER = re.compile(
    r"\s*\d{1,2}(?:\.\d{1,2})*(?:[.)]\s*|\s{2,}|\s+(?!minute|step|point|year|month|week|day|key)(?=[a-z]{2}))(?=\S)",
    re.I,
)
_PARAGRAPH_NUMBER = re.compile(r"\s*\d{1,2}(?:\.\d{1,3}){1,3}\.?\s+(?=[A-Z“‘\"'(])")
_DATE_LINE = re.compile(
    r"\s*(?:(?:date(?: of publication)?|published|publication date|issued)\b\s*:?\s*(?:on|in)?\s*)?"
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?[A-Z][a-z]{2,8}\.?,?\s+20\d\d\s*|\s*\d{1,2}[/.]\d{1,2}[/.]20\d\d\s*",
    re.I,
)
_LEADERS = re.compile(r"(?:\.\s?){5,}|…{3,}")
_COMPOUND = re.compile(
    r"(?:\d|\b(?:non|self|multi|well|co|long|half|year|month|week|day|inter|one|two|three|four|five|six))-$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in this document: its text size, and the sizes of its headings, largest first."""

    body: float
    sizes: tuple[float, ...]
    words: frozenset[str]

    def level(self, size: float) -> int:
        for level, known in enumerate(self.sizes, start=1):
            if size >= known - 0.4:
                return min(6, level)
        return min(6, len(self.sizes) + 1)


def blocks_of(pages: Sequence[Sequence[Piece]]) -> list[Block]:
    """The blocks of a document, page after page."""
    style = _style([line for page in pages for piece in page for line in _lines(piece)])
    made: list[Block] = []
    group = 0
    for page in pages:
        in_table = False
        for piece in page:
            if piece.cells:
                group += 0 if in_table else 1
                in_table = True
                made.append(_row(piece, group, style))
                continue
            in_table = False
            if piece.box:
                group += 1
            blocks = _Setter(piece.lines, style, group if piece.box else 0).blocks()
            _carry_over(made, blocks, style)
            made += blocks
    return made


def _lines(piece: Piece) -> list[Line]:
    return [*piece.lines, *(line for cell in piece.cells for line in cell)]


def _style(lines: Sequence[Line]) -> _Style:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size * 2) / 2] += len(line.text)
    body = letters.most_common(1)[0][0] if letters else 10.0
    larger = sorted({size for size in letters if size > body * 1.12}, reverse=True)
    sizes: list[float] = []
    for size in larger:
        if not sizes or sizes[-1] - size > 0.8:
            sizes.append(size)
    words = frozenset(re.findall(r"[a-z]+(?:-[a-z]+)*", " ".join(line.text for line in lines).lower()))
    return _Style(body, tuple(sizes[:5]), words)


def _row(piece: Piece, group: int, style: _Style) -> Block:
    cells = tuple(_run(cell, style) for cell in piece.cells)
    block = Block(kind="row", cells=cells, group=group)
    return replace(block, header=block.bold)


def _carry_over(made: list[Block], blocks: list[Block], style: _Style) -> None:
    """A paragraph that breaks off at the foot of a column or page goes on at the head of the next."""
    if not made or not blocks:
        return
    last, first = made[-1], blocks[0]
    if (
        last.kind not in ("paragraph", "point")
        or first.kind != "paragraph"
        or last.furniture
        or first.furniture
    ):
        return
    if (
        first.text[:1].islower()
        and not last.text.endswith((".", ":", "?", "!"))
        and first.group == last.group
    ):
        made[-1] = replace(last, spans=_glued(last.spans, first.spans, style))
        del blocks[0]


class _Setter:
    """Sets the lines of one piece into blocks."""

    def __init__(self, lines: Sequence[Line], style: _Style, group: int) -> None:
        self._rows = _rows(lines)
        self._style = style
        self._group = group
        self._pitch = usual_pitch(self._rows, style.body)
        self._right = right_edge(self._rows)
        self._heading_left: float | None = None

    def blocks(self) -> list[Block]:
        made: list[Block] = []
        taken: list[list[Line]] = []
        for number, row in enumerate(self._rows):
            following = self._rows[number + 1] if number + 1 < len(self._rows) else None
            if taken and not self._goes_on(taken, row, following):
                made.append(self._block(taken))
                if made[-1].kind == "heading":
                    self._heading_left = taken[0][0].box[0]
                taken = []
            taken.append(row)
        if taken:
            made.append(self._block(taken))
        return [block for block in made if block.text]

    def _goes_on(self, taken: list[list[Line]], row: list[Line], following: list[Line] | None) -> bool:
        """Whether this row belongs to the block of those above it."""
        above, line = taken[-1], row[-1]
        if self._opens_point(row, following, taken) or abs(above[-1].size - line.size) > 0.7:
            return False
        if line.size > self._style.body * 1.12 and (_dated(row) or _dated(above)):
            return False
        step = above[-1].box[1] - line.box[1]
        usual = self._pitch or 1.35 * line.size
        if line.size > self._style.body * 1.12:
            usual = max(usual, 1.3 * line.size)
        if step > 1.22 * usual or step < 0:
            return False
        if breaks_here(above, row, right=self._right, heading_left=self._heading_left):
            return False
        if above[-1].bold and not (row[0].spans and row[0].spans[0].bold):
            text = above[-1].text.rstrip()
            return text.endswith((".", ",", ";", "-")) or (not all(part.bold for part in taken[0]))
        return not (line.bold and not above[-1].bold and not _ends_bold(above[-1]) and len(line.text) < 70)

    def _opens_point(self, row: list[Line], following: list[Line] | None, taken: list[list[Line]]) -> bool:
        text = _text(row)
        if _BULLET.match(text) or _lone(row):
            return True
        if _NUMBER.match(text):
            return not (taken and taken[-1][-1].text.rstrip().endswith((",", "the", "and", "of")))
        if not _WEAK_BULLET.match(text):
            return False
        hangs = following is not None and 2 < following[0].box[0] - row[0].box[0] < 40
        first = taken[0] if taken else None
        return hangs or (first is not None and bool(_WEAK_BULLET.match(_text(first)))) or len(taken) == 0

    def _block(self, rows: list[list[Line]]) -> Block:
        first = rows[0]
        lone = _lone(first)
        if lone:
            rows = [first[1:], *rows[1:]]
        lines = [line for row in rows for line in row]
        spans = _run(lines, self._style)
        text = "".join(span.text for span in spans)
        block = Block(kind="paragraph", spans=spans, group=self._group)
        bullet = _BULLET.match(text) or (_WEAK_BULLET.match(text) if len(text) > 3 else None)
        if bullet or lone == "bullet":
            return replace(
                block, kind="point", level=1, spans=without_start(spans, bullet.end() if bullet else 0)
            )
        if self._is_heading(block, lines):
            number = _HEADING_NUMBER.match(text)
            bare = without_start(spans, number.end()) if number else spans
            return replace(block, kind="heading", level=self._style.level(lines[0].size), spans=bare)
        number = _NUMBER.match(text)
        if number or (lone and _NUMBER.match(f"{first[0].text.strip()} x")):
            bare = without_start(spans, number.end()) if number else spans
            return replace(block, kind="point", level=1, spans=bare)
        if number := _PARAGRAPH_NUMBER.match(text):
            block = replace(block, spans=without_start(spans, number.end()))
        return replace(block, furniture=bool(_LEADERS.search(text)))

    def _is_heading(self, block: Block, lines: Sequence[Line]) -> bool:
        text = block.text
        if len(text) > 180 or _LEADERS.search(text) or not any(char.isalpha() for char in text):
            return False
        if lines[0].size > self._style.body * 1.12:
            return True
        return block.bold and len(text) < 120 and not text.endswith((".", ",", ";")) and len(lines) < 4


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines side by side, as a number or bullet and its text are, in one row."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        overlap = min(last.box[3], line.box[3]) - max(last.box[1], line.box[1]) if last else 0.0
        if (
            last
            and last.page == line.page
            and overlap > 0.5 * min(last.box[3] - last.box[1], line.box[3] - line.box[1])
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _lone(row: Sequence[Line]) -> str:
    """`number` or `bullet` where the row's first line is no more than that, else nothing."""
    if len(row) < 2:
        return ""
    if _LONE_BULLET.fullmatch(row[0].text):
        return "bullet"
    return "number" if _LONE_NUMBER.fullmatch(row[0].text) else ""


def _dated(row: Sequence[Line]) -> bool:
    """Whether a line of a cover is nothing but a date, `Published 7 October 2026`."""
    return _DATE_LINE.fullmatch(_text(row)) is not None


def _text(row: Sequence[Line]) -> str:
    return " ".join(line.text for line in row)


def _ends_bold(line: Line) -> bool:
    words = [span for span in line.spans if span.text.strip()]
    return bool(words) and words[-1].bold


def _run(lines: Sequence[Line], style: _Style) -> tuple[Span, ...]:
    """Lines as one run of text, words divided at line ends put together."""
    spans: tuple[Span, ...] = ()
    for line in lines:
        spans = _glued(spans, line.spans, style) if spans else _stripped(line.spans)
    return spans


def _stripped(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    text = "".join(span.text for span in spans)
    return without_start(spans, len(text) - len(text.lstrip()))


def _glued(before: tuple[Span, ...], after: tuple[Span, ...], style: _Style) -> tuple[Span, ...]:
    after = _stripped(after)
    if not before or not after:
        return before or after
    last, first = before[-1], after[0]
    end = last.text.rstrip()
    if end.endswith("\xad") or (end.endswith("-") and _is_divided(end, first.text, style)):
        last, glue = replace(last, text=end[:-1]), ""
    else:
        last, glue = (
            replace(last, text=end),
            "" if re.search(r"\w-$", end) and first.text[:1].islower() else " ",
        )
    if (last.bold, last.url) == (first.bold, first.url):
        return (*before[:-1], replace(last, text=last.text + glue + first.text), *after[1:])
    return (*before[:-1], replace(last, text=last.text + glue), *after)


def _is_divided(end: str, start: str, style: _Style) -> bool:
    """Whether a hyphen at a line's end only divides the word: the document writes it elsewhere without."""
    head, tail = re.search(r"[a-z]*(?=-$)", end.lower()), re.match(r"[a-z]+", start)
    if not head or not head.group() or not tail or _COMPOUND.search(end):
        return False
    if head.group() + tail.group() in style.words:
        return True
    return f"{head.group()}-{tail.group()}" not in style.words and len(tail.group()) < 5
