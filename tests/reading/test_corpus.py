"""Whole pages beside the records that a perfect reader would make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Page
from bot.reading import read
from bot.record import as_record

CASES = sorted(folder.parent for folder in (Path(__file__).parents[1] / "corpus").glob("*/meta.json"))


def _page(folder: Path) -> tuple[Page, dict[str, Any]]:
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
    file = next(path for path in sorted(folder.iterdir()) if path.stem in ("page", "feed", "doc"))
    return Page(url=meta["url"], body=file.read_bytes(), content_type=meta["content_type"]), meta


@pytest.mark.parametrize(
    "folder", [case for case in CASES if (case / "expected.json").exists()], ids=lambda case: case.name
)
def test_a_page_gives_exactly_its_records(folder: Path) -> None:
    page, _ = _page(folder)
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    reading = read(open_document(page))
    records = [as_record(review) for review in reading.reviews]
    for record in (*records, *expected["reviews"]):
        record.pop("themes", None)
    assert (reading.state, list(reading.see)) == (expected["state"], expected["see"])
    assert records == expected["reviews"]


@pytest.mark.parametrize(
    "folder", [case for case in CASES if not (case / "expected.json").exists()], ids=lambda case: case.name
)
def test_a_page_that_is_no_page_is_refused_with_a_reason(folder: Path) -> None:
    page, meta = _page(folder)
    with pytest.raises(UnreadableDocument) as refused:
        read(open_document(page))
    assert refused.value.trouble == meta["trouble"]
    assert page.url in str(refused.value)
