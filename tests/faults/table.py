"""The fault table: fault, tries, lost, doubled, uncertain."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.judging import Verdict


@dataclass(kw_only=True)
class Sum:
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0

    def add(self, one: Verdict) -> None:
        self.kills += one.kills
        self.lost += one.lost
        self.doubled += one.doubled
        self.uncertain += one.uncertain

    def line(self, name: str) -> str:
        return f"{name:64} {self.kills:6} {self.lost:6} {self.doubled:8} {self.uncertain:10}"


@dataclass
class Table:
    """Adds up what came of each fault. `wrong`: every sentence that must not be."""

    rows: dict[str, dict[str, Sum]] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    total: Sum = field(default_factory=Sum)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expects(self, part: str, row: str) -> None:
        """So that rows stand in the order of the plan, whoever is done first."""
        self.rows.setdefault(part, {}).setdefault(row, Sum())

    def add(self, part: str, row: str, verdict: Verdict, where: str) -> None:
        with self._lock:
            self.expects(part, row)
            self.rows[part][row].add(verdict)
            self.total.add(verdict)
            self.places[where.partition(":")[0]] += verdict.kills
            self.wrong += [f"{part}: {row} ({where}): {sentence}" for sentence in verdict.wrong]

    def text(self) -> str:
        head = f"{'fault':64} {'tries':>6} {'lost':>6} {'doubled':>8} {'uncertain':>10}"
        lines = [head, "-" * len(head)]
        for part, rows in self.rows.items():
            lines += [f"{part}:", *(one.line(f"  {name}") for name, one in rows.items())]
        lines += ["-" * len(head), self.total.line("all")]
        lines += ["", *(f"  {kills} kills with {place}" for place, kills in self.places.items())]
        lines += [f"  {note}" for note in self.notes]
        lines += ["", *(f"WRONG: {one}" for one in self.wrong), "" if self.wrong else "Nothing was wrong."]
        return "\n".join(lines)
