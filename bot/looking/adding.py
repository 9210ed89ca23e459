"""A page's entry in sources.yaml: proposed, shown, written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from bot import config
from bot.config.values import slug
from bot.errors import BotError, UsageError
from bot.looking.survey import KINDS, Survey, spelled
from bot.names import address
from bot.proposing import comment, propose
from bot.wiring import Bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An entry for sources.yaml, and the file as it was and as it would be."""

    entry: dict[str, object]
    before: str
    after: str

    @property
    def text(self) -> str:
        """What is new in the file."""
        before, after = self.before.splitlines(), self.after.splitlines()
        start = _alike(before, after)
        end = len(after) - _alike(before[start:][::-1], after[start:][::-1])
        return "\n".join(after[start:end]).strip("\n")


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines from the first on are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


class WatchedError(BotError):
    """The address is in sources.yaml already, as `source_id`."""

    def __init__(self, url: str, source_id: str) -> None:
        self.source_id = source_id
        super().__init__(
            f"{url} is watched already, as `{source_id}`; look at it with "
            f"`learning-bot sources test {source_id}`."
        )


def refuse_watched(bot: Bot, url: str) -> None:
    """Raises WatchedError where sources.yaml has this address already, UsageError for what is no address."""
    watched = {address(source.url): source.id for source in bot.sources.values()}
    if known := watched.get(address(spelled(url))):
        raise WatchedError(spelled(url), known)


def refuse_id(bot: Bot, source_id: str) -> None:
    """Raises UsageError for an id that a new entry cannot have, before its page is asked for."""
    if source_id in bot.sources:
        raise UsageError(f"sources.yaml has a source `{source_id}` already; give another with --id")
    try:
        slug(source_id)
    except ValueError as error:
        raise UsageError(f"--id {source_id}: {error}") from None


def propose_source(
    bot: Bot,
    found: Survey,
    *,
    source_id: str | None = None,
    name: str | None = None,
    place: str | None = None,
    follow: bool | None = None,
    taken: Collection[str] = (),
) -> Proposal:
    """The entry for a page that is not watched yet. `taken`: ids that are given besides those in the file.
    Raises BotError for an address or id that it cannot have, and ConfigError where what was typed may not
    stand in the file."""
    seen = found.seen
    refuse_watched(bot, seen.page.url)
    if source_id is not None:
        refuse_id(bot, source_id)
    entry = propose(
        seen.page.url,
        seen.document,
        seen.reading,
        taken={*bot.sources, *taken},
        source_id=source_id,
        name=name,
        place=place,
        follow=follow,
    )
    before = _text_of(bot.directory / "sources.yaml")
    said = comment(bot.clock.now().date(), KINDS[seen.kind], seen.reading)
    return Proposal(entry=entry, before=before, after=config.append_source(before, entry, said))


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
