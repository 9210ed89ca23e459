"""One page, changed in one way, through the real pipeline: read until it is known, changed, polled until a
review that is gone would count as withdrawn, and at last put right again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.breaking import WAYS, broken
from bot.identity import GONE_AFTER
from bot.models import UNREAD, KnownReview, Page, Review, SourceRun
from bot.names import folded
from bot.pipeline.collect import collect
from tests.house import House
from tests.reviews import a_source

Outcome = Literal["right", "loud", "silent", "wrong"]
ONE_WAY_OR_ANOTHER = 0.1  # of a record's words may come or go where the bot still counts as right


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How the bot took one page changed in one way. `said`: its error, or what was lost or told."""

    page: str
    way: str
    outcome: Outcome
    said: str


def pages(corpus: Path) -> Iterator[tuple[str, Page]]:
    for folder in sorted(path.parent for path in corpus.glob("*/meta.json")):
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        file = next(path for path in sorted(folder.iterdir()) if path.stem in ("page", "feed", "doc"))
        yield folder.name, Page(url=meta["url"], body=file.read_bytes(), content_type=meta["content_type"])


def try_page(name: str, page: Page, ways: Sequence[str] = WAYS, *, accept: bool = False) -> list[Tried]:
    """The page in each way that changes it; none for one that cannot be read to begin with. `accept`: as if an
    administrator said each time that the page is right, which passes over what would stop it."""
    source = a_source(url=page.url)
    house = House(source)
    try:
        house.site.gives(page.url, page.body, page.content_type)
        first = [_polled(house) for _ in range(2)]
        if any(run.state in UNREAD for run in first):
            return []
        known = house.store.known(source.id, ())
        tried = []
        for way in ways:
            changed = broken(page, way)
            if changed is not None:
                with house.store.rehearsal():
                    outcome, said = _judged(house, page, changed, known, accept)
                    tried.append(Tried(page=name, way=way, outcome=outcome, said=said))
        return tried
    finally:
        house.store.close()


def _judged(
    house: House, page: Page, changed: Page, known: Sequence[KnownReview], accept: bool
) -> tuple[Outcome, str]:
    house.site.gives(page.url, changed.body, changed.content_type)
    runs = [_polled(house, accept) for _ in range(2)]
    if any(run.state not in UNREAD for run in runs):
        runs += [_polled(house, accept) for _ in range(GONE_AFTER - 1)]
    after = {one.id: one for one in house.store.known("saltmarsh", ())}
    house.site.gives(page.url, page.body, page.content_type)
    runs.append(_polled(house, accept))
    for run in runs:
        if run.new or run.revised or run.withdrawn:
            return "wrong", f"told {run.new} new, {run.revised} revised, {run.withdrawn} withdrawn"
    if all(run.state in UNREAD for run in runs[:-1]):
        return "loud", runs[0].detail
    lost = [loss for one in known if (loss := _loss(one, after.get(one.id)))]
    return ("silent", "; ".join(lost)) if lost else ("right", "")


def _polled(house: House, accept: bool = False) -> SourceRun:
    """In this thread, as a rehearsal is seen by the thread alone that it belongs to."""
    run = collect(house.sources["saltmarsh"], house.collecting, accept=accept)
    house.clock.passes(hours=12)
    return run


def _loss(before: KnownReview, after: KnownReview | None) -> str:
    """What the archive no longer knows of a review, in words; nothing where all is well."""
    if after is None or any(sighting.missed for sighting in after.sightings):
        return f"{before.review.title}: gone"
    one, other = before.review, after.review
    if folded(one.title) != folded(other.title):
        return f"{one.title}: its title is {other.title}"
    words, still = _words(one), _words(other)
    if not (1 - ONE_WAY_OR_ANOTHER) * words <= still <= (1 + ONE_WAY_OR_ANOTHER) * words:
        return f"{one.title}: {words} words are {still}"
    if len({link.url for link in other.links}) < len({link.url for link in one.links}):
        return f"{one.title}: links gone"
    return ""


def _words(review: Review) -> int:
    lists = (
        review.good_practice,
        review.learning,
        review.recommendations,
        review.actions,
        review.questions,
        *(section.items for section in review.sections),
    )
    texts = [review.incident, review.background, *(point for points in lists for point in points)]
    return sum(len(text.split()) for text in texts)
