"""Changes of a page's structure, made on its tree: entries put in another order, merged or emptied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

import lxml.html
from lxml.etree import _Comment

from bot.formats.sniff import decode

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ENTRY_TAGS = ("li", "tr", "article", "div", "details", "section", "p", "dt")
_TOO_MUCH = 0.7  # of the text in one part: then the parts are no entries, but a page and its frame
_ENOUGH = 0.3  # of the page's text in the parts together: less is a menu
_STRIPPED = 60  # characters: a paragraph or point longer than this is prose

Group = list[Any]  # neighbours in the tree that make one entry


def _on_a_tree(change: Callable[[Any], bool]) -> Callable[[bytes], bytes | None]:
    """`change` says whether it changed anything. Written out in ASCII: true in whatever encoding is named."""

    def changed(body: bytes) -> bytes | None:
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        root = lxml.html.document_fromstring(decode(body, None).encode("utf-8", "replace"), parser=parser)
        doctype = b"<!doctype html>" if body[:200].lower().find(b"<!doctype") >= 0 else b""
        return doctype + lxml.html.tostring(root, encoding="ascii") if change(root) else None

    return changed


@_on_a_tree
def order_reversed(root: Any) -> bool:
    """The last entry first."""
    groups = _entries(root)
    if len(groups) < 2:
        return False
    parent = groups[0][0].getparent()
    at = parent.index(groups[0][0])
    for group in groups:
        for element in group:
            parent.remove(element)
    for group in reversed(groups):
        for element in group:
            parent.insert(at, element)
            at += 1
    return True


@_on_a_tree
def entries_merged(root: Any) -> bool:
    """Every second entry runs on in the one before it, its heading lost."""
    groups = _entries(root)
    for first, second in list(pairwise(groups))[::2]:
        if first[0].tag in _LEVELS:
            _remove(second[0])
            continue
        for element in list(second[0]) if first[0].tag == second[0].tag else []:
            first[0].append(element)
        _remove(second[0])
    return len(groups) >= 2


@_on_a_tree
def labels_to_bold_runs(root: Any) -> bool:
    """Headings of four words or fewer below the page's own become bold words at the start of what follows."""
    labels = [
        heading
        for heading in root.iter(*_LEVELS[1:])
        if len(_text(heading).split()) <= 4 and heading.getparent() is not None
    ]
    for label in labels:
        after = label.getnext()
        paragraph = after if after is not None and after.tag == "p" else lxml.html.Element("p")
        bold = lxml.html.Element("b")
        bold.text = _text(label)
        bold.tail, paragraph.text = f" {paragraph.text or ''}", None
        paragraph.insert(0, bold)
        if paragraph is not after:
            label.addnext(paragraph)
        _remove(label)
    return bool(labels)


@_on_a_tree
def rows_reordered(root: Any) -> bool:
    """Rows below the header the other way round."""
    changed = False
    for parent in list(root.iter("table", "tbody")):
        rows = [row for row in parent if row.tag == "tr" and row.find("td") is not None]
        for row in rows[1:]:
            parent.remove(row)
            parent.insert(parent.index(rows[0]), row)
            rows[0] = row
            changed = True
    return changed


@_on_a_tree
def blocks_stripped(root: Any) -> bool:
    """Headings, labels and links stay; the prose is gone, as where a script is to fetch it."""
    prose = [one for one in root.iter("p", "li", "td", "dd") if len(_text(one)) > _STRIPPED]
    for one in prose:
        kept = [deepcopy(link) for link in one.iter("a")]
        for child in list(one):
            one.remove(child)
        one.text = ""
        for link in kept:
            link.tail = None
            one.append(link)
    return bool(prose)


def _entries(root: Any) -> list[Group]:
    """The neighbours that are most likely the page's entries: parts of one make that share out most of its
    text. The deepest such, where two hold the same."""
    best: tuple[int, list[Group]] = (0, [])
    whole = len(_text(root))
    for parent in root.iter():
        if isinstance(parent.tag, str):
            for groups in (_by_heading(parent), _by_tag(parent)):
                size = _size(groups)
                if size >= max(best[0], _ENOUGH * whole):
                    best = (size, groups)
    return best[1]


def _by_heading(parent: Any) -> list[Group]:
    """Each heading of the highest level that occurs twice, with what follows it."""
    children = [child for child in parent if isinstance(child.tag, str)]
    counts = Counter(child.tag for child in children if child.tag in _LEVELS)
    level = next((tag for tag in _LEVELS if counts[tag] >= 2), None)
    groups: list[Group] = []
    for child in children:
        if child.tag == level:
            groups.append([child])
        elif groups and child.tag in _LEVELS and level and child.tag < level:
            break
        elif groups:
            groups[-1].append(child)
    return groups


def _by_tag(parent: Any) -> list[Group]:
    counts = Counter(child.tag for child in parent if child.tag in _ENTRY_TAGS and _text(child))
    tag, count = next(iter(counts.most_common(1)), ("", 0))
    if count < 2:
        return []
    children = [child for child in parent if child.tag == tag and _text(child)]
    if tag == "tr":
        children = [row for row in children if row.find("td") is not None]
    return [[child] for child in children]


def _size(groups: Sequence[Group]) -> int:
    """Characters in them; 0 where one holds nearly all."""
    sizes = [sum(len(_text(element)) for element in group) for group in groups]
    return sum(sizes) if len(sizes) >= 2 and max(sizes) <= _TOO_MUCH * sum(sizes) else 0


def _text(element: Any) -> str:
    return "" if isinstance(element, _Comment) else " ".join(element.text_content().split())


def _remove(element: Any) -> None:
    """Without its tail going with it."""
    element.drop_tree()
