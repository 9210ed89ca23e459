"""A page from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.fetch.files import FileFetcher
from bot.models import Page


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.html", "text/html"),
        ("A.PDF", "application/pdf"),
        ("reviews.aspx", None),
        ("feed.xml", "application/xml"),
    ],
)
def test_a_file_is_the_page_at_the_address_given(tmp_path: Path, name: str, content_type: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(b"<h1>Reviews</h1>")
    address = "https://wetherby.example/reviews"
    expected = Page(url=address, body=b"<h1>Reviews</h1>", content_type=content_type)
    assert FileFetcher(path).fetch(address) == expected


def test_the_content_type_given_counts_more_than_the_name(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<rss/>")
    page = FileFetcher(path, content_type="application/rss+xml").fetch("https://wetherby.example/")
    assert isinstance(page, Page)
    assert page.content_type == "application/rss+xml"


def refusal(fetcher: FileFetcher) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetcher.fetch("https://wetherby.example/")
    assert not caught.value.again
    return caught.value


def test_each_file_that_cannot_be_read_has_its_sentence(tmp_path: Path) -> None:
    large, empty = tmp_path / "large.html", tmp_path / "empty.html"
    large.write_bytes(b"x" * 11)
    empty.write_bytes(b"\n")
    assert "There is no file" in str(refusal(FileFetcher(tmp_path / "missing.html")))
    assert "is a folder" in str(refusal(FileFetcher(tmp_path)))
    assert "larger than" in str(refusal(FileFetcher(large, largest=10)))
    assert "Could not read" in str(refusal(FileFetcher(empty / "below.html")))
    assert refusal(FileFetcher(empty)).trouble == "unreadable"
    assert isinstance(FileFetcher(large, largest=11).fetch("https://wetherby.example/"), Page)
