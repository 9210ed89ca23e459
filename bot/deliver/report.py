"""From the notices of a report to what an administrator is told of them, in mail and in Slack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jinja2.environment import TemplateModule

from bot.deliver import words
from bot.deliver.blocks import SlackPost, Spoken, header, link, paragraph, text
from bot.deliver.slack_lengths import escaped
from bot.deliver.slack_packing import packed
from bot.models import Digest, Notice

WORDS = "email/report_words.txt"  # plain: a macro of it that a page calls itself would not be escaped


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
    """A whole report. `headline` is its subject too."""

    headline: str
    notices: tuple[NoticeShown, ...]


def reported(digest: Digest, spoken: TemplateModule) -> ReportShown:
    """The report as it is told. `spoken`: the macros of WORDS."""

    def say(macro: str, *about: object) -> str:
        return words.clean(str(getattr(spoken, macro)(*about)))

    def shown(notice: Notice) -> NoticeShown:
        since = words.day(words.local_day(notice.since, digest.timezone)) if notice.since else None
        return NoticeShown(
            name=words.clean(notice.name),
            what=say("what", notice, since),
            day=words.day(words.local_day(notice.at, digest.timezone)),
            seen=say("seen", notice, since),
            to_do=say("to_do", notice),
            command=say("command", notice),
            url=words.web_address(notice.url),
        )

    return ReportShown(
        headline=say("headline", digest.notices), notices=tuple(shown(one) for one in digest.notices)
    )


def report_post(report: ReportShown) -> SlackPost:
    """The report as one post; what does not fit stands in its thread."""

    def blocks() -> Iterable[Spoken]:
        yield header(report.headline)
        for one in report.notices:
            runs = [text(one.what, bold=True)]
            runs += [text(f"\n{line}") for line in (one.seen, one.to_do, one.command) if line]
            if one.url:
                runs += [text("\n"), link(f"Page of {one.name}", one.url)]
            yield from paragraph(*runs)

    first, *rest = packed(blocks())
    said = " ".join([f"{report.headline}.", *(f"{one.what}." for one in report.notices[:20])])
    return SlackPost(text=escaped(said), blocks=first.blocks, thread=tuple(rest))
