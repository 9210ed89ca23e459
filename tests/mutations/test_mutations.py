"""The corpus, broken in every way, reads the same or says that it cannot; nothing wrong is ever published."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.breaking import HARMFUL, WAYS, broken
from bot.looking.broken import enough
from bot.models import Page
from tests.mutations.trying import Tried, pages, try_page

CORPUS = dict(pages(Path(__file__).parents[1] / "corpus"))
LISTING = CORPUS["repository-listing"]


@cache
def tried() -> tuple[Tried, ...]:
    return tuple(one for name, page in CORPUS.items() for one in try_page(name, page))


def test_nothing_that_is_not_so_is_published() -> None:
    assert [one for one in tried() if one.outcome == "told wrongly"] == []


def test_nearly_all_are_read_the_same_or_said_to_be_unreadable() -> None:
    assert enough([one.outcome for one in tried()]), [
        one for one in tried() if one.outcome == "lost silently"
    ]
    assert enough([one.outcome for one in tried() if one.way in HARMFUL])


def test_what_should_make_no_difference_makes_none() -> None:
    harmless = (
        "links wrapped",
        "white space collapsed",
        "deeply nested",
        "charset removed",
    )
    assert {one.outcome for one in tried() if one.way in harmless} == {"read as before"}


@pytest.mark.parametrize("way", ["bot-block page", "chat-bot shell", "cut half way"])
def test_what_is_no_page_any_more_always_sounds_the_alarm(way: str) -> None:
    assert {one.outcome for one in tried() if one.way == way} == {"alarm"}


def test_an_error_says_what_was_seen_and_what_to_do_if_it_is_right() -> None:
    for one in tried():
        if one.outcome == "alarm":
            assert one.said.startswith("https://")
            remedy = "in a browser" if "is cut short" in one.said else "If that is right, "
            assert ("nothing was kept" in one.said) == (remedy in one.said)


def test_without_the_checks_the_same_pages_publish_what_is_not_so() -> None:
    """So that a measure which sees nothing cannot pass for a reader that does nothing wrong."""
    believed = try_page("repository-listing", LISTING, ("entries merged",), accept=True)
    assert {one.outcome for one in believed} == {"told wrongly"}


def test_a_page_cut_half_way_is_not_even_believed_where_it_is_accepted() -> None:
    cut = try_page("repository-listing", LISTING, ("cut half way",), accept=True)
    assert {one.outcome for one in cut} == {"alarm"}


def test_the_ten_harmful_ways_are_those_that_were_agreed() -> None:
    assert len(HARMFUL) == len(set(HARMFUL)) == 10
    assert len(WAYS) >= 15


@pytest.mark.parametrize("way", WAYS)
def test_a_way_gives_the_same_page_each_time(way: str) -> None:
    changed = [broken(page, way) for page in CORPUS.values()]
    assert changed == [broken(page, way) for page in CORPUS.values()]
    assert any(changed) or way in ("classes renamed", "ids renamed", "entities escaped twice")


ROWS = (
    b'<!doctype html><html><head><meta charset="utf-8"></head><body class="a b"><table id="t"><tr><th>Case</th></tr>'
    b'<tr><td>Child A</td><td><a href="/a.pdf">Report</a></td></tr>'
    b'<tr><td>Child B &amp; C</td><td><a href="/b.pdf">Report</a></td></tr></table></body></html>'
)


@pytest.mark.parametrize(
    ("way", "gone", "come"),
    [
        ("classes renamed", b'class="a b"', b'class="x'),
        ("ids renamed", b'id="t"', b'id="x'),
        ("tables to divs", b"<td>", b"<div>Child A</div>"),
        ("links wrapped", b"<td><a", b"<td><span><strong><a"),
        ("table rows re-ordered", b"</th></tr><tr><td>Child A", b"</th></tr><tr><td>Child B"),
        ("entities escaped twice", b"B &amp; C", b"B &amp;amp; C"),
        ("charset removed", b"<meta", b"<head></head>"),
        ("stray end tag", b"Report</a></td></tr></table></body>", b"</body></html>"),
        ("entries merged", b"</tr><tr><td>Child B", b"Child B"),
        ("deeply nested", b'b"><table', b"<div><div><table"),
    ],
)
def test_a_way_changes_what_it_is_named_after_and_nothing_else(way: str, gone: bytes, come: bytes) -> None:
    page = Page(url="https://saltmarsh.example.org/", body=ROWS, content_type="text/html")
    changed = broken(page, way)
    assert changed is not None
    assert come in changed.body
    if way != "stray end tag":
        assert gone not in changed.body


def test_a_page_that_a_way_leaves_as_it_is_was_not_changed() -> None:
    page = Page(url="https://saltmarsh.example.org/", body=b"<p>Words alone</p>", content_type="text/html")
    assert broken(page, "tables to divs") is None
    assert broken(page, "order reversed") is None


def test_what_is_no_page_at_all_cannot_be_broken() -> None:
    page = Page(url="https://saltmarsh.example.org/", body=b"", content_type=None)
    assert broken(page, "cut half way") is None
