"""What can go wrong, said so that a person knows what failed, where, why, and whether to try again.

One root, `BotError`. Its subclasses are the kinds that callers treat differently. `ConfigError` is not a
kind of `SourceError` or `DeliveryError`: whoever forgives a failed delivery must not forgive a wrong set-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


class BotError(Exception):
    """Something failed; the text is one sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in the configuration, and where it stands."""

    file: str
    line: int | None
    field: str
    text: str  # what is wrong and what would be right

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.text}" if self.field else f"{place}: {self.text}"


class ConfigError(BotError):
    """The configuration is wrong. Carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


SourceTrouble = Literal["failing", "blocked", "unreadable"]


class SourceError(BotError):
    """A source could not be fetched or read.

    `trouble`: `failing` (no answer, or an error as answer), `blocked` (a bot wall, robots.txt, a log-in),
    `unreadable` (an answer the reader cannot trust). `again`: whether the next poll may well succeed
    without anybody changing anything. `retry_after`: how long the site asked us to stay away.
    """

    def __init__(
        self,
        text: str,
        *,
        trouble: SourceTrouble,
        again: bool,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        self.trouble = trouble
        self.again = again
        self.status = status
        self.retry_after = retry_after
        super().__init__(text)


class UnreadableDocument(SourceError):
    """The bytes arrived, but no record can be trusted to be in them."""

    def __init__(self, text: str, *, trouble: SourceTrouble = "unreadable") -> None:
        super().__init__(text, trouble=trouble, again=False)


class DeliveryError(BotError):
    """A message could not be handed over; `permanent` says that trying again cannot help."""

    def __init__(self, text: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(text)


class UsageError(BotError):
    """What was asked for does not exist; the text names the nearest that does."""


class StoreError(BotError):
    """The database could not be read or written (locked, full, read-only, unreachable)."""


class OvertakenError(StoreError):
    """Another worker has done, or is doing, what was asked of the store; nothing was changed."""
