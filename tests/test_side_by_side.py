"""Several deliveries at once: the register that keeps what their threads report, and the lanes they go in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bot.errors import OvertakenError, StoreError
from bot.models import Delivery, Outcome, Settled
from bot.pipeline import register as registers
from bot.pipeline.lanes import Lane
from bot.pipeline.register import Register
from bot.ports import Progress
from tests.house import House, SetClock, entry
from tests.reviews import a_source
from tests.store.threads import side_by_side

SENT = Outcome(state="sent")
URL = a_source().url


@dataclass
class InventedLedger:
    """Keeps what it is told, unless it is away; a test may look in while it writes."""

    entries: list[tuple[list[int], list[int]]] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    renewed: int = 0
    faults: list[Exception] = field(default_factory=list)
    while_writing: Callable[[], None] = lambda: None

    def is_away(self, fault: Exception | None = None) -> None:
        self.faults.append(fault or StoreError("the disk is full"))

    def enter(
        self, handing: Sequence[int], settled: Sequence[Settled], now: datetime, stop_after: int
    ) -> dict[int, str]:
        self.while_writing()
        if self.faults:
            raise self.faults.pop(0)
        self.entries.append((list(handing), [one.delivery_id for one in settled]))
        return {number: why for number, why in self.refused.items() if number in handing}

    def renew(self, now: datetime, lease: object) -> None:
        self.renewed += 1

    @property
    def settled(self) -> list[int]:
        return [number for _, settled in self.entries for number in settled]


@pytest.fixture
def ledger() -> InventedLedger:
    return InventedLedger()


@pytest.fixture
def register(ledger: InventedLedger) -> Register:
    return Register(ledger, SetClock(), lambda: 3)  # type: ignore[arg-type]  # the two verbs that it needs


def test_what_is_handed_over_is_kept_first(register: Register, ledger: InventedLedger) -> None:
    register.hand_over(1)
    assert ledger.entries == [([1], [])]


def test_where_one_thread_alone_delivers_an_outcome_is_kept_at_once(
    register: Register, ledger: InventedLedger
) -> None:
    register.hand_over(1)
    register.settle(1, SENT)
    assert ledger.entries == [([1], []), ([], [1])]


def test_where_others_deliver_too_an_outcome_goes_with_their_next_entry(
    register: Register, ledger: InventedLedger
) -> None:
    side_by_side(lambda: register.hand_over(1), lambda: register.hand_over(2))
    register.settle(1, SENT)
    assert ledger.settled == []
    register.hand_over(3)
    assert ledger.entries[-1] == ([3], [1])


def test_threads_that_wait_are_written_together(register: Register, ledger: InventedLedger) -> None:
    """While the first is being written, three others come: they need one entry more, not three."""
    others = [threading.Thread(target=register.hand_over, args=(number,)) for number in (2, 3, 4)]

    def others_come() -> None:
        ledger.while_writing = lambda: None
        for one in others:
            one.start()
        while len(register._asking) < 3:
            time.sleep(0.001)

    ledger.while_writing = others_come
    register.hand_over(1)
    for one in others:
        one.join()
    assert [sorted(handing) for handing, _ in ledger.entries] == [[1], [2, 3, 4]]


def test_what_must_not_be_handed_over_is_not(register: Register, ledger: InventedLedger) -> None:
    ledger.refused[1] = "they no longer subscribe"
    with pytest.raises(OvertakenError, match="they no longer subscribe"):
        register.hand_over(1)
    register.hand_over(2)


def test_nothing_is_handed_over_that_cannot_be_kept(register: Register, ledger: InventedLedger) -> None:
    ledger.is_away()
    with pytest.raises(StoreError, match="disk is full"):
        register.hand_over(1)


@pytest.mark.parametrize("fault", [StoreError("the disk is full"), RuntimeError("a fault of our own")])
def test_no_thread_hands_over_on_the_word_of_another_that_failed(
    register: Register, ledger: InventedLedger, fault: Exception
) -> None:
    ended: list[str] = []

    def hand_over(number: int) -> None:
        try:
            register.hand_over(number)
            ended.append("handed over")
        except (StoreError, RuntimeError) as error:
            ended.append(type(error).__name__)

    second = threading.Thread(target=hand_over, args=(2,))

    def another_comes() -> None:
        ledger.while_writing = lambda: None
        second.start()
        while len(register._asking) < 1:
            time.sleep(0.001)
        ledger.is_away(fault)
        ledger.is_away(fault)

    ledger.while_writing = another_comes
    hand_over(1)
    second.join()
    assert "handed over" not in ended


@pytest.mark.parametrize("fault", [StoreError("the disk is full"), RuntimeError("a fault of our own")])
def test_an_outcome_that_cannot_be_kept_is_kept_later(
    register: Register, ledger: InventedLedger, fault: Exception
) -> None:
    ledger.is_away()
    register.settle(1, SENT)
    ledger.is_away(fault)
    with pytest.raises(type(fault)):
        register.keep()
    register.settle(2, SENT)
    register.keep()
    assert ledger.settled == [1, 2], "in the order in which they ended"
    register.keep()
    assert ledger.settled == [1, 2], "once"


def test_an_outcome_waits_for_no_other_delivery(register: Register, ledger: InventedLedger) -> None:
    side_by_side(lambda: register.hand_over(2))
    with register.open():
        register.settle(1, SENT)
        deadline = time.monotonic() + 5
        while not ledger.settled and time.monotonic() < deadline:
            time.sleep(0.005)
        assert ledger.settled == [1]


def test_leases_are_renewed_while_a_receiver_is_slow(
    register: Register, ledger: InventedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "RENEWED_EVERY", registers.LEASE / 1500)
    with register.open():
        deadline = time.monotonic() + 5
        while ledger.renewed < 2 and time.monotonic() < deadline:
            time.sleep(0.005)
    assert ledger.renewed >= 2


def test_all_is_kept_at_the_end_or_it_is_said(register: Register, ledger: InventedLedger) -> None:
    with register.open():
        register.settle(1, SENT)
    assert ledger.settled == [1]
    with pytest.raises(StoreError), register.open():  # noqa: PT012 -- it is the end of the block that raises
        ledger.faults = [StoreError("the disk is full")] * 1000
        register.settle(2, SENT)


def test_a_crowd_of_threads_is_kept_whole(register: Register, ledger: InventedLedger) -> None:
    def deliver(first: int) -> None:
        for number in range(first, first + 50):
            register.hand_over(number)
            register.settle(number, SENT)

    with register.open():
        side_by_side(*[lambda start=start: deliver(start) for start in range(0, 400, 50)])
    assert sorted(ledger.settled) == list(range(400))
    assert sorted(number for handing, _ in ledger.entries for number in handing) == list(range(400))


# --- lanes ----------------------------------------------------------------------------------------------


class Meeting:
    """A channel whose deliveries wait for one another: all must be on their way at once."""

    def __init__(self, size: int) -> None:
        self._barrier = threading.Barrier(size, timeout=5)

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        progress.handing_over()
        self._barrier.wait()
        return SENT


@pytest.fixture
def house() -> House:
    house = House()
    house.site.publishes(URL)
    house.polls()
    for number in range(8):
        house.subscribes(f"lead{number}@example.org", f"list{number}")
    house.subscribes("slack:#learning", "channel")
    house.site.publishes(URL, entry())
    house.clock.passes(days=1)
    house.polls(accept=True)
    return house


def test_a_lane_delivers_so_many_at_once_and_each_once(house: House) -> None:
    house.sending.lanes["email"] = Lane(channel=Meeting(4), side_by_side=4)  # type: ignore[index]
    assert sorted(house.a_week_passes()) == ["sent"] * 9
    assert [item.state for item in house.store.outbox()] == ["sent"] * 9
    assert {item.attempts for item in house.store.outbox()} == {1}


def test_a_medium_that_takes_nothing_leaves_the_rest_as_it_was(house: House) -> None:
    house.email.will_end(Outcome(state="deferred", detail="no connection", holds=True))
    assert sorted(house.a_week_passes()) == ["deferred", "sent"], "one finds out, and Slack gets its own"
    waiting = [item for item in house.store.outbox() if item.subscriber.medium == "email"]
    assert sorted((item.state, item.attempts) for item in waiting) == [("deferred", 0)] + [("queued", 0)] * 7
    assert house.sends() == []
    house.clock.passes(seconds=60)
    assert house.sends() == ["sent"] * 8


def test_where_the_ledger_fails_nothing_more_is_handed_over(house: House) -> None:
    house.a_week_passes_without_sending()
    taken = len(house.email.taken)

    def disk_is_full(*_: object) -> dict[int, str]:
        raise StoreError("the disk is full")

    enter, house.store.enter = house.store.enter, disk_is_full  # type: ignore[method-assign,assignment]
    with pytest.raises(StoreError, match="disk is full"):
        house.sends()
    assert len(house.email.taken) == taken
    house.store.enter = enter  # type: ignore[method-assign]
    house.clock.passes(seconds=15)
    assert house.sends() == ["sent"] * 9
