"""A digest on its way to one subscriber, and how that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.models.configuration import Subscriber
from bot.models.digests import Edition

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

    `state`: as it was when it was claimed; an `uncertain` one may have been taken by an earlier try, and must
    be looked for before anything is posted. `subscriptions`: ids of those that brought it. `first_tried`:
    when it was first claimed. `earlier`: posts of earlier deliveries that show reviews of this edition, to
    be edited in place."""

    id: int
    edition: Edition
    subscriber_id: int
    subscriber: Subscriber
    state: DeliveryState
    attempts: int = 0
    subscriptions: tuple[str, ...] = ()
    first_tried: datetime | None = None
    posted: tuple[Posted, ...] = ()
    earlier: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a delivery ended, in the closed vocabulary of the outbox.

    `sent`; `refused` (for good); `deferred` (nothing was taken; may be tried again, not before
    `retry_after`); `uncertain` (it may have been taken: never repeated unasked, but where `retry_after` is
    given the channel can look by then whether it arrived).

    `holds`: the trouble is not this delivery's but the whole medium's (no connection, a wrong password, too
    many messages): nothing goes that way for `retry_after` if the receiver asked for it, else for a while.
    `bounced`: there is no such address, or it takes no mail any more (never: a mailbox that is full).
    """

    state: Literal["sent", "refused", "deferred", "uncertain"]
    detail: str = ""
    retry_after: timedelta | None = None
    posted: tuple[Posted, ...] = ()
    holds: bool = False
    bounced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A delivery by its number, and how it ended."""

    delivery_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A medium that takes nothing before `until`. `asked`: its receiver said so; else we wait by ourselves,
    each time longer, and `times` says how often by now."""

    medium: str
    until: datetime
    asked: bool
    times: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """A delivery as an operator sees it. `next_try`: of one that is put off. `paused_until` and `bounced`: of
    its subscriber, to whom nothing is sent now."""

    id: int
    subscriber: Subscriber
    schedule: str
    slot: datetime
    state: DeliveryState
    attempts: int
    reviews: int
    changed_at: datetime
    detail: str = ""
    next_try: datetime | None = None
    paused_until: datetime | None = None
    bounced: bool = False
