"""How everything stood at one time, for administrators who asked for a summary: counts, and no reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.models.runs import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNews:
    """What one source brought in a time. `archived`: what was there when it was first read, and old already;
    readers are told of none of it."""

    source_id: str
    name: str = ""
    new: int = 0
    revised: int = 0
    withdrawn: int = 0
    archived: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Messages by what became of them. `sent` and `refused` in a time; the others as they stand at its end.

    `sent`: digests of reviews. `waiting`: queued or on their way, `deferred`: put off, both without those of
    who paused. `uncertain` and `refused`: a person may want to look. `silenced`: addresses that nothing is
    sent to because their mail came back; `lately`: those of them that are so since this time began.
    """

    sent: int = 0
    waiting: int = 0
    deferred: int = 0
    uncertain: int = 0
    refused: int = 0
    silenced: int = 0
    lately: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A medium that takes nothing before `until`, and why."""

    medium: str
    until: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How it stands at `until`, and what was done since `since`. Sources that are paused count nowhere.

    `read`: how many of the `watched` sources were read in this time. `unread`: those that cannot be read now,
    or that nobody looked at when they were due; `silent`: those that have had nothing new for longer than
    ever. `found`: only sources that brought something, each review counted at one of them.
    """

    since: datetime
    until: datetime
    watched: int
    read: int
    unread: tuple[Notice, ...] = ()
    silent: tuple[Notice, ...] = ()
    found: tuple[SourceNews, ...] = ()
    traffic: Traffic = Traffic()
    held: tuple[Held, ...] = ()
