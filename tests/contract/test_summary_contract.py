"""What bot/ports promises of the figures in a summary. On every database that the product runs on."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import digests
from bot.hard_cases import a_summary
from bot.models import SUMMARY, Criteria, Outcome, Schedule, SourceNews, Subscription, Traffic
from bot.store import Store
from tests.store.factories import (
    DAY,
    HOUR,
    JOINED,
    LEASE,
    a_review,
    a_subscriber,
    a_subscription,
    claimed,
    enrol,
    found,
    hand_over,
    mended,
    new,
    poll,
    read_first,
    reader,
    revised,
    settle,
    tell,
    withdrawn,
)

MONDAY = JOINED + 7 * DAY
SENT = Outcome(state="sent", detail="250 taken")
REFUSED = Outcome(state="refused", detail="550 no such address")
GONE = Outcome(state="refused", detail="550 5.1.1 no such address", bounced=True)


def a_summary_for(address: str) -> Subscription:
    return Subscription(
        id=SUMMARY,
        name="Summary",
        subscribers=(a_subscriber(address),),
        schedule=Schedule(id=SUMMARY, cron="0 7 * * *"),
        criteria=Criteria(source=("",)),
    )


def handed_over(store: Store, outcome: Outcome, at: datetime) -> None:
    """The next in the outbox goes out, and ends so."""
    (delivery,) = claimed(store, at, 1)
    hand_over(store, delivery.id, at)
    settle(store, delivery.id, outcome, at)


def digests_for(store: Store, *addresses: str) -> None:
    """A digest with one review waits for each of these from Monday on."""
    read_first(store)
    enrol(store, a_subscription(to=addresses))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    for address in addresses:
        tell(store, address, at=MONDAY)


def test_news_is_counted_by_source_kind_and_time(store: Store) -> None:
    read_first(store, "saltmarsh", "harrowmere")
    poll(store, new(a_review("Before")), new(a_review("Revised")), new(a_review("Gone")), at=JOINED)
    at = JOINED + DAY
    poll(store, new(a_review("Baby A")), new(a_review("Baby B")), at=at)
    poll(store, new(a_review("Child C")), source="harrowmere", at=at)
    for day, incident in ((1, "One."), (2, "Two.")):
        poll(store, revised(found(store, "Revised"), incident=incident), at=at + day * HOUR)
    poll(store, mended(found(store, "Before"), place="Saltmarsh"), at=at)
    poll(store, withdrawn(found(store, "Gone")), at=at)
    poll(store, new(a_review("After")), at=JOINED + 3 * DAY)
    poll(store, revised(found(store, "Child C"), incident="Later."), source="harrowmere", at=JOINED + 3 * DAY)
    assert store.news_by_source(JOINED, JOINED + 2 * DAY) == (
        SourceNews(source_id="harrowmere", new=1),
        SourceNews(source_id="saltmarsh", new=2, revised=1, withdrawn=1),
    )
    assert store.news_by_source(JOINED + 4 * DAY, JOINED + 5 * DAY) == ()


def test_what_was_there_before_we_looked_is_for_the_archive_and_what_is_news_is_what_everybody_is_told(
    store: Store,
) -> None:
    old, lately = a_review("Child Old", published="2019-05-01"), a_review("Child New", published="2026-10-30")
    undated = a_review("Child Undated", published=None)
    poll(store, new(old), new(lately), new(undated), at=JOINED + HOUR)
    (told,) = store.news_by_source(JOINED, JOINED + DAY)
    assert told == SourceNews(source_id="saltmarsh", new=1, archived=2)
    assert told.new == store.count_new(JOINED, JOINED + DAY)


def test_deliveries_are_counted_by_what_became_of_them_and_when(store: Store) -> None:
    digests_for(store, *(f"{letter}@example.org" for letter in "abcde"))
    handed_over(store, SENT, MONDAY)
    for outcome in (SENT, REFUSED, Outcome(state="uncertain"), Outcome(state="deferred")):
        handed_over(store, outcome, MONDAY + DAY)
    told = store.traffic(MONDAY, MONDAY + DAY)
    assert told == Traffic(sent=1, refused=1, uncertain=1, deferred=1)
    assert store.traffic(MONDAY - DAY, MONDAY + DAY).sent == 2
    later = store.traffic(MONDAY + DAY, MONDAY + 2 * DAY)
    assert later == Traffic(uncertain=1, deferred=1), "these still stand; the others have been told"


def test_what_waits_for_who_paused_is_no_trouble_and_who_stopped_is_not_refused(store: Store) -> None:
    digests_for(store, "a@example.org", "b@example.org", "c@example.org")
    assert store.traffic(JOINED, MONDAY) == Traffic(waiting=3)
    store.pause(reader(store, "a@example.org").id, MONDAY + 9 * DAY, MONDAY)
    (delivery, other) = claimed(store, MONDAY, 2)
    assert store.traffic(JOINED, MONDAY).waiting == 2, "on its way is not yet there"
    stopped = next(one for one in (delivery, other) if one.subscriber.address == "b@example.org")
    store.stop(stopped.subscriber_id, None, MONDAY)
    assert hand_over(store, stopped.id, MONDAY)
    assert store.traffic(JOINED, MONDAY) == Traffic(waiting=1)


def test_what_slack_can_be_asked_about_soon_needs_no_person(store: Store) -> None:
    digests_for(store, "#learning")
    handed_over(store, Outcome(state="uncertain", retry_after=HOUR), MONDAY)
    assert store.traffic(JOINED, MONDAY).uncertain == 0


def test_addresses_whose_mail_came_back_are_counted_and_those_of_late(store: Store) -> None:
    digests_for(store, "a@example.org")
    for week in range(1, 4):
        handed_over(store, GONE, MONDAY + week * HOUR)
        if week < 3:
            poll(store, new(a_review(f"Child {week}"), "bruising"), at=MONDAY + week * HOUR)
            tell(store, "a@example.org", at=MONDAY + week * HOUR)
    third = MONDAY + 3 * HOUR
    assert (store.traffic(MONDAY, third).silenced, store.traffic(MONDAY, third).lately) == (1, 1)
    assert (store.traffic(third, third + DAY).silenced, store.traffic(third, third + DAY).lately) == (1, 0)


def test_messages_for_administrators_are_no_digests(store: Store) -> None:
    enrol(store, a_summary_for("admin@example.org"))
    tell(store, "admin@example.org", SUMMARY, at=MONDAY)
    handed_over(store, SENT, MONDAY + HOUR)
    assert store.traffic(MONDAY, MONDAY + DAY) == Traffic()


def test_when_a_reader_was_composed_for_last_is_the_moment_and_not_the_slot(store: Store) -> None:
    enrol(store, a_summary_for("admin@example.org"))
    admin = reader(store, "admin@example.org", SUMMARY)
    before = None
    for day in (1, 2):
        slot = JOINED + day * DAY
        assert store.claim_run(admin, slot, slot + HOUR, LEASE)
        assert store.last_composed(admin) == before, "claimed is not composed"
        before = slot + HOUR + timedelta(minutes=1)
        store.keep_edition(admin, slot, (), before)
        assert store.last_composed(admin) == before


def test_a_summary_is_kept_and_read_as_it_was(store: Store) -> None:
    enrol(store, a_summary_for("admin@example.org"))
    admin = reader(store, "admin@example.org", SUMMARY)
    edition = digests.edition(a_summary(MONDAY))
    assert store.claim_run(admin, MONDAY, MONDAY, LEASE)
    store.keep_edition(admin, MONDAY, (edition,), MONDAY)
    assert store.edition(edition.id) == edition
    (delivery,) = claimed(store, MONDAY, 1)
    assert (delivery.edition, delivery.subscriptions) == (edition, (SUMMARY,))
