"""`python -m tests.mutations CORPUS_DIR [--json]`: a table way x outcome, and each case that went wrong.

Exit code 1 where anything was published that is not so, or less than 98 of 100 were right or loud."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.breaking import HARMFUL, WAYS
from tests.mutations.trying import Outcome, Tried, pages, try_page

FLOOR = 0.98
OUTCOMES: tuple[Outcome, ...] = ("right", "loud", "silent", "wrong")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--page", action="append", help="only these pages")
    parser.add_argument("--way", action="append", choices=WAYS, help="only these ways")
    parser.add_argument("--loud", action="store_true", help="show what was said where it was loud, too")
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
        show(tried, ("silent", "wrong", "loud") if asked.loud else ("silent", "wrong"))
    return 0 if good_enough(tried) else 1


def good_enough(tried: Sequence[Tried]) -> bool:
    counts = Counter(one.outcome for one in tried)
    return counts["wrong"] == 0 and counts["right"] + counts["loud"] >= FLOOR * len(tried) > 0


def show(tried: Sequence[Tried], outcomes: Sequence[Outcome]) -> None:
    print(f"{'':26}" + "".join(f"{outcome:>8}" for outcome in OUTCOMES))
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
    share = (counts["right"] + counts["loud"]) / len(tried) if tried else 1.0
    print(f"{name:26}" + "".join(f"{counts[outcome]:>8}" for outcome in OUTCOMES) + f"{share:>9.1%}")


if __name__ == "__main__":
    sys.exit(main())
