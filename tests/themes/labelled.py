"""Reviews with the themes that careful readers gave them, and how far the bot's own are from those.

Labels stand in `expected.json` as `themes`: `core` must be found; `also` may be, and is counted neither way.
The pages of tests/unseen were labelled by two readers who knew neither the vocabulary nor the matcher: what both
call core is core, what one does or both would allow is `also` (they agreed on core at F1 0.92). The vocabulary
was written with the labels of the pages that are `in_view`; the other half of the pages was held back from it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Page, Review
from bot.reading import read
from tests.reading.scoring import alike, folded

UNSEEN = Path(__file__).parents[1] / "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A review as the bot reads it from a page, with the labels of the record that it is."""

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


def in_view(page: str) -> bool:
    """Whether the makers of the vocabulary had the labels of this page before them."""
    return int(sha256(page.encode()).hexdigest(), 16) % 2 == 0


def labelled(folder: Path) -> Iterator[Labelled]:
    """Every labelled review that the bot finds on the pages under a folder; the others are the reader's loss."""
    for case in sorted(path.parent for path in folder.glob("*/expected.json")):
        wanted = json.loads((case / "expected.json").read_text("utf-8"))["reviews"]
        reviews = _read(case) if any("themes" in record for record in wanted) else ()
        free = list(reviews)
        for record in wanted:
            review = next((one for one in free if _same(record, one)), None)
            themes = record.get("themes")
            if review is not None:
                free.remove(review)
            if review is not None and themes is not None:
                core, also = frozenset(themes["core"]), frozenset(themes["also"])
                yield Labelled(page=case.name, review=review, core=core, also=also)


def _read(case: Path) -> Iterable[Review]:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    file = next(path for path in sorted(case.iterdir()) if path.stem in ("page", "feed", "doc"))
    page = Page(url=meta["url"], body=file.read_bytes(), content_type=meta.get("content_type"))
    try:
        return read(open_document(page)).reviews
    except UnreadableDocument:
        return ()


def _same(record: dict[str, str], review: Review) -> bool:
    if folded(record["title"]) == folded(review.title):
        return not record["incident"] or alike(record["incident"], review.incident)
    return bool(record["incident"]) and alike(record["incident"], review.incident)
