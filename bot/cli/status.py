"""`status`: how sources, digests and deliveries stand, in one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import app

if TYPE_CHECKING:
    from bot.models import DeliveryState, Failure, OutboxItem, SourceStanding, SubscriberStanding
    from bot.rhythm import Rhythm
    from bot.wiring import Bot

TAKEN_UP = timedelta(minutes=15)  # within which a service takes up what is due, however long its rounds
LATELY = timedelta(days=14)  # what was refused before has been seen, or nobody will
MOST_COUNTED = 1000  # deliveries that somebody should look at; nobody has more in mind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How everything stands at `now`. `sources`: the enabled ones, each with when it is polled next.
    `overdue`: one of them should have been polled a while ago, and nobody did. `waiting`: deliveries by
    state. `for_a_person`: those of them to be looked at first."""

    now: datetime
    where: str
    sources: list[tuple[SourceStanding, datetime]]
    overdue: bool
    rhythms: dict[str, Rhythm]
    paused: list[str]
    digests: list[tuple[str, datetime]]
    waiting: dict[DeliveryState, int]
    for_a_person: tuple[OutboxItem, ...]
    held: list[str]
    bounced: tuple[SubscriberStanding, ...]
    failures: tuple[Failure, ...]


@app.command()
def status(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Every source, also where there are many and they are well.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show how sources and deliveries stand.

    First what needs somebody; then what is well, what is due next, and the latest failures."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.cli.status_shown import show_status, stands_still, verdict

    with open_bot(context) as bot:
        found = _found(bot)
    if as_json:
        said = {"verdict": verdict(found), "standstill": stands_still(found)}
        show.as_json(said | _as_json(found))
    else:
        show_status(found, everything=everything)


def _found(bot: Bot) -> Found:
    sources = bot.standings()
    now = bot.clock.now()
    return Found(
        now=now,
        where=bot.store.where,
        sources=sources,
        overdue=_overdue(bot, sources, now),
        rhythms=bot.rhythms(),
        paused=[source.id for source in bot.configuration.sources if not source.enabled],
        digests=bot.next_digests(),
        waiting=bot.store.waiting_by_state(),
        for_a_person=bot.store.for_a_person(now - LATELY, MOST_COUNTED),
        held=bot.held_up(),
        bounced=bot.store.unreached(),
        failures=bot.store.failures(5),
    )


def _overdue(bot: Bot, sources: list[tuple[SourceStanding, datetime]], now: datetime) -> bool:
    from bot.pipeline.collect import next_poll

    before = now - TAKEN_UP
    known = [bot.sources[one.source_id] for one, due in sources if one.last_run and due <= now]
    return any(next_poll(source, bot.store, before) <= before for source in known)


def _as_json(found: Found) -> dict[str, object]:
    return {
        "sources": [_source(found, one, due) for one, due in found.sources],
        "paused": found.paused,
        "digests": [{"id": schedule, "next": moment} for schedule, moment in found.digests],
        "waiting": found.waiting,
        "outbox": [
            {"id": item.id, "to": item.subscriber.address, "state": item.state, "detail": item.detail}
            for item in found.for_a_person
        ],
        "held": found.held,
        "bounced": [{"address": one.subscriber.address, "since": one.bounced} for one in found.bounced],
        "failures": [
            {"at": failure.at, "kind": failure.kind, "subject": failure.subject, "text": failure.text}
            for failure in found.failures
        ],
    }


def _source(found: Found, one: SourceStanding, due: datetime) -> dict[str, object]:
    learned = found.rhythms.get(one.source_id)
    return {
        "id": one.source_id,
        "state": one.state,
        "since": one.since,
        "reviews": one.records,
        "last_run": one.last_run,
        "last_good": one.last_good,
        "next_run": due,
        "detail": one.detail,
        "page_kept": one.page_kept,
        "failed": one.failed,
        "silent": bool(learned and learned.is_quiet(found.now.date())),
        "rhythm": learned
        and {"usual_days": learned.usual.days, "longest_days": learned.longest.days, "last": learned.last},
    }
