"""Posts to Slack channels through incoming webhooks: no app's token, one secret address for each channel.

A webhook answers `ok` and no more. So there are no threads (the detail stands below the post, in the
channel), no edits (what changed is posted anew), and no looking back: where a post's end is unknown, it stays
uncertain.
The address is the secret: whoever has it can post. It stands in no sentence, log or error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.deliver.rendering.render import Renderer
from bot.deliver.slack import faults
from bot.deliver.slack.faults import EXPECTED, SILENT, Trouble
from bot.deliver.slack.pace import Pace
from bot.deliver.slack.steps import WEBHOOK, Step, Way, go_through
from bot.deliver.words import clean, cut
from bot.models import Delivery, Outcome, Posted
from bot.ports import Progress

SETTING = "SLACK_WEBHOOKS"
CANNOT_LOOK = (
    "A webhook cannot look back: look into {channel}, then `learning-bot outbox resolve` or `outbox retry`."
)
NEW = f"make a new webhook for {{channel}} and put it into {SETTING}"
# By what Slack's answer says; each ends in a state, and in what to do.
TO_MEND = {
    "no_service": f"The webhook of {{channel}} was taken away or switched off: {NEW}.",
    "no_active_hooks": f"The webhook of {{channel}} is switched off: {NEW}.",
    "no_team": f"The webhook of {{channel}} is of no workspace: copy its whole address into {SETTING}.",
    "invalid_token": f"Slack does not know the webhook of {{channel}}: {NEW}.",
    "team_disabled": "The Slack workspace of {channel} is closed.",
}
REFUSED = {
    "channel_not_found": f"The channel of the webhook for {{channel}} is gone: {NEW}, or name another "
    "channel in subscriptions.yaml.",
    "channel_is_archived": "The Slack channel {channel} is archived: bring it back, or name another in "
    "subscriptions.yaml.",
    "action_prohibited": "The workspace does not let the webhook post in {channel}: ask its administrator.",
    "posting_to_general_channel_denied": "The workspace does not let the webhook post in {channel}: ask its "
    "administrator.",
    "user_not_found": f"The person whom the webhook of {{channel}} posts to is gone: {NEW}.",
}
FORM = (*faults.TOO_LARGE, "invalid_payload", "too_many_attachments")
CODES = {404: "no_service", 410: "channel_is_archived"}  # where the answer has no words


class WebhookChannel:
    """Delivers to the channels that have a webhook. `webhooks`: a channel, as subscribers have it
    (`#learning-babies`, or its id), to its secret address. `page_url`: as for SlackChannel. `patience` is in
    seconds. Thread-safe."""

    def __init__(
        self,
        renderer: Renderer,
        webhooks: Mapping[str, str],
        *,
        page_url: Callable[[str], str | None] = lambda edition_id: None,
        patience: float = 30,
        pace: Pace | None = None,
    ) -> None:
        self._renderer = renderer
        self._page_url = page_url
        self._clients = {
            channel.casefold(): WebhookClient(
                url, timeout=int(max(1, patience)), retry_handlers=[], logger=SILENT
            )
            for channel, url in webhooks.items()
        }
        self._pace = pace or Pace()

    def __repr__(self) -> str:
        return f"WebhookChannel({len(self._clients)} channels)"

    def reaches(self, channel: str) -> bool:
        """Whether this channel has a webhook."""
        return channel.casefold() in self._clients

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Post what of the delivery has not been posted yet, one message after another in the channel."""
        channel = delivery.subscriber.address
        if not self.reaches(channel):
            detail = f"{channel} has no webhook: put one for it into {SETTING}, or set SLACK_BOT_TOKEN."
            return Outcome(state="deferred", detail=detail)
        if delivery.state == "uncertain":
            why = f"It may or may not have been posted by an earlier try. {CANNOT_LOOK}"
            return Outcome(state="uncertain", detail=why.format(channel=channel))
        edition = delivery.edition
        page_url = self._page_url(edition.id)
        posts = self._renderer.slack(edition.digest, threads=False, page_url=page_url)

        client = self._clients[channel.casefold()]

        def take(number: int, step: Step, way: Way) -> Posted:
            self._pace.at_its_turn(channel, progress, lambda: _post(client, step, channel))
            return Posted(channel=channel, ts=f"{WEBHOOK}{number}", review_id=step.review_id)

        return go_through(posts, delivery, progress, take, edits=False)

    def knock(self) -> str | None:
        """A webhook cannot be tried without posting."""
        return None

    def close(self) -> None:
        """Nothing is kept open."""


def _post(client: WebhookClient, step: Step, channel: str) -> None:
    """Raises Trouble where it was not taken, or may not have been."""
    try:
        answer = client.send_dict(
            {
                "text": step.text,
                "blocks": list(step.blocks),
                "mrkdwn": False,
                "unfurl_links": False,
                "unfurl_media": False,
            }
        )
    except EXPECTED as error:
        found = faults.of_connection(error, SETTING)
    else:
        if answer.status_code == 200 and answer.body.strip() == "ok":
            return
        found = _of_answer(answer, channel)
    if found.state == "uncertain":
        raise Trouble("uncertain", f"{found.detail} {CANNOT_LOOK.format(channel=channel)}")
    raise found


def _of_answer(answer: WebhookResponse, channel: str) -> Trouble:
    status, said = answer.status_code, cut(clean(answer.body), 60)[0]
    code = said if said.replace("_", "").isalpha() else CODES.get(status, "")
    if status == 429 or code in faults.RATE:
        return faults.too_many(faults.asked_for(answer.headers))
    if code in TO_MEND:
        return Trouble("deferred", TO_MEND[code].format(channel=channel), code=code)
    if code in REFUSED:
        detail = f"{REFUSED[code].format(channel=channel)} {faults.AGAIN}"
        return Trouble("refused", detail, code=code)
    if code in FORM:
        return faults.wrong_form(code)
    if status == 503:
        return Trouble("deferred", faults.OF_THE_APP["service_unavailable"], holds=True)
    if 400 <= status < 500 and not code:
        return faults.not_slack(status, SETTING)
    if status >= 500 or 200 <= status < 400:
        return faults.unknown(f"{status} {code}".strip())
    return Trouble("refused", f"Slack refused the webhook's post to {channel} ({status} {code}).")
