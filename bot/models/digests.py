"""What a reader has not been told, and what they are told at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.models.configuration import Subscriber
from bot.models.reviews import Difference, KnownReview, Reason, Review, Theme
from bot.models.runs import Notice, SourceStanding
from bot.models.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """A subscription that brought a review to a reader, and the reasons."""

    subscription: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where a reader can check: the source's name and attribution, the address, when it was first seen."""

    source_id: str
    name: str
    url: str
    first_seen: datetime
    attribution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A review that a subscriber has not been told of, or not in this revision.

    `told_revision` is the revision they know, None if none.
    """

    known: KnownReview
    themes: tuple[Theme, ...]
    because: tuple[Because, ...]
    told_revision: int | None
    differences: tuple[Difference, ...] = ()


EntryKind = Literal["new", "revised", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One review in a digest."""

    kind: EntryKind
    review_id: int
    revision: int
    review: Review
    themes: tuple[Theme, ...]
    because: tuple[Because, ...]
    seen: tuple[Seen, ...]
    differences: tuple[Difference, ...] = ()
    late: bool = False  # published well before this digest's period


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was checked for a digest, so that silence is never ambiguous."""

    checked: int
    unread: tuple[SourceStanding, ...] = ()
    published_in_all: int = 0  # reviews new to the archive in the period, whatever their themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A review as it is called where it is only named. `title` tells of no harm; `url` leads to it, where it
    has an address and may still be linked."""

    title: str
    place: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """An earlier digest, of `slot`, that may not have arrived (`uncertain`) or did not (`refused`), and what
    was in it."""

    slot: datetime
    state: Literal["uncertain", "refused"]
    reviews: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one reader is told at one time; equal digests share an Edition.

    `slot` is the moment it was due, `since` the moment of the reader's last one (None: their first).
    """

    schedule: str
    timezone: str
    slot: datetime
    subscriptions: tuple[str, ...]  # their names
    entries: tuple[Entry, ...]
    coverage: Coverage
    since: datetime | None = None
    baseline_days: int | None = None  # set in a first digest: how far back it reaches
    left_in_archive: int = 0  # in a first digest: matching reviews older than that
    doubtful: tuple[Doubtful, ...] = ()  # earlier ones that may not have arrived
    footer: str | None = None
    notices: tuple[Notice, ...] = ()  # of sources, for administrators: such a digest has no entries
    held_over: int = 0  # reviews that match and are too many for one digest: they come in the next
    summary: Summary | None = None  # for administrators, instead of notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A digest that is kept, under the hash of its content."""

    id: str
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A subscriber as enrolled. `joined`: their first subscription on this schedule; `last_slot`: their last
    digest on it, None if none yet; `last_whole`: the last that held nothing over. `settled`: the last writing
    of the archive of which they know all that it brought them, None if that cannot be said. `newcomer`: has
    had no digest yet, on any schedule."""

    id: int
    subscriber: Subscriber
    schedule: str
    joined: datetime
    last_slot: datetime | None = None
    last_whole: datetime | None = None
    settled: int | None = None
    newcomer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What a reader has not been told, and what their first digest leaves in the archive. `quiet`: whether
    any of their subscriptions tells them of a week with nothing new."""

    due: tuple[Due, ...]
    subscriptions: tuple[str, ...]  # names of the subscriptions on this schedule
    footer: str | None = None
    left_in_archive: int = 0
    quiet: bool = True
    doubtful: tuple[Doubtful, ...] = ()
