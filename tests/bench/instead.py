"""What a user would pick instead: rss2email for a feed, urlwatch for pages. In the same run, on the same feed and pages,
handing over to the same mail server: messages a second, and pages a second.

**What is timed.** Whole processes as a user types them, from start to end, seen from outside, in wall and processor
seconds with their children: `learning-bot poll` and `learning-bot send` in turn, `r2e run`, `urlwatch`. Each has met what is
there before, and told nothing of it; then news come, and each runs from a copy of its own folder, one after the other,
the best of the rounds. What it takes to start and find nothing is measured alike, and shown apart: cron starts the
others each time, while ours is a service that starts once. Judged are the wall seconds of whole processes, starting
included, at the largest size. Letters that arrived are counted, and must be as many as were to come, no two alike; so are
the news that each tool told of, and what the sites answered.

**What is the same.** The machine, the feed and pages (invented, in layouts of real ones), their ETags, a web server and a
mail server (aiosmtpd) in processes of their own; no encryption, no log-in. Such a mail server takes some hundreds of
letters a second, which holds up whoever has more to hand over.

**What is not, and whom it helps.**

- Ours reads every review on a page: what happened, what was learned, whom it was about; finds its themes and the words
  that are the evidence; knows a review again that was seen elsewhere; matches it to every subscription; keeps the page,
  all of that and a ledger on disk before the first message and after each, so that a killed process doubles none. It asks
  for robots.txt first, of each host. Each message is HTML and text, is read back before it counts, and has links to stop, and to a page.
- rss2email sends the item as it stands, as text, and remembers what it sent when all is sent: killed before, it sends
  all again. A message an item is how it ships; `digest` is its other way. It knows one address a feed, or several that
  see each other, so that many readers are many feeds, and it fetches each.
- urlwatch mails the lines that differ; here without a filter, its quickest way. It does not know what on a page is a
  review, nor who wants which.
- Ours pauses for a second between two requests to one site elsewhere; theirs do not unless told to. Here none pauses: each
  page is on a host of its own, and ours leaves no pause on hosts that its configuration names as the operator's own
  (`allow_private_hosts`), which those on loopback must be.
- Ours sends no message an item by mail, but one with all that is new. To compare, each of so many readers asks for one
  child's review: as many messages of one item each. This is the worst that can be asked of it: nothing is shared.

The other tools are under the GPL and the BSD licence. They are installed by pip into `tests/bench/instead/.venv`, which git
ignores, and nothing of theirs is imported. Where that cannot be done, this part says so and finds nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.findings import Finding, Ratio, Timing, growth
from tests.bench.instead_served import post_office, sites
from tests.bench.instead_tasks import COMPARISONS, PAGES, Comparison, Stage, Task
from tests.bench.instead_tools import NotInstalled, Taken, Tool, install

ROUNDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What each round took: with news, and then once more with none."""

    busy: tuple[Taken, ...]
    idle: tuple[Taken, ...]


def measured(task: Task, stage: Stage, *, once_more: bool) -> dict[str, Spent]:
    """Both tools in turns, each round from the same state, whatever they did counted. `once_more`: also when there is
    nothing new."""
    both = (task.ours, task.theirs)
    busy: dict[str, list[Taken]] = {tool.name: [] for tool in both}
    idle: dict[str, list[Taken]] = {tool.name: [] for tool in both}
    with tempfile.TemporaryDirectory() as folder:
        stage.sites.publish(*task.before)
        for tool in both:
            (Path(folder) / tool.name).mkdir()
            tool.settles(Path(folder) / tool.name)
            assert not stage.office.took(), f"{tool.name} told of what was there already"
        stage.sites.publish(*task.after)
        for _ in range(ROUNDS):
            for tool in both:
                with tempfile.TemporaryDirectory() as copied:
                    shutil.copytree(Path(folder) / tool.name, copied, dirs_exist_ok=True)
                    busy[tool.name].append(_told(tool, Path(copied), task, stage))
                    if once_more:
                        idle[tool.name].append(_found_nothing(tool, Path(copied), stage))
    return {tool.name: Spent(busy=tuple(busy[tool.name]), idle=tuple(idle[tool.name])) for tool in both}


def _told(tool: Tool, folder: Path, task: Task, stage: Stage) -> Taken:
    """What it takes to tell the news, all of them, and to whom they were to go."""
    stage.office.took()
    stage.sites.answered()
    taken, printed = tool.tells(folder)
    letters, answered = stage.office.took(), stage.sites.answered()
    different = {(letter.recipients, letter.subject) for letter in letters}
    told = tool.told(printed, letters)
    assert len(letters) == len(different) == task.letters, f"{tool.name} sent {len(letters)} letters"
    assert told == task.news, f"{tool.name} told of {told}, not of {task.news}"
    assert set(answered) == {200}, f"{tool.name} was answered {answered}"
    return taken


def _found_nothing(tool: Tool, folder: Path, stage: Stage) -> Taken:
    taken, _ = tool.tells(folder)
    letters, answered = stage.office.took(), stage.sites.answered()
    assert not letters, f"{tool.name} sent {len(letters)} letters about nothing"
    assert set(answered) == {304}, f"{tool.name} was answered {answered} when nothing was new"
    return taken


def best(taken: tuple[Taken, ...]) -> Taken:
    return Taken(processor=min(one.processor for one in taken), wall=min(one.wall for one in taken))


def compared(comparison: Comparison, stage: Stage) -> Iterator[Finding]:
    print(f"  {comparison.name}; ours besides: {comparison.besides}")
    first = comparison.task(stage, 1)
    start = {name: best(spent.idle) for name, spent in measured(first, stage, once_more=True).items()}
    for name, taken in start.items():
        row("to start and find nothing", name, taken)
    found: dict[int, dict[str, Spent]] = {}
    for size in comparison.sizes:
        found[size] = measured(comparison.task(stage, size), stage, once_more=comparison.unchanged)
        for name, spent in found[size].items():
            row(f"{size} {comparison.counted}", name, best(spent.busy), size, start[name])
            if comparison.unchanged:
                row(f"{size} unchanged", name, best(spent.idle), size, start[name])
    ours, theirs, largest = first.ours.name, first.theirs.name, comparison.sizes[-1]
    last = found[largest]
    yield _ratio(comparison.name, largest, last[ours].busy, theirs, last[theirs].busy)
    if comparison.unchanged:
        yield _ratio("pages that did not change", largest, last[ours].idle, theirs, last[theirs].idle)
    beyond = [best(found[size][ours].busy).processor - start[ours].processor for size in comparison.sizes]
    yield growth(f"{comparison.name}, without start-up", comparison.sizes, beyond)


def row(what: str, name: str, taken: Taken, count: int = 0, start: Taken | None = None) -> None:
    """`count` and `start`: how many were done, and what it takes to do nothing."""
    beyond = (taken.processor - start.processor) / count if start else 0
    each = (
        f"{count / taken.wall:8.1f} a second, {1000 * beyond:6.1f} ms CPU each without start-up"
        if start
        else ""
    )
    print(f"    {what:26} {name:14} {taken.wall:7.2f} s {taken.processor:7.2f} s CPU {each}", flush=True)


def _ratio(name: str, count: int, ours: tuple[Taken, ...], whom: str, theirs: tuple[Taken, ...]) -> Ratio:
    found = Ratio(
        name=f"{name} / {whom}",
        ours=_walls(name, count, ours),
        baseline=_walls(whom, count, theirs),
    )
    if found.value > 1:
        print(f"    {count}: learning-bot is not ahead of {whom}")
    return found


def _walls(what: str, count: int, taken: tuple[Taken, ...]) -> Timing:
    return Timing(what=what, rounds=tuple(one.wall for one in taken), count=count)


def findings() -> Iterator[Finding]:
    try:
        commands = install()
    except NotInstalled as reason:
        print(
            f"instead: left out, since rss2email and urlwatch cannot be installed from PyPI here; pip says: {reason}"
        )
        return
    with sites(PAGES[-1]) as served, post_office() as office:
        for comparison in COMPARISONS:
            yield from compared(comparison, Stage(sites=served, office=office, commands=commands))
