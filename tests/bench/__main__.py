"""`make bench`, or `python -m tests.bench reading` (or `themes`) for one part.

Exit code 1 where a ratio or a growth is worse than agreed.
"""

from __future__ import annotations

import sys

from tests.bench import poll_and_send, reading, themes

PARTS = {"reading": reading.main, "themes": themes.main}

if __name__ == "__main__":
    asked = [name for name in PARTS if name in sys.argv[1:]]
    above = [line for name in asked or PARTS for line in PARTS[name]()]
    if not asked:
        poll_and_send.main()
    print("\n".join(above))
    sys.exit(1 if above else 0)
