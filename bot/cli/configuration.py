"""`check`, `schema` and `sources`: the two files that an administrator edits."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli import app
from bot.models import UNREAD

sources = typer.Typer(help="Look at a page, and add it to sources.yaml.", no_args_is_help=True)
app.add_typer(sources, name="sources")


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
    """Check the configuration: both files, the templates, the environment.

    Every mistake is told with its file and line."""
    from bot.cli.opening import open_bot
    from bot.cli.polling import show_runs

    with open_bot(context, keeping=False) as bot:
        bot.check_templates()
        configuration = bot.configuration
        enabled = [source for source in configuration.sources if source.enabled]
        addresses = {one.address for entry in configuration.subscriptions for one in entry.subscribers}
        print(f"sources.yaml: {len(configuration.sources)} sources, {len(enabled)} enabled")
        count = len(configuration.subscriptions)
        print(f"subscriptions.yaml: {count} subscriptions, {len(addresses)} addresses")
        if configuration.own_themes:
            print(f"themes: your own or changed: {', '.join(configuration.own_themes)}")
        print("templates: all of them render, and keep what readers are promised")
        for note in configuration.notes:
            print(f"note: {note}")
        if online:
            ways = dict(bot.knock())
            for way, trouble in ways.items():
                print(f"{way}: {trouble or 'answers, and takes the log-in'}")
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


@sources.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The page or feed that lists or holds reviews.")],
    name: Annotated[str | None, typer.Option("--name", help="Its name, as readers will see it.")] = None,
    source_id: Annotated[
        str | None, typer.Option("--id", help="A short id: small letters, digits, hyphens.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="The area, where the page does not say it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the entry and records as JSON.")] = False,
) -> None:
    """Look at a page, show the reviews found there, and write its entry into sources.yaml."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.looking import propose_source, write_source

    with open_bot(context, keeping=False) as bot:
        found = propose_source(bot, url, source_id=source_id, name=name, place=place)
        if as_json:
            show.as_json(
                {"entry": found.entry, "state": found.reading.state, "reviews": _rows(found.reading)}
            )
        else:
            _show_reading(found.reading)
            print("\n" + found.text)
        if not yes:
            typer.confirm("Write this entry into sources.yaml?", abort=True, err=True)
        write_source(bot, found)
    if not as_json:
        print(f"Written. `learning-bot poll {found.entry['id']}` takes what is there now into the archive.")


@sources.command("test")
def look_again(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON.")] = False,
) -> None:
    """Look at a source that is in sources.yaml and show what is read there; nothing is kept."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.looking import look_at

    with open_bot(context, keeping=False) as bot:
        reading = look_at(bot, bot.source(source_id))
    if as_json:
        show.as_json({"state": reading.state, "see": list(reading.see), "reviews": _rows(reading)})
    else:
        _show_reading(reading)


def _show_reading(reading: Any) -> None:
    from bot.cli import show

    if reading.state == "nothing there":
        print("The page says that no review is published at present.")
    elif reading.state == "hub":
        print("The page holds no reviews itself; it points to:")
        print("\n".join(reading.see))
    else:
        columns = ("title", "place", "type", "published", "status", "learning", "recommendations", "links")
        show.table(columns, [tuple(row.values()) for row in _rows(reading)])


def _rows(reading: Any) -> list[dict[str, object]]:
    return [
        {
            "title": review.title,
            "place": review.place,
            "type": review.review_type,
            "published": review.published or review.year,
            "status": review.status,
            "learning": len(review.learning),
            "recommendations": len(review.recommendations),
            "links": len(review.links),
        }
        for review in reading.reviews
    ]
