"""`python -m tests.faults`: kill the bot at every step of composing and sending, several hundred times, and print
what was lost, what came twice and what stayed uncertain. Exit code 1 where anything did that must not.

`--few`: each step once. `--only WORDS`: the rows that hold these words (as `sending mail: body`). Tries also on
PostgreSQL and Postfix where they are (REQUIRE_POSTGRES=1, REQUIRE_POSTFIX=1: must be).
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from tests.faults import all_at_once, plan, postfix, true_time
from tests.faults.databases import MAIL, SLACK, Postgres, Sqlite, crowd
from tests.faults.lives import write_configuration
from tests.faults.receivers import MailServer, PostfixMail, PostOffice, post_office
from tests.faults.stories import Stage, Story, tell
from tests.faults.table import Table
from tests.store import postgres

WORKERS = 2


def main() -> int:
    given = _arguments()
    begun = time.monotonic()
    table = Table()
    with (
        contextlib.ExitStack() as open_now,
        tempfile.TemporaryDirectory(prefix="learning-bot-faults-") as name,
    ):
        folder = Path(name)
        write_configuration(folder / "configuration")
        offices = [open_now.enter_context(post_office()) for _ in range(WORKERS)]
        server = _postfix(open_now, table)
        shown = plan.parts(given.seed, few=given.few, only=given.only)
        _tell_all(shown, folder, offices, server, _databases(folder, table), table)
        readers = 120 if given.few else 200
        if given.only in all_at_once.PART:
            for kind in _databases(folder, table):
                crowded = crowd(readers)
                kept = Postgres(crowded) if kind == "PostgreSQL" else Sqlite(folder / "crowd", crowded)
                all_at_once.tell_all(kept, offices[0], folder / "configuration", readers, table.add)
        if given.only in true_time.PART:
            true_time.tell(folder / "true-time", offices[0], readers, table)
    print(table.text())
    print(f"in {time.monotonic() - begun:.0f} s")
    return 1 if table.wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--few", action="store_true", help="each step once")
    parser.add_argument("--only", default="", metavar="WORDS", help="the rows that hold these words")
    parser.add_argument("--seed", type=int, default=5)
    return parser.parse_args()


def _databases(folder: Path, table: Table) -> list[str]:
    try:
        postgres.server_or_skip()
    except pytest.skip.Exception as reason:
        table.notes.append(f"PostgreSQL was not tried: {reason}")
        return ["SQLite"]
    return ["SQLite", "PostgreSQL"]


def _postfix(open_now: contextlib.ExitStack, table: Table) -> PostfixMail | None:
    try:
        return PostfixMail(open_now.enter_context(postfix.PostfixServer()))
    except pytest.skip.Exception as reason:
        table.notes.append(f"Postfix was not tried: {reason}")
        return None


def _tell_all(
    parts: list[plan.Part],
    folder: Path,
    offices: list[PostOffice],
    server: PostfixMail | None,
    databases: list[str],
    table: Table,
) -> None:
    """Each worker has a receiver of its own, and takes every n-th story. Everything is told on SQLite with aiosmtpd
    and on PostgreSQL with Postfix; crosswise, what stands for the rest."""
    made: dict[tuple[str, bool], Sqlite | Postgres] = {}

    def database(kind: str, slack: bool) -> Sqlite | Postgres:
        if (kind, slack) not in made:
            readers = SLACK if slack else MAIL
            made[kind, slack] = (
                Postgres(readers) if kind == "PostgreSQL" else Sqlite(folder / str(slack), readers)
            )
        return made[kind, slack]

    begun = time.monotonic()
    numbered: list[tuple[int, plan.Part, Story, MailServer | None, Sqlite | Postgres]] = []
    for part in parts:
        servers: list[MailServer | None] = [None, server] if server and part.postfix else [None]
        for mail, kind in product(servers, databases):
            crosswise = len(servers) > 1 and (mail is None) != (kind == databases[0])
            for story in part.few if crosswise else part.stories:
                table.expects(part.name, story.row)
                numbered.append((len(numbered) + 1, part, story, mail, database(kind, part.slack)))

    def work(which: int) -> None:
        office = offices[which]
        stages: dict[tuple[int, int], Stage] = {}
        for number, part, story, mail, kept in numbered[which::WORKERS]:
            key = (id(mail), id(kept))
            if key not in stages:
                stages[key] = Stage(
                    database=kept,
                    mail=mail or office,
                    office=office,
                    folder=folder / "configuration",
                    number=1_000_000 + 10 * which + len(stages),
                )
            verdict = tell(story, stages[key], number)
            table.add(
                part.name,
                story.row,
                verdict,
                f"{kept.name}, {(mail or office).name}: {', '.join(map(str, story.kills + story.later))}",
            )
            _progress(number, len(numbered), begun)

    with ThreadPoolExecutor(WORKERS) as pool:
        for one in [pool.submit(work, which) for which in range(WORKERS)]:
            one.result()


def _progress(done: int, of: int, begun: float) -> None:
    if done % 50 == 0:
        print(f"{done} of {of} stories told in {time.monotonic() - begun:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
