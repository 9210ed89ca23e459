"""Each page and document of the example site is read into the records that were meant."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_sources, load_subscriptions
from bot.demo.example_site import HERE, STANDS_FOR_ROOT, Month, pages, write_configuration
from bot.formats import open_document
from bot.models import Page, Reading, Source
from bot.reading import read
from bot.wiring import load_vocabulary

EXPECTED = Path(__file__).parent / "expected"

SOURCES = {
    "monthly-update": "/case-reviews/monthly-update",
    "feed": "/feed/",
    "published-reviews": "/partnership/published-reviews",
    "learning": "/learning/",
    "saltmarsh": "/saltmarsh/learning-from-reviews",
}
DOCUMENTS = {
    "child-k-briefing": "/learning/child-k-briefing",
    "baby-wren": "/documents/2026-port-lowen-baby-wren.pdf",
    "child-t-briefing": "/documents/2026-port-lowen-child-t-briefing.docx",
    "young-person-d": "/documents/2026-port-lowen-young-person-d.pdf",
    "siblings-e-and-f": "/documents/2026-port-lowen-siblings-e-and-f.pdf",
    "child-r": "/documents/2025-port-lowen-child-r.pdf",
}


def reading_of(month: Month, path: str, source: Source | None) -> Reading:
    answer = pages(month, STANDS_FOR_ROOT)[path]
    page = Page(url=STANDS_FOR_ROOT + path, body=answer.body, content_type=answer.content_type)
    return read(open_document(page), source=source)


def sources(folder: Path) -> dict[str, Source]:
    write_configuration(folder, "http://127.0.0.1:8000")
    listed = load_sources(folder / "sources.yaml").sources
    return {source.url.removeprefix("http://127.0.0.1:8000"): source for source in listed}


def expected_names() -> list[str]:
    return sorted(file.stem for file in EXPECTED.glob("*.json"))


@pytest.mark.parametrize("name", expected_names())
def test_a_page_is_read_into_the_records_that_were_meant(name: str, tmp_path: Path) -> None:
    month, _, page = name.partition("-")
    path = SOURCES.get(page) or DOCUMENTS[page]
    served: Month = "october" if month == "october" else "november"
    reading = reading_of(served, path, sources(tmp_path).get(path))
    expected = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    assert (reading.state, list(reading.see)) == (expected["state"], expected["see"])
    assert [_plain(review) for review in reading.reviews] == expected["reviews"]


def _plain(review: Any) -> Any:
    """As in a record file; other sections by their heading, since their order is of no matter."""
    record = json.loads(json.dumps(asdict(review)))
    record["sections"].sort(key=lambda section: section["heading"])
    return record


def test_every_source_is_read_in_both_months_unless_it_is_under_maintenance(tmp_path: Path) -> None:
    watched = sources(tmp_path)
    assert set(watched) == set(SOURCES.values())
    read_in = {path: [m for m in ("october", "november") if _works(m, path)] for path in watched}
    assert read_in.pop("/saltmarsh/learning-from-reviews") == ["november"]
    assert all(months == ["october", "november"] for months in read_in.values())


def _works(month: Month, path: str) -> bool:
    return pages(month, STANDS_FOR_ROOT)[path].status == 200


def test_one_recommendation_is_added_in_november(tmp_path: Path) -> None:
    source = sources(tmp_path)["/case-reviews/monthly-update"]
    october, november = (
        {review.title: review for review in reading_of(month, "/case-reviews/monthly-update", source).reviews}
        for month in ("october", "november")
    )
    changed = [title for title, review in october.items() if november[title] != review]
    assert changed == ["Baby Rowan"]
    was, now = october["Baby Rowan"].recommendations, november["Baby Rowan"].recommendations
    assert now[: len(was)] == was
    assert len(now) == len(was) + 1


def test_one_review_is_on_two_sources(tmp_path: Path) -> None:
    watched = sources(tmp_path)
    links = [
        {
            link.url: review.title
            for review in reading_of("november", path, watched[path]).reviews
            for link in review.links
        }
        for path in ("/case-reviews/monthly-update", "/partnership/published-reviews")
    ]
    shared = set(links[0]) & set(links[1])
    assert {links[0][url] for url in shared} == {links[1][url] for url in shared} == {"Baby Wren"}


def test_the_three_readers_of_the_demonstration_are_as_described() -> None:
    wanted = load_subscriptions(HERE / "configuration" / "subscriptions.yaml", load_vocabulary())
    assert {entry.id: entry.subscribers[0].address for entry in wanted.subscriptions} == {
        "baby-safety": "lead@example.org",
        "exploitation": "#learning-exploitation",
        "everything": "manager@example.org",
    }
    assert [entry.schedule.id for entry in wanted.subscriptions] == ["weekly", "immediately", "weekly"]
