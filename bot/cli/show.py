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

from bot.models.configuration import REPORTS, SUMMARY
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
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(_drawn(columns, rows))


def _drawn(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        number = column in NUMBERS
        whole = number or column in SHORT
        drawn.add_column(column, overflow="fold", justify="right" if number else "left", no_wrap=whole)
    for row in rows:
        drawn.add_row(*(_cell(value) for value in row))
    return drawn


FOR_ADMINISTRATORS = {REPORTS: "report on sources", SUMMARY: "summary for administrators"}
NUMBERS = ("reviews", "new", "revised", "withdrawn", "tries", "id", "learning", "links")
SHORT = ("type", "published", "state")  # these stay on one line, and the longer columns give way


def _cell(value: object) -> Text:
    text = "" if value is None else str(value)
    return Text(text, style=LOOKS.get(text, ""))


WIDEST = 100  # columns of running text; longer lines are hard to read


class Screen:
    """Running text for a terminal of any width, and of 80 columns where there is none. Colours only on a
    terminal, and not where NO_COLOR is set or TERM is `dumb`: the words alone say everything."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, emoji=False, markup=False)
        self._console.width = min(self._console.width, WIDEST)

    def heading(self, text: str) -> None:
        self.paragraph(text, "bold")

    def paragraph(self, text: str, look: str = "") -> None:
        print()
        self.line(text, look)

    def line(self, text: str, look: str = "", indent: int = 0) -> None:
        """A sentence, wrapped between words. `look`: a state of LOOKS, or a style of rich."""
        self._print(Text(plain(text), style=LOOKS.get(look, look)), indent, indent)

    def entry(self, name: str, state: str, rest: str, indent: int = 0) -> None:
        """A line that begins with a name, then a state, if there is one, in its colour; what does not fit is
        below, set in."""
        shown = Text.assemble((plain(name), "bold"), "  ", (state, LOOKS.get(state, "")), plain(rest))
        self._print(shown, indent, indent + 2)

    def command(self, text: str, indent: int = 0) -> None:
        """Something to be typed: never broken, so that it can be copied."""
        self._console.print(Text(" " * indent + plain(text), style="cyan"), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        self._console.print(_drawn(columns, rows))

    def _print(self, shown: Text, first: int, others: int) -> None:
        width = max(self._console.width - others, 20)
        for number, line in enumerate(shown.wrap(self._console, width, overflow="fold")):
            line.rstrip()
            self._console.print(Text(" " * (others if number else first)) + line, soft_wrap=True)


def plain(text: str) -> str:
    """What comes from a site or a server, without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


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


def span(first: datetime, last: datetime, timezone: str = "Europe/London") -> str:
    """`1 Nov 06:00 to 20 Nov 2026 18:00`; one moment where both are of the same minute."""
    begin, end = (at.astimezone(ZoneInfo(timezone)) for at in (first, last))
    before = "" if begin.date() == end.date() else f"{begin.day} {MONTHS[begin.month - 1][:3]} "
    before += "" if begin.year == end.year else f"{begin.year} "
    until = f"{end.day} {MONTHS[end.month - 1][:3]} {end:%Y %H:%M}"
    alike = f"{begin:%Y%m%d%H%M}" == f"{end:%Y%m%d%H%M}"
    return until if alike else f"{before}{begin:%H:%M} to {until}"


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


def called(schedule: str) -> str:
    """A schedule as a person knows it: `weekly`, or what administrators get."""
    return FOR_ADMINISTRATORS.get(schedule, schedule)


def counted(deliveries: int) -> str:
    """`1 message`, `7 messages`."""
    return "1 message" if deliveries == 1 else f"{deliveries} messages"


@contextmanager
def growing(what: str, total: int) -> Iterator[Any]:
    """The same where more is found on the way: what it yields is told how many are done, and how many there
    are by now."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def progress(what: str, total: int) -> Iterator[Any]:
    """A bar on standard error while a person watches; calling what it yields moves it by one."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_: bar.advance(task)
