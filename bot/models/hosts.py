"""What is known of a host between two requests to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True, kw_only=True)
class HostState:
    """When the last request there ended; since when, and for how long, it asked us to stay away. It changes
    while somebody has the host's turn."""

    asked_at: datetime | None = None
    away: tuple[datetime, timedelta] | None = None
