"""`sources backfill`: the older pages of a source, read into the archive; nobody is told."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bot.cli.sources import sources
from bot.errors import SourceError

SHOWN = 10  # of the pages that wait, before they are asked for


@sources.command()
def backfill(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    start: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="URL", help="A page of its archive to begin with, where none links to it."
        ),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=1, max=10_000, help="How many pages to read at once.")
    ] = 100,
    again: Annotated[
        bool, typer.Option("--again", help="Read pages again that were read before, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what became of each page as JSON.")] = False,
) -> None:
    """Read the older pages of a source into the archive.

    Those are further pages of its list, years, archives. Nobody is told of what is found there. The source is
    polled first. Stopped at any moment, it goes on where it was when it is typed again."""
    from bot.cli.opening import open_bot
    from bot.looking.survey import spelled
    from bot.pipeline import backfill as archive

    starts = [spelled(url) for url in start or ()]
    with open_bot(context, making=True) as bot:
        bot.enrol()
        source = bot.source(source_id)
        _knock(bot, starts)
        pages = archive.prepare(source, bot.collecting, starts=starts, again=again)
        ahead = [page for page in pages if page.is_open]
        _say_what_it_costs(bot, source_id, ahead, len(pages) - len(ahead), most)
        asking = not yes and sys.stdin.isatty()
        if ahead and asking and not typer.confirm("Read them?", default=True, err=True):
            print("Nothing was read.", file=sys.stderr)
            raise typer.Exit(1)
        done = _go(bot, source, most, len(ahead))
    _show(source_id, done, as_json=as_json)
    if any(page.state == "failed" or _misses(page) for page in done.pages):
        raise typer.Exit(1)


def _knock(bot: Any, starts: Sequence[str]) -> None:
    """Raises SourceError, before anything is read, for an address that is mistyped or must be left alone.
    What is only away for now is for the reading to say."""
    for url in starts:
        try:
            bot.knock_at(url)
        except SourceError as error:
            if not error.again:
                raise


def _misses(page: Any) -> bool:
    """Whether somebody said that there is such a page, and there is none."""
    return bool(page.state == "no such page" and not page.guessed)


def _go(bot: Any, source: Any, most: int, known: int) -> Any:
    from bot.cli import show
    from bot.pipeline import backfill as archive

    with show.growing("reading older pages", min(known, most)) as grows:
        count = 0

        def each(page: Any, waiting: int) -> None:
            nonlocal count
            count += 1
            grows(count, min(count + waiting, most))
            bot.keep_requests()

        try:
            return archive.backfill(source, bot.collecting, most=most, each=each)
        except KeyboardInterrupt:
            print(f"Stopped. What was read is kept; type `{_typed(source.id)}` to go on.", file=sys.stderr)
            raise typer.Exit(130) from None


def _typed(source_id: str) -> str:
    return f"learning-bot sources backfill {source_id}"


def _say_what_it_costs(bot: Any, source_id: str, ahead: Sequence[Any], read: int, most: int) -> None:
    """On standard error: which pages wait, and how long they take at the pace that their site asks for."""
    if not ahead:
        return
    before = f"; {read} were read before" if read else ""
    print(f"{_pages(len(ahead))} with older reviews of `{source_id}` to read{before}:", file=sys.stderr)
    for page in ahead[:SHOWN]:
        print(f"  {page.url}  ({_known_of(page)})", file=sys.stderr)
    if len(ahead) > SHOWN:
        print(f"  and {len(ahead) - SHOWN} more", file=sys.stderr)
    pause = bot.pause(ahead[0].url)
    least = _length(round(pause * min(len(ahead), most)))
    print(
        f"Between two requests the site is left alone for {pause:g} s, so these take at least {least}.\n"
        f"They may lead to more; at most {_pages(most)} are read at once. Nobody is told of what is found.",
        file=sys.stderr,
    )


def _known_of(page: Any) -> str:
    """What the link to a page is called, or why it could not be read before."""
    if page.state == "failed":
        return f"tried before: {page.detail.rstrip('.')}"
    return f"page {page.detail}" if page.detail.isdigit() and len(page.detail) < len("2019") else page.detail


def _length(seconds: int) -> str:
    """`40 seconds`, `12 minutes`, `3 hours`: in round numbers, as it is the least."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}s"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _show(source_id: str, done: Any, *, as_json: bool) -> None:
    from bot.cli import show

    new = sum(page.new for page in done.pages)
    if as_json:
        names = ("url", "state", "reviews", "new", "at", "detail")
        pages = [{name: getattr(page, name) for name in names} for page in done.pages]
        show.as_json({"pages": pages, "new": new, "waiting": done.waiting, "stopped": done.stopped})
        return
    if not done.pages:
        print(
            f"`{source_id}` points to no older pages that were not read before. If there are some, name the "
            f"first: `{_typed(source_id)} --from https://...`."
        )
        return
    show.table(
        ("page", "state", "reviews", "new"),
        [(page.url, page.state, page.reviews or "", page.new or "") for page in done.pages],
    )
    for page in done.pages:
        if page.detail:
            print(f"{page.url}: {page.detail}")
    if done.stopped:
        print(f"{done.stopped[:1].upper()}{done.stopped[1:]}.")
    if done.waiting:
        print(f"{_pages(done.waiting)} still to be read: type `{_typed(source_id)}` again.")
    found = "Nobody is told of them; `learning-bot search` finds them."
    print(
        f"{new or 'No'} {'review' if new == 1 else 'reviews'} new to the archive.{f' {found}' if new else ''}"
    )
    if any(page.state == "failed" for page in done.pages):
        print("What could not be read is tried again the next time. --again forgets it, and reads all anew.")
