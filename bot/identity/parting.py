"""Which words are whose, when a person joins two reviews or splits one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import UsageError
from bot.identity.sameness import fullness
from bot.models import KnownReview, Link, Parting, Review
from bot.names import address, handles


def joined_record(kept: KnownReview, other: KnownReview) -> tuple[str, Review]:
    """The source and the record that two reviews have as one: the fuller record, so that the next poll of the
    other page has nothing to complete; the first, where both tell as much. What either page still offers is
    not withdrawn."""
    best = other if fullness(other.review) > fullness(kept.review) else kept
    rest = kept if best is other else other
    if best.review.status == "withdrawn":
        return best.origin, replace(best.review, status=rest.review.status)
    return best.origin, best.review


def parted(known: KnownReview, where: str) -> Parting:
    """What stays and what goes when a review is split at a source (by its id), or at one address of a page
    that lists it more than once.

    Where the archive has no words of one of them (they were counted together before tellings were kept),
    its record is a title and the addresses; the next poll completes it. Raises UsageError where it was not
    seen there, or nowhere else.
    """
    seen = {one.source_id for one in known.sightings}
    if where in seen:
        return _parted(known, where, [one for one in _entries(known) if one[0] == where], whole=True)
    try:
        there = address(where)
    except ValueError:  # no address at all, such as `http://[`
        there = where
    sources = {one.source_id for one in known.sightings if one.url and address(one.url) == there}
    listing = [one for one in _entries(known) if any(address(link.url) == there for link in one[1].links)]
    if not sources:
        listed = ", ".join(sorted(seen)) or "nowhere"
        raise UsageError(f"Review {known.id} was never seen at {where}; it was seen at: {listed}.")
    source_id = min(sources)
    here = [one for one in _entries(known) if one[0] == source_id]
    mine = [one for one in here if one in listing] or here
    return _parted(known, source_id, mine, whole=len(mine) == len(here))


_Entry = tuple[str, Review, int | None]  # a source, how it tells the review, and the number of the telling


def _entries(known: KnownReview) -> list[_Entry]:
    """How each page tells the review, the record first."""
    return [
        (known.origin, known.review, None),
        *((one.source_id, one.review, one.id) for one in known.tellings),
    ]


def _parted(known: KnownReview, source_id: str, entries: Sequence[_Entry], *, whole: bool) -> Parting:
    rest = [one for one in _entries(known) if one not in entries]
    elsewhere = [one.source_id for one in known.sightings if one.source_id != source_id]
    if whole and not elsewhere:
        raise UsageError(
            f"Review {known.id} was seen at {source_id} alone, so there is nothing to split; where that page "
            "lists it twice, name the address of one, as `learning-bot reviews show` has it."
        )
    goes = max(entries, key=_fullness, default=None)
    stays = rest[0] if rest and rest[0][2] is None else max(rest, key=_fullness, default=None)
    staying = {link.url for one in rest if one[0] == source_id for link in one[1].links}
    going = {link.url for one in entries for link in one[1].links}
    here = [one.url for one in known.sightings if one.source_id == source_id]
    return Parting(
        origin=stays[0] if stays else elsewhere[0],
        stays=stays[1] if stays else _bare(known, elsewhere),
        goes=goes[1] if goes else _bare(known, [source_id]),
        source_id=source_id,
        urls=tuple(here if whole else [url for url in here if url in going - staying]),
        tellings=tuple(one[2] for one in entries if one[2] is not None),
        whole=whole,
    )


def _fullness(entry: _Entry) -> int:
    return fullness(entry[1])


def handles_of(record: Review, known: KnownReview, parting: Parting | None = None) -> tuple[str, ...]:
    """The keys under which a review is found, with what was seen of it: all, or what did not go elsewhere."""
    gone = parting.tellings if parting else ()
    moved = {(parting.source_id, url) for url in parting.urls} if parting else set()
    told = [one.review for one in known.tellings if one.id not in gone]
    keys = [key for review in (record, *told) for key in handles(review)]
    keys += [
        f"url:{address(one.url)}"
        for one in known.sightings
        if one.url and (one.source_id, one.url) not in moved
    ]
    return tuple(dict.fromkeys(keys))


def _bare(known: KnownReview, source_ids: Sequence[str]) -> Review:
    review = known.review
    seen = [one.url for one in known.sightings if one.source_id in source_ids and one.url]
    links = tuple(Link(label=review.title, url=url) for url in seen)
    return Review(title=review.title, place=review.place, year=review.year, links=links)
