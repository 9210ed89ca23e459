"""A review in its source's own words, what a poll says of it, and the themes that it carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.models.pages import Link

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a review was seen. `url` is a document or page of it at that source. `missed`: good polls
    of the source in a row that no longer had it. `reason`: why it was counted as this review, when it was
    first seen there; empty in an archive from before reasons were kept. `beyond`: seen only on older pages
    than the one that is watched, so that the watched one does not miss it."""

    source_id: str
    url: str
    first_seen: datetime
    last_seen: datetime
    missed: int = 0
    reason: str = ""
    beyond: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A review as a source has it, where the archive keeps the words of another."""

    id: int
    source_id: str
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided of a review: `joined` with the review `other`, or `apart` from it: never to be
    counted as seen at `source_id`."""

    kind: Literal["joined", "apart"]
    other: int
    at: datetime
    source_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReview:
    """A review as the archive has it. `revision` counts from 1; `notable` is the last revision that a
    reader must hear of. `baseline`: it was on the page at the source's first poll. `origin`: the source
    whose words the record holds; `tellings` those of others. `decisions`: what persons decided of it.
    `backfilled`: it was found on an older page than those that are watched, and nobody is told of it."""

    id: int
    review: Review
    revision: int
    notable: int
    baseline: bool
    first_seen: datetime
    sightings: tuple[Sighting, ...] = ()
    origin: str = ""
    tellings: tuple[Telling, ...] = ()
    decisions: tuple[Decision, ...] = ()
    backfilled: bool = False

    @property
    def apart(self) -> frozenset[str]:
        """Sources at which it is never seen, by a person's decision."""
        return frozenset(one.source_id for one in self.decisions if one.kind == "apart")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """How a review becomes two: the record that `stays`, in the words of `origin`, and the one that `goes`
    with what was seen of it at `source_id`: these addresses, these tellings (by number). `whole`: it is all
    that was seen there, so that neither is ever seen again where the other is."""

    origin: str
    stays: Review
    goes: Review
    source_id: str
    urls: tuple[str, ...]
    tellings: tuple[int, ...]
    whole: bool


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
    review as this page has it, where the archive keeps another source's words; `telling` is the number of
    the telling that it replaces, None where it is the first.
    """

    kind: ChangeKind
    review: Review
    known: KnownReview | None
    reason: str
    differences: tuple[Difference, ...] = ()
    as_seen: Review | None = None
    telling: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a record: what it was (`new` or another kind of change), when, where and why."""

    revision: int
    kind: ChangeKind
    reason: str
    source_id: str
    at: datetime
    differences: tuple[Difference, ...] = ()


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
class Narrowed:
    """What a criteria was narrowed by, and what the review has there: `age`, asked `< 1 year`, found
    `7 weeks`. For an outcome, a type or a source both are our ids."""

    by: Literal["age", "outcome", "place", "review_type", "source"]
    asked: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a criteria asked for a review: a theme; words (neither theme nor `narrowed`); or what it was
    narrowed by."""

    theme: str | None
    evidence: tuple[Evidence, ...] = ()
    narrowed: Narrowed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A criteria that asked for a review. `criteria` is the key of `criteria.key()`."""

    criteria: str
    reasons: tuple[Reason, ...]


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
