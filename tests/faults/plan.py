"""Which stories are told: every step of composing and sending, several times each, on each database and receiver."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.faults.stories import Kill, Story

# The step, the occurrences that are tried, and how many deliveries end uncertain at the first of them: 0 until
# the ledger has it that the message is being handed over, 1 until it has how that ended. None: see Story.
COMPOSING = (  # four readers, two at a time
    ("claiming a run: before", (1, 2), 0),
    ("claiming a run: digest_runs written", (1, 2), 0),
    ("claiming a run: before the commit", (1, 2), 0),
    ("claiming a run: after", (1, 2), 0),
    ("composing: after", (1, 2), 0),
    ("keeping the edition: before", (1, 2), 0),
    ("keeping the edition: digest_runs written", (1, 2), 0),
    ("keeping the edition: editions written", (1, 2), 0),
    ("keeping the edition: deliveries written", (1, 3), 0),
    ("keeping the edition: told written", (1, 3), 0),
    ("keeping the edition: before the commit", (1, 2), 0),
    ("keeping the edition: after", (1, 2), 0),
)
CLAIMING = (
    ("recovering: before", (1,), 0),
    ("recovering: before the commit", (1,), 0),
    ("recovering: after", (1,), 0),
    ("claiming deliveries: before", (1,), 0),
    ("claiming deliveries: deliveries written", (1,), 0),
    ("claiming deliveries: before the commit", (1,), 0),
    ("claiming deliveries: after", (1,), 0),
)
BEFORE_THE_DOT = (
    ("connecting: before", (1,), 0),
    ("greeting: answer read", (1,), 0),
    ("EHLO: before", (1,), 0),
    ("EHLO: sent", (1,), 0),
    ("EHLO: answer read", (1,), 0),
    ("MAIL: before", (1, 3), 0),
    ("MAIL: sent", (1, 2), 0),
    ("MAIL: answer read", (1, 4), 0),
    ("RCPT: before", (1, 2), 0),
    ("RCPT: sent", (1, 3), 0),
    ("RCPT: answer read", (1, 4), 0),
    ("DATA: before", (1, 2), 0),
    ("DATA: sent", (1, 3), 0),
    ("DATA: answer read", (1, 4), 0),
    ("body: before", (1, 2), 0),
    ("body: half of it sent", (1, 2, 4), 0),
    ("body: sent", (1, 3), 0),
    ("handing over: before", (1, 2, 4), 0),
    ("handing over: deliveries written", (1, 2, 4), 0),
    ("handing over: before the commit", (1, 2, 3), 0),
)
FROM_THE_DOT = (
    ("handing over: after", (1, 2, 4), 1),
    ("final dot: before", (1, 2, 3), 1),
    ("final dot: sent", (1, 2, 4), 1),
    ("final dot: answer read", (1, 3, 4), 1),
    ("outcome: before", (1, 2, 4), None),
    ("outcome: deliveries written", (1, 2, 4), None),
    ("outcome: before the commit", (1, 2, 4), None),
    ("outcome: after", (1, 2, 4), None),
    ("QUIT: before", (1,), 0),
    ("QUIT: sent", (1,), 0),
)
MAIL = COMPOSING + CLAIMING + BEFORE_THE_DOT + FROM_THE_DOT
POLLING = tuple(
    (step, (1,), 0)
    for step in (
        "keeping a poll: before",
        "keeping a poll: source_runs written",
        "keeping a poll: reviews written",
        "keeping a poll: sightings written",
        "keeping a poll: matches written",
        "keeping a poll: before the commit",
        "keeping a poll: after",
    )
)
SLACK = (
    ("claiming a run: after", (1, 2), 0),
    ("keeping the edition: before the commit", (1, 2), 0),
    ("handing over: before", (1, 2, 4), 0),
    ("handing over: before the commit", (1, 3), 0),
    ("handing over: after", (1, 2, 4), 0),
    ("post: before", (1, 2, 3, 4), 0),
    ("post: taken", (1, 2, 3, 4, 5), 0),
    ("keeping a post: before", (1, 2, 4), 0),
    ("keeping a post: posts written", (1, 3), 0),
    ("keeping a post: before the commit", (1, 2, 4), 0),
    ("keeping a post: after", (1, 2, 3, 4), 0),
    ("outcome: before", (1, 2), 0),
    ("outcome: before the commit", (1, 2), 0),
    ("outcome: after", (1, 2), 0),
)
EDITING = (
    ("edit: before", (1,), 0),
    ("edit: taken", (1,), 0),
    ("post: taken", (1,), 0),
    ("keeping a post: before the commit", (1, 2), 0),
    ("keeping a post: after", (1, 2), 0),
)
FAILING: tuple[tuple[str, ...], ...] = (
    ("answers_dot_with", "451 4.3.0 Try again later"),
    ("answers_sender_with", "450 4.7.1 Come back later"),
    ("answers_sender_with", "421 4.3.2 Closing"),
    ("drops_at_the_recipient",),
    ("drops_after_the_dot",),
)
FAILING_AT = ("MAIL: answer read", "final dot: sent", "outcome: before the commit", "outcome: after")
Steps = Sequence[tuple[str, tuple[int, ...], int | None]]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Stories of one kind, and on which mail servers they are told. `few`: those that stand for all of them."""

    name: str
    stories: tuple[Story, ...]
    few: tuple[Story, ...] = ()
    slack: bool = False
    postfix: bool = True


def parts(seed: int, *, few: bool = False, only: str = "") -> list[Part]:
    """All stories. `few`: the first occurrence of each step alone. `only`: rows that hold these words."""
    every = [
        replace(part, few=less.stories)
        for part, less in zip(_parts(seed, few), _parts(seed, True), strict=True)
    ]
    return [kept for part in every if (kept := _of(part, only)).stories]


def _of(part: Part, only: str) -> Part:
    stories, few = (
        tuple(story for story in some if only in f"{part.name}: {story.row}")
        for some in (part.stories, part.few)
    )
    return replace(part, stories=stories, few=few)


def _parts(seed: int, few: bool) -> list[Part]:
    chance = random.Random(seed)
    mail = CLAIMING + BEFORE_THE_DOT + FROM_THE_DOT
    return [
        Part(name="composing", stories=tuple(_singly(COMPOSING, few))),
        Part(name="sending mail", stories=tuple(_singly(mail, few))),
        Part(name="keeping a poll", stories=tuple(_later("", POLLING, few)), postfix=False),
        Part(name="Slack", stories=tuple(_slack(few)), slack=True, postfix=False),
        Part(name="and the digest that names it", stories=tuple(_again_a_week_later(few))),
        Part(name="killed twice", stories=tuple(_twice(chance, 4 if few else 40))),
        Part(name="four connections", stories=tuple(_side_by_side(chance, 4 if few else 40))),
        Part(name="the receiver fails too", stories=tuple(_failing(few)), postfix=False),
    ]


def _singly(steps: Steps, few: bool) -> Iterator[Story]:
    for step, occurrences, uncertain in steps:
        for nth in occurrences[:1] if few else occurrences:
            known = uncertain if nth == 1 or step in _COMPOSED else None
            yield Story(row=step, kills=(Kill(step=step, nth=nth),), uncertain=known)


_COMPOSED = {step for step, _, _ in COMPOSING}


def _later(prefix: str, steps: Steps, few: bool) -> Iterator[Story]:
    for step, occurrences, uncertain in steps:
        for nth in occurrences[:1] if few else occurrences:
            yield Story(row=prefix + step, later=(Kill(step=step, nth=nth),), uncertain=uncertain)


def _again_a_week_later(few: bool) -> Iterator[Story]:
    """The first reader's mail becomes uncertain; then so does the one that was to say so."""
    steps = ("handing over: after", "final dot: sent", "outcome: before the commit")
    for step in steps[1:2] if few else steps:
        for later in steps[1:2] if few else steps:
            yield Story(
                row=f"{step}, and {later}",
                kills=(Kill(step=step),),
                later=(Kill(step=later),),
                uncertain=2,
            )


def _slack(few: bool) -> Iterator[Story]:
    for story in _singly(SLACK, few):
        yield replace(story, slack=True, uncertain=0)
    for story in _later("a week later, ", EDITING, few):
        yield replace(story, slack=True)


def _twice(chance: random.Random, count: int) -> Iterator[Story]:
    """The second kill falls on the life that was to put the first one right."""
    for _ in range(count):
        kills = tuple(_any(chance) for _ in range(2))
        yield Story(row="killed, and killed again", kills=kills, uncertain=None, surely=False)


def _side_by_side(chance: random.Random, count: int) -> Iterator[Story]:
    for _ in range(count):
        kills = (_any(chance), *([_any(chance)] if chance.random() < 0.3 else []))
        yield Story(row="four connections", kills=kills, uncertain=None, connections=4, surely=False)


def _any(chance: random.Random) -> Kill:
    step, occurrences, _ = chance.choice(MAIL)
    return Kill(step=step, nth=chance.choice(occurrences))


def _failing(few: bool) -> Iterator[Story]:
    for how in FAILING:
        for step in FAILING_AT[:1] if few else FAILING_AT:
            row = f"{' '.join(how)}, then killed"
            yield Story(
                row=row, kills=(Kill(step=step),), uncertain=None, fails=how, surely=False, any_uncertain=True
            )
