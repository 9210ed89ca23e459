"""`preview` and `send`: what readers would get, and getting it to them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from typing import Annotated, Any

import typer

from bot.cli import app
from bot.models import REPORTS, DeliveryState


@app.command()
def preview(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="SUBSCRIPTION",
            help="Its id in subscriptions.yaml; `reports` for the summary that administrators can get.",
        ),
    ],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the email's HTML there.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="Write the whole digest as a page there.")
    ] = None,
    meeting: Annotated[
        Path | None,
        typer.Option("--meeting", metavar="FILE", help="Write the sheet for the team meeting there."),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="Print the email as text (what happens if nothing is asked for).")
    ] = False,
    slack: Annotated[
        bool, typer.Option("--slack", help="Print the Slack posts as JSON, for Slack's Block Kit Builder.")
    ] = False,
) -> None:
    """Show the digest that a subscription would get now. Nothing is kept, nothing is sent."""
    from bot.cli.opening import open_bot
    from bot.deliver.mail.letter import with_logo_inside

    if name == REPORTS and (page or meeting):
        raise typer.BadParameter("a summary has no page and no sheet; ask for --html, --text or --slack")
    with open_bot(context) as bot, bot.store.rehearsal():
        editions = _previewed(bot, name)
        if not editions:
            print(f"There is nothing that {name} has not been told, so nothing would be sent now.")
        for edition in editions:
            digest, page_url = edition.digest, bot.addresses.page_url(edition.id)
            content = bot.renderer.email(digest, bot.addresses.unsubscribe_url(0, ()), page_url)
            for file, written in (
                (html, with_logo_inside(content)),
                (page, bot.printed.page(edition)),
                (meeting, bot.printed.meeting(edition)),
            ):
                if file:
                    file.write_text(written, encoding="utf-8")
                    print(f"Written to {file}: {content.subject}")
            if slack:
                for post in bot.renderer.slack(digest, page_url=page_url):
                    print(
                        json.dumps({"text": post.text, "blocks": post.blocks}, ensure_ascii=False, indent=2)
                    )
            if text or not (html or page or meeting or slack):
                print(f"Subject: {content.subject}\n\n{content.text}")


def _previewed(bot: Any, name: str) -> Any:
    """The editions of this subscription, or of what administrators get, a name that none can have."""
    if name == REPORTS:
        return (bot.preview_summary(),)
    subscription = bot.subscription(name, besides=(REPORTS,))
    bot.enrol()
    return bot.preview(subscription)


@app.command()
def send(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SUBSCRIPTION", help="Send these now, due or not; what is due, if none is named."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go to whom; keep and send nothing.")
    ] = False,
) -> None:
    """Send the digests that are due, or named.

    They are composed, put in the outbox, and delivered."""
    from bot.cli.opening import open_bot

    with open_bot(context) as bot:
        subscriptions = [bot.subscription(name) for name in names or []]
        if dry_run:
            with bot.store.rehearsal():
                _compose(bot, subscriptions)
                _show_outbox(bot.store.outbox(("queued",)), _nothing(names, "nothing would be sent"))
            return
        signal(SIGTERM, default_int_handler)  # as Ctrl-C: what is in hand ends well
        bot.store.lift_holds()
        states = _send(bot, subscriptions)
        if (wait := bot.others_hold_for()) is not None:
            seconds = wait.total_seconds()
            print(f"Another process is sending, or was stopped while it did: waiting {seconds:.0f} seconds.")
            time.sleep(seconds)
            states += _send(bot, subscriptions)
        waiting = bot.store.waiting_by_state()
        put_off = [item.next_try for item in bot.store.outbox(("deferred",)) if item.next_try]
        held = bot.held_up()
    if not states and not waiting["queued"] and not waiting["deferred"]:
        print(_nothing(names, "nothing was sent"))
    show_what_waits(waiting, put_off, held)
    if held or any(state != "sent" for state in states):
        raise typer.Exit(1)


def show_what_waits(
    waiting: Mapping[DeliveryState, int], put_off: Sequence[datetime], held: Iterable[str]
) -> None:
    """What was not sent, and what to do: a line for each reason."""
    from bot.cli import show

    for line in held:
        print(line)
    left = waiting["queued"] + waiting["deferred"]
    if put_off and not held:
        count, first = show.counted(len(put_off)), show.moment(min(put_off))
        print(f"{count} to be tried again, the next on {first}; `learning-bot outbox retry ID` tries now.")
    elif left and not held:
        print(f"{show.counted(left)} in the outbox; `learning-bot outbox list` says why.")
    needing: tuple[DeliveryState, ...] = ("uncertain", "refused")
    for_a_person = {state: waiting[state] for state in needing if waiting[state]}
    if for_a_person:
        counts = ", ".join(f"{count} {state}" for state, count in for_a_person.items())
        total = show.counted(sum(for_a_person.values()))
        print(f"{total} for you to look at ({counts}): learning-bot outbox list")


def _send(bot: Any, subscriptions: list[Any]) -> Counter[str]:
    """Compose and deliver, a line for each delivery; how many ended in which state."""
    from bot.cli import show

    _compose(bot, subscriptions)
    lines: list[str] = []
    waiting = bot.store.waiting_by_state()
    with show.progress("sending", waiting["queued"] + waiting["deferred"]) as step:

        def each(delivery: Any, outcome: Any) -> None:
            detail = f": {outcome.detail}" if outcome.detail else ""
            lines.append(f"{outcome.state} to {delivery.subscriber.address}{detail}")
            step()

        try:
            states: Counter[str] = bot.deliver(each=each)
        finally:
            print(*lines, sep="\n", end="\n" if lines else "")
    return states


def _compose(bot: Any, subscriptions: list[Any]) -> None:
    bot.enrol()
    if subscriptions:
        for subscription in subscriptions:
            bot.compose(subscription)
    else:
        bot.compose_due()


def _nothing(names: list[str] | None, so: str) -> str:
    """Who names a subscription did not ask what is due."""
    return f"Nothing new for {', '.join(names)}; {so}." if names else "Nothing is due."


def _show_outbox(items: Any, nothing: str) -> None:
    from bot.cli import show

    for item in items:
        if item.schedule in show.FOR_ADMINISTRATORS:
            print(f"{item.subscriber.address} would get a {show.called(item.schedule)}")
            continue
        reviews = "1 review" if item.reviews == 1 else f"{item.reviews or 'no new'} reviews"
        print(f"{item.subscriber.address} would get {reviews} ({item.schedule})")
    if not items:
        print(nothing)
