"""`make bench`, or `python -m tests.bench reading` (or `themes`, `polling`, `rendering`, `composing`,
`sending`, `starting`, `searching`, `workers`) for one part.

Exit code 1 where a ratio or a growth is worse than agreed.
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = (
    "reading",
    "themes",
    "polling",
    "rendering",
    "composing",
    "sending",
    "starting",
    "searching",
    "workers",
)

if __name__ == "__main__":
    asked = [name for name in PARTS if name in sys.argv[1:]]
    # Each part is loaded when its turn comes: what is measured in a process of its own loads this module too.
    worse = [line for name in asked or PARTS for line in import_module(f"tests.bench.{name}").main()]
    print("\n".join(worse))
    sys.exit(1 if worse else 0)
