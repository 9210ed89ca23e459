"""`python -m tests.nasties [--few | WORDS]`: each harmful input through the door that a poll uses, one process each.

Prints a table of size, seconds on the clock and of processor time, peak memory of the process and of its child,
and what came of it. Exit 1 where one took more than 10 s of processor time or 500 MB, or ended in anything but a
reading or an error of ours. All take some ten minutes; `--few`, one or two of each kind, about one.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import bot.themes
from bot.config import load_vocabulary
from bot.errors import SourceError
from bot.fetch.sandbox import Sandbox
from bot.models import Page, Selectors, Source
from bot.themes import parse_vocabulary, tag
from tests.nasties import Nasty
from tests.nasties.every import FEW, every

VOCABULARY = Path(bot.themes.__file__).with_name("vocabulary.yaml")
MOST_SECONDS = 10.0
MOST_MEGABYTES = 500.0
_NOTHING = {"seconds": 0.0, "work": 0.0, "own": 0.0, "child": 0.0}
PATIENCE = 60.0  # seconds until one that hangs is given up


def _source(nasty: Nasty) -> Source:
    select = Selectors(item=nasty.select) if nasty.select else None
    return Source(id="nasty", name="Nasty", url="https://www.saltmarsh.example.org/reviews", select=select)


def one(nasty: Nasty, body: bytes) -> str:
    """What came of it, in a line. Whatever is no error of ours passes through."""
    source = _source(nasty)
    page = Page(url=source.url, body=body, content_type=nasty.content_type)
    try:
        reading = Sandbox().read(page, source)
    except SourceError as error:
        return f"{error.trouble}: {error}"
    vocabulary = parse_vocabulary(load_vocabulary(VOCABULARY))
    themes = sum(len(tag(review, vocabulary)) for review in reading.reviews)
    return f"{reading.state}: {len(reading.reviews)} reviews, {themes} themes"


def _named(name: str) -> Nasty:
    return next(one for one in every() if one.name == name)


def _alone(name: str, path: str) -> None:
    """In a process of its own, which measures itself."""
    nasty = _named(name)
    body = Path(path).read_bytes()
    begun, before = perf_counter(), process_time()
    try:
        came = one(nasty, body)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is the finding
        came = f"TRACEBACK {type(error).__name__}: {str(error)[:200]}"
    seconds = perf_counter() - begun
    here, apart = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    work = here.ru_utime + here.ru_stime - before + apart.ru_utime + apart.ru_stime
    print(
        json.dumps(
            {
                "seconds": seconds,
                "work": work,
                "own": here.ru_maxrss / 1000,
                "child": apart.ru_maxrss / 1000,
                "came": came[:300],
            }
        )
    )


def _measured(nasty: Nasty) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile() as file:
        this = [sys.executable, "-m", "tests.nasties"]
        # Made in a process of its own too: what a process starts inherits its peak of memory (getrusage).
        subprocess.run([*this, "--make", nasty.name, file.name], check=True)
        size = Path(file.name).stat().st_size
        command = [*this, "--alone", nasty.name, file.name]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return {**_NOTHING, "size": size, "work": PATIENCE, "came": "HANGS"}
        if done.returncode:
            return {**_NOTHING, "size": size, "came": f"CRASHES {done.stderr[-300:].decode()}"}
        return {"size": size, **json.loads(done.stdout)}


def _is_over(told: dict[str, Any]) -> bool:
    """By processor time, so that it is not decided by what else the machine does."""
    return (
        told["work"] > MOST_SECONDS
        or max(told["own"], told["child"]) > MOST_MEGABYTES
        or told["came"].startswith(("TRACEBACK", "HANGS", "CRASHES"))
    )


def _is_wanted(nasty: Nasty, words: list[str]) -> bool:
    if words == ["--few"]:
        return nasty.name in FEW
    return not words or any(word.lower() in nasty.name.lower() for word in words)


def main(words: list[str]) -> int:
    wanted = [one for one in every() if _is_wanted(one, words)]
    over = 0
    print(f"{'input':52} {'MB':>6} {'s':>6} {'work s':>6} {'own MB':>7} {'child':>6}  what came of it")
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1))) as pool:
        for nasty, told in zip(wanted, pool.map(_measured, wanted), strict=True):
            bad = _is_over(told)
            over += bad
            print(
                f"{'!' if bad else ' '}{nasty.name:51.51} {told['size'] / 1e6:6.1f} {told['seconds']:6.2f} {told['work']:6.2f} "
                f"{told['own']:7.0f} {told['child']:6.0f}  {told['came'][:150]}",
                flush=True,
            )
    print(f"{len(wanted)} inputs, {over} over the limits of {MOST_SECONDS:g} s and {MOST_MEGABYTES:g} MB")
    return 1 if over else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        _alone(*sys.argv[2:4])
    elif sys.argv[1:2] == ["--make"]:
        Path(sys.argv[3]).write_bytes(_named(sys.argv[2]).make())
    else:
        sys.exit(main(sys.argv[1:]))
