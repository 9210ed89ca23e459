"""`sources review`: what a page that was not trusted would publish, and what is to become of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bot.cli.sources import sources


@sources.command()
def review(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="ID", help="Its id in sources.yaml.")],
    approve: Annotated[
        bool, typer.Option("--approve", help="The page is right: keep what it says, and tell readers.")
    ] = False,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read it again with the settings of now, and keep what is sound.")
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="The page is wrong: forget it. Nothing of it was published.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Decide on a page that was not trusted.

    Shows why it was not, what it would publish, and what to type. Without an option nothing is kept or
    forgotten."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.errors import UsageError
    from bot.looking.again import would_change
    from bot.models import UNREAD, Change

    if approve + reread + discard > 1:
        raise UsageError("--approve, --reread and --discard shut each other out; choose one")
    run, changes = None, tuple[Change, ...]()
    with open_bot(context) as bot:
        source = bot.source(source_id)
        page = bot.waiting_page(source)
        if discard:
            bot.store.forget_page(source.id, "doubtful")
        elif approve or reread:
            bot.enrol()
            run = bot.read_again(source, page, approved=approve)
        else:
            with bot.store.rehearsal():
                run = bot.read_again(source, page, approved=True)
            changes = () if run.state in UNREAD else would_change(bot, source, page)
    if as_json:
        show.as_json(_as_json(page, run, changes))
    elif run is None:
        print(f"Forgotten. `learning-bot poll {source_id}` asks the site again.")
    elif approve or reread:
        _show_kept(source_id, run)
    else:
        _show_waiting(page, run, changes)
    if run is not None and run.state in UNREAD:
        raise typer.Exit(1)


def _show_waiting(page: Any, run: Any, changes: Sequence[Any]) -> None:
    """Why it waits, what it would publish, what can be typed; what gives nothing is not to be approved."""
    from bot.cli import show
    from bot.cli.sources_shown import show_changes
    from bot.models import UNREAD

    command = f"learning-bot sources review {run.source_id}"
    of_no_use = run.state in UNREAD
    print(f"{page.url}, as it came {show.moment(page.fetched_at)}:\n{page.reason}\n")
    if of_no_use:
        print("Nothing can be read from it with the settings of now, even if it were approved.")
        print("" if run.detail == page.reason else f"{run.detail}\n")
    else:
        print("If it were approved, with the settings of now:")
        show_changes(changes)
        print()
    choices = [
        ("Look at it:", f"learning-bot sources page {run.source_id} --doubtful --out page.html"),
        ("It is right:", f"{command} --approve"),
        ("It is wrong:", f"{command} --discard"),
        ("You corrected sources.yaml:", f"{command} --reread"),
    ]
    for when, typed in choices:
        if not (of_no_use and typed.endswith("--approve")):
            print(f"{when:<28}{typed}")


def _show_kept(source_id: str, run: Any) -> None:
    from bot.cli.polling import show_runs
    from bot.models import UNREAD

    show_runs([run])
    if run.state in UNREAD:
        print(f"Nothing was kept. `learning-bot sources review {source_id}` shows what waits.")
    elif run.new or run.revised or run.withdrawn:
        print("Kept. Readers hear of what is new to them with their next digest.")
    else:
        print("Kept. It has nothing that readers would be told of.")


def _as_json(page: Any, run: Any, changes: Sequence[Any]) -> dict[str, object]:
    from bot.cli.polling import _run
    from bot.cli.sources_shown import changes_as_json

    return {
        "url": page.url,
        "fetched_at": page.fetched_at,
        "reason": page.reason,
        "run": _run(run) if run else None,
        "changes": changes_as_json(changes),
    }
