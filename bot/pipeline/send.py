"""Send: claim -> untold -> compose -> keep for readers who are due, some at a time; claim -> deliver ->
settle for each delivery in the outbox."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import islice

from bot import cadence, digests
from bot.errors import ConfigError, OvertakenError, StoreError
from bot.models import (
    Coverage,
    Delivery,
    Edition,
    Failure,
    Medium,
    Outcome,
    Posted,
    Reader,
    Schedule,
    Source,
)
from bot.pipeline.lanes import Lane, Line, deliver_side_by_side
from bot.pipeline.register import LEASE, Register
from bot.ports import Archive, Clock, Ledger

AT_A_TIME = 600  # readers in memory, and composed in one transaction
GRACE = timedelta(hours=1)  # that a poll may be late before its source counts as not looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The parts that sending needs. `sources` by id, for their names."""

    archive: Archive
    ledger: Ledger
    register: Register
    lanes: Mapping[Medium, Lane]
    sources: Mapping[str, Source]
    clock: Clock


class Checked:
    """What was checked, for the digests of one round: asked of the archive once, not once a reader."""

    def __init__(self, parts: Sending) -> None:
        self._parts = parts
        self._standings = parts.archive.standings()
        self._found: dict[tuple[datetime, datetime], Coverage] = {}

    def coverage(self, since: datetime, until: datetime) -> Coverage:
        """How the sources stand, and how many reviews were new to the archive in (since, until]."""
        if (since, until) not in self._found:
            published = self._parts.archive.count_new(since, until)
            self._found[since, until] = digests.coverage(
                self._standings, self._parts.sources, published, partial(overdue, until)
            )
        return self._found[since, until]


def overdue(until: datetime, source: Source, last_run: datetime) -> bool:
    """Whether a poll is missing at `until`, and not only late: polls take their time, and so do retries."""
    if last_run >= until:
        return False
    if source.cron:
        return cadence.source_is_due(source, last_run, until - GRACE)
    return cadence.source_is_due(replace(source, every=max(2 * source.every, GRACE)), last_run, until)


def compose_due(schedules: Iterable[Schedule], parts: Sending) -> int:
    """Compose for every reader whose digest is due; returns how many messages were put in the outbox."""
    now = parts.clock.now()
    checked = Checked(parts)
    count = 0
    for schedule in schedules:
        slot = cadence.last_slot(schedule.cron, schedule.timezone, now) if schedule.cron else now
        is_due = lru_cache(maxsize=AT_A_TIME)(partial(_is_due, schedule, now))
        everybody = parts.ledger.readers(schedule.id, now)
        due = (reader for reader in everybody if is_due(reader.joined, reader.last_slot))
        count += compose_all(due, schedule, slot, parts, checked)
    return count


def _is_due(schedule: Schedule, now: datetime, joined: datetime, last_slot: datetime | None) -> bool:
    return cadence.digest_slot(schedule, joined, last_slot, now) is not None


def compose_all(
    readers: Iterable[Reader],
    schedule: Schedule,
    slot: datetime,
    parts: Sending,
    checked: Checked,
    *,
    only_news: bool = False,
) -> int:
    """The same as `compose`, some at a time, however many they are."""
    rest = iter(readers)
    count = 0
    while some := list(islice(rest, AT_A_TIME)):
        count += compose(some, schedule, slot, parts, checked, only_news=only_news)
    return count


def compose(
    readers: Sequence[Reader],
    schedule: Schedule,
    slot: datetime,
    parts: Sending,
    checked: Checked,
    *,
    only_news: bool = False,
) -> int:
    """Put what these readers, all of this schedule, have not been told in the outbox, except of those at whom
    another worker is; returns how many messages. `only_news`: nothing for who has been told everything, quiet
    weeks neither. What another worker kept meanwhile is passed over."""
    now, ledger = parts.clock.now(), parts.ledger
    if schedule.cron is None or only_news:  # no run to claim without news, or every minute would leave a row
        untold = ledger.untold_to(readers, schedule.baseline_days, now)
        readers = [reader for reader in readers if untold[reader.id].due]
    if not readers:
        return 0
    begun = parts.clock.now()
    ours = ledger.claim_runs(readers, slot, begun, LEASE)
    mine = [one for one in readers if one.id in ours]
    kept = _keep(mine, schedule, slot, parts, checked)
    count = sum(kept.values())
    lost = [one for one in mine if one.id not in kept]
    if lost and len(mine) > 1 and parts.clock.now() - begun >= LEASE:  # too many for one lease
        half = len(lost) - len(lost) // 2
        for some in (lost[:half], lost[half:]):
            count += compose(some, schedule, slot, parts, checked, only_news=only_news)
    return count


def _keep(
    readers: Sequence[Reader], schedule: Schedule, slot: datetime, parts: Sending, checked: Checked
) -> dict[int, int]:
    """Compose for these, who are claimed; how many messages each got of whom it was kept. Where the archive
    changed meanwhile, by halves again: one whose digest cannot be kept holds up no other, and is composed for
    at a later tick."""
    if not readers:
        return {}
    composed = preview(readers, schedule, slot, parts, checked)
    try:
        kept = parts.ledger.keep_editions(composed, slot, parts.clock.now())
    except OvertakenError:
        half = len(readers) // 2
        parted = (readers[:half], readers[half:]) if half else ()
        return dict(one for some in parted for one in _keep(some, schedule, slot, parts, checked).items())
    return {reader.id: len(each) for reader, each in composed if reader.id in kept}


def preview(
    readers: Sequence[Reader], schedule: Schedule, slot: datetime, parts: Sending, checked: Checked
) -> list[tuple[Reader, tuple[Edition, ...]]]:
    """The editions that these readers would get; nothing is kept. Composed once for all of whom the same is
    to be said."""
    untold = parts.ledger.untold_to(readers, schedule.baseline_days, parts.clock.now())
    made: dict[object, tuple[Edition, ...]] = {}
    found = []
    for reader in readers:
        own = untold[reader.id]
        coverage = checked.coverage(reader.last_slot or reader.joined, slot)
        same = (id(own), coverage, reader.last_slot, reader.newcomer, reader.subscriber.medium)
        if same not in made:
            digest = digests.compose(reader, schedule, slot, own, coverage, parts.sources)
            made[same] = tuple(digests.edition(one) for one in digest)
        found.append((reader, made[same]))
    return found


def deliver_all(
    parts: Sending,
    *,
    stopping: Callable[[], bool] = lambda: False,
    each: Callable[[Delivery, Outcome], None] = lambda delivery, outcome: None,
) -> Counter[str]:
    """Deliver what is in the outbox, each medium on lanes of its own; how many ended in which state. `each`
    hears of every one as it ends, one at a time. Stops between two when asked.

    Raises StoreError where the ledger cannot be written: nothing more is handed over then."""
    parts.register.keep()
    parts.ledger.recover(parts.clock.now())
    lines = {
        medium: Line(medium, lane, parts.ledger, parts.register, parts.clock)
        for medium, lane in parts.lanes.items()
    }
    with parts.register.open():
        return deliver_side_by_side(lines, partial(deliver, parts=parts), stopping, each)


def deliver(delivery: Delivery, parts: Sending) -> Outcome:
    """Hand one delivery over, and say how it ended to the register. Raises StoreError."""
    progress = _Progress(delivery.id, parts)
    trace = ""
    try:
        outcome = parts.lanes[delivery.subscriber.medium].channel.deliver(delivery, progress)
    except OvertakenError as error:  # no longer ours, and the ledger knows why
        return Outcome(state="deferred", detail=f"{error}.")
    except StoreError:
        raise
    except ConfigError as error:  # a template that cannot be filled in: mended by a person, for all that wait
        outcome = Outcome(state="deferred", detail=f"{error}. Nothing was handed over", holds=True)
    except Exception as error:  # noqa: BLE001 -- one delivery must never stop the others
        text = f"the bot itself failed on delivery {delivery.id} ({type(error).__name__}: {error})"
        outcome = Outcome(state="uncertain" if progress.handed_over else "deferred", detail=text)
        trace = traceback.format_exc()
    parts.register.settle(delivery.id, outcome)
    if outcome.state != "sent":
        at = parts.clock.now()
        failure = Failure(kind="delivery", subject=str(delivery.id), text=outcome.detail, at=at, trace=trace)
        parts.ledger.fail_delivery(delivery.id, failure)
    return outcome


class _Progress:
    """Keeps each step of one delivery in the ledger as it happens."""

    def __init__(self, delivery_id: int, parts: Sending) -> None:
        self._delivery_id = delivery_id
        self._parts = parts
        self.handed_over = False

    def handing_over(self) -> None:
        self._parts.register.hand_over(self._delivery_id)
        self.handed_over = True

    def posted(self, post: Posted) -> None:
        self._parts.ledger.posted(self._delivery_id, post)
        self.handed_over = False
