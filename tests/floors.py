"""Reads score.py's JSON from standard input and fails where a figure has fallen below its floor.

The floors stand just under what was last measured on the whole corpus, and never under what the product
promises: records 0.98, titles 0.97, every list and every scalar 0.93, refusals all, overall 0.95.
"""

from __future__ import annotations

import json
import sys

FIELDS = 0.98  # every figure that has no floor of its own
FLOORS = {"refusals": 1.0, "themes": 0.97, "evidence": 1.0}
OVERALL = 0.99


def main() -> int:
    scored = json.load(sys.stdin)
    figures = {name: figure["f1"] for name, figure in scored["figures"].items()}
    low = [
        f"{name}: {found:.3f}, the floor is {FLOORS.get(name, FIELDS):.2f}"
        for name, found in figures.items()
        if found < FLOORS.get(name, FIELDS)
    ]
    missing = {"records", "title", "learning", "recommendations", "themes", "evidence"} - set(figures)
    low.extend(f"{name}: not measured" for name in sorted(missing))
    if scored["overall"] < OVERALL:
        low.append(f"overall: {scored['overall']:.3f}, the floor is {OVERALL:.2f}")
    table = ", ".join(f"{name} {found:.3f}" for name, found in figures.items())
    print(f"{scored['cases']} cases, overall {scored['overall']:.3f}: {table}")
    print("\n".join(low))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
