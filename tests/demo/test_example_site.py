"""The example site answers as a real web server does, on this machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.demo.example_site import STANDS_FOR_ROOT, ExampleSite, Month, pages, write_configuration

ROOT = "http://127.0.0.1:8000"


@pytest.fixture
def site() -> Iterator[ExampleSite]:
    with ExampleSite() as running:
        yield running


def ask(
    site: ExampleSite, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, HTTPMessage, bytes]:
    connection = HTTPConnection(urlsplit(site.root).netloc, timeout=5)
    try:
        connection.request(method, path, headers={"User-Agent": "a test"} | (headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.msg, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/case-reviews/monthly-update", "text/html; charset=utf-8"),
        ("/feed/", "application/rss+xml; charset=UTF-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/documents/2026-port-lowen-young-person-d.pdf", "application/pdf"),
    ],
)
def test_a_page_comes_with_its_content_type(site: ExampleSite, path: str, content_type: str) -> None:
    status, headers, body = ask(site, path)
    assert (status, headers["Content-Type"]) == (200, content_type)
    assert len(body) == int(headers["Content-Length"])


def test_a_page_that_is_known_is_not_sent_again(site: ExampleSite) -> None:
    _, first, _ = ask(site, "/feed/")
    by_tag = ask(site, "/feed/", {"If-None-Match": first["ETag"]})
    by_date = ask(site, "/feed/", {"If-Modified-Since": first["Last-Modified"]})
    assert (by_tag[0], by_tag[2]) == (304, b"")
    assert (by_date[0], by_date[2]) == (304, b"")


def test_after_a_month_the_page_is_sent_whole(site: ExampleSite) -> None:
    _, october, _ = ask(site, "/feed/")
    known = {"If-None-Match": october["ETag"], "If-Modified-Since": october["Last-Modified"]}
    site.move_on()
    status, _, body = ask(site, "/feed/", known)
    assert status == 200
    assert b"Jay" in body


def test_what_both_months_share_stays_as_it_was(site: ExampleSite) -> None:
    _, october, _ = ask(site, "/robots.txt")
    site.move_on()
    assert ask(site, "/robots.txt", {"If-None-Match": october["ETag"]})[0] == 304


def test_a_page_under_maintenance_works_again_in_november(site: ExampleSite) -> None:
    status, headers, _ = ask(site, "/saltmarsh/learning-from-reviews")
    assert (status, headers["Retry-After"]) == (503, "3600")
    site.move_on()
    assert ask(site, "/saltmarsh/learning-from-reviews")[0] == 200


def test_a_report_that_was_taken_down_is_gone(site: ExampleSite) -> None:
    site.move_on()
    assert ask(site, "/documents/2026-port-lowen-young-person-d.pdf")[0] == 404


@pytest.mark.parametrize("path", ["/nothing-here", "/../example_site.py", "/%2e%2e/example_site.py"])
def test_only_its_pages_are_served(site: ExampleSite, path: str) -> None:
    assert ask(site, path)[0] == 404


def test_a_folder_without_its_slash_is_redirected(site: ExampleSite) -> None:
    status, headers, _ = ask(site, "/learning")
    assert (status, headers["Location"]) == (301, "/learning/")


def test_head_answers_without_a_body(site: ExampleSite) -> None:
    status, headers, body = ask(site, "/learning/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_what_was_asked_is_kept(site: ExampleSite) -> None:
    ask(site, "/feed/?page=2")
    (asked,) = site.requests
    assert (asked.method, asked.path, asked.status, asked.user_agent) == (
        "GET",
        "/feed/?page=2",
        200,
        "a test",
    )


def test_the_stand_in_address_is_replaced_everywhere(site: ExampleSite) -> None:
    _, _, body = ask(site, "/feed/")
    assert STANDS_FOR_ROOT.encode() not in body
    assert f"<link>{site.root}</link>".encode() in body


def test_the_configuration_points_at_the_running_site(tmp_path: Path) -> None:
    write_configuration(tmp_path, ROOT)
    addresses = re.findall(r"url: (\S+)", (tmp_path / "sources.yaml").read_text(encoding="utf-8"))
    assert len(addresses) == 5
    for month in ("october", "november"):
        assert {address.removeprefix(ROOT) for address in addresses} <= set(pages(month, ROOT))
    assert (tmp_path / "subscriptions.yaml").exists()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.documents: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith("/documents/"):
            self.documents.append(address)


@pytest.mark.parametrize("month", ["october", "november"])
def test_every_document_that_a_page_links_to_is_there(month: Month) -> None:
    served = pages(month, ROOT)
    for address, answer in served.items():
        if answer.content_type.startswith("text/html"):
            links = _Links()
            links.feed(answer.body.decode())
            assert set(links.documents) <= set(served), address


def test_every_file_stays_under_60_kilobytes() -> None:
    assert all(len(answer.body) < 60_000 for answer in pages("november", ROOT).values())
