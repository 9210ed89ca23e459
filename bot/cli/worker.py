"""`worker`: one of several, where one machine is not enough."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from bot.cli import app
from bot.errors import UsageError


@app.command()
def worker(
    context: typer.Context,
    web: Annotated[
        str | None,
        typer.Option("--web", metavar="HOST:PORT", help="Also answer web requests on this address."),
    ] = None,
) -> None:
    """Share the work with other workers, on any number of machines.

    They have one PostgreSQL in common, and the same configuration. It takes the place of `run`; SIGTERM or
    Ctrl-C lets it finish what is in hand."""
    from bot.cli.opening import open_bot
    from bot.config import load_environment

    door = _door(web) if web else None
    try:
        from bot.worker import check, work
    except ModuleNotFoundError as error:
        raise UsageError(
            f"Several workers need the extra `postgres` ({error.name} is not installed)."
        ) from error
    check(load_environment(os.environ))
    with open_bot(context, making=True) as bot:
        work(bot, web=door)


def _door(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(f"--web {text}: right would be an address and a port, such as 127.0.0.1:8080")
    return host.strip("[]"), int(port)
