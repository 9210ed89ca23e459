"""Feeds: each entry once, dated as the feed writes it."""

from __future__ import annotations

import pytest

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.formats.feed import written_day
from bot.models import Document, Page

URL = "https://www.harrowmere.example.org/news/feed/"


def opened(text: str | bytes, content_type: str | None = "application/rss+xml") -> Document:
    body = text if isinstance(text, bytes) else text.encode()
    return open_document(Page(url=URL, body=body, content_type=content_type))


def rss(*items: str, head: str = "") -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>News</title><link>https://www.harrowmere.example.org/</link>{head}{inner}</channel></rss>"
    )


def atom(entry: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry>{entry}</entry></feed>'


def test_an_entrys_content_is_opened_as_a_page() -> None:
    document = opened(
        rss(
            "<title>Review &amp;amp; briefing: Child D</title><link>/child-d/</link><guid isPermaLink='false'>d1</guid>"
            "<description>Short [&amp;hellip;]</description><content:encoded><![CDATA[<h2>Learning</h2><ul><li>Ask <b>him</b>"
            "</li></ul><p><a href='r.pdf'>Report</a></p><script>x</script>]]></content:encoded>"
        )
    )
    (entry,) = document.entries
    assert (document.format, document.title) == ("feed", "News")
    assert (entry.id, entry.title, entry.url) == (
        "d1",
        "Review & briefing: Child D",
        "https://www.harrowmere.example.org/child-d/",
    )
    assert [f"{block.kind} {block.text}" for block in entry.blocks] == [
        "heading Learning",
        "point Ask him",
        "paragraph Report",
    ]
    assert entry.blocks[2].links[0].url == "https://www.harrowmere.example.org/child-d/r.pdf"


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("<pubDate>Sat, 30 Mar 2024 23:30:00 +0000</pubDate>", "2024-03-30"),
        ("<pubDate>Mon, 01 Jul 2024 00:15:00 BST</pubDate>", "2024-07-01"),
        ("<pubDate>Mon, 01 Jul 2024 00:15:00 +0100</pubDate>", "2024-07-01"),
        ("<dc:date>2024-07-01T00:15:00+01:00</dc:date>", "2024-07-01"),
        ("<pubDate>01/07/2024</pubDate>", "2024-07-01"),
        ("<pubDate>1 July 24</pubDate>", "2024-07-01"),
        ("<pubDate>July 2024</pubDate>", None),
        ("<pubDate>31 February 2024</pubDate>", None),
        ("", None),
    ],
)
def test_the_date_is_the_day_that_the_feed_writes(fields: str, published: str | None) -> None:
    assert opened(rss(f"<title>x</title>{fields}")).entries[0].published == published


def test_an_atom_entry_is_dated_by_published_else_updated() -> None:
    updated = "<title>x</title><id>1</id><updated>2024-05-02T00:30:00+01:00</updated>"
    assert opened(atom(updated)).entries[0].published == "2024-05-02"
    assert (
        opened(atom(updated + "<published>2024-04-30T10:00:00Z</published>")).entries[0].published
        == "2024-04-30"
    )


@pytest.mark.parametrize("guid", ["", "<guid/>", "<guid isPermaLink='false'>same</guid>"])
def test_entries_without_an_id_of_their_own_are_still_told_apart(guid: str) -> None:
    document = opened(
        rss(f"<title>A</title><link>/a</link>{guid}", f"<title>B</title>{guid}", f"<title>C</title>{guid}")
    )
    assert len({entry.id for entry in document.entries}) == 3


def test_a_feed_with_no_entry_is_a_feed() -> None:
    assert opened(rss()).entries == ()


@pytest.mark.parametrize(
    "text",
    [
        "<rss><p>Sorry, this page is closed</p></rss>",
        '<?xml version="1.0"?><rss version="2.0"><channel><ti',
        '<?xml version="1.0"?><urlset><url><loc>x</loc></url></urlset>',
    ],
)
def test_what_is_no_feed_is_an_error_and_never_no_news(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        opened(text)


def test_a_wrong_encoding_label_costs_no_letter() -> None:
    text = rss("<title>Child “A” – learning</title>")
    assert opened(text.replace("UTF-8", "ISO-8859-1")).entries[0].title == "Child “A” – learning"
    assert opened(text.encode("cp1252")).entries[0].title == "Child “A” – learning"
    assert opened(text.replace("UTF-8", "UTF-16").encode("utf-16")).entries[0].title == "Child “A” – learning"


def test_plain_text_in_a_feed_keeps_its_angle_brackets() -> None:
    entry = '<title>x</title><id>1</id><summary type="text">Babies &lt; 1 year\n\nTwo</summary>'
    assert [block.text for block in opened(atom(entry)).entries[0].blocks] == ["Babies < 1 year", "Two"]


def test_an_xhtml_page_is_no_feed() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body><p>x</p></body></html>'
    assert opened(page, "application/xhtml+xml").format == "html"


def test_a_feed_cannot_read_files_or_swell() -> None:
    hostile = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><item><title>x&f;&b;</title></item></channel></rss>'
    )
    try:
        titles = [entry.title for entry in opened(hostile).entries]
    except UnreadableDocument:
        return
    assert all(len(title) < 200 and "\n" not in title for title in titles)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tue, 3rd Sept 2024", "2024-09-03"),
        ("March 3, 2024 10:00", "2024-03-03"),
        ("03.12.2024", "2024-12-03"),
        ("20240301", None),
        ("12 Foo 2024", None),
        ("", None),
    ],
)
def test_dates_are_read_as_written_or_not_at_all(text: str, day: str | None) -> None:
    assert written_day(text) == day


@pytest.mark.parametrize(
    "reference", ["&#xd800;", "&#57343;", "&#x110000;", "&#99999999999999999999;", "&#xD83D"]
)
def test_a_number_that_is_no_character_costs_no_entry(reference: str) -> None:
    """Found by fuzzing: feedparser raised UnicodeEncodeError over the first of these in a damaged feed."""
    damaged = "<>" + rss(f"<title>Child A{reference}</title><link>https://x.example.org/a</link>")
    assert [entry.title for entry in opened(damaged).entries] == ["Child A"]
