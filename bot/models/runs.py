"""Polls and how sources stand, what a poll makes the archive keep, failures, and searches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.models.pages import Validators
from bot.models.reviews import Change, KnownReview, Match, Theme

SourceState = Literal[
    "good", "nothing new", "nothing there", "blocked", "unreadable", "failing", "never read"
]


UNREAD: tuple[SourceState, ...] = ("blocked", "unreadable", "failing")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How a source stood at its last poll. `since`: since when it has stood like this."""

    source_id: str
    name: str
    state: SourceState
    since: datetime | None
    last_run: datetime | None
    last_good: datetime | None
    records: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one poll makes the archive write of one review, together with its run.

    `handles`: keys under which the same review may be met again elsewhere (identity.handles).
    `baseline`: known from before, though it is new to the archive: the page was read in another way then.
    `themes` and `matches` are read for `new`, `revised` and `mended` changes only.
    """

    change: Change
    baseline: bool = False
    handles: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """One poll of one source: when, how it stood, what was read."""

    source_id: str
    started: datetime
    ended: datetime
    state: SourceState
    records: int | None = None
    new: int = 0
    revised: int = 0
    withdrawn: int = 0
    detail: str = ""
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that went wrong and that a person can look at later. `subject` is a source or delivery."""

    kind: Literal["source", "delivery"]
    subject: str
    text: str
    at: datetime
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveQuery:
    """A search of the archive: words, and what to narrow it by. `limit` is a count of reviews."""

    words: str = ""
    theme: str | None = None
    place: str | None = None
    year: int | None = None
    review_type: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit of a search: the review, its themes, and a line around the words that were looked for."""

    known: KnownReview
    themes: tuple[Theme, ...] = field(default=())
    excerpt: str = ""
