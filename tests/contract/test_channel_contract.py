"""What every channel keeps to, whatever its medium: one suite, each kind of channel behind a stage of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from bot.deliver.mail.connection import MailServer
from bot.deliver.mail.eml import EmlChannel
from bot.deliver.mail.smtp import EmailChannel
from bot.deliver.slack.channel import SlackChannel
from bot.deliver.slack.pace import Pace
from bot.deliver.slack.webhook import WebhookChannel
from bot.demo.mailbox import Mailbox
from bot.demo.slack_stand_in import SlackStandIn
from bot.errors import OvertakenError
from bot.models import Delivery
from bot.ports import Channel
from tests.deliver.invented import delivery, full_week
from tests.deliver.parts import SHARED, Watched, letters


class Stage(Protocol):
    """A channel with its receiver, which can be told to fail. A verb that its medium has not is None."""

    channel: Channel
    address: str
    refuses: Callable[[], None] | None
    asks_to_wait: Callable[[], None] | None
    takes_it_and_says_nothing: Callable[[], None] | None
    has_trouble_of_its_own: Callable[[], None] | None

    def taken(self) -> int:
        """How many messages the receiver has."""


class MailStage:
    address = "lead@example.org"

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._mailbox = stack.enter_context(Mailbox())
        server = MailServer(host=self._mailbox.host, port=self._mailbox.port)
        channel = EmailChannel(server, letters(), patience=2, patience_after_dot=0.5)
        stack.callback(channel.close)
        self.channel: Channel = channel
        self.refuses: Callable[[], None] | None = lambda: self._mailbox.refuses(self.address)
        self.asks_to_wait: Callable[[], None] | None = lambda: self._mailbox.refuses(self.address, 450)
        self.takes_it_and_says_nothing: Callable[[], None] | None = self._mailbox.drops_after_the_dot
        self.has_trouble_of_its_own: Callable[[], None] | None = lambda: self._mailbox.answers(
            "connect", "421 4.3.2 Closing"
        )

    def taken(self) -> int:
        return len(self._mailbox.received)


class FileStage:
    address = "lead@example.org"
    refuses: Callable[[], None] | None = None
    takes_it_and_says_nothing: Callable[[], None] | None = None
    has_trouble_of_its_own: Callable[[], None] | None = None

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._folder = folder / "outbox"
        self.channel: Channel = EmlChannel(self._folder, letters())
        self.asks_to_wait: Callable[[], None] | None = lambda: self._folder.write_bytes(b"") and None

    def taken(self) -> int:
        return len(list(self._folder.glob("*.eml"))) if self._folder.is_dir() else 0


class SlackStage:
    address = "#learning"

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._slack = stack.enter_context(SlackStandIn(scopes=["chat:write"]))
        self.channel: Channel = SlackChannel(
            SHARED, self._slack.token, self._slack.url, pace=Pace(lambda seconds: None)
        )
        self.refuses: Callable[[], None] | None = lambda: setattr(self._slack.rooms[0], "open", False)
        self.asks_to_wait: Callable[[], None] | None = self._slack.limits_the_rate
        self.takes_it_and_says_nothing: Callable[[], None] | None = self._slack.drops
        self.has_trouble_of_its_own: Callable[[], None] | None = lambda: self._slack.limits_the_rate(600)

    def taken(self) -> int:
        return len(self._slack.roots(self.address))


class WebhookStage:
    address = "#learning"

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._slack = stack.enter_context(SlackStandIn())
        webhooks = {self.address: self._slack.webhook(self.address)}
        self.channel: Channel = WebhookChannel(SHARED, webhooks, pace=Pace(lambda seconds: None))
        self.refuses: Callable[[], None] | None = lambda: setattr(self._slack.rooms[0], "archived", True)
        self.asks_to_wait: Callable[[], None] | None = self._slack.limits_the_rate
        self.takes_it_and_says_nothing: Callable[[], None] | None = self._slack.drops
        self.has_trouble_of_its_own: Callable[[], None] | None = lambda: self._slack.limits_the_rate(600)

    def taken(self) -> int:
        """Weeks of which the beginning is there: a webhook's parts all stand in the channel."""
        return sum(
            "new reviews on your themes" in message.text for message in self._slack.roots(self.address)
        )


@pytest.fixture(params=[MailStage, FileStage, SlackStage, WebhookStage])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield request.param(stack, tmp_path)


def due(stage: Stage, number: int = 12) -> Delivery:
    return delivery(full_week(), stage.address, number=number, attempts=1)


def test_it_delivers_and_says_so(stage: Stage) -> None:
    progress = Watched()
    outcome = stage.channel.deliver(due(stage), progress)
    assert outcome.state == "sent"
    assert outcome.detail
    assert stage.taken() == 1
    assert list(outcome.posted) == progress.posts


def test_it_hands_over_before_anything_can_have_been_taken(stage: Stage) -> None:
    taken: list[int] = []
    stage.channel.deliver(due(stage), Watched(lambda: taken.append(stage.taken())))
    assert taken[0] == 0


@pytest.mark.parametrize("error", [RuntimeError("the ledger is away"), OvertakenError("another has it")])
def test_nothing_is_taken_where_handing_over_is_stopped_and_the_next_one_goes(
    stage: Stage, error: Exception
) -> None:
    def stopped() -> None:
        raise error

    stage.channel.deliver(due(stage, number=1), Watched())
    with pytest.raises(type(error), match=str(error)):
        stage.channel.deliver(due(stage, number=2), Watched(stopped))
    assert stage.taken() == 1
    assert stage.channel.deliver(due(stage, number=3), Watched()).state == "sent"
    assert stage.taken() == 2


def test_several_threads_deliver_each_once(stage: Stage) -> None:
    with ThreadPoolExecutor(4) as threads:
        numbers = range(1, 9)
        outcomes = threads.map(lambda number: stage.channel.deliver(due(stage, number), Watched()), numbers)
        assert [outcome.state for outcome in outcomes] == ["sent"] * 8
    assert stage.taken() == 8


def test_trouble_of_the_medium_holds(stage: Stage) -> None:
    if stage.has_trouble_of_its_own is None:
        return  # a folder is no server
    stage.has_trouble_of_its_own()
    progress = Watched()
    outcome = stage.channel.deliver(due(stage), progress)
    assert (outcome.state, outcome.holds, outcome.bounced) == ("deferred", True, False)
    assert outcome.detail.endswith(".")
    assert stage.taken() == 0


def test_a_refusal_is_refused(stage: Stage) -> None:
    if stage.refuses is None:
        return  # a folder refuses nobody
    stage.refuses()
    outcome = stage.channel.deliver(due(stage), Watched())
    assert (outcome.state, outcome.holds) == ("refused", False)
    assert outcome.detail.endswith(".")
    assert stage.taken() == 0


def test_what_may_succeed_later_is_deferred(stage: Stage) -> None:
    assert stage.asks_to_wait
    stage.asks_to_wait()
    outcome = stage.channel.deliver(due(stage), Watched())
    assert outcome.state == "deferred"
    assert outcome.detail.endswith(".")
    assert stage.taken() == 0


def test_what_may_have_been_taken_is_uncertain_and_not_repeated(stage: Stage) -> None:
    if stage.takes_it_and_says_nothing is None:
        return  # a file is there or it is not
    stage.takes_it_and_says_nothing()
    progress = Watched()
    outcome = stage.channel.deliver(due(stage), progress)
    assert outcome.state == "uncertain"
    assert progress.told == ["handing over"]
    assert stage.taken() == 1


def test_knocking_sends_nothing_and_finds_nothing_wrong(stage: Stage) -> None:
    assert stage.channel.knock() is None
    assert stage.taken() == 0
