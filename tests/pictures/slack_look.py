"""What Slack shows of posts, drawn for a picture: a channel with its threads opened. It looks somewhat like Slack,
and is not Slack: the drawing is the one that the demo's stand-in makes.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.deliver.block_kit.blocks import SlackPart, SlackPost
from bot.demo import slack_page
from bot.demo.slack_page import Message, Room


def page(posts: Sequence[SlackPost], channel: str = "learning-babies") -> str:
    """A whole HTML page with these posts in a channel, each with its thread below it."""
    messages: list[Message] = []
    for number, post in enumerate(posts):
        root = f"{number}.0"
        messages.append(_message(SlackPart(text=post.text, blocks=post.blocks), root))
        messages += [
            _message(part, f"{number}.{reply}", root) for reply, part in enumerate(post.thread, start=1)
        ]
    return slack_page.page([Room(id="C1", name=channel, messages=messages)])


def _message(part: SlackPart, ts: str, thread: str | None = None) -> Message:
    return Message(ts=ts, text=part.text, blocks=list(part.blocks), metadata={}, thread_ts=thread)
