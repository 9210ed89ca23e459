"""`make bench`, or `python -m tests.bench reading` for one part or several; their names are in `PARTS`. `--short` takes
smaller sizes, and judges no seconds.

Each part prints what it finds as it goes: seconds of ours and of a baseline in the same run, the ratio beside the
most that `floors` allows, and growth at three sizes. A part in which something lies above its floor by more than the
noise is measured once more; what does so twice is worse, and the exit code 1.

All of it is kept in `build/bench/`: `findings.json`, and the rounds as pyperf has them, so that two days compare by
`python -m pyperf compare_to --table MONDAY/timings.json build/bench/timings.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import pyperf

from tests.bench.findings import Figure, Finding, Ratio, is_worse
from tests.bench.floors import AT_SMALLER_SIZES, MOST

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
    "instead",
)
# What `--short` asks of a part instead, so that CI has the ratios and growths in ten minutes.
SHORT: Mapping[str, Mapping[str, Sequence[int]]] = {
    "polling": {"sources": (4, 12, 36)},
    "composing": {"readers": (500, 2_000, 8_000), "ways": (20, 200, 2_000), "years": (50, 200, 800)},
    "sending": {"readers": (300, 1_000, 3_000)},
    "searching": {"sizes": (2_000, 5_000, 12_000)},
}
KEPT = Path("build/bench")


def measured(part: str, sizes: Mapping[str, Sequence[int]], floors: Mapping[str, float]) -> list[Finding]:
    """Prints each finding when it is there. The part is loaded when its turn comes: what is measured in a process
    of its own loads this module too."""
    print(f"== {part}", flush=True)
    found: list[Finding] = []
    for finding in import_module(f"tests.bench.{part}").findings(**sizes):
        print(finding.said(floors[finding.name]), flush=True)
        found.append(finding)
    return found


def keep(found: Iterable[Finding], folder: Path, floors: Mapping[str, float]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_row(finding, floors[finding.name]) for finding in found]
    (folder / "findings.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    timings = {
        timing.what if timing is ratio.ours else f"{timing.what} ({ratio.name})": timing
        for ratio in found
        if isinstance(ratio, Ratio)
        for timing in (ratio.ours, ratio.baseline)
    }
    if timings:
        suite = pyperf.BenchmarkSuite(
            [
                pyperf.Benchmark(
                    [
                        pyperf.Run(
                            [spent / timing.count for spent in timing.rounds],
                            metadata={"name": name, "unit": "second"},
                        )
                    ]
                )
                for name, timing in timings.items()
            ]
        )
        suite.dump(str(folder / "timings.json"), replace=True)


def _row(finding: Finding, most: float) -> dict[str, Any]:
    said = {"value": finding.value, "most": most, "worse": is_worse(finding, most)}
    return {"kind": type(finding).__name__.lower(), **asdict(finding), **said}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--short", action="store_true", help="at smaller sizes, as CI does")
    given = parser.parse_args(arguments)
    asked = given.parts or (PARTS[:-1] if given.short else PARTS)  # others' tools are no floor of ours
    if unknown := set(asked) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    floors = {**MOST, **AT_SMALLER_SIZES} if given.short else MOST
    found: dict[str, Finding] = {}
    worse: list[Finding] = []
    for part in asked:
        sizes = SHORT.get(part, {}) if given.short else {}
        once = measured(part, sizes, floors)
        found |= {finding.name: finding for finding in once}
        if given.short:  # seconds of another machine are no fault of a change; ratios and growths are
            once = [finding for finding in once if not isinstance(finding, Figure)]
        if above := {finding.name for finding in once if is_worse(finding, floors[finding.name])}:
            print(f"once more, since these lie above their floors: {', '.join(sorted(above))}")
            again = measured(part, sizes, floors)
            still = (finding for finding in again if finding.name in above)
            worse += [finding for finding in still if is_worse(finding, floors[finding.name])]
            found |= {finding.name: finding for finding in again if finding.value < found[finding.name].value}
    keep(found.values(), KEPT, floors)
    if set(asked) == set(PARTS) and not given.short:
        for name in sorted(MOST.keys() - found.keys()):
            print(f"not measured here: {name}")
    for finding in worse:
        print(f"worse than it may be: {finding.said(floors[finding.name])}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
