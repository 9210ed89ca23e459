"""`sources log`: what was asked of a site, for its webmaster to see."""

from __future__ import annotations

import csv
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.cli.sources import sources

COLUMNS = ("time (UTC)", "address", "status", "bytes", "only if changed", "seconds")


@sources.command()
def log(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID|HOST", help="A source, or a host: www.example.org.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV, to be sent to somebody.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show each request that was made to a site in the last 90 days.

    A webmaster who wonders what the bot does can be sent this. What `sources add`, `sources import` and
    `check --online` ask for is not in it: they keep nothing."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.errors import BotError

    with open_bot(context) as bot:
        known = bot.sources.get(name)
        url = known.url if known else name
        host = (urlsplit(url).hostname or "") if "://" in url else url.partition("/")[0]
        asked = bot.store.requests(host)
    rows = [
        (
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            one.url,
            "no answer" if one.status is None else one.status,
            one.size,
            "yes" if one.conditional else "no",
            f"{one.took.total_seconds():.1f}",
        )
        for one in asked
    ]
    if as_json:
        show.as_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    elif as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([COLUMNS, *rows])
    elif rows:
        screen = show.Screen()
        screen.line(f"What was asked of {host} in the last 90 days, by UTC. --csv has bytes and seconds too.")
        for one, (at, _, status, *_) in zip(asked, rows, strict=True):
            path = one.url.partition("://")[2].partition("/")[2]
            asked_if = ", if changed" if one.conditional else ""
            screen.entry(str(at), "", f"{status}  /{path}{asked_if}")
    else:
        raise BotError(
            f"Nothing was asked of `{host}` in the last 90 days. Is it the id of a source, or a host such as "
            "www.example.org?"
        )
