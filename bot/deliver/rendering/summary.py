"""From a summary to what an administrator is told of it, in mail and in Slack: one screen, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2.environment import TemplateModule

from bot.deliver import words
from bot.deliver.block_kit.blocks import SlackPost, Spoken, header, link, paragraph, points, text
from bot.deliver.block_kit.lengths import escaped
from bot.deliver.block_kit.packing import packed
from bot.models import Notice, SourceNews, Summary

WORDS = "email/report_summary_words.txt"  # plain: a macro of it that a page calls itself would not be escaped
ALIKE = ("unreadable", "blocked", "failing", "never read", "silent")  # a person's turn first
MOST_ALIKE, MOST_FOUND = 8, 15  # that are named: it is to be one screen
LONGEST_SEEN = 240  # characters
SHORT = 30  # characters; longer is more than `Could not fetch`

Say = Callable[..., str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """A source with others that stand alike: since when, what was seen, what can be typed (empty: nothing),
    where it is."""

    name: str
    since: str
    seen: str
    command: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShown:
    """Sources that stand alike, and what can be done. `others`: that there are more; empty where not."""

    title: str
    to_do: str
    sources: tuple[SourceShown, ...]
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A sentence on what was sent, and what can be typed about it; empty where nothing can."""

    said: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryShown:
    """A whole summary. `headline` is its subject too; `lead` is empty where the parts say it all; `found`:
    what was found, a line a source."""

    headline: str
    lead: str
    period: str
    groups: tuple[GroupShown, ...]
    found_title: str
    found: tuple[str, ...]
    sent_title: str
    sent: tuple[LineShown, ...]
    because: str


def summed_up(summary: Summary, timezone: str, spoken: TemplateModule) -> SummaryShown:
    """The summary as it is told. `spoken`: the macros of WORDS."""

    def say(macro: str, *about: object) -> str:
        return words.clean(str(getattr(spoken, macro)(*about)))

    since, until = (_moment(one, timezone) for one in (summary.since, summary.until))
    return SummaryShown(
        headline=say("headline", summary),
        lead=say("lead", summary, is_well(summary)),
        period=say("period", since, until),
        groups=tuple(_groups(summary, timezone, say)),
        found_title=say("found_title"),
        found=tuple(_found(summary.found, say)),
        sent_title=say("sent_title"),
        sent=tuple(_sent(summary, timezone, say)),
        because=say("because"),
    )


def is_well(summary: Summary) -> bool:
    """Whether nothing is wrong. A silent source may be as it should be; what was put off goes by itself."""
    traffic = summary.traffic
    return not (summary.unread or summary.held or traffic.uncertain or traffic.refused or traffic.silenced)


def _moment(moment: datetime, timezone: str) -> str:
    """`20 November 2026, 07:00`."""
    there = moment.astimezone(ZoneInfo(timezone))
    return f"{words.day(there)}, {there:%H:%M}"


def _groups(summary: Summary, timezone: str, say: Say) -> Iterable[GroupShown]:
    for state in ALIKE:
        alike = summary.silent if state == "silent" else [one for one in summary.unread if one.state == state]
        if alike:
            others = len(alike) - MOST_ALIKE
            yield GroupShown(
                title=say("title", state),
                to_do=say("to_do", state),
                sources=tuple(_source(one, timezone, say) for one in alike[:MOST_ALIKE]),
                others=say("others", others) if others > 0 else "",
            )


def _source(notice: Notice, timezone: str, say: Say) -> SourceShown:
    day = words.day(words.local_day(notice.since, timezone)) if notice.since else None
    seen = _seen(notice) if notice.kind != "silent" else ""
    return SourceShown(
        name=words.clean(notice.name),
        since=say("since", notice, day),
        seen=words.cut(words.clean(seen), LONGEST_SEEN)[0],
        command=say("command", notice),
        url=words.web_address(notice.url),
    )


def _seen(notice: Notice) -> str:
    """What was seen, without the address, which stands beside it: of `Could not fetch ADDRESS: the server did
    not answer.` the end."""
    before, there, after = notice.detail.partition(f"{notice.url}: ")
    if there and len(before) < SHORT:
        return after
    return notice.detail.removeprefix(notice.url).lstrip(" :")


def _found(found: Iterable[SourceNews], say: Say) -> Iterable[str]:
    most_first = sorted(found, key=lambda one: (-one.new, -one.revised - one.withdrawn, one.name.casefold()))
    if not most_first:
        yield say("nothing_found")
    yield from (say("found", one) for one in most_first[:MOST_FOUND])
    if (others := len(most_first) - MOST_FOUND) > 0:
        yield say("others_found", others)


def _sent(summary: Summary, timezone: str, say: Say) -> Iterable[LineShown]:
    traffic = summary.traffic
    yield LineShown(said=say("sent", traffic), command="")
    for one in summary.held:
        until = f"{one.until.astimezone(ZoneInfo(timezone)):%H:%M}"
        yield LineShown(said=say("held", one, until), command="learning-bot send")
    for macro, number in (("uncertain", traffic.uncertain), ("refused", traffic.refused)):
        if number:
            yield LineShown(said=say(macro, number), command="learning-bot outbox list")
    if traffic.silenced:
        yield LineShown(said=say("silenced", traffic), command="learning-bot status")


def summary_post(summary: SummaryShown) -> SlackPost:
    """The summary as one post; what does not fit stands in its thread."""
    first, *rest = packed(_blocks(summary))
    named = [one.name for group in summary.groups for one in group.sources]
    said = " ".join([f"{summary.headline}.", *(f"{name}." for name in named)])
    return SlackPost(text=escaped(said), blocks=first.blocks, thread=tuple(rest))


def _blocks(summary: SummaryShown) -> Iterable[Spoken]:
    yield header(summary.headline)
    yield from paragraph(text(" ".join(said for said in (summary.lead, summary.period) if said)))
    for group in summary.groups:
        yield from paragraph(text(group.title, bold=True), text(f"\n{group.to_do}"))
        for one in group.sources:
            name = link(one.name, one.url, bold=True) if one.url else text(one.name, bold=True)
            yield from paragraph(name, text(_told(one)))
        if group.others:
            yield from paragraph(text(group.others))
    yield from points(summary.found_title, summary.found)
    yield from points(
        summary.sent_title, [" ".join(filter(None, (one.said, one.command))) for one in summary.sent]
    )


def _told(one: SourceShown) -> str:
    """What stands after its name."""
    said = f"{', ' if one.since else ''}{one.since}{': ' if one.seen else ''}{one.seen}"
    return f"{said}\n{one.command}" if one.command else said
