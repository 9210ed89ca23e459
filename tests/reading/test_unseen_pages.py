"""Pages that were written, with their records, by people who did not know the reader, in layouts that are in use.

They are read as well as the floors below, field by field; one page read worse shows in the whole. Where a page
is read wrongly, the note says so: `python -m tests.reading.test_unseen_pages` prints the figures and all notes.
"""

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
from tests.reading.scoring import Score

PAGES = sorted(meta.parent for meta in (Path(__file__).parents[1] / "unseen").glob("*/meta.json"))

FLOOR = 0.985  # just under what was last measured, for every field that has no floor of its own
FLOORS = {"incident": 0.98, "place": 0.98}


def _page(folder: Path) -> tuple[Page, dict[str, Any]]:
    meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
    file = next(path for path in sorted(folder.iterdir()) if path.stem in ("page", "feed", "doc"))
    return Page(url=meta["url"], body=file.read_bytes(), content_type=meta["content_type"]), meta


def score() -> Score:
    counted = Score()
    for folder in PAGES:
        page, meta = _page(folder)
        if meta.get("expect") == "error":
            continue
        wanted = json.loads((folder / "expected.json").read_text("utf-8"))["reviews"]
        try:
            got = [as_record(review) for review in read(open_document(page)).reviews]
        except UnreadableDocument as error:
            got = []
            counted.notes.append(f"{folder.name}: {error}")
        counted.page(folder.name, wanted, got, meta)
    return counted


def test_pages_that_nobody_wrote_rules_for_are_read_as_well_as_they_were() -> None:
    counted = score()
    low = {name: figure for name, figure in counted.f1().items() if figure < FLOORS.get(name, FLOOR)}
    assert not low, "\n".join([str(low), *counted.notes])


@pytest.mark.parametrize(
    "folder",
    [folder for folder in PAGES if _page(folder)[1].get("expect") == "error"],
    ids=lambda one: one.name,
)
def test_what_is_no_page_is_refused_with_a_reason(folder: Path) -> None:
    page, _ = _page(folder)
    with pytest.raises(UnreadableDocument) as refused:
        read(open_document(page))
    assert page.url in str(refused.value)


if __name__ == "__main__":
    counted = score()
    print("\n".join(counted.notes))
    print("\n".join(f"{name:16} {figure:.3f}" for name, figure in counted.f1().items()))
