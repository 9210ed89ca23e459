"""What the pipeline needs of the outside world, in its own words. The edges supply it; tests supply fakes.

Every method of a store is one transaction: it happens whole or not at all. Stores raise `StoreError`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.models import (
    ArchiveQuery,
    Asked,
    Criteria,
    Delivery,
    DeliveryState,
    Document,
    Edition,
    Failure,
    Found,
    Hold,
    Kept,
    KnownReview,
    Match,
    Medium,
    Notice,
    NoticeKind,
    NotModified,
    OlderPage,
    OutboxItem,
    Outcome,
    Page,
    PageKind,
    Parting,
    Posted,
    Reader,
    Reading,
    Retagged,
    Revision,
    SavedPage,
    Settled,
    Source,
    SourceNews,
    SourceRun,
    SourceStanding,
    SubscriberStanding,
    Subscription,
    Theme,
    Traffic,
    Untold,
    Validators,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, aware, in UTC."""


class Fetcher(Protocol):
    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        """The page at `url`; NotModified where `validators` show that it is as it was.

        Raises SourceError: failing (no answer, 4xx, 5xx, too large, too slow), blocked (robots.txt,
        refused address).
        """


class Opener(Protocol):
    """Opens and reads pages, within limits of time and memory that no page can make it pass."""

    def open(self, page: Page) -> Document:
        """The page as blocks. Raises UnreadableDocument."""

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """What the page says, through the source's selectors where it has any. Raises UnreadableDocument."""


class Archive(Protocol):
    """Reviews, where they were seen, and how each source stands."""

    def last_run(self, source_id: str) -> SourceRun | None:
        """The last poll of this source, good or bad."""

    def last_good_run(self, source_id: str) -> SourceRun | None:
        """The last poll that read the page, with its validators. None before the first: the baseline."""

    def runs(self, source_id: str, limit: int) -> tuple[SourceRun, ...]:
        """The last polls of this source, newest first. All that ever were are kept."""

    def known(self, source_id: str, handles: Sequence[str]) -> tuple[KnownReview, ...]:
        """All reviews seen at this source, and any other that shares one of these handles."""

    def version(self) -> int:
        """A number that every kept poll raises, of whichever source, in whichever process."""

    def absent(self, source_id: str) -> tuple[KnownReview, ...]:
        """Reviews that the last good polls of this source no longer found, and that are not withdrawn."""

    def keep(
        self,
        run: SourceRun,
        kept: Sequence[Kept],
        as_of: int | None = None,
        page: SavedPage | None = None,
    ) -> bool:
        """A poll and all that it changes, in one transaction. False, and nothing is kept, where the archive
        is no longer at the version `as_of`: what was new to it then may be known by now.

        Themes and matches replace earlier ones; sightings are made or refreshed for every review of the page
        and for each of its links. A review that is `new` in the source's first good run is kept as
        baseline. `page`: the page itself, as it came."""

    def fail(self, run: SourceRun, failure: Failure, page: SavedPage | None = None) -> None:
        """A poll that failed. What was known of the source stays as it was. `page`: what came instead of a
        page that can be trusted."""

    def saved_page(self, source_id: str, kind: PageKind) -> SavedPage | None:
        """The last page of this source that was kept as `good` or as `doubtful`. There is one of each."""

    def forget_page(self, source_id: str, kind: PageKind) -> None:
        """Keep it no longer, if there is one."""

    def older_pages(self, source_id: str) -> tuple[OlderPage, ...]:
        """Pages beyond the one that is watched, as far as they were found, the first first."""

    def add_older(self, found: Sequence[OlderPage]) -> None:
        """These wait to be asked for; of an address that is known nothing changes."""

    def keep_older(
        self,
        page: OlderPage,
        kept: Sequence[Kept] = (),
        found: Sequence[OlderPage] = (),
        left: Collection[int] = (),
        as_of: int | None = None,
    ) -> bool:
        """What became of an older page, what it says, and the pages that it leads to, in one transaction.
        False, and nothing is kept, where the archive is no longer at the version `as_of`.

        What is new by it is told to nobody, now or later, except what changes after somebody was told.
        Nothing of how the source stands is touched. `left`: reviews that had left the watched page and are
        on this one; they are missed no longer."""

    def forget_older(self, source_id: str) -> None:
        """Which older pages were found and read; what they said is kept."""

    def review(self, review_id: int) -> tuple[KnownReview, tuple[Revision, ...]]:
        """One review and its revisions, oldest first. Raises UsageError where there is none."""

    def join(self, stays: Kept, other: KnownReview, origin: str, now: datetime, as_of: int) -> bool:
        """`other` becomes part of the known review of `stays`, which has that record from now on, in the
        words of `origin`. Sightings, tellings, handles, matches, posts and `told` go over: who was told of
        either is told of neither again. False, and nothing is kept, where the archive is no longer at this
        version."""

    def split(self, stays: Kept, goes: Kept, parting: Parting, now: datetime, as_of: int) -> int | None:
        """What went of the known review of `stays` becomes the review of `goes`; its number. None where the
        archive is no longer at this version. Who was told of it since both were seen counts as told of both.
        Where all went that a source had, `known` says from now on that neither is ever seen where the other
        is."""

    def criteria(self) -> dict[str, Criteria]:
        """Each distinct criteria that a subscription uses, by its key."""

    def unmatched_criteria(self) -> dict[str, Criteria]:
        """Criteria that have not been matched with the archive yet (new ones)."""

    def every_review(self) -> Iterator[tuple[KnownReview, tuple[Theme, ...]]]:
        """The whole archive, oldest first, in batches of bounded size."""

    def tagged_otherwise(self, vocabulary: str) -> tuple[KnownReview, ...]:
        """Reviews whose themes are of another vocabulary than that of this fingerprint, some at a time."""

    def retag(self, found: Sequence[Retagged], vocabulary: str, now: datetime) -> None:
        """These are the themes and matches of these reviews from now on. Passed over: what a poll has revised
        meanwhile. A match of criteria that had been matched with the review before, and did not match, brings
        it to those alone to whom it would be news: see `untold`."""

    def keep_matches(self, criteria: Sequence[str], matches: Sequence[tuple[int, Match]]) -> None:
        """Matches (review id, match) of these criteria, which from now on count as matched."""

    def standings(self) -> tuple[SourceStanding, ...]:
        """How each source that was ever polled stands."""

    def days_of_news(self) -> dict[str, tuple[date, ...]]:
        """By source, the days on which it published something: the date that a review gives to the month at
        least, else the day on which it was found, unless it was there before we looked."""

    def keep_requests(self, asked: Sequence[Asked], now: datetime) -> None:
        """Requests that were made, for the log that a webmaster can be shown. It reaches back 90 days."""

    def requests(self, host: str) -> tuple[Asked, ...]:
        """The requests to this host, the oldest first."""

    def note(self, notice: Notice) -> None:
        """Keep what administrators are to hear of a source. (Polls note themselves what they change.)"""

    def last_notice(self, source_id: str, kind: NoticeKind) -> Notice | None:
        """The newest of this kind about this source."""

    def notices(self, after: datetime) -> tuple[Notice, ...]:
        """Those later than `after`, in order; no two have the same moment."""

    def count_new(self, since: datetime | None, until: datetime) -> int:
        """Reviews that came in (since, until]: whoever asks for everything is told of so many. Of those that
        were there when their source was first read, only what had been published lately."""

    def news_by_source(self, since: datetime, until: datetime) -> tuple[SourceNews, ...]:
        """What came in (since, until], by the sources that brought it. The sum of the new is `count_new`."""

    def failures(self, limit: int = 20) -> tuple[Failure, ...]:
        """The latest failures, newest first."""

    def search(self, query: ArchiveQuery) -> tuple[Found, ...]:
        """Best first. Words that are no query syntax are looked for as they are."""


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
        who joined after that change: nobody is told an old review because the themes are others now."""

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

    def outbox(self, states: Sequence[str] = ()) -> tuple[OutboxItem, ...]:
        """Deliveries in these states (all, if none is named), newest first."""

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


class Progress(Protocol):
    """What a channel tells while it delivers."""

    def handing_over(self) -> None:
        """Called, and kept, before the step after which the outcome can be unknown. Raises OvertakenError
        where nothing may be handed over any more, and StoreError where it cannot be kept: then too."""

    def posted(self, post: Posted) -> None:
        """Called after each part that was taken."""


class Channel(Protocol):
    """One medium: email, Slack."""

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Hand the delivery over and say how it ended. Expected failures are outcomes, not errors."""

    def knock(self) -> str | None:
        """What keeps messages from going this way now, in a sentence; None where nothing does. Sends
        nothing."""
