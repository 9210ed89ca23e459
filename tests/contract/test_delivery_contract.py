"""What bot/ports promises of deliveries on their way: claims and leases, holds and limits, wishes at the
moment of sending, bounces. On every database that the product runs on."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from bot.models import Delivery, Outcome, Posted, Reader, Settled
from bot.store import Store, open_store
from bot.store.outbox import AWAY, LOST
from bot.store.wishes import UNWANTED
from tests.store.factories import (
    AT_ONCE,
    DAY,
    HOUR,
    JOINED,
    LEASE,
    STOP_AFTER,
    a_review,
    a_subscription,
    claimed,
    due_titles,
    enrol,
    hand_over,
    new,
    poll,
    read_first,
    reader,
    settle,
    tell,
)

MONDAY = JOINED + 7 * DAY
MINUTE = timedelta(minutes=1)
SENT = Outcome(state="sent", detail="250 taken")
GONE = Outcome(state="refused", detail="550 5.1.1 no such address", bounced=True)
CHANNEL = "#learning"


def queue(store: Store, *addresses: str, at: timedelta = timedelta()) -> list[Reader]:
    """A digest with one review waits for each of these."""
    read_first(store)
    enrol(store, a_subscription(to=addresses))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    for address in addresses:
        tell(store, address, at=MONDAY + at)
    return [reader(store, address) for address in addresses]


def claim(store: Store, after: timedelta = timedelta()) -> Delivery:
    (delivery,) = claimed(store, MONDAY + after, 10)
    return delivery


def states(store: Store) -> list[str]:
    """Oldest first."""
    return [item.state for item in reversed(store.outbox())]


@pytest.fixture
def waiting(store: Store) -> Store:
    queue(store, "lead@example.org")
    return store


@pytest.fixture
def posting(store: Store) -> Store:
    queue(store, CHANNEL)
    return store


# --- leases -------------------------------------------------------------------------------------------


def test_a_lease_that_is_renewed_keeps_its_claim(waiting: Store) -> None:
    claim(waiting)
    waiting.renew(MONDAY + LEASE / 2, LEASE)
    assert waiting.recover(MONDAY + LEASE) == 0
    assert waiting.recover(MONDAY + 1.5 * LEASE) == 1


def test_nobody_renews_the_claims_of_another(shared_url: str) -> None:
    dead, alive = open_store(shared_url), open_store(shared_url)
    queue(dead, "lead@example.org")
    claim(dead)
    alive.renew(MONDAY + LEASE / 2, LEASE)
    assert alive.recover(MONDAY + LEASE) == 1
    dead.close()
    alive.close()


def test_a_lease_from_before_the_clock_was_set_back_has_run_out(waiting: Store) -> None:
    claim(waiting, HOUR)
    assert waiting.recover(MONDAY + LEASE) == 1
    assert claim(waiting, LEASE).attempts == 2


def test_what_was_claimed_and_not_begun_goes_back_uncounted(waiting: Store) -> None:
    delivery = claim(waiting)
    waiting.give_back([delivery.id])
    assert states(waiting) == ["queued"]
    assert claim(waiting).attempts == 1


def test_what_is_being_handed_over_is_not_given_back(waiting: Store) -> None:
    delivery = claim(waiting)
    hand_over(waiting, delivery.id)
    waiting.give_back([delivery.id])
    assert states(waiting) == ["sending"]


def test_others_claims_are_known_and_own_ones_are_not_waited_for(shared_url: str) -> None:
    one, other = open_store(shared_url), open_store(shared_url)
    queue(one, "lead@example.org")
    assert other.others_until(MONDAY) is None
    claim(one)
    assert one.others_until(MONDAY) is None
    assert other.others_until(MONDAY) == MONDAY + LEASE
    one.close()
    other.close()


def test_a_digest_that_a_dead_worker_was_composing_is_noticed(store: Store) -> None:
    enrol(store, a_subscription())
    store.claim_run(reader(store), MONDAY, MONDAY, LEASE)
    assert store.recover(MONDAY + LEASE / 2) == 0
    assert store.others_until(MONDAY + LEASE / 2) == MONDAY + LEASE
    assert store.recover(MONDAY + LEASE) == 1
    assert store.recover(MONDAY + LEASE) == 0
    store.claim_run(reader(store), MONDAY, MONDAY, LEASE)
    assert store.recover(MONDAY - HOUR) == 1, "its lease is of before the clock was set back"


def test_outcomes_and_hand_overs_are_kept_together(store: Store) -> None:
    queue(store, "a@example.org", "b@example.org")
    first, second = claimed(store, MONDAY, 10)
    hand_over(store, first.id)
    refused = store.enter([second.id], [Settled(delivery_id=first.id, outcome=SENT)], MONDAY, STOP_AFTER)
    assert refused == {}
    store.recover(MONDAY + LEASE)
    assert states(store) == ["sent", "uncertain"]


# --- Slack can look whether a post arrived ----------------------------------------------------------------


def test_a_post_that_may_have_been_taken_comes_again_to_be_looked_for(posting: Store) -> None:
    delivery = claim(posting)
    hand_over(posting, delivery.id)
    posting.recover(MONDAY + LEASE)
    assert states(posting) == ["uncertain"]
    assert claim(posting, LEASE).state == "uncertain"


def test_a_mail_that_may_have_been_taken_waits_for_a_person(waiting: Store) -> None:
    delivery = claim(waiting)
    hand_over(waiting, delivery.id)
    waiting.recover(MONDAY + LEASE)
    assert states(waiting) == ["uncertain"]
    assert claimed(waiting, MONDAY + 7 * DAY, 10) == ()


def test_an_uncertain_post_stays_so_whoever_dies_while_looking(posting: Store) -> None:
    delivery = claim(posting)
    outcome = Outcome(state="uncertain", retry_after=MINUTE)
    hand_over(posting, delivery.id)
    settle(posting, delivery.id, outcome, MONDAY)
    assert claimed(posting, MONDAY + MINUTE / 2, 10) == ()
    assert claim(posting, MINUTE).state == "uncertain"
    posting.recover(MONDAY + MINUTE + LEASE)
    assert states(posting) == ["uncertain"]
    again = claim(posting, MINUTE + LEASE)
    assert again.state == "uncertain"
    posting.give_back([again.id])
    assert states(posting) == ["uncertain"]


def test_an_uncertain_post_that_cannot_be_looked_for_waits_for_a_person(posting: Store) -> None:
    settle(posting, claim(posting).id, Outcome(state="uncertain", retry_after=MINUTE), MONDAY)
    settle(posting, claim(posting, MINUTE).id, Outcome(state="uncertain"), MONDAY + MINUTE)
    assert claimed(posting, MONDAY + DAY, 10) == ()


def test_between_two_parts_nothing_is_uncertain(posting: Store) -> None:
    delivery = claim(posting)
    hand_over(posting, delivery.id)
    posting.posted(delivery.id, Posted(channel="C1", ts="1.0"))
    posting.recover(MONDAY + LEASE)
    assert states(posting) == ["queued"]
    assert [post.ts for post in claim(posting, LEASE).posted] == ["1.0"]


def test_who_was_retried_by_a_person_is_no_longer_uncertain(posting: Store) -> None:
    delivery = claim(posting)
    settle(posting, delivery.id, Outcome(state="uncertain", retry_after=HOUR), MONDAY)
    posting.retry(delivery.id, MONDAY)
    assert claim(posting).state == "queued"


def test_a_mail_that_a_dead_worker_left_uncertain_is_a_failure_to_see(waiting: Store) -> None:
    delivery = claim(waiting)
    hand_over(waiting, delivery.id)
    waiting.recover(MONDAY + LEASE)
    (failure,) = waiting.failures()
    assert (failure.subject, "outbox retry" in failure.text) == (str(delivery.id), True)


def test_a_part_that_was_taken_is_kept_though_the_claim_was_lost(shared_url: str) -> None:
    slow, quick = open_store(shared_url), open_store(shared_url)
    queue(slow, CHANNEL)
    delivery = claim(slow)
    hand_over(slow, delivery.id)
    quick.recover(MONDAY + LEASE)
    slow.posted(delivery.id, Posted(channel="C1", ts="1.0"))
    assert states(quick) == ["uncertain"]
    again = claim(quick, LEASE)
    assert (again.state, [post.ts for post in again.posted]) == ("uncertain", ["1.0"])
    hand_over(quick, again.id, MONDAY + LEASE)
    slow.posted(delivery.id, Posted(channel="C1", ts="1.1"))
    quick.recover(MONDAY + 2 * LEASE)
    assert states(quick) == ["uncertain"], "the other's hand-over stands"
    slow.close()
    quick.close()


def test_who_is_erased_in_the_middle_of_a_post_stops_nobody_else(posting: Store) -> None:
    delivery = claim(posting)
    posting.erase(CHANNEL, MONDAY)
    posting.posted(delivery.id, Posted(channel="C1", ts="1.0"))
    assert posting.outbox() == ()


def test_nobody_is_told_of_a_doubt_that_is_about_to_be_looked_into(posting: Store) -> None:
    settle(posting, claim(posting).id, Outcome(state="uncertain", retry_after=MINUTE), MONDAY)
    one = reader(posting, CHANNEL)
    assert posting.untold(one, 31, MONDAY).doubtful == ()
    settle(posting, claim(posting, MINUTE).id, Outcome(state="uncertain"), MONDAY + MINUTE)
    assert len(posting.untold(one, 31, MONDAY).doubtful) == 1


# --- holds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [timedelta(seconds=30), None])
def test_a_medium_that_takes_nothing_is_left_alone_and_the_other_is_not(
    store: Store, asked: timedelta | None
) -> None:
    queue(store, "a@example.org", "b@example.org", CHANNEL)
    first, second, _ = claimed(store, MONDAY, 10)
    trouble = Outcome(state="deferred", detail="the mail server is away.", holds=True, retry_after=asked)
    settle(store, first.id, trouble, MONDAY)
    store.give_back([second.id])
    over = asked or MINUTE
    assert store.claim_deliveries("email", MONDAY + over - timedelta(seconds=1), LEASE, 10) == ()
    (hold,) = store.holds(MONDAY)
    assert (hold.medium, hold.until, hold.asked) == ("email", MONDAY + over, asked is not None)
    assert hold.detail == "the mail server is away."
    (finds_out,) = store.claim_deliveries("email", MONDAY + over, LEASE, 10)
    assert finds_out.id == second.id, "one, and another than the one that met it"
    settle(store, finds_out.id, SENT, MONDAY + over)
    assert [one.id for one in store.claim_deliveries("email", MONDAY + over, LEASE, 10)] == [first.id]
    assert store.holds(MONDAY + over) == ()


def test_each_hold_of_our_own_is_longer_until_something_is_taken(waiting: Store) -> None:
    away, at, waits = Outcome(state="deferred", holds=True), MONDAY, []
    for _ in range(6):
        settle(waiting, claim(waiting, at - MONDAY).id, away, at)
        (hold,) = waiting.holds(at)
        waits.append((hold.until - at) / MINUTE)
        at = hold.until
    assert waits == [1, 2, 4, 8, 15, 15]
    settle(waiting, claim(waiting, at - MONDAY).id, SENT, at)
    tell(waiting, at=at + 7 * DAY)
    later = at + 7 * DAY
    settle(waiting, claim(waiting, later - MONDAY).id, away, later)
    (hold,) = waiting.holds(later)
    assert hold.until - later == MINUTE


def test_threads_that_meet_one_trouble_together_lengthen_nothing(store: Store) -> None:
    queue(store, "a@example.org", "b@example.org")
    for one in claimed(store, MONDAY, 10):
        settle(store, one.id, Outcome(state="deferred", holds=True), MONDAY)
    (hold,) = store.holds(MONDAY)
    assert (hold.times, hold.until) == (1, MONDAY + MINUTE)


def test_a_person_may_try_at_once_except_where_the_receiver_asked_to_wait(store: Store) -> None:
    queue(store, "lead@example.org", CHANNEL)
    mail, post = claimed(store, MONDAY, 10)
    settle(store, mail.id, Outcome(state="deferred", holds=True), MONDAY)
    settle(store, post.id, Outcome(state="deferred", holds=True, retry_after=MINUTE), MONDAY)
    store.lift_holds()
    assert [one.id for one in claimed(store, MONDAY, 10)] == [mail.id]


def test_nobody_gives_up_a_delivery_for_a_trouble_that_is_not_its_own(waiting: Store) -> None:
    for day in range(12):
        settle(
            waiting, claim(waiting, day * DAY).id, Outcome(state="deferred", holds=True), MONDAY + day * DAY
        )
    assert states(waiting) == ["deferred"]


def test_a_delivery_that_alone_meets_the_trouble_holds_up_nobody_else(store: Store) -> None:
    queue(store, "poison@example.org", "a@example.org", "b@example.org")
    refused = Outcome(state="deferred", detail="554 5.7.1 not from you", holds=True)
    (poison,) = claimed(store, MONDAY, 1)
    settle(store, poison.id, refused, MONDAY)
    tried = []
    while some := claimed(store, MONDAY + MINUTE, 10):
        for one in some:
            tried.append(one.subscriber.address)
            hand_over(store, one.id, MONDAY + MINUTE)
            settle(store, one.id, refused if one.id == poison.id else SENT, MONDAY + MINUTE)
    assert tried == ["a@example.org", "b@example.org", "poison@example.org"]
    assert store.holds(MONDAY + MINUTE) == (), "it is not the way that is in trouble"
    assert states(store) == ["deferred", "sent", "sent"]
    assert claimed(store, MONDAY + 2 * MINUTE, 10) == (), "and it waits longer each time"


def test_an_answer_of_any_kind_ends_the_holds(waiting: Store) -> None:
    settle(waiting, claim(waiting).id, Outcome(state="deferred", holds=True), MONDAY)
    settle(waiting, claim(waiting, MINUTE).id, Outcome(state="refused"), MONDAY + MINUTE)
    tell(waiting, at=MONDAY + 7 * DAY)
    settle(waiting, claim(waiting, 7 * DAY).id, Outcome(state="deferred", holds=True), MONDAY + 7 * DAY)
    (hold,) = waiting.holds(MONDAY + 7 * DAY)
    assert hold.times == 1


# --- so many an hour ------------------------------------------------------------------------------------


def test_no_more_are_claimed_than_may_go_in_an_hour(shared_url: str) -> None:
    one, other = open_store(shared_url), open_store(shared_url)
    addresses = [f"{letter}@example.org" for letter in "abcde"]
    queue(one, *addresses)
    first, second = one.claim_deliveries("email", MONDAY, LEASE, 2, 3)
    (third,) = other.claim_deliveries("email", MONDAY, LEASE, 10, 3)
    for store, delivery in ((one, first), (one, second), (other, third)):
        hand_over(store, delivery.id, MONDAY)
        settle(store, delivery.id, SENT, MONDAY)
    assert other.claim_deliveries("email", MONDAY + HOUR - MINUTE, LEASE, 10, 3) == ()
    assert len(one.claim_deliveries("email", MONDAY + HOUR, LEASE, 10, 3)) == 2
    one.close()
    other.close()


def test_a_clock_that_was_ahead_uses_up_no_limit(waiting: Store) -> None:
    delivery = claim(waiting, 90 * DAY)
    hand_over(waiting, delivery.id, MONDAY + 90 * DAY)
    settle(waiting, delivery.id, Outcome(state="deferred"), MONDAY + 90 * DAY)
    assert len(waiting.claim_deliveries("email", MONDAY, LEASE, 10, 1)) == 1, "nor puts it off till then"


def test_it_is_known_when_the_next_may_go(store: Store) -> None:
    queue(store, "a@example.org", "b@example.org")
    for minute, one in enumerate(claimed(store, MONDAY, 10)):
        hand_over(store, one.id, MONDAY + minute * MINUTE)
    assert store.spent_until("email", MONDAY + MINUTE, 3) is None
    assert store.spent_until("email", MONDAY + MINUTE, 2) == MONDAY + HOUR
    assert store.spent_until("email", MONDAY + MINUTE, 1) == MONDAY + MINUTE + HOUR


def test_a_limit_on_mail_is_none_on_slack(store: Store) -> None:
    queue(store, "lead@example.org", CHANNEL)
    (mail,) = store.claim_deliveries("email", MONDAY, LEASE, 10, 1)
    hand_over(store, mail.id)
    assert len(store.claim_deliveries("slack", MONDAY, LEASE, 10, 1)) == 1


# --- what the reader wants by then ------------------------------------------------------------------------


def test_who_stops_between_the_claim_and_the_sending_gets_nothing(waiting: Store) -> None:
    delivery = claim(waiting)
    waiting.stop(reader(waiting).id, None, MONDAY)
    assert hand_over(waiting, delivery.id) == UNWANTED
    assert states(waiting) == ["refused"]


def test_who_stops_the_subscription_that_brought_it_gets_nothing(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("babies"), a_subscription("fires", theme="fire", schedule=AT_ONCE))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store)
    delivery = claim(store)
    assert delivery.subscriptions == ("babies",)
    store.stop(reader(store).id, "babies", MONDAY)
    assert hand_over(store, delivery.id) == UNWANTED


def test_who_stops_another_subscription_still_gets_it(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("babies"), a_subscription("fires", theme="fire"))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store)
    delivery = claim(store)
    store.stop(reader(store).id, "fires", MONDAY)
    assert hand_over(store, delivery.id) is None
    store.recover(MONDAY + LEASE)
    assert states(store) == ["uncertain"], "it is known that it may have been taken"


def test_who_has_no_subscription_left_gets_nothing(waiting: Store) -> None:
    delivery = claim(waiting)
    enrol(waiting, at=MONDAY)
    assert hand_over(waiting, delivery.id) == UNWANTED


def test_who_stops_holds_up_nobody_in_the_same_entry(store: Store) -> None:
    stops, stays = queue(store, "lead@example.org", "nurse@example.org")
    numbers = {one.subscriber_id: one.id for one in claimed(store, MONDAY, 10)}
    store.stop(stops.id, None, MONDAY)
    assert store.enter([*numbers.values()], [], MONDAY, STOP_AFTER) == {numbers[stops.id]: UNWANTED}
    store.recover(MONDAY + LEASE)
    assert {one.id: one.state for one in store.outbox()} == {
        numbers[stops.id]: "refused",
        numbers[stays.id]: "uncertain",
    }


def test_a_subscription_that_was_renamed_or_taken_away_loses_nothing_that_was_told(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("babies"), a_subscription("fires", theme="fire"))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store)
    delivery = claim(store)
    enrol(store, a_subscription("fires", theme="fire"), at=MONDAY)
    assert hand_over(store, delivery.id) is None


def test_a_quiet_digest_is_brought_by_all_on_its_schedule(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("babies"), a_subscription("fires", theme="fire"))
    tell(store)
    assert claim(store).subscriptions == ("babies", "fires")


def test_in_a_pause_nothing_is_sent_and_nothing_is_lost(waiting: Store) -> None:
    number = reader(waiting).id
    waiting.pause(number, MONDAY + 14 * DAY, MONDAY)
    assert claimed(waiting, MONDAY + 13 * DAY, 10) == ()
    assert list(waiting.readers("weekly", MONDAY + 13 * DAY)) == []
    poll(waiting, new(a_review("Baby B"), "bruising"), at=MONDAY + DAY)
    assert len(list(waiting.readers("weekly", MONDAY + 14 * DAY))) == 1
    assert claim(waiting, 14 * DAY).state == "queued"
    assert due_titles(waiting) == ["Baby B"]


def test_a_pause_that_begins_between_the_claim_and_the_sending_is_kept(waiting: Store) -> None:
    delivery = claim(waiting)
    waiting.pause(reader(waiting).id, MONDAY + DAY, MONDAY)
    assert hand_over(waiting, delivery.id) == AWAY
    assert states(waiting) == ["queued"]


def test_a_pause_can_be_ended(waiting: Store) -> None:
    number = reader(waiting).id
    waiting.pause(number, MONDAY + DAY, MONDAY)
    standing = waiting.standing_of(number)
    assert standing
    assert standing.paused_until == MONDAY + DAY
    waiting.pause(number, None, MONDAY)
    assert claim(waiting)


def test_a_reader_who_undoes_a_stop_misses_nothing(waiting: Store) -> None:
    number = reader(waiting).id
    waiting.stop(number, "babies", MONDAY)
    poll(waiting, new(a_review("Baby B"), "bruising"), at=MONDAY + HOUR)
    waiting.start_again(number, "babies", MONDAY + DAY)
    assert reader(waiting).joined == JOINED
    standing = waiting.standing_of(number)
    assert standing
    assert [one.state for one in standing.subscriptions] == ["active"]


def test_a_reader_who_undoes_one_stop_leaves_the_other(store: Store) -> None:
    enrol(store, a_subscription("babies"), a_subscription("fires", theme="fire"))
    number = reader(store).id
    store.stop(number, None, MONDAY)
    store.start_again(number, "fires", MONDAY + DAY)
    standing = store.standing_of(number)
    assert standing
    assert not standing.stopped
    assert {one.id: one.state for one in standing.subscriptions} == {"babies": "stopped", "fires": "active"}


def test_an_undone_stop_still_owes_what_a_change_before_it_had_left(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + HOUR)
    enrol(store, a_subscription(theme="fire"), at=JOINED + DAY)
    number = reader(store).id
    store.stop(number, "babies", JOINED + 2 * DAY)
    store.start_again(number, "babies", JOINED + 3 * DAY)
    assert due_titles(store) == ["Baby A"]


def test_what_a_reader_stopped_after_it_had_ended_does_not_come_back_with_the_configuration(
    store: Store,
) -> None:
    enrol(store, a_subscription("babies"), a_subscription("fires"))
    number = reader(store).id
    enrol(store, a_subscription("fires"), at=JOINED + DAY)
    store.stop(number, "babies", JOINED + 2 * DAY)
    enrol(store, a_subscription("babies"), a_subscription("fires"), at=JOINED + 3 * DAY)
    standing = store.standing_of(number)
    assert standing
    assert {one.id: one.state for one in standing.subscriptions} == {"babies": "stopped", "fires": "active"}


def test_an_undone_stop_sends_what_it_took_back(waiting: Store) -> None:
    number = reader(waiting).id
    waiting.stop(number, None, MONDAY)
    assert claimed(waiting, MONDAY, 10) == ()
    assert states(waiting) == ["refused"]
    waiting.start_again(number, None, MONDAY + HOUR)
    assert states(waiting) == ["queued"]


def test_a_link_from_before_a_subscription_was_renamed_still_means_it(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("babies"), a_subscription("fires", theme="fire"))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store)
    enrol(store, a_subscription("infants"), a_subscription("fires", theme="fire"), at=JOINED + 8 * DAY)
    number = reader(store).id
    standing = store.standing_of(number)
    assert standing
    assert [(one.id, one.former) for one in standing.subscriptions] == [
        ("fires", ()),
        ("infants", ("babies",)),
    ]
    delivery = claim(store)
    store.stop(number, "infants", MONDAY)
    assert hand_over(store, delivery.id) == UNWANTED


def test_nobody_stands_where_nobody_is(store: Store) -> None:
    assert store.standing_of(99) is None


# --- bounces --------------------------------------------------------------------------------------------


def bounces(store: Store, week: int) -> None:
    at = MONDAY + week * 7 * DAY
    if week:
        tell(store, at=at)
    settle(store, claim(store, week * 7 * DAY).id, GONE, at)


def test_an_address_that_bounces_again_and_again_is_given_nothing_more_until_somebody_resumes_it(
    waiting: Store,
) -> None:
    for week in range(STOP_AFTER):
        assert waiting.unreached() == ()
        bounces(waiting, week)
    (one,) = waiting.unreached()
    assert (one.subscriber.address, one.bounced) == ("lead@example.org", MONDAY + 14 * DAY)
    assert list(waiting.readers("weekly", MONDAY + 21 * DAY)) == []
    poll(waiting, new(a_review("Baby B"), "bruising"), at=MONDAY + 15 * DAY)
    assert waiting.resume("lead@example.org", MONDAY + 21 * DAY) == 1
    assert waiting.unreached() == ()
    assert due_titles(waiting) == ["Baby B"], "what came meanwhile"
    bounces(waiting, 4)
    assert waiting.unreached() == (), "it is counted from the beginning"


def test_only_bounces_in_a_row_count(waiting: Store) -> None:
    for week, outcome in enumerate((GONE, GONE, SENT, GONE, Outcome(state="refused"), GONE)):
        at = MONDAY + week * 7 * DAY
        if week:
            tell(waiting, at=at)
        settle(waiting, claim(waiting, week * 7 * DAY).id, outcome, at)
    assert waiting.unreached() == ()


def test_bounces_count_in_whatever_order_they_are_heard_of(waiting: Store) -> None:
    deliveries = []
    for week in range(STOP_AFTER):
        at = MONDAY + week * 7 * DAY
        if week:
            tell(waiting, at=at)
        deliveries.append(claim(waiting, week * 7 * DAY))
        settle(waiting, deliveries[-1].id, SENT, at)
    said = [
        waiting.bounced(one.id, one.edition.id[:16], "gone", hard=True, now=MONDAY, stop_after=STOP_AFTER)
        for one in reversed(deliveries)
    ]
    assert said == ["kept", "kept", "stopped"]


def came_back(store: Store, delivery: Delivery, *, hard: bool = True, edition: str | None = None) -> str:
    begins = delivery.edition.id[:16] if edition is None else edition
    return store.bounced(delivery.id, begins, "the mail came back", hard=hard, now=MONDAY + DAY, stop_after=1)


@pytest.mark.parametrize(("hard", "said"), [(True, "stopped"), (False, "kept")])
def test_a_mail_that_comes_back_was_not_delivered(
    waiting: Store, hard: bool, said: Literal["stopped", "kept"]
) -> None:
    delivery = claim(waiting)
    settle(waiting, delivery.id, SENT, MONDAY)
    assert came_back(waiting, delivery, hard=hard) == said
    assert states(waiting) == ["refused"]
    assert len(waiting.unreached()) == int(hard)
    assert waiting.failures()[0].text == "the mail came back"
    assert came_back(waiting, delivery, hard=hard) == "known", "once is enough"
    (doubt,) = waiting.untold(reader(waiting) if not hard else one_reader(waiting), 31, MONDAY).doubtful
    assert doubt.state == "refused"


def test_an_address_found_dead_between_the_claim_and_the_sending_is_given_nothing(waiting: Store) -> None:
    first = claim(waiting)
    settle(waiting, first.id, SENT, MONDAY)
    tell(waiting, at=MONDAY + DAY)
    second = claim(waiting, DAY)
    assert came_back(waiting, first) == "stopped"
    assert hand_over(waiting, second.id, MONDAY + DAY) == AWAY


def one_reader(store: Store) -> Reader:
    store.resume("lead@example.org", MONDAY + DAY)
    return reader(store)


@pytest.mark.parametrize("edition", ["", "0123456789abcdef"])
def test_a_stranger_cannot_bounce_what_they_did_not_get(waiting: Store, edition: str) -> None:
    delivery = claim(waiting)
    settle(waiting, delivery.id, SENT, MONDAY)
    assert came_back(waiting, delivery, edition=edition) == "unknown"
    assert states(waiting) == ["sent"]


def test_a_bounce_of_what_was_never_sent_is_known(waiting: Store) -> None:
    assert came_back(waiting, claim(waiting)) == "known"
    assert states(waiting) == ["sending"]


def test_a_bounce_of_an_erased_reader_is_unknown(waiting: Store) -> None:
    delivery = claim(waiting)
    waiting.erase("lead@example.org", MONDAY)
    assert came_back(waiting, delivery) == "unknown"


def test_a_lost_claim_hands_nothing_over(waiting: Store) -> None:
    delivery = claim(waiting)
    waiting.recover(MONDAY + LEASE)
    assert hand_over(waiting, delivery.id) == LOST


def test_what_became_uncertain_is_not_handed_over_again(waiting: Store) -> None:
    delivery = claim(waiting)
    hand_over(waiting, delivery.id)
    waiting.recover(MONDAY + LEASE)
    assert hand_over(waiting, delivery.id) == LOST
    assert states(waiting) == ["uncertain"]


def test_what_another_worker_has_claimed_since_is_not_handed_over(shared_url: str) -> None:
    slow, quick = open_store(shared_url), open_store(shared_url)
    queue(slow, "lead@example.org")
    delivery = claim(slow)
    quick.recover(MONDAY + LEASE)
    assert claim(quick, LEASE).id == delivery.id
    assert hand_over(slow, delivery.id, MONDAY + LEASE) == LOST
    quick.give_back([delivery.id])
    assert states(quick) == ["queued"], "as it would not be, were it being handed over"
    slow.close()
    quick.close()


# --- a changed address --------------------------------------------------------------------------------


def test_a_reader_whose_address_was_changed_is_told_nothing_twice_and_loses_nothing(waiting: Store) -> None:
    number = reader(waiting).id
    poll(waiting, new(a_review("Baby B"), "bruising"), at=MONDAY + HOUR)
    enrol(waiting, a_subscription(to=("new@example.org",)), at=MONDAY + DAY)
    assert reader(waiting, "new@example.org").id == number
    assert due_titles(waiting, "new@example.org") == ["Baby B"]
    assert claim(waiting, DAY).subscriber.address == "new@example.org", "what waited goes there too"


def test_an_address_changed_in_several_entries_is_one_change(store: Store) -> None:
    enrol(store, a_subscription("babies"), a_subscription("fires"))
    number = reader(store).id
    both = [a_subscription(name, to=("new@example.org",)) for name in ("babies", "fires")]
    enrol(store, *both, at=JOINED + DAY)
    assert reader(store, "new@example.org").id == number


@pytest.mark.parametrize(
    "entries",
    [
        [("babies", ("new@example.org",)), ("fires", ("lead@example.org",))],
        [(name, ("new@example.org", "other@example.org")) for name in ("babies", "fires")],
        [("babies", ("new@example.org",)), ("fires", ("other@example.org",))],
        [("babies", ("#learning",)), ("fires", ("#learning",))],
    ],
    ids=["the old one is still named", "two came", "it became two", "another medium"],
)
def test_who_became_whom_is_never_guessed(store: Store, entries: list[tuple[str, tuple[str, ...]]]) -> None:
    enrol(store, a_subscription("babies"), a_subscription("fires"))
    number = reader(store).id
    enrol(store, *(a_subscription(name, to=to) for name, to in entries), at=JOINED + DAY)
    standing = store.standing_of(number)
    assert standing
    assert standing.subscriber.address == "lead@example.org"


def test_a_successor_of_who_stopped_everything_is_somebody_else(store: Store) -> None:
    enrol(store, a_subscription())
    number = reader(store).id
    store.stop(number, None, JOINED + HOUR)
    enrol(store, a_subscription(to=("new@example.org",)), at=JOINED + DAY)
    assert reader(store, "new@example.org").id != number


def test_nobody_becomes_an_erased_address(store: Store) -> None:
    enrol(store, a_subscription("babies", to=("gone@example.org",)), a_subscription("fires"))
    store.erase("gone@example.org", JOINED + HOUR)
    both = ("gone@example.org", "lead@example.org")
    enrol(store, a_subscription("babies", to=both), at=JOINED + DAY)
    enrol(store, a_subscription("babies", to=("gone@example.org",)), at=JOINED + 2 * DAY)
    assert store.export("gone@example.org")["subscribers"] == []


def test_a_mended_address_is_sent_to_again(waiting: Store) -> None:
    for week in range(STOP_AFTER):
        bounces(waiting, week)
    enrol(waiting, a_subscription(to=("mended@example.org",)), at=MONDAY + 15 * DAY)
    assert waiting.unreached() == ()
