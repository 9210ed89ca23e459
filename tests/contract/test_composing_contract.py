"""Composing for many readers at once: each is told what they would be alone, once, whoever else is at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from bot.errors import OvertakenError
from bot.models import REPORTS, Edition, Reader, Schedule
from bot.pipeline import send
from bot.pipeline.register import Register
from bot.pipeline.reporting import reports_to
from bot.store import Store, open_store
from tests.house import SetClock
from tests.reviews import MONDAY
from tests.store.factories import (
    DAILY,
    DAY,
    HOUR,
    JOINED,
    LEASE,
    STOP_AFTER,
    WEEKLY,
    a_review,
    a_subscriber,
    a_subscription,
    composed,
    enrol,
    found,
    new,
    poll,
    read_first,
    reader,
    revised,
    tell,
)
from tests.store.threads import side_by_side

Kept = Sequence[tuple[Reader, Sequence[Edition]]]

LETTERS = "abcdefgh"
EVERYBODY = tuple(f"{letter}@example.org" for letter in LETTERS)


@pytest.fixture
def county(store: Store) -> Store:
    """Eight readers of babies, half of whom also read of fires; and a review of each."""
    read_first(store)
    enrol(store, a_subscription(to=EVERYBODY), a_subscription("fires", to=EVERYBODY[::2], theme="fire"))
    poll(store, new(a_review("Baby A"), "bruising"), new(a_review("Child F"), "fire"), at=JOINED + DAY)
    return store


def readers(store: Store) -> list[Reader]:
    return list(store.readers("weekly", MONDAY))


def compose(store: Store, at: int = 0) -> int:
    clock = SetClock(MONDAY + at * DAY + HOUR)
    register = Register(store, clock, lambda: STOP_AFTER)
    parts = send.Sending(archive=store, ledger=store, register=register, lanes={}, sources={}, clock=clock)
    return send.compose_due((WEEKLY,), parts)


def in_the_outbox(store: Store) -> list[str]:
    return sorted(item.subscriber.address for item in store.outbox())


@pytest.fixture(params=[1, 3, 1000])
def at_a_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    size: int = request.param
    monkeypatch.setattr(send, "AT_A_TIME", size)
    return size


def test_however_many_are_composed_at_a_time_each_is_told_once(county: Store, at_a_time: int) -> None:
    assert compose(county) == len(EVERYBODY)
    assert in_the_outbox(county) == sorted(EVERYBODY)
    got = {
        one.subscriber.address: [entry.review.title for entry in one.edition.digest.entries]
        for one in county.claim_deliveries("email", MONDAY + DAY, LEASE, 100)
    }
    both, one = ["Baby A", "Child F"], ["Baby A"]
    assert got == {address: both if address in EVERYBODY[::2] else one for address in EVERYBODY}
    assert compose(county) == 0
    assert not any(each.due for each in county.untold_to(readers(county), 31, MONDAY).values())


def test_a_revision_reaches_those_who_were_told_and_no_other(county: Store, at_a_time: int) -> None:
    compose(county)
    changed = revised(found(county, "Child F"), "fire", learning=("ask the fire service",))
    poll(county, changed, at=JOINED + 15 * DAY)
    untold = county.untold_to(readers(county), 31, MONDAY)
    told = [one.subscriber.address for one in readers(county) if untold[one.id].due]
    assert sorted(told) == sorted(EVERYBODY[::2])


def test_what_is_the_same_for_two_readers_is_found_once(county: Store) -> None:
    by_address = {one.subscriber.address: one.id for one in readers(county)}
    untold = county.untold_to(readers(county), 31, MONDAY)
    a, b, c = (untold[by_address[f"{letter}@example.org"]] for letter in "abc")
    assert a is c
    assert a is not b


def test_what_one_of_two_knows_is_due_to_the_other_alone(county: Store) -> None:
    tell(county, "a@example.org", at=MONDAY - DAY)
    untold = county.untold_to(readers(county), 31, MONDAY)
    due = {one.subscriber.address: len(untold[one.id].due) for one in readers(county)}
    assert (due["a@example.org"], due["c@example.org"]) == (0, 2)


def test_who_asks_alike_comes_one_after_another(county: Store) -> None:
    order = [LETTERS.index(one.subscriber.address[0]) % 2 for one in readers(county)]
    assert order in ([0] * 4 + [1] * 4, [1] * 4 + [0] * 4)


def test_a_week_without_news_is_one_edition_for_all_who_ask_alike(county: Store) -> None:
    compose(county)
    assert compose(county, at=7) == len(EVERYBODY)
    with county._database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM editions WHERE reviews = 0").scalar()
    assert kept == 2


def test_workers_who_claim_at_once_share_the_readers(shared_url: str) -> None:
    stores = [open_store(shared_url) for _ in range(3)]
    enrol(stores[0], a_subscription(to=EVERYBODY))
    all_of_them = readers(stores[0])
    got: list[int] = []

    def claim(store: Store, some: list[Reader]) -> None:
        got.extend(store.claim_runs(some, MONDAY, MONDAY, LEASE))

    side_by_side(
        *[partial(claim, store, all_of_them[at:] + all_of_them[:at]) for at, store in enumerate(stores)]
    )
    claim(stores[0], all_of_them)
    assert sorted(got) == sorted(one.id for one in all_of_them)
    for store in stores:
        store.close()


def test_workers_who_compose_at_once_tell_nobody_twice(
    shared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send, "AT_A_TIME", 2)
    stores = [open_store(shared_url) for _ in range(3)]
    read_first(stores[0])
    enrol(stores[0], a_subscription(to=EVERYBODY))
    poll(stores[0], new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    side_by_side(*[partial(compose, store) for store in stores])
    compose(stores[0])
    assert in_the_outbox(stores[0]) == sorted(EVERYBODY)
    for store in stores:
        store.close()


@pytest.fixture
def claimed(county: Store) -> list[tuple[Reader, tuple[Edition, ...]]]:
    """All readers claimed and composed for, and nothing kept yet."""
    each = [(one, composed(county, one, MONDAY)) for one in readers(county)]
    assert len(county.claim_runs([one for one, _ in each], MONDAY, MONDAY, LEASE)) == len(EVERYBODY)
    return each


def test_who_was_erased_meanwhile_holds_up_no_other(
    county: Store, claimed: list[tuple[Reader, tuple[Edition, ...]]]
) -> None:
    county.erase("c@example.org", MONDAY)
    assert len(county.keep_editions(claimed, MONDAY, MONDAY)) == 7
    assert "c@example.org" not in in_the_outbox(county)


def test_whose_digest_another_worker_kept_is_passed_over(
    county: Store, claimed: list[tuple[Reader, tuple[Edition, ...]]]
) -> None:
    (one, editions), *others = claimed
    county.keep_editions([(one, editions)], MONDAY, MONDAY)
    kept = county.keep_editions(claimed, MONDAY, MONDAY)
    assert kept == {reader.id for reader, _ in others}
    assert in_the_outbox(county) == sorted(EVERYBODY)


def test_nothing_of_all_is_kept_where_a_review_is_no_more(
    county: Store, claimed: list[tuple[Reader, tuple[Edition, ...]]]
) -> None:
    one, (edition,) = claimed[-1]
    entries = (replace(edition.digest.entries[0], review_id=999_999),)
    gone = replace(edition, id="0" * 32, digest=replace(edition.digest, entries=entries))
    with pytest.raises(OvertakenError, match="joined"):
        county.keep_editions([*claimed[:-1], (one, (gone,))], MONDAY, MONDAY)
    assert county.outbox() == ()
    assert all(each.due for each in county.untold_to(readers(county), 31, MONDAY).values())
    assert len(county.keep_editions(claimed, MONDAY, MONDAY)) == len(EVERYBODY), "it is still claimed"


def test_a_digest_that_cannot_be_kept_holds_up_no_other(
    county: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Store.keep_editions

    def keep_none_with_c(store: Store, composed: Kept, slot: datetime, now: datetime) -> set[int]:
        if any(one.subscriber.address == "c@example.org" for one, _ in composed):
            raise OvertakenError("a review of it is joined with another, again and again")
        return keep(store, composed, slot, now)

    monkeypatch.setattr(Store, "keep_editions", keep_none_with_c)
    assert compose(county) == 7
    assert in_the_outbox(county) == [one for one in EVERYBODY if one != "c@example.org"]
    monkeypatch.undo()
    county.recover(MONDAY + 2 * HOUR)
    assert compose(county) == 1
    assert in_the_outbox(county) == sorted(EVERYBODY)


@pytest.mark.parametrize("kept", [False, True])
def test_what_took_longer_than_its_lease_is_not_kept_beside_another_digest_of_the_reader(
    store: Store, kept: bool
) -> None:
    read_first(store)
    enrol(store, a_subscription(), a_subscription("daily", schedule=DAILY))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    weekly, daily = reader(store), reader(store, schedule="daily")
    assert store.claim_run(weekly, MONDAY, MONDAY, LEASE)
    slow, later = composed(store, weekly, MONDAY), MONDAY + LEASE
    assert store.claim_run(daily, MONDAY, later, LEASE)
    if kept:
        store.keep_edition(daily, MONDAY, composed(store, daily, MONDAY), later)
    assert store.keep_editions([(weekly, slow)], MONDAY, later) == set()
    if not kept:
        store.keep_edition(daily, MONDAY, composed(store, daily, MONDAY), later)
    assert [item.schedule for item in store.outbox()] == ["daily"]


def test_what_took_longer_than_its_lease_is_kept_where_nobody_else_began(
    county: Store, claimed: list[tuple[Reader, tuple[Edition, ...]]]
) -> None:
    assert len(county.keep_editions(claimed, MONDAY, MONDAY + 2 * LEASE)) == len(EVERYBODY)


def test_reports_are_no_first_digest_of_an_administrator(store: Store) -> None:
    enrol(store, a_subscription(), reports_to((a_subscriber("lead@example.org"),)))
    poll(store, new(a_review("Baby A", published="2019"), "bruising"), at=JOINED + DAY)
    administrator = reader(store, schedule=REPORTS)
    assert store.claim_run(administrator, MONDAY, MONDAY, LEASE)
    store.keep_edition(administrator, MONDAY, (), MONDAY)
    assert reader(store).newcomer
    assert store.untold(reader(store), 31, MONDAY).left_in_archive == 1


def test_who_were_too_many_for_one_lease_are_composed_for_fewer_at_a_time(
    county: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    quick = send.preview

    def slow(
        some: Sequence[Reader], schedule: Schedule, slot: datetime, parts: send.Sending, checked: send.Checked
    ) -> list[tuple[Reader, tuple[Edition, ...]]]:
        sizes.append(len(some))
        assert isinstance(parts.clock, SetClock)
        parts.clock.passes(seconds=4 * len(some))  # meanwhile another thread tidies up
        county.recover(parts.clock.now())
        return quick(some, schedule, slot, parts, checked)

    monkeypatch.setattr(send, "preview", slow)
    assert compose(county) == len(EVERYBODY)
    assert in_the_outbox(county) == sorted(EVERYBODY)
    assert sizes == [8, 4, 2, 2, 4, 2, 2]
