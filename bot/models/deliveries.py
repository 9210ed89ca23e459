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
