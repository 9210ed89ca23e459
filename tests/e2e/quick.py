"""`python -m tests.e2e.quick`: the command, whose service looks twice a second at what else has to wait for some."""

from __future__ import annotations

from bot import service
from bot.cli import main

if __name__ == "__main__":
    service.SEND_EVERY = service.BEAT_EVERY = 0.5
    main()
