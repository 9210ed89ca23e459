"""Whatever is edited, and whenever a digest goes out: each review and each revision is told exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Subscriber
from bot.store import Store, open_store
from tests.store.emptying import empty
from tests.store.factories import (
    AT_ONCE,
    DAILY,
    DAY,
    HOUR,
    JOINED,
    WEEKLY,
    a_review,
    a_subscription,
    asking_for,
    enrol,
    found,
    new,
    poll,
    read_first,
    reader,
    revised,
    tell,
)

THEMES = ("bruising", "infants")
LEAD = Subscriber(medium="email", address="lead@example.org")
SUCCESSOR = Subscriber(medium="email", address="successor@example.org")
EDITS = st.one_of(
    st.fixed_dictionaries({"schedule": st.sampled_from([WEEKLY, DAILY, AT_ONCE])}),
    st.fixed_dictionaries({"criteria": st.sampled_from([asking_for(theme) for theme in THEMES])}),
    st.fixed_dictionaries({"id": st.sampled_from(["babies", "infants", "under-ones"])}),
    st.fixed_dictionaries({"name": st.sampled_from(["Babies", "Under ones"]), "footer": st.just("Ring 999")}),
    st.fixed_dictionaries({"subscribers": st.sampled_from([(LEAD,), (SUCCESSOR,)])}),
    st.just({}),
)
WISHES = st.sampled_from(["pauses a fortnight", "stops and undoes it", "is resumed", "nothing"])
WHAT_HAPPENS = st.lists(
    st.tuples(st.sampled_from(["new", "revised", "nothing"]), EDITS, WISHES, st.booleans()),
    min_size=3,
    max_size=9,
)


@pytest.fixture(scope="module")
def one_store() -> Iterator[Store]:
    store = open_store("sqlite://")
    yield store
    store.close()


@settings(max_examples=25, deadline=None)
@given(weeks=WHAT_HAPPENS)
def test_each_review_and_each_revision_is_told_once(
    one_store: Store, weeks: list[tuple[str, dict[str, object], str, bool]]
) -> None:
    store = one_store
    empty(store)
    read_first(store)
    subscription = a_subscription()
    enrol(store, subscription)
    heard: Counter[tuple[str, int]] = Counter()
    came: list[str] = []
    owed: set[str] = set()
    paused_until = JOINED
    for week, (event, edit, wish, digest_goes_out) in enumerate(weeks):
        at = JOINED + week * 7 * DAY
        if event == "new":
            came.append(f"Baby {week}")
            poll(store, new(a_review(came[-1], published=None), *THEMES), at=at + DAY)
            owed.add(came[-1])
        if event == "revised" and came:
            poll(store, revised(found(store, came[-1]), *THEMES, year=2000 + week), at=at + DAY)
            owed.add(came[-1])
        subscription = replace(subscription, **edit)  # type: ignore[arg-type]  # fields of a subscription
        enrol(store, subscription, at=at + 2 * DAY)
        address = subscription.subscribers[0].address
        schedule = subscription.schedule.id
        number = reader(store, address, schedule).id
        if wish == "pauses a fortnight":
            paused_until = at + 16 * DAY
            store.pause(number, paused_until, at + 2 * DAY)
        if wish == "stops and undoes it":
            store.stop(number, None, at + 2 * DAY)
            store.start_again(number, None, at + 2 * DAY + HOUR)
        if wish == "is resumed":
            store.resume(address, at + 2 * DAY)
            paused_until = at
        last = week == len(weeks) - 1
        if last:
            store.pause(number, None, at)
        away = not last and at + 3 * DAY < paused_until
        assert any(store.readers(schedule, at + 3 * DAY)) != away
        if (digest_goes_out and not away) or last:
            titles = tell(store, address, schedule, at=at + 3 * DAY)
            assert sorted(titles) == sorted(owed)
            heard.update((title, found(store, title).notable) for title in titles)
            owed.clear()
            assert tell(store, address, schedule, at=at + 3 * DAY + HOUR) == []
    assert set(heard.values()) <= {1}
    assert {title for title, _ in heard} == set(came)
