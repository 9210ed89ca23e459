"""`check` and `schema`: the two files that an administrator edits."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import app
from bot.models import UNREAD


@app.command()
def check(
    context: typer.Context,
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="Also try the mail server, Slack and each source; send and keep nothing.",
        ),
    ] = False,
) -> None:
    """Check both YAML files, the templates and the environment.

    Every mistake is told with its file and line."""
    from bot.cli.opening import open_bot
    from bot.cli.polling import show_runs

    with open_bot(context, keeping=False) as bot:
        bot.check_templates()
        configuration = bot.configuration
        enabled = [source for source in configuration.sources if source.enabled]
        addresses = {one.address for entry in configuration.subscriptions for one in entry.subscribers}
        print(f"sources.yaml: {_counted(len(configuration.sources), 'source')}, {len(enabled)} enabled")
        count = _counted(len(configuration.subscriptions), "subscription")
        print(f"subscriptions.yaml: {count}, {_counted(len(addresses), 'address', 'addresses')}")
        if told := [one.address for one in configuration.administrators]:
            summary = ", with a summary" if configuration.summary else ""
            print(f"reports: to {', '.join(told)}{summary}")
        if configuration.own_themes:
            print(f"themes: your own or changed: {', '.join(configuration.own_themes)}")
        print("templates: all of them render, and keep what readers are promised")
        for note in configuration.notes:
            print(f"note: {note}")
        if online:
            ways = dict(bot.knock())
            for way, trouble in ways.items():
                print(f"{way}: {trouble or 'answers, and takes the log-in'}")
            if monitor := bot.heartbeat:
                ways[f"heartbeat to {monitor.host}"] = trouble = monitor.knock()
                said = (
                    trouble
                    or "answers; it was not pinged: only `run` does, and sees whether the address is right"
                )
                print(f"heartbeat to {monitor.host}: {said}")
            runs = bot.poll(enabled)
            show_runs(runs)
            if any(ways.values()) or any(run.state in UNREAD for run in runs):
                raise typer.Exit(1)


@app.command()
def schema(context: typer.Context) -> None:
    """Write the JSON Schemas of both YAML files.

    They go into schema/, and let an editor complete and check what one types."""
    from bot import config
    from bot.cli.opening import options_of
    from bot.wiring import load_vocabulary

    directory = options_of(context).config / "schema"
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in config.schema_texts(load_vocabulary().ids).items():
        (directory / name).write_text(text, encoding="utf-8")
        print(f"written: {directory / name}")


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
