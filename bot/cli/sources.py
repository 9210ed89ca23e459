"""`sources add`, `import` and `test`: from an address to an entry in sources.yaml, and a second look."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import app

sources = typer.Typer(
    help="Add pages, look at them, decide on those not trusted.",
    no_args_is_help=True,
)
app.add_typer(sources, name="sources")

Case = Annotated[
    Path | None,
    typer.Option("--case", metavar="DIR", help="Save the page and its records there, as a test case."),
]


@sources.command()
def add(
    context: typer.Context,
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help="The page or feed with the reviews; https:// may be left out."),
    ],
    name: Annotated[str | None, typer.Option("--name", help="Its name, as readers will see it.")] = None,
    source_id: Annotated[
        str | None, typer.Option("--id", help="A short id: small letters, digits, hyphens.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="The area, where the page does not say it.")
    ] = None,
    case: Case = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, and write it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Look at a page, and add it to sources.yaml.

    The reviews that are found there are shown first. A page that only points elsewhere is followed to
    the one with the reviews."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.cli.sources_shown import show_survey, survey_as_json
    from bot.looking.adding import propose_source, refuse_id, refuse_watched, write_source
    from bot.looking.cases import save_case
    from bot.looking.survey import most_reviews, survey
    from bot.proposing import wants_place

    asking = not yes and sys.stdin.isatty()
    with open_bot(context, keeping=False) as bot:
        refuse_watched(bot, url)
        if source_id is not None:
            refuse_id(bot, source_id)
        found = survey(url, bot.collecting, _which if asking else most_reviews)
        delay = bot.crawl_delay(found.seen.page.url)
        if not as_json:
            show_survey(found, delay, place)
        follow = None
        if asking:
            place, follow = _ask(found.seen.reading.reviews, place)
        proposal = propose_source(bot, found, source_id=source_id, name=name, place=place, follow=follow)
        if case:
            save_case(case, found.seen, bot.collecting)
        if not as_json:
            print("\n" + proposal.text)
        written = yes or (asking and typer.confirm("Write this entry into sources.yaml?", err=True))
        if written:
            write_source(bot, proposal)
    if as_json:
        show.as_json({"entry": proposal.entry, "written": written, **survey_as_json(found, delay, place)})
    elif written:
        polls = f"learning-bot poll {proposal.entry['id']}"
        print(f"Written. `{polls}` takes what is there now into the archive.")
    if not written:
        open_place = place is None and wants_place(found.seen.reading.reviews)
        _say_how_to_write(asking, "--place AREA --yes" if open_place else "--yes")


def _which(found: Sequence[Any]) -> Any:
    """Which of several pages with reviews is meant."""
    for number, seen in enumerate(found, 1):
        print(f"{number}: {seen.page.url} ({len(seen.reading.reviews)} reviews)", file=sys.stderr)
    wanted = 0
    while not 1 <= wanted <= len(found):
        asked = "It points to several pages with reviews. Which one"
        wanted = typer.prompt(asked, type=int, default=1, err=True)
    return found[wanted - 1]


def _ask(reviews: Sequence[Any], place: str | None) -> tuple[str | None, bool | None]:
    """What the page leaves open: the place, and whether to open the linked documents."""
    from bot.proposing import wants_following, wants_place

    if place is None and wants_place(reviews):
        asked = "The page does not say whose reviews they are. Their area (Enter for none)"
        place = typer.prompt(asked, default="", show_default=False, err=True).strip() or None
    follow = None
    if wants_following(reviews):
        asked = "There are only titles and links. Open the linked reports and read them too?"
        follow = typer.confirm(asked, default=True, err=True)
    return place, follow


def _say_how_to_write(asked: bool, options: str) -> None:
    if asked:
        print("Nothing was written.", file=sys.stderr)
    else:
        typed = f"{shlex.join(['learning-bot', *sys.argv[1:]])} {options}"
        print(f"Nothing was written, as nobody can be asked here; type `{typed}`.", file=sys.stderr)
    raise typer.Exit(1)


@sources.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Addresses, one a line (# begins a comment), or an OPML file."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look at each, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of each as JSON.")] = False,
) -> None:
    """Add every address of a file to sources.yaml.

    Each is added as `sources add --yes` would. An address that cannot be read is named with the reason,
    and the others are added all the same."""
    from dataclasses import asdict

    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.looking.addresses import addresses_in
    from bot.looking.importing import import_addresses

    listed = addresses_in(file)
    with open_bot(context, keeping=False) as bot, show.progress("looking", len(listed)) as step:
        done = import_addresses(bot, listed, dry=dry_run, each=step)
    failed = [one for one in done if one.became == "failed"]
    if as_json:
        show.as_json([asdict(one) for one in done])
    else:
        columns = ("address", "what became of it", "source", "reviews")
        show.table(columns, [(one.url, one.became, one.source_id, one.reviews) for one in done])
        for one in failed:
            print(one.why)
        if dry_run:
            print("Nothing was written. Without --dry-run, those that `would be added` are.")
        elif any(one.became == "added" for one in done):
            print("Written. `learning-bot poll` takes what is there now into the archive.")
    if failed:
        raise typer.Exit(1)


@sources.command("test")
def look_again(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    case: Case = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Look again at a source that is in sources.yaml.

    Shows what is read there, and what differs from what is kept. Says why a poll would not believe the
    page, if it would not. Nothing is kept."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.cli.sources_shown import again_as_json, show_again
    from bot.looking.again import look_again as look
    from bot.looking.cases import save_case

    with open_bot(context, keeping=_there_is_an_archive()) as bot:
        found = look(bot, bot.source(source_id))
        if case:
            save_case(case, found.seen, bot.collecting)
    if as_json:
        show.as_json(again_as_json(found))
    else:
        show_again(found)
        if found.refused:
            print(f"A poll would not believe this page: {found.refused}")
    if found.refused:
        raise typer.Exit(1)


def _there_is_an_archive() -> bool:
    """Where nothing was ever polled, a source can be looked at all the same."""
    import os

    from bot.cli.opening import require_archive
    from bot.errors import BotError, ConfigError

    try:
        require_archive(os.environ)
    except ConfigError:
        raise
    except BotError:
        return False
    return True


@sources.command("break")
def break_page(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of each way as JSON.")] = False,
) -> None:
    """Show whether you would hear of it if this page broke.

    Its last good page is changed in many ways, as web sites change theirs, and read each time.
    Nothing is kept, nobody is told, and the site is not asked."""
    from collections import Counter
    from contextlib import closing
    from dataclasses import asdict

    from bot.breaking import WAYS
    from bot.cli import show
    from bot.cli.opening import open_archive, open_bot
    from bot.errors import BotError
    from bot.looking.broken import NOTICED, enough, try_ways
    from bot.models import Page

    with open_bot(context, keeping=False) as bot, show.progress("breaking", len(WAYS)) as step:
        source = bot.source(source_id)
        with closing(open_archive()) as archive:
            saved = archive.saved_page(source.id, "good")
        if saved is None:
            raise BotError(f"No good page of `{source.id}` is kept; the next poll that finds one keeps it.")
        page = Page(url=saved.url, body=saved.body, content_type=saved.content_type)
        tried = try_ways(source, page, bot.collecting, bot.store.rehearsal, WAYS, each=step)
    if as_json:
        show.as_json([{**asdict(one), "plain": one.plain} for one in tried])
    else:
        count = Counter(one.outcome for one in tried)
        print(f"{len(tried)} ways to break this page were tried:")
        print(f"  {count['alarm']} would sound the alarm: you would be told, and readers would not")
        print(f"  {count['read as before']} make no difference: the same reviews are read")
        unnoticed = [one for one in tried if one.outcome not in NOTICED]
        if unnoticed:
            print(f"  {len(unnoticed)} would go unnoticed:")
        for one in unnoticed:
            print(f"    if {one.plain}: {one.said}")
    if not enough([one.outcome for one in tried]):
        raise typer.Exit(1)
