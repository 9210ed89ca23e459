"""What an administrator is told of how sources stand: a change, once, in the run in which it is seen."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.models import UNREAD, Notice, Source, SourceRun, SourceStanding
from bot.rhythm import Rhythm


def turned(before: SourceRun | None, run: SourceRun, *, page_kept: bool) -> Notice | None:
    """What this poll changed in how its source stands; None where it stands as at the poll `before`.

    Good, nothing new and nothing there are one: the page could be read. A first poll is a change only where
    it could not. `page_kept`: what came instead of the page is kept.
    """
    unread = run.state in UNREAD
    was_unread = before is not None and before.state in UNREAD
    if unread == was_unread and (not unread or (before is not None and before.state == run.state)):
        return None
    return Notice(
        kind="not read" if unread else "read again",
        source_id=run.source_id,
        at=run.ended,
        state=run.state,
        detail=run.detail if unread else "",
        page_kept=page_kept,
    )


def silent(
    standing: SourceStanding, learned: Rhythm | None, asked: Notice | None, now: datetime
) -> Notice | None:
    """A question about a source that can be read and has had nothing new for longer than it ever was; None
    where it is not so, and where it was `asked` since it last had something new."""
    if learned is None or standing.state in UNREAD or not learned.is_quiet(now.date()):
        return None
    since = datetime(learned.last.year, learned.last.month, learned.last.day, tzinfo=UTC)
    if asked is not None and asked.since is not None and asked.since >= since:
        return None
    return Notice(
        kind="silent",
        source_id=standing.source_id,
        at=now,
        state=standing.state,
        since=since,
        detail=learned.said,
    )


def unread(told: SourceStanding, stood: SourceStanding | None, source: Source, now: datetime) -> Notice:
    """How a source stands that cannot be read now, or that nobody looked at when it was due (`never read`).
    `told`: as readers are told of it; `stood`: as its last poll left it, with what was seen."""
    seen = stood if stood is not None and told.state in UNREAD else None
    return Notice(
        kind="not read",
        source_id=source.id,
        at=now,
        state=told.state,
        since=told.since,
        detail=seen.detail if seen else "",
        page_kept=seen.page_kept if seen else False,
        name=source.name,
        url=source.url,
    )
