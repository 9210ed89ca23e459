"""`run`, `status` and `demo`: the service, how it stands, and a tour of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show how sources and deliveries stand.

    How each source stands, what is due next, what waits in the outbox, and the latest failures."""
    from bot.cli import show
    from bot.cli.opening import open_bot
    from bot.cli.outbox import show_deliveries

    with open_bot(context) as bot:
        now = bot.clock.now()
        watched = bot.standings()
        coming = bot.next_digests()
        waiting = bot.store.outbox(("queued", "sending", "deferred", "uncertain", "refused"))
        failures = bot.store.failures(5)
    if as_json:
        show.as_json(_status(watched, coming, waiting, failures))
        return
    rows = [
        (
            one.source_id,
            one.state,
            show.ago(one.since, now),
            one.records,
            show.ago(one.last_run, now),
            show.ago(due, now),
        )
        for one, due in watched
    ]
    print(f"Kept in {bot.store.where}.\n")
    show.table(("source", "state", "since", "reviews", "last looked at", "next"), rows)
    for one, _ in watched:
        if one.detail:
            print(f"{one.source_id}: {one.detail}")
        if one.page_kept:
            print(f"  `learning-bot sources page {one.source_id} --doubtful` shows the page that came.")
    print()
    for schedule, moment in coming:
        print(f"next {schedule}: {show.moment(moment)}")
    if waiting:
        print("\nIn the outbox:")
        show_deliveries(waiting)
    if failures:
        print("\nThe latest failures:")
        for failure in failures:
            print(f"{show.moment(failure.at)} {failure.kind} {failure.subject}: {failure.text}")


def _status(watched: Any, coming: Any, waiting: Any, failures: Any) -> dict[str, object]:
    return {
        "sources": [
            {
                "id": one.source_id,
                "state": one.state,
                "since": one.since,
                "reviews": one.records,
                "last_run": one.last_run,
                "last_good": one.last_good,
                "next_run": due,
                "detail": one.detail,
                "page_kept": one.page_kept,
            }
            for one, due in watched
        ],
        "digests": [{"id": schedule, "next": moment} for schedule, moment in coming],
        "outbox": [
            {"id": item.id, "to": item.subscriber.address, "state": item.state, "detail": item.detail}
            for item in waiting
        ],
        "failures": [
            {"at": failure.at, "kind": failure.kind, "subject": failure.subject, "text": failure.text}
            for failure in failures
        ],
    }


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
