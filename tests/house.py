"""The pipeline with its real core and a real archive in memory, between an invented site and invented channels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.formats import open_document, picked
from bot.models import (
    Criteria,
    Delivery,
    Document,
    Medium,
    NotModified,
    Outcome,
    Page,
    Reading,
    Schedule,
    Source,
    SourceRun,
    Subscriber,
    Subscription,
    Validators,
)
from bot.pipeline import collect, reporting, send
from bot.pipeline.follow import Collecting
from bot.pipeline.lanes import Lane
from bot.pipeline.register import Register
from bot.pipeline.send import Sending
from bot.ports import Progress
from bot.reading import read
from bot.store import open_store
from bot.wiring import load_vocabulary
from tests.reviews import MONDAY, a_source

VOCABULARY = load_vocabulary()
WEEKLY = Schedule(id="weekly", cron="0 8 * * mon")
AT_ONCE = Schedule(id="immediately", cron=None, baseline_days=0, quiet=False)


class SetClock:
    def __init__(self, moment: datetime = MONDAY) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def passes(self, **amount: float) -> None:
        self.moment += timedelta(**amount)


class InventedSite:
    """A fetcher over pages that tests publish. Like a server, it answers 304 to who has the page already."""

    def __init__(self) -> None:
        self._pages: dict[str, bytes] = {}
        self._types: dict[str, str | None] = {}
        self._faults: dict[str, Exception] = {}
        self._moved: dict[str, str] = {}
        self.asked: list[tuple[str, bool]] = []

    def publishes(self, url: str, *entries: str) -> None:
        self._pages[url] = listing(*entries).encode()
        self._faults.pop(url, None)

    def says_nothing_is_published(self, url: str) -> None:
        words = "<h1>Published reviews</h1><p>There are currently no published reviews.</p>"
        self._pages[url] = f"<html><body><main>{words}</main></body></html>".encode()

    def gives(self, url: str, body: bytes, content_type: str | None = "text/html") -> None:
        self._pages[url] = body
        self._types[url] = content_type

    def serves_text(self, url: str, text: str) -> None:
        self._pages[url] = text.encode()
        self._faults.pop(url, None)

    def moves(self, url: str, to: str) -> None:
        """Redirects there, for good."""
        self._moved[url] = to

    def fails(self, url: str, fault: Exception | None = None) -> None:
        self._faults[url] = fault or SourceError(
            f"{url} answered 500, an error of its own; the next poll may succeed.",
            trouble="failing",
            again=True,
        )

    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        self.asked.append((url, validators is not None))
        if url in self._faults:
            raise self._faults[url]
        body = self._pages[url]
        etag = hashlib.sha256(body).hexdigest()
        if validators and validators.etag == etag:
            return NotModified(url=url)
        content_type = self._types.get(url, "text/html")
        moved = self._moved.get(url)
        return Page(
            url=moved or url,
            body=body,
            content_type=content_type,
            validators=Validators(etag=etag),
            redirected_from=url if moved else None,
        )


class Opening:
    def open(self, page: Page) -> Document:
        return open_document(page)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        return read(open_document(picked(page, source)), source=source)


@dataclass
class InventedChannel:
    """Takes every delivery, unless it is told how the next ones end."""

    taken: list[Delivery] = field(default_factory=list)
    ends: list[Outcome | Exception] = field(default_factory=list)

    def will_end(self, *outcomes: Outcome | Exception) -> None:
        self.ends.extend(outcomes)

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        end = self.ends.pop(0) if self.ends else Outcome(state="sent")
        if isinstance(end, Exception):
            raise end
        progress.handing_over()
        self.taken.append(delivery)
        return end


class House:
    """Everything joined: poll sources, send what is due, see what readers got."""

    def __init__(self, *sources: Source, database_url: str = "sqlite://") -> None:
        self.clock = SetClock()
        self.site = InventedSite()
        self.email, self.slack = InventedChannel(), InventedChannel()
        self.store = open_store(database_url)
        self.sources = {source.id: source for source in sources or (a_source(),)}
        self.collecting = Collecting(
            fetcher=self.site, opener=Opening(), archive=self.store, vocabulary=VOCABULARY, clock=self.clock
        )
        self.sending = Sending(
            archive=self.store,
            ledger=self.store,
            register=Register(self.store, self.clock, lambda: 3),
            lanes={"email": Lane(channel=self.email), "slack": Lane(channel=self.slack)},
            sources=self.sources,
            clock=self.clock,
        )
        self.subscribed: list[Subscription] = []

    def subscribes(
        self, address: str, name: str = "all", schedule: Schedule = WEEKLY, **criteria: Sequence[str]
    ) -> None:
        medium, _, rest = address.rpartition(":")
        subscriber = Subscriber(medium="slack" if medium == "slack" else "email", address=rest)
        entry = Subscription(
            id=name,
            name=name.title(),
            subscribers=(subscriber,),
            schedule=schedule,
            criteria=Criteria(**{key: tuple(value) for key, value in criteria.items()}),  # type: ignore[arg-type]
        )
        self.subscribed = [one for one in self.subscribed if one.id != name] + [entry]
        self.enrols()

    def reschedules(self, name: str, schedule: Schedule) -> None:
        self.subscribed = [
            replace(one, schedule=schedule) if one.id == name else one for one in self.subscribed
        ]
        self.enrols()

    def unsubscribes(self, name: str) -> None:
        self.subscribed = [one for one in self.subscribed if one.id != name]
        self.enrols()

    def administered_by(self, *addresses: str) -> None:
        media: dict[bool, Medium] = {True: "slack", False: "email"}
        administrators = [
            Subscriber(medium=media[address.startswith("#")], address=address) for address in addresses
        ]
        others = [one for one in self.subscribed if one.id != reporting.REPORTS]
        self.subscribed = [*others, reporting.reports_to(tuple(administrators))]
        self.enrols()
        self.clock.passes(seconds=1)

    def reports(self) -> list[str]:
        """Sends the reports that are due; the outcomes."""
        reporting.compose_reports(self.sending)
        return self.delivers()

    def asks_about_silence(self) -> None:
        reporting.ask_about_silence(self.sources.values(), self.store, self.clock.now())

    def enrols(self) -> None:
        self.store.enrol(self.subscribed, self.clock.now())
        collect.match_archive(self.store)

    def polls(self, *names: str, accept: bool = False) -> list[SourceRun]:
        sources = [self.sources[name] for name in names or self.sources]
        runs = collect.collect_all(sources, self.collecting, accept=accept)
        self.clock.passes(seconds=1)
        return runs

    def sends(self) -> list[str]:
        """Sends what is due; the outcomes."""
        send.compose_due((WEEKLY, AT_ONCE), self.sending)
        return self.delivers()

    def delivers(self) -> list[str]:
        ended: list[str] = []
        send.deliver_all(self.sending, each=lambda delivery, outcome: ended.append(outcome.state))
        return ended

    def a_week_passes(self) -> list[str]:
        """Until the next Monday at eight, when what is due is sent."""
        self.a_week_passes_without_sending()
        return self.sends()

    def a_week_passes_without_sending(self) -> None:
        days = 7 - self.clock.now().weekday()
        monday = self.clock.now().replace(hour=8, minute=0, second=30, microsecond=0) + timedelta(days=days)
        self.clock.moment = monday

    def got(self, channel: InventedChannel | None = None) -> list[list[tuple[str, str]]]:
        """What was taken, a list a message: (title, new|revised|withdrawn)."""
        taken = (channel or self.email).taken
        return [[(one.review.title, one.kind) for one in each.edition.digest.entries] for each in taken]


def entry(
    title: str = "Child A",
    *,
    year: int = 2026,
    place: str = "Saltmarsh",
    incident: str = "Injuries to a 10-week-old baby girl in May 2025.",
    learning: Sequence[str] = (
        "bruising in babies who are not mobile needs a referral",
        "ask who is in the home",
    ),
    recommendations: Sequence[str] = ("relaunch the bruising protocol",),
    link: str = "",
) -> str:
    """One entry of a listing, as HTML."""
    linked = f'<p><a href="{link}">Read the report (PDF)</a></p>' if link else ""
    return (
        f"<h3>{year} – {place} – {title}</h3><p>{incident}</p>"
        f"<p><strong>Learning includes:</strong> {'; '.join(learning)}.</p>"
        f"<p><strong>Recommendations include:</strong> {'; '.join(recommendations)}.</p>{linked}"
    )


def listing(*entries: str) -> str:
    return (
        "<html><head><title>Case reviews</title></head><body><nav><a href='/'>Home</a></nav><main>"
        f"<h1>Published case reviews</h1><p>Summaries of published reviews.</p>{''.join(entries)}"
        "</main><footer>Contact us</footer></body></html>"
    )
