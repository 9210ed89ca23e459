"""A visitor to the web application, and a store with a verb for each thing that can be in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

import anyio
import httpx
from starlette.applications import Starlette

import bot
from bot.deliver.rendering.printed import Printed
from bot.deliver.rendering.templating import Templates
from bot.errors import StoreError
from bot.models import (
    ArchiveQuery,
    DeliveryState,
    Digest,
    Edition,
    Found,
    Hold,
    KnownReview,
    Organisation,
    Review,
    Sighting,
    SourceStanding,
    SourceState,
    Subscribed,
    Subscriber,
    SubscriberStanding,
    Theme,
)
from bot.web.app import Store, create_app

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEYS = ("a key for these tests", "an older key")
TEMPLATES = Path(bot.__file__).parents[1] / "templates"
State = Literal["active", "stopped", "ended"]
THEMES = {"neglect": "Neglect", "voice-of-child": "Voice of the child"}


class FakeStore:
    """What the web needs of a store, in memory. `wishes` is what readers asked for, in order."""

    def __init__(self) -> None:
        self._readers: dict[int, SubscriberStanding] = {}
        self.wishes: list[tuple[object, ...]] = []
        self.queries: list[ArchiveQuery] = []
        self._found: list[Found] = []
        self._standings: list[SourceStanding] = []
        self._queued: list[tuple[DeliveryState, datetime]] = []
        self._holds: list[Hold] = []
        self._editions: dict[str, Edition] = {}
        self.asked_editions: list[str] = []
        self._down = False

    # --- verbs for tests

    def subscribes(self, subscriber_id: int, **subscriptions: str) -> None:
        """Each by its id, with underscores for hyphens, and its name."""
        self._readers[subscriber_id] = SubscriberStanding(
            id=subscriber_id,
            subscriber=Subscriber(medium="email", address="lead@wetherby.example"),
            subscriptions=tuple(
                Subscribed(id=id.replace("_", "-"), name=name, state="active")
                for id, name in subscriptions.items()
            ),
        )

    def ends(self, subscriber_id: int, subscription: str) -> None:
        """The configuration has it no longer."""
        self._set(subscriber_id, subscription, "active", "ended")

    def bounces(self, subscriber_id: int, since: datetime) -> None:
        self._readers[subscriber_id] = replace(self._readers[subscriber_id], bounced=since)

    def erases(self, subscriber_id: int) -> None:
        del self._readers[subscriber_id]

    def states(self, subscriber_id: int) -> dict[str, str]:
        return {one.id: one.state for one in self._readers[subscriber_id].subscriptions}

    def has(
        self, review: Review, *, themes: Sequence[Theme] = (), seen_at: str = "", excerpt: str = ""
    ) -> None:
        seen = Sighting(source_id="harrowmere", url=seen_at, first_seen=NOW, last_seen=NOW)
        known = KnownReview(
            id=len(self._found) + 1,
            review=review,
            revision=1,
            notable=1,
            baseline=False,
            first_seen=NOW,
            sightings=(seen,) if seen_at else (),
        )
        self._found.append(Found(known=known, themes=tuple(themes), excerpt=excerpt))

    def polled(self, source_id: str, state: SourceState, last_good: datetime | None = NOW) -> None:
        self._standings.append(
            SourceStanding(
                source_id=source_id,
                name=source_id.title(),
                state=state,
                since=NOW,
                last_run=NOW,
                last_good=last_good,
            )
        )

    def queues(self, state: DeliveryState, at: datetime = NOW) -> None:
        self._queued.append((state, at))

    def is_held(self, medium: str, until: datetime, detail: str) -> None:
        self._holds.append(Hold(medium=medium, until=until, asked=False, times=1, detail=detail))

    def keeps(self, edition_id: str, digest: Digest) -> None:
        self._editions[edition_id] = Edition(id=edition_id, digest=digest)

    def breaks(self) -> None:
        self._down = True

    # --- what the web calls

    def search(self, query: ArchiveQuery) -> tuple[Found, ...]:
        self._answer()
        self.queries.append(query)
        return tuple(self._found[: query.limit])

    def standings(self) -> tuple[SourceStanding, ...]:
        self._answer()
        return tuple(self._standings)

    def holds(self, now: datetime) -> tuple[Hold, ...]:
        self._answer()
        return tuple(hold for hold in self._holds if hold.until > now)

    def waiting_by_state(self) -> dict[DeliveryState, int]:
        self._answer()
        states = [state for state, _ in self._queued]
        return {state: states.count(state) for state in get_args(DeliveryState) if state != "sent"}

    def queued_since(self, now: datetime) -> datetime | None:
        self._answer()
        return min((at for state, at in self._queued if state == "queued"), default=None)

    def count_unreached(self) -> int:
        self._answer()
        return sum(one.bounced is not None for one in self._readers.values())

    def edition(self, edition_id: str) -> Edition | None:
        self._answer()
        self.asked_editions.append(edition_id)
        return self._editions.get(edition_id)

    def standing_of(self, subscriber_id: int) -> SubscriberStanding | None:
        self._answer()
        return self._readers.get(subscriber_id)

    def stop(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        self._wish("stop", subscriber_id, subscription, now)
        self._set(subscriber_id, subscription, "active", "stopped")
        if subscription is None:
            self._readers[subscriber_id] = replace(self._readers[subscriber_id], stopped=True)

    def start_again(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        self._wish("start", subscriber_id, subscription, now)
        self._set(subscriber_id, subscription, "stopped", "active")
        self._readers[subscriber_id] = replace(self._readers[subscriber_id], stopped=False)

    def pause(self, subscriber_id: int, until: datetime | None, now: datetime) -> None:
        self._wish("pause", subscriber_id, until, now)
        self._readers[subscriber_id] = replace(self._readers[subscriber_id], paused_until=until)

    def _wish(self, verb: str, subscriber_id: int, what: object, now: datetime) -> None:
        self._answer()
        self.wishes.append((verb, subscriber_id, what, now))

    def _set(self, subscriber_id: int, subscription: str | None, before: State, after: State) -> None:
        reader = self._readers[subscriber_id]
        changed = tuple(
            replace(one, state=after) if subscription in (None, one.id) and one.state == before else one
            for one in reader.subscriptions
        )
        self._readers[subscriber_id] = replace(reader, subscriptions=changed)

    def _answer(self) -> None:
        if self._down:
            raise StoreError("could not open /var/lib/secret-path/bot.db")


class StoppedClock:
    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


def _name_of_theme(theme: str) -> str:
    return THEMES.get(theme, theme)


class Visitor:
    """Asks the application for pages, without a network."""

    def __init__(
        self,
        store: Store,
        public_url: str | None = None,
        themes: Sequence[str] = (),
        contact: str | None = None,
        now: datetime = NOW,
        organisation: Organisation | None = None,
        own_templates: Sequence[Path] = (),
    ) -> None:
        templates = Templates([*own_templates, TEMPLATES])
        self.organisation = replace(organisation or Organisation(), contact=contact)
        self.app: Starlette = create_app(
            store,
            render=templates.render,
            printed=Printed(templates, _name_of_theme, lambda: self.organisation),
            organisation=lambda: self.organisation,
            secret_keys=KEYS,
            clock=StoppedClock(now),
            public_url=public_url,
            name_of_theme=_name_of_theme,
            themes=lambda: themes,
        )
        self.ticked(timedelta(seconds=20))

    def ticked(self, ago: timedelta | None) -> None:
        """The scheduler last ticked so long ago, or never."""
        self.app.state.heartbeat = lambda: None if ago is None else NOW - ago

    def asks(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        content_type: str = "application/x-www-form-urlencoded",
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            # What a server would log is not raised: the answer is what a visitor has.
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="https://bot.example") as client:
                headers = {"Content-Type": content_type} if content is not None else {}
                return await client.request(method, path, params=params, content=content, headers=headers)

        return anyio.run(ask)

    def gets(self, path: str, **params: str) -> httpx.Response:
        return self.asks("GET", path, params=params)

    def posts(self, path: str, content: bytes = b"") -> httpx.Response:
        return self.asks("POST", path, content=content)
