"""Who subscribes, what they were told, and what is on its way to them. Each method is one transaction: it
happens whole or not at all. Stores raise `StoreError`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.models import (
    Delivery,
    DeliveryState,
    Edition,
    Failure,
    Hold,
    Medium,
    OutboxItem,
    Posted,
    Reader,
    Settled,
    SubscriberStanding,
    Subscription,
    Traffic,
    Untold,
)


class Ledger(Protocol):
    """Who subscribes to what, what they have been told, and what is on its way to them."""

    def enrol(self, subscriptions: Sequence[Subscription], now: datetime) -> None:
        """Make the kept subscriptions those of the configuration.

        New ones join now. Changed criteria end one row and begin another, and what the old one had
        matched until then is still due. Removed ones end. A reader's own stop is left alone.
        """

    def readers(self, schedule: str, now: datetime) -> Iterator[Reader]:
        """Everybody who has an active subscription on this schedule, and has not paused it: read some at a
        time, those who ask alike one after another."""

    def claim_runs(
        self, readers: Sequence[Reader], slot: datetime, now: datetime, lease: timedelta
    ) -> set[int]:
        """The numbers of those of these readers, all of one schedule, whose digest is ours to compose: nobody
        has composed it, and nobody is at it."""

    def claim_run(self, reader: Reader, slot: datetime, now: datetime, lease: timedelta) -> bool:
        """The same for one reader."""

    def untold_to(self, readers: Sequence[Reader], baseline_days: int, now: datetime) -> dict[int, Untold]:
        """What is due to these readers, all of one schedule, on it, by their numbers; equal ones are one
        object. Nothing is changed.

        What matches only since a change of the themes is due where it came after their last digest, or to
        who joined after that change: nobody is told an old review because the themes are others now. What
        their last two digests that held nothing over have looked at is not looked at again."""

    def untold(self, reader: Reader, baseline_days: int, now: datetime) -> Untold:
        """The same for one reader."""

    def edition(self, edition_id: str) -> Edition | None:
        """A kept edition. What has been withdrawn since is withdrawn in it. None for no such edition."""

    def keep_editions(
        self, composed: Sequence[tuple[Reader, Sequence[Edition]]], slot: datetime, now: datetime
    ) -> set[int]:
        """For these readers, all of one schedule, in one transaction: the editions, a queued delivery of
        each, `told` for each entry, and the run closed. No editions: the run is closed and the reader told
        nothing. Returns the numbers of those for whom it is kept: not of who was erased, or whose digest
        another worker kept meanwhile. Raises OvertakenError where nothing can be kept, since a review in it
        is no more."""

    def keep_edition(
        self, reader: Reader, slot: datetime, editions: Sequence[Edition], now: datetime
    ) -> None:
        """The same for one reader. Raises OvertakenError also where it is not kept."""

    def claim_deliveries(
        self, medium: Medium, now: datetime, lease: timedelta, limit: int, an_hour: int | None = None
    ) -> tuple[Delivery, ...]:
        """Up to `limit` deliveries that are queued, deferred until now, or uncertain and to be looked for;
        now `sending` and ours. None while the medium is held, and never more than `an_hour` of it within an
        hour, whichever worker sends them."""

    def enter(
        self, handing: Sequence[int], settled: Sequence[Settled], now: datetime, stop_after: int
    ) -> dict[int, str]:
        """Keep how these ended; and of those in `handing`, that from here on the message may have been taken.
        Returns those that may not be handed over, with the reason: the claim was lost, or what the reader
        wants is otherwise by now. After `stop_after` bounces in a row an address is given nothing more."""

    def posted(self, delivery_id: int, post: Posted) -> None:
        """Keep that this part of the delivery was taken; nothing of it is on its way now."""

    def fail_delivery(self, delivery_id: int, failure: Failure) -> None:
        """Keep a failure for a person to look at."""

    def renew(self, now: datetime, lease: timedelta) -> None:
        """Hold on to all that we have claimed."""

    def give_back(self, ids: Sequence[int]) -> None:
        """Let others have these, which we claimed and did not begin."""

    def recover(self, now: datetime) -> int:
        """Take up what workers left that died: deliveries whose lease ran out are as they were where nothing
        was handed over, else uncertain, which on Slack can be looked into at once; digests that they were
        composing are anybody's. Returns how many there were."""

    def spent_until(self, medium: Medium, now: datetime, an_hour: int) -> datetime | None:
        """Where as many went in the last hour as may: when the next may go. Else None."""

    def others_until(self, now: datetime) -> datetime | None:
        """Until when other workers hold claims; None if none does."""

    def holds(self, now: datetime) -> tuple[Hold, ...]:
        """The media that take nothing now."""

    def lift_holds(self) -> None:
        """Try again now, except where a receiver asked us to wait."""

    def bounced(
        self, delivery_id: int, edition: str, detail: str, *, hard: bool, now: datetime, stop_after: int
    ) -> str:
        """A mail came back. `edition`: the beginning of the edition's id, which a stranger does not know;
        `hard`: the address is at fault, so it counts. Returns `unknown` (not ours), `known` (heard before),
        `kept` (the delivery is refused now), or `stopped` (and the address is given nothing more)."""

    def outbox(self, states: Sequence[str] = (), limit: int | None = None) -> tuple[OutboxItem, ...]:
        """Deliveries in these states (all, if none is named), newest first; the first `limit` of them."""

    def for_a_person(self, since: datetime, limit: int) -> tuple[OutboxItem, ...]:
        """Up to `limit` deliveries that somebody should look at: the uncertain ones, then those refused since
        that moment, each newest first. Not those that their readers no longer want."""

    def waiting_by_state(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state but `sent`; 0 is said too."""

    def queued_since(self, now: datetime) -> datetime | None:
        """How long something has waited that could go: when the first of it was queued. Who paused or cannot
        be reached counts for nothing. None where nothing waits."""

    def count_unreached(self) -> int:
        """How many get nothing because their mail bounced."""

    def retry(self, delivery_id: int, now: datetime) -> OutboxItem:
        """Queue a refused, deferred or uncertain delivery again. Raises BotError for any other."""

    def resolve(self, delivery_id: int, now: datetime) -> OutboxItem:
        """Close an uncertain, deferred or refused delivery as sent. Raises BotError for any other."""

    def stop(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        """The reader's own wish: no more of this subscription, or of all."""

    def start_again(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        """The reader's own wish: undo their stop, of this subscription or of all."""

    def pause(self, subscriber_id: int, until: datetime | None, now: datetime) -> None:
        """The reader's own wish: nothing until then; None ends a pause. What comes meanwhile stays due."""

    def resume(self, address: str, now: datetime) -> int:
        """Undo whatever keeps an address from getting anything: a stop, a pause, bounces. Returns the number
        of rows, 0 for none."""

    def standing_of(self, subscriber_id: int) -> SubscriberStanding | None:
        """How a subscriber stands; None for one that was erased or never was."""

    def last_composed(self, reader: Reader) -> datetime | None:
        """When the last message on this schedule was put together for this reader. None before the first."""

    def traffic(self, since: datetime, until: datetime) -> Traffic:
        """What became of messages in (since, until], and how the others stand at its end."""

    def unreached(self) -> tuple[SubscriberStanding, ...]:
        """Who gets nothing because their mail bounced."""

    def export(self, address: str) -> dict[str, object]:
        """All that is held about an address."""

    def erase(self, address: str, now: datetime) -> int:
        """Remove an address and all that is held about it; returns the number of rows. A subscription that
        still names it in the configuration does not bring it back until it is removed there."""
