"""A second, crude look at a page: what stands on it, however it is marked up."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.drift.glance import Glance, glance, letters
from bot.drift.texts import pieces
from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Page
from bot.reading import read
from tests.house import entry, listing
from tests.mutations.trying import pages

URL = "https://saltmarsh.example.org/reviews/"


def seen(body: bytes | str, url: str = URL) -> Glance:
    found = glance(Page(url=url, body=body.encode() if isinstance(body, str) else body, content_type=None))
    assert found is not None
    return found


def test_words_stand_there_however_they_are_set() -> None:
    page = seen("<p>Bruising in <b>babies</b> who\nare&nbsp;not mo<i>bile</i> needs a re&shy;ferral</p>")
    assert page.shows("bruising in babies who are not mobile needs a referral")
    assert page.names("Bruising in babies")
    assert not page.shows("bruising in toddlers who are not mobile")


def test_a_short_text_stands_there_only_as_a_line_of_its_own() -> None:
    page = seen("<p>Accessibility</p><p>Train all staff at once</p>")
    assert page.shows("Accessibility")
    assert not page.shows("Train all")


def test_scripts_styles_and_comments_are_not_words() -> None:
    page = seen(
        "<script>if (a<b) {'one'}</script><style>p{}</style><!-- <p>two</p> --><p>three</p><!-- open <p>four"
    )
    assert page.words == "three"


def test_what_is_for_an_old_browser_alone_hides_no_more_than_itself() -> None:
    page = seen("<!--[if lt IE 9]><script src=a.js></script><p>old</p><![endif]--><p>new</p><!-->")
    assert page.words == "new"


def test_whatever_is_read_from_a_page_stands_on_it() -> None:
    """Over the corpus: so that a part of a page that this look passes over would be known."""
    for name, page in pages(Path(__file__).parent / "corpus"):
        found = glance(page)
        try:
            reading = read(open_document(page))
        except UnreadableDocument:
            continue
        if found is not None:
            missed = [one for review in reading.reviews for one in pieces(review) if not found.shows(one)]
            assert missed == [], name


@pytest.mark.parametrize("wrapped", ["<div>" * 4000 + "{}", "<p>a</p></body></html>{}", "<table><tr><td>{}"])
def test_what_a_tree_would_lose_is_seen(wrapped: str) -> None:
    assert seen(wrapped.format("<p>ask who is in the home</p>")).names("ask who is in the home")


def test_addresses_are_compared_however_they_are_written() -> None:
    page = seen(
        "<a href=\"../docs/Child%20A.pdf\">a</a><a href=/b.pdf>b</a><a href='http://www.x.example.org/c?utm_source=1'>c</a>"
    )
    assert page.addresses == {
        "saltmarsh.example.org/docs/Child A.pdf",
        "saltmarsh.example.org/b.pdf",
        "x.example.org/c",
    }


def test_what_a_feed_carries_escaped_or_as_character_data_is_seen() -> None:
    page = seen(
        "<rss><channel><item><title>Child A &amp;amp; B</title><link>https://x.example.org/a</link>"
        "<description>&lt;p&gt;ask who&lt;/p&gt;</description><content:encoded><![CDATA[<p>is in</p>]]></content:encoded>"
        "</item></channel></rss>"
    )
    assert page.names("ask who is in")
    assert "x.example.org/a" in page.addresses
    assert page.closed


def test_markdown_and_word_files_are_looked_through_and_a_pdf_is_not() -> None:
    assert "x.example.org/a" in seen("# Child A\n\n[Report](https://x.example.org/a)").addresses
    assert seen("# Child A").closed is None
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w:p><w:t>ask who</w:t><w:t> is in</w:t></w:p>")
    assert "askwhoisin" in seen(made.getvalue()).letters
    assert glance(Page(url=URL, body=b"%PDF-1.7 ...", content_type=None)) is None
    assert glance(Page(url=URL, body=b"PK\x03\x04 damaged", content_type=None)) is None


def test_old_encodings_are_told_by_their_bytes() -> None:
    assert seen("<p>caf\u00e9 \u2019</p>".encode("cp1252")).words == "café"
    assert seen("<p>café</p>".encode("utf-16")).words == "café"
    assert seen("<p>café </p>".encode() + "<p>naïve</p>".encode("cp1252")).words == "café naïve"


@pytest.mark.parametrize(
    ("body", "closed", "in_a_tag"),
    [
        ("<html><p>a</p></html><!-- cached in 0.2 s -->", True, False),
        ("<html><p>a</p>", False, False),
        ("<html><p>a</p><a href='/b", False, True),
        ("<html><p>a</p></", False, False),
        ("<html><p>less is < more", False, False),
    ],
)
def test_whether_a_page_came_to_its_end(body: str, closed: bool, in_a_tag: bool) -> None:
    assert (seen(body).closed, seen(body).in_a_tag) == (closed, in_a_tag)


@pytest.mark.parametrize(
    ("said", "stated", "total"),
    [
        ("Showing 1 to 10 of 52", 10, 52),
        ("Results 11–20 of 52 results", 10, 52),
        ("52 results", 52, 52),
        ("8 reviews were published", 8, 8),
        ("Displaying 3 of 3 records", 3, 3),
        ("In 2019, 52 reviews of deaths were made nationally.", None, None),
        ("Call 0800 1111", None, None),
        ("0 results", None, None),
    ],
)
def test_how_many_entries_a_page_says_that_it_has(said: str, stated: int | None, total: int | None) -> None:
    page = seen(f"<div><p>{said}</p><p>More</p></div>")
    assert (page.stated, page.total) == (stated, total)


def test_headings_of_entries_are_counted_without_reading_them() -> None:
    page = seen(listing(*(entry(f"Child {letter}") for letter in "ABCDE")))
    assert page.entries == 5
    assert seen("<p>2019-20 annual report</p><p>01-02-2020</p>").entries == 0


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=300))
@settings(max_examples=50)
def test_every_word_that_the_reader_sees_is_seen(text: str) -> None:
    escaped = text.replace("&", "").replace("<", "").replace(">", "").replace("\x00", "")
    body = f"<html><body><p>before</p><p>{escaped}</p><p>after</p></body></html>"
    page = Page(url=URL, body=body.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")
    read = letters(" ".join(block.text for block in open_document(page).blocks))
    assert set(read) <= set(seen(page.body).letters)


@given(st.binary(max_size=400))
@settings(max_examples=50)
def test_any_bytes_are_looked_through_without_an_error(body: bytes) -> None:
    glance(Page(url=URL, body=body, content_type=None))
    glance(Page(url=URL, body=b"<html><a href='" + body, content_type=None))


@pytest.mark.parametrize(
    "part",
    [
        "<",
        "<a",
        "<!--",
        "<script>",
        "<a href=",
        "<a href='",
        "&",
        "&amp;",
        "<a href=//[",
        "<![CDATA[",
        "1 of ",
    ],
)
def test_a_flood_of_anything_is_looked_through_in_time_that_grows_with_its_length(part: str) -> None:
    body = b"<html>" + part.encode() * (1_000_000 // len(part))
    start = time.perf_counter()
    glance(Page(url=URL, body=body, content_type=None))
    assert time.perf_counter() - start < 5
