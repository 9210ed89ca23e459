"""Polls and how sources stand, what a poll makes the archive keep, failures, and searches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.models.pages import Validators
from bot.models.reviews import Change, KnownReview, Match, Theme

SourceState = Literal[
    "good", "nothing new", "nothing there", "blocked", "unreadable", "failing", "never read"
]


UNREAD: tuple[SourceState, ...] = ("blocked", "unreadable", "failing")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How a source stood at its last poll. `since`: since when it has stood like this. `page_kept`: the page
    that this poll could not trust was kept, to be looked at. `failed`: polls in a row that could not read
    it."""

    source_id: str
    name: str
    state: SourceState
    since: datetime | None
    last_run: datetime | None
    last_good: datetime | None
    records: int | None = None
    detail: str = ""
    page_kept: bool = False
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one poll makes the archive write of one review, together with its run.

    `handles`: keys under which the same review may be met again elsewhere (identity.handles).
    `baseline`: known from before, though it is new to the archive: the page was read in another way then.
    `themes` and `matches` are read for `new`, `revised` and `mended` changes only; `vocabulary` is the
    fingerprint of the one that the themes are of.
    """

    change: Change
    baseline: bool = False
    handles: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    matches: tuple[Match, ...] = ()
    vocabulary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagged:
    """The themes of a known review as another vocabulary has them, and whom they bring it to."""

    known: KnownReview
    themes: tuple[Theme, ...]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted on a page at a good poll, for the next one to be compared with.

    `shares`: of each field of a record that any review had, the share of reviews that had it, 0 to 1.
    `stated`: how many entries the page itself said that it shows. `closed`: whether its markup came to its
    end tag; None for what has none. A run from before there were figures has none of them.
    """

    shares: dict[str, float] = field(default_factory=dict)
    stated: int | None = None
    closed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRun:
    """One poll of one source: when, how it stood, what was read. `failed`: how many polls in a row could not
    read it, this one included; `retry_at`: when it is polled again, where that is not when it always is."""

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
    figures: Figures = field(default_factory=Figures)
    failed: int = 0
    retry_at: datetime | None = None


PageKind = Literal["good", "doubtful"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page as it came, kept to be looked at: a source's last `good` one, or the last `doubtful` one, from
    which nothing was taken. `reason`: why it was not trusted."""

    source_id: str
    kind: PageKind
    fetched_at: datetime
    url: str
    content_type: str | None
    body: bytes
    reason: str = ""


NoticeKind = Literal["not read", "read again", "silent", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A change in how a source stands, which an administrator hears of once.

    `not read`: it could be read before, or stood otherwise, and `detail` is what was seen. `read again`: it
    could not be read from `since` on. `silent`: it can be read, and has had nothing new since `since`, for
    longer than ever; `detail` is how often it usually has. `moved`: it says that it is at `detail` for good.
    `page_kept`: what came instead of its page can be looked at. `name` and `url` are the source's, once it is
    told.
    """

    kind: NoticeKind
    source_id: str
    at: datetime
    state: SourceState
    since: datetime | None = None
    detail: str = ""
    page_kept: bool = False
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request to a site, for the log that a webmaster can be shown. `status` None: no answer came.
    `size`: bytes of the body as they travelled. `conditional`: only for what changed since. `took`: from the
    connection to the last byte."""

    at: datetime
    host: str
    url: str
    status: int | None
    size: int
    conditional: bool
    took: timedelta


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
