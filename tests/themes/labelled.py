"""Reviews with the themes that careful readers gave them, and how far the bot's own are from those.

`core` must be found; `also` may be, and is counted neither way. There are three kinds:
- the pages of tests/unseen: `themes` in `expected.json`. Two readers labelled each, and knew neither vocabulary nor
  matcher; what both call core is core, what one does or both would allow is `also`. On core alone they agree at
  F1 0.92;
- records/in_view.json: reviews by three authors who labelled their own;
- records/held_back.json: the same by two others, one of whose sets a second reader labelled too. Whoever wrote
  the vocabulary had all the labels in view but these: they tell how well it does elsewhere. Keep it so: look at
  its figures, never at its cases.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Facts, Page, Review
from bot.reading import read
from tests.reading.scoring import alike, folded

UNSEEN = Path(__file__).parents[1] / "unseen"
IN_VIEW = Path(__file__).parent / "records" / "in_view.json"
HELD_BACK = Path(__file__).parent / "records" / "held_back.json"
LISTS = ("learning", "recommendations", "actions", "good_practice", "questions", "keywords")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A review with its labels. `page`: the page it is from; a record by an author is a page of its own."""

    page: str
    review: Review
    core: frozenset[str]
    also: frozenset[str]


@dataclass(slots=True)
class Count:
    """Themes found, missed and extra, by theme."""

    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)

    def add(self, one: Labelled, found: frozenset[str]) -> None:
        self.right.update(one.core & found)
        self.missed.update(one.core - found)
        self.extra.update(found - one.core - one.also)

    def figures(self, theme: str | None = None) -> tuple[float, float, float]:
        """Precision, recall and F1: of one theme, or of all together."""
        right, missed, extra = (
            counter.total() if theme is None else counter[theme]
            for counter in (self.right, self.missed, self.extra)
        )
        precision = right / (right + extra) if right + extra else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        return precision, recall, 2 * precision * recall / ((precision + recall) or 1.0)

    def themes(self) -> list[str]:
        """Every theme that was wanted or found, those with most mistakes first."""
        wrong = self.missed + self.extra
        return sorted(self.right | wrong, key=lambda theme: (-wrong[theme], theme))


def recorded(file: Path) -> Iterator[Labelled]:
    """The reviews of a file of records."""
    for record in json.loads(file.read_text("utf-8")):
        review = Review(
            title=record["title"],
            place=record.get("place"),
            incident=record.get("incident", ""),
            background=record.get("background", ""),
            facts=Facts(ages=tuple(record.get("ages", ()))),
            **{name: tuple(record.get(name, ())) for name in LISTS},
        )
        yield _labelled(record["id"], review, record["themes"])


def paged(folder: Path) -> Iterator[Labelled]:
    """Every labelled review that the bot finds on the pages under a folder; the others are the reader's loss."""
    for case in sorted(path.parent for path in folder.glob("*/expected.json")):
        wanted = json.loads((case / "expected.json").read_text("utf-8"))["reviews"]
        free = list(_read(case)) if any("themes" in record for record in wanted) else []
        for record in wanted:
            review = next((one for one in free if _same(record, one)), None)
            if review is not None:
                free.remove(review)
                if record.get("themes") is not None:
                    yield _labelled(case.name, review, record["themes"])


def _labelled(page: str, review: Review, themes: Mapping[str, Iterable[str]]) -> Labelled:
    return Labelled(page=page, review=review, core=frozenset(themes["core"]), also=frozenset(themes["also"]))


def _read(case: Path) -> Iterable[Review]:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    file = next(path for path in sorted(case.iterdir()) if path.stem in ("page", "feed", "doc"))
    page = Page(url=meta["url"], body=file.read_bytes(), content_type=meta.get("content_type"))
    try:
        return read(open_document(page)).reviews
    except UnreadableDocument:
        return ()


def _same(record: Mapping[str, Any], review: Review) -> bool:
    if folded(record["title"]) == folded(review.title):
        return not record["incident"] or alike(record["incident"], review.incident)
    return bool(record["incident"]) and alike(record["incident"], review.incident)
