"""One pass over the tree of a web page, with a stack of its own, so that no depth of nesting can stop it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from bot.formats.elements import BLOCKS, LISTS, has_neighbours, heading_level, is_bold, is_hidden
from bot.formats.furniture import is_furniture_text
from bot.formats.inline import absolute
from bot.formats.lines import join_lines, lines_of, split_typed_points, trimmed
from bot.formats.panels import Panels
from bot.formats.sniff import tidy
from bot.formats.tables import Row, find_rows
from bot.formats.tree import HEADINGS, Element
from bot.models import Block, BlockKind, Span

_SPACE = re.compile(r"[\t\n\r\f][ \t\n\r\f]*| [ \t\n\r\f]+")  # a single space is left as it is
_LISTED = re.compile(r"MsoList|list-?paragraph|bullet", re.I)


class _State(NamedTuple):
    """What an element's words inherit. `joined`: inner blocks are lines of one block (a point, a heading)."""

    kind: BlockKind = "paragraph"
    level: int = 0
    depth: int = 0
    bold: bool = False
    url: str | None = None
    joined: bool = False
    verbatim: bool = False
    furniture: bool = False
    group: int = 0
    point: Element | None = None
    typed: bool = False


class _Run(NamedTuple):
    """Words of one look, in the pieces in which they came."""

    parts: list[str]
    bold: bool
    url: str | None


class Walk:
    """One pass over a tree in document order, with a stack of its own in place of Python's."""

    def __init__(self, base: str, panels: Panels, furniture: set[Element], body: set[Element]) -> None:
        self._base = base
        self._panels = panels
        self._furniture = furniture
        self._body = body
        self._made: list[Block] = []
        self._runs: list[_Run] = []
        self._state = _State()
        self._said: set[Element | None] = set()  # points whose first words are out
        self._level = 1  # of the last heading, accordion headings left out
        self._button_levels: dict[Element | None, int] = {}

    def blocks(self, root: Element, state: _State | None = None) -> list[Block]:
        self._state = state or _State(furniture=bool(self._body))
        stack = [(root, iter(root.contents), self._state, 1)]
        while stack:
            tag, children, before, level = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(tag, before, level)
            elif isinstance(child, str):
                self._add(child)
            elif not is_hidden(child, self._panels.controlled) or child in self._body:
                outer, outer_level = self._state, self._level
                inside = self._enter(child)
                stack.append((child, inside, outer, outer_level))
        self._flush()
        return self._made

    # --- words

    def _add(self, text: str) -> None:
        if not self._runs and not text.strip(" \t\n\r\f"):
            return
        text = tidy(text)
        if not self._state.verbatim:
            text = _SPACE.sub(" ", text)
        self._append(text)

    def _append(self, text: str) -> None:
        state = self._state
        if not self._runs and not text.strip():
            return
        last = self._runs[-1] if self._runs else None
        if last is not None and last.bold == state.bold and last.url == state.url:
            last.parts.append(text)
            return
        if last is not None and last.url and state.url and last.url != state.url:
            text = f" {text}"  # two links side by side are two buttons, or two lines, to the eye
        self._runs.append(_Run([text], state.bold, state.url))

    def _flush(self) -> None:
        """The words so far become a block."""
        if not self._runs:
            return
        spans = [Span(text="".join(run.parts), bold=run.bold, url=run.url) for run in self._runs]
        lines = [trimmed(line) for line in lines_of(spans)]
        self._runs = []
        state = self._state
        if not lines:
            return
        kind: BlockKind = state.kind
        if kind == "point" and (state.point in self._said or self._leads_in(lines)):
            kind = "paragraph"
        self._said.add(state.point)
        level = state.depth if kind == "point" else state.level if kind == "heading" else 0
        block = Block(
            kind=kind, level=level, spans=join_lines(lines), group=state.group, furniture=state.furniture
        )
        if not block.furniture and is_furniture_text(block.text):
            block = replace(block, furniture=True)
        if kind == "heading":
            self._made.append(block)
        else:
            self._made.extend(split_typed_points(block, is_point=kind == "point" or state.typed))

    def _leads_in(self, lines: list[list[Span]]) -> bool:
        """Whether words straight inside a list, before its first point, only lead up to it."""
        point = self._state.point
        return point is not None and point.name in LISTS and lines[-1][-1].text.rstrip().endswith(":")

    # --- elements

    def _enter(self, tag: Element) -> Iterator[Element | str]:
        """Takes up what the element means for its words; gives the children to walk."""
        name = tag.name
        if name == "br":
            self._append("\n")
            return iter(())
        if self._is_block(tag):
            self._boundary(tag)
            self._state = self._surrounded(tag)
            if name == "table":
                rows = find_rows(tag)
                if rows is not None:
                    self._add_table(tag, rows)
                    return iter(())
            self._enter_block(tag)
        elif tag in self._furniture or tag in self._body:
            self._state = self._surrounded(tag)
        self._enter_look(tag)
        return iter(tag.contents)

    def _is_block(self, tag: Element) -> bool:
        if tag.name in BLOCKS or tag.name == "button" or tag.attrs.get("role") == "heading":
            return True
        return tag in self._panels.groups or tag in self._panels.buttons

    def _boundary(self, tag: Element) -> None:
        if self._state.joined and not (tag.name in LISTS or tag.name == "table" or tag.name == "li"):
            self._append("\n")
        else:
            self._flush()

    def _surrounded(self, tag: Element) -> _State:
        state = self._state
        if tag in self._body:
            state = state._replace(furniture=False)
        if tag in self._furniture:
            state = state._replace(furniture=True)
        if number := self._panels.groups.get(tag):
            state = state._replace(group=number)
        return state

    def _enter_block(self, tag: Element) -> None:
        if self._state.point is not None and self._state.point.name in LISTS:  # no words of the list's own
            self._state = self._state._replace(kind="paragraph", point=None)
        name, state = tag.name, self._state
        is_button = tag in self._panels.buttons or name == "summary"
        if title := self._panels.titles.get(tag):
            self._made.append(self._titled(title))
        if heading_level(tag) or is_button:
            self._enter_heading(tag)
        elif name in LISTS:
            inner = state._replace(depth=state.depth + (name != "dl"), kind="paragraph", joined=False)
            inner = inner._replace(group=state.group or self._panels.new())
            self._state = inner if name == "dl" else inner._replace(kind="point", point=tag)
        elif name == "li":
            self._enter_item(tag)
        elif name == "button" and not state.joined:
            self._state = state._replace(furniture=True)
        elif name in ("td", "th") and not state.group and has_neighbours(tag):
            self._state = state._replace(group=self._panels.new())
        elif name == "dt":
            self._state = state._replace(bold=True, joined=True)
        elif name == "pre" or (name == "p" and _LISTED.search(" ".join(tag.classes))):
            self._state = state._replace(verbatim=name == "pre", typed=name == "p")

    def _enter_heading(self, tag: Element) -> None:
        """A heading element, or a button that heads a panel and has no heading element inside."""
        state = self._state
        level = heading_level(tag)
        if state.kind == "heading" or (state.joined and self._runs) or (not level and tag.holds(HEADINGS)):
            return
        if level:
            self._level = level
        self._state = state._replace(kind="heading", level=level or self._button_level(tag), joined=True)

    def _enter_item(self, tag: Element) -> None:
        if tag in self._panels.groups or tag.holds((*HEADINGS, "table", "details")):
            self._state = self._state._replace(kind="paragraph", joined=False, depth=0)
        else:
            self._state = self._state._replace(
                kind="point", joined=True, depth=max(1, self._state.depth), point=tag
            )

    def _titled(self, title: str) -> Block:
        state = self._state
        level = min(6, self._level + 1)
        return Block(
            kind="heading",
            level=level,
            spans=(Span(text=tidy(title)),),
            group=state.group,
            furniture=state.furniture,
        )

    def _button_level(self, tag: Element) -> int:
        """One below the heading above the accordion, the same for each of its buttons."""
        box = tag.parent.parent if tag.name == "summary" and tag.parent is not None else tag.parent
        return self._button_levels.setdefault(box, min(6, self._level + 1))

    def _enter_look(self, tag: Element) -> None:
        bold = is_bold(tag, self._state.bold)
        url = self._state.url
        if tag.name == "a" and "href" in tag.attrs:
            url = absolute(tag.attrs["href"], self._base)
        if bold != self._state.bold or url != self._state.url:
            self._state = self._state._replace(bold=bold, url=url)

    def _leave(self, tag: Element, before: _State, level: int) -> None:
        if self._is_block(tag):
            same = before.kind == self._state.kind and tag.name not in LISTS
            if self._state.joined and before.joined and same:
                self._append("\n")
            else:
                self._flush()
        if tag.name == "a" and "href" in tag.attrs and self._state.url:
            self._name_link(tag)
        if tag.name == "details" or tag in self._panels.controlled:
            self._level = level
        self._state = before

    def _name_link(self, tag: Element) -> None:
        """A link that is a picture has its picture's text as words."""
        if tag.size:
            return
        image = tag.first("img")
        label = tag.attrs.get("aria-label") or tag.attrs.get("title") or (image and image.attrs.get("alt"))
        if label:
            self._add(label)

    # --- tables

    def _add_table(self, tag: Element, rows: list[Row]) -> None:
        group = self._state.group or self._panels.new()
        state = self._state._replace(group=group)
        caption = tag.first("caption")
        if caption is not None and (words := caption.text(" ")).strip():
            self._made.append(replace(self._titled(" ".join(words.split())), group=group))
        cells: dict[Element, tuple[Span, ...]] = {}
        for row, header in rows:
            for cell in row:
                if cell is not None and cell not in cells:
                    cells[cell] = self._cell(cell, state)
            spans = tuple(cells[cell] if cell is not None else () for cell in row)
            if any(spans):
                self._made.append(
                    Block(kind="row", cells=spans, header=header, group=group, furniture=state.furniture)
                )

    def _cell(self, cell: Element, state: _State) -> tuple[Span, ...]:
        """A cell's words as spans, each inner block or point a line."""
        walk = Walk(self._base, self._panels, set(), set())
        start = state._replace(kind="paragraph", joined=False)
        return join_lines(line for block in walk.blocks(cell, start) for line in lines_of(block.all_spans))
