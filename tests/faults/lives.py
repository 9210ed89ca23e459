"""A life of the bot: a process with the real store and the real channels that polls, composes and sends, and
perhaps is killed at a step.

Lives are forked from a process with one thread in which all is ready (multiprocessing's fork server, nursery.py),
so that five hundred of them take minutes.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from bot.deliver.slack import pace
from bot.models import UNREAD
from bot.pipeline import collect, send
from bot.pipeline.follow import Collecting
from bot.wiring import Bot
from tests.faults.doom import Doom, lay_in_wait
from tests.house import InventedSite, Opening, SetClock

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.faults.nursery"])

SOURCE = "saltmarsh"
ADDRESS = f"https://{SOURCE}.example.org/reviews"
SOURCES = f"""defaults: {{contact: learning@example.org}}
sources:
  - {{id: {SOURCE}, name: Saltmarsh, url: "{ADDRESS}", every: 7d}}
"""
SUBSCRIPTIONS = """digests:
  weekly: {cron: "0 8 * * mon"}
subscriptions: []
"""


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a process does. `folder` holds its configuration; `page`: the entries of the source's page, which it
    polls first; `step` and `nth`: where it is killed."""

    folder: Path
    database_url: str
    environ: Mapping[str, str]
    now: datetime
    page: tuple[str, ...] = ()
    composes: bool = True
    delivers: bool = True
    step: str | None = None
    nth: int = 1


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a life ended: `killed`, or by itself, with the steps that it reached."""

    killed: bool
    reached: Mapping[str, int] = field(default_factory=dict)


class Failed(Exception):
    """A life that ended with an error of its own: what a restart must never meet."""


def write_configuration(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "subscriptions.yaml").write_text(SUBSCRIPTIONS)


def live(life: Life) -> Ended:
    """Do it in a process of its own. Raises Failed."""
    process, ours = begin(life)
    return end(process, ours)


def begin(life: Life) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=_live, args=(life, theirs))
    process.start()
    theirs.close()
    return process, ours


def end(process: multiprocessing.process.BaseProcess, ours: Connection) -> Ended:
    try:
        told = ours.recv()
    except EOFError:
        told = None
    process.join(60)
    ours.close()
    code = process.exitcode
    process.close()
    if code == -9:
        return Ended(killed=True)
    if isinstance(told, Ended):
        return told
    raise Failed(f"a life ended with exit code {code}:\n{told}")


def _live(life: Life, tell: Connection) -> None:
    try:
        ended = _lived(life)
    except BaseException:  # noqa: BLE001 -- whatever it was is told, and judged there
        tell.send(traceback.format_exc())
        raise SystemExit(1) from None
    tell.send(ended)
    tell.close()
    sys.stdout.flush()
    os._exit(0)


def _lived(life: Life) -> Ended:
    gc.disable()  # a life is short
    send.AT_A_TIME = 2  # so that some readers' digests are kept, and others' not
    pace.GAP = 0.0  # and the stand-in takes more than one message a second
    doom = Doom(life.step, life.nth)
    lay_in_wait(doom)
    clock = SetClock(life.now)
    with Bot(life.folder, life.environ, clock=clock, database_url=life.database_url) as bot:
        if life.page:
            poll(bot, life.page)
        if life.composes:
            bot.compose_due()
        if life.delivers:
            bot.deliver()
    return Ended(killed=False, reached=dict(doom.reached))


def poll(bot: Bot, page: tuple[str, ...]) -> None:
    site = InventedSite()
    site.publishes(ADDRESS, *page)
    collecting = Collecting(
        fetcher=site, opener=Opening(), archive=bot.store, vocabulary=bot.vocabulary, clock=bot.clock
    )
    runs = collect.collect_all(list(bot.sources.values()), collecting)
    bad = [run.detail for run in runs if run.state in UNREAD]
    assert not bad, bad
