"""A template is compiled once for all tests of a process: each bot that is opened would compile the same ones anew,
which takes longer than to send four mails."""

from __future__ import annotations

from types import CodeType
from typing import Any

import jinja2

_compiled: dict[tuple[object, ...], CodeType | str] = {}
_compile = jinja2.Environment.compile


def compiled_once(self: jinja2.Environment, source: Any, *where: Any, **options: Any) -> CodeType | str:
    """In place of `Environment.compile`. All of ours are set up alike (bot/deliver's Templates); Jinja may work out a
    filter of something that never changes when it compiles, so others have what was compiled with the same filters."""
    asked = (source, *where, *options.items(), frozenset(self.filters.items()))
    if asked not in _compiled:
        _compiled[asked] = _compile(self, source, *where, **options)
    return _compiled[asked]
