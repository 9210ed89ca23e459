"""Two processes send from one database at once, and one of them is killed in the middle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.faults.databases import NEXT_WEEK, Postgres, Sqlite, count, crowd, ledger
from tests.faults.judging import Verdict, due, judge_counts, judge_mails
from tests.faults.lives import Life, begin, end, live
from tests.faults.receivers import PostOffice
from tests.faults.stories import RESTART, WEEK, Kill, Stage
from tests.reviews import MONDAY

PART = "two processes send at once"
CONNECTIONS = 4
NOW = MONDAY + timedelta(minutes=1)
Report = Callable[[str, str, Verdict, str], None]
STORIES = (
    ("nobody is killed", ()),
    ("one is killed between the final dot and the answer", (Kill(step="final dot: sent", nth=40),)),
    ("one is killed while it keeps outcomes", (Kill(step="outcome: before the commit", nth=5),)),
    ("one is killed when it has claimed", (Kill(step="claiming deliveries: after", nth=1),)),
    ("both are killed", (Kill(step="final dot: sent", nth=20), Kill(step="handing over: after", nth=10))),
)


def tell_all(kept: Sqlite | Postgres, office: PostOffice, folder: Path, readers: int, report: Report) -> None:
    stage = Stage(database=kept, mail=office, office=office, folder=folder)
    for number, (row, kills) in enumerate(STORIES):
        tag = f"s{2_000_000 + number}x{kept.name.lower()}"
        report(PART, row, tell(stage, tag, kills, readers), f"{kept.name}, {office.name}: {readers} readers")


def tell(stage: Stage, tag: str, kills: tuple[Kill, ...], readers: int) -> Verdict:
    """Each delivery is claimed by one, each reader gets one message a week, and no more is uncertain than was
    between the dot and the outcome."""
    verdict = Verdict()
    with stage.database.copy(tag) as url:
        live(_life(stage, url, delivers=False))
        both = (*kills, None, None)[:2]
        lives = [begin(_life(stage, url, composes=False, kill=kill)) for kill in both]
        verdict.kills += sum(end(*one).killed for one in lives)
        if verdict.kills < len(kills):
            verdict.wrong.append(f"{verdict.kills} were killed, and {len(kills)} should be")
        between = sum(one.state == "sending" and one.handed_over for one in ledger(url))
        if between > CONNECTIONS * len(kills):
            verdict.wrong.append(f"{between} were between the dot and the outcome")
        _each_was_claimed_once(url, bool(kills), verdict)
        live(_life(stage, url, later=RESTART))
        live(_life(stage, url, later=WEEK, page=NEXT_WEEK))
        verdict.uncertain = sum(one.state == "uncertain" for one in ledger(url))
        if verdict.uncertain != between:
            verdict.wrong.append(f"{verdict.uncertain} are uncertain, and {between} should be")
        mails, kept = stage.mail.took(tag), ledger(url)
        judge_mails(mails, kept, due(crowd(readers)), verdict)
        judge_counts(crowd(readers), 2, mails, kept, verdict)
    return verdict


def _each_was_claimed_once(url: str, killed: bool, verdict: Verdict) -> None:
    """By one process, and never again: what a dead one had is taken up later, when its lease is over."""
    again = count(url, "SELECT count(*) FROM deliveries WHERE attempts > 1")
    left = count(url, "SELECT count(*) FROM deliveries WHERE state <> 'sent'")
    if again:
        verdict.wrong.append(f"{again} deliveries were claimed twice")
    if left and not killed:
        verdict.wrong.append(f"{left} deliveries were not sent by either")


def _life(
    stage: Stage,
    url: str,
    *,
    later: timedelta = timedelta(0),
    composes: bool = True,
    delivers: bool = True,
    page: tuple[str, ...] = (),
    kill: Kill | None = None,
) -> Life:
    return Life(
        folder=stage.folder,
        database_url=url,
        environ=stage.environ(CONNECTIONS),
        now=NOW + later,
        page=page,
        composes=composes,
        delivers=delivers,
        step=kill.step if kill else None,
        nth=kill.nth if kill else 1,
    )
