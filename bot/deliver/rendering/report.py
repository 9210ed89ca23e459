"""From the notices of a report to what an administrator is told of them, in mail and in Slack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jinja2.environment import TemplateModule

from bot.deliver import words
from bot.deliver.block_kit.blocks import SlackPost, Spoken, header, link, paragraph, points, text
from bot.deliver.block_kit.lengths import escaped
from bot.deliver.block_kit.packing import packed
from bot.models import Digest, Notice

WORDS = "email/report_words.txt"  # plain: a macro of it that a page calls itself would not be escaped
# So many in full, and so many more by name: where the network is down all sources turn bad at once.
MOST_TOLD, MOST_NAMED = 25, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """One change in how a source stands, in plain words: what, when, what was seen, what can be done and
    typed, and where its page is."""

    name: str
    what: str
    day: str
    seen: str
    to_do: str
    command: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """A whole report. `headline` is its subject too; `lead`: what to look at before anything else, mostly
    empty. `missed`: earlier messages that may not have arrived, a sentence each. `others`: changes for which
    there is no room, a line each, and `more` where even these are too many."""

    headline: str
    lead: str
    missed: tuple[str, ...]
    notices: tuple[NoticeShown, ...]
    others: tuple[str, ...]
    more: str


def reported(digest: Digest, spoken: TemplateModule) -> ReportShown:
    """The report as it is told. `spoken`: the macros of WORDS."""

    def say(macro: str, *about: object) -> str:
        return words.clean(str(getattr(spoken, macro)(*about)))

    def day(moment: datetime | None) -> str | None:
        return words.day(words.local_day(moment, digest.timezone)) if moment else None

    def shown(notice: Notice) -> NoticeShown:
        since = day(notice.since)
        return NoticeShown(
            name=words.clean(notice.name),
            what=say("what", notice, since),
            day=day(notice.at) or "",
            seen=say("seen", notice, since),
            to_do=say("to_do", notice),
            command=say("command", notice),
            url=words.web_address(notice.url),
        )

    told, others = digest.notices[:MOST_TOLD], digest.notices[MOST_TOLD:]
    more = len(others) - MOST_NAMED
    return ReportShown(
        headline=say("headline", digest.notices),
        lead=say("lead", digest.coverage),
        missed=tuple(say("missed", day(one.slot)) for one in digest.doubtful),
        notices=tuple(shown(one) for one in told),
        others=tuple(say("what", one, day(one.since)) for one in others[:MOST_NAMED]),
        more=say("more", more) if more > 0 else "",
    )


def report_post(report: ReportShown) -> SlackPost:
    """The report as one post; what does not fit stands in its thread."""

    def blocks() -> Iterable[Spoken]:
        yield header(report.headline)
        for line in filter(None, (report.lead, *report.missed)):
            yield from paragraph(text(line))
        for one in report.notices:
            runs = [text(one.what, bold=True)]
            runs += [text(f"\n{line}") for line in (one.seen, one.to_do, one.command) if line]
            if one.url:
                runs += [text("\n"), link(f"Page of {one.name}", one.url)]
            yield from paragraph(*runs)
        yield from points("", [*report.others, *filter(None, [report.more])])

    first, *rest = packed(blocks())
    said = " ".join([f"{report.headline}.", *(f"{one.what}." for one in report.notices[:20])])
    return SlackPost(text=escaped(said), blocks=first.blocks, thread=tuple(rest))
