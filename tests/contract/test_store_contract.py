"""What bot/ports promises of the archive and the ledger, on every database that the product runs on."""

from __future__ import annotations

import itertools
import json
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Literal

import pytest
from sqlalchemy import event

from bot.criteria import key
from bot.errors import BotError, StoreError
from bot.models import (
    ArchiveQuery,
    Asked,
    Delivery,
    Doubtful,
    Failure,
    Kept,
    Link,
    Match,
    Named,
    Notice,
    Outcome,
    Posted,
    Reason,
    Section,
    SourceStanding,
    SourceState,
    Validators,
)
from bot.ports import Archive, Ledger
from bot.store import Store, open_store
from bot.store.notices import write_notice
from bot.store.outbox import LOST
from tests.store.factories import (
    AT_ONCE,
    DAILY,
    DAY,
    HOUR,
    JOINED,
    LEASE,
    QUOTE,
    WEEKLY,
    a_review,
    a_run,
    a_subscription,
    asking_for,
    claimed,
    composed,
    due,
    due_titles,
    enrol,
    found,
    hand_over,
    mended,
    missing,
    new,
    poll,
    read_first,
    reader,
    revised,
    same,
    settle,
    tell,
    withdrawn,
)
from tests.store.threads import side_by_side

MONDAY = JOINED + 7 * DAY


def test_the_store_is_both_ports(store: Store) -> None:
    archive: Archive = store
    ledger: Ledger = store
    assert archive is ledger


# --- keeping a poll -------------------------------------------------------------------------------------


def test_a_new_review_is_kept_whole(store: Store) -> None:
    review = replace(
        a_review("Baby A"),
        links=(Link(label="Report", url="https://saltmarsh.example.org/baby-a.pdf"),),
        sections=(Section(heading="Voice of the child", items=("what the baby’s day was like",)),),
    )
    poll(store, new(review, "bruising", handles=("name:saltmarsh|baby a",)))
    (known,) = store.known("saltmarsh", ())
    assert known.review == review
    assert (known.revision, known.notable, known.origin) == (1, 1, "saltmarsh")
    assert known.first_seen == JOINED
    assert [seen.url for seen in known.sightings] == ["https://saltmarsh.example.org/baby-a.pdf"]
    ((_, themes),) = store.every_review()
    assert [theme.id for theme in themes] == ["bruising"]
    assert themes[0].evidence[0].quote == QUOTE


def test_reviews_of_a_first_good_poll_are_baseline_and_later_ones_are_not(store: Store) -> None:
    store.fail(a_run(state="failing", at=JOINED - DAY), a_failure())
    poll(store, new(a_review("Baby A")))
    poll(store, new(a_review("Baby B")), at=JOINED + DAY)
    poll(store, new(a_review("Baby C")), at=JOINED + DAY, source="harrowmere")
    assert {known.review.title: known.baseline for known, _ in store.every_review()} == {
        "Baby A": True,
        "Baby B": False,
        "Baby C": True,
    }


def test_a_revision_is_notable_and_a_mend_is_not(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    poll(store, mended(found(store, "Baby A"), incident="A baby of ten weeks."), at=JOINED + DAY)
    assert found(store, "Baby A").revision == 2
    assert found(store, "Baby A").notable == 1
    poll(store, revised(found(store, "Baby A"), learning=("act on the first bruise",)), at=JOINED + 2 * DAY)
    known = found(store, "Baby A")
    assert (known.revision, known.notable) == (3, 3)
    assert known.review.learning == ("act on the first bruise",)
    assert known.first_seen == JOINED


def test_a_withdrawn_review_is_kept_with_that_status(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    poll(store, withdrawn(found(store, "Baby A")), at=JOINED + DAY)
    known = found(store, "Baby A")
    assert known.review.status == "withdrawn"
    assert known.notable == 2
    assert known.sightings[0].missed == 1, "it is not on its page"


def test_a_review_that_its_page_calls_withdrawn_is_still_seen_there(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    gone = withdrawn(found(store, "Baby A"))
    said = replace(gone.change.review, incident="This review has been withdrawn.")
    poll(store, replace(gone, change=replace(gone.change, review=said)), at=JOINED + DAY)
    (sighting,) = found(store, "Baby A").sightings
    assert (sighting.missed, sighting.last_seen) == (0, JOINED + DAY)


def test_polls_in_a_row_without_a_review_are_counted_until_it_is_back(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    poll(store, missing(found(store, "Baby A")), at=JOINED + DAY)
    poll(store, missing(found(store, "Baby A")), at=JOINED + 2 * DAY)
    assert found(store, "Baby A").sightings[0].missed == 2
    assert found(store, "Baby A").sightings[0].last_seen == JOINED
    poll(store, same(found(store, "Baby A")), at=JOINED + 3 * DAY)
    (sighting,) = found(store, "Baby A").sightings
    assert (sighting.missed, sighting.first_seen, sighting.last_seen) == (0, JOINED, JOINED + 3 * DAY)


def test_one_source_that_drops_a_review_says_nothing_of_another(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    poll(store, same(found(store, "Baby A")), source="harrowmere", at=JOINED + DAY)
    poll(store, missing(found(store, "Baby A")), at=JOINED + DAY)
    assert {s.source_id: s.missed for s in found(store, "Baby A").sightings} == {
        "saltmarsh": 1,
        "harrowmere": 0,
    }


def test_a_new_link_of_a_known_review_is_a_sighting_too(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    known = found(store, "Baby A")
    moved = replace(known.review, links=(Link(label="Report", url="https://saltmarsh.example.org/a.pdf"),))
    poll(store, same(known, moved), at=JOINED + DAY)
    assert [seen.url for seen in found(store, "Baby A").sightings] == [
        "",
        "https://saltmarsh.example.org/a.pdf",
    ]


def test_a_review_is_found_at_another_source_by_its_handles(store: Store) -> None:
    handle = "url:saltmarsh.example.org/" + "a" * 4000
    poll(store, new(a_review("Baby A"), handles=("name:saltmarsh|baby a", handle)))
    poll(store, new(a_review("Baby B"), handles=("name:saltmarsh|baby b",)))
    assert [one.review.title for one in store.known("harrowmere", (handle, "name:none"))] == ["Baby A"]
    assert [one.review.title for one in store.known("saltmarsh", ())] == ["Baby A", "Baby B"]
    assert store.known("harrowmere", ()) == ()
    many = [f"name:{number}" for number in range(3000)]
    assert [one.review.title for one in store.known("harrowmere", [*many, handle])] == ["Baby A"]
    assert [one.review.title for one in store.sharing([*many, handle])] == ["Baby A"]
    assert store.sharing(()) == store.sharing(["name:none"]) == ()


def test_the_record_is_in_the_words_of_the_source_that_last_gave_them(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    poll(store, mended(found(store, "Baby A"), incident="Told more fully."), source="nspcc")
    assert found(store, "Baby A").origin == "nspcc"
    poll(store, withdrawn(found(store, "Baby A")), source="saltmarsh")
    assert found(store, "Baby A").origin == "nspcc", "it went from its page; nobody gave new words"


def test_themes_and_matches_of_a_revision_replace_the_earlier_ones(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(theme="bruising"), a_subscription("fires", theme="fire-safety"))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    poll(store, revised(found(store, "Baby A"), "fire-safety", year=2025), at=JOINED + 2 * DAY)
    ((_, themes),) = store.every_review()
    assert [theme.id for theme in themes] == ["fire-safety"]
    assert [one.subscription for one in due(store)[0].because] == ["fires"]


def test_a_poll_is_kept_whole_or_not_at_all(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    gone = replace(found(store, "Baby A"), id=999)
    with pytest.raises(StoreError, match="no longer in the archive"):
        poll(store, new(a_review("Baby B")), revised(gone), at=JOINED + DAY)
    assert [known.review.title for known, _ in store.every_review()] == ["Baby A"]
    assert store.last_run("saltmarsh") == a_run(at=JOINED)


def test_updates_of_one_review_by_several_threads_are_all_kept(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    known = found(store, "Baby A")

    def revise_five_times() -> None:
        for number in range(5):
            poll(store, revised(known, incident=f"Version {number}."), at=JOINED + DAY)

    side_by_side(*[revise_five_times] * 4)
    assert found(store, "Baby A").revision == 21


def test_text_that_databases_choke_on_is_kept(store: Store) -> None:
    odd = replace(a_review("Baby A\x00"), incident="NUL \x00, quote ', 100 %, £ and 🧸", place="O’Hara %s")
    poll(store, new(odd, handles=("name:\x00",)))
    ((known, _),) = store.every_review()
    assert known.review == odd


def test_a_poll_that_was_compared_with_an_older_archive_keeps_nothing(store: Store) -> None:
    before = store.version()
    store.keep(a_run("harrowmere"), [new(a_review("Baby A"))])
    assert store.version() > before
    assert not store.keep(a_run(), [new(a_review("Baby A"))], before)
    assert len(list(store.every_review())) == 1
    assert store.last_run("saltmarsh") is None
    assert store.keep(a_run(), (), store.version())


def test_reviews_that_their_page_no_longer_has_are_absent_until_they_are_back_or_withdrawn(
    store: Store,
) -> None:
    poll(store, *(new(a_review(f"Baby {name}")) for name in "ABC"))
    assert store.absent("saltmarsh") == ()
    gone = [found(store, f"Baby {name}") for name in "AB"]
    poll(store, same(found(store, "Baby C")), *map(missing, gone), at=JOINED + DAY)
    poll(store, same(gone[0]), source="harrowmere", at=JOINED + DAY)
    absent = store.absent("saltmarsh")
    assert [known.review.title for known in absent] == ["Baby A", "Baby B"]
    assert absent[0] == found(store, "Baby A"), "whole, with its sightings elsewhere"
    assert store.absent("harrowmere") == ()
    poll(store, same(gone[0]), withdrawn(gone[1]), same(found(store, "Baby C")), at=JOINED + 2 * DAY)
    assert store.absent("saltmarsh") == (), "the one is back, the other withdrawn"


def test_a_review_in_the_words_of_another_source_is_seen_where_this_page_has_it(store: Store) -> None:
    theirs = (Link(label="Report", url="https://saltmarsh.example.org/a.pdf"),)
    ours = (Link(label="Report", url="https://nspcc.example.org/a.pdf"),)
    poll(store, new(replace(a_review("Baby A"), links=theirs)))
    known = found(store, "Baby A")
    seen = replace(a_review("Child A"), links=ours)
    change = replace(same(known).change, as_seen=seen)
    store.keep(a_run("nspcc", JOINED + DAY), [Kept(change=change, handles=("name:child a",))])
    after = found(store, "Baby A")
    assert {sighting.source_id: sighting.url for sighting in after.sightings} == {
        "saltmarsh": theirs[0].url,
        "nspcc": ours[0].url,
    }
    assert (after.review, after.origin) == (known.review, "saltmarsh")
    assert [one.id for one in store.known("elsewhere", ("name:child a",))] == [known.id]


@pytest.mark.parametrize("kind", ["new", "mended"])
def test_a_review_that_is_kept_fuller_than_its_page_has_it_is_seen_where_the_page_has_it(
    store: Store, kind: str
) -> None:
    page = replace(a_review("Baby A"), links=(Link(label="", url="https://saltmarsh.example.org/a.pdf"),))
    full = replace(page, links=(*page.links, Link(label="", url="https://elsewhere.example.org/b.pdf")))
    one = new(full)
    if kind == "mended":
        poll(store, new(page))
        one = mended(found(store, "Baby A"))
    poll(store, replace(one, change=replace(one.change, review=full, as_seen=page)), at=JOINED + DAY)
    known = found(store, "Baby A")
    assert known.review.links == full.links
    assert [sighting.url for sighting in known.sightings] == ["https://saltmarsh.example.org/a.pdf"]


def test_a_review_that_its_page_shows_withdrawn_without_other_words_is_not_missed(store: Store) -> None:
    poll(store, new(a_review("Baby A")))
    gone = withdrawn(found(store, "Baby A"))
    said = replace(gone.change, as_seen=replace(gone.change.review, status="withdrawn"))
    poll(store, replace(gone, change=said), at=JOINED + DAY)
    (sighting,) = found(store, "Baby A").sightings
    assert (sighting.missed, sighting.last_seen) == (0, JOINED + DAY)


def test_a_review_that_an_earlier_way_of_reading_passed_over_is_kept_as_baseline(store: Store) -> None:
    read_first(store)
    poll(store, replace(new(a_review("Baby A")), baseline=True), new(a_review("Baby B")))
    assert {known.review.title: known.baseline for known, _ in store.every_review()} == {
        "Baby A": True,
        "Baby B": False,
    }
    assert store.count_new(JOINED - DAY, JOINED) == 2, "Baby A was published lately, however it was read"


def last_seen(store: Store) -> dict[tuple[str, str], int]:
    """How many days after JOINED each review was last seen, by title and source."""
    return {
        (known.review.title, sighting.source_id): (sighting.last_seen - JOINED).days
        for known, _ in store.every_review()
        for sighting in known.sightings
    }


def test_an_unchanged_page_still_has_what_it_had(store: Store) -> None:
    poll(store, new(a_review("Baby A")), new(a_review("Baby B")), new(a_review("Baby C")))
    poll(store, same(found(store, "Baby A")), source="harrowmere", at=JOINED + DAY)
    poll(store, same(found(store, "Baby A")), source="nspcc", at=JOINED + 5 * DAY)
    poll(
        store,
        same(found(store, "Baby A")),
        missing(found(store, "Baby B")),  # and Baby C rolled off
        at=JOINED + DAY,
    )
    store.keep(a_run(at=JOINED + 2 * DAY, state="nothing new", records=1), ())
    store.keep(a_run(at=JOINED + 3 * DAY, state="nothing new", records=1), ())
    assert last_seen(store) == {
        ("Baby A", "saltmarsh"): 3,
        ("Baby A", "harrowmere"): 1,
        ("Baby A", "nspcc"): 5,
        ("Baby B", "saltmarsh"): 0,
        ("Baby C", "saltmarsh"): 0,
    }
    assert found(store, "Baby A").sightings[0].first_seen == JOINED


def test_an_unchanged_page_counts_what_it_still_misses_and_refreshes_the_rest(store: Store) -> None:
    poll(store, *(new(a_review(f"Baby {name}")) for name in "ABC"))
    gone = [found(store, f"Baby {name}") for name in "BC"]
    poll(store, same(found(store, "Baby A")), *map(missing, gone), at=JOINED + DAY)
    run = a_run(at=JOINED + 2 * DAY, state="nothing new", records=1)
    store.keep(run, [missing(gone[0]), withdrawn(gone[1])])
    assert last_seen(store) == {
        ("Baby A", "saltmarsh"): 2,
        ("Baby B", "saltmarsh"): 0,
        ("Baby C", "saltmarsh"): 0,
    }
    assert [found(store, f"Baby {name}").sightings[0].missed for name in "ABC"] == [0, 2, 2]
    assert found(store, "Baby C").review.status == "withdrawn"


@pytest.mark.parametrize("state", ["nothing there", "failing"])
def test_a_page_that_is_empty_or_unread_says_of_no_review_that_it_is_still_there(
    store: Store, state: SourceState
) -> None:
    poll(store, new(a_review("Baby A")))
    for day in (1, 2):  # changed, then unchanged
        run = a_run(at=JOINED + day * DAY, state=state, records=0)
        if state == "failing":
            store.fail(run, a_failure())
        else:
            store.keep(run, ())
    assert last_seen(store) == {("Baby A", "saltmarsh"): 0}


# --- how sources stand ----------------------------------------------------------------------------------


def test_the_last_poll_and_the_last_good_one_are_told_apart(store: Store) -> None:
    assert store.last_run("saltmarsh") is None
    assert store.last_good_run("saltmarsh") is None
    good = a_run(validators=Validators(etag='"1"', sha256="ab", read_as="x"))
    store.keep(good, ())
    bad = a_run(at=JOINED + DAY, state="blocked", detail="robots.txt")
    store.fail(bad, a_failure("blocked by robots.txt"))
    assert store.last_run("saltmarsh") == bad
    assert store.last_good_run("saltmarsh") == good
    assert store.failures() == (a_failure("blocked by robots.txt"),)


def test_a_standing_says_since_when_a_page_could_not_be_read(store: Store) -> None:
    store.keep(a_run(at=JOINED, records=12), ())
    for day in range(1, 4):
        state = "blocked" if day == 2 else "failing"
        store.fail(a_run(at=JOINED + day * DAY, state=state, detail=f"day {day}"), a_failure())
    store.keep(a_run("harrowmere", at=JOINED, state="nothing there", records=0), ())
    store.keep(a_run("harrowmere", at=JOINED + DAY, state="nothing new", records=3), ())
    harrowmere, saltmarsh = store.standings()
    assert saltmarsh == SourceStanding(
        source_id="saltmarsh",
        name="saltmarsh",
        state="failing",
        since=JOINED + DAY,
        last_run=JOINED + 3 * DAY,
        last_good=JOINED,
        records=12,
        detail="day 3",
    )
    assert (harrowmere.state, harrowmere.since, harrowmere.last_good) == (
        "nothing new",
        JOINED,
        JOINED + DAY,
    )


def test_a_source_that_never_could_be_read_has_no_last_good_poll(store: Store) -> None:
    store.fail(a_run(state="unreadable"), a_failure())
    (standing,) = store.standings()
    assert (standing.last_good, standing.since, standing.records) == (None, JOINED, None)


def test_of_a_first_poll_only_what_was_published_lately_counts_as_new(store: Store) -> None:
    lately = [a_review("Baby D", published="2026-10-20"), a_review("Baby E", published="2026-10")]
    old = [a_review("Baby F", published="2026-08"), a_review("Baby G", published=None)]
    poll(store, *(new(one) for one in (*lately, *old)), at=JOINED)
    assert store.count_new(None, JOINED) == 2


def test_new_reviews_are_counted_by_when_they_came(store: Store) -> None:
    poll(store, new(a_review("Baby A", published="2025-01")), at=JOINED)
    poll(store, new(a_review("Baby B")), at=JOINED + DAY)
    poll(store, new(a_review("Baby C")), at=JOINED + 2 * DAY)
    assert store.count_new(None, JOINED + 9 * DAY) == 2
    assert store.count_new(JOINED + DAY, JOINED + 2 * DAY) == 1, "from (left out) to (taken in)"
    assert store.count_new(None, JOINED) == 0


def test_the_latest_failures_come_first(store: Store) -> None:
    for number in range(3):
        store.fail(a_run(state="failing"), a_failure(f"failure {number}"))
    assert [one.text for one in store.failures(limit=2)] == ["failure 2", "failure 1"]


# --- criteria and the archive ---------------------------------------------------------------------------


def test_equal_criteria_of_several_subscriptions_are_one(store: Store) -> None:
    store.enrol([a_subscription("one"), a_subscription("two"), a_subscription("x", theme="fire")], JOINED)
    expected = {key(asking_for(theme)): asking_for(theme) for theme in ("bruising", "fire")}
    assert store.criteria() == expected
    assert store.unmatched_criteria() == expected
    store.keep_matches(tuple(expected), ())
    assert store.unmatched_criteria() == {}


def test_new_criteria_find_what_the_archive_had_already(store: Store) -> None:
    read_first(store)
    poll(store, new(a_review("Baby A")), at=JOINED + DAY)
    store.enrol([a_subscription()], JOINED)
    ((known, _),) = store.every_review()
    reasons = (Reason(theme="bruising"),)
    (fresh,) = store.unmatched_criteria()
    store.keep_matches([fresh], [(known.id, Match(criteria=fresh, reasons=reasons))])
    store.keep_matches([fresh], [(known.id, Match(criteria=fresh, reasons=reasons))])
    (one,) = due(store)
    assert one.because[0].reasons == reasons
    assert (one.because[0].subscription, one.because[0].name) == ("babies", "Babies")


def test_criteria_that_nobody_uses_are_matched_anew_when_somebody_does_again(store: Store) -> None:
    enrol(store, a_subscription(), a_subscription("fires", theme="fire"))
    enrol(store, a_subscription(), at=JOINED + DAY)
    assert list(store.criteria()) == [key(asking_for("bruising"))]
    store.enrol([a_subscription(), a_subscription("fires", theme="fire")], JOINED + 2 * DAY)
    assert list(store.unmatched_criteria()) == [key(asking_for("fire"))]


def test_criteria_enrolled_while_a_page_was_being_read_are_matched_again(store: Store) -> None:
    """The poll asked for the criteria before they were there, and keeps its reviews after the archive was
    gone through: the review would be matched by neither."""
    enrol(store, a_subscription(), at=JOINED + DAY)
    assert store.unmatched_criteria() == {}
    run = replace(a_run(at=JOINED + DAY), started=JOINED + DAY - HOUR, ended=JOINED + DAY + HOUR)
    store.keep(run, [new(a_review("Baby A"))])
    assert list(store.unmatched_criteria()) == [key(asking_for("bruising"))]


def test_criteria_used_again_while_a_page_was_being_read_are_matched_again(store: Store) -> None:
    enrol(store, a_subscription(), at=JOINED)
    enrol(store, at=JOINED + DAY)
    enrol(store, a_subscription(), at=JOINED + 2 * DAY)
    assert store.unmatched_criteria() == {}
    run = replace(a_run(), started=JOINED + 2 * DAY - HOUR, ended=JOINED + 2 * DAY + HOUR)
    store.keep(run, [new(a_review("Baby A"))])
    assert list(store.unmatched_criteria()) == [key(asking_for("bruising"))]


def test_the_whole_archive_is_gone_through_in_batches_oldest_first(store: Store) -> None:
    titles = [f"Child {number}" for number in range(205)]
    poll(store, *(new(a_review(title, incident="")) for title in titles))
    seen = []
    for known, _ in store.every_review():
        seen.append(known.review.title)
        if len(seen) == 3:
            poll(store, same(known), at=JOINED + DAY)  # the archive stays open to writers meanwhile
    assert seen == titles


# --- the search -----------------------------------------------------------------------------------------


def search(store: Store, words: str = "", **narrowed: object) -> set[str]:
    query = ArchiveQuery(words=words, **narrowed)  # type: ignore[arg-type]  # tests name real fields
    return {one.known.review.title for one in store.search(query)}


@pytest.fixture
def library(store: Store) -> Store:
    poll(
        store,
        new(
            a_review(
                "Child K", place="Port Lowen", incident="Child K was drawn into county lines.", year=2024
            )
        ),
        new(
            a_review("Baby Rowan", incident="Bruises were not referred, and the family’s fears grew."),
            "bruising",
        ),
        new(a_review("Siblings", place="Wetherby Vale", year=None, published="2019-03", review_type="scr")),
    )
    return store


def test_words_find_reviews_in_their_inflections_and_without_regard_to_case(library: Store) -> None:
    assert search(library, "FEAR bruising") == {"Baby Rowan"}
    assert search(library, "baby rowan") == {"Baby Rowan"}
    assert search(library, "wetherby") == {"Siblings"}
    assert search(library, "nowhere-to-be-found") == set()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("county-lines", {"Child K"}),
        ('what"s', set()),
        ("NEAR(", set()),
        ("c++ AND OR NOT *", set()),
        ("' OR 1=1 --", set()),
        ("lines county", {"Child K"}),
        ("lines-county", set()),
        ('"county', {"Child K"}),
        ("title:county^2", set()),
        ("++", set()),
        ("\x00", set()),
    ],
)
def test_words_that_look_like_query_syntax_are_only_words(
    library: Store, words: str, expected: set[str]
) -> None:
    assert search(library, words) == expected


def test_without_words_the_latest_published_come_first(library: Store) -> None:
    for words in ("", "   "):
        titles = [one.known.review.title for one in library.search(ArchiveQuery(words=words))]
        assert titles == ["Baby Rowan", "Child K", "Siblings"]
    assert len(library.search(ArchiveQuery(limit=2))) == 2


def test_a_search_is_narrowed_by_theme_place_year_and_type(library: Store) -> None:
    assert search(library, theme="bruising") == {"Baby Rowan"}
    assert search(library, place="port lowen") == {"Child K"}
    assert search(library, place="lowen") == {"Child K"}
    assert search(library, place="%") == set()
    assert search(library, year=2024) == {"Child K"}
    assert search(library, year=2019) == {"Siblings"}, "the year of publication, where the record has none"
    assert search(library, review_type="scr") == {"Siblings"}
    assert search(library, "county", place="Saltmarsh") == set()


def test_a_hit_shows_the_words_around_it(library: Store) -> None:
    (hit,) = library.search(ArchiveQuery(words="county"))
    assert "drawn into county lines" in hit.excerpt
    (hit,) = library.search(ArchiveQuery(theme="bruising"))
    assert hit.excerpt.startswith("Bruises were not referred")
    assert [theme.id for theme in hit.themes] == ["bruising"]


def test_the_search_follows_a_revision(library: Store) -> None:
    poll(library, revised(found(library, "Child K"), incident="It was about gangs."), at=JOINED + DAY)
    assert search(library, "county") == set()
    assert search(library, "gang") == {"Child K"}


# --- what is due to a reader ----------------------------------------------------------------------------


def test_what_comes_after_a_reader_joined_is_due_to_them_once(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    poll(store, new(a_review("Child K"), "gangs"), at=JOINED + DAY)
    (one,) = due(store)
    assert one.known.review.title == "Baby A"
    assert one.told_revision is None
    assert [theme.id for theme in one.themes] == ["bruising"]
    assert one.because[0].reasons[0].evidence[0].quote == QUOTE
    assert tell(store) == ["Baby A"]
    assert due_titles(store) == []
    assert tell(store, at=JOINED + 14 * DAY) == []


@pytest.mark.parametrize(
    ("published", "found_days_before", "baseline", "expected"),
    [
        ("2026-10-20", 5, False, True),  # published and seen in the last 31 days before joining
        ("2026-09-20", 5, False, True),  # published before that, and found in those days
        (None, 5, False, True),  # nobody knows when, and found in those days
        (None, 31, False, True),  # ... on the first of them
        (None, 32, False, False),  # ... before them
        ("2026-09-20", 32, False, False),  # published and found before them
        ("2026-10-20", 5, True, True),  # on a page that was first read lately, and recent then
        ("2026-10-20", -8, True, True),  # ... or that is first read later
        ("2026-10-20", -60, True, False),  # on a page that is first read later, and old by then
        ("2026-09-20", -5, True, False),  # old already
        (None, -5, True, False),  # nobody knows when, and on a page that is first read now
        ("2026-09-20", -5, False, True),  # came late: seen after joining on a page that was watched
        ("2026-10", 5, True, True),  # a month may be its last day
        ("2026-11", -30, True, True),  # ... and is no older for being found a month after its first
        ("2026-10", 32, True, False),  # ... but it was found before those days
        ("2026-09", 5, True, False),  # a month before them
        ("2026-10", -60, True, False),  # on a page that is first read later, and old by then
        ("2026", -5, True, False),  # a year alone may be its first day
    ],
)
def test_a_newcomer_gets_the_last_days_and_not_the_archive(
    store: Store, published: str | None, found_days_before: int, baseline: bool, expected: bool
) -> None:
    if not baseline:
        read_first(store)
    enrol(store, a_subscription())
    at = JOINED - found_days_before * DAY
    poll(store, new(a_review("Baby A", published=published), "bruising"), at=at)
    assert due_titles(store) == (["Baby A"] if expected else [])
    untold = store.untold(reader(store), 31, JOINED)
    assert untold.left_in_archive == (0 if expected else 1)


@pytest.mark.parametrize(("found_hours_before", "expected"), [(-1, True), (0, True), (1, False)])
def test_a_newcomer_who_wants_each_review_at_once_gets_what_comes_from_then_on(
    store: Store, found_hours_before: int, expected: bool
) -> None:
    read_first(store)
    enrol(store, a_subscription(schedule=AT_ONCE))
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED - found_hours_before * HOUR)
    assert due_titles(store, schedule="at-once", baseline_days=0) == (["Baby A"] if expected else [])


def test_an_entry_that_was_deleted_by_mistake_and_restored_loses_and_repeats_nothing(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A", published="2024"), "bruising"), at=JOINED + DAY)
    tell(store)
    poll(store, new(a_review("Baby B", published="2024"), "bruising"), at=JOINED + 8 * DAY)
    enrol(store, at=JOINED + 9 * DAY)
    enrol(store, a_subscription(), at=JOINED + 9 * DAY + HOUR)
    assert due_titles(store) == ["Baby B"]


def test_a_changed_address_gets_what_was_found_before_the_change(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A", published="2024"), "bruising"), at=JOINED + DAY)
    enrol(store, a_subscription(to=("deputy@example.org",)), at=JOINED + 2 * DAY)
    assert due_titles(store, "deputy@example.org") == ["Baby A"]


def test_only_a_first_digest_says_what_stays_in_the_archive(store: Store) -> None:
    enrol(store, a_subscription(), a_subscription("daily", schedule=DAILY))
    poll(store, new(a_review("Baby A", published="2019"), "bruising"), at=JOINED + DAY)
    assert store.untold(reader(store), 31, JOINED).left_in_archive == 1
    tell(store, schedule="daily")
    assert store.untold(reader(store), 31, JOINED).left_in_archive == 0


def test_notices_and_withdrawn_reviews_are_not_news_until_they_are_published(store: Store) -> None:
    read_first(store)
    for status in ("delayed", "unpublished", "withdrawn"):
        poll(store, new(a_review(status.title(), status=status), "bruising"), at=JOINED - 30 * DAY)
    enrol(store, a_subscription())
    assert due_titles(store) == []
    later = revised(found(store, "Delayed"), "bruising", status="published", published=None)
    poll(store, later, at=JOINED + DAY)
    assert due_titles(store) == ["Delayed"], "it came when it was published, not when it was announced"


def test_a_notice_on_a_page_that_was_new_is_news_once_it_is_published(store: Store) -> None:
    poll(store, new(a_review("Baby A", status="unpublished", published=None), "bruising"), at=JOINED - DAY)
    enrol(store, a_subscription())
    poll(store, revised(found(store, "Baby A"), "bruising", status="published"), at=JOINED + DAY)
    assert due_titles(store) == ["Baby A"]


def test_a_revision_is_told_again_to_those_who_were_told(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store)
    poll(store, mended(found(store, "Baby A"), "bruising", incident="A baby."), at=JOINED + 8 * DAY)
    assert due_titles(store) == [], "a mend is no news"
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("ask",)), at=JOINED + 9 * DAY)
    poll(store, revised(found(store, "Baby A"), "bruising", questions=("who?",)), at=JOINED + 9 * DAY)
    (one,) = due(store)
    assert one.told_revision == 1
    assert one.known.notable == 4
    assert [each.field for each in one.differences] == ["learning", "questions"], "of both revisions"
    assert tell(store, at=JOINED + 14 * DAY) == ["Baby A"]
    assert due_titles(store) == []


def test_words_that_came_and_went_between_two_digests_are_no_difference(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A", learning=("one",)), "bruising"), at=JOINED + DAY)
    tell(store)
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("two",)), at=JOINED + 8 * DAY)
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("three",)), at=JOINED + 9 * DAY)
    ((difference,),) = [one.differences for one in due(store)]
    assert (difference.before, difference.after) == (("one",), ("three",))


def test_a_review_that_changed_and_was_put_back_before_the_next_digest_is_no_news(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A", learning=("one", "two")), "bruising"), at=JOINED + DAY)
    tell(store)
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("three",)), at=JOINED + 8 * DAY)
    assert due_titles(store) == ["Baby A"]
    back = revised(found(store, "Baby A"), "bruising", learning=("two", "one"))
    poll(store, back, at=JOINED + 9 * DAY)
    assert due_titles(store) == []
    assert tell(store, at=JOINED + 14 * DAY) == []
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("four",)), at=JOINED + 15 * DAY)
    (one,) = due(store)
    assert one.told_revision == 3, "what was put back counts as told"


def test_a_revision_or_withdrawal_is_told_even_where_it_matches_no_longer(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    poll(store, new(a_review("Baby B"), "bruising"), at=JOINED + DAY)
    tell(store)
    poll(
        store,
        revised(found(store, "Baby A"), learning=("none",)),
        withdrawn(found(store, "Baby B")),
        at=JOINED + 9 * DAY,
    )
    assert sorted(due_titles(store)) == ["Baby A", "Baby B"]
    assert [one.because for one in due(store)] == [(), ()]


def test_a_withdrawn_review_is_not_told_to_those_who_never_heard_of_it(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    poll(store, withdrawn(found(store, "Baby A"), "bruising"), at=JOINED + 2 * DAY)
    assert due_titles(store) == []


def test_a_review_that_two_subscriptions_bring_is_due_once_with_both_reasons(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("one"), a_subscription("two", theme="injury"), a_subscription("three"))
    poll(store, new(a_review("Baby A"), "bruising", "injury"), at=JOINED + DAY)
    (one,) = due(store)
    assert [because.subscription for because in one.because] == ["one", "three", "two"]
    untold = store.untold(reader(store), 31, JOINED)
    assert untold.subscriptions == ("One", "Three", "Two")


def test_a_review_told_on_one_schedule_is_not_told_on_another(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("week"), a_subscription("day", schedule=DAILY))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    assert [each.because[0].subscription for each in due(store)] == ["week"]
    assert tell(store, schedule="daily") == ["Baby A"]
    assert due_titles(store) == []


def test_the_latest_published_come_first_and_undated_ones_last(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    for number, published in enumerate([None, "2026-09", "2026-11-20", "2026-10"]):
        poll(store, new(a_review(f"Baby {number}", published=published), "bruising"), at=JOINED + DAY)
    assert due_titles(store) == ["Baby 2", "Baby 3", "Baby 1", "Baby 0"]


def test_the_footer_is_that_of_the_subscription(store: Store) -> None:
    enrol(store, a_subscription("a"), a_subscription("b", footer="Saltmarsh front door: 01234 567890"))
    assert store.untold(reader(store), 31, JOINED).footer == "Saltmarsh front door: 01234 567890"


@pytest.mark.parametrize(
    ("digest", "own", "told"),
    [
        (True, (None,), True),
        (True, (False,), False),
        (False, (None,), False),
        (False, (False, True), True),
        (True, (False, None), True),
    ],
)
def test_a_reader_is_told_of_a_quiet_week_where_one_of_their_subscriptions_asks_for_it(
    store: Store, digest: bool, own: tuple[bool | None, ...], told: bool
) -> None:
    schedule = replace(WEEKLY, quiet=digest)
    enrol(store, a_subscription("0", schedule=schedule, quiet=not told))
    enrol(store, *(a_subscription(str(n), schedule=schedule, quiet=one) for n, one in enumerate(own)))
    assert store.untold(reader(store), 31, JOINED).quiet is told


def test_the_days_on_which_a_source_published_are_known_by_date_or_by_when_it_was_found(store: Store) -> None:
    dated = [
        a_review(name, published=when)
        for name, when in (("A", "2026-03"), ("B", "2026-05-07"), ("C", "2026"))
    ]
    poll(store, *(replace(new(one, "bruising"), baseline=True) for one in dated))
    poll(store, new(a_review("D", published=None)), at=JOINED + DAY)
    poll(store, new(a_review("E", published="2025-12-01")), source="nspcc", at=JOINED + DAY)
    assert store.days_of_news() == {
        "saltmarsh": (date(2026, 3, 1), date(2026, 5, 7), (JOINED + DAY).date()),
        "nspcc": (date(2025, 12, 1),),
    }, "of one that was there before and has no month, nothing can be said"


# --- what administrators hear of sources ----------------------------------------------------------------


def told_of(store: Store) -> list[tuple[str, str]]:
    return [(notice.kind, notice.state) for notice in store.notices(JOINED - 1000 * DAY)]


def fails(store: Store, state: SourceState = "failing", at: datetime = JOINED) -> None:
    store.fail(a_run(state=state, at=at, detail=f"it was {state}"), a_failure())


def test_a_source_that_turns_bad_or_good_again_is_noticed_once(store: Store) -> None:
    poll(store)
    assert told_of(store) == [], "a source that can be read is no news"
    for hour in range(3):
        fails(store, at=JOINED + hour * HOUR)
    fails(store, "blocked", at=JOINED + 3 * HOUR)
    poll(store, at=JOINED + 4 * HOUR)
    poll(store, at=JOINED + 5 * HOUR)
    assert told_of(store) == [("not read", "failing"), ("not read", "blocked"), ("read again", "good")]
    first, second, third = store.notices(JOINED - DAY)
    assert (first.source_id, first.detail, first.at) == ("saltmarsh", "it was failing", JOINED)
    assert second.since == JOINED, "it could not be read from the first failure on"
    assert third.since == JOINED
    assert store.notices(first.at) == (second, third)
    assert store.last_notice("saltmarsh", "not read") == second
    assert store.last_notice("nspcc", "not read") is None


def test_a_source_that_could_never_be_read_is_noticed_too(store: Store) -> None:
    fails(store)
    assert told_of(store) == [("not read", "failing")]


def test_a_notice_is_later_than_all_before_it_though_the_clock_was_set_back(store: Store) -> None:
    fails(store)
    poll(store, at=JOINED - HOUR)
    bad, good = store.notices(JOINED - DAY)
    assert bad.at < good.at
    assert store.notices(bad.at) == (good,)


def test_a_notice_is_later_than_one_that_another_process_is_keeping(store: Store) -> None:
    """Who had that one in a report would never be told of this one."""
    one = Notice(kind="moved", source_id="saltmarsh", at=JOINED + HOUR, state="good", detail="elsewhere")
    with ThreadPoolExecutor(1) as thread:
        with store._database.writing() as connection:
            write_notice(connection, one)
            noted = thread.submit(store.note, replace(one, source_id="nspcc", at=JOINED))
            wait([noted], timeout=0.3)
        noted.result(timeout=30)
    assert [notice.source_id for notice in store.notices(JOINED - DAY)] == ["saltmarsh", "nspcc"]


def test_a_queued_digest_says_nothing_more_of_a_review_that_was_withdrawn_since(waiting: Store) -> None:
    first = claim(waiting)
    waiting.give_back([first.id])
    assert [entry.kind for entry in first.edition.digest.entries] == ["new"]
    poll(waiting, withdrawn(found(waiting, "Baby A"), "bruising"), at=JOINED + 8 * DAY)
    second = claim(waiting, DAY)
    assert second.edition.id == first.edition.id
    assert [entry.kind for entry in second.edition.digest.entries] == ["withdrawn"]


# --- the log for webmasters -----------------------------------------------------------------------------


def asked(host: str = "saltmarsh.example", at: datetime = JOINED, status: int | None = 200) -> Asked:
    took = timedelta(milliseconds=250)
    url = f"https://{host}/reviews"
    return Asked(at=at, host=host, url=url, status=status, size=4_096, conditional=True, took=took)


def test_requests_are_kept_for_ninety_days_and_found_by_their_host(store: Store) -> None:
    store.keep_requests([asked(at=JOINED - 91 * DAY), asked(status=None), asked("nspcc.example")], JOINED)
    later = asked(at=JOINED + DAY, status=304)
    store.keep_requests([later], JOINED + DAY)
    store.keep_requests([], JOINED + DAY)
    assert store.requests("Saltmarsh.example") == (asked(status=None), later)


# --- editions as pages ----------------------------------------------------------------------------------


def test_an_edition_can_be_read_again_by_its_id(waiting: Store) -> None:
    edition = claim(waiting).edition
    assert waiting.edition(edition.id) == edition
    assert waiting.edition("0" * 32) is None


def test_what_was_withdrawn_since_is_withdrawn_wherever_it_was_told(waiting: Store) -> None:
    settle(waiting, claim(waiting).id, Outcome(state="sent"), MONDAY)
    links = (Link(label="Report", url="https://saltmarsh.example/baby-b.pdf"),)
    poll(waiting, new(a_review("Baby B", links=links), "bruising"), at=JOINED + 8 * DAY)
    tell(waiting, at=JOINED + 14 * DAY)
    delivery = claim(waiting, 7 * DAY)
    settle(waiting, delivery.id, Outcome(state="uncertain"), MONDAY + 7 * DAY)
    (doubt,) = doubts(waiting)
    assert [(one.title, one.url) for one in doubt.reviews] == [("Baby B", links[0].url)]
    poll(waiting, withdrawn(found(waiting, "Baby B"), "bruising"), at=JOINED + 15 * DAY)
    (doubt,) = doubts(waiting)
    assert [(one.title, one.url) for one in doubt.reviews] == [("Baby B", None)], "named, and not linked"
    kept = waiting.edition(delivery.edition.id)
    assert kept
    assert [entry.kind for entry in kept.digest.entries] == ["withdrawn"]


# --- changed subscriptions ------------------------------------------------------------------------------


def test_changed_criteria_still_bring_what_the_earlier_ones_had_found(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(theme="bruising"))
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    enrol(store, a_subscription(theme="fire"), at=JOINED + 2 * DAY)
    poll(store, new(a_review("Baby B"), "bruising"), at=JOINED + 3 * DAY)
    poll(store, new(a_review("House C"), "fire"), at=JOINED + 3 * DAY)
    assert due_titles(store) == ["House C", "Baby A"], "and nothing more for the earlier ones"
    assert reader(store).joined == JOINED
    assert due(store)[1].because[0].name == "Babies"
    tell(store)
    assert due_titles(store) == []


def test_earlier_criteria_are_no_reason_for_what_came_after_they_changed(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(theme="bruising"), a_subscription("all", theme="all"))
    enrol(store, a_subscription(theme="fire"), a_subscription("all", theme="all"), at=JOINED + DAY)
    poll(store, new(a_review("Baby A"), "bruising", "all"), at=JOINED + 2 * DAY)
    (one,) = due(store)
    assert [because.subscription for because in one.because] == ["all"]


def test_a_review_revised_after_criteria_changed_is_still_due_by_the_earlier_ones(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(theme="bruising"))
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    enrol(store, a_subscription(theme="fire"), at=JOINED + 2 * DAY)
    assert key(asking_for("bruising")) in store.criteria(), "so that its revision is matched with them"
    poll(store, revised(found(store, "Baby A"), "bruising", year=2025), at=JOINED + 3 * DAY)
    assert due_titles(store) == ["Baby A"]


def test_a_changed_name_footer_or_schedule_repeats_nothing_and_loses_nothing(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    tell(store)
    poll(store, new(a_review("Baby B", published=None), "bruising"), at=JOINED + 8 * DAY)
    changed = a_subscription(schedule=DAILY, name="Infants", footer="Ring 999")
    enrol(store, changed, at=JOINED + 9 * DAY)
    assert list(store.readers("weekly", MONDAY)) == []
    assert due_titles(store, schedule="daily") == ["Baby B"]
    untold = store.untold(reader(store, schedule="daily"), 31, JOINED)
    assert (untold.subscriptions, untold.footer) == (("Infants",), "Ring 999")
    assert reader(store, schedule="daily").joined == JOINED + 9 * DAY, "since when it is daily"


def test_what_changed_criteria_still_owe_moves_with_the_schedule(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(theme="bruising"))
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    enrol(store, a_subscription(theme="fire", schedule=DAILY), at=JOINED + 2 * DAY)
    enrol(store, a_subscription(theme="fire", schedule=AT_ONCE), at=JOINED + 3 * DAY)
    assert due_titles(store, schedule="at-once") == ["Baby A"]


def test_a_subscription_under_another_id_keeps_what_it_owes(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription("babies"))
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    enrol(store, a_subscription("infants"), at=JOINED + 2 * DAY)
    assert due_titles(store) == ["Baby A"]
    assert subscribed(store, reader(store).id) == {"infants": "active"}


def test_a_removed_subscription_that_comes_back_begins_anew(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(theme="bruising"))
    poll(store, new(a_review("Baby A", published=None), "bruising"), at=JOINED + DAY)
    enrol(store, a_subscription(theme="fire"), at=JOINED + 2 * DAY)
    enrol(store, at=JOINED + 3 * DAY)
    assert list(store.readers("weekly", MONDAY)) == []
    enrol(store, a_subscription(theme="bruising"), at=JOINED + 4 * DAY)
    assert reader(store).joined == JOINED + 4 * DAY
    assert due_titles(store) == ["Baby A"], "it was found in the days before"
    assert due_titles(store, baseline_days=2) == [], "and nothing is owed from the first time"


def test_enrolling_the_same_again_changes_nothing(store: Store) -> None:
    subscriptions = (
        a_subscription(to=("lead@example.org", "#babies", "Lead@Example.org")),
        a_subscription("two"),
    )
    enrol(store, *subscriptions)
    before = list(store.readers("weekly", MONDAY)), store.export("lead@example.org")
    enrol(store, *subscriptions, at=JOINED + 5 * DAY)
    assert (list(store.readers("weekly", MONDAY)), store.export("lead@example.org")) == before
    assert len(before[0]) == 2, "one address in two spellings is one reader"


def test_a_year_of_edits_tells_each_review_once(store: Store) -> None:
    """Every week a review comes, then somebody edits the subscription, then its digest goes out."""
    read_first(store)
    subscription = a_subscription()
    edits: list[dict[str, object]] = [
        {"schedule": DAILY},
        {"criteria": asking_for("both")},
        {"id": "infants"},
        {"name": "Infants", "schedule": AT_ONCE},
        {"criteria": asking_for("bruising"), "schedule": DAILY},
        {"footer": "Ring 999"},
        {"id": "babies", "schedule": WEEKLY},
    ]
    heard: list[str] = []
    enrol(store, subscription)
    for week in range(14):
        at = JOINED + week * 7 * DAY
        poll(store, new(a_review(f"Baby {week}", published=None), "bruising", "both"), at=at + DAY)
        subscription = replace(subscription, **edits[week % len(edits)])  # type: ignore[arg-type]
        enrol(store, subscription, at=at + 2 * DAY)
        if week % 3 == 0:
            continue  # nobody was looking that week: the next digest has both
        for schedule in (WEEKLY, DAILY, AT_ONCE):
            for one in store.readers(schedule.id, MONDAY):
                heard += tell(store, one.subscriber.address, schedule.id, at=at + 7 * DAY)
    assert sorted(heard) == sorted(f"Baby {week}" for week in range(14))


# --- composing ------------------------------------------------------------------------------------------


def test_a_reader_remembers_the_slot_of_the_last_digest(store: Store) -> None:
    enrol(store, a_subscription())
    assert (reader(store).joined, reader(store).last_slot) == (JOINED, None)
    tell(store, at=MONDAY)
    assert reader(store).last_slot == MONDAY


def test_a_run_is_claimed_by_one_and_given_up_when_its_lease_runs_out(store: Store) -> None:
    enrol(store, a_subscription())
    one = reader(store)
    assert store.claim_run(one, MONDAY, MONDAY, LEASE)
    assert not store.claim_run(one, MONDAY, MONDAY + LEASE / 2, LEASE)
    assert not store.claim_run(one, MONDAY + HOUR, MONDAY + LEASE / 2, LEASE), "one digest at a time"
    assert store.claim_run(one, MONDAY, MONDAY + LEASE, LEASE)
    store.keep_edition(one, MONDAY, (), MONDAY)
    assert not store.claim_run(one, MONDAY, MONDAY + 9 * DAY, LEASE), "it is closed"
    assert store.claim_run(one, MONDAY + 7 * DAY, MONDAY + 7 * DAY, LEASE)


def test_threads_that_claim_a_run_at_once_get_it_once(store: Store) -> None:
    enrol(store, a_subscription())
    one = reader(store)
    got: list[bool] = []
    side_by_side(*[lambda: got.append(store.claim_run(one, MONDAY, MONDAY, LEASE))] * 4)
    assert sorted(got) == [False, False, False, True]


def test_a_worker_that_was_overtaken_tells_nobody_twice(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    one = reader(store)
    assert store.claim_run(one, MONDAY, MONDAY, LEASE)
    slow = composed(store, one, MONDAY)
    assert store.claim_run(one, MONDAY, MONDAY + HOUR, LEASE)
    store.keep_edition(one, MONDAY, composed(store, one, MONDAY), MONDAY + HOUR)
    with pytest.raises(StoreError, match="another worker"):
        store.keep_edition(one, MONDAY, slow, MONDAY + HOUR)
    assert len(store.outbox()) == 1


def test_equal_digests_are_kept_as_one_edition(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(to=("a@example.org", "b@example.org")))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store, "a@example.org")
    tell(store, "b@example.org")
    first, second = claimed(store, MONDAY, 10)
    assert first.edition == second.edition
    assert first.edition.digest.entries[0].review.title == "Baby A"
    assert {first.subscriber.address, second.subscriber.address} == {"a@example.org", "b@example.org"}


def test_a_run_without_an_edition_is_closed_and_nobody_is_told(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    one = reader(store)
    assert store.claim_run(one, MONDAY, MONDAY, LEASE)
    store.keep_edition(one, MONDAY, (), MONDAY)
    assert store.outbox() == ()
    assert due_titles(store) == ["Baby A"]


def test_an_edition_that_was_not_claimed_is_not_kept(store: Store) -> None:
    enrol(store, a_subscription())
    with pytest.raises(StoreError, match="not claimed"):
        store.keep_edition(reader(store), MONDAY, (), MONDAY)


def test_a_process_killed_while_it_keeps_an_edition_leaves_nothing_half(shared_url: str) -> None:
    """Killed after each statement in turn and just before the commit, until it survives."""
    store = open_store(shared_url)
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    steps = 0
    while steps < 20 and not in_a_process(partial(keep_and_die, shared_url, MONDAY + steps * HOUR, steps)):
        assert store.outbox() == ()
        assert due_titles(store) == ["Baby A"]
        assert reader(store).last_slot is None
        steps += 1
    assert steps >= 5, "the run, the edition, the delivery, what was told, the commit"
    assert len(store.outbox()) == 1
    assert due_titles(store) == []
    store.close()


def keep_and_die(url: str, slot: datetime, step: int) -> None:
    """Keep the edition of this slot, and be killed at this step of it (counted from 0), if there is one."""
    store = open_store(url)
    one = reader(store)
    assert store.claim_run(one, slot, slot, LEASE)
    editions = composed(store, one, slot)
    steps = itertools.count()

    def die(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store._database.engine, "after_cursor_execute", die)
    event.listen(store._database.engine, "commit", die)
    store.keep_edition(one, slot, editions, slot)


def in_a_process(what: Callable[[], object]) -> bool:
    """Do it in a process of its own; whether it came to its end. Anything but a kill is an error."""
    child = os.fork()
    if child == 0:
        try:
            what()
        except BaseException:  # noqa: BLE001 -- the parent is told by the exit code
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed by itself"
    return not os.WIFSIGNALED(status)


def test_a_rehearsal_is_seen_inside_and_undone_at_the_end(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising", "fire"), at=JOINED + DAY)
    with store.rehearsal():
        enrol(store, a_subscription(), a_subscription("fires", to=("new@example.org",), theme="fire"))
        assert tell(store) == ["Baby A"]
        with pytest.raises(StoreError):
            store.keep_edition(reader(store), MONDAY, (), MONDAY)
        assert len(store.outbox()) == 1, "what failed inside is undone alone"
        assert len(list(store.readers("weekly", MONDAY))) == 2
    assert store.outbox() == ()
    assert due_titles(store) == ["Baby A"]
    assert len(list(store.readers("weekly", MONDAY))) == 1


def test_a_rehearsal_that_fails_is_undone_too(store: Store) -> None:
    def rehearse() -> None:
        with store.rehearsal():
            enrol(store, a_subscription())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rehearse()
    assert list(store.readers("weekly", MONDAY)) == []


# --- the outbox -----------------------------------------------------------------------------------------


@pytest.fixture
def waiting(store: Store) -> Store:
    """One digest with one review in the outbox, due since MONDAY."""
    read_first(store)
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store)
    return store


def claim(store: Store, at: timedelta = timedelta()) -> Delivery:
    (delivery,) = claimed(store, MONDAY + at, 10)
    return delivery


def subscribed(store: Store, number: int) -> dict[str, str]:
    """The state of each subscription, by its id."""
    standing = store.standing_of(number)
    assert standing
    return {one.id: one.state for one in standing.subscriptions}


def states(store: Store) -> list[str]:
    return [item.state for item in store.outbox()]


def test_a_delivery_is_claimed_by_one_and_settled(waiting: Store) -> None:
    delivery = claim(waiting)
    assert (delivery.state, delivery.attempts, delivery.posted, delivery.earlier) == ("queued", 1, (), ())
    assert claimed(waiting, MONDAY, 10) == ()
    hand_over(waiting, delivery.id)
    settle(waiting, delivery.id, Outcome(state="sent", detail="250 ok"), MONDAY + HOUR)
    (item,) = waiting.outbox(["sent"])
    assert (item.reviews, item.attempts, item.detail, item.changed_at) == (1, 1, "250 ok", MONDAY + HOUR)
    assert (item.schedule, item.slot, item.subscriber.address) == ("weekly", MONDAY, "lead@example.org")
    assert waiting.outbox(["queued", "uncertain"]) == ()


def test_threads_that_claim_deliveries_at_once_get_each_once(store: Store) -> None:
    addresses = [f"lead{number}@example.org" for number in range(20)]
    enrol(store, a_subscription(to=addresses))
    for address in addresses:
        tell(store, address)
    got: list[int] = []

    def claim_all() -> None:
        while some := claimed(store, MONDAY, 3):
            got.extend(delivery.id for delivery in some)

    side_by_side(*[claim_all] * 3)
    assert sorted(got) == sorted(item.id for item in store.outbox())
    assert len(got) == 20


def test_workers_with_stores_of_their_own_get_each_delivery_once(shared_url: str) -> None:
    stores = [open_store(shared_url) for _ in range(3)]
    enrol(stores[0], a_subscription(to=("a@example.org", "b@example.org", "c@example.org")))
    for address in ("a@example.org", "b@example.org", "c@example.org"):
        tell(stores[0], address)
    got: list[int] = []

    def claim_with(one: Store) -> Callable[[], None]:
        return lambda: got.extend(delivery.id for delivery in claimed(one, MONDAY, 2))

    side_by_side(*(claim_with(one) for one in stores))
    side_by_side(*(claim_with(one) for one in stores))
    assert sorted(got) == sorted(item.id for item in stores[0].outbox())
    assert len(got) == 3
    for one in stores:
        one.close()


def test_the_oldest_delivery_goes_first(store: Store) -> None:
    enrol(store, a_subscription(to=("a@example.org", "b@example.org")))
    tell(store, "b@example.org")
    tell(store, "a@example.org")
    (first,) = claimed(store, MONDAY, 1)
    assert first.subscriber.address == "b@example.org"
    assert [item.subscriber.address for item in store.outbox()] == ["a@example.org", "b@example.org"]


def test_a_deferred_delivery_waits_longer_each_time(waiting: Store) -> None:
    at, quarter, waits = MONDAY, timedelta(minutes=15), []
    mine = claimed(waiting, at, 10)
    for _ in range(7):
        settle(waiting, mine[0].id, Outcome(state="deferred", detail="421 busy"), at)
        begun = at
        while not (mine := claimed(waiting, at, 10)):
            at += quarter
        waits.append(int((at - begun) / quarter))
    assert waits == [1, 2, 4, 8, 16, 24, 24], "quarters of an hour, no more than six hours"


def test_a_server_that_says_when_to_come_back_is_heeded(waiting: Store) -> None:
    delivery = claim(waiting)
    outcome = Outcome(state="deferred", retry_after=timedelta(seconds=30))
    settle(waiting, delivery.id, outcome, MONDAY)
    assert claimed(waiting, MONDAY + timedelta(seconds=29), 10) == ()
    assert claim(waiting, timedelta(seconds=30)).attempts == 2


def test_a_delivery_is_given_up_after_a_week_of_trying(waiting: Store) -> None:
    keep_failing(waiting, until=7 * DAY - HOUR)
    assert states(waiting) == ["deferred"], "a long weekend destroys no digest"
    keep_failing(waiting, first=7 * DAY, until=7 * DAY + 7 * HOUR)
    (item,) = waiting.outbox()
    assert item.state == "refused"
    assert item.detail == "452 mailbox full (given up after 7 days of trying)"
    waiting.retry(item.id, MONDAY + 9 * DAY)
    keep_failing(waiting, first=9 * DAY, until=9 * DAY + HOUR)
    assert states(waiting) == ["deferred"], "whoever retries it has a week more"


def keep_failing(store: Store, *, first: timedelta = timedelta(), until: timedelta) -> None:
    """Whenever it is due it is tried, and deferred."""
    at = first
    while at <= until:
        for one in claimed(store, MONDAY + at, 10):
            settle(store, one.id, Outcome(state="deferred", detail="452 mailbox full"), MONDAY + at)
        at += HOUR


def test_a_delivery_that_nobody_tried_is_not_given_up(waiting: Store) -> None:
    keep_failing(waiting, until=HOUR)
    keep_failing(waiting, first=30 * DAY, until=30 * DAY + HOUR)
    assert states(waiting) == ["deferred"], "the bot was asleep for a month, or its reader paused"


def test_a_lease_that_ran_out_gives_the_delivery_back_unless_it_may_have_been_taken(store: Store) -> None:
    enrol(store, a_subscription(to=("a@example.org", "b@example.org")))
    tell(store, "a@example.org")
    tell(store, "b@example.org")
    first, _ = claimed(store, MONDAY, 10)
    hand_over(store, first.id)
    assert store.recover(MONDAY + LEASE / 2) == 0
    assert store.recover(MONDAY + LEASE) == 2
    assert {item.subscriber.address: item.state for item in store.outbox()} == {
        "a@example.org": "uncertain",
        "b@example.org": "queued",
    }
    assert store.recover(MONDAY + LEASE) == 0
    assert claimed(store, MONDAY + LEASE, 10)[0].subscriber.address == "b@example.org"


def test_what_an_earlier_attempt_handed_over_says_nothing_of_the_next(waiting: Store) -> None:
    delivery = claim(waiting)
    hand_over(waiting, delivery.id)
    settle(waiting, delivery.id, Outcome(state="deferred", detail="451 try later"), MONDAY)
    claim(waiting, HOUR)
    waiting.recover(MONDAY + HOUR + LEASE)
    assert states(waiting) == ["queued"], "the worker died before it handed over again"


def test_a_worker_whose_lease_ran_out_may_not_hand_over(shared_url: str) -> None:
    slow, quick = open_store(shared_url), open_store(shared_url)
    enrol(slow, a_subscription())
    tell(slow)
    delivery = claim(slow)
    quick.recover(MONDAY + LEASE)
    assert hand_over(slow, delivery.id) == LOST
    again = claim(quick, LEASE)
    assert again.id == delivery.id
    assert hand_over(slow, delivery.id) == LOST
    settle(slow, delivery.id, Outcome(state="deferred"), MONDAY + LEASE)
    assert states(quick) == ["sending"], "the late word of the first changes nothing"
    settle(quick, delivery.id, Outcome(state="sent"), MONDAY + LEASE)
    assert states(quick) == ["sent"]
    slow.close()
    quick.close()


def test_a_worker_that_is_closed_gives_back_what_it_had_not_begun(shared_url: str) -> None:
    stopped, other = open_store(shared_url), open_store(shared_url)
    enrol(stopped, a_subscription(to=("a@example.org", "b@example.org")))
    tell(stopped, "a@example.org")
    tell(stopped, "b@example.org")
    first, second = claimed(stopped, MONDAY, 10)
    hand_over(stopped, first.id)
    stopped.close()
    assert claim(other).id == second.id
    other.close()


def test_a_worker_that_was_only_slow_still_says_how_it_ended(waiting: Store) -> None:
    delivery = claim(waiting)
    hand_over(waiting, delivery.id)
    waiting.recover(MONDAY + LEASE)
    assert states(waiting) == ["uncertain"]
    settle(waiting, delivery.id, Outcome(state="sent"), MONDAY + 2 * LEASE)
    assert states(waiting) == ["sent"]


@pytest.mark.parametrize("state", ["uncertain", "deferred", "refused"])
def test_an_operator_retries_or_resolves_what_did_not_go_well(waiting: Store, state: str) -> None:
    delivery = claim(waiting)
    settle(waiting, delivery.id, Outcome(state=state, detail="why"), MONDAY)  # type: ignore[arg-type]
    assert waiting.retry(delivery.id, MONDAY + HOUR).state == "queued"
    assert claim(waiting, HOUR).attempts == 2
    settle(waiting, delivery.id, Outcome(state=state, detail="why"), MONDAY)  # type: ignore[arg-type]
    assert waiting.resolve(delivery.id, MONDAY + HOUR).state == "sent"
    with pytest.raises(BotError, match="is sent"):
        waiting.retry(delivery.id, MONDAY)


def test_a_delivery_on_its_way_is_neither_retried_nor_resolved(waiting: Store) -> None:
    delivery = claim(waiting)
    for decide in (waiting.retry, waiting.resolve):
        with pytest.raises(BotError, match="is sending"):
            decide(delivery.id, MONDAY)
        with pytest.raises(BotError, match="no delivery 999"):
            decide(999, MONDAY)


def test_a_failure_of_a_delivery_is_kept(waiting: Store) -> None:
    delivery = claim(waiting)
    failure = Failure(kind="delivery", subject=str(delivery.id), text="550 no such user", at=MONDAY)
    waiting.fail_delivery(delivery.id, failure)
    assert waiting.failures() == (failure,)


def test_posts_that_slack_took_are_kept_and_shown_to_later_deliveries(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(to=("#babies",)))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store, "#babies")
    first = claim(store)
    review_id = found(store, "Baby A").id
    root, thread = Posted(channel="C1", ts="1.0", review_id=review_id), Posted(channel="C1", ts="1.1")
    hand_over(store, first.id)
    store.posted(first.id, root)
    settle(store, first.id, Outcome(state="deferred", posted=(root, thread)), MONDAY)
    again = claim(store, HOUR)
    assert again.posted == (root, thread), "what was taken is not posted again"
    assert again.earlier == ()
    settle(store, first.id, Outcome(state="sent"), MONDAY + HOUR)
    poll(store, revised(found(store, "Baby A"), "bruising", learning=("x",)), at=JOINED + 9 * DAY)
    tell(store, "#babies", at=JOINED + 14 * DAY)
    later = claim(store, 7 * DAY)
    assert (later.posted, later.earlier) == ((), (root,))


def not_arrived(state: Literal["uncertain", "refused"]) -> Doubtful:
    named = Named(title="Baby A", place="Saltmarsh")
    return Doubtful(slot=MONDAY, state=state, reviews=(named,))


def doubts(store: Store) -> tuple[Doubtful, ...]:
    """What the reader's next digest says of earlier ones."""
    return store.untold(reader(store), 31, MONDAY).doubtful


@pytest.mark.parametrize("state", ["uncertain", "refused"])
def test_a_reader_is_told_of_what_may_not_have_arrived_until_a_message_does(
    waiting: Store, state: Literal["uncertain", "refused"]
) -> None:
    delivery = claim(waiting)
    settle(waiting, delivery.id, Outcome(state=state), MONDAY)
    line = not_arrived(state)
    assert doubts(waiting) == (line,)
    tell(waiting, at=JOINED + 14 * DAY)
    assert doubts(waiting) == (), "the queued digest says so"
    second = claim(waiting, 7 * DAY)
    assert second.edition.digest.doubtful == (line,)
    settle(waiting, second.id, Outcome(state="refused"), MONDAY + 7 * DAY)
    assert doubts(waiting) == (line,), "but it never arrived"
    tell(waiting, at=JOINED + 21 * DAY)
    third = claim(waiting, 14 * DAY)
    settle(waiting, third.id, Outcome(state="sent"), MONDAY + 14 * DAY)
    assert doubts(waiting) == (), "once it is said, it is said"


@pytest.mark.parametrize("state", ["uncertain", "refused"])
def test_what_an_operator_decides_is_in_doubt_no_longer(
    waiting: Store, state: Literal["uncertain", "refused"]
) -> None:
    delivery = claim(waiting)
    settle(waiting, delivery.id, Outcome(state=state), MONDAY)
    waiting.retry(delivery.id, MONDAY + DAY)
    assert doubts(waiting) == ()
    settle(waiting, claim(waiting, DAY).id, Outcome(state=state), MONDAY + DAY)
    assert doubts(waiting) == (not_arrived(state),)
    waiting.resolve(delivery.id, MONDAY + 8 * DAY)
    assert doubts(waiting) == ()


def test_a_reader_is_told_of_a_digest_that_was_given_up(waiting: Store) -> None:
    keep_failing(waiting, until=8 * DAY)
    assert doubts(waiting) == (not_arrived("refused"),)


@pytest.mark.parametrize(("later", "state"), [(HOUR, "queued"), (8 * DAY, "refused")])
def test_a_reader_who_was_removed_by_mistake_gets_what_was_stopped_on_its_way_or_is_told_of_it(
    waiting: Store, later: timedelta, state: str
) -> None:
    enrol(waiting, at=MONDAY)
    assert claimed(waiting, MONDAY, 10) == ()
    enrol(waiting, a_subscription(), at=MONDAY + later)
    assert states(waiting) == [state]
    assert doubts(waiting) == ((not_arrived("refused"),) if state == "refused" else ())


def test_a_refused_digest_without_reviews_is_no_loss_to_tell_of(store: Store) -> None:
    enrol(store, a_subscription())
    tell(store)
    settle(store, claim(store).id, Outcome(state="refused"), MONDAY)
    assert doubts(store) == ()


@pytest.mark.parametrize("label", ["Baby A", "Learning from practice"])
def test_a_lost_review_is_never_linked_by_a_survey(store: Store, label: str) -> None:
    survey = Link(label="Tell us what you think", url="https://forms.example.org/saltmarsh")
    report = Link(label=label, url="https://saltmarsh.example.org/baby-a")
    read_first(store)
    enrol(store, a_subscription())
    for title, links in (("Baby A", (survey, report)), ("Baby B", (survey,))):
        poll(store, new(replace(a_review(title), links=links), "bruising"), at=JOINED + DAY)
    tell(store)
    settle(store, claim(store).id, Outcome(state="refused"), MONDAY)
    (lost,) = doubts(store)
    assert {one.title: one.url for one in lost.reviews}["Baby A"] == report.url
    assert survey.url not in {one.url for one in lost.reviews}


def test_an_uncertain_digest_without_reviews_is_told_of_too(store: Store) -> None:
    enrol(store, a_subscription())
    late_in_june = datetime(2027, 6, 13, 23, 30, tzinfo=UTC)  # half past midnight in London
    tell(store, at=late_in_june)
    (delivery,) = claimed(store, late_in_june, 1)
    settle(store, delivery.id, Outcome(state="uncertain"), late_in_june)
    assert doubts(store) == (Doubtful(slot=late_in_june, state="uncertain", reviews=()),)


# --- stopping, exporting, erasing -----------------------------------------------------------------------


def test_a_stopped_subscription_stays_stopped_whatever_the_configuration_says(store: Store) -> None:
    read_first(store)
    subscriptions = a_subscription("one"), a_subscription("two", theme="fire")
    enrol(store, *subscriptions)
    number = reader(store).id
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    store.stop(number, "one", JOINED + DAY)
    enrol(store, *subscriptions, at=JOINED + 2 * DAY)
    assert subscribed(store, number) == {"one": "stopped", "two": "active"}
    assert due_titles(store) == []
    assert store.untold(reader(store), 31, JOINED).subscriptions == ("Two",)


def test_a_reader_who_stops_all_gets_nothing_more_not_even_what_was_queued(waiting: Store) -> None:
    one = reader(waiting)
    waiting.stop(one.id, None, MONDAY)
    assert claimed(waiting, MONDAY, 10) == ()
    (item,) = waiting.outbox()
    assert (item.state, item.detail) == ("refused", "they no longer subscribe")
    enrol(waiting, a_subscription(), a_subscription("more"), at=MONDAY + DAY)
    assert list(waiting.readers("weekly", MONDAY)) == []
    assert subscribed(waiting, one.id) == {"babies": "stopped"}


def test_a_reader_who_resumes_after_stopping_all_joins_anew(waiting: Store) -> None:
    one = reader(waiting)
    poll(waiting, new(a_review("Baby B", published="2024"), "bruising"), at=MONDAY - 40 * HOUR)
    waiting.stop(one.id, None, MONDAY)
    poll(waiting, new(a_review("Baby C"), "bruising"), at=MONDAY + DAY)
    enrol(waiting, a_subscription(), at=MONDAY + DAY)
    assert waiting.resume(" Lead@Example.org", MONDAY + 8 * DAY) == 1
    assert reader(waiting).joined == MONDAY + 8 * DAY
    assert subscribed(waiting, one.id) == {"babies": "active"}
    assert waiting.resume("lead@example.org", MONDAY + 9 * DAY) == 0, "there is nothing more to undo"
    enrol(waiting, a_subscription(), a_subscription("more"), at=MONDAY + 9 * DAY)
    assert reader(waiting).joined == MONDAY + 8 * DAY
    assert subscribed(waiting, one.id) == {"babies": "active", "more": "active"}
    assert sorted(due_titles(waiting)) == ["Baby B", "Baby C"], "the last days, and nothing twice"
    assert due_titles(waiting, baseline_days=0) == []


def test_a_reader_who_resumes_gets_back_what_they_stopped_and_nothing_else(store: Store) -> None:
    subscriptions = tuple(a_subscription(name, theme=name) for name in ("kept", "stopped", "removed"))
    enrol(store, *subscriptions)
    number = reader(store).id
    store.stop(number, "stopped", JOINED + DAY)
    enrol(store, *subscriptions[:2], at=JOINED + 2 * DAY)
    assert store.resume("lead@example.org", JOINED + 3 * DAY) == 1
    assert subscribed(store, number) == {"kept": "active", "removed": "ended", "stopped": "active"}
    assert reader(store).joined == JOINED, "what they kept goes on"
    store.stop(number, "stopped", JOINED + 4 * DAY)
    assert subscribed(store, number)["stopped"] == "stopped", "they may stop again"
    enrol(store, *subscriptions[:2], at=JOINED + 5 * DAY)
    assert store.resume("lead@example.org", JOINED + 6 * DAY) == 1


def test_what_came_while_nobody_asked_for_it_is_matched_when_its_reader_resumes(store: Store) -> None:
    enrol(store, a_subscription())
    store.stop(reader(store).id, None, JOINED + DAY)
    assert store.criteria() == {}, "new reviews are not matched with them"
    store.resume("lead@example.org", JOINED + 2 * DAY)
    assert list(store.unmatched_criteria()) == [key(asking_for("bruising"))]


def test_a_reader_who_resumes_has_what_the_configuration_says_by_then(store: Store) -> None:
    enrol(store, a_subscription("babies"), a_subscription("dropped"))
    number = reader(store).id
    store.stop(number, None, JOINED + DAY)
    changed = a_subscription("babies", theme="fire", schedule=DAILY)
    enrol(store, changed, at=JOINED + 2 * DAY)
    store.resume("lead@example.org", JOINED + 3 * DAY)
    enrol(store, changed, at=JOINED + 3 * DAY)
    assert subscribed(store, number) == {"babies": "active", "dropped": "ended"}
    assert list(store.readers("weekly", MONDAY)) == []
    assert reader(store, schedule="daily").joined == JOINED + 3 * DAY


def test_a_reader_who_stopped_all_when_nothing_was_left_may_be_enrolled_again(store: Store) -> None:
    enrol(store, a_subscription())
    number = reader(store).id
    enrol(store, at=JOINED + DAY)
    store.stop(number, None, JOINED + 2 * DAY)
    assert store.resume("lead@example.org", JOINED + 3 * DAY) == 1
    assert list(store.readers("weekly", MONDAY)) == []
    enrol(store, a_subscription(), at=JOINED + 4 * DAY)
    assert reader(store).joined == JOINED + 4 * DAY


def test_resuming_a_reader_leaves_the_others_alone(store: Store) -> None:
    enrol(store, a_subscription(to=("a@example.org", "b@example.org", "#babies")))
    for one in store.readers("weekly", MONDAY):
        store.stop(one.id, None, JOINED + DAY)
    assert store.resume("nobody@example.org", JOINED + 2 * DAY) == 0
    assert store.resume("a@example.org", JOINED + 2 * DAY) == 1
    assert [one.subscriber.address for one in store.readers("weekly", MONDAY)] == ["a@example.org"]
    assert store.resume("slack:#babies", JOINED + 2 * DAY) == 1


def test_a_reader_who_was_removed_gets_nothing_more(waiting: Store) -> None:
    enrol(waiting, at=MONDAY)
    assert claimed(waiting, MONDAY, 10) == ()


def test_what_is_held_about_an_address_can_be_exported(waiting: Store) -> None:
    held = waiting.export(" LEAD@example.org ")
    json.dumps(held)
    (one,) = held["subscribers"]  # type: ignore[misc]
    assert one["address"] == "lead@example.org"
    assert one["subscriptions"][0]["subscription"] == "babies"
    assert one["told"] == [
        {"title": "Baby A", "place": "Saltmarsh", "revision": 1, "at": "2026-11-09T08:00:00+00:00"}
    ]
    assert one["deliveries"][0]["state"] == "queued"
    assert waiting.export("nobody@example.org")["subscribers"] == []


def test_a_channel_is_exported_under_the_name_that_the_configuration_gives_it(store: Store) -> None:
    enrol(store, a_subscription(to=("#babies",)))
    assert len(store.export("slack:#babies")["subscribers"]) == 1  # type: ignore[arg-type]
    assert store.export("#babies")["subscribers"]


def test_an_erased_address_is_gone_and_not_brought_back(waiting: Store) -> None:
    number = reader(waiting).id
    delivery = claim(waiting)
    text = "lead@example.org refused"
    failure = Failure(kind="delivery", subject=str(delivery.id), text=text, at=MONDAY)
    waiting.fail_delivery(delivery.id, failure)
    assert waiting.erase("Lead@example.org", MONDAY) == 7
    assert waiting.erase("lead@example.org", MONDAY) == 0
    assert waiting.export("lead@example.org")["subscribers"] == []
    assert (waiting.outbox(), waiting.failures()) == ((), ())
    settle(waiting, delivery.id, Outcome(state="sent"), MONDAY)
    waiting.fail_delivery(delivery.id, failure)
    assert waiting.failures() == (), "what was in hand leaves no trace"
    enrol(waiting, a_subscription(), at=MONDAY + DAY)
    assert list(waiting.readers("weekly", MONDAY)) == []
    enrol(waiting, at=MONDAY + 2 * DAY)
    enrol(waiting, a_subscription(), at=MONDAY + 3 * DAY)
    assert reader(waiting).joined == MONDAY + 3 * DAY
    assert reader(waiting).id != number, "links signed for the one must not open the other"


def test_erasing_one_reader_leaves_the_others_whole(store: Store) -> None:
    read_first(store)
    enrol(store, a_subscription(to=("a@example.org", "b@example.org")))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store, "a@example.org")
    tell(store, "b@example.org")
    store.erase("a@example.org", MONDAY)
    (delivery,) = claimed(store, MONDAY, 10)
    assert delivery.edition.digest.entries[0].review.title == "Baby A"
    assert due_titles(store, "b@example.org") == []


# --- small things ---------------------------------------------------------------------------------------


def a_failure(text: str = "no answer") -> Failure:
    return Failure(kind="source", subject="saltmarsh", text=text, at=JOINED, trace="")
