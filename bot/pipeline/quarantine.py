"""What a doubtful read would publish waits: to be approved, read again with corrected settings, or left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.models import NotModified, Page, SavedPage, Source, SourceRun, Validators
from bot.pipeline import collect
from bot.pipeline.follow import Collecting
from bot.ports import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A fetcher that gives a saved page for its own address, and all else as ever."""

    address: str
    page: SavedPage
    others: Fetcher

    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        if url != self.address:
            return self.others.fetch(url, validators)
        return Page(
            url=self.page.url,
            body=self.page.body,
            content_type=self.page.content_type,
            fetched_at=self.page.fetched_at,
        )


def read_again(source: Source, page: SavedPage, parts: Collecting, *, approved: bool) -> SourceRun:
    """Poll the saved page instead of the site, and keep what it says; `approved`: whatever is doubtful in it.

    The next poll asks the site for the whole page, since a saved one has nothing to ask conditionally with.
    """
    saved = Saved(address=source.url, page=page, others=parts.fetcher)
    return collect.collect(source, replace(parts, fetcher=saved), accept=approved)
