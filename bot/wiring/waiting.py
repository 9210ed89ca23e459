"""Why what waits in the outbox does not go now, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.ports import Ledger

MEDIA = {"email": "Mail", "slack": "Slack"}
LONDON = ZoneInfo("Europe/London")


def held_up(ledger: Ledger, mail_per_hour: int | None, now: datetime) -> list[str]:
    """A sentence for each medium that takes nothing now."""
    lines = []
    for hold in ledger.holds(now):
        how = "" if hold.asked else " `learning-bot send` tries at once."
        lines.append(f"{MEDIA[hold.medium]} waits until {_clock_time(hold.until)}: {hold.detail}{how}")
    if mail_per_hour and (until := ledger.spent_until("email", now, mail_per_hour)):
        lines.append(
            f"Mail waits until {_clock_time(until)}: {mail_per_hour} letters went in the last hour, as many "
            "as MAIL_PER_HOUR lets."
        )
    return lines


def others_hold_for(ledger: Ledger, now: datetime) -> timedelta | None:
    """How long, at most, other workers' claims keep something from being sent; None if none does."""
    until = ledger.others_until(now)
    return max(until - now, timedelta()) + timedelta(seconds=1) if until else None


def _clock_time(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B, %H:%M:%S %Z}"
