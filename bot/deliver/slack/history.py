"""What stands in a Slack channel already: whether a part of a delivery arrived, the bot's words in a thread.

Each post carries metadata that says which part of which delivery it is. "It is not there" and "it cannot be
looked for" are different answers: after the second, nothing may be posted again unasked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.deliver.slack import faults
from bot.deliver.slack.faults import EXPECTED, WHEN_NOT_SAID, Trouble
from bot.deliver.slack.pace import Pace
from bot.models import Posted

EVENT = "learning_bot_delivery"
PAGES = 25
A_PAGE = 200  # Slack recommends no more
MARGIN = timedelta(days=1)  # our clock may have been wrong by hours; who is meant does not hang on it
TRIES = 3
MISSING = "missing_scope"
KINDS = {
    "public_channel,private_channel": (),
    "public_channel": ("groups:read",),
    "private_channel": ("channels:read",),
}
SCOPES = (
    "With the scopes channels:read and channels:history (in a private channel groups:read and "
    "groups:history) it could find out by itself from then on"
)


class CannotLook(Exception):
    """It cannot be looked for. `trouble`: why not now, where it may well be possible later; None: not before
    somebody changes what `detail` says."""

    def __init__(self, detail: str, trouble: Trouble | None = None) -> None:
        self.detail = detail
        self.trouble = trouble
        super().__init__(detail)


class History:
    """Reads channels with the bot's token. Raises CannotLook."""

    def __init__(self, client: WebClient, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    def find(
        self, channel: str, thread: str | None, part: dict[str, Any], since: datetime
    ) -> tuple[str, str] | None:
        """The channel's id and the `ts` of this part; None: it is not there. `channel` is a name or an id;
        `since`: when it can have been posted at the earliest."""
        known = self._id_of(channel)
        oldest = f"{(since - MARGIN).timestamp():.6f}"
        for message in self._messages(known, channel, thread, oldest=oldest):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT and _same(payload, part):
                return known, str(message["ts"])
        return None

    def own_replies(self, post: Posted) -> list[dict[str, Any]]:
        """What the bot wrote in the thread of this post."""
        return [
            message
            for message in self._messages(post.channel, post.channel, post.ts)
            if (message.get("metadata") or {}).get("event_type") == EVENT and message.get("ts") != post.ts
        ]

    def _messages(
        self, known: str, channel: str, thread: str | None, **arguments: str
    ) -> Iterator[dict[str, Any]]:
        method = "conversations.replies" if thread else "conversations.history"
        arguments |= {"channel": known, "include_all_metadata": "1", **({"ts": thread} if thread else {})}
        try:
            yield from self._pages(method, "messages", arguments, channel)
        except SlackApiError as error:  # of those, only what _asked lets through
            if error.response.get("error") != "thread_not_found":
                raise CannotLook(_why_not(error, channel)) from None

    def _id_of(self, channel: str) -> str:
        if not channel.startswith("#"):
            return channel
        lacking: tuple[str, ...] = ()
        for types, unseen in KINDS.items():
            try:
                for one in self._pages("conversations.list", "channels", {"types": types}, channel):
                    if one.get("name") == channel.removeprefix("#"):
                        return str(one["id"])
            except SlackApiError:
                continue  # a kind of channel that the app may not list
            lacking = unseen
            break
        else:
            raise CannotLook(f"{SCOPES}: add them under OAuth & Permissions, and install the app again.")
        if lacking:
            raise CannotLook(
                f"{channel} is not among the channels that the app may list: with the scope {lacking[0]} it "
                "could find out by itself; add it under OAuth & Permissions, and install the app again."
            )
        raise CannotLook(f"There is no channel {channel} now in which it could look.")

    def _pages(
        self, method: str, name: str, arguments: dict[str, str], channel: str
    ) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(PAGES):
            answer = self._asked(
                method, {**arguments, "limit": A_PAGE} | ({"cursor": cursor} if cursor else {}), channel
            )
            yield from answer.get(name) or []
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor and not answer.get("has_more"):
                return
            if not cursor:
                break
        raise CannotLook(f"More stands in {channel} since than it looks through; look there for it.")

    def _asked(self, method: str, arguments: dict[str, Any], channel: str) -> Any:
        """An answer. Raises SlackApiError for what only a person can change, CannotLook for what passes."""
        for last in (False,) * (TRIES - 1) + (True,):
            try:
                self._pace.heed()
                return self._client.api_call(method, http_verb="GET", params=arguments)
            except Trouble as waits:
                raise CannotLook(waits.detail, waits) from None
            except EXPECTED as error:
                met = faults.trouble(error, channel)
                if isinstance(error, SlackApiError) and (met.state == "refused" or met.code == MISSING):
                    raise
            short = met.asks_to_wait and self._pace.asked_to_wait(met.retry_after or WHEN_NOT_SAID)
            if last or not short:
                raise CannotLook(met.detail, met)
        raise AssertionError("the last try returns or raises")


def _same(payload: dict[str, Any], part: dict[str, Any]) -> bool:
    return all(str(payload.get(name)) == str(value) for name, value in part.items())


def _why_not(error: SlackApiError, channel: str) -> str:
    code = str(error.response.get("error"))
    if code == MISSING:
        needed = str(error.response.get("needed") or "channels:history")
        return f"{SCOPES}: it lacks {needed}; add it under OAuth & Permissions, and install the app again."
    if code in ("not_in_channel", "channel_not_found"):
        return f"If the bot were in {channel} it could find out by itself: invite it there."
    return f"The history of {channel} could not be read ({code})."
