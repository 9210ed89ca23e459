"""Which documents of a list belong to which review, so that each review is one item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reading.items import PURE_COMPANION, Item
from bot.reading.types import review_type


def one_a_review(items: Sequence[Item]) -> list[Item]:
    """One item a review: the same address once, and each further document with the reviews it belongs to."""
    mains: list[Item] = []
    further: list[Item] = []
    seen: set[str] = set()
    for item in items:
        address = item.links[0].url if item.links else ""
        if address and address in seen:
            _name_in_full(item, mains)
            continue
        seen.add(address)
        same = next((main for main in mains if _same_case(main, item)), None)
        if same is not None:
            same.more.extend(item.links)
        elif item.companion and (not _alone(item, items) or _opens_only(item)):
            further.append(item)
        elif (
            not item.companion or item.case or (item.reviews_section and not PURE_COMPANION.search(item.text))
        ):
            mains.append(item)
    for item in further:
        _attach(item, mains)
    return mains


def _name_in_full(item: Item, mains: Sequence[Item]) -> None:
    """Give a review the longer of two names that lead to it, as a card's title is of its picture's words."""
    for main in mains:
        if main.links and main.links[0].url == item.links[0].url:
            short = main.heading.title.casefold()
            if short and item.heading.title.casefold().startswith(short) and len(item.text) > len(main.text):
                main.text, main.heading, main.kind = item.text, item.heading, item.kind or main.kind
                main.links = item.links


def _opens_only(item: Item) -> bool:
    """Whether a line says no more than what it opens: `Read the learning brief`."""
    return not item.case and bool(re.match(r"(?i)(?:read|view|see|download|open|click)\b", item.text))


def _same_case(main: Item, item: Item) -> bool:
    """A further document of a case: named alike, and standing together or being a brief of it."""
    if not main.case or main.case != item.case:
        return False
    return item.companion or (
        main.batch == item.batch and item.reviews_section and _documents_alike(main, item)
    )


def _documents_alike(main: Item, item: Item) -> bool:
    return (
        bool(re.search(r"(?i)\breport\b", item.text))
        and main.text != item.text
        and review_type(main.text) == review_type(item.text)
    )


def _alone(item: Item, items: Sequence[Item]) -> bool:
    """Whether a brief or summary is all there is of its review."""
    if item.case:
        return not any(
            other is not item and other.case & item.case and not other.companion for other in items
        )
    return not PURE_COMPANION.search(item.text)


def _attach(item: Item, mains: Sequence[Item]) -> None:
    named = [main for main in mains if item.case and main.case & item.case]
    batch = [main for main in mains if main.batch == item.batch and item.reviews_section]
    for main in named or (batch if not item.case else ()):
        main.more.extend(item.links)
