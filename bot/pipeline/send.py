"""Send: claim -> untold -> compose -> keep for each reader who is due; claim -> deliver -> settle for each
delivery in the outbox."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

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
        for reader in parts.ledger.readers(schedule.id, now):
            slot = cadence.digest_slot(schedule, reader.joined, reader.last_slot, now)
            if slot is None:
                continue
            try:
                count += compose(reader, schedule, slot, parts, checked)
            except OvertakenError:
                continue  # another worker composed it, or is at it; what is left is found at the next tick
    return count


def compose(
    reader: Reader,
    schedule: Schedule,
    slot: datetime,
    parts: Sending,
    checked: Checked,
    *,
    only_news: bool = False,
) -> int:
    """Put what this reader has not been told in the outbox, unless another worker is at it; returns how many
    messages. `only_news`: nothing for who has been told everything, quiet weeks neither."""
    now = parts.clock.now()
    wanted = schedule.cron is not None and not only_news
    if not wanted and not parts.ledger.untold(reader, schedule.baseline_days, now).due:
        return 0  # no run to claim where there is no news, or every minute would leave a row
    if not parts.ledger.claim_run(reader, slot, now, LEASE):
        return 0
    composed = preview(reader, schedule, slot, parts, checked)
    parts.ledger.keep_edition(reader, slot, composed, now)
    return len(composed)


def preview(
    reader: Reader, schedule: Schedule, slot: datetime, parts: Sending, checked: Checked
) -> tuple[Edition, ...]:
    """The editions that this reader would get; nothing is kept."""
    untold = parts.ledger.untold(reader, schedule.baseline_days, parts.clock.now())
    if schedule.cron is None and not untold.due:
        return ()
    coverage = checked.coverage(reader.last_slot or reader.joined, slot)
    composed = digests.compose(reader, schedule, slot, untold, coverage, parts.sources)
    return tuple(digests.edition(digest) for digest in composed)


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
