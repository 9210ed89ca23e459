"""`python -m tests.worker.quick`: a worker that notices within two seconds what takes a usual one fifteen."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot.pipeline import lanes, register, send
from bot.wiring import Bot
from bot.worker import work
from bot.worker.engine import Pulse

PULSE = Pulse(look=0.1, beat=0.4, dead_after=1.6)
LEASE = timedelta(seconds=2)


def works(folder: Path) -> None:
    """Until it is told to stop, with the environment of this process."""
    for module in (lanes, register, send):
        module.LEASE = LEASE  # type: ignore[attr-defined]  # imported there by name
    register.RENEWED_EVERY = LEASE / 3
    with Bot(folder, os.environ) as bot:
        work(bot, pulse=PULSE)


def forked(folder: Path, environ: Mapping[str, str], log_file: Path) -> None:
    """The same in a process that was forked: what it logs goes into the file, and no more into the terminal."""
    with log_file.open("wb") as log:
        os.dup2(log.fileno(), sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environ)
    works(folder)


if __name__ == "__main__":
    works(Path(sys.argv[1]))
