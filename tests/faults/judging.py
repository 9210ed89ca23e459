"""What came of a story, by what the receivers have, against what each reader was due by their own criteria (not by
what the bot says), and against the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.demo.mailbox import Received
from tests.faults.databases import TITLES, OnItsWay, Person
from tests.faults.receivers import Told

FIRST_WEEK = {"Child Birch": "Saltmarsh", "Child Cedar": "Saltmarsh", "Child Damson": "Harrowgate"}
SECOND_WEEK = {"Child Elder": "Saltmarsh"}
NAMED = re.compile(
    r"Our digest of \d{1,2} \w+ \d{4} (?:may not have reached you\. Please look for it, also among your junk mail|"
    r"could not be delivered to you)\. We send nothing twice unasked, so here (?:is its review|are its reviews): "
    r"(- .*?) (?=Our digest of|Content note\.|There is nothing here|We keep looking|This is not)"
)


@dataclass(kw_only=True)
class Verdict:
    """What came of a story. `wrong`: sentences, each of which is a fault."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0
    wrong: list[str] = field(default_factory=list)

    def finds(self, what: str, found: Iterable[object]) -> int:
        """A sentence for each of these; gives how many."""
        each = sorted(map(str, found))
        self.wrong += [f"{one} {what}" for one in each]
        return len(each)


def due(readers: Iterable[Person], weeks: int = 2) -> set[tuple[str, str]]:
    """(reader, title) by each reader's own criteria."""
    reviews = (FIRST_WEEK | (SECOND_WEEK if weeks > 1 else {})).items()
    return {
        (reader.name, title)
        for reader in readers
        for title, place in reviews
        if not reader.places or place in reader.places
    }


def judge_mails(
    mails: Iterable[Received], kept: list[OnItsWay], wanted: set[tuple[str, str]], verdict: Verdict
) -> None:
    """What was lost and what came twice. What waits in the outbox is not lost. What is uncertain is named once in
    a later message; again where that one is itself uncertain."""
    got: Counter[tuple[str, str]] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    numbers: Counter[str] = Counter()
    doubtful = {one.id for one in kept if one.state == "uncertain"}
    for mail in mails:
        reader = name_of(mail.recipients[0])
        number = str(mail.message["Message-ID"])
        numbers[f"{reader} {number}"] += 1
        text = " ".join(mail.text.split())
        if _delivery(number) not in doubtful:
            named.update((reader, title) for line in NAMED.findall(text) for title in TITLES if title in line)
        text = NAMED.sub("", text)
        got.update((reader, title) for title in TITLES if title in text)
    unsure = _in(kept, "uncertain")
    waiting = _in(kept, "queued", "deferred", "sending")
    verdict.lost += verdict.finds("was lost", wanted - set(got) - unsure - waiting)
    verdict.doubled += verdict.finds("came twice", [one for one, times in got.items() if times > 1])
    verdict.doubled += verdict.finds("came twice", [one for one, times in numbers.items() if times > 1])
    verdict.finds("came and was not asked for", set(got) - wanted)
    verdict.finds("is uncertain and was not named once", [one for one in unsure if named[one] != 1])
    verdict.finds("was named and is not uncertain", set(named) - unsure)


def judge_counts(
    readers: Iterable[Person], weeks: int, mails: Iterable[Received], kept: list[OnItsWay], verdict: Verdict
) -> None:
    """One message a week for each reader; what is uncertain may be missing."""
    to = Counter(name_of(mail.recipients[0]) for mail in mails)
    for reader in readers:
        uncertain = sum(one.state == "uncertain" and name_of(one.to) == reader.name for one in kept)
        if not weeks - uncertain <= to[reader.name] <= weeks:
            verdict.wrong.append(f"{reader.name} got {to[reader.name]} messages in {weeks} weeks")


def judge_channel(
    channel: str, messages: list[Told], undisturbed: list[str], kept: list[OnItsWay], verdict: Verdict
) -> None:
    """Each part of each delivery stands in its channel once, and the channel reads as when nobody is killed."""
    parts = Counter(str(one.payload.get("event_payload")) for one in messages)
    got, wanted = Counter(threads(messages)), Counter(undisturbed)
    verdict.lost += verdict.finds(f"was lost in {channel}", wanted - got)
    verdict.doubled += verdict.finds(f"came twice in {channel}, or otherwise", got - wanted)
    twice = [one for one, times in parts.items() if times > 1]
    verdict.doubled += verdict.finds(f"was posted twice in {channel}", twice)
    verdict.finds("is not sent", [one for one in kept if one.to == channel and one.state != "sent"])


def threads(messages: Iterable[Told]) -> list[str]:
    """Each message's text, replies under their message."""
    roots: dict[str, list[str]] = {}
    for one in messages:
        roots.setdefault(one.thread_ts or one.ts, []).append(one.text)
    return [" / ".join(thread) for thread in roots.values()]


def name_of(to: str) -> str:
    """The reader whose address a story has made its own."""
    return re.split(r"[.-]s\d+x", to)[0]


def _in(kept: Iterable[OnItsWay], *states: str) -> set[tuple[str, str]]:
    return {(name_of(one.to), title) for one in kept if one.state in states for title in one.titles}


def _delivery(message_id: str) -> int:
    """`<delivery-ID.EDITION@domain>`"""
    found = re.match(r"<delivery-(\d+)\.", message_id)
    return int(found[1]) if found else 0
