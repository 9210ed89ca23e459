"""The records that travel, one frozen type a stage.

    Source -> Page -> Document -> Reading of Reviews -> Change -> Theme, Match
           -> Digest -> Edition -> Delivery -> Outcome

All moments are aware datetimes in UTC; dates that a source gives keep the precision it gave them
(`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as text). Tuples, not lists: a record never changes after it is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

# --- configuration ------------------------------------------------------------------------------------

Reads = Literal["auto", "listing", "links", "briefing", "feed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors, for a page that the reader cannot make out by itself."""

    item: str
    title: str | None = None
    link: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One page or feed that is watched. `every` or `cron` says when; `cron` is read in Europe/London."""

    id: str
    name: str
    url: str
    reads: Reads = "auto"
    every: timedelta = timedelta(hours=6)
    cron: str | None = None
    place: str | None = None
    follow: bool = False
    select: Selectors | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    expect_min: int | None = None
    expect_max: int | None = None
    attribution: str | None = None
    contact: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a subscription asks for. Empty asks for everything.

    `themes_*` are theme ids; `words_*` are words or phrases looked for in the whole record;
    `age` is a bound such as `< 1 year`; the rest are sets of allowed values.
    """

    themes_any: tuple[str, ...] = ()
    themes_all: tuple[str, ...] = ()
    themes_none: tuple[str, ...] = ()
    words_any: tuple[str, ...] = ()
    words_all: tuple[str, ...] = ()
    words_none: tuple[str, ...] = ()
    age: str | None = None
    outcome: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    review_type: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest goes out. `cron` None means at once. `baseline_days`: how much of the past a newcomer
    gets. `quiet`: whether a week with nothing new is said, or passed over."""

    id: str
    cron: str | None
    timezone: str = "Europe/London"
    baseline_days: int = 31
    quiet: bool = True


Medium = Literal["email", "slack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One address: a person's email (`lead@example.org`) or a Slack channel (`#learning-babies`)."""

    medium: Medium
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One entry of subscriptions.yaml: several subscribers, one criteria, one schedule."""

    id: str
    name: str
    subscribers: tuple[Subscriber, ...]
    schedule: Schedule
    criteria: Criteria
    footer: str | None = None  # where to turn with a worry about a child; None: the NSPCC Helpline


# --- fetching -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What to send with a conditional request, and the hash that catches servers which ignore it.

    `read_as` says how the page was read then: it is read again, changed or not, when that has changed.
    """

    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    read_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes as they came, with what the server said of them. `url` is the last address after redirects."""

    url: str
    body: bytes
    content_type: str | None
    status: int = 200
    validators: Validators = Validators()
    fetched_at: datetime | None = None
    redirected_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The page is as it was (304, or the same bytes)."""

    url: str
    status: int = 304


# --- opening: bytes into blocks -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text of one look. `text` keeps its edge spaces; a forced line break is "\\n"."""

    text: str
    bold: bool = False
    url: str | None = None  # absolute


BlockKind = Literal["heading", "paragraph", "point", "row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One heading, paragraph, bullet or table row, in reading order.

    `level`: of a heading 1 to 6 (1 the highest), of a point its depth from 1. `cells`: of a row, each
    cell's spans; `spans` then is empty. `header`: a row of column headings. `group`: the same number for
    blocks of one card, article, accordion panel, table or list; 0 for none. `furniture`: navigation,
    page header, footer, share links, cookie notes; readers pass over it.
    """

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    level: int = 0
    cells: tuple[tuple[Span, ...], ...] = ()
    header: bool = False
    group: int = 0
    furniture: bool = False

    @property
    def text(self) -> str:
        """White space folded, line breaks as spaces; cells joined by ` | `."""
        if self.cells:
            return " | ".join(fold(cell) for cell in self.cells)
        return fold(self.spans)

    @property
    def lines(self) -> tuple[str, ...]:
        """The text at its forced line breaks, each folded, empty ones left out."""
        parts = [self.spans, *self.cells]
        whole = "\n".join("".join(span.text for span in part) for part in parts)
        return tuple(line for line in (" ".join(part.split()) for part in whole.split("\n")) if line)

    @property
    def all_spans(self) -> tuple[Span, ...]:
        return self.spans + tuple(span for cell in self.cells for span in cell)

    @property
    def bold(self) -> bool:
        """Whether every word of it is bold: a heading by look alone."""
        words = [span for span in self.all_spans if span.text.strip()]
        return bool(words) and all(span.bold for span in words)

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links, neighbouring spans of one address joined."""
        found: list[Link] = []
        for url, spans in groupby(self.all_spans, key=lambda span: span.url):
            if url:
                found.append(Link(label=fold(tuple(spans)), url=url))
        return tuple(found)


def fold(spans: tuple[Span, ...]) -> str:
    """The text of spans with white space (no-break spaces too) folded to single spaces."""
    return " ".join("".join(span.text for span in spans).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item of a feed. `published` is the date as written, `YYYY-MM-DD`, else the updated date."""

    id: str
    title: str
    url: str | None
    published: str | None
    blocks: tuple[Block, ...]


Format = Literal["html", "feed", "pdf", "docx", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page or document as blocks in reading order. `published` comes from its metadata, if any."""

    format: Format
    url: str
    title: str | None = None
    blocks: tuple[Block, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    language: str | None = None
    published: str | None = None


# --- reading: blocks into reviews ---------------------------------------------------------------------

ReviewType = Literal["lcspr", "scr", "cpr", "cmr", "lr", "sar", "dhr", "national", "thematic"]
ReviewStatus = Literal["published", "withdrawn", "delayed", "unpublished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the source that is none of the record's own fields, kept so that nothing is dropped."""

    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts as the source states them: ages as `N days|weeks|months|years`, the incident as `YYYY[-MM]`."""

    ages: tuple[str, ...] = ()
    sex: Literal["male", "female", "mixed"] | None = None
    outcome: Literal["death", "serious-harm", "other"] | None = None
    incident_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One review in its source's own words: the record of records.md, without its themes."""

    title: str
    place: str | None = None
    year: int | None = None
    published: str | None = None
    review_type: ReviewType | None = None
    status: ReviewStatus = "published"
    incident: str = ""
    background: str = ""
    good_practice: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    facts: Facts = Facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page says: reviews, that there are none, or (`hub`) where else they are (`see`)."""

    state: Literal["read", "nothing there", "hub"]
    reviews: tuple[Review, ...] = ()
    see: tuple[str, ...] = ()


# --- recognising --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a review was seen. `url` is a document or page of it at that source. `missed`: good polls
    of the source in a row that no longer had it."""

    source_id: str
    url: str
    first_seen: datetime
    last_seen: datetime
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReview:
    """A review as the archive has it. `revision` counts from 1; `notable` is the last revision that a
    reader must hear of. `baseline`: it was on the page at the source's first poll. `origin`: the source
    whose words the record holds."""

    id: int
    review: Review
    revision: int
    notable: int
    baseline: bool
    first_seen: datetime
    sightings: tuple[Sighting, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a revision changed: in one field, the words that went and the words that came."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


ChangeKind = Literal["new", "revised", "mended", "same", "missing", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one poll says of one review.

    `new`; `revised` (in meaning: readers hear of it); `mended` (a typo, a link: kept, not told);
    `same`; `missing` (not on its page this time); `withdrawn` (gone for good, or said to be).
    `known` is None for `new` only. `reason` says in words why it was taken for this. `as_seen` is the
    review as this page has it, where the archive keeps another source's words.
    """

    kind: ChangeKind
    review: Review
    known: KnownReview | None
    reason: str
    differences: tuple[Difference, ...] = ()
    as_seen: Review | None = None


# --- themes and matching ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of the record that prove a theme: `field` as in records.md, `quote` verbatim from it."""

    field: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme that a review carries, with at least one piece of evidence."""

    id: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a criteria asked for a review: the theme (None: asked for words, or for everything)."""

    theme: str | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A criteria that asked for a review. `criteria` is the key of `criteria.key()`."""

    criteria: str
    reasons: tuple[Reason, ...]


# --- digests ------------------------------------------------------------------------------------------


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
class Coverage:
    """What was checked for a digest, so that silence is never ambiguous."""

    checked: int
    unread: tuple[SourceStanding, ...] = ()
    published_in_all: int = 0  # reviews new to the archive in the period, whatever their themes


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
    uncertain: tuple[str, ...] = ()  # one line for each earlier delivery that may not have arrived
    footer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A digest that is kept, under the hash of its content."""

    id: str
    digest: Digest


# --- delivery -----------------------------------------------------------------------------------------

DeliveryState = Literal["queued", "sending", "sent", "refused", "deferred", "uncertain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that Slack has taken: the channel's id, the message's `ts`, and the review it shows."""

    channel: str
    ts: str
    review_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition for one subscriber. `posted`: what of it has already been taken by Slack.

    `earlier`: posts of earlier deliveries that show reviews of this edition, to be edited in place."""

    id: int
    edition: Edition
    subscriber_id: int
    subscriber: Subscriber
    state: DeliveryState
    attempts: int = 0
    posted: tuple[Posted, ...] = ()
    earlier: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a delivery ended, in the closed vocabulary of the outbox.

    `sent`; `refused` (for good); `deferred` (nothing was taken; may be tried again, not before
    `retry_after`); `uncertain` (it may have been taken: never repeated unasked).
    """

    state: Literal["sent", "refused", "deferred", "uncertain"]
    detail: str = ""
    retry_after: timedelta | None = None
    posted: tuple[Posted, ...] = ()


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
class Reader:
    """A subscriber as enrolled. `joined`: their first subscription on this schedule; `last_slot`: their
    last digest on it, None if none yet. `newcomer`: has had no digest yet, on any schedule."""

    id: int
    subscriber: Subscriber
    schedule: str
    joined: datetime
    last_slot: datetime | None = None
    newcomer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What a reader has not been told, and what their first digest leaves in the archive."""

    due: tuple[Due, ...]
    subscriptions: tuple[str, ...]  # names of the subscriptions on this schedule
    footer: str | None = None
    left_in_archive: int = 0
    uncertain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A delivery as an operator sees it."""

    id: int
    subscriber: Subscriber
    schedule: str
    slot: datetime
    state: DeliveryState
    attempts: int
    reviews: int
    changed_at: datetime
    detail: str = ""


# --- runs and failures --------------------------------------------------------------------------------


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
class Period:
    """From a moment (left out) to a moment (taken in)."""

    since: datetime | None
    until: datetime


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


def latest(published: str | None) -> date | None:
    """The last day that such a date can mean; None for none."""
    first = earliest(published)
    if first is None or published is None or published.count("-") == 2:
        return first
    if "-" not in published:
        return date(first.year, 12, 31)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(days=1)


def earliest(published: str | None) -> date | None:
    """The first day a date of `YYYY`, `YYYY-MM` or `YYYY-MM-DD` can mean; None for none."""
    if not published:
        return None
    parts = [int(part) for part in published.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
