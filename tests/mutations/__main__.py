"""`python -m tests.mutations CORPUS_DIR [--json]`: a table way x outcome, and each case that went wrong.

Exit code 1 where anything was published that is not so, or less than 98 of 100 were read as before or sounded the alarm."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.breaking import HARMFUL, WAYS
from bot.looking.broken import NOTICED, Outcome, enough
from tests.mutations.trying import Tried, pages, try_page

BAD: tuple[Outcome, ...] = ("lost silently", "told wrongly")
OUTCOMES: tuple[Outcome, ...] = (*NOTICED, *BAD)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--page", action="append", help="only these pages")
    parser.add_argument("--way", action="append", choices=WAYS, help="only these ways")
    parser.add_argument(
        "--alarm", action="store_true", help="show what was said where the alarm sounded, too"
    )
    asked = parser.parse_args()
    tried = [
        one
        for name, page in pages(asked.corpus)
        if not asked.page or name in asked.page
        for one in try_page(name, page, asked.way or WAYS)
    ]
    if asked.as_json:
        print(json.dumps([asdict(one) for one in tried], ensure_ascii=False, indent=1))
    else:
        show(tried, (*BAD, "alarm") if asked.alarm else BAD)
    return 0 if enough([one.outcome for one in tried]) else 1


def show(tried: Sequence[Tried], outcomes: Sequence[Outcome]) -> None:
    print(f"{'':26}" + "".join(f"{outcome:>16}" for outcome in OUTCOMES))
    for way in WAYS:
        so_far = [one for one in tried if one.way == way]
        if so_far:
            _row(way, so_far)
    _row("the ten harmful", [one for one in tried if one.way in HARMFUL])
    _row("all", tried)
    for one in tried:
        if one.outcome in outcomes:
            print(f"\n{one.outcome}: {one.page}, {one.way}\n  {one.said[:400]}")


def _row(name: str, tried: Sequence[Tried]) -> None:
    counts = Counter(one.outcome for one in tried)
    share = sum(counts[outcome] for outcome in NOTICED) / len(tried) if tried else 1.0
    print(f"{name:26}" + "".join(f"{counts[outcome]:>16}" for outcome in OUTCOMES) + f"{share:>9.1%}")


if __name__ == "__main__":
    sys.exit(main())
