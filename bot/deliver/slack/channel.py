"""Posts to Slack with a bot token, one part after another, each kept as it is taken: none is posted twice.

Slack has no key that makes a repeated post harmless. So each part carries metadata (delivery and part),
nothing is retried by the SDK (its default posts twice when a connection drops), and where a post's end is
unknown the channel's history is looked at before anything else is done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.deliver.block_kit.blocks import SlackPart
from bot.deliver.rendering.render import Renderer
from bot.deliver.slack import faults
from bot.deliver.slack.faults import EXPECTED, NO_LONGER_THERE, SILENT, Trouble
from bot.deliver.slack.history import EVENT, CannotLook, History
from bot.deliver.slack.pace import Pace
from bot.deliver.slack.steps import WEBHOOK, Step, Way, go_through
from bot.models import Delivery, Outcome, Posted
from bot.ports import Progress

API = "https://slack.com/api/"
LOOK_AGAIN = timedelta(minutes=1)
NO_TOKEN = "No Slack token is set: put the app's bot token into SLACK_BOT_TOKEN."
LOOK_YOURSELF = "Look into {channel}, then `learning-bot outbox resolve`, or `outbox retry` if it is not."


class SlackChannel:
    """Delivers to Slack channels with a bot token of the scope `chat:write`.

    With `channels:read` and `channels:history` it can also look whether an uncertain post arrived. `token`
    None: everything waits. `page_url`: where an edition, by its id, stands as a page, None where there is no
    web. `patience` is in seconds. `pace` is shared with other ways into the same workspace. Thread-safe.
    """

    def __init__(
        self,
        renderer: Renderer,
        token: str | None,
        api_url: str | None = None,
        *,
        page_url: Callable[[str], str | None] = lambda edition_id: None,
        patience: float = 30,
        pace: Pace | None = None,
    ) -> None:
        self._renderer = renderer
        self._token = token
        self._page_url = page_url
        self._client = WebClient(
            token=token,
            base_url=(api_url or API).rstrip("/") + "/",
            timeout=int(max(1, patience)),
            retry_handlers=[],
            logger=SILENT,
        )
        self._pace = pace or Pace()

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Post what of the delivery has not been posted yet, and say how it ended."""
        if not self._token:
            if delivery.state == "uncertain":
                return Outcome(state="uncertain", detail=NO_TOKEN, retry_after=LOOK_AGAIN)
            return Outcome(state="deferred", detail=NO_TOKEN, holds=True)
        edition = delivery.edition
        posts = self._renderer.slack(edition.digest, page_url=self._page_url(edition.id))
        posting = _Posting(self._client, self._pace, progress)
        return go_through(posts, delivery, progress, posting.take)

    def knock(self) -> str | None:
        """What is wrong with the token, or the way to Slack; None where nothing is. Nothing is posted."""
        try:
            if self._token:
                self._client.auth_test()
        except EXPECTED as error:
            return faults.trouble(error, "the workspace").detail
        return None

    def close(self) -> None:
        """Nothing is kept open."""


class _Posting:
    """One delivery being posted."""

    def __init__(self, client: WebClient, pace: Pace, progress: Progress) -> None:
        self._client = client
        self._pace = pace
        self._progress = progress
        self._history = History(client, pace)

    def take(self, number: int, step: Step, way: Way) -> Posted:
        """One step, unless an earlier try of it is found in the channel."""
        if step.ts:
            if edited := self._edited(step, step.ts, way):
                return edited
            step = _posted_anew(step)
        channel, thread = _place(step, way)
        edition = way.delivery.edition.id
        part = {"delivery_id": way.delivery.id, "edition": edition, "part": number}
        if way.second_try and (found := self._found_before(channel, thread, part, way)):
            return Posted(channel=found[0], ts=found[1], review_id=step.review_id)
        try:
            answer = self._call(way, lambda: self._post(step, channel, thread, part))
            if not answer.get("ts"):
                raise faults.unknown("its answer has no ts")
        except Trouble as trouble:
            if trouble.state != "uncertain":
                raise
            found = self._found_after(trouble, channel, thread, part, way)
            return Posted(channel=found[0], ts=found[1], review_id=step.review_id)
        post = Posted(channel=str(answer["channel"]), ts=str(answer["ts"]), review_id=step.review_id)
        self._pace.also_called(way.delivery.subscriber.address, post.channel)
        return post

    def _post(self, step: Step, channel: str, thread: str | None, part: dict[str, Any]) -> Any:
        return self._client.chat_postMessage(
            channel=channel,
            text=step.text,
            blocks=list(step.blocks),
            thread_ts=thread,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT, "event_payload": part},
        )

    def _call(self, way: Way, call: Callable[[], Any]) -> Any:
        """What Slack answers. Raises Trouble."""
        channel = way.delivery.subscriber.address

        def made() -> Any:
            try:
                return call()
            except EXPECTED as error:
                raise faults.trouble(error, channel) from None

        return self._pace.at_its_turn(channel, self._progress, made)

    # --- edits ------------------------------------------------------------------------------------------

    def _edited(self, step: Step, ts: str, way: Way) -> Posted | None:
        """The post after its edit; None where it can no longer be edited. An edit harms nobody when it is
        made twice, so that none of it is ever uncertain."""
        post = Posted(channel=step.channel, ts=ts, review_id=step.review_id)
        try:
            self._edit(post, step.text, step.blocks, way)
            if step.blank:
                self._blank(post, step, way)
        except Trouble as trouble:
            if trouble.code in NO_LONGER_THERE:
                return None
            if trouble.state == "uncertain":
                detail = f"{trouble.detail} It is an edit, so it will be tried again."
                raise Trouble("deferred", detail) from None
            raise
        return post

    def _edit(self, post: Posted, text: str, blocks: Any, way: Way) -> None:
        """`parse`: unlike a post, an edit would otherwise look for names and addresses in the text."""
        self._call(
            way,
            lambda: self._client.chat_update(
                channel=post.channel, ts=post.ts, text=text, blocks=list(blocks), parse="none"
            ),
        )

    def _blank(self, post: Posted, step: Step, way: Way) -> None:
        """Takes the words of a review that was withdrawn out of its thread."""
        assert step.blank
        try:
            for reply in self._history.own_replies(post):
                if reply.get("text") != step.blank.text:
                    own = Posted(channel=post.channel, ts=str(reply["ts"]))
                    self._blank_one(own, step.blank, way)
        except CannotLook as error:
            way.notes.append(
                f"The review was withdrawn, but its words may still stand in the thread below. {error.detail}"
            )

    def _blank_one(self, reply: Posted, blank: SlackPart, way: Way) -> None:
        try:
            self._edit(reply, blank.text, blank.blocks, way)
        except Trouble as trouble:
            if trouble.code == "message_not_found":  # somebody deleted it meanwhile
                return
            if trouble.code not in NO_LONGER_THERE:
                raise
            way.notes.append(
                "The review was withdrawn, but Slack does not let its words in the thread below be changed "
                f"({trouble.code}): delete them there."
            )

    # --- whether a post arrived -------------------------------------------------------------------------

    def _found_before(
        self, channel: str, thread: str | None, part: dict[str, Any], way: Way
    ) -> tuple[str, str] | None:
        """Where an earlier try may have posted this part: the post, or None where it is to be posted now."""
        uncertain = way.delivery.state == "uncertain"
        try:
            return self._history.find(channel, thread, part, _since(way.delivery))
        except CannotLook as error:
            if uncertain:
                raise _unseen(error, "It may or may not have been posted by an earlier try.", way) from None
            if error.trouble is None:  # somebody asks for it all the same
                return None
            again = error.trouble.retry_after or LOOK_AGAIN
            raise Trouble("deferred", error.detail, again, holds=error.trouble.asks_to_wait) from None

    def _found_after(
        self, trouble: Trouble, channel: str, thread: str | None, part: dict[str, Any], way: Way
    ) -> tuple[str, str]:
        try:
            found = self._history.find(channel, thread, part, _since(way.delivery))
        except CannotLook as error:
            raise _unseen(error, trouble.detail, way) from None
        if found is None:
            detail = f"{trouble.detail} It is not there yet; it will be looked for again in a minute."
            raise Trouble("uncertain", detail, LOOK_AGAIN)
        return found


def _unseen(error: CannotLook, detail: str, way: Way) -> Trouble:
    """It is looked for again later; else somebody must look, and says so by one of two commands."""
    if error.trouble:
        again = max(LOOK_AGAIN, error.trouble.retry_after or LOOK_AGAIN)
        return Trouble("uncertain", f"{detail} {error.detail}", again)
    look = LOOK_YOURSELF.format(channel=way.delivery.subscriber.address)
    return Trouble("uncertain", f"{detail} {look} {error.detail}")


def _since(delivery: Delivery) -> datetime:
    """When it can have been posted at the earliest. Somebody who asks for another try starts the count of
    tries anew, so there it is the moment for which the digest was made."""
    if delivery.state == "uncertain" and delivery.first_tried:
        return delivery.first_tried
    return delivery.edition.digest.slot


def _posted_anew(step: Step) -> Step:
    assert step.anew
    return Step(text=step.anew.text, blocks=step.anew.blocks, review_id=step.review_id)


def _place(step: Step, way: Way) -> tuple[str, str | None]:
    """Channel and thread of a message: a reply goes where the message that it answers is."""
    if step.root is None:
        return way.delivery.subscriber.address, None
    root = way.posted[step.root]
    if root.ts.startswith(WEBHOOK):  # the channel had a webhook then
        return way.delivery.subscriber.address, None
    return root.channel, root.ts
