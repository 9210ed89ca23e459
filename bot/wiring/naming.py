"""What a person named, found among what a file of the configuration has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from bot.errors import UsageError

V = TypeVar("V")


def named(kind: str, wanted: str, known: Mapping[str, V], file: str, besides: Sequence[str] = ()) -> V:
    """The one called `wanted`. `kind`: what it is, such as `source`; `file`: where they stand; `besides`:
    what may have been meant, and is in no file. Raises UsageError that names the nearest."""
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, [*known, *besides], n=1)
    hint = f"; did you mean `{near[0]}`?" if near else f"; it has: {', '.join(known)}" if known else ""
    raise UsageError(f"{file} has no {kind} `{wanted}`{hint}")
