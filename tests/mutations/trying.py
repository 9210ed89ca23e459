"""A page of the corpus, changed in one way after the other, through what `sources break` does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.breaking import WAYS
from bot.errors import BotError
from bot.looking.broken import Outcome, try_ways
from bot.models import Page
from tests.house import House
from tests.reviews import a_source


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
        tried = try_ways(source, page, house.collecting, house.store.rehearsal, ways, accept=accept)
    except BotError:
        return []
    finally:
        house.store.close()
    return [Tried(page=name, way=one.way, outcome=one.outcome, said=one.said) for one in tried]
