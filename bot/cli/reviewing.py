"""`sources review`: what a page that was not trusted would publish, and what is to become of it."""

from __future__ import annotations

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
    """Show a page that was not trusted: why, what it would publish, and what to do with it.

    Without an option nothing is kept or forgotten."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.errors import UsageError
    from bot.models import UNREAD

    if approve + reread + discard > 1:
        raise UsageError("--approve, --reread and --discard shut each other out; choose one")
    with open_bot(context) as bot:
        source = bot.source(source_id)
        page = bot.waiting_page(source)
        if discard:
            bot.store.forget_page(source.id, "doubtful")
            run = None
        elif approve or reread:
            bot.enrol()
            run = bot.read_again(source, page, approved=approve)
        else:
            with bot.store.rehearsal():
                run = bot.read_again(source, page, approved=True)
    if as_json:
        show.as_json(_as_json(page, run))
    elif run is None:
        print(f"Forgotten. `learning-bot poll {source_id}` asks the site again.")
    elif approve or reread:
        _show_kept(source_id, run)
    else:
        _show_waiting(source_id, page, run)
    if run is not None and run.state in UNREAD:
        raise typer.Exit(1)


def _show_waiting(source_id: str, page: Any, run: Any) -> None:
    from bot.cli import show
    from bot.cli.polling import show_runs

    print(f"{page.url}, as it came {show.moment(page.fetched_at)}:\n{page.reason}\n")
    print("If it were approved, with the settings of now:")
    show_runs([run])
    print(f"""
Look at it:      learning-bot sources page {source_id} --doubtful --out page.html
It is right:     learning-bot sources review {source_id} --approve
You corrected its settings: learning-bot sources review {source_id} --reread
It is wrong:     learning-bot sources review {source_id} --discard""")


def _show_kept(source_id: str, run: Any) -> None:
    from bot.cli.polling import show_runs
    from bot.models import UNREAD

    show_runs([run])
    if run.state in UNREAD:
        print(f"Nothing was kept. `learning-bot sources review {source_id}` shows what waits.")
    else:
        print("Kept. Readers hear of what is new to them with their next digest.")


def _as_json(page: Any, run: Any) -> dict[str, object]:
    from bot.cli.polling import _run

    return {
        "url": page.url,
        "fetched_at": page.fetched_at,
        "reason": page.reason,
        "run": _run(run) if run else None,
    }
