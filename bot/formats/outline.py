"""Every element of a page, with how much text it holds and which landmarks: found once, asked often.

BeautifulSoup answers such questions by a new search each time, which on a long listing costs ten times more
than reading it.
"""

from __future__ import annotations

from collections.abc import Collection

from bs4.element import CData, NavigableString, Tag

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LANDMARKS = {name: 1 << bit for bit, name in enumerate((*HEADINGS, "table", "details", "main", "a"))}


class Outline:
    """The elements below `root`, in document order."""

    def __init__(self, root: Tag) -> None:
        self.tags = [tag for tag in root.descendants if isinstance(tag, Tag)]
        self._size: dict[int, int] = {}
        self._holds: dict[int, int] = {}
        for tag in (*reversed(self.tags), root):
            size = holds = 0
            for child in tag.contents:
                if isinstance(child, Tag):
                    size += self._size[id(child)]
                    holds |= self._holds[id(child)] | _LANDMARKS.get(child.name, 0)
                elif type(child) in (NavigableString, CData):
                    size += len(str(child).strip())
            self._size[id(tag)] = size
            self._holds[id(tag)] = holds
        self.whole = self._size[id(root)]

    def named(self, *names: str) -> list[Tag]:
        """The elements with one of these names, in document order."""
        wanted = set(names)
        return [tag for tag in self.tags if tag.name in wanted]

    def size(self, tag: Tag) -> int:
        """How many characters of text the element holds, white space at their ends left out."""
        return self._size.get(id(tag), 0)

    def holds(self, tag: Tag, names: Collection[str]) -> bool:
        """Whether one of these landmarks (headings, table, details, main, a) is inside the element."""
        return bool(self._holds.get(id(tag), 0) & sum(_LANDMARKS[name] for name in names))


def classes(tag: Tag) -> list[str]:
    """The element's classes."""
    value = tag.attrs.get("class")
    if not value:
        return []
    return value.split() if isinstance(value, str) else [str(name) for name in value]
