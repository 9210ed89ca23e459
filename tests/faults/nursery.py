"""Imported once, by the fork server: what every life would have to import, to read and to compile is ready then.

Nothing of it is a step at which a life is killed.
"""

from __future__ import annotations

import contextlib
import gc
import tempfile
from pathlib import Path

import jinja2

from bot.store import engine
from bot.wiring import Bot, load_vocabulary
from tests.compiling import compiled_once
from tests.faults.lives import write_configuration

with contextlib.suppress(ImportError):
    import bot.worker  # noqa: F401 -- so that no life imports it, nor psycopg


def _make_ready() -> None:
    jinja2.Environment.compile = compiled_once  # type: ignore[assignment,method-assign]
    engine.DURABLE = "synchronous=OFF"  # a kill is not a power cut: what was written stays
    assert load_vocabulary().index.shelf, "made, which takes more than half a second"
    with tempfile.TemporaryDirectory() as name:
        write_configuration(Path(name))
        with Bot(Path(name), {}, database_url="sqlite://") as bot:
            bot.check_templates()
            bot.compose_due()
    gc.collect()
    gc.freeze()


_make_ready()
