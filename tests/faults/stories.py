"""A story: a digest is composed and sent, the process is killed at a step, and started again until all is done.

Then the receiver is read, and judged (judging.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.faults.databases import (
    MAIL,
    NEXT_WEEK,
    REVISED,
    SLACK,
    TAG,
    Postgres,
    Sqlite,
    count,
    ledger,
)
from tests.faults.judging import Verdict, due, judge_channel, judge_counts, judge_mails, threads
from tests.faults.lives import Ended, Failed, Life, live
from tests.faults.receivers import MailServer, PostOffice
from tests.reviews import MONDAY

RESTART = timedelta(seconds=20)  # from a death to the next life; all must be well after it: under 30 s
AFTER_A_DEFERRAL = timedelta(minutes=45)
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Kill:
    """SIGKILL at the `nth` time that a life reaches `step`."""

    step: str
    nth: int = 1

    def __str__(self) -> str:
        return self.step if self.nth == 1 else f"{self.step} ({self.nth})"


@dataclass(frozen=True, kw_only=True)
class Story:
    """`kills` of Monday's lives, one after another, and `later` of those a week after. `uncertain`: how many
    deliveries end so (None: as many as were between being handed over and being settled when it was
    killed). `fails`: what the mail server does until the first kill, of itself a reason to be uncertain where
    `any_uncertain`. `surely`: each step must be reached, or the story tells nothing."""

    row: str
    kills: tuple[Kill, ...] = ()
    later: tuple[Kill, ...] = ()
    slack: bool = False
    uncertain: int | None = 0
    connections: int = 1
    fails: tuple[str, ...] = ()
    surely: bool = True
    any_uncertain: bool = False
    weeks: int = 2


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where stories are played."""

    database: Sqlite | Postgres
    mail: MailServer
    office: PostOffice
    folder: Path
    number: int = 0  # of the story in which nobody is killed
    channels: dict[str, list[str]] = field(default_factory=dict)

    def undisturbed(self, channel: str) -> list[str]:
        """What stands in a channel after two weeks in which nobody is killed."""
        if channel not in self.channels:
            tag = f"s{self.number}x"
            with self.database.copy(tag) as url:
                for person in SLACK:
                    self.office.opens(f"{person.name}-{tag}")
                Play(story=Story(row="", slack=True), stage=self, tag=tag, url=url).all()
            for person in SLACK:
                self.channels[person.name] = threads(self.office.posted(f"{person.name}-{tag}"))
        return self.channels[channel]

    def environ(self, connections: int) -> Mapping[str, str]:
        return {
            "SMTP_URL": self.mail.url,
            "MAIL_FROM": "Learning from reviews <learning@example.org>",
            "MAIL_CONNECTIONS": str(connections),
            "SLACK_BOT_TOKEN": self.office.token,
            "SLACK_API_URL": self.office.slack_url,
            "PUBLIC_URL": "https://learning.example.org",
            "SECRET_KEY": "nothing that matters is signed with this",
        }


def tell(story: Story, stage: Stage, number: int) -> Verdict:
    """Play it and judge it. `number`: no other story of this run has it; the addresses are made of it."""
    tag = f"s{number}x"
    with stage.database.copy(tag) as url:
        play = Play(story=story, stage=stage, tag=tag, url=url)
        if story.slack:
            for person in SLACK:
                stage.office.opens(f"{person.name}-{tag}")
        try:
            play.all()
        except Failed as error:
            play.verdict.wrong.append(str(error))
        play.judge()
    return play.verdict


@dataclass(kw_only=True)
class Play:
    """One story as it is being played."""

    story: Story
    stage: Stage
    tag: str
    url: str
    verdict: Verdict = field(default_factory=Verdict)
    weeks: int = 0
    between: set[int] = field(
        default_factory=set
    )  # deliveries handed over and not settled when it was killed

    def all(self) -> None:
        """Two weeks, and a third where something became uncertain, so that it is named, and named once."""
        fails = [one.replace(TAG, self.tag) for one in self.story.fails]
        if fails:
            self.stage.office.fails(*fails)
        self._lives(MONDAY + timedelta(minutes=1), self.story.kills)
        if fails:
            self.stage.office.fails("works")
            for times in (1, 3):
                self._live(MONDAY + times * AFTER_A_DEFERRAL)
        self._nothing_waits()
        self.weeks = 1
        if self.story.weeks > 1:
            polled = REVISED if self.story.slack else NEXT_WEEK
            self._next_week(self.story.later, polled)
            if any(one.state == "uncertain" for one in ledger(self.url)):
                self._next_week()
        self._as_many_uncertain_as_must_be()

    def _next_week(self, kills: tuple[Kill, ...] = (), page: tuple[str, ...] = ()) -> None:
        self._lives(MONDAY + self.weeks * WEEK + timedelta(minutes=1), kills, page)
        self._nothing_waits()
        self.weeks += 1

    def judge(self) -> None:
        """By what the receivers have."""
        kept, verdict = ledger(self.url), self.verdict
        if self.story.slack:
            for name in (person.name for person in SLACK):
                channel = f"{name}-{self.tag}"
                judge_channel(
                    channel, self.stage.office.posted(channel), self.stage.undisturbed(name), kept, verdict
                )
            return
        mails = self.stage.mail.took(self.tag)
        judge_mails(mails, kept, due(MAIL, self.weeks), verdict)
        judge_counts(MAIL, self.weeks, mails, kept, verdict)

    def _lives(self, now: datetime, kills: tuple[Kill, ...], page: tuple[str, ...] = ()) -> None:
        """One life a kill, then one that ends by itself, each 20 s after the death of the one before."""
        for kill in kills:
            ended = self._live(now, kill, page)
            if not ended.killed and self.story.surely:
                self.verdict.wrong.append(f"the step “{kill}” was never reached")
            if self.story.fails:
                self.stage.office.fails("works")
            self.verdict.kills += ended.killed
            if ended.killed:
                self._see_what_was_between()
                now += RESTART
        self._live(now, page=page)

    def _see_what_was_between(self) -> None:
        found = {one.id for one in ledger(self.url) if one.state == "sending" and one.handed_over}
        if len(found) > max(self.story.connections, len(SLACK) * self.story.slack):
            self.verdict.wrong.append(
                f"{len(found)} were in between, with {self.story.connections} connections"
            )
        self.between |= found

    def _live(self, now: datetime, kill: Kill | None = None, page: tuple[str, ...] = ()) -> Ended:
        return live(
            Life(
                folder=self.stage.folder,
                database_url=self.url,
                environ=self.stage.environ(self.story.connections),
                now=now,
                page=page,
                step=kill.step if kill else None,
                nth=kill.nth if kill else 1,
            )
        )

    def _nothing_waits(self) -> None:
        """Without a person and in under 30 s: a life 20 s after the last death has brought all to its end."""
        waiting = Counter(
            one.state for one in ledger(self.url) if one.state in ("queued", "sending", "deferred")
        )
        if waiting:
            self.verdict.wrong.append(f"after the restart there still wait: {dict(waiting)}")
        if left := count(self.url, "SELECT count(*) FROM digest_runs WHERE state <> 'closed'"):
            self.verdict.wrong.append(f"{left} digests are claimed and never composed")

    def _as_many_uncertain_as_must_be(self) -> None:
        self.verdict.uncertain = sum(one.state == "uncertain" for one in ledger(self.url))
        wanted = len(self.between) if self.story.uncertain is None else self.story.uncertain
        if self.verdict.uncertain != wanted and not self.story.any_uncertain:
            self.verdict.wrong.append(
                f"{self.verdict.uncertain} deliveries are uncertain, and {wanted} should be"
            )
