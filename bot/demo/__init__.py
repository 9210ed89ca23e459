"""The demonstration: the whole way on this machine, with no outside world.

An example site on loopback, a mail server that keeps what it gets and a stand-in for Slack; the bot itself is
the real one, with its own clock. It meets the site in October, moves it on by a month, and shows what each of
three readers got, and why.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.demo.example_site import ExampleSite, write_configuration
from bot.demo.mailbox import Mailbox
from bot.demo.slack_stand_in import SlackStandIn
from bot.models import UNREAD, Delivery, Digest, Outcome, SourceRun
from bot.wiring import Bot

TOKEN = "xoxb-demonstration"
CHANNEL = "#learning-exploitation"

SUNDAY_IN_OCTOBER = datetime(2026, 10, 25, 18, 0, tzinfo=UTC)
MONDAY_IN_OCTOBER = datetime(2026, 10, 26, 8, 1, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 11, 16, 8, 1, tzinfo=UTC)
SUNDAY_IN_NOVEMBER = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MONDAY_IN_NOVEMBER = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime = SUNDAY_IN_OCTOBER) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def run_demo(directory: Path) -> None:
    """Go the whole way, and write what each reader got under `directory`."""
    console = Console(highlight=False, soft_wrap=True)
    directory.mkdir(parents=True, exist_ok=True)
    for written in [
        *directory.glob("*-lead.*"),
        *directory.glob("*-manager.*"),
        *directory.glob("slack.html"),
    ]:
        written.unlink()  # what an earlier demo wrote, and nothing else
    with _stage() as (bot, clock, site, mailbox, slack):
        tour = Tour(bot, clock, mailbox, slack, directory, console)
        tour.says(
            "1", "Sunday 25 October 2026: the bot meets five publishers. What they have is the baseline."
        )
        tour.polls()
        tour.says("2", "Monday 26 October, 08:01: first digests. Only what was published in the last month.")
        tour.sends(MONDAY_IN_OCTOBER, "october")
        tour.says(
            "3", "Three weeks with the bot switched off. Monday 16 November: caught up once, and quiet."
        )
        clock.moment = MONDAY_AFTER
        tour.polls()
        tour.sends(MONDAY_AFTER, "quiet")
        site.move_on()
        tour.says("4", "The sites have moved on. Sunday 22 November: the same pages again.")
        clock.moment = SUNDAY_IN_NOVEMBER
        tour.polls()
        tour.says("5", "At once: the Slack channel that follows exploitation.")
        tour.sends(SUNDAY_IN_NOVEMBER, "november")
        tour.says("6", "Monday 23 November, 08:01: the weekly digests.")
        tour.sends(MONDAY_IN_NOVEMBER, "november")
        tour.says("7", "The same minute again, as after a restart: nothing is sent twice.")
        tour.sends(MONDAY_IN_NOVEMBER, "again")
        tour.closes()


@contextmanager
def _stage() -> Iterator[tuple[Bot, SetClock, ExampleSite, Mailbox, SlackStandIn]]:
    clock = SetClock()
    with (
        tempfile.TemporaryDirectory(prefix="learning-bot-demo-") as folder,
        ExampleSite() as site,
        Mailbox() as mailbox,
        SlackStandIn(token=TOKEN, channels=[CHANNEL]) as slack,
    ):
        write_configuration(Path(folder), site.root)
        environ = {
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "Learning from reviews <learning@example.org>",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": slack.url,
            "PUBLIC_URL": "https://learning.example.org",
            "SECRET_KEY": "the demonstration signs nothing that matters",
        }
        with Bot(Path(folder), environ, clock=clock, database_url="sqlite://") as bot:
            yield bot, clock, site, mailbox, slack


class Tour:
    """Does each step with the real bot, and says what came of it."""

    def __init__(
        self,
        bot: Bot,
        clock: SetClock,
        mailbox: Mailbox,
        slack: SlackStandIn,
        directory: Path,
        console: Console,
    ) -> None:
        self._bot = bot
        self._clock = clock
        self._mailbox = mailbox
        self._slack = slack
        self._directory = directory
        self._console = console

    def says(self, number: str, text: str) -> None:
        self._console.print(f"\n[bold]{number}. {text}[/bold]")

    def polls(self) -> None:
        self._bot.enrol()
        for run in self._bot.poll(self._bot.due_sources()):
            self._console.print(f"   {_told(run)}", markup=False)

    def sends(self, now: datetime, month: str) -> None:
        self._clock.moment = now
        self._bot.compose_due()
        ended: list[tuple[Delivery, Outcome]] = []
        self._bot.deliver(each=lambda delivery, outcome: ended.append((delivery, outcome)))
        for delivery, outcome in ended:
            digest = delivery.edition.digest
            self._console.print(
                f"   {outcome.state} to {delivery.subscriber.address}: {_content(digest)}", markup=False
            )
            for line in self._reasons(digest):
                self._console.print(f"      {line}", markup=False)
        if not ended:
            self._console.print("   nothing was due")
        self._write_mails(month)

    def closes(self) -> None:
        channel = self._directory / "slack.html"
        channel.write_text(self._slack.as_html(), encoding="utf-8")
        self.says("8", "Open these in a browser (links to reports lead nowhere once the demo has ended):")
        for file in sorted(self._directory.glob("*.html")):
            self._console.print(f"   {file}", markup=False)

    def _reasons(self, digest: Digest) -> Iterator[str]:
        for entry in digest.entries:
            why = [
                f"{self._bot.vocabulary.name_of(reason.theme)}: “{reason.evidence[0].quote}”"
                for because in entry.because
                for reason in because.reasons
                if reason.theme and reason.evidence
            ]
            named = f"{entry.review.place}: " if entry.review.place else ""
            told = "" if entry.kind == "new" else f" ({entry.kind})"
            seen = f" [on {len(entry.seen)} sources]" if len(entry.seen) > 1 else ""
            because = f" because of {why[0]}" if why else " because it is all that was asked for"
            yield f"{named}{entry.review.title}{told}{seen}{because}"
        for source in digest.coverage.unread:
            yield f"(could not be read: {source.name})"

    def _write_mails(self, month: str) -> None:
        for received in self._mailbox.received:
            name = f"{month}-{received.recipients[0].split('@')[0]}"
            target = self._directory / f"{name}.html"
            if (
                not target.exists()
                and month != "again"
                and received.message["Date"].datetime == self._clock.moment
            ):
                target.write_text(received.html, encoding="utf-8")
                (self._directory / f"{name}.txt").write_text(received.text, encoding="utf-8")
                (self._directory / f"{name}.eml").write_bytes(received.raw)


def _told(run: SourceRun) -> str:
    if run.state in UNREAD:
        return f"{run.source_id}: {run.state}. {run.detail}"
    counts = ["1 review" if run.records == 1 else f"{run.records or 0} reviews"]
    counts += [
        f"{n} {what}"
        for n, what in ((run.new, "new"), (run.revised, "revised"), (run.withdrawn, "withdrawn"))
        if n
    ]
    return f"{run.source_id}: {run.state}, " + ", ".join(counts)


def _content(digest: Digest) -> str:
    count = len(digest.entries)
    if not count:
        return "a quiet week, with what was checked"
    return "1 review" if count == 1 else f"{count} reviews"
