"""When things are due, as an administrator writes it: five cron fields and a time zone.

Fields mean what crontab(5) says: the day of the week is 0 to 7, 0 and 7 Sunday, 1 Monday, or a name.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from bot.config.sheet import shown
from bot.config.values import SHORTEST_INTERVAL, nearest

# Any fixed moment does: what is asked is whether an expression can come due, not when. Two years hold
# every shape of clock change that a zone now has.
_START = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS = 730

_FIELDS = {
    "Bad minute": "the first field, the minute, should be 0 to 59",
    "Bad hour": "the second field, the hour, should be 0 to 23",
    "Bad day-of-month": "the third field, the day of the month, should be 1 to 31, and be in the month",
    "Bad month": "the fourth field, the month, should be 1 to 12 or jan to dec",
    "Bad day-of-week": "the fifth field, the day of the week, should be mon to sun, or 0 (Sunday) to 7",
}
_EXAMPLE = '"0 8 * * mon" is Mondays at 08:00'


def _parsed(text: str) -> CronSim:
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(
            f"`{shown(text)}` should be five fields, minute hour day month weekday, in quotes: {_EXAMPLE}"
        )
    if len(text) > 200:
        raise ValueError(f"is longer than any five cron fields need; for example {_EXAMPLE}")
    try:
        return CronSim(text, _START)
    except CronSimError as error:
        wrong = _FIELDS.get(str(error), "one of the five fields is wrong")
        raise ValueError(f"`{shown(text)}`: {wrong}; for example {_EXAMPLE}") from None


@lru_cache(maxsize=512)
def cron(text: str) -> str:
    """Five cron fields that come due some day."""
    try:
        next(_parsed(text))
    except StopIteration:
        raise ValueError(
            f"`{shown(text)}` never comes due: no such day is in the calendar; for example {_EXAMPLE}"
        ) from None
    return text


@lru_cache(maxsize=512)
def poll_cron(text: str) -> str:
    """A cron for polling: not more often than every 15 minutes."""
    moments = islice(_parsed(cron(text)), 100)
    if any(after - before < SHORTEST_INTERVAL for before, after in pairwise(moments)):
        raise ValueError(
            f"`{shown(text)}` is more often than every 15 minutes, too often for a small public site; "
            'for example "0 6 * * 1-5" is weekdays at 06:00'
        )
    return text


@lru_cache(maxsize=64)
def time_zone(text: str) -> str:
    """A name of the IANA time zone database."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # not found; not a name at all; a folder of the database
        guess = nearest(text, available_timezones())
        right = f"did you mean `{guess}`?" if guess else "write a name such as Europe/London"
        raise ValueError(f"there is no time zone `{shown(text)}`; {right}") from None
    return text


@lru_cache(maxsize=256)
def changes(hour: int, zone: str) -> bool:
    """Whether clocks in this zone skip this hour on one day of the year, or have it twice on another.

    PEP 495: a time is skipped or doubled exactly where its offset depends on `fold`.
    """
    place = ZoneInfo(zone)
    first = _START.replace(tzinfo=None, hour=hour)
    return any(
        _depends_on_fold(first + timedelta(days=day, minutes=half), place)
        for day in range(_DAYS)
        for half in (0, 30)
    )


def _depends_on_fold(local: datetime, zone: ZoneInfo) -> bool:
    return zone.utcoffset(local) != zone.utcoffset(local.replace(fold=1))


SUMMARIES = {"daily": "0 7 * * *", "weekdays": "0 7 * * mon-fri", "weekly": "0 7 * * mon"}
_A_DAY = timedelta(hours=23)  # as short as one can be, when summer time begins


def summary_cron(text: str) -> str:
    """When administrators get their summary: a word for a usual time, or a cron, once a day at most."""
    if " " not in text:
        if text in SUMMARIES:
            return SUMMARIES[text]
        raise ValueError(
            f"`{shown(text)}` should be daily, weekdays or weekly, each at 07:00, or five fields in quotes: "
            '"30 6 * * 1-5" is weekdays at 06:30'
        )
    moments = islice(_parsed(digest_cron(text, "Europe/London")), 100)
    if any(after - before < _A_DAY for before, after in pairwise(moments)):
        raise ValueError(
            f"`{shown(text)}` is more often than once a day, and a summary is of a day at least; "
            'for example "30 6 * * 1-5" is weekdays at 06:30'
        )
    return text


def digest_cron(text: str, zone: str) -> str:
    """A cron for a digest: at a time that every day of the year has, and once.

    Every hour (`*`) is fine: such a digest is due each hour that passes, whatever the clock calls it.
    """
    parsed = _parsed(cron(text))
    if text.split()[1].startswith("*"):
        return text
    if any(changes(hour, zone) for hour in parsed.hours):
        risky = [hour for hour in range(24) if changes(hour, zone)]
        first, last = f"{risky[0]:02}:00", f"{risky[-1] + 1:02}:00"
        raise ValueError(
            f"`{shown(text)}` is between {first} and {last}, which clocks in {zone} skip on one day of "
            f"the year and have twice on another; choose a time before {first}, or from {last} on"
        )
    return text
