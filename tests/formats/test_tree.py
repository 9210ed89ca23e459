"""The tree of a page: whatever its markup, no text is lost, and what is asked of an element is what is in it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.formats.tree import Element, parse

_PIECES = st.sampled_from(
    [
        "<div>", "</div>", "<p class='a b'>", "</p>", "<ul><li>", "</ul>", "<table><tr><td>", "</table>", "<b>", "</b>",
        "<h2 id=x>", "</h2>", "<a href=r.pdf>", "</a>", "<br>", "<script>go()</script>", "<template>no</template>",
        "<ruby>a<rt>b</rt></ruby>", "<!-- c -->", "<![CDATA[d]]>", "<?e f?>", "</body></html>", "<title>", "<form>",
        "Child R ", " ", "\n", "&amp;", "&nbsp;", "é", "<", ">", "\0", "</nothing>", "<o:p>", "<pre>  \n",
    ]
)  # fmt: skip


def shape(tag: Element | Tag) -> list[object]:
    """An element as nested lists of names, attributes and text."""
    made: list[object] = []
    for child in tag.contents:
        if isinstance(child, (Element, Tag)):
            attrs = {
                name: value if isinstance(value, str) else " ".join(value)
                for name, value in child.attrs.items()
            }
            made.append([child.name, attrs, shape(child)])
        elif type(child).__name__ in ("str", "NavigableString", "CData"):
            made.append(str(child) if str(child).strip() else " ")
    return made


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_the_tree_is_the_one_that_beautifulsoup_builds(markup: str) -> None:
    assert shape(parse(markup)) == shape(BeautifulSoup(markup.replace("\0", ""), "lxml"))


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_what_an_element_says_of_itself_is_what_a_search_would_find(markup: str) -> None:
    for tag in (page := parse(markup)).inside():
        soup_of = [each for each in page.inside() if tag in each.ancestors()]
        assert tag.inside() == soup_of
        assert tag.first("li", "a") == next(iter(tag.inside("li", "a")), None)
        assert tag.holds(("h2", "table")) == bool(tag.inside("h2", "table"))
        assert tag.size == sum(len(text.strip()) for text in tag.strings)
        assert tag.text() == "".join(_texts(tag))
        assert tag.before is None or tag.before.after is tag
        assert tag.parent is not None
        assert tag in tag.parent.contents


def _texts(tag: Element) -> list[str]:
    return [text for child in tag.contents for text in ([child] if isinstance(child, str) else _texts(child))]


@pytest.mark.parametrize(
    ("markup", "strings"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("<p>one<p>two", ["one", "two"]),
        ("<p>one</body></html><p>two", ["one", "two"]),
        ("<p>a\0b", ["ab"]),
        ("<p>a\ud800b", ["a?b"]),
        ("\ufeff<p>a", ["a"]),
        ("<meta charset=latin-1><p>é–", ["é–"]),
        ("<p>a<script>no</script><style>no</style><template><b>no</b></template>b", ["a", "b"]),
        (f"<p>a<img src='data:{'x' * 10_500_000}'>b", ["a", "b"]),
        (f"{'<i>' * 3000}deep{'</i>' * 3000}<p>after", ["deep", "after"]),
        (f"<p>{'x' * 11_000_000}", ["x" * 11_000_000]),
        (f"<p {' '.join(f'a{n}=1' for n in range(20_000))}>a", ["a"]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_no_markup_loses_text(markup: str, strings: list[str]) -> None:
    assert parse(markup).strings == strings


def test_a_script_keeps_what_is_written_in_it() -> None:
    script = parse('<script type="application/ld+json">{"a": "<b>"}</script>').first("script")
    assert script is not None
    assert (script.source, script.text(), script.inside()) == ('{"a": "<b>"}', "", [])


def test_an_element_knows_its_neighbours_and_what_it_is_in() -> None:
    page = parse("<main><p id=a>one</p> <!-- x --> <p>two</p><ul><li>three</ul></main>")
    first, second = page.inside("p")
    item = page.first("li")
    assert (first.before, first.after, second.before) == (None, second, first)
    assert item is not None
    assert item.within("main", "body") is page.first("main")
    assert item.within("table") is None
