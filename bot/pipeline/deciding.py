"""What a person decides of reviews: two are one, or what a source has is another. Later polls respect it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot import identity
from bot.criteria import CriteriaIndex
from bot.errors import UsageError
from bot.models import Change, Kept, KnownReview
from bot.names import address, handles
from bot.pipeline.tagging import tag_archive
from bot.ports import Archive
from bot.themes import Vocabulary, tag


def join(
    review_id: int, other_id: int, archive: Archive, vocabulary: Vocabulary, now: datetime
) -> KnownReview:
    """Make the second part of the first, whose number stays. Nobody is told anything by it, and nobody who
    was to hear of either misses it. Raises UsageError, StoreError."""
    if review_id == other_id:
        raise UsageError(f"Review {review_id} cannot be joined to itself; name two reviews.")
    tag_archive(archive, vocabulary, now)  # else a theme that is new would look like one it always had
    while True:
        as_of = archive.version()
        (known, _), (other, _) = archive.review(review_id), archive.review(other_id)
        origin, record = identity.joined_record(known, other)
        reason = f"joined with review {other_id} by a person"
        change = Change(kind="mended", review=record, known=known, reason=reason)
        seen_at = {one.source_id for one in (*known.sightings, *other.sightings)}
        kept = _described(
            change,
            seen_at,
            (*identity.handles_of(record, known), *identity.handles_of(record, other)),
            archive,
            vocabulary,
        )
        if archive.join(kept, other, origin, now, as_of):
            return archive.review(review_id)[0]


def split(review_id: int, where: str, archive: Archive, vocabulary: Vocabulary, now: datetime) -> KnownReview:
    """Make what a source (its id, or one address there) has of a review one of its own, which is returned.
    Who was told of both together is told of neither again. Raises UsageError, StoreError."""
    tag_archive(archive, vocabulary, now)
    while True:
        as_of = archive.version()
        known, _ = archive.review(review_id)
        parting = identity.parted(known, where)
        source_id = parting.source_id
        reason = f"what {where} has of it was split off by a person"
        mine = Change(kind="mended", review=parting.stays, known=known, reason=reason)
        reason = f"split from review {review_id} by a person"
        theirs = Change(kind="new", review=parting.goes, known=None, reason=reason)
        seen_at = {one.source_id for one in known.sightings}
        rest = seen_at - {source_id} if parting.whole else seen_at
        stays = _described(
            mine, rest, identity.handles_of(parting.stays, known, parting), archive, vocabulary
        )
        goes = _described(theirs, {source_id}, (), archive, vocabulary)
        keys = (*handles(parting.goes), *(f"url:{address(url)}" for url in parting.urls if url))
        new = archive.split(stays, replace(goes, handles=keys), parting, now, as_of)
        if new is not None:
            return archive.review(new)[0]


def _described(
    change: Change, seen_at: Iterable[str], handles: tuple[str, ...], archive: Archive, vocabulary: Vocabulary
) -> Kept:
    themes = tag(change.review, vocabulary)
    index = CriteriaIndex(archive.criteria())
    return Kept(
        change=change,
        handles=handles,
        themes=themes,
        matches=index.matches(change.review, themes, set(seen_at)),
        vocabulary=vocabulary.fingerprint,
    )
