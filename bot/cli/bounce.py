"""`bounce`: mails that came back, as a mail server hands them over."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from bot.cli import app
from bot.errors import BotError, DeliveryError

if TYPE_CHECKING:
    from bot.deliver.bounces.reading import Bounce

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps the mail and hands it over later
MOST_READ = 10_000_001  # bytes: enough to see that a mail is too large
WHY = {
    "gone": "It came back, there is no such mailbox ({}): correct the address, or take it out.",
    "full": "It came back, the mailbox is full ({}).",
    "policy": "It came back for a reason that is the sender's, not the reader's ({}): mend what it names.",
    "other": "It came back ({}).",
}


class Bounces(Protocol):
    """Where bounces are counted: the part of the ledger that is needed here."""

    def bounced(
        self, delivery_id: int, edition: str, detail: str, *, hard: bool, now: datetime, stop_after: int
    ) -> str: ...


@app.command()
def bounce(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Mails as files (.eml); standard input, if none is named."),
    ] = None,
) -> None:
    """Count mails that came back; docs/bounces.md says how.

    An address that is gone then gets no more.

    Exit code 0 also where a mail is no bounce, or none of ours; 75 where it should be handed over again.
    """
    for name, raw in _mails(files or []):
        try:
            lines = list(counted(raw, lambda one: _count(context, one)))
        except BotError as error:  # the mail must not be lost, nor go back to whoever sent it
            print(f"{name}{error}", file=sys.stderr)
            raise typer.Exit(TRY_AGAIN) from None
        for line in lines:
            print(f"{name}{line}")


def _mails(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    if files:
        for file in files:
            with file.open("rb") as source:
                yield f"{file}: ", source.read(MOST_READ)
        return
    raw = sys.stdin.buffer.read(MOST_READ)
    while sys.stdin.buffer.read(1_000_000):
        pass  # to the end: a server whose pipe is closed takes that for a failure
    yield "", raw


def _count(context: typer.Context, one: Bounce) -> str:
    from bot.cli.opening import open_bot

    with open_bot(context) as bot:
        return count(bot.store, one, bot.clock.now(), bot.configuration.stop_after_bounces)


def counted(raw: bytes, counting: Callable[[Bounce], str]) -> Iterator[str]:
    """What was done about a mail, a line for each bounce in it. `counting` is asked about each failure of a
    delivery of ours, and gives the store's answer. Raises what it raises."""
    from bot.deliver.bounces.reading import read_bounces

    try:
        found = read_bounces(raw)
    except DeliveryError as error:
        yield f"Ignored. {error}"
        return
    if not found:
        yield "Ignored: this is no bounce (an automatic reply, or a person's mail)."
        return
    for one in found:
        if one.delivery_id is None:
            yield f"Ignored: a bounce of no mail of ours ({one.recipient or 'no address'}: {one.reason})."
        elif one.action == "failed":
            yield _outcome(one, counting(one))
        else:
            yield _not_failed(one)


def count(store: Bounces, one: Bounce, now: datetime, stop_after: int) -> str:
    """Count a bounce of a delivery of ours; the store's answer."""
    assert one.delivery_id is not None
    detail = WHY[one.kind].format(one.reason)
    return store.bounced(one.delivery_id, one.edition, detail, hard=one.hard, now=now, stop_after=stop_after)


def _outcome(one: Bounce, answer: str) -> str:
    whose = f"delivery {one.delivery_id} to {one.recipient or 'its reader'}"
    if answer == "unknown":
        return f"Ignored: {whose} is none that this bot sent."
    if answer == "known":
        return f"Ignored: {whose} was already known to have failed."
    if answer == "stopped":
        return (
            f"Counted: {whose} came back ({one.reason}). Nothing more is sent there until "
            "`learning-bot people resume ADDRESS`."
        )
    if one.hard:
        return f"Counted: {whose} came back, there is no such mailbox ({one.reason})."
    return f"Noted, not counted against the address: {whose} came back ({one.reason})."


def _not_failed(one: Bounce) -> str:
    whose = f"delivery {one.delivery_id} to {one.recipient or 'its reader'}"
    if one.action == "complained":
        return (
            f"Not acted on: {whose} was {one.reason}, a complaint about spam. Ask the reader, or take them "
            "out of subscriptions.yaml."
        )
    if one.action == "delayed":
        return f"Ignored: {whose} is only delayed; the mail server keeps trying."
    return f"Ignored: {whose} was {one.action}."
