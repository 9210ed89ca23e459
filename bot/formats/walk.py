"""One pass over the tree of a web page, with a stack of its own, so that no depth of nesting can stop it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bs4.element import CData, NavigableString, Tag

from bot.formats.elements import BLOCKS, LISTS, has_neighbours, heading_level, is_bold, is_hidden
from bot.formats.furniture import is_furniture_text
from bot.formats.inline import absolute
from bot.formats.lines import join_lines, lines_of, split_typed_points, trimmed
from bot.formats.outline import HEADINGS, Outline, classes
from bot.formats.panels import Panels
from bot.formats.sniff import tidy
from bot.formats.tables import find_rows
from bot.models import Block, BlockKind, Span

_SPACE = re.compile(r"[ \t\n\r\f]+")
_LISTED = re.compile(r"MsoList|list-?paragraph|bullet", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
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
    point: int = 0
    typed: bool = False


class Walk:
    """One pass over a tree in document order, with a stack of its own in place of Python's."""

    def __init__(
        self, base: str, outline: Outline, panels: Panels, furniture: set[int], body: set[int]
    ) -> None:
        self._base = base
        self._outline = outline
        self._panels = panels
        self._furniture = furniture
        self._body = body
        self._made: list[Block] = []
        self._spans: list[Span] = []
        self._state = _State()
        self._said: set[int] = set()  # points whose first words are out
        self._level = 1  # of the last heading, accordion headings left out
        self._button_levels: dict[int, int] = {}

    def blocks(self, root: Tag, state: _State | None = None) -> list[Block]:
        self._state = state or _State(furniture=bool(self._body))
        stack: list[tuple[Tag, Iterator[object], _State, int]] = [(root, iter(root.contents), self._state, 1)]
        while stack:
            tag, children, before, level = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(tag, before, level)
            elif isinstance(child, Tag):
                if not (is_hidden(child, self._panels.controlled) and id(child) not in self._body):
                    outer, outer_level = self._state, self._level
                    inside = self._enter(child)
                    stack.append((child, inside, outer, outer_level))
            elif type(child) in (NavigableString, CData):
                self._add(str(child))
        self._flush()
        return self._made

    # --- words

    def _add(self, text: str) -> None:
        text = tidy(text)
        if not self._state.verbatim:
            text = _SPACE.sub(" ", text)
        self._append(text)

    def _append(self, text: str) -> None:
        state = self._state
        if not self._spans and not text.strip():
            return
        last = self._spans[-1] if self._spans else None
        if last is not None and last.bold == state.bold and last.url == state.url:
            self._spans[-1] = Span(text=last.text + text, bold=last.bold, url=last.url)
        else:
            if last is not None and last.url and state.url and last.url != state.url:
                text = f" {text}"  # two links side by side are two buttons, or two lines, to the eye
            self._spans.append(Span(text=text, bold=state.bold, url=state.url))

    def _flush(self) -> None:
        """The words so far become a block."""
        if not self._spans:
            return
        lines = [trimmed(line) for line in lines_of(self._spans)]
        self._spans = []
        state = self._state
        if not lines:
            return
        kind: BlockKind = state.kind
        if kind == "point" and state.point in self._said:
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

    # --- elements

    def _enter(self, tag: Tag) -> Iterator[object]:
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
        elif id(tag) in self._furniture or id(tag) in self._body:
            self._state = self._surrounded(tag)
        self._enter_look(tag)
        return iter(tag.contents)

    def _is_block(self, tag: Tag) -> bool:
        if tag.name in BLOCKS or tag.name == "button" or tag.attrs.get("role") == "heading":
            return True
        return id(tag) in self._panels.groups or id(tag) in self._panels.buttons

    def _boundary(self, tag: Tag) -> None:
        if self._state.joined and not (tag.name in LISTS or tag.name == "table" or tag.name == "li"):
            self._append("\n")
        else:
            self._flush()

    def _surrounded(self, tag: Tag) -> _State:
        state = self._state
        if id(tag) in self._body:
            state = replace(state, furniture=False)
        if id(tag) in self._furniture:
            state = replace(state, furniture=True)
        if number := self._panels.groups.get(id(tag)):
            state = replace(state, group=number)
        return state

    def _enter_block(self, tag: Tag) -> None:
        name, state = tag.name, self._state
        is_button = id(tag) in self._panels.buttons or name == "summary"
        if title := self._panels.titles.get(id(tag)):
            self._made.append(self._titled(title))
        if heading_level(tag) or is_button:
            self._enter_heading(tag)
        elif name in LISTS:
            inner = replace(state, depth=state.depth + (name != "dl"), kind="paragraph", joined=False)
            self._state = replace(inner, group=state.group or self._panels.new())
        elif name == "li":
            self._enter_item(tag)
        elif name == "button" and not state.joined:
            self._state = replace(state, furniture=True)
        elif name in ("td", "th") and not state.group and has_neighbours(tag, self._outline):
            self._state = replace(state, group=self._panels.new())
        elif name == "dt":
            self._state = replace(state, bold=True, joined=True)
        elif name == "pre" or (name == "p" and _LISTED.search(" ".join(classes(tag)))):
            self._state = replace(state, verbatim=name == "pre", typed=name == "p")

    def _enter_heading(self, tag: Tag) -> None:
        """A heading element, or a button that heads a panel and has no heading element inside."""
        state = self._state
        level = heading_level(tag)
        if (
            state.kind == "heading"
            or (state.joined and self._spans)
            or (not level and self._outline.holds(tag, HEADINGS))
        ):
            return
        if level:
            self._level = level
        self._state = replace(state, kind="heading", level=level or self._button_level(tag), joined=True)

    def _enter_item(self, tag: Tag) -> None:
        if id(tag) in self._panels.groups or self._outline.holds(tag, (*HEADINGS, "table", "details")):
            self._state = replace(self._state, kind="paragraph", joined=False, depth=0)
        else:
            self._state = replace(
                self._state, kind="point", joined=True, depth=max(1, self._state.depth), point=id(tag)
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

    def _button_level(self, tag: Tag) -> int:
        """One below the heading above the accordion, the same for each of its buttons."""
        box = tag.parent.parent if tag.name == "summary" and tag.parent is not None else tag.parent
        return self._button_levels.setdefault(id(box), min(6, self._level + 1))

    def _enter_look(self, tag: Tag) -> None:
        bold = is_bold(tag, self._state.bold)
        url = self._state.url
        if tag.name == "a" and tag.has_attr("href"):
            url = absolute(str(tag["href"]), self._base)
        if bold != self._state.bold or url != self._state.url:
            self._state = replace(self._state, bold=bold, url=url)

    def _leave(self, tag: Tag, before: _State, level: int) -> None:
        if self._is_block(tag):
            same = before.kind == self._state.kind and tag.name not in LISTS
            if self._state.joined and before.joined and same:
                self._append("\n")
            else:
                self._flush()
        if tag.name == "a" and tag.has_attr("href") and self._state.url:
            self._name_link(tag)
        if tag.name == "details" or id(tag) in self._panels.controlled:
            self._level = level
        self._state = before

    def _name_link(self, tag: Tag) -> None:
        """A link that is a picture has its picture's text as words."""
        if self._outline.size(tag):
            return
        image = tag.find("img")
        label = tag.get("aria-label") or tag.get("title") or (image.get("alt") if image is not None else None)
        if label:
            self._add(str(label))

    # --- tables

    def _add_table(self, tag: Tag, rows: list[tuple[list[Tag | None], bool]]) -> None:
        group = self._state.group or self._panels.new()
        state = replace(self._state, group=group)
        caption = tag.find("caption")
        if caption is not None and (words := caption.get_text(" ")).strip():
            self._made.append(replace(self._titled(" ".join(words.split())), group=group))
        cells: dict[int, tuple[Span, ...]] = {}
        for row, header in rows:
            for cell in row:
                if cell is not None and id(cell) not in cells:
                    cells[id(cell)] = self._cell(cell, state)
            spans = tuple(cells[id(cell)] if cell is not None else () for cell in row)
            if any(spans):
                self._made.append(
                    Block(kind="row", cells=spans, header=header, group=group, furniture=state.furniture)
                )

    def _cell(self, cell: Tag, state: _State) -> tuple[Span, ...]:
        """A cell's words as spans, each inner block or point a line."""
        walk = Walk(self._base, self._outline, self._panels, set(), set())
        start = replace(state, kind="paragraph", joined=False)
        return join_lines(line for block in walk.blocks(cell, start) for line in lines_of(block.all_spans))
