"""`sources history`: how a source stood at each look, with looks that were alike told as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.sources import sources

if TYPE_CHECKING:
    from bot.models import SourceRun

LOOKED_BACK = 5000  # looks; more than three years of four a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Looks in a row that found the same; `last` is the newest of them. One that changed something is a
    stretch of its own."""

    first: datetime
    last: datetime
    looks: int
    found: SourceRun


@sources.command()
def history(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many lines at most.")] = 30,
) -> None:
    """Show how a source stood at each look, the newest first.

    Looks in a row that found the same are one line."""
    from bot.cli import show
    from bot.cli.opening import open_bot

    with open_bot(context) as bot:
        source = bot.source(source_id)
        runs = bot.store.runs(source.id, LOOKED_BACK)
        learned = bot.rhythms().get(source.id)
    found = list(stretches(runs))
    if as_json:
        show.as_json([_as_json(one) for one in found[:limit]])
        return
    screen = show.Screen()
    if not found:
        screen.line(f"{source.name} has not been looked at yet: `learning-bot poll {source.id}` does it now.")
        return
    screen.line(source.name, "bold")
    screen.line(source.url)
    screen.line(_summed_up(runs) + (f" It has something new {learned.said}." if learned else ""))
    print()
    for one in found[:limit]:
        _show(screen, one)
    if len(found) > limit:
        screen.line(f"and {len(found) - limit} lines from before, with --limit {len(found)}")


def stretches(runs: Iterable[SourceRun]) -> Iterable[Stretch]:
    """Polls, the newest first -> those in a row that found the same and changed nothing, each as one."""
    now: Stretch | None = None
    for run in runs:
        if now and _alike(now.found, run):
            now = replace(now, first=run.started, looks=now.looks + 1)
            continue
        if now:
            yield now
        now = Stretch(first=run.started, last=run.started, looks=1, found=run)
    if now:
        yield now


def _alike(one: SourceRun, other: SourceRun) -> bool:
    changed = any((one.new, one.revised, one.withdrawn, other.new, other.revised, other.withdrawn))
    same = (one.state, one.records, one.detail) == (other.state, other.records, other.detail)
    return same and not changed


def _show(screen: object, one: Stretch) -> None:
    from bot.cli import show

    assert isinstance(screen, show.Screen)
    run = one.found
    reviews = "" if run.records is None else f", {_counted(run.records, 'review')}"
    changes = [
        f"{count} {what}"
        for count, what in ((run.new, "new"), (run.revised, "revised"), (run.withdrawn, "withdrawn"))
        if count
    ]
    looks = f", {one.looks} looks" if one.looks > 1 else ""
    screen.entry(
        show.span(one.first, one.last),
        run.state,
        reviews + looks + (f"; {', '.join(changes)}" if changes else ""),
    )
    if run.detail:
        screen.line(run.detail, indent=2)


def _summed_up(runs: tuple[SourceRun, ...]) -> str:
    from bot.cli import show
    from bot.models import UNREAD

    new, revised, withdrawn = (
        sum(getattr(run, what) for run in runs) for what in ("new", "revised", "withdrawn")
    )
    unread = sum(run.state in UNREAD for run in runs)
    since = "Its last" if len(runs) == LOOKED_BACK else f"Since {show.moment(runs[-1].started)}:"
    return (
        f"{since} {_counted(len(runs), 'look')}, {unread} in vain; {new} new, {revised} revised, "
        f"{withdrawn} withdrawn."
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_json(one: Stretch) -> dict[str, object]:
    run = one.found
    return {
        "first": one.first,
        "last": one.last,
        "looks": one.looks,
        "state": run.state,
        "reviews": run.records,
        "new": run.new,
        "revised": run.revised,
        "withdrawn": run.withdrawn,
        "detail": run.detail,
    }
