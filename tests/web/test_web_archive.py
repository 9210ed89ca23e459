"""The search page."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import ArchiveQuery, Evidence, Link, Review, Theme
from tests.web.visitor import FakeStore, Visitor

NEGLECT = Theme(id="neglect", evidence=(Evidence(field="learning", quote="neglect"),))
FORGOTTEN = Theme(id="no-longer-a-theme", evidence=())


class Outline(HTMLParser):
    """What a screen reader would find: the language, headings, labels, fields, and all attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in tags]

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if tag in {"h1", "h2", "h3", "h4"}]


def a_review(**changes: object) -> Review:
    facts: dict[str, object] = {
        "title": "Child Fern",
        "place": "Port Lowen",
        "published": "2026-03-12",
        "review_type": "lcspr",
        **changes,
    }
    return Review(**facts)  # type: ignore[arg-type]  # a test names the fields it cares for


def test_a_hit_shows_where_when_what_and_why(store: FakeStore, visitor: Visitor) -> None:
    address = "https://lowen.example/fern.pdf"
    store.has(a_review(), themes=[NEGLECT], seen_at=address, excerpt="… signs of neglect …")
    page = visitor.gets("/archive", words="neglect").text
    assert f'<a href="{address}" rel="external nofollow noreferrer">Child Fern</a>' in page
    assert "Port Lowen · Local child safeguarding practice review · 12 March 2026" in page
    assert "… signs of neglect …" in page
    assert '<a href="?theme=neglect">Neglect</a>' in page
    assert "1 review found." in page


def test_a_withdrawn_review_is_named_as_such_and_its_link_is_no_longer_offered(
    store: FakeStore, visitor: Visitor
) -> None:
    address = "https://lowen.example/fern.pdf"
    store.has(a_review(status="withdrawn"), seen_at=address)
    page = visitor.gets("/archive").text
    assert "Child Fern" in page
    assert "12 March 2026 · withdrawn" in page
    assert address not in page


def test_all_that_was_asked_reaches_the_archive_and_stays_in_the_form(
    store: FakeStore, visitor: Visitor
) -> None:
    answer = visitor.gets(
        "/archive", words=' "co-sleeping" ', theme="neglect", place="Saltmarsh", year="2026", type="scr"
    )
    query = ArchiveQuery(
        words='"co-sleeping"', theme="neglect", place="Saltmarsh", year=2026, review_type="scr", limit=51
    )
    assert store.queries == [query]
    assert 'value="&#34;co-sleeping&#34;"' in answer.text
    assert '<option value="scr" selected>' in answer.text
    assert '<option value="neglect" selected>Neglect</option>' in answer.text
    assert 'value="Saltmarsh"' in answer.text
    assert 'value="2026"' in answer.text


def test_without_a_question_the_latest_are_shown(store: FakeStore, visitor: Visitor) -> None:
    assert "no reviews in the archive yet" in visitor.gets("/archive").text
    store.has(a_review())
    assert "The latest reviews." in visitor.gets("/archive").text


def test_a_search_that_finds_nothing_says_so(visitor: Visitor) -> None:
    assert "No review found." in visitor.gets("/archive", words="quicksand").text


def test_more_than_fit_are_owned_up_to(store: FakeStore, visitor: Visitor) -> None:
    for number in range(51):
        store.has(a_review(title=f"Child {number}"))
    page = visitor.gets("/archive", words="child").text
    assert "The first 50 are shown" in page
    assert page.count("<h2>") == 50


@pytest.mark.parametrize("year", ["26", "abcd", "20266", "²⁰²⁶", "-2026", "٢٠٢٦"])
def test_a_year_that_is_none_is_said_at_its_field(store: FakeStore, visitor: Visitor, year: str) -> None:
    answer = visitor.gets("/archive", year=year)
    assert answer.status_code == 200
    assert "Write the year with four digits" in answer.text
    assert 'aria-describedby="year-problem"' in answer.text
    assert store.queries == []


def test_an_unknown_kind_narrows_nothing(store: FakeStore, visitor: Visitor) -> None:
    visitor.gets("/archive", type="nonsense")
    assert store.queries[0].review_type is None


def test_a_theme_that_is_no_more_is_shown_by_its_id(store: FakeStore, visitor: Visitor) -> None:
    store.has(a_review(), themes=[FORGOTTEN])
    assert ">no-longer-a-theme</a>" in visitor.gets("/archive").text
    assert visitor.gets("/archive", theme="no-longer-a-theme").status_code == 200


def test_themes_are_offered_by_name_where_they_are_known(store: FakeStore) -> None:
    page = Visitor(store, themes=["voice-of-child", "neglect"]).gets("/archive").text
    assert page.index(">Neglect</option>") < page.index(">Voice of the child</option>")


@pytest.mark.parametrize(
    ("published", "shown"), [("2026", "2026"), ("2026-03", "March 2026"), ("2026-12-01", "1 December 2026")]
)
def test_a_date_is_shown_as_precisely_as_it_was_given(
    store: FakeStore, visitor: Visitor, published: str, shown: str
) -> None:
    store.has(a_review(published=published, place=None, review_type=None))
    assert f'<p class="facts">{shown}</p>' in visitor.gets("/archive").text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http://[bad"])
def test_an_address_that_is_no_web_page_is_no_link(store: FakeStore, visitor: Visitor, url: str) -> None:
    store.has(a_review(links=(Link(label="Report", url=url),)), seen_at=url)
    page = visitor.gets("/archive").text
    assert "<h2>Child Fern</h2>" in page
    assert url not in page


NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}"


def test_everything_is_escaped(store: FakeStore, visitor: Visitor) -> None:
    store.has(a_review(title=NASTY, place=NASTY), themes=[Theme(id=NASTY, evidence=())], excerpt=NASTY)
    page = visitor.gets("/archive", words=NASTY, place=NASTY, theme=NASTY, year=NASTY, type=NASTY).text
    shown = visitor.gets("/archive", words=NASTY, place=NASTY, theme=NASTY).text
    for text in (page, shown):
        assert Outline(text).all("script", "img") == []
        assert "49" not in text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_words_break_the_page(store: FakeStore, visitor: Visitor, words: str) -> None:
    store.queries.clear()
    answer = visitor.gets("/archive", words=words, place=words)
    assert answer.status_code == 200
    assert "\x00" not in store.queries[0].words
    value = next(one["value"] for one in Outline(answer.text).all("input") if one["name"] == "words")
    assert value.split() == words.replace("\x00", "").split()


def test_the_page_is_accessible(store: FakeStore) -> None:
    store.has(a_review(), themes=[NEGLECT], seen_at="https://lowen.example/")
    page = Outline(Visitor(store, themes=["neglect"]).gets("/archive").text)
    assert page.all("html")[0]["lang"] == "en-GB"
    assert page.headings == [1, 2]
    assert len(page.all("main")) == 1
    fields = {field["id"] for field in page.all("input", "select")}
    assert fields == {label["for"] for label in page.all("label")}
    assert len(fields) == 5
    assert page.all("meta")[1]["name"] == "viewport"


def test_nothing_is_fetched_from_elsewhere(store: FakeStore, visitor: Visitor) -> None:
    page = Outline(visitor.gets("/archive").text)
    assert page.all("script", "img", "link", "iframe", "object", "base") == []
    assert not any("src" in attributes for _, attributes in page.tags)


def test_links_of_our_own_are_relative_so_that_any_address_of_the_web_will_do(
    store: FakeStore, visitor: Visitor
) -> None:
    store.has(a_review(), themes=[NEGLECT])
    page = Outline(visitor.gets("/archive").text)
    assert "action" not in page.all("form")[0]
    assert {link["href"][0] for link in page.all("a")} == {"#", "t", "?"}


def test_the_archive_cannot_be_written_to(visitor: Visitor) -> None:
    assert visitor.posts("/archive").status_code == 405
