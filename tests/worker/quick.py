"""`python -m tests.worker.quick`: a worker that notices within two seconds what takes a usual one fifteen."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from bot.pipeline import lanes, register, send
from bot.wiring import Bot
from bot.worker import work
from bot.worker.engine import Pulse

PULSE = Pulse(look=0.1, beat=0.4, dead_after=1.6)
LEASE = timedelta(seconds=2)

if __name__ == "__main__":
    for module in (lanes, register, send):
        module.LEASE = LEASE  # type: ignore[attr-defined]  # imported there by name
    register.RENEWED_EVERY = LEASE / 3
    with Bot(Path(sys.argv[1]), os.environ) as bot:
        work(bot, pulse=PULSE)
