"""What an administrator asks for: sources to watch, and subscriptions with their criteria and schedules."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Reads = Literal["auto", "listing", "links", "briefing", "feed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors, for a page that the reader cannot make out by itself."""

    item: str
    title: str | None = None
    link: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsException:
    """Until the end of that day, a certificate of this source that is wrong is taken all the same. `why` says
    what is wrong with it and who knows of it."""

    until: date
    why: str


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
    tls_exception: TlsException | None = None
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
class Logo:
    """A picture that travels inside each mail, so that opening one asks nobody for anything. `width` and
    `height` as it is shown, in CSS pixels; `alt` says in words what it shows."""

    picture: bytes
    media_type: Literal["image/png", "image/jpeg", "image/gif"]
    alt: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture as an address (RFC 2397), for a page: reading it asks nobody for anything."""
        return f"data:{self.media_type};base64,{b64encode(self.picture).decode('ascii')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who sends, and how their digests look.

    `contact`: an address that a person reads, for questions and for stopping. `colour`: of links and lines on
    a light ground, `colour_at_night` on a dark one, both as `#rrggbb`. `introduction`: a note that stands
    above the reviews of each digest. `privacy`: a page that says how addresses are kept.
    """

    name: str = "Learning from reviews"
    contact: str | None = None
    colour: str = "#12578f"
    colour_at_night: str = "#93c5f2"
    logo: Logo | None = None
    introduction: str | None = None
    privacy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest goes out. `cron` None means at once. `baseline_days`: how much of the past a newcomer
    gets. `quiet`: whether a week with nothing new is said, or passed over, for a subscription that does not
    say it itself."""

    id: str
    cron: str | None
    timezone: str = "Europe/London"
    baseline_days: int = 31
    quiet: bool = True


# Schedules of what administrators hear; no digest of reviews has them. Ids of people's own have no dot.
REPORTS = "reports"  # of sources, as they change
SUMMARY = "reports.summary"  # of everything, at a time that they chose
FOR_ADMINISTRATORS = (REPORTS, SUMMARY)

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
    quiet: bool | None = None  # whether its readers are told of a quiet week; None: as its digest says

    @property
    def tells_quiet_weeks(self) -> bool:
        return self.schedule.quiet if self.quiet is None else self.quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A subscription as its reader sees it: `stopped` by themselves, `ended` by the configuration. `former`:
    ids that it had before, in links of old mails."""

    id: str
    name: str
    state: Literal["active", "stopped", "ended"]
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberStanding:
    """How a subscriber stands. `stopped`: all, by themselves; `bounced`: since when nothing is sent because
    the address takes no mail."""

    id: int
    subscriber: Subscriber
    subscriptions: tuple[Subscribed, ...] = ()
    paused_until: datetime | None = None
    stopped: bool = False
    bounced: datetime | None = None
