"""A list of addresses in a file of its own, one a line, for subscriptions of hundreds of readers and more.

Such a list is usually exported from somewhere, so an address that stands in it twice is taken once. Blank
lines, and lines that begin with a `#` and a space, count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.config import secrecy, values
from bot.config.sheet import shown
from bot.errors import Problem
from bot.models import Subscriber

LARGEST = 20_000_000  # bytes: about half a million addresses
MOST_TOLD = 10  # lines that are no address are told one by one; a file of something else has thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressList:
    """Who stands in a file of addresses, each once and in its order, and what is wrong with it."""

    subscribers: tuple[Subscriber, ...]
    problems: tuple[Problem, ...]


def list_file(item: object, folder: Path) -> Path | None:
    """The file that an entry names in `to_file`, rightly or not; None where it names none."""
    name = item.get("to_file") if isinstance(item, dict) else None
    return folder / name.strip() if isinstance(name, str) and name.strip() and name.isprintable() else None


def read_list(path: Path) -> AddressList:
    """The list at `path`, with every problem in it. Raises ValueError where there is nothing to read."""
    try:
        if not path.is_file():
            raise ValueError(
                f"is no file: there is no {path.name} in {path.parent}; put it there, one address a line"
            )
        if path.stat().st_size > LARGEST:
            raise ValueError(f"is over {LARGEST // 1_000_000} MB; that is no list of addresses")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("has a character that is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise ValueError(f"could not be read ({error.strerror}); check its permissions") from None
    found: dict[Subscriber, None] = {}
    wrong: list[Problem] = []
    for number, line in _lines(text):
        try:
            found[_subscriber(line)] = None
        except ValueError as error:
            wrong.append(Problem(file=str(path), line=number, field="", text=str(error)))
    if not found and not wrong:
        raise ValueError(f"names nobody: {path.name} is empty; write an address on each line")
    return AddressList(subscribers=tuple(found), problems=_told(wrong))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if said and said != "#" and not said.startswith("# "):  # "#channel" is meant, and lacks its "slack:"
            yield number, said


def _subscriber(line: str) -> Subscriber:
    if found := secrecy.what(line):
        raise ValueError(secrecy.refusal(found))
    if any(mark in line for mark in ",;\t"):
        raise ValueError(
            f"`{shown(line)}` is more than an address; keep one address on each line, without other columns"
        )
    return values.subscriber(line)


def _told(wrong: list[Problem]) -> tuple[Problem, ...]:
    if len(wrong) <= MOST_TOLD:
        return tuple(wrong)
    rest = len(wrong) - MOST_TOLD
    last = wrong[MOST_TOLD]
    more = Problem(file=last.file, line=last.line, field="", text=f"and {rest} more lines are no address")
    return (*wrong[:MOST_TOLD], more)
