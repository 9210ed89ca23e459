"""How the command line shows things: tables, moments, progress. Progress goes to standard error, and only
where a person watches."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from bot.spoken import MONTHS

LOOKS = {
    "good": "green",
    "nothing new": "green",
    "nothing there": "cyan",
    "never read": "dim",
    "blocked": "yellow",
    "unreadable": "red",
    "failing": "red",
    "sent": "green",
    "queued": "cyan",
    "sending": "cyan",
    "deferred": "yellow",
    "uncertain": "yellow",
    "refused": "red",
}


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; words of a state in their colour on a terminal, plain text elsewhere."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold", justify="right" if column in NUMBERS else "left")
    for row in rows:
        drawn.add_row(*(_cell(value) for value in row))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(drawn)


NUMBERS = ("reviews", "new", "revised", "withdrawn", "tries", "id")


def _cell(value: object) -> Text:
    text = "" if value is None else str(value)
    return Text(text, style=LOOKS.get(text, ""))


def as_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def moment(at: datetime | None, timezone: str = "Europe/London") -> str:
    """`16 November 2026 08:00`, in the time of the people who read it."""
    if at is None:
        return "never"
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local.day} {MONTHS[local.month - 1]} {local:%Y %H:%M}"


def ago(at: datetime | None, now: datetime) -> str:
    """`5 minutes ago`, `in 2 hours`, `3 days ago`."""
    if at is None:
        return "never"
    seconds = (now.astimezone(UTC) - at.astimezone(UTC)).total_seconds()
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(abs(seconds) // length)
        if count:
            what = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{what} ago" if seconds > 0 else f"in {what}"
    return "now"


def counted(deliveries: int) -> str:
    """`1 message`, `7 messages`."""
    return "1 message" if deliveries == 1 else f"{deliveries} messages"


@contextmanager
def progress(what: str, total: int) -> Iterator[Any]:
    """A bar on standard error while a person watches; calling what it yields moves it by one."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_: bar.advance(task)
