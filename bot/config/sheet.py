"""What a YAML file says as plain values, on which line it says it, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.config import secrecy
from bot.errors import Problem

Step = str | int
Place = tuple[Step, ...]


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What a file says, where it says it, and what is wrong with it so far."""

    file: str
    content: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    settled: set[Place] = field(default_factory=set)  # places about which enough has been said

    def add(self, place: Place, text: str) -> None:
        """One more problem, unless something was said already of this place or of what it is part of."""
        if not any(place[:length] in self.settled for length in range(len(place) + 1)):
            problem = Problem(
                file=self.file, line=self.line(place), field=self.field(place), text=secrecy.hidden(text)
            )
            if problem not in self.problems:
                self.problems.append(problem)

    def settle(self, place: Place, text: str) -> None:
        """One more problem, and the last that is said of this place."""
        self.add(place, text)
        self.settled.add(place)

    def line(self, place: Place) -> int | None:
        """The line of a place, or of the nearest place that it is part of; counted from 1."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None

    def field(self, place: Place) -> str:
        """A place as one would say it: `sources[nspcc-monthly].every`. Items without an id count from 1."""
        said = ""
        value = self.content
        for step in place:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                value = None
            if isinstance(step, int):
                name = value.get("id") if isinstance(value, dict) else None
                said += f"[{shown(name)}]" if isinstance(name, str) and name else f"[{step + 1}]"
            else:
                said += f".{shown(step)}" if said else shown(step)
        return said


def shown(text: str, longest: int = 60) -> str:
    """A value as a message may repeat it: on one line, not long, no secret in it."""
    folded = " ".join("".join(c if c.isprintable() else " " for c in secrecy.hidden(text)).split())
    return folded if len(folded) <= longest else folded[: longest - 1] + "…"
