"""What is in the outbox, for whoever looks: counts, and what a person should see first."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from bot.models import DeliveryState, Outcome
from bot.store import Store
from tests.store.factories import (
    DAY,
    HOUR,
    JOINED,
    a_review,
    a_subscription,
    claimed,
    enrol,
    hand_over,
    new,
    poll,
    reader,
    settle,
    tell,
)

MONDAY = JOINED + 7 * DAY
READERS = tuple(f"reader{number}@example.org" for number in range(6))


@pytest.fixture
def queued(store: Store) -> Store:
    """A store in which a mail to each of the readers is queued since Monday."""
    enrol(store, a_subscription(to=READERS))
    poll(store, new(a_review("Baby A"), "bruising"))
    for address in READERS:
        tell(store, address, at=MONDAY)
    return store


def ends(store: Store, *states: DeliveryState, detail: str = "mail.example.org said so") -> None:
    """The next deliveries end like this, an hour after one another."""
    for number, state in enumerate(states):
        at = MONDAY + number * HOUR
        (one,) = claimed(store, at, limit=1)
        hand_over(store, one.id, at)
        settle(store, one.id, Outcome(state=state, detail=detail), at)  # type: ignore[arg-type]  # as it is


def test_an_empty_outbox_counts_nothing(store: Store) -> None:
    assert set(store.waiting_by_state().values()) == {0}
    assert "sent" not in store.waiting_by_state()
    assert store.queued_since(MONDAY) is None
    assert store.for_a_person(JOINED, 10) == ()
    assert store.count_unreached() == 0


def test_deliveries_are_counted_by_state_without_those_that_were_sent(queued: Store) -> None:
    ends(queued, "sent", "uncertain", "refused", "uncertain")
    assert queued.waiting_by_state() == {
        "queued": 2,
        "sending": 0,
        "refused": 1,
        "deferred": 0,
        "uncertain": 2,
    }


def test_counting_reads_no_delivery(queued: Store) -> None:
    said: list[str] = []
    engine = queued._database.engine
    event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    queued.waiting_by_state()
    (statement,) = (one for one in said if "deliveries" in one)
    assert "count(" in statement.lower()
    assert "group by" in statement.lower()


def test_the_uncertain_come_first_then_what_was_refused_lately(queued: Store) -> None:
    ends(queued, "refused", "uncertain", "refused", "uncertain", "sent")
    found = queued.for_a_person(MONDAY, 10)
    assert [one.state for one in found] == ["uncertain", "uncertain", "refused", "refused"]
    assert [one.subscriber.address for one in found] == [READERS[number] for number in (3, 1, 2, 0)]
    assert [one.state for one in queued.for_a_person(MONDAY + HOUR, 10)] == ["uncertain"] * 2 + ["refused"]
    assert [one.state for one in queued.for_a_person(MONDAY, 3)] == ["uncertain", "uncertain", "refused"]
    assert [one.state for one in queued.for_a_person(MONDAY, 1)] == ["uncertain"]
    assert len(queued.for_a_person(MONDAY, 2)) == 2


def test_what_a_reader_no_longer_wants_needs_nobody(queued: Store) -> None:
    queued.stop(reader(queued, READERS[0]).id, None, MONDAY)
    claimed(queued, MONDAY, limit=1)
    assert queued.waiting_by_state()["refused"] == 1
    assert queued.for_a_person(JOINED, 10) == ()


def test_the_oldest_that_waits_is_told_unless_its_reader_paused(queued: Store) -> None:
    assert queued.queued_since(MONDAY + HOUR) == MONDAY
    poll(queued, new(a_review("Baby B"), "bruising"), at=MONDAY + DAY)
    tell(queued, READERS[5], at=MONDAY + 2 * DAY)
    for address in READERS[:5]:
        queued.pause(reader(queued, address).id, MONDAY + 90 * DAY, MONDAY)
    ends(queued, "sent")
    assert queued.queued_since(MONDAY + 3 * DAY) == MONDAY + 2 * DAY
    assert queued.queued_since(MONDAY + 91 * DAY) == MONDAY, "the pause is over"


def test_addresses_whose_mail_came_back_are_counted(queued: Store) -> None:
    for _ in range(3):
        (one,) = claimed(queued, MONDAY, limit=1)
        hand_over(queued, one.id, MONDAY)
        settle(queued, one.id, Outcome(state="refused", detail="no such user", bounced=True), MONDAY)
    assert queued.count_unreached() == 0, "once each is not yet in a row"
    for week in (1, 2):
        at = MONDAY + 7 * week * DAY
        poll(queued, new(a_review(f"Baby {week}"), "bruising"), at=at - DAY)
        tell(queued, READERS[0], at=at)
        (one,) = (each for each in claimed(queued, at) if each.subscriber.address == READERS[0])
        hand_over(queued, one.id, at)
        settle(queued, one.id, Outcome(state="refused", detail="no such user", bounced=True), at)
    assert queued.count_unreached() == len(queued.unreached()) == 1
