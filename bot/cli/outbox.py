"""`outbox` and `people`: deliveries that need a person, and what is held about a person."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.cli import app

outbox = typer.Typer(
    help="See deliveries, and help those in trouble.",
    no_args_is_help=True,
)
people = typer.Typer(help="Show or erase what is held about an address.", no_args_is_help=True)
app.add_typer(outbox, name="outbox")
app.add_typer(people, name="people")

DeliveryId = Annotated[int, typer.Argument(metavar="ID", help="As `learning-bot outbox list` shows it.")]
Address = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="An email address, or a Slack channel such as #learning.")
]


SHOWN = 200  # deliveries on a screen; more are for a program to read
TROUBLED = ("sending", "deferred", "uncertain", "refused")


@outbox.command("list")
def list_deliveries(
    everything: Annotated[bool, typer.Option("--all", help="Those that were sent, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Show deliveries that have not been sent, newest first."""
    from bot.cli import show
    from bot.cli.opening import open_archive

    others = ("queued", "sent") if everything else ("queued",)
    with closing(open_archive()) as store:
        if as_json:
            show.as_json([_item(item) for item in store.outbox((*TROUBLED, *others))])
            return
        found = store.outbox(TROUBLED, SHOWN + 1)
        found += store.outbox(others, SHOWN + 1 - len(found))
    if found:
        show_deliveries(sorted(found[:SHOWN], key=lambda item: item.id, reverse=True))
    else:
        print("Nothing was ever sent, and nothing waits." if everything else "Nothing waits.")
    if len(found) > SHOWN:
        print(f"There are more than these {SHOWN}; all of them: learning-bot outbox list --json")


def show_deliveries(items: Any) -> None:
    """Each on a line or two, so that they fit a narrow terminal: its number, how it stands, and why."""
    from bot.cli import show

    screen = show.Screen()
    for item in items:
        reviews = ", 1 review" if item.reviews == 1 else f", {item.reviews} reviews"
        if item.schedule in show.FOR_ADMINISTRATORS:
            reviews = ""
        tries = (
            f", tried {'once' if item.attempts == 1 else f'{item.attempts} times'}" if item.attempts else ""
        )
        again = f", next try {show.span(item.next_try, item.next_try)}" if item.next_try else ""
        screen.entry(
            str(item.id),
            item.state,
            f" since {show.span(item.changed_at, item.changed_at)}: {show.called(item.schedule)} of "
            f"{show.span(item.slot, item.slot)} to {item.subscriber.address}{reviews}{tries}{again}",
        )
        if said := why(item):
            screen.line(said, indent=2)


def why(item: Any) -> str:
    """Why a delivery stands where it stands."""
    from bot.cli import show

    if item.state not in ("queued", "deferred"):
        return str(item.detail)
    if item.bounced:
        return (
            f"nothing is sent to this address until `people resume {item.subscriber.address}`: mail came back"
        )
    if item.paused_until and item.paused_until > datetime.now(UTC):
        return f"paused by the reader until {show.moment(item.paused_until)}"
    return str(item.detail)


def _item(item: Any) -> dict[str, object]:
    names = ("id", "schedule", "slot", "state", "attempts", "reviews", "changed_at", "next_try")
    return {
        "to": item.subscriber.address,
        **{name: getattr(item, name) for name in names},
        "detail": why(item),
    }


@outbox.command()
def retry(delivery_id: DeliveryId) -> None:
    """Queue a refused, deferred or uncertain delivery again. An uncertain one may then arrive twice."""
    from bot.cli.opening import open_archive

    with closing(open_archive()) as store:
        item = store.retry(delivery_id, datetime.now(UTC))
    said = why(item) or "`learning-bot send` sends it"
    print(f"Delivery {item.id} to {item.subscriber.address} is queued; {said}.")


@outbox.command()
def resolve(delivery_id: DeliveryId) -> None:
    """Close a delivery that arrived, or is no longer wanted, as sent."""
    from bot.cli.opening import open_archive

    with closing(open_archive()) as store:
        item = store.resolve(delivery_id, datetime.now(UTC))
    print(f"Delivery {item.id} to {item.subscriber.address} is closed as sent.")


@people.command()
def export(address: Address) -> None:
    """Print all that is held about an address, as JSON.

    For a request of subject access."""
    from bot.cli import show
    from bot.cli.opening import open_archive
    from bot.errors import BotError

    with closing(open_archive()) as store:
        held = store.export(address)
    if not held["subscribers"]:
        raise BotError(f"Nothing is held about {address}.")
    show.as_json(held)


@people.command()
def resume(address: Address) -> None:
    """Let an address have digests again.

    One that stopped or paused, or whose mail came back."""
    from bot.cli import show
    from bot.cli.opening import open_archive
    from bot.errors import BotError

    with closing(open_archive()) as store:
        rows = store.resume(address, datetime.now(UTC))
        here = address.strip().removeprefix("slack:").casefold()
        missed = [
            item
            for item in reversed(store.outbox(("refused", "uncertain")))
            if item.subscriber.address.casefold() == here
        ]
    if not rows:
        raise BotError(f"Nothing keeps {address} from getting digests, or it is not known.")
    print(f"{address} gets digests again, if subscriptions.yaml still names it.")
    if missed:
        print("These did not reach it, and are not sent again unasked:")
    for item in missed:
        print(f"  learning-bot outbox retry {item.id}   ({show.moment(item.slot)}, {item.detail})")


@people.command()
def erase(
    address: Address,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase an address and all that is held about it. This cannot be undone."""
    from bot.cli.opening import open_archive
    from bot.errors import BotError

    if not yes:
        typer.confirm(f"Erase everything that is held about {address}?", abort=True)
    with closing(open_archive()) as store:
        rows = store.erase(address, datetime.now(UTC))
    if not rows:
        raise BotError(f"Nothing is held about {address}.")
    print(f"Erased {address}: {rows} rows. Take it out of subscriptions.yaml too, where it may still stand.")
