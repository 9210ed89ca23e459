"""`run` and `demo`: the service, and a tour of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import app


@app.command()
def run(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="The address to answer web requests on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to answer web requests on.")] = 8080,
) -> None:
    """Run the service until it is stopped.

    It polls, sends and answers web requests. SIGTERM or Ctrl-C lets it finish what is in hand."""
    from bot.cli.opening import open_bot
    from bot.service import serve

    with open_bot(context, making=True) as bot:
        serve(bot, host=host, port=port)


@app.command()
def demo(
    directory: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where to write what each reader got.")
    ] = Path("data/demo"),
) -> None:
    """Go the whole way on this machine alone.

    With an example site, a mail server and a stand-in for Slack."""
    from bot.demo import run_demo

    run_demo(directory)
