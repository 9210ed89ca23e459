"""The ways into a Slack workspace: a channel's webhook where it has one, else the app's bot token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.deliver.rendering.render import Renderer
from bot.deliver.slack.channel import SlackChannel
from bot.deliver.slack.pace import Pace
from bot.deliver.slack.webhook import WebhookChannel
from bot.models import Delivery, Outcome
from bot.ports import Progress


class SlackWorkspace:
    """Delivers to the channels of a workspace. `token` None: only those with a webhook. `webhooks`: a
    channel's name or id to its secret address. `page_url`: as for SlackChannel. Thread-safe."""

    def __init__(
        self,
        renderer: Renderer,
        token: str | None,
        webhooks: Mapping[str, str],
        api_url: str | None = None,
        *,
        page_url: Callable[[str], str | None] = lambda edition_id: None,
        patience: float = 30,
        pace: Pace | None = None,
    ) -> None:
        pace = pace or Pace()  # one for both: when Slack asks to wait, all wait
        self._bot = SlackChannel(renderer, token, api_url, page_url=page_url, patience=patience, pace=pace)
        self._webhooks = WebhookChannel(renderer, webhooks, page_url=page_url, patience=patience, pace=pace)
        self._two_ways = bool(webhooks)

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """By the way that its channel has. With two ways, trouble of one never holds up the other; only
        when Slack itself asks to wait does everything."""
        by_webhook = self._webhooks.reaches(delivery.subscriber.address)
        outcome = (self._webhooks if by_webhook else self._bot).deliver(delivery, progress)
        if self._two_ways and outcome.retry_after is None:
            return replace(outcome, holds=False)
        return outcome

    def knock(self) -> str | None:
        """What is wrong with the token. Webhooks cannot be tried without posting."""
        return self._bot.knock()

    def close(self) -> None:
        """Close both."""
        self._bot.close()
        self._webhooks.close()
