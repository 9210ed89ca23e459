"""Looking at a page before anything is kept: one file, one address, a source that might be added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from bot import config
from bot.errors import BotError
from bot.fetch.files import FileFetcher
from bot.fetch.http import HttpFetcher
from bot.fetch.sandbox import Sandbox
from bot.models import Page, Reading, Source
from bot.names import address
from bot.pipeline import follow
from bot.proposing import propose
from bot.wiring import Bot, SystemClock, named

FOLLOWED = 3  # reviews whose documents are opened while one only looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An entry for sources.yaml, what was read on its page, and the file as it would be."""

    entry: dict[str, object]
    reading: Reading
    before: str
    after: str

    @property
    def text(self) -> str:
        """What is new in the file."""
        before, after = self.before.splitlines(), self.after.splitlines()
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        return "\n".join(after[same:]).strip("\n")


def look_at(bot: Bot, source: Source) -> Reading:
    """What is read at a source now; of what it follows, the first few. Raises SourceError."""
    reading = follow.look(source.url, bot.collecting, source)
    if not source.follow:
        return reading
    following = follow.Following(bot.collecting, again=False)
    first = tuple(following.completed(review) for review in reading.reviews[:FOLLOWED])
    return replace(reading, reviews=first + reading.reviews[FOLLOWED:])


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


def propose_source(
    bot: Bot, url: str, *, source_id: str | None = None, name: str | None = None, place: str | None = None
) -> Proposal:
    """The entry for a page that is not watched yet. Raises SourceError, and BotError for an id in use."""
    page = bot.collecting.fetcher.fetch(url)
    assert isinstance(page, Page), "nothing was sent that could be answered with `not modified`"
    document = bot.collecting.opener.open(page)
    reading = bot.collecting.opener.read(page)
    if reading.state == "hub":
        raise BotError(f"{page.url} holds no reviews itself; add where they are: " + ", ".join(reading.see))
    taken = set(bot.sources)
    watched = {address(source.url): source.id for source in bot.sources.values()}
    if address(page.url) in watched:
        raise BotError(f"{page.url} is watched already, as `{watched[address(page.url)]}`")
    if source_id in taken:
        raise BotError(f"sources.yaml has a source `{source_id}` already; give another with --id")
    entry = propose(page.url, document, reading, taken=taken, source_id=source_id, name=name, place=place)
    before = _text_of(bot.directory / "sources.yaml")
    count = len(reading.reviews)
    found = "1 review was" if count == 1 else f"{count} reviews were"
    comment = f"Added on {bot.clock.now():%Y-%m-%d}; {found} read then."
    after = config.append_source(before, entry, comment)
    return Proposal(entry=entry, reading=reading, before=before, after=after)


def write_source(bot: Bot, proposal: Proposal) -> None:
    """Append the entry to sources.yaml; its comments and order stay as they are. Raises BotError where the
    file was edited meanwhile."""
    path = bot.directory / "sources.yaml"
    if _text_of(path) != proposal.before:
        raise BotError("sources.yaml was edited meanwhile, so nothing was written; run the command again")
    part = path.with_suffix(".part")
    try:
        part.write_text(proposal.after, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise BotError(
            f"{path} could not be written ({error.strerror}). Put this into it by hand:\n{proposal.text}"
        ) from error


def _text_of(path: Path) -> str:
    """With its own line ends, which stay."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
