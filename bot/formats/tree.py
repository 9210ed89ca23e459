"""A web page as a tree, built from what lxml's parser tells as it goes.

The parser is libxml2's, which mends what is broken; the tree is our own. Its elements know where they begin
and end in the page's order, so that what the other modules ask again and again (what text is in here, how
much of it, which headings) is a slice of two lists and no search. BeautifulSoup makes its tree of the same
events in four times the time; lxml's own loses all that is nested deeper than 2,048 elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LANDMARKS = {name: 1 << bit for bit, name in enumerate((*HEADINGS, "table", "details", "main", "a"))}
_SILENT = {"script", "style", "template", "rt", "rp"}  # no reader of the page sees what is in these


class Element:
    """An element of a page, or (`[document]`) the page itself. Two are the same only if they are one."""

    __slots__ = (
        "_begin",
        "_end",
        "_first",
        "_holds",
        "_last",
        "_tree",
        "after",
        "attrs",
        "before",
        "classes",
        "contents",
        "name",
        "parent",
        "source",
    )  # fmt: skip

    def __init__(self, name: str, attrs: Mapping[str, str], parent: Element | None, tree: _Tree) -> None:
        self.name = name
        self.attrs = dict(attrs)  # lxml gives a slow kind of mapping where there are none
        self.classes = attrs["class"].split() if "class" in attrs else []
        self.parent = parent
        self.contents: list[Element | str] = []
        self.before: Element | None = None  # the element before it in its parent, and the one after it
        self.after: Element | None = None
        self.source = ""  # of a script: what is written in it
        self._tree = tree
        self._first = self._last = len(tree.elements) + 1
        self._begin = self._end = len(tree.strings)
        self._holds = 0

    @property
    def size(self) -> int:
        """How many characters of text it holds, white space at the ends of each string left out."""
        return self._tree.lengths[self._end] - self._tree.lengths[self._begin]

    def holds(self, names: Iterable[str]) -> bool:
        """Whether one of these landmarks (headings, table, details, main, a) is inside it."""
        return bool(self._holds & sum(_LANDMARKS[name] for name in names))

    def inside(self, *names: str) -> list[Element]:
        """All elements inside it, or those with one of these names, in the page's order."""
        found = self._tree.elements[self._first : self._last]
        return [tag for tag in found if tag.name in names] if names else found

    def first(self, *names: str) -> Element | None:
        """The first element inside it with one of these names."""
        elements = self._tree.elements
        for at in range(self._first, self._last):
            if elements[at].name in names:
                return elements[at]
        return None

    def children(self, *names: str) -> list[Element]:
        """The elements right below it with one of these names."""
        return [child for child in self.contents if not isinstance(child, str) and child.name in names]

    def ancestors(self) -> Iterator[Element]:
        """The elements that it is in, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def within(self, *names: str) -> Element | None:
        """The nearest element with one of these names that it is in."""
        return next((above for above in self.ancestors() if above.name in names), None)

    @property
    def strings(self) -> list[str]:
        """The text inside it, cut where elements begin and end."""
        return self._tree.strings[self._begin : self._end]

    def text(self, between: str = "") -> str:
        """Its text; `between` stands where elements begin and end."""
        return between.join(self.strings)


class _Tree:
    """What lxml's parser tells, made into elements: a parser target
    (https://lxml.de/parsing.html#the-target-parser-interface)."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.strings: list[str] = []
        self.lengths = [0]  # of the strings before each, added up
        self.root = Element("[document]", {}, None, self)
        self.root._first = self.root._last = 0
        self._open = [self.root]
        self._youngest: list[Element | None] = [None]  # of each open element, its last child so far
        self._heard: list[str] = []
        self._silent = 0

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        if self._heard:
            self._say()
        parent = self._open[-1]
        made = Element(name, attrs, parent, self)
        self.elements.append(made)
        parent.contents.append(made)
        elder = self._youngest[-1]
        if elder is not None:
            made.before = elder
            elder.after = made
        self._youngest[-1] = made
        self._youngest.append(None)
        self._open.append(made)
        self._silent += name in _SILENT

    def end(self, name: str) -> None:
        if self._heard:
            self._say()
        while len(self._open) > 1:
            if self._shut() == name:
                break

    def _shut(self) -> str:
        tag = self._open.pop()
        self._youngest.pop()
        tag._last = len(self.elements)
        tag._end = len(self.strings)
        self._silent -= tag.name in _SILENT
        self._open[-1]._holds |= tag._holds | _LANDMARKS.get(tag.name, 0)
        return tag.name

    def data(self, text: str) -> None:
        self._heard.append(text)

    def comment(self, text: str) -> None:
        self._say()

    def pi(self, target: str, text: str | None = None) -> None:
        self._say()

    def _say(self) -> None:
        """What was heard since the last tag or comment becomes a string of the open element."""
        if not self._heard:
            return
        text, tag = "".join(self._heard), self._open[-1]
        self._heard = []
        if self._silent:
            tag.source += text
            return
        tag.contents.append(text)
        self.strings.append(text)
        self.lengths.append(self.lengths[-1] + len(text.strip()))

    def close(self) -> Element:
        self._say()
        while len(self._open) > 1:
            self._shut()
        self.root._last = len(self.elements)
        self.root._end = len(self.strings)
        return self.root


def parse(markup: str) -> Element:
    """Any markup as a tree; what is broken is mended, and nothing of its text is lost."""
    letters = markup.replace("\0", "").removeprefix("\ufeff").encode(errors="replace")
    parser = etree.HTMLParser(target=_Tree(), huge_tree=True, encoding="utf-8")
    parser.feed(letters)
    root: Element = parser.close()
    return root
