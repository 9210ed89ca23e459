"""How the service is doing: `/healthz` for whoever restarts it, `/metrics` for Prometheus."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol, get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import StoreError
from bot.models import DeliveryState, Hold, SourceStanding, SourceState
from bot.ports import Clock

# A step of what is to be done again and again takes seconds, or a minute where a site is slow.
OVERDUE = timedelta(minutes=15)

# Between two holds one message tries; that is not yet the end of the trouble, nor of an alarm about it.
TRIED = timedelta(minutes=1)

MEDIA = {"email": "Mail", "slack": "Slack"}

Heartbeat = Callable[[], datetime | None]  # when the scheduler last got on, None if it has not yet

log = logging.getLogger(__name__)


class Watched(Protocol):
    """What of the store is needed here."""

    def standings(self) -> tuple[SourceStanding, ...]: ...

    def holds(self, now: datetime) -> tuple[Hold, ...]: ...

    def waiting_by_state(self) -> dict[DeliveryState, int]: ...

    def queued_since(self, now: datetime) -> datetime | None: ...

    def count_unreached(self) -> int: ...


class Health:
    """The endpoint at `/healthz`."""

    def __init__(self, store: Watched, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def check(self, request: Request) -> Response:
        """200 when the store answers and the last step is recent, else 503 with the reason.

        `waiting`: by medium that takes nothing now, a sentence. That is no reason to start anew, which would
        mend neither a password nor a mail server, so it is 200 all the same."""
        heartbeat: Heartbeat = request.app.state.heartbeat
        last = heartbeat()
        waiting: dict[str, str] = {}
        try:
            self._store.standings()
            waiting = {one.medium: _said(one) for one in self._store.holds(self._clock.now())}
            reason = self._reason(last)
        except StoreError as error:
            log.error("health check: %s", error)  # its text may name paths and hosts, so it stays here
            reason = "The database does not answer; see the log."
        answer = {
            "status": "failing" if reason else "ok",
            "reason": reason,
            "last_tick": last.isoformat() if last else None,
            "waiting": waiting,
        }
        return JSONResponse(answer, 503 if reason else 200)

    def _reason(self, last: datetime | None) -> str | None:
        if last is None:
            return "The scheduler has not ticked yet."
        if self._clock.now() - last > OVERDUE:
            minutes = (self._clock.now() - last) // timedelta(minutes=1)
            return f"The scheduler last ticked {minutes} minutes ago."
        return None


def _said(hold: Hold) -> str:
    """Without what the receiver said: that may name addresses, and anybody may be able to read this."""
    until = hold.until.strftime("%H:%M:%S")
    return f"{MEDIA[hold.medium]} takes nothing until {until} UTC; `learning-bot status` says why."


class Metrics:
    """The endpoint at `/metrics`."""

    def __init__(self, store: Watched, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def show(self, request: Request) -> Response:
        """Everything in the Prometheus text format, 200 also when the store does not answer."""
        registry = CollectorRegistry(auto_describe=False)
        heartbeat: Heartbeat = request.app.state.heartbeat
        registry.register(_Figures(self._store, self._clock.now(), heartbeat()))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    """All figures at one moment."""

    def __init__(self, store: Watched, now: datetime, last_tick: datetime | None) -> None:
        self._store = store
        self._now = now
        self._last_tick = last_tick

    def collect(self) -> Iterator[Metric]:
        if self._last_tick:
            age = (self._now - self._last_tick).total_seconds()
            yield GaugeMetricFamily(
                "learning_bot_last_tick_age_seconds", "Time since the scheduler last ticked.", age
            )
        try:
            families = [*self._sources(self._store.standings()), *self._deliveries()]
        except StoreError as error:
            log.error("metrics: %s", error)
            yield GaugeMetricFamily("learning_bot_store_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("learning_bot_store_up", "Whether the database answers.", 1)
        yield from families

    def _deliveries(self) -> Iterator[Metric]:
        deliveries = GaugeMetricFamily(
            "learning_bot_deliveries", "Deliveries that are not sent, by state.", labels=["state"]
        )
        for state, count in self._store.waiting_by_state().items():
            deliveries.add_metric([state], count)
        yield deliveries
        since = self._store.queued_since(self._now)
        yield GaugeMetricFamily(
            "learning_bot_oldest_queued_age_seconds",
            "Time since the oldest delivery that could go was queued; 0 where none waits.",
            (self._now - since).total_seconds() if since else 0,
        )
        held = GaugeMetricFamily(
            "learning_bot_held",
            "Whether a medium takes nothing now, as after a wrong password.",
            labels=["medium"],
        )
        now_held = {hold.medium for hold in self._store.holds(self._now - TRIED)}
        for medium in MEDIA:
            held.add_metric([medium], medium in now_held)
        yield held
        yield GaugeMetricFamily(
            "learning_bot_bounced_addresses",
            "Addresses that are sent nothing because their mail came back.",
            self._store.count_unreached(),
        )

    def _sources(self, standings: Sequence[SourceStanding]) -> Iterator[Metric]:
        sources = GaugeMetricFamily(
            "learning_bot_sources", "Sources by how they stood at their last poll.", labels=["state"]
        )
        counts = Counter(standing.state for standing in standings)
        for state in get_args(SourceState):
            sources.add_metric([state], counts[state])
        yield sources
        ages = GaugeMetricFamily(
            "learning_bot_source_last_good_age_seconds",
            "Time since a source was last read well.",
            labels=["source"],
        )
        for standing in standings:
            if standing.last_good:
                ages.add_metric([standing.source_id], (self._now - standing.last_good).total_seconds())
        yield ages
