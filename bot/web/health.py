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
from bot.models import DeliveryState, OutboxItem, SourceStanding, SourceState
from bot.ports import Clock

# A tick comes every minute, but one that polls slow sites takes longer.
OVERDUE = timedelta(minutes=15)

# Deliveries that were sent are left out: they only ever grow in number, and nobody has to look at them.
OPEN_STATES: tuple[DeliveryState, ...] = tuple(state for state in get_args(DeliveryState) if state != "sent")

Heartbeat = Callable[[], datetime | None]  # when the scheduler last ticked, None if it has not yet

log = logging.getLogger(__name__)


class Watched(Protocol):
    """What of the store is needed here."""

    def standings(self) -> tuple[SourceStanding, ...]: ...

    def outbox(self, states: Sequence[str] = ()) -> tuple[OutboxItem, ...]: ...


class Health:
    """The endpoint at `/healthz`."""

    def __init__(self, store: Watched, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def check(self, request: Request) -> Response:
        """200 when the store answers and the last tick is recent, else 503 with the reason."""
        heartbeat: Heartbeat = request.app.state.heartbeat
        last = heartbeat()
        reason = self._reason(last)
        answer = {
            "status": "failing" if reason else "ok",
            "reason": reason,
            "last_tick": last.isoformat() if last else None,
        }
        return JSONResponse(answer, 503 if reason else 200)

    def _reason(self, last: datetime | None) -> str | None:
        try:
            self._store.standings()
        except StoreError as error:
            log.error("health check: %s", error)  # its text may name paths and hosts, so it stays here
            return "The database does not answer; see the log."
        if last is None:
            return "The scheduler has not ticked yet."
        if self._clock.now() - last > OVERDUE:
            minutes = (self._clock.now() - last) // timedelta(minutes=1)
            return f"The scheduler last ticked {minutes} minutes ago."
        return None


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
            standings, items = self._store.standings(), self._store.outbox(OPEN_STATES)
        except StoreError as error:
            log.error("metrics: %s", error)
            yield GaugeMetricFamily("learning_bot_store_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("learning_bot_store_up", "Whether the database answers.", 1)
        yield from self._sources(standings)
        deliveries = GaugeMetricFamily(
            "learning_bot_deliveries", "Deliveries that are not sent, by state.", labels=["state"]
        )
        counts = Counter(item.state for item in items)
        for state in OPEN_STATES:
            deliveries.add_metric([state], counts[state])
        yield deliveries

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
