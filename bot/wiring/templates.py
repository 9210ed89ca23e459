"""Trying templates with hard cases before they meet a reader: do they render, and keep to what we promise?"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from bot.deliver.rendering.printed import Printed
from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.deliver.words import clean
from bot.errors import ConfigError, Problem
from bot.hard_cases import HardCase, a_report, a_summary, hard_cases
from bot.models import Digest, Edition, Organisation
from bot.wiring.own_templates import names_in, problems_in
from bot.wiring.promises import Asked, broken_in_digest, broken_in_mail, broken_in_page, broken_in_posts
from bot.wiring.safe_markup import Broken
from bot.wiring.trial_pages import TrialPage, trial_pages

UNSUBSCRIBE = "https://learning.example.org/unsubscribe/x?list=weekly&reader=7"
PAGE = "https://learning.example.org/digests/x"
QUOTED = re.compile(r"“.*?”|\d[\d,]* bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What digests are made with, whatever the templates: as for `Renderer`."""

    name_of_theme: Callable[[str], str]
    organisation: Callable[[], Organisation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One thing to make and to look at: in which case, and how to find what is wrong with it."""

    case: str
    look: Callable[[], Iterator[Broken]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found wrong, and at which attempt."""

    place: int
    case: str
    what: Broken | Problem


def check(own: Path | None, shipped: Path, making: Making, now: datetime) -> None:
    """Try all templates: those in `own`, where there are any, before those in `shipped`.

    `own` None: only those in `shipped` are in force, and they are as our tests tried them. What is left to
    try is what an organisation says of itself: in few cases that show all of it.

    Raises ConfigError with every mistake: its file, its line where it can be told, what would be right, and
    the case that showed it."""
    if own and (problems := problems_in(own, shipped)):
        raise ConfigError(problems)
    folders = [folder for folder in (own, shipped) if folder and folder.is_dir()]
    trial = Trial(folders, making, now, few=own is None)
    findings = [finding for place in range(len(trial.attempts)) for finding in trial.findings(place)]
    if findings:
        with Blame(own or shipped, shipped, making, now) as blame:
            raise ConfigError(list(_told(findings, blame)))


class Trial:
    """The templates of these folders (the first that has one wins), and all that they are tried with. `few`:
    tried with what an organisation can break."""

    def __init__(self, folders: Sequence[Path], making: Making, now: datetime, *, few: bool = False) -> None:
        said = (making.name_of_theme, making.organisation)
        self._organisation = making.organisation()
        self._templates = Templates(folders)
        self._renderer = Renderer(self._templates, *said)
        self._printed = Printed(self._templates, *said)
        self.attempts = tuple(self._few(now) if few else self._attempts(now))

    def findings(self, place: int) -> list[Finding]:
        """What is wrong with one of the attempts."""
        attempt = self.attempts[place]
        found: list[Broken | Problem]
        try:
            found = list(attempt.look())
        except ConfigError as error:
            found = list(error.problems)
        return [Finding(place=place, case=attempt.case, what=what) for what in found]

    def _attempts(self, now: datetime) -> Iterator[Attempt]:
        for case in hard_cases(now):
            for look in (partial(self._mail, UNSUBSCRIBE), self._posts, self._page, self._meeting):
                yield Attempt(case=case.name, look=partial(look, case))
        for case in hard_cases(now)[:1]:
            yield Attempt(case=f"{case.name}, without a web", look=partial(self._mail, None, case))
            yield Attempt(case=f"{case.name}, by webhook", look=partial(self._posts, case, threads=False))
        report, summary = a_report(now), a_summary(now)
        names = [notice.name for notice in report.notices]
        look = partial(self._for_administrators, report, "email/report", names)
        yield Attempt(case="a report to administrators", look=look)
        names = [one.name for one in summary.summary.unread] if summary.summary else []
        look = partial(self._for_administrators, summary, "email/report_summary", names)
        yield Attempt(case="a summary for administrators", look=look)
        for page in trial_pages(now):
            yield Attempt(case=page.name, look=partial(self._other_page, page))

    def _few(self, now: datetime) -> Iterator[Attempt]:
        """All that shows a name, an introduction or an address, on their own and beside the most."""
        cases = {case.name: case for case in hard_cases(now)}
        one = cases["one review"]
        yield Attempt(case=f"{one.name}, without a web", look=partial(self._mail, None, one))
        for case in (cases["60 reviews"], cases["markup in all that a source says"]):
            yield Attempt(case=case.name, look=partial(self._mail, UNSUBSCRIBE, case))
        for case in (cases["a quiet week"], cases["everything at once"]):
            for look in (partial(self._mail, UNSUBSCRIBE), self._posts, self._page):
                yield Attempt(case=case.name, look=partial(look, case))

    def _mail(self, unsubscribe_url: str | None, case: HardCase) -> Iterator[Broken]:
        content = self._renderer.email(case.digest, unsubscribe_url, PAGE if unsubscribe_url else None)
        yield from broken_in_mail(content, replace(self._asked(case), unsubscribe_url=unsubscribe_url))

    def _posts(self, case: HardCase, threads: bool = True) -> Iterator[Broken]:
        posts = self._renderer.slack(case.digest, threads=threads, page_url=PAGE)
        yield from broken_in_posts(posts, self._asked(case))

    def _page(self, case: HardCase) -> Iterator[Broken]:
        page = self._printed.page(Edition(id="x", digest=case.digest))
        yield from broken_in_digest(page, self._asked(case), "web/digest.html")

    def _meeting(self, case: HardCase) -> Iterator[Broken]:
        page = self._printed.meeting(Edition(id="x", digest=case.digest))
        yield from broken_in_page(page, "web/meeting.html", tuple(self._asked(case).titles))

    def _other_page(self, page: TrialPage) -> Iterator[Broken]:
        common = {"organisation": self._organisation, "whom": "answer the last message that you got"}
        made = self._templates.render(page.template, {**common, **page.context})
        yield from broken_in_page(made, page.template, (*page.said, self._organisation.name), page.wishes)

    def _for_administrators(self, digest: Digest, template: str, names: Sequence[str]) -> Iterator[Broken]:
        content = self._renderer.email(digest, UNSUBSCRIBE)
        said = (*names, self._organisation.name)
        yield from broken_in_page(content.html, f"{template}.html", said)
        for name in said:
            if clean(name) not in clean(content.text):
                text = f"“{name}” does not stand in the text part; compare it with the template that ships"
                yield Broken(template=f"{template}.txt", text=text)
        self._renderer.slack(digest)

    def _asked(self, case: HardCase) -> Asked:
        return Asked(digest=case.digest, organisation=self._organisation)


class Blame:
    """Finds out which of an administrator's templates broke a promise: the one with which, alone beside those
    that ship, it is broken too."""

    def __init__(self, own: Path, shipped: Path, making: Making, now: datetime) -> None:
        self._own, self._shipped, self._making, self._now = own, shipped, making, now
        self._known = set(names_in(shipped))
        self._made = TemporaryDirectory()
        self._trials: dict[str, Trial] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.cleanup()

    def of(self, finding: Finding, broken: Broken) -> Problem:
        """The promise as a mistake in a file, with the line where it can be told."""
        own = names_in(self._own) if self._own != self._shipped else []
        ours = [name for name in own if name in self._known]
        name = next((one for one in ours if len(ours) > 1 and self._breaks(one, finding.place, broken)), None)
        name = name or (ours[0] if len(ours) == 1 else broken.template)
        path = self._own / name if name in ours else self._shipped / name
        return Problem(file=str(path), line=_line_of(path, broken.clue), field="", text=broken.text)

    def _breaks(self, name: str, place: int, broken: Broken) -> bool:
        found = (finding.what for finding in self._alone(name).findings(place))
        return any(_alike(broken) == _alike(what) for what in found if isinstance(what, Broken))

    def _alone(self, name: str) -> Trial:
        """Templates of which this is the only one of an administrator's own, with what it may include."""
        if name not in self._trials:
            folder = Path(self._made.name) / str(len(self._trials))
            for one in names_in(self._own):
                if one == name or one not in self._known:
                    (folder / one).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(self._own / one, folder / one)
            self._trials[name] = Trial([folder, self._shipped], self._making, self._now)
        return self._trials[name]


def _alike(broken: Broken) -> tuple[str, str]:
    """The same for promises that differ only in what they quote."""
    return broken.template, QUOTED.sub("", broken.text)


def _line_of(path: Path, clue: str) -> int | None:
    if not clue:
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if re.search(clue, line)), None)


def _told(findings: Sequence[Finding], blame: Blame) -> Iterator[Problem]:
    """Each mistake once, with the first case that showed it."""
    once: dict[object, list[Finding]] = {}
    for finding in findings:
        what = finding.what
        key = _alike(what) if isinstance(what, Broken) else (what.file, what.line, what.text)
        once.setdefault(key, []).append(finding)
    for same in once.values():
        first, others = same[0], len({finding.case for finding in same}) - 1
        problem = blame.of(first, first.what) if isinstance(first.what, Broken) else first.what
        more = f" and {others} more" if others else ""
        yield replace(problem, text=f"{problem.text} (tried with: {first.case}{more})")
