"""What is due at `now`: a pure function of the schedule and of what was done before.

Cron expressions have cron(5)'s meaning (day 1 is Monday, 0 and 7 are Sunday; names are clearer) and are read
in a named time zone, so that eight o'clock stays eight o'clock when summer time begins and ends. Whatever was
missed while nobody was looking is one slot, the last: caught up once, not once a missed run.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.models import Schedule, Source

CLOCK_SLIP = timedelta(days=1)  # what was done further ahead than this was done by a clock that was wrong
SOURCES_ZONE = "Europe/London"


def last_slot(cron: str, timezone: str, now: datetime) -> datetime:
    """The last moment at or before `now` at which `cron` came due, in UTC."""
    local = now.astimezone(ZoneInfo(timezone))
    # CronSim looks strictly before its start, to the minute: start just after, so that `now` itself counts.
    start = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return next(CronSim(cron, start, reverse=True)).astimezone(UTC)


def next_slot(cron: str, timezone: str, now: datetime) -> datetime:
    """The first moment after `now` at which `cron` comes due, in UTC."""
    return next(CronSim(cron, now.astimezone(ZoneInfo(timezone)))).astimezone(UTC)


def source_is_due(source: Source, last_started: datetime | None, now: datetime) -> bool:
    """Whether to poll: never polled, or its interval has passed, or its cron came due since."""
    if last_started is None or last_started > now + CLOCK_SLIP:
        return True
    if source.cron:
        return last_started < last_slot(source.cron, SOURCES_ZONE, now)
    return now - last_started >= source.every


def next_poll(source: Source, last_started: datetime | None, now: datetime) -> datetime:
    """When the source is polled next; `now` if it is due."""
    if last_started is None or source_is_due(source, last_started, now):
        return now
    return next_slot(source.cron, SOURCES_ZONE, now) if source.cron else last_started + source.every


def digest_slot(
    schedule: Schedule, joined: datetime, last: datetime | None, now: datetime
) -> datetime | None:
    """The slot for which a reader's digest is due now; None if none is.

    `joined`: since when they subscribe; `last`: the slot of their last digest on this schedule. A digest
    that goes out at once is due whenever somebody looks; a reader's first weekly one at the first slot
    after they joined.
    """
    if schedule.cron is None:
        return now
    slot = last_slot(schedule.cron, schedule.timezone, now)
    known = last is not None and last <= now + CLOCK_SLIP
    return slot if slot > joined and not (known and last and slot <= last) else None
