"""Reads score.py's JSON from standard input and fails where a figure has fallen below its floor."""

from __future__ import annotations

import json
import sys

FLOORS = {
    "records": 1.0,
    "title": 1.0,
    "incident": 1.0,
    "learning": 0.98,
    "recommendations": 0.98,
    "themes": 0.80,
    "evidence": 1.0,
}
OVERALL = 0.97


def main() -> int:
    scored = json.load(sys.stdin)
    low = [
        f"{name}: {scored['figures'][name]['f1']:.3f}, the floor is {floor:.2f}"
        for name, floor in FLOORS.items()
        if scored["figures"][name]["f1"] < floor
    ]
    if scored["overall"] < OVERALL:
        low.append(f"overall: {scored['overall']:.3f}, the floor is {OVERALL:.2f}")
    figures = ", ".join(f"{name} {scored['figures'][name]['f1']:.3f}" for name in FLOORS)
    print(f"{scored['cases']} cases, overall {scored['overall']:.3f}: {figures}")
    print("\n".join(low))
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
