"""The one place where real parts are chosen and joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from bot import config
from bot.cadence import next_slot
from bot.config import Configuration
from bot.deliver.letter import Letters
from bot.deliver.printed import Printed
from bot.deliver.render import Renderer
from bot.deliver.templating import Templates
from bot.errors import BotError, UsageError
from bot.models import (
    UNREAD,
    Delivery,
    Edition,
    Medium,
    Organisation,
    Outcome,
    Reader,
    SavedPage,
    Schedule,
    Source,
    SourceRun,
    SourceStanding,
    Subscription,
)
from bot.pipeline import collect, quarantine, reporting, send, summary
from bot.pipeline.follow import Collecting
from bot.pipeline.lanes import Lane
from bot.pipeline.register import Register
from bot.pipeline.send import Sending
from bot.pipeline.tagging import tag_archive
from bot.ports import Clock
from bot.rhythm import Rhythm, rhythm
from bot.themes import Vocabulary
from bot.wiring import outgoing, templates, waiting
from bot.wiring.addresses import Addresses
from bot.wiring.shipped import as_tried, load_vocabulary, shipped_templates, template_folders

if TYPE_CHECKING:  # imported where they are needed: what a command does not use, it does not wait for
    from bot.deliver.heartbeat import Heartbeat
    from bot.store import Store
    from bot.wiring.fetching import Fetching

__all__ = ["Bot", "SystemClock", "load_vocabulary", "named"]

DATA = Path("data")
OUTBOX = DATA / "outbox"
SLACK_SIDE_BY_SIDE = 2  # channels posted to at once; each has a message a second


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Bot:
    """The whole bot over one folder of configuration. Close it, or use it in a `with` block.

    `environ`: the environment variables; `clock`: for tests and the demo, which set their own time;
    `database_url`: another than DATABASE_URL, such as `sqlite://` for an archive in memory.
    """

    def __init__(
        self,
        directory: Path,
        environ: Mapping[str, str],
        *,
        clock: Clock | None = None,
        database_url: str | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.directory = directory
        self.watched = config.Watched(directory, load_vocabulary(), environ)
        self.environment = self.watched.current.environment
        self.addresses = Addresses(self.environment, DATA / "secret-key")
        self._database_url = database_url or self.environment.database_url.get_secret_value()
        self._closing: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        while self._closing:
            self._closing.pop()()

    @cached_property
    def store(self) -> Store:
        """Opened when it is first asked for anything. Raises StoreError."""
        from bot.store import open_store

        store = open_store(self._database_url)
        self._closing.insert(0, store.close)  # last of all: others keep something as they close
        return store

    # --- configuration -----------------------------------------------------------------------------------

    @property
    def configuration(self) -> Configuration:
        return self.watched.current

    @property
    def vocabulary(self) -> Vocabulary:
        """The themes in force: those that ship, and the administrator's own."""
        return self.configuration.vocabulary

    def name_of_theme(self, id: str) -> str:
        """The name that a theme has now, which an edit of the configuration may change."""
        return self.vocabulary.name_of(id)

    @property
    def sources(self) -> dict[str, Source]:
        return {source.id: source for source in self.configuration.sources}

    @property
    def schedules(self) -> dict[str, Schedule]:
        return {schedule.id: schedule for schedule in self.configuration.schedules}

    def source(self, source_id: str) -> Source:
        """The source of this id. Raises BotError that names the nearest."""
        return named("source", source_id, self.sources, "sources.yaml")

    def subscription(self, subscription_id: str) -> Subscription:
        """The subscription of this id. Raises BotError that names the nearest."""
        known = {entry.id: entry for entry in self.configuration.subscriptions}
        return named("subscription", subscription_id, known, "subscriptions.yaml")

    def enrol(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Make the ledger's subscriptions those of the configuration, and match new criteria with what the
        archive has. Where the themes in force are others than before, look for them in the archive first,
        which takes some minutes for tens of thousands of reviews: `stopping` ends it between two."""
        tag_archive(self.store, self.vocabulary, self.clock.now(), stopping)
        subscriptions = self.configuration.subscriptions
        if administrators := self.configuration.administrators:
            subscriptions = (*subscriptions, reporting.reports_to(administrators))
            if cron := self.configuration.summary:
                subscriptions = (*subscriptions, summary.summary_to(administrators, cron))
        self.store.enrol(subscriptions, self.clock.now())
        collect.match_archive(self.store)

    def check_templates(self) -> None:
        """Try every template with hard cases, and look at the key that signs mails. Raises ConfigError with
        every mistake: file, line and what would be right."""
        making = templates.Making(name_of_theme=self.name_of_theme, organisation=self.organisation)
        own = self.directory / "templates"
        templates.check(None if as_tried(own) else own, shipped_templates(), making, self.clock.now())
        _ = self.letters

    # --- collecting --------------------------------------------------------------------------------------

    @cached_property
    def _fetching(self) -> Fetching:
        from bot.wiring.fetching import Fetching

        fetching = Fetching(self.store, self.clock, self.store.turns)
        self._closing.append(fetching.close)
        return fetching

    @property
    def collecting(self) -> Collecting:
        from bot.fetch.sandbox import Sandbox

        return Collecting(
            fetcher=self._fetching.fetcher(self.configuration),
            opener=Sandbox(),
            archive=self.store,
            vocabulary=self.vocabulary,
            clock=self.clock,
        )

    def due_sources(self) -> list[Source]:
        return collect.due_sources(self.configuration.sources, self.store, self.clock.now())

    def poll(
        self,
        sources: Sequence[Source],
        *,
        accept: bool = False,
        each: Callable[[SourceRun], None] = lambda run: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> list[SourceRun]:
        try:
            return collect.collect_all(sources, self.collecting, accept=accept, each=each, stopping=stopping)
        finally:
            self._fetching.keep_requests()

    @property
    def last_asked(self) -> datetime | None:
        """When a request to a source last went out; None where none did since the start."""
        return self._fetching.last_asked

    def pause(self, url: str) -> float:
        """Seconds between two requests to the site of this address."""
        return self._fetching.fetcher(self.configuration).pause(url)

    def crawl_delay(self, url: str) -> float:
        """The seconds that the site's robots.txt asks for; 0 where it names none, or cannot be had."""
        return self._fetching.fetcher(self.configuration).crawl_delay(url)

    def keep_requests(self) -> None:
        """Write what was asked of sites into the log. Raises StoreError."""
        self._fetching.keep_requests()

    def read_again(self, source: Source, page: SavedPage, *, approved: bool) -> SourceRun:
        """Poll a page that was saved instead of the site. One that could be read waits no longer."""
        run = quarantine.read_again(source, page, self.collecting, approved=approved)
        if run.state not in UNREAD:
            self.store.forget_page(source.id, page.kind)
        return run

    def waiting_page(self, source: Source) -> SavedPage:
        """The doubtful page of this source that waits for a person. Raises BotError where none does."""
        page = self.store.saved_page(source.id, "doubtful")
        last = self.store.last_run(source.id)
        if page is None or last is None or last.state not in UNREAD:
            trusted = last is None or last.state not in UNREAD
            why = (
                "its last poll could be trusted" if last and trusted else "none is kept that was not trusted"
            )
            raise BotError(f"No page of `{source.id}` waits for you: {why}.")
        return page

    def standings(self) -> list[tuple[SourceStanding, datetime]]:
        """How each enabled source stands, and when it is polled next."""
        now = self.clock.now()
        stood = {one.source_id: one for one in self.store.standings()}
        return [
            (
                stood.get(source.id, _never_read(source)),
                collect.next_poll(source, self.store, now),
            )
            for source in self.configuration.sources
            if source.enabled
        ]

    def rhythms(self) -> dict[str, Rhythm]:
        """How often each source has something new, where that is known."""
        learned = {source: rhythm(days) for source, days in self.store.days_of_news().items()}
        return {source: found for source, found in learned.items() if found}

    # --- sending -----------------------------------------------------------------------------------------

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


def _never_read(source: Source) -> SourceStanding:
    return SourceStanding(
        source_id=source.id, name=source.name, state="never read", since=None, last_run=None, last_good=None
    )


V = TypeVar("V")


def named(kind: str, wanted: str, known: Mapping[str, V], file: str) -> V:
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else f"; it has: {', '.join(known)}" if known else ""
    raise UsageError(f"{file} has no {kind} `{wanted}`{hint}")
