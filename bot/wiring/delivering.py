"""The bot's digests: made, previewed, put in the outbox, and delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bot.cadence import next_slot
from bot.deliver.mail.letter import Letters
from bot.deliver.rendering.printed import Printed
from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.models import Delivery, Edition, Medium, Organisation, Outcome, Reader, Subscription
from bot.pipeline import reporting, send, summary
from bot.pipeline.lanes import Lane
from bot.pipeline.register import Register
from bot.pipeline.send import Sending
from bot.wiring import outgoing, templates, waiting
from bot.wiring.configured import DATA, Configured
from bot.wiring.shipped import as_tried, shipped_templates, template_folders

if TYPE_CHECKING:  # imported where they are needed: what a command does not use, it does not wait for
    from bot.deliver.heartbeat import Heartbeat

OUTBOX = DATA / "outbox"
SLACK_SIDE_BY_SIDE = 2  # channels posted to at once; each has a message a second


class Delivering(Configured):
    """Composes what is due to the readers of the configuration, and delivers it."""

    # --- what is sent ------------------------------------------------------------------------------------

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(self.templates, self.name_of_theme, self.organisation)

    def organisation(self) -> Organisation:
        """Who sends, as the configuration says at the time."""
        return replace(self.configuration.organisation, contact=self.addresses.contact)

    @cached_property
    def templates(self) -> Templates:
        """An administrator's templates before those that ship."""
        return Templates(template_folders(self.directory))

    @cached_property
    def printed(self) -> Printed:
        return Printed(self.templates, self.name_of_theme, self.organisation)

    @cached_property
    def letters(self) -> Letters:
        """Raises ConfigError where the key that signs them cannot be used."""
        return outgoing.letters(
            self.environment,
            self.renderer,
            self.clock,
            self.organisation().name,
            lambda delivery: self.addresses.unsubscribe_url(delivery.subscriber_id, delivery.subscriptions),
            self.addresses.page_url,
            lambda: self.watched.current,
        )

    def check_templates(self) -> None:
        """Try every template with hard cases, and look at the key that signs mails. Raises ConfigError with
        every mistake: file, line and what would be right."""
        making = templates.Making(name_of_theme=self.name_of_theme, organisation=self.organisation)
        own = self.directory / "templates"
        templates.check(None if as_tried(own) else own, shipped_templates(), making, self.clock.now())
        _ = self.letters

    # --- the outbox --------------------------------------------------------------------------------------

    @cached_property
    def lanes(self) -> dict[Medium, Lane]:
        environment = self.environment
        mail = outgoing.mail(environment, self.letters, OUTBOX)
        slack = outgoing.slack(environment, self.renderer, self.addresses.page_url)
        self._closing += [mail.close, slack.close]
        return {
            "email": Lane(
                channel=mail, side_by_side=environment.mail_connections, an_hour=environment.mail_per_hour
            ),
            "slack": Lane(channel=slack, side_by_side=SLACK_SIDE_BY_SIDE),
        }

    @cached_property
    def register(self) -> Register:
        return Register(self.store, self.clock, lambda: self.configuration.stop_after_bounces)

    @property
    def sending(self) -> Sending:
        return Sending(
            archive=self.store,
            ledger=self.store,
            register=self.register,
            lanes=self.lanes,
            sources=self.sources,
            clock=self.clock,
        )

    def compose_due(self) -> int:
        """Put every digest and every report that is due in the outbox; returns how many messages."""
        count = send.compose_due(self.configuration.schedules, self.sending)
        count += reporting.compose_reports(self.sending)
        if cron := self.configuration.summary:
            count += summary.compose_summaries(cron, self.sending)
        return count

    def ask_about_silence(self) -> None:
        """Note sources that have been silent for longer than ever, for the next report."""
        reporting.ask_about_silence(self.configuration.sources, self.store, self.clock.now())

    def next_digests(self) -> list[tuple[str, datetime]]:
        """When each digest goes out next, and the summary of administrators."""
        now, cron = self.clock.now(), self.configuration.summary
        every = (*self.configuration.schedules, *((summary.summary_at(cron),) if cron else ()))
        return [(one.id, next_slot(one.cron, one.timezone, now)) for one in every if one.cron]

    def preview(self, subscription: Subscription) -> Sequence[Edition]:
        """What the first reader of this subscription would get now; nothing is kept."""
        readers = self.readers_of(subscription)[:1]
        parts, slot = self.sending, self.clock.now()
        shown = send.preview(readers, subscription.schedule, slot, parts, send.Checked(parts))
        return [edition for _, editions in shown for edition in editions]

    def preview_summary(self) -> Edition:
        """What a summary for administrators would say now of the last day; nothing is kept."""
        return summary.preview_summary(self.sending)

    def readers_of(self, subscription: Subscription) -> list[Reader]:
        """The readers that this subscription names, as enrolled; those who stopped are left out."""
        named = {(one.medium, one.address) for one in subscription.subscribers}
        readers = self.store.readers(subscription.schedule.id, self.clock.now())
        return [one for one in readers if (one.subscriber.medium, one.subscriber.address) in named]

    def compose(self, subscription: Subscription) -> int:
        """Put what the readers of this subscription have not been told in the outbox, due or not. Who has
        been told everything gets nothing: a quiet week is for the schedule to say."""
        parts, slot, schedule = self.sending, self.clock.now(), subscription.schedule
        return send.compose_all(
            self.readers_of(subscription), schedule, slot, parts, send.Checked(parts), only_news=True
        )

    def deliver(
        self,
        *,
        stopping: Callable[[], bool] = lambda: False,
        each: Callable[[Delivery, Outcome], None] = lambda delivery, outcome: None,
    ) -> Counter[str]:
        """Deliver what is in the outbox; how many ended in which state. Raises StoreError."""
        return send.deliver_all(self.sending, stopping=stopping, each=each)

    def knock(self) -> Iterator[tuple[str, str | None]]:
        """Each way out that is set up, with what is wrong with it, if anything is. Nothing is sent."""
        environment = self.environment
        if server := environment.mail_server:
            yield f"mail by {server.host}:{server.port}", self.lanes["email"].channel.knock()
        if environment.slack_bot_token:
            yield "Slack", self.lanes["slack"].channel.knock()

    @cached_property
    def heartbeat(self) -> Heartbeat | None:
        """The monitor that hears of every good round of the service, if one is set up."""
        from bot.deliver.heartbeat import Heartbeat

        url = self.environment.heartbeat_url
        return Heartbeat(url.get_secret_value()) if url else None

    def others_hold_for(self) -> timedelta | None:
        """How long, at most, other workers' claims keep something from being sent; None if none does."""
        return waiting.others_hold_for(self.store, self.clock.now())

    def held_up(self) -> list[str]:
        """Why what waits in the outbox does not go now, a sentence for each medium."""
        return waiting.held_up(self.store, self.environment.mail_per_hour, self.clock.now())
