"""Imported once, by the fork server: what every life would have to import, to read and to compile is ready then.

Nothing of it is a step at which a life is killed.
"""

from __future__ import annotations

import contextlib
import gc
import tempfile
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2

from bot.store import engine
from bot.wiring import Bot, load_vocabulary
from tests.faults.lives import write_configuration

with contextlib.suppress(ImportError):
    import psycopg  # noqa: F401 -- so that no life imports it

_compiled: dict[tuple[Any, ...], CodeType | str] = {}
_compile = jinja2.Environment.compile


def _compiled_once(self: jinja2.Environment, source: Any, *where: Any, **options: Any) -> CodeType | str:
    """A template is compiled once for all lives, which takes longer than to send four mails."""
    asked = (source, *where, *options.items())
    if asked not in _compiled:
        _compiled[asked] = _compile(self, source, *where, **options)
    return _compiled[asked]


def _make_ready() -> None:
    jinja2.Environment.compile = _compiled_once  # type: ignore[assignment,method-assign]
    engine.DURABLE = "synchronous=OFF"  # a kill is not a power cut: what was written stays
    load_vocabulary()
    with tempfile.TemporaryDirectory() as name:
        write_configuration(Path(name))
        with Bot(Path(name), {}, database_url="sqlite://") as bot:
            bot.check_templates()
            bot.compose_due()
    gc.collect()
    gc.freeze()


_make_ready()
