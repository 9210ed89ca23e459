"""`make bench`, or `python -m tests.bench reading` (or `themes`, `polling`, `rendering`,
`sending`) for one part.

Exit code 1 where a ratio or a growth is worse than agreed.
"""

from __future__ import annotations

import sys

from tests.bench import polling, reading, rendering, sending, themes

PARTS = {
    "reading": reading.main,
    "themes": themes.main,
    "polling": polling.main,
    "rendering": rendering.main,
    "sending": sending.main,
}

if __name__ == "__main__":
    asked = [name for name in PARTS if name in sys.argv[1:]]
    worse = [line for name in asked or PARTS for line in PARTS[name]()]
    print("\n".join(worse))
    sys.exit(1 if worse else 0)
