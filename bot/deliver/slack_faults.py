"""What Slack's errors mean for a delivery, each in its own sentence with what to do about it.

The token's and the app's troubles are deferred: once they are mended, everything that waits goes. A channel's
are refused, since only that channel's people can mend them; `outbox retry` sends it then. A 500 is uncertain:
Slack says of `fatal_error` and `internal_error` that a part of the work may have been done. A 429 and a
`service_unavailable` (503) were not taken.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.deliver.words import clean, cut

EXPECTED = (SlackClientError, URLError, http.client.HTTPException, OSError)
UNTAKEN = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
WHEN_NOT_SAID = timedelta(seconds=60)  # for a 429 that does not say how long

TOKEN = "create or copy the app's bot token (xoxb-…) and put it into SLACK_BOT_TOKEN"
OF_THE_APP = {
    "invalid_auth": f"Slack does not know this token: {TOKEN}.",
    "not_authed": f"No token reached Slack: {TOKEN}.",
    "token_revoked": f"The Slack token was revoked: {TOKEN}.",
    "token_expired": f"The Slack token has expired: {TOKEN}.",
    "account_inactive": f"The Slack app was taken out of the workspace: install it again, then {TOKEN}.",
    "not_allowed_token_type": f"This kind of Slack token cannot post: {TOKEN}.",
    "org_login_required": "The Slack workspace is being moved; it will be tried again.",
    "service_unavailable": "Slack is not available now; it will be tried again.",
    "request_timeout": "Slack did not get the whole request; it will be tried again.",
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
    "thread_not_found": "The post in {channel} that this answers was deleted.",
}
TOO_LARGE = ("msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text")
BEYOND_EDITING = ("message_not_found", "cant_update_message", "edit_window_closed")
RATE = ("ratelimited", "rate_limited", "message_limit_exceeded")
TAKEN_PERHAPS = ("fatal_error", "internal_error")


class Trouble(Exception):
    """A call that did not end well, as an outcome's state and sentence."""

    def __init__(
        self,
        state: Literal["refused", "deferred", "uncertain"],
        detail: str,
        retry_after: timedelta | None = None,
    ) -> None:
        self.state = state
        self.detail = detail
        self.retry_after = retry_after
        super().__init__(detail)


def trouble(error: Exception, channel: str, *, harmless: bool = False) -> Trouble:
    """What `error`, one of EXPECTED, means for what was on its way to `channel`.

    `harmless`: the call may be repeated without harm (an edit), so nothing of it is ever uncertain.
    """
    found = _of_answer(error, channel) if isinstance(error, SlackApiError) else _of_connection(error)
    if harmless and found.state == "uncertain":
        return Trouble("deferred", f"{found.detail} It is an edit, so it will be tried again.")
    return found


def beyond_editing(error: Exception) -> bool:
    """Whether an edit failed because its post was deleted, or may not be changed: then it is posted anew."""
    return isinstance(error, SlackApiError) and error.response.get("error") in BEYOND_EDITING


def _of_answer(error: SlackApiError, channel: str) -> Trouble:
    answer = error.response
    said = answer.data if isinstance(answer.data, dict) else {}
    code = cut(clean(str(said.get("error", ""))), 100)[0]
    status = int(answer.status_code)
    if status == 429 or code in RATE:
        wait = _retry_after(answer.headers)
        seconds = round(wait.total_seconds())
        return Trouble("deferred", f"Slack asks to wait for {seconds} seconds (too many messages).", wait)
    if code == "missing_scope":
        needed = clean(str(said.get("needed", ""))) or "one"
        return Trouble(
            "deferred",
            f"The Slack app lacks the scope {needed}: add it under OAuth & Permissions, then install the app "
            "again.",
        )
    if code in OF_THE_APP:
        return Trouble("deferred", OF_THE_APP[code])
    if code in OF_THE_CHANNEL:
        return Trouble("refused", OF_THE_CHANNEL[code].format(channel=channel))
    if code in TOO_LARGE:
        return Trouble(
            "refused",
            f"Slack did not take the form of the message ({code}): this is a fault of the program, or of an "
            "edited template; please report it.",
        )
    if status == 503:
        return Trouble("deferred", OF_THE_APP["service_unavailable"])
    if status >= 500 or code in TAKEN_PERHAPS or status != 200 or not said.get("error"):
        return _unknown(f"{status} {code}".strip())
    if " " in code:  # the SDK's own words for an answer that is not Slack's
        return _unknown(f"{status}, and no answer in Slack's form: check SLACK_API_URL")
    return Trouble("refused", f"Slack refused to post to {channel} ({code}).")


def _of_connection(error: Exception) -> Trouble:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, UNTAKEN):
        return Trouble(
            "deferred", f"Slack could not be reached ({_plain(reason)}): check the network and SLACK_API_URL."
        )
    if isinstance(error, SlackClientError):
        return Trouble("deferred", f"Slack could not be asked ({_plain(error)}): check SLACK_API_URL.")
    return _unknown(_plain(reason))


def _unknown(why: str) -> Trouble:
    return Trouble(
        "uncertain",
        f"Slack was given a post but did not say clearly that it took it, so it may or may not be there "
        f"({why}).",
    )


def _retry_after(headers: Mapping[str, object]) -> timedelta:
    named = {name.lower(): value for name, value in headers.items()}
    try:
        return timedelta(seconds=min(3600, max(1, int(str(named.get("retry-after", ""))))))
    except ValueError:
        return WHEN_NOT_SAID


def _plain(reason: object) -> str:
    return cut(clean(str(reason)), 120)[0] or type(reason).__name__
