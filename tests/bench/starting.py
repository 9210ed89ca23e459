"""What a command costs that does next to nothing: the time until it has answered.

Each is a process of its own, as a person types it, in a folder with the configuration that ships and an empty
archive. Beside them, in turns, Python that does nothing, and Python that imports three of the libraries that the bot
is built of. Bytecode is kept in a folder of its own and made by a first run that is not counted.

Processor seconds of user and system, the best of several; on a quiet machine it takes no longer by the clock.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.bench.findings import Figure, Finding, Ratio, growth
from tests.bench.measuring import in_turns

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
ASKED = ("--help", "check")  # of which issue 8 asks for seconds
SUBSCRIPTIONS = (20, 200, 2_000)  # of a configuration that is checked, for the growth


def findings() -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for shipped in ("sources.yaml", "subscriptions.yaml"):
            shutil.copy(ROOT / shipped, folder)
        environ = _environ(folder)
        made = "from bot.store import open_store; open_store('sqlite:///data/learning-bot.db').close()"
        run(("-c", made), folder, environ)
        works = {
            said: partial(_work, arguments, environ) for said, arguments in (BASELINES | COMMANDS).items()
        }
        taken = in_turns(works, [folder] * RUNS, clock=_processor_seconds)
        for said in COMMANDS:
            yield Ratio(name=f"learning-bot {said}", ours=taken[said], baseline=taken[LIBRARIES])
        for said in ASKED:
            yield Figure(name=f"seconds of learning-bot {said}", value=taken[said].best, unit="s CPU")
        yield growth("learning-bot check, by subscriptions", SUBSCRIPTIONS, _checked(folder, environ))


def run(arguments: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
    """One process to its end. Whatever it says is thrown away, and it must say that all is well."""
    subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL
    )


def _work(arguments: Sequence[str], environ: Mapping[str, str], folder: Path) -> None:
    run(arguments, folder, environ)


def _checked(folder: Path, environ: Mapping[str, str]) -> Iterator[float]:
    """The seconds of a check at each size of subscriptions.yaml."""
    for count in SUBSCRIPTIONS:
        (folder / "subscriptions.yaml").write_text(_subscriptions(count))
        work = partial(_work, COMMANDS["check"], environ)
        (taken,) = in_turns({"check": work}, [folder] * 3, clock=_processor_seconds).values()
        yield taken.best


def _subscriptions(count: int) -> str:
    rows = (
        f"  - {{id: team-{n}, name: Team {n}, to: [team{n}@example.org], digest: weekly, themes: {{any: [neglect]}}}}\n"
        for n in range(count)
    )
    return 'digests:\n  weekly: {cron: "0 8 * * mon"}\nsubscriptions:\n' + "".join(rows)


def _environ(folder: Path) -> dict[str, str]:
    unset = ("PYTHONDONTWRITEBYTECODE", "DATABASE_URL", "SMTP_URL", "PUBLIC_URL", "SLACK_BOT_TOKEN")
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONPATH": str(ROOT)}


def _processor_seconds() -> float:
    """Of all processes that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime
