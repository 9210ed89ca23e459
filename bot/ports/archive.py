"""Reviews, where they were seen, and how each source stands. Each method is one transaction: it happens
whole or not at all. Stores raise `StoreError`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.models import (
    ArchiveQuery,
    Asked,
    Criteria,
    Failure,
    Found,
    Kept,
    KnownReview,
    Match,
    Notice,
    NoticeKind,
    OlderPage,
    PageKind,
    Parting,
    Retagged,
    Revision,
    SavedPage,
    SourceNews,
    SourceRun,
    SourceStanding,
    Theme,
)


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

    def sharing(self, handles: Sequence[str]) -> tuple[KnownReview, ...]:
        """The reviews that share one of these handles, wherever they were seen."""

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
