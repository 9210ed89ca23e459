"""What a reader can choose from on the page of their link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.models import SubscriberStanding
from bot.spoken import date_as_given
from bot.web.tokens import Wish, mark_of

LONDON = ZoneInfo("Europe/London")

PAUSES = {  # whole weeks, so that a weekly digest comes on its own day again
    "2-weeks": ("2 weeks", timedelta(weeks=2)),
    "4-weeks": ("4 weeks", timedelta(weeks=4)),
    "3-months": ("3 months", timedelta(weeks=13)),
}


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

    `this`: the subscription that the link is about; None where the link is about all (`about_one` is then
    false), or where it is known no more. `paused` and `bounced`: dates as they are said, empty where it is
    not so. `pauses`: their names in PAUSES, how they are said, and the dates of their ends.
    """

    reader: int
    about_one: bool
    this: Own | None
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

    def marked(self, mark: str) -> Own | None:
        return next((one for one in self.own if one.mark == mark), None)


def choices_of(standing: SubscriberStanding, wish: Wish, now: datetime) -> Choices:
    """How a subscriber stands, as a link that says `wish` finds it."""
    own = tuple(
        Own(mark=mark_of(one.id), id=one.id, name=one.name, state=one.state) for one in standing.subscriptions
    )
    until = standing.paused_until
    return Choices(
        reader=wish.subscriber_id,
        about_one=wish.mark is not None,
        this=next((one for one in own if one.mark == wish.mark), None),
        own=own,
        all_stopped=standing.stopped,
        paused=said(until) if until and until > now else "",
        bounced=said(standing.bounced) if standing.bounced else "",
        pauses=tuple(
            (length, words, said(end_of_pause(length, now))) for length, (words, _) in PAUSES.items()
        ),
    )


def end_of_pause(length: str, now: datetime) -> datetime:
    """The beginning of the day, in London, that is so many weeks from today."""
    day = now.astimezone(LONDON).date() + PAUSES[length][1]
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def said(at: datetime) -> str:
    """The day in London: `5 December 2026`."""
    return date_as_given(at.astimezone(LONDON).date().isoformat())
