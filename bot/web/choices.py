"""What a reader can choose from on the page of their link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.models import Subscribed, SubscriberStanding
from bot.spoken import date_as_given, in_quotes, listed
from bot.web.tokens import Wish, mark_of

LONDON = ZoneInfo("Europe/London")

PAUSES = {  # whole weeks, so that a weekly digest comes on its own day again
    "2-weeks": ("2 weeks", timedelta(weeks=2)),
    "4-weeks": ("4 weeks", timedelta(weeks=4)),
    "3-months": ("3 months", timedelta(weeks=13)),
}

NUMBERS = dict(enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One subscription of the reader. `mark`: what stands for it in a form."""

    mark: str
    id: str
    name: str
    state: Literal["active", "stopped", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the reader can choose from.

    `marks`: of the subscriptions that the link is about; none where it is about all. `paused` and `bounced`:
    dates as they are said, empty where it is not so. `pauses`: their names in PAUSES, how they are said, and
    the dates of their ends.
    """

    reader: int
    marks: tuple[str, ...]
    own: tuple[Own, ...]
    all_stopped: bool
    paused: str
    bounced: str
    pauses: tuple[tuple[str, str, str], ...]

    @property
    def active(self) -> tuple[Own, ...]:
        return tuple(one for one in self.own if one.state == "active")

    @property
    def stopped(self) -> tuple[Own, ...]:
        return tuple(one for one in self.own if one.state == "stopped")

    @property
    def these(self) -> tuple[Own, ...]:
        """What the link is about, of what is still known."""
        return self.among(self.marks)

    @property
    def foremost(self) -> tuple[Own, ...]:
        """Of what the link is about, what its first button is for: those that are active, else those that are
        stopped, else those that have ended."""
        for state in ("active", "stopped", "ended"):
            if found := tuple(one for one in self.these if one.state == state):
                return found
        return ()

    @property
    def others(self) -> tuple[Own, ...]:
        """What has a button of its own: all but what the first button is for alone."""
        if self.marks:
            return tuple(one for one in self.own if (one,) != self.foremost)
        return self.own if len(self.active) + len(self.stopped) > 1 else ()

    def among(self, marks: Sequence[str]) -> tuple[Own, ...]:
        """Those of the reader's subscriptions that have these marks."""
        return tuple(one for one in self.own if one.mark in marks)


def _mark(one: Subscribed, wish: Wish) -> str:
    """By which the link knows it, which may be of an id that it had before."""
    marks = [mark_of(name) for name in (one.id, *one.former)]
    return next((mark for mark in marks if mark in wish.marks), marks[0])


def choices_of(standing: SubscriberStanding, wish: Wish, now: datetime) -> Choices:
    """How a subscriber stands, as a link that says `wish` finds it."""
    own = tuple(
        Own(mark=_mark(one, wish), id=one.id, name=one.name, state=one.state)
        for one in standing.subscriptions
    )
    until = standing.paused_until
    return Choices(
        reader=wish.subscriber_id,
        marks=wish.marks,
        own=own,
        all_stopped=standing.stopped,
        paused=said(until) if until and until > now else "",
        bounced=said(standing.bounced) if standing.bounced else "",
        pauses=tuple(
            (length, words, said(end_of_pause(length, now))) for length, (words, _) in PAUSES.items()
        ),
    )


def called(some: Sequence[Own]) -> str:
    """Subscriptions inside a heading or on a button: `“Baby safety”`, and several `these three`."""
    if len(some) == 1:
        return f"“{some[0].name}”"
    return f"these {NUMBERS.get(len(some), len(some))}"


def named(some: Sequence[Own]) -> str:
    """Each by its name: `“Baby safety”, “Neglect” and “Water”`."""
    return listed(in_quotes(one.name for one in some))


def end_of_pause(length: str, now: datetime) -> datetime:
    """The beginning of the day, in London, that is so many weeks from today."""
    day = now.astimezone(LONDON).date() + PAUSES[length][1]
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def said(at: datetime) -> str:
    """The day in London: `5 December 2026`."""
    return date_as_given(at.astimezone(LONDON).date().isoformat())
