"""A delivery as the calls it is made of, and the way through them that both ways into Slack share.

The calls are always the same ones in the same order, but for one thing that what was posted shows: whether a
post was edited or had to be posted anew. So a second try can go on where the first ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.deliver.block_kit.blocks import Block, SlackPart, SlackPost
from bot.deliver.slack.faults import Trouble
from bot.models import Delivery, Outcome, Posted
from bot.ports import Progress

WEBHOOK = "webhook-"  # how the `ts` of what a webhook posted begins: Slack tells none


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call: a new message; a reply to the message of step `root`; or message `ts` of `channel` edited.

    An edit has `anew`, which is posted where the message can no longer be edited, and, for a review that
    was withdrawn, `blank`: what stands in its thread in place of the review's words."""

    text: str
    blocks: tuple[Block, ...]
    review_id: int | None = None
    root: int | None = None
    channel: str = ""
    ts: str | None = None
    anew: SlackPart | None = None
    blank: SlackPart | None = None


@dataclass(slots=True, kw_only=True)
class Way:
    """How far a delivery has come. `notes`: sentences for the operator, beside how it ended."""

    delivery: Delivery
    posted: list[Posted]
    notes: list[str] = field(default_factory=list)

    @property
    def second_try(self) -> bool:
        """Whether the next part may have been posted by an earlier try."""
        at_first = len(self.posted) == len(self.delivery.posted)
        return at_first and (self.delivery.attempts > 1 or self.delivery.state == "uncertain")


def _steps(posts: Iterable[SlackPost], way: Way, edits: bool) -> Iterator[Step]:
    """The calls for these posts. Each is asked for when those before it stand in `way.posted`: where a post
    could not be edited, its new thread has all that is told of the review, else only what changed."""
    shown = {post.review_id: post for post in way.delivery.earlier}
    root = 0
    for post in posts:
        first = _first_step(post, shown.get(post.review_id) if post.review_id else None, edits)
        yield first
        edited = first.ts is not None and way.posted[root].ts == first.ts
        replies = post.changes if edited else post.thread
        for part in replies:
            yield Step(text=part.text, blocks=part.blocks, root=root)
        root += 1 + len(replies)


def _first_step(post: SlackPost, earlier: Posted | None, edits: bool) -> Step:
    new = Step(text=post.text, blocks=post.blocks, review_id=post.review_id)
    if not earlier or not post.anew:
        return new
    if not edits or earlier.ts.startswith(WEBHOOK):
        return replace(new, text=post.anew.text, blocks=post.anew.blocks)
    blank = post.changes[0] if post.withdrawn else None
    return replace(new, channel=earlier.channel, ts=earlier.ts, anew=post.anew, blank=blank)


def go_through(
    posts: Iterable[SlackPost],
    delivery: Delivery,
    progress: Progress,
    take: Callable[[int, Step, Way], Posted],
    *,
    edits: bool = True,
) -> Outcome:
    """Takes the steps that are left, each kept as it is taken, until the end or the first Trouble. `edits`
    False: nothing can be edited, so what was changed is posted anew."""
    way = Way(delivery=delivery, posted=list(delivery.posted))
    before = len(delivery.posted)
    try:
        for number, step in enumerate(_steps(posts, way, edits)):
            if number < before:
                continue
            taken = take(number, step, way)
            way.posted.append(taken)
            progress.posted(taken)
    except Trouble as trouble:
        return Outcome(
            state=trouble.state,
            detail=" ".join([trouble.detail, *way.notes]),
            retry_after=trouble.retry_after,
            posted=tuple(way.posted[before:]),
            holds=trouble.holds,
        )
    count = f"{len(way.posted)} parts" if len(way.posted) > 1 else "one part"
    return Outcome(
        state="sent",
        detail=" ".join([f"Posted to {delivery.subscriber.address} in {count}.", *way.notes]),
        posted=tuple(way.posted[before:]),
    )
