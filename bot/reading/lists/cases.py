"""Which documents of a list belong to which review, so that each review is one item."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.grammar.types import kind_named, review_type
from bot.reading.lists.items import PURE_COMPANION, Item
from bot.reading.lists.subjects import is_document, same_subject, subject_of


class _Register:
    """Items by what they may be known by (case, subject, address), so that none is held against all others:
    a list of thousands would take minutes."""

    def __init__(self, items: Sequence[Item] = ()) -> None:
        self.items: list[Item] = []
        self._places: dict[object, list[int]] = {}
        for item in items:
            self.add(item)

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.note(item, len(self.items) - 1)

    def note(self, item: Item, place: int) -> None:
        for key in _keys(item):
            self._places.setdefault(key, []).append(place)

    def near(self, item: Item) -> list[tuple[int, Item]]:
        """Those that share a case, the subject or the address with it, in order, with their places."""
        places = {place for key in _keys(item) for place in self._places.get(key, ())}
        return [(place, self.items[place]) for place in sorted(places)]


def _keys(item: Item) -> list[object]:
    """A case is text, a subject a set of words, an address a pair: none is taken for another."""
    subject = subject_of(item.text)
    address = [("address", item.links[0].url)] if item.links else []
    return [*item.case, *([subject] if subject else []), *address]


def one_a_review(items: Sequence[Item]) -> list[Item]:
    """One item a review: the same address once, and each further document with the reviews it belongs to."""
    mains = _Register()
    every = _Register(items)
    further: list[Item] = []
    seen: set[str] = set()
    for item in items:
        address = item.links[0].url if item.links else ""
        if address and address in seen:
            _name_in_full(item, mains, every)
            continue
        seen.add(address)
        same = _of_one_case(item, [main for _, main in mains.near(item)])
        if same is not None:
            _add(item, same)
        elif is_document(item.text) or (item.companion and (not _alone(item, every) or _opens_only(item))):
            further.append(item)
        elif (
            not item.companion
            or item.case
            or ((item.reviews_section or _names_its_own(item)) and not PURE_COMPANION.search(item.text))
        ):
            mains.add(item)
    batches = _batches(items, mains.items) if further else {}
    for item in further:
        _attach(item, mains, batches[item.batch])
    return mains.items


def _of_one_case(item: Item, mains: Sequence[Item]) -> Item | None:
    """The review that an item is a further document of; one of its own group before one of another."""
    same = [main for main in mains if _same_case(main, item)]
    return next((main for main in same if main.batch == item.batch), same[-1] if same else None)


def _add(item: Item, main: Item) -> None:
    main.more.extend(item.links)
    main.status = main.status or item.status
    if not item.companion:
        main.published = main.published or item.published


def _name_in_full(item: Item, mains: _Register, every: _Register) -> None:
    """Give a review the longer of two names that lead to it, as a card's title is of its picture's words."""
    for place, main in mains.near(item):
        if main.links and main.links[0].url == item.links[0].url:
            short = main.heading.title.casefold()
            if short and item.heading.title.casefold().startswith(short) and len(item.text) > len(main.text):
                main.text, main.heading, main.kind = item.text, item.heading, item.kind or main.kind
                main.links = item.links
                mains.note(main, place)
                every.add(main)


def _names_its_own(item: Item) -> bool:
    """Whether a brief names both the kind and the subject of its review: `LCSPR Y family – summary`."""
    return kind_named(item.text) is not None and bool(subject_of(item.text))


def _opens_only(item: Item) -> bool:
    """Whether a line says no more than what it opens: `Read the learning brief`."""
    return not item.case and bool(re.match(r"(?i)(?:read|view|see|download|open|click)\b", item.text))


def _same_case(main: Item, item: Item) -> bool:
    """A further document of a case: named alike, and standing together or being a brief of it."""
    if not _named_alike(main, item):
        return False
    if item.companion or (item.row and not main.row and kind_named(item.text) is None):
        return True
    return main.batch == item.batch and item.reviews_section and _documents_alike(main, item)


def _named_alike(one: Item, other: Item) -> bool:
    if one.case or other.case:
        return one.case == other.case or (
            same_subject(one.text, other.text) and not (one.case and other.case)
        )
    return same_subject(one.text, other.text)


def _documents_alike(main: Item, item: Item) -> bool:
    if main.text == item.text:
        return main.row and item.row
    return bool(re.search(r"(?i)\breport\b", item.text)) and review_type(main.text) == review_type(item.text)


def _alone(item: Item, items: _Register) -> bool:
    """Whether a brief or summary is all there is of its review."""
    others = [other for _, other in items.near(item) if other is not item and not other.companion]
    if item.case:
        return not any(other.case & item.case for other in others)
    if any(same_subject(other.text, item.text) for other in others):
        return False
    return not PURE_COMPANION.search(item.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """The items of one group, where in it each stands, where its reviews are, and whether a document stands
    between two of them."""

    items: Sequence[Item]
    place: dict[int, int]  # by id()
    mains: Sequence[int]
    in_turn: bool


def _batches(items: Sequence[Item], mains: Sequence[Item]) -> dict[int, _Batch]:
    grouped: dict[int, list[Item]] = {}
    for item in items:
        grouped.setdefault(item.batch, []).append(item)
    chosen = {id(main) for main in mains}
    return {number: _batch(together, chosen) for number, together in grouped.items()}


def _batch(together: Sequence[Item], chosen: set[int]) -> _Batch:
    mains = [place for place, item in enumerate(together) if id(item) in chosen]
    return _Batch(
        items=together,
        place={id(item): place for place, item in enumerate(together)},
        mains=mains,
        in_turn=bool(mains) and any(is_document(item.text) for item in together[mains[0] + 1 : mains[-1]]),
    )


def _attach(item: Item, mains: _Register, batch: _Batch) -> None:
    """Give a further document to the reviews that it names, else to those it stands with."""
    named = [
        main
        for _, main in mains.near(item)
        if (item.case and main.case & item.case) or same_subject(main.text, item.text)
    ]
    for main in named or (_beside(item, batch) if not item.case else ()):
        main.more.extend(item.links)


def _beside(item: Item, batch: _Batch) -> Sequence[Item]:
    """The reviews that a document without a name stands with: the one before it, where its list goes
    review, documents, review, documents; else all of its group."""
    if not item.reviews_section:
        return ()
    before = bisect_left(batch.mains, batch.place[id(item)])
    if before:
        nearest = batch.items[batch.mains[before - 1]]
        if item.level > nearest.level or batch.in_turn or nearest.prose:
            return (nearest,)
    return [batch.items[place] for place in batch.mains]
