"""Plain text and Markdown.

A reader of our own rather than CommonMark: scraped text is half of each. CommonMark would make code of a
tab-indented title, know no `•`, no heading in capitals and no wrapped e-mail line, and lose `[label](#)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from bot.errors import UnreadableDocument
from bot.formats.furniture import is_furniture_text
from bot.formats.inline import Inline
from bot.formats.running import without_running_lines
from bot.formats.sniff import decode, tidy, without_comments
from bot.formats.text_looks import breaks_off, is_broken, is_capitals, looks_like_title
from bot.models import Block, Document, Page, Span

_FRONT = re.compile(r"\A---[ \t]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FRONT_FIELD = re.compile(r"^(title|date|lang|language)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.M | re.I)
_DEFINITION = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?$", re.M)
_RULE = re.compile(r"^[ \t]*([-*_=~])(?:[ \t]*\1){2,}[ \t]*$")
_ATX = re.compile(r"^[ \t]{0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_BULLET = re.compile(
    r"^([ \t]*)(?:[-*+–—•·▪▫◦‣●○■□➢➤►✓✔⁃∙\uf0b7\uf0a7]|o(?=[ \t]))(?:[ \t]+|(?<=[•·▪●])(?=\w))(?=\S)"
)
_EMPTY_BULLET = re.compile(r"^[ \t]*[-*+•·▪●][ \t]*$")
_NUMBER = re.compile(r"^([ \t]*)(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][)]|\(?[ivx]{1,5}[)]|[ivx]{1,5}\.)[ \t]+(?=\S)")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_WRAP_AT_MOST = 120  # lines longer than this were not wrapped by hand or by a mail program

Kind = Literal["blank", "rule", "heading", "point", "number", "row", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the file. `indent` counts columns, a tab for four; `text` is without its mark."""

    kind: Kind
    text: str = ""
    indent: int = 0
    level: int = 0
    raw: str = ""


def open_text(page: Page) -> Document:
    """A text or Markdown file as blocks. Raises UnreadableDocument where it has no words."""
    whole = tidy(decode(page.body, page.content_type)).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(whole)
    fields: dict[str, str] = {}
    if front:
        fields = {match.group(1).lower(): match.group(2) for match in _FRONT_FIELD.finditer(front.group(1))}
        whole = whole[front.end() :]
    whole = without_running_lines(without_comments(whole).replace("\f", "\n\n"))
    definitions = {match.group(1).casefold(): match.group(2) for match in _DEFINITION.finditer(whole)}
    lines = [_line(raw) for raw in _DEFINITION.sub("", whole).split("\n")]
    blocks = tuple(block for block in _Reader(lines, Inline(page.url, definitions)).blocks() if block.text)
    if not blocks:
        raise UnreadableDocument(f"{page.url} has no words in it.")
    date = re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?", fields.get("date", ""))
    return Document(
        format="text",
        url=page.url,
        title=fields.get("title")
        or next((b.text for b in blocks if b.kind == "heading" and b.level == 1), None),
        blocks=blocks,
        language=fields.get("lang") or fields.get("language"),
        published=date.group() if date else None,
    )


def _line(raw: str) -> Line:
    stripped = raw.strip()
    while stripped.startswith(">"):
        stripped = stripped[1:].lstrip()
        raw = stripped
    indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
    if not stripped or _EMPTY_BULLET.match(raw):
        return Line(kind="blank")
    if _RULE.match(raw) or stripped.startswith("```"):
        return Line(kind="rule", raw=stripped)
    if match := _ATX.match(raw):
        return Line(kind="heading", text=match.group(2), level=len(match.group(1)), raw=stripped)
    if stripped.startswith("|") and stripped.count("|") > 1:
        return Line(kind="row", text=stripped, raw=stripped)
    for kind, pattern in (("point", _BULLET), ("number", _NUMBER)):
        if match := pattern.match(raw):
            return Line(
                kind="point" if kind == "point" else "number",
                text=raw[match.end() :],
                indent=indent,
                raw=stripped,
            )
    return Line(kind="text", text=raw, indent=indent, raw=stripped)


def _edge(line: Line) -> int:
    """The column at which a line ends: what is set in from the margin has less room."""
    return line.indent + len(line.raw)


def _wrap_width(lines: list[Line]) -> int:
    """At how many columns the file wraps its lines; 0 where it does not.

    The proof is a line near that width that breaks off in mid-sentence and has a line of text below it.
    """
    lengths = [_edge(line) for line in lines if line.raw]
    wrapped = [length for length in lengths if length <= _WRAP_AT_MOST]
    if not wrapped or len(wrapped) < 0.9 * len(lengths) or max(lengths) > 4 * _WRAP_AT_MOST:
        return 0
    width = max(wrapped)
    for line, below in pairwise(lines):
        broken = _edge(line) > 0.8 * width and not line.raw.endswith((".", "?", "!", ":", ";"))
        if broken and below.kind == "text" and line.kind in ("text", "point", "number"):
            return width
    return 0


class _Reader:
    """Goes through the lines once and makes blocks of them."""

    def __init__(self, lines: list[Line], inline: Inline) -> None:
        self.lines = lines
        self.inline = inline
        self.width = _wrap_width(lines)
        self.at = 0
        self.group = 0
        self.indents: list[int] = []
        self.counting = ""  # how the block before was numbered: `#.`, `(#)`; empty where it was not

    def blocks(self) -> list[Block]:
        made: list[Block] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.kind in ("blank", "rule"):
                self.at += 1
            elif line.kind == "heading":
                self.at += 1
                self.counting = ""
                made.append(self._heading(line.text, line.level))
            elif line.kind == "row":
                made += self._table()
            elif line.kind == "text":
                made.append(self._paragraph())
            else:
                made.append(self._point(line))
        return made

    def _heading(self, text: str, level: int) -> Block:
        self.indents = []
        return Block(kind="heading", level=level, spans=self.inline.spans(text.strip()))

    def _take(self) -> str:
        """This line and those that its writer wrapped it into; forced breaks as line breaks."""
        line = self.lines[self.at]
        text = line.text.lstrip()
        self.at += 1
        while self.at < len(self.lines) and self.lines[self.at].kind == "text":
            following = self.lines[self.at]
            if is_broken(text):
                text = text.rstrip().removesuffix("\\").rstrip() + "\n" + following.text.lstrip()
            elif self._is_wrapped(line, following, text):
                text = f"{text.rstrip()} {following.text.lstrip()}"
            else:
                break
            line = following
            self.at += 1
        return text.rstrip().removesuffix("\\")

    def _is_wrapped(self, line: Line, following: Line, text: str) -> bool:
        """Whether the next line only goes on with this one: its first word would not have fitted here."""
        if self._underline_after(self.at) or is_capitals(following.raw) != is_capitals(line.raw):
            return False
        if len(line.raw) < 40 and _ADDRESS.match(following.raw):
            return False
        if following.raw[:1].islower() and not line.raw.endswith((".", "?", "!")):
            return True
        if text.count("**") % 2 or text.count("[") > text.count("]") or breaks_off(line.raw, following.raw):
            return True
        first = following.raw.split()[0]
        return bool(self.width) and len(line.raw) > 40 and _edge(line) + 1 + len(first) > self.width

    def _underline_after(self, at: int) -> int:
        """The level of the heading that the line at `at` is, where the next one underlines it, else 0."""
        if at + 1 >= len(self.lines) or self.lines[at].kind != "text":
            return 0
        below = self.lines[at + 1]
        if below.kind != "rule" or below.raw[0] not in "=-" or " " in below.raw:
            return 0
        return 1 if below.raw[0] == "=" else 2

    def _paragraph(self) -> Block:
        self.counting = ""
        start = self.at
        line = self.lines[start]
        if level := self._underline_after(start):
            self.at += 2
            return self._heading(line.text, level)
        text = self._take()
        if is_capitals(line.raw) and len(text) < 160:
            return self._heading(text, 2)
        if self._stands_alone(start) and looks_like_title(text) and self._opens_something():
            return self._heading(text, 3)
        block = Block(kind="paragraph", spans=self.inline.spans(text))
        return replace(block, furniture=_is_breadcrumb(block) or is_furniture_text(block.text))

    def _point(self, line: Line) -> Block:
        start = self.at
        text = self._take()
        mark = _mark(line)
        counts_on, self.counting = bool(mark) and self.counting == mark, mark
        if line.kind == "number" and not counts_on and self._is_numbered_heading(start, text):
            self.counting = ""
            return self._heading(text, 2 if "." in line.raw[:4] else 3)
        if start == 0 or self.lines[start - 1].kind in ("heading", "rule") or not self.indents:
            self.group += 1
        while self.indents and self.indents[-1] > line.indent:
            self.indents.pop()
        if not self.indents or self.indents[-1] < line.indent:
            self.indents.append(line.indent)
        return Block(kind="point", level=len(self.indents), group=self.group, spans=self.inline.spans(text))

    def _is_numbered_heading(self, start: int, text: str) -> bool:
        """`1. Review: Child X` above its text is a heading; in a row of numbered lines it is a point."""
        if len(text) > 160 or text.rstrip().endswith((".", ";", ",")) or "\n" in text:
            return False
        before, after = self._near(start, -1), self._near(self.at - 1, 1)
        if is_capitals(text):
            return True
        alike = _mark(self.lines[start])
        if after is None or after.kind == "heading" or _mark(after) == alike:
            return False
        if after.kind == "text" and after.indent > self.lines[start].indent and after.indent >= 2:
            return False
        return before is None or _mark(before) != alike

    def _near(self, at: int, step: int) -> Line | None:
        """The nearest line with words before (-1) or after (1) the line at `at`."""
        at += step
        while 0 <= at < len(self.lines):
            if self.lines[at].kind != "blank":
                return self.lines[at]
            at += step
        return None

    def _stands_alone(self, start: int) -> bool:
        before = start == 0 or self.lines[start - 1].kind in ("blank", "rule", "heading")
        return before and self.at - start == 1

    def _opens_something(self) -> bool:
        """Whether a list, a heading or a longer paragraph follows."""
        after = self._near(self.at - 1, 1)
        if after is None or after.kind == "rule":
            return False
        return after.kind != "text" or len(after.raw) > 90 or is_capitals(after.raw)

    def _table(self) -> list[Block]:
        self.group += 1
        made: list[Block] = []
        while self.at < len(self.lines) and self.lines[self.at].kind == "row":
            raw = self.lines[self.at].raw
            self.at += 1
            if _TABLE_RULE.match(raw):
                made = [replace(block, header=True) for block in made]
                continue
            cells = re.split(r"(?<!\\)\|", raw.strip().strip("|"))
            spans: tuple[tuple[Span, ...], ...] = tuple(self.inline.spans(cell.strip()) for cell in cells)
            made.append(Block(kind="row", cells=spans, group=self.group))
        return made


def _mark(line: Line) -> str:
    """How a line is numbered: `#.` for `2.`, `(#)` for `(2)`; empty for one that is not."""
    if line.kind != "number":
        return ""
    return re.sub(r"\w+", "#", line.raw.split()[0])


def _is_breadcrumb(block: Block) -> bool:
    """`Home / Section / Page`: links with nothing but arrows or strokes between them."""
    between = "".join(span.text for span in block.spans if not span.url)
    return len(block.links) > 1 and bool(
        re.fullmatch(r"\s*(?:[/>›»|→]+\s*)+|(?:\s*[/>›»→]+\s*)+\w[\w ,’'–-]{0,60}", between)
    )
