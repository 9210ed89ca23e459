"""`status`: how sources, digests and deliveries stand, in one screen."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli import app


@app.command()
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show how sources and deliveries stand.

    How each source stands, what is due next, what waits in the outbox, and the latest failures."""
    from bot.cli import show
    from bot.cli.opening import open_bot

    with open_bot(context) as bot:
        now = bot.clock.now()
        found: dict[str, Any] = {
            "sources": bot.standings(),
            "rhythms": bot.rhythms(),
            "paused": [source.id for source in bot.configuration.sources if not source.enabled],
            "digests": bot.next_digests(),
            "outbox": bot.store.outbox(("queued", "sending", "deferred", "uncertain", "refused")),
            "held": bot.held_up(),
            "bounced": bot.store.unreached(),
            "failures": bot.store.failures(5),
        }
        where = bot.store.where
    if as_json:
        show.as_json(_as_json(**found))
        return
    print(f"Kept in {where}.\n")
    _show_sources(found["sources"], found["rhythms"], now)
    if found["paused"]:
        print(f"{len(found['paused'])} more are paused (enabled: false).")
    print()
    for schedule, moment in found["digests"]:
        print(f"next {schedule}: {show.moment(moment)}")
    _show_outbox(found["outbox"], found["held"])
    _show_bounced(found["bounced"])
    _show_failures(found["failures"])


def _show_sources(watched: Any, rhythms: Any, now: Any) -> None:
    from bot.cli import show

    rows = [
        (
            one.source_id,
            one.state,
            show.ago(one.since, now),
            one.records,
            show.ago(one.last_run, now),
            show.ago(due, now),
            rhythms[one.source_id].said if one.source_id in rhythms else "",
        )
        for one, due in watched
    ]
    show.table(("source", "state", "since", "reviews", "last looked at", "next", "has something new"), rows)
    for one, _ in watched:
        if one.detail:
            print(f"{one.source_id}: {one.detail}")
        if one.page_kept:
            print(f"  `learning-bot sources page {one.source_id} --doubtful` shows the page that came.")


def _show_outbox(waiting: Any, held: Any) -> None:
    from bot.cli.outbox import show_deliveries

    if waiting:
        print("\nIn the outbox:")
        show_deliveries(waiting)
    for line in held:
        print(line)


def _show_bounced(addresses: Any) -> None:
    from bot.cli import show

    if addresses:
        print("\nNothing is sent to these addresses, because their mail came back:")
    for one in addresses:
        address = one.subscriber.address
        print(f"{address}, since {show.moment(one.bounced)}; once it is mended: ", end="")
        print(f"learning-bot people resume {address}")


def _show_failures(failures: Any) -> None:
    from bot.cli import show

    if failures:
        print("\nThe latest failures:")
    for failure in failures:
        print(f"{show.moment(failure.at)} {failure.kind} {failure.subject}: {failure.text}")


def _as_json(
    sources: Any, rhythms: Any, paused: Any, digests: Any, outbox: Any, held: Any, bounced: Any, failures: Any
) -> dict[str, object]:
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
                "failed": one.failed,
                "rhythm": _rhythm(rhythms.get(one.source_id)),
            }
            for one, due in sources
        ],
        "paused": paused,
        "digests": [{"id": schedule, "next": moment} for schedule, moment in digests],
        "outbox": [
            {"id": item.id, "to": item.subscriber.address, "state": item.state, "detail": item.detail}
            for item in outbox
        ],
        "held": held,
        "bounced": [{"address": one.subscriber.address, "since": one.bounced} for one in bounced],
        "failures": [
            {"at": failure.at, "kind": failure.kind, "subject": failure.subject, "text": failure.text}
            for failure in failures
        ],
    }


def _rhythm(learned: Any) -> dict[str, object] | None:
    if learned is None:
        return None
    return {"usual_days": learned.usual.days, "longest_days": learned.longest.days, "last": learned.last}
