"""One step of each phase, on SQLite and with aiosmtpd. `python -m tests.faults` has all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import plan
from tests.faults.databases import MAIL, SLACK, Sqlite
from tests.faults.lives import write_configuration
from tests.faults.receivers import PostOffice, post_office
from tests.faults.stories import Stage, Story, tell

PARTS = {part.name: part for part in plan.parts(5, few=True)}
TRIED = frozenset(  # one of each phase, for the time that they take
    {
        "composing: claiming a run: after",
        "composing: keeping the edition: told written",
        "composing: keeping the edition: before the commit",
        "composing: keeping the edition: after",
        "sending mail: claiming deliveries: after",
        "sending mail: EHLO: answer read",
        "sending mail: RCPT: answer read",
        "sending mail: body: half of it sent",
        "sending mail: handing over: before the commit",
        "sending mail: handing over: after",
        "sending mail: final dot: sent",
        "sending mail: final dot: answer read",
        "sending mail: outcome: before the commit",
        "sending mail: QUIT: sent",
        "keeping a poll: keeping a poll: sightings written",
        "keeping a poll: keeping a poll: before the commit",
        "Slack: handing over: after",
        "Slack: post: taken",
        "Slack: keeping a post: before the commit",
        "Slack: keeping a post: after",
        "Slack: a week later, edit: taken",
        "and the digest that names it: final dot: sent, and final dot: sent",
        "four connections: four connections",
        "the receiver fails too: answers_dot_with 451 4.3.0 Try again later, then killed",
    }
)


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture(scope="module")
def mail(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return _stage(office, tmp_path_factory.mktemp("mail"), slack=False)


@pytest.fixture(scope="module")
def slack(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return _stage(office, tmp_path_factory.mktemp("slack"), slack=True)


def _stage(office: PostOffice, folder: Path, *, slack: bool) -> Stage:
    write_configuration(folder)
    database = Sqlite(folder / "databases", SLACK if slack else MAIL)
    return Stage(database=database, mail=office, office=office, folder=folder, number=1_000_000)


def _stories(*names: str) -> list[object]:
    """A second week only where the next digest has to name what is uncertain."""
    return [
        pytest.param(
            replace(story, weeks=1 if story.uncertain == 0 and not story.later else 2),
            id=f"{story.row.replace(' ', '-')}-{number}",
        )
        for name in names
        for number, story in enumerate(PARTS[name].stories)
        if f"{name}: {story.row}" in TRIED
    ]


def _number(request: pytest.FixtureRequest) -> int:
    return 1 + [item.name for item in request.session.items].index(request.node.name)


@pytest.mark.parametrize("story", _stories("composing"))
def test_a_death_while_composing_loses_and_doubles_nothing(
    story: Story, mail: Stage, request: pytest.FixtureRequest
) -> None:
    assert tell(story, mail, _number(request)).wrong == []


@pytest.mark.parametrize("story", _stories("sending mail"))
def test_a_death_while_sending_leaves_uncertain_what_had_its_dot_and_nothing_else(
    story: Story, mail: Stage, request: pytest.FixtureRequest
) -> None:
    assert tell(story, mail, _number(request)).wrong == []


@pytest.mark.parametrize(
    "story", _stories("and the digest that names it", "four connections", "the receiver fails too")
)
def test_a_death_on_top_of_other_troubles_loses_and_doubles_nothing(
    story: Story, mail: Stage, request: pytest.FixtureRequest
) -> None:
    assert tell(story, mail, _number(request)).wrong == []


@pytest.mark.parametrize("story", _stories("keeping a poll"))
def test_a_death_while_a_poll_is_kept_tells_each_review_once(
    story: Story, mail: Stage, request: pytest.FixtureRequest
) -> None:
    assert tell(story, mail, _number(request)).wrong == []


@pytest.mark.parametrize("story", _stories("Slack"))
def test_after_a_death_slack_is_looked_at_and_ends_as_if_nobody_had_died(
    story: Story, slack: Stage, request: pytest.FixtureRequest
) -> None:
    assert tell(replace(story, weeks=2), slack, _number(request)).wrong == []
