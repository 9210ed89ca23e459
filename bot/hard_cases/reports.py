"""What administrators hear, with whatever is hard to show well. All of it is invented, in invented places."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.models import (
    REPORTS,
    SUMMARY,
    Coverage,
    Digest,
    Held,
    Notice,
    NoticeKind,
    SourceNews,
    SourceState,
    Summary,
    Traffic,
)

NAME = "Saltmarsh & Sons <script>theirs()</script>"


def a_report(now: datetime) -> Digest:
    """What an administrator hears of sources, with a notice of every kind, as of `now`."""
    kinds: tuple[tuple[NoticeKind, SourceState, str], ...] = (
        ("not read", "unreadable", "It gave 3 reviews, and at least 30 were expected."),
        ("not read", "blocked", "It asks automatic readers to stay away."),
        ("not read", "failing", "It answered 503."),
        ("read again", "good", ""),
        ("silent", "nothing new", "about every 3 weeks"),
        ("moved", "good", "https://saltmarsh.example.org/new"),
    )
    notices = tuple(
        Notice(
            kind=kind,
            source_id=f"saltmarsh-{number}",
            at=now,
            state=state,
            since=now - timedelta(days=40),
            detail=detail,
            page_kept=state == "unreadable",
            name=f"Saltmarsh & Sons <script>theirs()</script> {number}",
            url="https://saltmarsh.example.org/reviews",
        )
        for number, (kind, state, detail) in enumerate(kinds)
    )
    return Digest(
        schedule=REPORTS,
        timezone="Europe/London",
        slot=now,
        subscriptions=("Reports on sources",),
        entries=(),
        coverage=Coverage(checked=12),
        notices=notices,
    )


def a_summary(now: datetime) -> Digest:
    """A summary with something of every kind in it, as of `now`."""
    since = now - timedelta(days=1)
    states: tuple[tuple[SourceState, str], ...] = (
        ("unreadable", "It gave 3 reviews, and at least 30 were expected."),
        ("blocked", "It asks automatic readers to stay away."),
        ("failing", "It answered 503."),
        ("never read", ""),
    )
    summary = Summary(
        since=since,
        until=now,
        watched=12,
        read=9,
        unread=tuple(_unread(state, detail, now) for state, detail in states),
        silent=(_silent(now),),
        found=(
            SourceNews(source_id="saltmarsh", name=NAME, new=2, revised=1, withdrawn=1),
            SourceNews(source_id="port-lowen", name="Port Lowen", new=1, archived=41),
        ),
        traffic=Traffic(sent=240, waiting=3, deferred=2, uncertain=2, refused=1, silenced=3, lately=1),
        held=(Held(medium="email", until=now + timedelta(minutes=15), detail="421 too many connections"),),
    )
    return Digest(
        schedule=SUMMARY,
        timezone="Europe/London",
        slot=now,
        since=since,
        subscriptions=("Summary for administrators",),
        entries=(),
        coverage=Coverage(checked=12),
        summary=summary,
    )


def _unread(state: SourceState, detail: str, now: datetime) -> Notice:
    return Notice(
        kind="not read",
        source_id=f"saltmarsh-{state.replace(' ', '-')}",
        at=now,
        state=state,
        since=now - timedelta(days=18),
        detail=detail,
        page_kept=state == "unreadable",
        name=f"{NAME}, {state}",
        url="https://saltmarsh.example.org/reviews",
    )


def _silent(now: datetime) -> Notice:
    return Notice(
        kind="silent",
        source_id="harrowmere",
        at=now,
        state="nothing new",
        since=now - timedelta(days=200),
        detail="about every 3 weeks",
        name="Partneriaeth Diogelu Plant Harrowmere",
        url="https://harrowmere.example.org/adolygiadau",
    )
