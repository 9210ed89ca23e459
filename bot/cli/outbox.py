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


@outbox.command("list")
def list_deliveries(
    everything: Annotated[bool, typer.Option("--all", help="Those that were sent, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Show deliveries that have not been sent, newest first."""
    from bot.cli import show
    from bot.cli.opening import open_archive

    states = () if everything else ("queued", "sending", "deferred", "uncertain", "refused")
    with closing(open_archive()) as store:
        items = store.outbox(states)
    if as_json:
        show.as_json([_item(item) for item in items])
    elif items:
        show_deliveries(items)
    else:
        print("Nothing was ever sent, and nothing waits." if everything else "Nothing waits.")


def show_deliveries(items: Any) -> None:
    from bot.cli import show

    columns = ("id", "to", "digest", "of", "reviews", "state", "tries", "since", "next try", "why")
    show.table(
        columns,
        [
            (
                item.id,
                item.subscriber.address,
                item.schedule,
                show.moment(item.slot),
                item.reviews,
                item.state,
                item.attempts,
                show.moment(item.changed_at),
                show.moment(item.next_try) if item.next_try else "",
                why(item),
            )
            for item in items
        ],
    )


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
    """Close a delivery as sent, once you know that it arrived or is not wanted."""
    from bot.cli.opening import open_archive

    with closing(open_archive()) as store:
        item = store.resolve(delivery_id, datetime.now(UTC))
    print(f"Delivery {item.id} to {item.subscriber.address} is closed as sent.")


@people.command()
def export(address: Address) -> None:
    """Print all that is held about an address, as JSON (subject access)."""
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
    """Let an address have digests again: one that stopped or paused, or whose mail bounced."""
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
