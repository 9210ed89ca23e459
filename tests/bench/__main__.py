"""`make bench`, or `python -m tests.bench reading` for one part. Exit code 1 where a ratio is worse than agreed."""

from __future__ import annotations

import sys

from tests.bench import poll_and_send, reading

if __name__ == "__main__":
    above = reading.main()
    if "reading" not in sys.argv[1:]:
        poll_and_send.main()
    print("\n".join(above))
    sys.exit(1 if above else 0)
