"""Readers who have had whole digests, of whom nothing of before is looked at again: whatever may bring a review to
them anew, it is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text

from bot import digests
from bot.criteria import key
from bot.models import Match, Reason, Retagged
from bot.pipeline import deciding
from bot.store import Store, enrolment, keeping, open_store
from bot.store.seeing import see
from bot.store.tables import told
from bot.store.writings import NOTHING, by_age
from tests.house import VOCABULARY
from tests.store import postgres
from tests.store.emptying import empty
from tests.store.factories import (
    AT_ONCE,
    DAILY,
    DAY,
    HOUR,
    JOINED,
    LEASE,
    a_review,
    a_subscription,
    asking_for,
    composed,
    due,
    due_titles,
    enrol,
    found,
    mended,
    new,
    poll,
    read_first,
    reader,
    revised,
    same,
    tell,
    withdrawn,
)

LATER = JOINED + 30 * DAY
BABIES = a_subscription()
FIRES = a_subscription("fires", theme="fire")
SOMEBODY = a_subscription("fires-of-another", to=("other@example.org",), theme="fire")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def one_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    store = open_store("sqlite://" if request.param == "sqlite" else postgres.database_or_skip())
    yield store
    store.close()


@pytest.fixture
def store(one_store: Store) -> Store:
    """One reader of babies, who has had digests; another asks for fires, so that those are always matched."""
    empty(one_store)
    read_first(one_store, "saltmarsh", "nspcc")
    enrol(one_store, BABIES, SOMEBODY)
    settle(one_store)
    return one_store


def settle(store: Store, schedule: str = "weekly") -> None:
    """Something is written, and two digests go out."""
    read_first(store, "harrowmere")
    for hour in (1, 2):
        tell(store, schedule=schedule, at=LATER + hour * HOUR + settle_after(store))
    assert reader(store, schedule=schedule).settled is not None


def settle_after(store: Store) -> Any:
    """Each time later."""
    with store._database.reading() as connection:
        return DAY * (connection.scalar(text("SELECT count(*) FROM digest_runs")) or 0)


def forget_what_they_were_told(store: Store) -> None:
    with store._database.writing() as connection:
        connection.execute(delete(told))


def test_what_was_settled_is_not_looked_at_again(store: Store) -> None:
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    settle(store)
    poll(store, new(a_review("Baby B"), "bruising"), at=JOINED)
    forget_what_they_were_told(store)
    assert due_titles(store) == ["Baby B"]


def test_a_revision_that_was_settled_is_not_looked_at_again(store: Store) -> None:
    poll(store, new(a_review("Baby A"), "bruising"), new(a_review("Baby B"), "bruising"), at=JOINED)
    settle(store)
    for title in ("Baby A", "Baby B"):
        if title == "Baby B":
            settle(store)
        poll(store, revised(found(store, title), "bruising", year=2025), at=JOINED + DAY)
    with store._database.writing() as connection:
        connection.execute(delete(told).where(told.c.revision > 1))
    assert due_titles(store) == ["Baby B"]


def test_how_far_a_first_digest_reaches_is_nothing_to_who_has_had_theirs(store: Store) -> None:
    poll(store, new(a_review("Baby A", published="2024"), "bruising"), at=JOINED - 40 * DAY)
    settle(store)
    enrol(store, a_subscription(to=("lead@example.org", "new@example.org")), SOMEBODY)
    both = [reader(store), reader(store, "new@example.org")]
    found_for = store.untold_to(both, 365, LATER)
    assert [len(found_for[one.id].due) for one in both] == [0, 1]


@given(st.lists(st.integers(NOTHING, 40), max_size=9))
def test_who_is_looked_at_together_is_looked_at_from_the_first_on(numbers: list[int]) -> None:
    groups = by_age(list(enumerate(numbers)))
    assert sorted(one for some in groups.values() for one in some) == list(range(len(numbers)))
    for first, some in groups.items():
        for number in (numbers[one] for one in some):
            assert first <= number
            assert max(numbers) - first <= 2 * (max(numbers) - number), "and none from long before its own"


def test_one_whole_digest_alone_settles_nothing(store: Store) -> None:
    enrol(store, BABIES, SOMEBODY, a_subscription("new", to=("new@example.org",)))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    tell(store, "new@example.org", at=LATER)
    assert reader(store, "new@example.org").settled is None


def test_a_second_subscription_reaches_back_as_a_first_does(store: Store) -> None:
    poll(store, new(a_review("Child F"), "fire"), at=JOINED - DAY)
    settle(store)
    enrol(store, BABIES, SOMEBODY, FIRES)
    assert due_titles(store) == ["Child F"]


def test_changed_criteria_reach_back_as_new_ones_do(store: Store) -> None:
    poll(store, new(a_review("Child F"), "fire"), at=JOINED - DAY)
    settle(store)
    enrol(store, a_subscription(theme="fire"), SOMEBODY)
    assert due_titles(store) == ["Child F"]


def test_what_moves_to_a_schedule_whose_digests_they_have_had_brings_all_that_it_owes(store: Store) -> None:
    enrol(store, BABIES, SOMEBODY, replace(FIRES, schedule=DAILY))
    poll(store, new(a_review("Child F"), "fire"), at=JOINED + DAY)
    settle(store)
    enrol(store, BABIES, SOMEBODY, FIRES)
    assert due_titles(store) == ["Child F"]


def test_what_was_stopped_by_mistake_brings_what_came_meanwhile(store: Store) -> None:
    enrol(store, BABIES, SOMEBODY, FIRES)
    number = reader(store).id
    store.stop(number, "fires", JOINED)
    poll(store, new(a_review("Child F"), "fire"), at=JOINED + DAY)
    settle(store)
    store.start_again(number, "fires", JOINED + 2 * DAY)
    assert due_titles(store) == ["Child F"]


def test_what_changed_criteria_owe_is_owed_again_where_a_stop_is_undone(store: Store) -> None:
    enrol(store, BABIES, SOMEBODY, FIRES)
    poll(store, new(a_review("Child F"), "fire"), at=JOINED + HOUR)
    enrol(store, BABIES, SOMEBODY, replace(FIRES, criteria=asking_for("water")), at=JOINED + DAY)
    number = reader(store).id
    store.stop(number, "fires", JOINED + DAY)
    settle(store)
    store.start_again(number, "fires", JOINED + 2 * DAY)
    assert due_titles(store) == ["Child F"]


def test_what_begins_again_after_a_long_stop_reaches_back_as_a_new_one_does(store: Store) -> None:
    enrol(store, BABIES, SOMEBODY, FIRES)
    number = reader(store).id
    store.stop(number, "fires", JOINED)
    poll(store, new(a_review("Child F"), "fire"), at=JOINED + 10 * DAY)
    settle(store)
    store.start_again(number, "fires", JOINED + 20 * DAY)
    assert due_titles(store) == ["Child F"]


def test_what_was_held_over_stays_due_however_many_digests_go_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_REVIEWS", 1)
    poll(store, *(new(a_review(f"Baby {name}"), "bruising") for name in "ABCDE"), at=JOINED)
    heard = [title for week in range(5) for title in tell(store, at=LATER + week * 7 * DAY)]
    assert sorted(heard) == [f"Baby {name}" for name in "ABCDE"]


def test_a_revision_that_was_held_over_stays_due(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"Baby {name}" for name in "ABCDE"]
    poll(store, *(new(a_review(name), "bruising") for name in names), at=JOINED)
    settle(store)
    monkeypatch.setattr(digests, "MOST_REVIEWS", 1)
    poll(store, *(revised(found(store, name), "bruising", year=2025) for name in names), at=JOINED)
    heard = [title for week in range(5) for title in tell(store, at=LATER + (60 + week) * DAY)]
    assert sorted(heard) == names


def test_a_notice_whose_review_comes_is_news(store: Store) -> None:
    notice = replace(a_review("Baby A"), status="delayed")
    poll(store, new(notice, "bruising"), at=JOINED)
    settle(store)
    poll(store, revised(found(store, "Baby A"), "bruising", status="published"), at=JOINED + DAY)
    assert due_titles(store) == ["Baby A"]


def test_a_review_that_is_withdrawn_and_back_is_news_to_who_never_heard_of_it(store: Store) -> None:
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    poll(store, withdrawn(found(store, "Baby A"), "bruising"), at=JOINED)
    settle(store)
    poll(store, mended(found(store, "Baby A"), "bruising", status="published"), at=JOINED + DAY)
    assert due_titles(store) == ["Baby A"]


def test_what_other_themes_bring_is_news(store: Store) -> None:
    poll(store, new(a_review("Baby A")), at=LATER + 300 * DAY)
    settle(store)
    asked = key(asking_for("bruising"))
    brings = Match(criteria=asked, reasons=(Reason(theme="bruising"),))
    retagged = Retagged(known=found(store, "Baby A"), themes=(), matches=(brings,))
    store.retag([retagged], "second", LATER)
    assert due_titles(store) == ["Baby A"]
    settle(store)
    store.retag([retagged], "third", LATER)
    forget_what_they_were_told(store)
    assert due_titles(store) == [], "it was there before, and is as settled as it was"


def test_criteria_that_are_matched_with_the_archive_after_digests_went_out_bring_it(store: Store) -> None:
    poll(store, new(a_review("Child F")), at=JOINED)
    store.enrol([BABIES, SOMEBODY, replace(FIRES, criteria=asking_for("water"))], JOINED)
    settle(store)
    match = Match(criteria=key(asking_for("water")), reasons=())
    store.keep_matches([match.criteria], [(found(store, "Child F").id, match)])
    assert due_titles(store) == ["Child F"]


def test_a_joined_review_is_news_by_the_words_of_either(store: Store) -> None:
    """The one was too old to be told, the other does not concern the reader; what they became does."""
    poll(store, replace(new(a_review("Baby Old", published="2020"), "bruising"), baseline=True), at=JOINED)
    settle(store)
    poll(store, new(a_review("Baby New", published="2020"), "fire"), at=JOINED + DAY)
    numbers = found(store, "Baby New").id, found(store, "Baby Old").id
    deciding.join(*numbers, store, VOCABULARY, JOINED + 2 * DAY)
    assert len(due_titles(store)) == 1


def test_a_revision_owed_of_a_review_that_is_joined_is_still_owed(store: Store) -> None:
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    poll(store, new(a_review("Baby B", place="Lowen"), "bruising"), source="nspcc", at=JOINED)
    settle(store)
    poll(store, revised(found(store, "Baby B"), "bruising", year=2025), source="nspcc", at=JOINED + DAY)
    numbers = found(store, "Baby A").id, found(store, "Baby B").id
    deciding.join(*numbers, store, VOCABULARY, JOINED + 2 * DAY)
    (one,) = due(store)
    assert one.told_revision is not None


def test_who_was_told_before_the_second_source_had_it_hears_of_it_when_they_are_split(store: Store) -> None:
    theme = "bruising-non-mobile"  # by the words, as a split has them
    enrol(store, a_subscription(theme=theme), SOMEBODY)
    poll(store, new(a_review("Baby A"), theme), at=JOINED)
    settle(store)
    listed = same(found(store, "Baby A"))
    as_listed = replace(listed.change, as_seen=a_review("Baby A of Lowen"))
    poll(store, replace(listed, change=as_listed), source="nspcc", at=LATER + 200 * DAY)
    settle(store)
    assert due(store) == []
    deciding.split(found(store, "Baby A").id, "saltmarsh", store, VOCABULARY, LATER + 201 * DAY)
    assert due_titles(store) == ["Baby A of Lowen"]


def test_what_is_revised_and_put_back_is_settled_however_often(store: Store) -> None:
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    settle(store)
    for _ in range(3):
        poll(store, revised(found(store, "Baby A"), "bruising", learning=("else",)), at=JOINED + DAY)
        poll(
            store, revised(found(store, "Baby A"), "bruising", learning=a_review().learning), at=JOINED + DAY
        )
        assert due_titles(store) == []
        settle(store)
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("else",)), at=JOINED + DAY)
    assert due_titles(store) == ["Baby A"]


def test_what_is_polled_by_a_clock_that_was_set_back_is_news(store: Store) -> None:
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED - 20 * DAY)
    assert due_titles(store) == ["Baby A"]


def test_a_digest_by_a_clock_that_was_ahead_settles_no_more_than_it_saw(store: Store) -> None:
    tell(store, at=JOINED + 2000 * DAY)
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    tell(store, "other@example.org", at=JOINED + DAY)
    assert due_titles(store) == ["Baby A"]
    assert tell(store, at=LATER + DAY) == ["Baby A"]


def test_who_wants_each_at_once_gets_each(store: Store) -> None:
    enrol(store, replace(BABIES, schedule=AT_ONCE), SOMEBODY)
    heard = []
    for day in range(5):
        poll(store, new(a_review(f"Baby {day}", published=None), "bruising"), at=JOINED + day * DAY)
        heard += tell(store, schedule="at-once", at=JOINED + day * DAY + HOUR)
    assert heard == [f"Baby {day}" for day in range(5)]
    assert reader(store, schedule="at-once").settled is not None


def test_what_came_while_a_worker_was_overtaken_is_in_the_next_digest(store: Store) -> None:
    """The slow one looked before it came; the quick one claimed after; and the slow one keeps what it has."""
    one, slot = reader(store), LATER + 300 * DAY
    assert store.claim_run(one, slot, slot, LEASE)
    editions = composed(store, one, slot)
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    late = slot + 2 * LEASE
    store.recover(late)
    assert store.claim_run(one, slot, late, LEASE)
    store.keep_edition(one, slot, editions, late)
    assert tell(store, at=slot + DAY) == ["Baby A"]


def test_what_came_between_two_claims_of_one_digest_is_in_the_next(store: Store) -> None:
    """As before, and nobody gave the first claim up."""
    one, slot = reader(store), LATER + 300 * DAY
    tell(store, at=slot - DAY)
    assert store.claim_run(one, slot, slot, LEASE)
    editions = composed(store, one, slot)
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    assert store.claim_run(one, slot, slot + 2 * LEASE, LEASE)
    store.keep_edition(one, slot, editions, slot + 2 * LEASE)
    read_first(store, "harrowmere")
    assert tell(store, at=slot + DAY) == ["Baby A"]


# SQLite has one writer at a time.
several_writers = pytest.mark.parametrize("one_store", ["postgres"], indirect=True)


@several_writers
def test_a_poll_that_is_kept_after_digests_which_began_after_it_is_news(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*seen: Any) -> None:
        monkeypatch.setattr(keeping, "see", see)
        for hour in (1, 2):
            tell(store, at=LATER + 300 * DAY + hour * HOUR)
        see(*seen)

    monkeypatch.setattr(keeping, "see", slowly)
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    assert due_titles(store) == ["Baby A"]


@several_writers
def test_what_is_written_is_seen_in_the_order_of_its_numbers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    matching = threading.Thread(target=store.keep_matches, args=((), ()))

    def slowly(*seen: Any) -> None:
        monkeypatch.setattr(keeping, "see", see)
        matching.start()
        matching.join(0.2)
        assert matching.is_alive(), "it waits for the poll, whose number is lower"
        see(*seen)

    monkeypatch.setattr(keeping, "see", slowly)
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED)
    matching.join(10)
    assert not matching.is_alive()


@several_writers
def test_no_digest_is_begun_of_who_just_then_asks_for_something_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [reader(store), reader(store, "other@example.org")]
    ours: list[set[int]] = []

    def look(*rest: Any) -> None:
        ours.append(store.claim_runs(both, LATER + 300 * DAY, LATER, LEASE))

    monkeypatch.setattr(enrolment, "take_back_refusals", look)
    enrol(store, BABIES, SOMEBODY, FIRES)
    assert ours == [{both[1].id}]
    assert store.claim_runs(both, LATER + 300 * DAY, LATER, LEASE) == {both[0].id}, "a moment later"
