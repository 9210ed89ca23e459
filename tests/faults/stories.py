"""A story: a digest is composed and sent, the process is killed at a step, and started again until all is done.

Then the receiver is read. Judged is what the receiver has, against what each reader was due by the readers' own
criteria (not by what the bot says), and against the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.demo.mailbox import Received
from tests.faults.databases import (
    MAIL,
    NEXT_WEEK,
    REVISED,
    SLACK,
    TAG,
    TITLES,
    OnItsWay,
    Person,
    Postgres,
    Sqlite,
    count,
    ledger,
)
from tests.faults.lives import Ended, Failed, Life, live
from tests.faults.receivers import MailServer, PostOffice, Told
from tests.reviews import MONDAY

RESTART = timedelta(seconds=20)  # from a death to the next life; all must be well after it: under 30 s
AFTER_A_DEFERRAL = timedelta(minutes=45)
WEEK = timedelta(days=7)
FIRST_WEEK = {"Child Birch": "Saltmarsh", "Child Cedar": "Saltmarsh", "Child Damson": "Harrowgate"}
SECOND_WEEK = {"Child Elder": "Saltmarsh"}
NAMED = re.compile(
    r"The digest of \d{1,2} \w+ \d{4} (?:may not have reached you|could not be delivered to you): it had (.*?)\."
)


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
                self.channels[person.name] = _shown(self.office.posted(f"{person.name}-{tag}"))
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


@dataclass(kw_only=True)
class Verdict:
    """What came of a story. `wrong`: sentences, each of which is a fault."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0
    wrong: list[str] = field(default_factory=list)


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
        if story.slack:
            _judge_slack(play)
        else:
            _judge_mail(play)
    return play.verdict


@dataclass(kw_only=True)
class Play:
    """One story as it is being played."""

    story: Story
    stage: Stage
    tag: str
    url: str
    verdict: Verdict = field(default_factory=Verdict)
    between: int = 0  # deliveries that were handed over and not settled when it was killed

    def all(self) -> None:
        """Two weeks, and what became of the deliveries."""
        fails = [one.replace(TAG, self.tag) for one in self.story.fails]
        if fails:
            self.stage.office.fails(*fails)
        self._lives(MONDAY + timedelta(minutes=1), self.story.kills)
        if fails:
            self.stage.office.fails("works")
            for times in (1, 3):
                self._live(MONDAY + times * AFTER_A_DEFERRAL)
        self._nothing_waits()
        if self.story.weeks > 1:
            self._next_week()
        self._as_many_uncertain_as_must_be()

    def _next_week(self) -> None:
        polled = REVISED if self.story.slack else NEXT_WEEK
        self._lives(MONDAY + WEEK + timedelta(minutes=1), self.story.later, polled)
        self._nothing_waits()

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
        found = sum(one.state == "sending" and one.handed_over for one in ledger(self.url))
        if found > max(self.story.connections, len(SLACK) * self.story.slack):
            self.verdict.wrong.append(f"{found} were in between, with {self.story.connections} connections")
        self.between += found

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
        wanted = self.between if self.story.uncertain is None else self.story.uncertain
        if self.verdict.uncertain != wanted and not self.story.any_uncertain:
            self.verdict.wrong.append(
                f"{self.verdict.uncertain} deliveries are uncertain, and {wanted} should be"
            )


# --- mail -----------------------------------------------------------------------------------------------------


def due(readers: Iterable[Person], weeks: int = 2) -> set[tuple[str, str]]:
    """(reader, title) by each reader's own criteria."""
    reviews = (FIRST_WEEK | (SECOND_WEEK if weeks > 1 else {})).items()
    return {
        (reader.name, title)
        for reader in readers
        for title, place in reviews
        if not reader.places or place in reader.places
    }


def _judge_mail(play: Play) -> None:
    mails, kept = play.stage.mail.took(play.tag), ledger(play.url)
    weeks = play.story.weeks
    judge_mails(mails, kept, due(MAIL, weeks), play.verdict)
    for name in (reader.name for reader in MAIL):
        got = sum(_name(mail.recipients[0]) == name for mail in mails)
        uncertain = sum(one.state == "uncertain" and _name(one.to) == name for one in kept)
        if not weeks - uncertain <= got <= weeks:
            play.verdict.wrong.append(f"{name} got {got} messages in {weeks} weeks")


def judge_mails(
    mails: Iterable[Received], kept: list[OnItsWay], wanted: set[tuple[str, str]], verdict: Verdict
) -> None:
    """What was lost and what came twice, by what the receiver has. What waits in the outbox is not lost."""
    got: Counter[tuple[str, str]] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    numbers: Counter[str] = Counter()
    for mail in mails:
        reader = _name(mail.recipients[0])
        numbers[f"{reader} {mail.message['Message-ID']}"] += 1
        text = " ".join(mail.text.split())
        for line in NAMED.findall(text):
            named.update((reader, title) for title in TITLES if title in line)
        text = NAMED.sub("", text)
        got.update((reader, title) for title in TITLES if title in text)
    unsure = _in(kept, "uncertain")
    waiting = _in(kept, "queued", "deferred", "sending")
    verdict.lost += _count(verdict, "was lost", wanted - set(got) - unsure - waiting)
    verdict.doubled += _count(verdict, "came twice", [one for one, times in got.items() if times > 1])
    verdict.doubled += _count(verdict, "came twice", [one for one, times in numbers.items() if times > 1])
    _count(verdict, "came and was not asked for", set(got) - wanted)
    _count(verdict, "is uncertain and was not named once", [one for one in unsure if named[one] != 1])
    _count(verdict, "was named and is not uncertain", set(named) - unsure)


def _in(kept: Iterable[OnItsWay], *states: str) -> set[tuple[str, str]]:
    return {(_name(one.to), title) for one in kept if one.state in states for title in one.titles}


def _count(verdict: Verdict, what: str, found: Iterable[object]) -> int:
    each = sorted(map(str, found))
    verdict.wrong += [f"{one} {what}" for one in each]
    return len(each)


def _name(to: str) -> str:
    return re.split(r"[.-]s\d+x", to)[0]


# --- Slack ----------------------------------------------------------------------------------------------------


def _judge_slack(play: Play) -> None:
    """Each part of each delivery stands in its channel once, and the channel reads as when nobody is killed."""
    verdict = play.verdict
    for person in SLACK:
        channel = f"{person.name}-{play.tag}"
        messages = play.stage.office.posted(channel)
        parts = Counter(str(one.payload.get("event_payload")) for one in messages)
        got, wanted = Counter(_shown(messages)), Counter(play.stage.undisturbed(person.name))
        verdict.lost += _count(verdict, f"was lost in {channel}", wanted - got)
        verdict.doubled += _count(verdict, f"came twice in {channel}, or otherwise", got - wanted)
        verdict.doubled += _count(
            verdict, f"was posted twice in {channel}", [one for one, times in parts.items() if times > 1]
        )
        left = [one for one in ledger(play.url) if one.to == channel and one.state != "sent"]
        _count(verdict, "is not sent", left)


def _shown(messages: Iterable[Told]) -> list[str]:
    """Each message's text, replies under their message."""
    roots: dict[str, list[str]] = {}
    for one in messages:
        roots.setdefault(one.thread_ts or one.ts, []).append(one.text)
    return [" / ".join(thread) for thread in roots.values()]
