"""What a person named, found among what a file of the configuration has."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

from bot.errors import UsageError

V = TypeVar("V")


def named(kind: str, wanted: str, known: Mapping[str, V], file: str) -> V:
    """The one called `wanted`. `kind`: what it is, such as `source`; `file`: where they stand. Raises
    UsageError that names the nearest."""
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else f"; it has: {', '.join(known)}" if known else ""
    raise UsageError(f"{file} has no {kind} `{wanted}`{hint}")
