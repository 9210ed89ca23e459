"""Many addresses at once: each looked at and written as `sources add --yes` would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.errors import BotError
from bot.looking.adding import WatchedError, propose_source, refuse_watched, write_source
from bot.looking.addresses import Listed
from bot.looking.survey import survey
from bot.names import address
from bot.wiring import Bot

Became = Literal["added", "would be added", "watched already", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one address. `source_id` and `reviews` where it was added; `why` where it was not."""

    url: str
    became: Became
    source_id: str | None = None
    reviews: int | None = None
    why: str = ""


def import_addresses(
    bot: Bot, listed: Sequence[Listed], *, dry: bool, each: Callable[[Imported], None] = lambda one: None
) -> list[Imported]:
    """Each address in turn; `dry`: nothing is written. An entry is written whole as soon as it is known, so
    that whatever ends the command, all before it is there."""
    done: list[Imported] = []
    met: dict[str, str] = {}
    for one in listed:
        result = _import(bot, one, met, dry=dry)
        done.append(result)
        each(result)
    return done


def _import(bot: Bot, one: Listed, met: dict[str, str], *, dry: bool) -> Imported:
    try:
        refuse_watched(bot, one.url)
        found = survey(one.url, bot.collecting)
        url = found.seen.page.url
        if known := met.get(address(url)):
            raise WatchedError(url, known)  # the file led there before
        proposal = propose_source(bot, found, name=one.name, taken=met.values())
        if not dry:
            write_source(bot, proposal)
            bot.watched.refresh()
    except WatchedError as error:
        return Imported(url=one.url, became="watched already", source_id=error.source_id)
    except BotError as error:
        return Imported(url=one.url, became="failed", why=str(error))
    source_id = met[address(url)] = str(proposal.entry["id"])
    return Imported(
        url=one.url,
        became="would be added" if dry else "added",
        source_id=source_id,
        reviews=len(found.seen.reading.reviews),
    )
