"""What the bot makes of one file or address, for `learning-bot read`."""

from __future__ import annotations

from pathlib import Path

from bot import config
from bot.fetch.files import FileFetcher
from bot.fetch.http import HttpFetcher
from bot.fetch.sandbox import Sandbox
from bot.models import Page, Reading
from bot.wiring import SystemClock, named


def read_page(
    directory: Path,
    page: str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    source_id: str | None = None,
) -> Reading:
    """What the bot makes of one file or address.

    `source_id` names the settings to read it with. A folder without sources.yaml will do where none is
    named. Raises SourceError, and ConfigError where sources.yaml is wrong.
    """
    listed = directory / "sources.yaml"
    known = config.load_sources(listed) if source_id or listed.exists() else None
    sources = {source.id: source for source in known.sources} if known else {}
    source = named("source", source_id, sources, "sources.yaml") if source_id else None
    if page.startswith(("http://", "https://")):
        private = known.allow_private_hosts if known else ()
        with HttpFetcher(known.contact if known else None, private, clock=SystemClock()) as fetcher:
            fetched = fetcher.fetch(page)
    else:
        fetched = FileFetcher(Path(page), content_type).fetch(url or Path(page).resolve().as_uri())
    assert isinstance(fetched, Page), "nothing was sent that could be answered with `not modified`"
    return Sandbox().read(fetched, source)
