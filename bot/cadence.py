"""What is due at `now`: a pure function of the schedule and of what was done before.

Cron expressions have cron(5)'s meaning (day 1 is Monday, 0 and 7 are Sunday; names are clearer) and are read
in a named time zone, so that eight o'clock stays eight o'clock when summer time begins and ends. Whatever was
missed while nobody was looking is one slot, the last: caught up once, not once a missed run.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from bot.models import Schedule, Source

CLOCK_SLIP = timedelta(days=1)  # what was done further ahead than this was done by a clock that was wrong
SOURCES_ZONE = "Europe/London"
FIRST_WAIT = timedelta(minutes=30)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


def last_slot(cron: str, timezone: str, now: datetime) -> datetime:
    """The last moment at or before `now` at which `cron` came due, in UTC."""
    local = now.astimezone(ZoneInfo(timezone))
    # CronSim looks strictly before its start, to the minute: start just after, so that `now` itself counts.
    start = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return next(CronSim(cron, start, reverse=True)).astimezone(UTC)


def next_slot(cron: str, timezone: str, now: datetime) -> datetime:
    """The first moment after `now` at which `cron` comes due, in UTC."""
    return next(CronSim(cron, now.astimezone(ZoneInfo(timezone)))).astimezone(UTC)


def source_is_due(
    source: Source, last_started: datetime | None, now: datetime, retry_at: datetime | None = None
) -> bool:
    """Whether to poll: never polled, or its interval has passed, or its cron came due since. `retry_at`: the
    last poll settled when (patience)."""
    if last_started is None or last_started > now + CLOCK_SLIP:
        return True
    if retry_at and retry_at <= last_started + A_WEEK + A_DAY:  # else by a clock that was wrong
        return now >= retry_at
    if source.cron:
        return last_started < last_slot(source.cron, SOURCES_ZONE, now)
    return now - last_started >= source.every


def patience(
    source: Source, failed: int, now: datetime, *, again: bool, stay_away: timedelta | None = None
) -> datetime | None:
    """When to poll a source next that could not be read `failed` times in a row; None: when it always is.

    `again`: it may well succeed without anybody doing anything, so it is tried soon, then less and less
    often, down to once a day. Where only a person can mend it, it is tried as always, and after three times
    more seldom. `stay_away`: the site asked for it. The moments of different sources are spread a little.
    """
    if again:
        wait = min(FIRST_WAIT * (1 << min(failed - 1, 10)), A_DAY)
    elif failed > 3:
        wait = max(source.every, min(source.every * (1 << min(failed - 3, 10)), A_DAY))
    elif stay_away is None:
        return None
    else:
        wait = timedelta()
    spread = 0.9 + 0.2 * (zlib.crc32(f"{source.id} {failed}".encode()) / 2**32)
    return now + max(wait * spread, min(stay_away or timedelta(), A_WEEK))


def next_poll(
    source: Source, last_started: datetime | None, now: datetime, retry_at: datetime | None = None
) -> datetime:
    """When the source is polled next; `now` if it is due."""
    if last_started is None or source_is_due(source, last_started, now, retry_at):
        return now
    if retry_at:
        return retry_at
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
    if last is not None and last > now + CLOCK_SLIP:
        last = None
    return slot if slot > joined and (last is None or slot > last) else None
