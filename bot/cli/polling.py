"""`poll` and `read`: look at pages."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli import app
from bot.models import UNREAD


@app.command()
def poll(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Ids of sources; those that are due, if none is named."),
    ] = None,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help="Believe a page that is not trusted, such as one with far less than it had."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the runs as JSON.")] = False,
) -> None:
    """Look at the sources that are due, or named.

    What is found there is kept."""
    from bot.cli import show
    from bot.cli.opening import open_bot

    with open_bot(context, making=True) as bot:
        bot.enrol()
        sources = [bot.source(name) for name in names] if names else bot.due_sources()
        with show.progress("polling", len(sources)) as step:
            runs = bot.poll(sources, accept=accept, each=step)
    if as_json:
        show.as_json([_run(run) for run in runs])
    elif runs:
        show_runs(runs)
    else:
        print("No source is due. Name one to poll it now.")
    if any(run.state in UNREAD for run in runs):
        raise typer.Exit(1)


def show_runs(runs: list[Any]) -> None:
    """What each poll found, and below it, whole, what went wrong."""
    from bot.cli import show

    columns = ("source", "state", "reviews", "new", "revised", "withdrawn")
    rows = [(r.source_id, r.state, r.records, r.new or "", r.revised or "", r.withdrawn or "") for r in runs]
    show.table(columns, rows)
    for run in runs:
        if run.detail:
            print(f"{run.source_id}: {run.detail}")


def _run(run: Any) -> dict[str, object]:
    names = ("source_id", "started", "ended", "state", "records", "new", "revised", "withdrawn", "detail")
    return {name: getattr(run, name) for name in names}


@app.command()
def read(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="FILE|URL", help="A saved page or document, or an address.")],
    url: Annotated[str | None, typer.Option("--url", help="The address that a saved page came from.")] = None,
    content_type: Annotated[
        str | None, typer.Option("--content-type", help="What its server called it, such as text/html.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="ID", help="Read it with the settings of this source.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON.")] = False,
) -> None:
    """Show what the bot makes of one page.

    A page or document from a file or an address. Nothing is kept."""
    from bot.cli import show
    from bot.cli.opening import options_of
    from bot.looking import read_page
    from bot.record import as_record
    from bot.themes import tag
    from bot.wiring import load_vocabulary

    directory = options_of(context).config
    vocabulary = load_vocabulary(directory)
    reading = read_page(directory, page, url=url, content_type=content_type, source_id=source)
    records = [as_record(review, tag(review, vocabulary)) for review in reading.reviews]
    if as_json:
        show.as_json({"state": reading.state, "see": list(reading.see), "reviews": records})
        return
    if reading.state != "read":
        print(
            "The page says that nothing is published."
            if reading.state == "nothing there"
            else "The page only points elsewhere:"
        )
        print("\n".join(reading.see))
    for record in records:
        show_record(record, vocabulary.name_of)


def show_record(record: dict[str, Any], name_of_theme: Any) -> None:
    """A record as a person reads it: its title and facts, then each field that has something in it."""
    head = " · ".join(
        str(record[key]) for key in ("place", "review_type", "published", "status") if record[key]
    )
    print(f"\n{record['title']}\n{head}")
    facts = record["facts"]
    told = [*facts["ages"], *(str(facts[key]) for key in ("sex", "outcome", "incident_date") if facts[key])]
    if told:
        print("facts: " + ", ".join(told))
    for key in ("incident", "background"):
        if record[key]:
            print(f"{key}: {record[key]}")
    for key in ("good_practice", "learning", "recommendations", "actions", "questions"):
        for point in record[key]:
            print(f"{key.replace('_', ' ')}: {point}")
    if record["keywords"]:
        print("keywords: " + ", ".join(record["keywords"]))
    for section in record["sections"]:
        print(f"{section['heading'] or 'other'}: {len(section['items'])} more")
    for link in record["links"]:
        print(f"link: {link['label']} <{link['url']}>")
    for theme in record["themes"]:
        print(f"theme: {name_of_theme(theme['id'])} (“{theme['evidence'][0]['quote']}”)")
