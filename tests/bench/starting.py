"""What a command costs that does next to nothing: the time until it has answered.

Each is a process of its own, as a person types it, in a folder with the configuration that ships and an empty
archive. Beside them, in turns, Python that does nothing, and Python that imports three of the libraries that the bot
is built of. Bytecode is kept in a folder of its own and made by a first run that is not counted.

Processor seconds of user and system, the best of several, since a busy machine only adds; wall time is printed, and is
the same on a quiet one.
"""

from __future__ import annotations

import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 5
NOTHING, LIBRARIES = "python -c pass", "python -c 'import pydantic, sqlalchemy, jinja2'"
BASELINES = {
    NOTHING: ("-c", "pass"),
    LIBRARIES: ("-c", "import pydantic, sqlalchemy, jinja2"),
}
COMMANDS = {
    "--help": ("-m", "bot", "--help"),
    "check": ("-m", "bot", "check"),
    "status": ("-m", "bot", "status"),
    "search neglect": ("-m", "bot", "search", "neglect"),
    "reviews show --help": ("-m", "bot", "reviews", "show", "--help"),
}
MOST_SECONDS = {"--help": 0.3, "check": 1.0}  # by issue 8
# How many times as long as importing the libraries. Raise one only with a reason in the commit.
MOST = {"--help": 1.0, "check": 3.4, "status": 4.4, "search neglect": 3.8, "reviews show --help": 1.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Seconds of one run."""

    processor: float
    wall: float


def run(arguments: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Taken:
    """One process to its end. Whatever it says is thrown away, and it must say that all is well."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(processor=processor, wall=wall)


def measured(folder: Path) -> dict[str, Taken]:
    """The best of each baseline and command."""
    for name in ("sources.yaml", "subscriptions.yaml"):
        shutil.copy(ROOT / name, folder)
    unset = ("PYTHONDONTWRITEBYTECODE", "DATABASE_URL", "SMTP_URL", "PUBLIC_URL", "SLACK_BOT_TOKEN")
    environ = {name: value for name, value in os.environ.items() if name not in unset}
    environ |= {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONPATH": str(ROOT)}
    made = "from bot.store import open_store; open_store('sqlite:///data/learning-bot.db').close()"
    run(("-c", made), folder, environ)
    all_of_them = BASELINES | COMMANDS
    best = dict.fromkeys(all_of_them, Taken(processor=math.inf, wall=math.inf))
    for number in range(RUNS + 1):
        for name, arguments in all_of_them.items():
            taken, so_far = run(arguments, folder, environ), best[name]
            if number:
                best[name] = Taken(
                    processor=min(taken.processor, so_far.processor), wall=min(taken.wall, so_far.wall)
                )
    return best


def main() -> list[str]:
    """Gives a line for each figure that is worse than agreed."""
    with tempfile.TemporaryDirectory() as folder:
        best = measured(Path(folder))
    worse = []
    for name, taken in best.items():
        ratio = taken.processor / best[LIBRARIES].processor
        asked = f"{MOST_SECONDS[name]:.1f} s asked" if name in MOST_SECONDS else ""
        most = f"(most {MOST[name]})" if name in MOST else ""
        shown = name if name in BASELINES else f"learning-bot {name}"
        print(
            f"{shown:48} {taken.processor:6.2f} s CPU {taken.wall:6.2f} s {ratio:6.2f} x the libraries {most} {asked}"
        )
        if name in MOST_SECONDS and taken.processor > MOST_SECONDS[name]:
            worse.append(f"{name}: {taken.processor:.2f} s; the most is {MOST_SECONDS[name]}")
        if name in MOST and ratio > MOST[name]:
            worse.append(f"{name}: {ratio:.2f} times the import of three libraries; the most is {MOST[name]}")
    return worse
