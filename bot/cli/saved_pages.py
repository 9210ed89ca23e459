"""`sources page`: the page of a source as it came, good or doubtful."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.sources import sources


@sources.command()
def page(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    doubtful: Annotated[
        bool, typer.Option("--doubtful", help="The last page that was not trusted, not the last good one.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the page there, byte for byte as it came."),
    ] = None,
) -> None:
    """Show which page of a source is kept, and write it to a file.

    Of one that was not trusted it says why. One good and one doubtful page of each source are kept; the
    newest take the place of the older."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.errors import BotError

    with open_bot(context) as bot:
        source = bot.source(source_id)
        kept = bot.store.saved_page(source.id, "doubtful" if doubtful else "good")
    if kept is None:
        kind = "doubtful" if doubtful else "good"
        raise BotError(f"No {kind} page of `{source_id}` is kept; the next poll that finds one keeps it.")
    print(kept.url)
    kind = kept.content_type or "no content type"
    print(f"fetched {show.moment(kept.fetched_at)}, {len(kept.body):,} bytes, {kind}")
    if kept.reason:
        print(kept.reason)
    command = f"learning-bot sources page {source_id}{' --doubtful' if doubtful else ''}"
    if out is None:
        print(f"`{command} --out FILE` writes it to a file.")
        return
    out.write_bytes(kept.body)
    reads = shlex.join(["learning-bot", "read", str(out), "--url", kept.url, "--source", source_id])
    print(f"Written to {out}. `{reads}` reads it.")
