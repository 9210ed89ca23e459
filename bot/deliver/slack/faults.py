"""What Slack's errors mean for a delivery, each in its own sentence with what to do about it.

The token's and the app's troubles are deferred and hold all of Slack: once they are mended, everything that
waits goes. A channel's are refused, since only that channel's people can mend them; `outbox retry` sends it
then. A 500 is uncertain: Slack says of `fatal_error` and `internal_error` that a part of the work may have
been done. A 429 and a `service_unavailable` (503) were not taken; nor was what could not be written whole.
"""

from __future__ import annotations

import http.client
import logging
import math
import re
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.deliver.words import clean, cut

# ValueError: an address that is none; as UnicodeError, an answer in whatever bytes that is not Slack's
EXPECTED = (SlackClientError, URLError, http.client.HTTPException, OSError, ValueError)
SILENT = logging.Logger("slack", logging.CRITICAL + 1)  # for the SDK: every trouble is an outcome here
WHEN_NOT_SAID = timedelta(seconds=60)  # for a 429 that does not say how long
LONGEST_WAIT = 3600  # seconds

TOKEN = "create or copy the app's bot token (xoxb-…) and put it into SLACK_BOT_TOKEN"
OF_THE_APP = {
    "invalid_auth": f"Slack does not know this token: {TOKEN}.",
    "not_authed": f"No token reached Slack: {TOKEN}.",
    "token_revoked": f"The Slack token was revoked: {TOKEN}.",
    "token_expired": f"The Slack token has expired: {TOKEN}.",
    "account_inactive": f"The Slack app was taken out of the workspace: install it again, then {TOKEN}.",
    "not_allowed_token_type": f"This kind of Slack token cannot post: {TOKEN}.",
    "access_denied": "The Slack workspace does not let the app in: ask its administrator to approve it.",
    "no_permission": "The Slack app may not post: ask the workspace's administrator to approve it.",
    "team_access_not_granted": "The Slack app may not use this workspace: ask its administrator to allow it.",
    "org_login_required": "The Slack workspace is being moved; it will be tried again.",
    "team_added_to_org": "The Slack workspace is being moved; it will be tried again.",
    "service_unavailable": "Slack is not available now; it will be tried again.",
}
OF_THE_CHANNEL = {
    "channel_not_found": "There is no Slack channel {channel}, or it is private and the bot is not in it: "
    "check the name in subscriptions.yaml, and invite the bot there.",
    "not_in_channel": "The bot is not in {channel}: invite it there (/invite @the bot's name).",
    "is_archived": "The Slack channel {channel} is archived: bring it back, or name another in "
    "subscriptions.yaml.",
    "restricted_action": "The workspace does not let the bot post in {channel}: ask its administrator.",
    "restricted_action_read_only_channel": "{channel} is read-only for the bot: ask its administrator.",
    "restricted_action_thread_locked": "The thread in {channel} is locked: ask who locked it.",
    "restricted_action_non_threadable_channel": "{channel} takes no threads, which the bot posts detail in: "
    "name another channel, or use a webhook for this one.",
}
THREAD_GONE = "The post in {channel} that this answers was deleted."
AGAIN = "Then `learning-bot outbox retry` sends it."
OF_A_MOMENT = {
    "request_timeout": "Slack did not get the whole request; it will be tried again.",
    "external_channel_migrating": "The Slack channel is being moved; it will be tried again.",
}
TOO_LARGE = (
    "msg_too_long",
    "msg_blocks_too_long",
    "invalid_blocks",
    "invalid_blocks_format",
    "no_text",
    "metadata_too_large",
)
NO_LONGER_THERE = (
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "channel_not_found",
    "not_in_channel",
    "is_archived",
)
RATE = ("ratelimited", "rate_limited", "message_limit_exceeded")
TAKEN_PERHAPS = ("fatal_error", "internal_error")


class Trouble(Exception):
    """A call that did not end well: an outcome's state, sentence and what else it says. `code`: Slack's."""

    def __init__(
        self,
        state: Literal["refused", "deferred", "uncertain"],
        detail: str,
        retry_after: timedelta | None = None,
        *,
        holds: bool = False,
        code: str = "",
    ) -> None:
        self.state = state
        self.detail = detail
        self.retry_after = retry_after
        self.holds = holds
        self.code = code
        super().__init__(detail)

    @property
    def asks_to_wait(self) -> bool:
        """Whether it is Slack's 429: not taken, and `retry_after` says how long."""
        return self.code == "ratelimited"


def trouble(error: Exception, channel: str) -> Trouble:
    """What `error`, one of EXPECTED, means for what was on its way to `channel`."""
    return _of_answer(error, channel) if isinstance(error, SlackApiError) else of_connection(error)


def too_many(wait: timedelta) -> Trouble:
    """Slack asks to wait."""
    seconds = round(wait.total_seconds())
    detail = f"Slack asks to wait for {seconds} seconds (too many messages)."
    return Trouble("deferred", detail, wait, holds=True, code="ratelimited")


def asked_for(headers: Mapping[str, object]) -> timedelta:
    """How long a 429 asks to wait: `Retry-After`, between a second and an hour."""
    named = {name.lower(): str(value).strip() for name, value in headers.items()}
    said = named.get("retry-after", "")
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", said):
        return WHEN_NOT_SAID
    return timedelta(seconds=min(LONGEST_WAIT, max(1, math.ceil(float(said)))))


def unknown(why: str) -> Trouble:
    """It may have been taken."""
    return Trouble(
        "uncertain",
        f"Slack was given a post but did not say clearly that it took it, so it may or may not be there "
        f"({why}).",
    )


def not_slack(status: int, setting: str) -> Trouble:
    """An answer of 400 to 499 without a word of Slack's: Slack never had the post."""
    return Trouble(
        "deferred",
        f"Something between here and Slack said no (HTTP {status}): check the network, its proxy and "
        f"{setting}.",
        holds=True,
    )


def wrong_form(code: str) -> Trouble:
    """Slack did not like the message itself."""
    return Trouble(
        "refused",
        f"Slack did not take the form of the message ({code}): this is a fault of the program, or of an "
        "edited template; please report it.",
        code=code,
    )


def of_connection(error: Exception, setting: str = "SLACK_API_URL") -> Trouble:
    """What an error that is not an answer means. `setting`: what the administrator would check."""
    if isinstance(error, URLError):  # the library's word for: not all of the request could be written
        why = _plain(error.reason)
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            why = f"its certificate is not trusted: {why}"
        return Trouble(
            "deferred", f"Slack could not be reached ({why}): check the network and {setting}.", holds=True
        )
    no_address = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
    if no_address or isinstance(error, SlackClientError | http.client.InvalidURL):  # may repeat the address
        return Trouble("deferred", f"Slack could not be asked: check {setting}.", holds=True)
    return unknown(_plain(error))


def _of_answer(error: SlackApiError, channel: str) -> Trouble:
    answer = error.response
    said = answer.data if isinstance(answer.data, dict) else {}
    code = cut(clean(str(said.get("error") or "")), 100)[0]
    status = int(answer.status_code)
    if status == 429 or code in RATE:
        return too_many(asked_for(answer.headers))
    if code == "missing_scope":
        needed = clean(str(said.get("needed") or "")) or "that it needs"
        return Trouble(
            "deferred",
            f"The Slack app lacks the scope {needed}: add it under OAuth & Permissions, then install the app "
            "again.",
            holds=True,
            code=code,
        )
    if known := _known(code, channel):
        return known
    if status == 503:
        return Trouble("deferred", OF_THE_APP["service_unavailable"], holds=True)
    if 400 <= status < 500 and (not code or " " in code):
        return not_slack(status, "SLACK_API_URL")
    if status != 200 or code in TAKEN_PERHAPS or not code:
        return unknown(f"{status} {code}".strip())
    if " " in code:  # the SDK's own words for an answer that is not Slack's
        return unknown(f"{status}, and no answer in Slack's form: check SLACK_API_URL")
    return Trouble("refused", f"Slack refused to post to {channel} ({code}).", code=code)


def _known(code: str, channel: str) -> Trouble | None:
    if code in OF_THE_APP:
        return Trouble("deferred", OF_THE_APP[code], holds=True, code=code)
    if code in OF_A_MOMENT:
        return Trouble("deferred", OF_A_MOMENT[code], code=code)
    if code in OF_THE_CHANNEL:
        return Trouble("refused", f"{OF_THE_CHANNEL[code].format(channel=channel)} {AGAIN}", code=code)
    if code == "thread_not_found":
        return Trouble("refused", THREAD_GONE.format(channel=channel), code=code)
    if code in TOO_LARGE:
        return wrong_form(code)
    return None


def _plain(reason: object) -> str:
    return cut(clean(str(reason)), 120)[0] or type(reason).__name__
