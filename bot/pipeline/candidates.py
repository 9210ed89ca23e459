"""What the archive has that the reviews of a page may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.models import KnownReview, Reading, Review, Source
from bot.names import handles
from bot.ports import Archive


def candidates(source: Source, reading: Reading, archive: Archive) -> tuple[KnownReview, ...]:
    """All that was seen on this page before, and what may be one of its reviews seen elsewhere.

    A review that is as it was on this page is looked for nowhere else, as it is taken for nothing else
    (`identity.recognise`): a Child A is on a hundred pages, and all would be loaded at each change of one.
    """
    here = archive.known(source.id, ())
    as_they_were = {words for one in here if source.id not in one.apart for words in _words_here(source, one)}
    keys = [handle for one in reading.reviews if one not in as_they_were for handle in handles(one)]
    return tuple({one.id: one for one in (*here, *archive.sharing(keys))}.values())


def titles_here(source: Source, known: Iterable[KnownReview]) -> set[str]:
    """The titles of those that were seen on this page before."""
    return {one.review.title for one in known if any(seen.source_id == source.id for seen in one.sightings)}


def _words_here(source: Source, known: KnownReview) -> Iterator[Review]:
    """A known review in this page's own words."""
    if known.origin in ("", source.id):
        yield known.review
    yield from (one.review for one in known.tellings if one.source_id == source.id)
