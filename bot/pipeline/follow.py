"""Looking at one page, and following a review to its own documents."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.errors import SourceError
from bot.following import completed as merged
from bot.following import documents_to_follow
from bot.models import Change, Page, Reading, Review, Source, SourceRun, Validators
from bot.ports import Archive, Clock, Fetcher, Opener
from bot.revisions import compare
from bot.themes import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """The parts that collecting needs."""

    fetcher: Fetcher
    opener: Opener
    archive: Archive
    vocabulary: Vocabulary
    clock: Clock


def look(url: str, parts: Collecting, source: Source | None = None) -> Reading:
    """What the bot makes of one page, with nothing kept. Raises SourceError."""
    page = parts.fetcher.fetch(url)
    assert isinstance(page, Page), "nothing was sent that a server could answer with 304"
    return parts.opener.read(page, source)


class Following:
    """Completes reviews from their own documents, each opened once a poll, however often that is compared
    anew; and remembers whether one could not be had, so that the page is read again."""

    def __init__(self, parts: Collecting, *, again: bool) -> None:
        self._parts = parts
        self._again = again
        self._whole: dict[Review, Review] = {}
        self._failed: list[str] = []

    def completes(self, change: Change) -> Change:
        """A review that is new or revised; one that is known too, where documents could not be had before."""
        if change.kind in ("new", "revised"):
            return replace(change, review=self.completed(change.review))
        if change.kind != "same" or change.known is None or change.as_seen or not self._again:
            return change
        whole = self.completed(change.review)
        kind, differences = compare(change.known.review, whole)
        return replace(change, kind=kind, review=whole, differences=differences)

    @property
    def trouble(self) -> str:
        """How many documents could not be read, and why the first; empty where all could. The log of requests
        (`sources log`) has what became of each."""
        failed = list(dict.fromkeys(self._failed))
        if len(failed) < 2:
            return "".join(failed)
        return f"{len(failed)} linked documents could not be read; the first: {failed[0]}"

    def noted(self, run: SourceRun) -> SourceRun:
        """The run, with the documents that could not be read; its page is then asked for whole next time."""
        if not self._failed:
            return run
        detail = f"{run.detail}; {self.trouble}" if run.detail else self.trouble
        return replace(run, detail=detail, validators=Validators(read_as=run.validators.read_as))

    def completed(self, review: Review) -> Review:
        """The review with what its own documents say, where the page says little."""
        if review not in self._whole:
            self._whole[review] = self._opened(review)
        return self._whole[review]

    def _opened(self, review: Review) -> Review:
        whole = review
        for link in documents_to_follow(review):
            try:
                reading = look(link.url, self._parts)
            except SourceError as error:
                self._failed.append(str(error))
                continue
            if len(reading.reviews) == 1:
                whole = merged(whole, reading.reviews[0])
        return whole
