"""Posts to Slack, one part after another, each kept as it is taken, so that no part is posted twice.

Slack has no key that makes a repeated post harmless. So each part carries metadata (delivery and part),
nothing is retried by the SDK (its default posts twice when a connection drops), and where a post's end is
unknown the channel's history is looked at before anything else is done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk import WebClient

from bot.deliver import slack_faults
from bot.deliver.blocks import Block
from bot.deliver.render import Renderer
from bot.deliver.slack_faults import EXPECTED, Trouble
from bot.models import Delivery, Outcome, Posted
from bot.ports import Progress

API = "https://slack.com/api/"
EVENT = "learning_bot_delivery"
BURST = 5  # Slack takes one message a second in a channel, and short bursts
PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call: a new message, a reply to the message of step `root`, or (`edit`) message `ts` changed."""

    text: str
    blocks: tuple[Block, ...]
    review_id: int | None = None
    root: int | None = None
    channel: str | None = None
    ts: str | None = None
    edit: bool = False


class SlackChannel:
    """Delivers to Slack channels with a bot token of the scope `chat:write`.

    With `channels:read` and `channels:history` it can also look whether an uncertain post arrived. `token`
    None: everything waits. `patience` is in seconds; `pause` waits so many. Thread-safe.
    """

    def __init__(
        self,
        renderer: Renderer,
        token: str | None,
        api_url: str | None = None,
        *,
        patience: float = 30,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._renderer = renderer
        self._token = token
        self._client = WebClient(
            token=token,
            base_url=(api_url or API).rstrip("/") + "/",
            timeout=int(max(1, patience)),
            retry_handlers=[],
        )
        self._pause = pause
        self._sent: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Post what of the delivery has not been posted yet, and say how it ended."""
        if not self._token:
            return Outcome(
                state="deferred",
                detail="No Slack token is set: put the app's bot token into SLACK_BOT_TOKEN.",
            )
        posted = list(delivery.posted)
        try:
            for number, step in enumerate(self._steps(delivery)):
                if number < len(delivery.posted):
                    continue
                taken = self._take(delivery, number, step, posted, progress)
                posted.append(taken)
                progress.posted(taken)
        except Trouble as trouble:
            return Outcome(
                state=trouble.state,
                detail=trouble.detail,
                retry_after=trouble.retry_after,
                posted=tuple(posted[len(delivery.posted) :]),
            )
        return Outcome(
            state="sent",
            detail=f"Posted to {delivery.subscriber.address} in {len(posted)} parts.",
            posted=tuple(posted[len(delivery.posted) :]),
        )

    def close(self) -> None:
        """Nothing is kept open."""

    def _steps(self, delivery: Delivery) -> list[Step]:
        """The calls that this delivery is made of, always the same ones in the same order."""
        shown = {post.review_id: post for post in sorted(delivery.earlier, key=lambda one: one.ts)}
        steps: list[Step] = []
        for post in self._renderer.slack(delivery.edition.digest):
            earlier = shown.get(post.review_id) if post.review_id is not None else None
            new = Step(text=post.text, blocks=post.blocks, review_id=post.review_id)
            thread = post.thread
            if earlier and post.change:
                new = replace(new, edit=True, channel=earlier.channel, ts=earlier.ts)
                thread = (post.change,)
            root = len(steps)
            steps.append(new)
            steps += [Step(text=part.text, blocks=part.blocks, root=root) for part in thread]
        return steps

    def _take(
        self, delivery: Delivery, number: int, step: Step, posted: list[Posted], progress: Progress
    ) -> Posted:
        """Make one call, unless an earlier try of it is found in the channel."""
        channel = step.channel or (posted[0].channel if posted else delivery.subscriber.address)
        thread = step.ts if step.root is None else posted[step.root].ts
        part = {"delivery_id": delivery.id, "part": number}
        first_of_a_second_try = delivery.attempts > 1 and number == len(delivery.posted)
        if first_of_a_second_try and not step.edit and (found := self._look(channel, thread, part)):
            return Posted(channel=found[0], ts=found[1], review_id=step.review_id)
        self._keep_the_pace(delivery.subscriber.address)
        progress.handing_over()
        try:
            answer = self._call(step, channel, thread, part)
        except EXPECTED as error:
            if step.edit and slack_faults.beyond_editing(error):
                anew = replace(step, edit=False, ts=None)
                return self._take(delivery, number, anew, posted, progress)
            trouble = slack_faults.trouble(error, delivery.subscriber.address, harmless=step.edit)
            if trouble.state == "uncertain" and (found := self._look(channel, thread, part)):
                return Posted(channel=found[0], ts=found[1], review_id=step.review_id)
            raise trouble from None
        return Posted(channel=str(answer["channel"]), ts=str(answer["ts"]), review_id=step.review_id)

    def _call(self, step: Step, channel: str, thread: str | None, part: dict[str, int]) -> Any:
        content: dict[str, Any] = {"channel": channel, "text": step.text, "blocks": list(step.blocks)}
        if step.edit and thread:
            return self._client.chat_update(ts=thread, **content)
        return self._client.chat_postMessage(
            thread_ts=thread,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT, "event_payload": part},
            **content,
        )

    def _keep_the_pace(self, channel: str) -> None:
        with self._lock:
            now = time.monotonic()
            recent = [moment for moment in self._sent.get(channel, []) if moment > now - BURST]
            wait = recent[-BURST] + BURST - now if len(recent) >= BURST else 0.0
            self._sent[channel] = [*recent, now + wait]
        if wait > 0:
            self._pause(wait)

    # --- whether a post arrived ---------------------------------------------------------------------------

    def _look(self, channel: str, thread: str | None, part: dict[str, int]) -> tuple[str, str] | None:
        """Channel and `ts` of this part, if it is in the channel. None also where looking is not possible."""
        try:
            if (known := self._id_of(channel)) is None:
                return None
            if thread:
                answer = self._client.conversations_replies(
                    channel=known, ts=thread, include_all_metadata=True, limit=200
                )
            else:
                answer = self._client.conversations_history(
                    channel=known, include_all_metadata=True, limit=100
                )
        except EXPECTED:
            return None
        messages: list[dict[str, Any]] = answer.get("messages") or []
        for message in messages:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT and metadata.get("event_payload") == part:
                return known, str(message["ts"])
        return None

    def _id_of(self, channel: str) -> str | None:
        if not channel.startswith("#"):
            return channel
        cursor = ""
        for _ in range(PAGES):
            answer = self._client.conversations_list(
                cursor=cursor or None, limit=200, exclude_archived=True, types="public_channel"
            )
            listed: list[dict[str, Any]] = answer.get("channels") or []
            for one in listed:
                if one.get("name") == channel.removeprefix("#"):
                    return str(one["id"])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None
        return None
