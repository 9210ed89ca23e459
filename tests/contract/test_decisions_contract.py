"""What bot/ports promises of the decisions of persons, and of why a sighting was counted, on every database."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.errors import StoreError, UsageError
from bot.models import Change, Kept, KnownReview, Link, Outcome, Posted, Review, Validators
from bot.names import handles
from bot.pipeline import deciding
from bot.store import Store
from tests.house import VOCABULARY
from tests.store.factories import (
    DAY,
    JOINED,
    LEASE,
    WEEKLY,
    a_review,
    a_run,
    a_subscription,
    claimed,
    due_titles,
    enrol,
    found,
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

NOW = JOINED + 30 * DAY
HERE, THERE = "saltmarsh", "nspcc"
CHANNEL = "#learning"


def listed(title: str = "Baby Rowan", url: str = "https://saltmarsh.example.org/rowan.pdf") -> Review:
    return Review(title=title, place="Saltmarsh", links=(Link(label=title, url=url),))


def seen_as(
    known: KnownReview, entry: Review, reason: str = "the same name", telling: int | None = None
) -> Kept:
    change = Change(
        kind="same", review=known.review, known=known, reason=reason, as_seen=entry, telling=telling
    )
    return Kept(change=change, handles=handles(entry))


def join(store: Store, one: int, other: int) -> KnownReview:
    return deciding.join(one, other, store, VOCABULARY, NOW)


def split(store: Store, one: int, source: str) -> KnownReview:
    return deciding.split(one, source, store, VOCABULARY, NOW)


def number(store: Store, title: str) -> int:
    return found(store, title).id


@pytest.fixture
def watched(store: Store) -> Store:
    """A store whose two sources were read long ago, and one reader of what is about bruising."""
    read_first(store, HERE, THERE)
    enrol(store, a_subscription())
    return store


@pytest.fixture
def merged(watched: Store) -> Store:
    """One review, in the NSPCC's words since the first day and seen at the partnership since the third."""
    poll(watched, new(a_review(), "bruising", handles=handles(a_review())), source=THERE, at=JOINED + DAY)
    poll(watched, seen_as(found(watched, "Baby Rowan"), listed()), at=JOINED + 3 * DAY)
    return watched


# --- why, and in which words ----------------------------------------------------------------------------


def test_a_sighting_keeps_why_it_was_counted_and_when(merged: Store) -> None:
    known, _ = merged.review(number(merged, "Baby Rowan"))
    assert [(one.source_id, one.reason, one.first_seen) for one in known.sightings] == [
        (THERE, "not in the archive", JOINED + DAY),
        (HERE, "the same name", JOINED + 3 * DAY),
    ]
    poll(merged, seen_as(known, listed(), "as it was", known.tellings[0].id), at=JOINED + 4 * DAY)
    (_, here) = found(merged, "Baby Rowan").sightings
    assert (here.reason, here.last_seen) == ("the same name", JOINED + 4 * DAY), "the reason stays the first"


def test_the_words_of_a_second_source_are_kept_once_and_replaced(merged: Store) -> None:
    (telling,) = found(merged, "Baby Rowan").tellings
    assert (telling.source_id, telling.review) == (HERE, listed())
    poll(merged, seen_as(found(merged, "Baby Rowan"), listed("Rowan"), telling=telling.id))
    (telling,) = found(merged, "Baby Rowan").tellings
    assert telling.review == listed("Rowan")


def test_a_record_that_another_source_tells_more_fully_leaves_the_first_one_s_words(watched: Store) -> None:
    poll(watched, new(listed()))
    poll(watched, revised(found(watched, "Baby Rowan"), learning=("act on the first bruise",)), source=THERE)
    known = found(watched, "Baby Rowan")
    assert (known.origin, [(one.source_id, one.review) for one in known.tellings]) == (
        THERE,
        [(HERE, listed())],
    )


def test_a_source_that_takes_its_record_back_leaves_no_telling_of_its_own(merged: Store) -> None:
    known = found(merged, "Baby Rowan")
    fuller = revised(known, learning=("act on the first bruise", "and on the second"))
    fuller = replace(fuller, change=replace(fuller.change, telling=known.tellings[0].id))
    poll(merged, fuller)
    known = found(merged, "Baby Rowan")
    assert (known.origin, [one.source_id for one in known.tellings]) == (HERE, [THERE])


def test_a_review_is_shown_with_its_revisions(watched: Store) -> None:
    poll(watched, new(a_review()))
    poll(watched, mended(found(watched, "Baby Rowan"), year=2025), at=JOINED + DAY)
    known, history = watched.review(number(watched, "Baby Rowan"))
    assert known.review.year == 2025
    assert [(one.revision, one.kind, one.source_id, one.at) for one in history] == [
        (1, "new", HERE, JOINED),
        (2, "mended", HERE, JOINED + DAY),
    ]


@pytest.mark.parametrize("wrong", [0, 99, -1])
def test_a_wrong_number_is_said_in_one_sentence(merged: Store, wrong: int) -> None:
    with pytest.raises(
        UsageError, match=rf"^There is no review {wrong}; `learning-bot search` shows their numbers.$"
    ):
        merged.review(wrong)
    one = number(merged, "Baby Rowan")
    for decide in (partial(join, merged, one, wrong), partial(join, merged, wrong, one)):
        with pytest.raises(UsageError, match="There is no review"):
            decide()
    with pytest.raises(UsageError, match="There is no review"):
        split(merged, wrong, HERE)


# --- joining --------------------------------------------------------------------------------------------


@pytest.fixture
def twice(watched: Store) -> Store:
    """What is one review, met as two."""
    first, second = a_review("Baby Rowan"), a_review("The harbour review", place=None)
    poll(watched, new(first, "bruising", handles=handles(first)), at=JOINED + DAY)
    poll(watched, new(second, "bruising", handles=handles(second)), source=THERE, at=JOINED + 2 * DAY)
    return watched


def test_joined_reviews_are_one_with_all_that_was_seen_of_both(twice: Store) -> None:
    one, other = number(twice, "Baby Rowan"), number(twice, "The harbour review")
    known = join(twice, one, other)
    assert (known.id, known.review, known.origin) == (one, a_review("Baby Rowan"), HERE)
    assert [seen.source_id for seen in known.sightings] == [HERE, THERE]
    assert [(told.source_id, told.review.title) for told in known.tellings] == [(THERE, "The harbour review")]
    assert [(made.kind, made.other, made.at) for made in known.decisions] == [("joined", other, NOW)]
    assert [kept.id for kept, _ in twice.every_review()] == [one]
    assert [kept.id for kept in twice.known("elsewhere", ("name:harbour",))] == [one]
    with pytest.raises(UsageError, match=f"There is no review {other}; it was joined to review {one}."):
        twice.review(other)


def test_a_review_is_not_joined_to_itself(twice: Store) -> None:
    with pytest.raises(UsageError, match="name two reviews"):
        join(twice, 1, 1)


@pytest.mark.parametrize("order", [1, -1])
def test_who_was_told_of_either_is_told_of_neither_again(twice: Store, order: int) -> None:
    enrol(twice, a_subscription(), a_subscription("late", to=["late@example.org"]), at=JOINED)
    assert sorted(tell(twice)) == ["Baby Rowan", "The harbour review"]
    one, other = [number(twice, "Baby Rowan"), number(twice, "The harbour review")][::order]
    known = join(twice, one, other)
    assert due_titles(twice) == []
    assert due_titles(twice, "late@example.org") == [known.review.title], "and who was told of none, of one"


@pytest.mark.parametrize("told", ["Baby Rowan", "The harbour review"])
def test_who_was_told_of_one_alone_is_told_of_neither_again(watched: Store, told: str) -> None:
    titles = ("Baby Rowan", "The harbour review")
    poll(watched, new(a_review(told), "bruising"), at=JOINED + DAY)
    assert tell(watched) == [told]
    (rest,) = (title for title in titles if title != told)
    poll(watched, new(a_review(rest), "bruising"), source=THERE, at=JOINED + 9 * DAY)
    assert due_titles(watched) == [rest]
    join(watched, number(watched, "Baby Rowan"), number(watched, "The harbour review"))
    assert due_titles(watched) == []


@pytest.mark.parametrize("which", ["Baby Rowan", "The harbour review"])
def test_a_revision_that_a_reader_was_owed_is_still_owed(twice: Store, which: str) -> None:
    tell(twice)
    more = ("act on the first bruise",)
    source = HERE if which == "Baby Rowan" else THERE
    poll(twice, revised(found(twice, which), "bruising", learning=more), source=source, at=JOINED + 9 * DAY)
    assert due_titles(twice) == [which]
    join(twice, number(twice, "Baby Rowan"), number(twice, "The harbour review"))
    (owed,) = twice.untold(reader(twice), 31, NOW).due
    assert (owed.told_revision is not None, owed.differences[0].after) == (True, more)
    tell(twice, at=NOW)
    assert due_titles(twice) == []


def test_a_later_revision_of_a_joined_review_is_told_once(twice: Store) -> None:
    tell(twice)
    known = join(twice, number(twice, "Baby Rowan"), number(twice, "The harbour review"))
    poll(twice, revised(known, "bruising", learning=("act at once",)), at=NOW + DAY)
    (owed,) = twice.untold(reader(twice), 31, NOW).due
    assert [one.after for one in owed.differences] == [("act at once",)]


def test_a_new_review_joined_with_one_from_before_anybody_subscribed_is_still_told(store: Store) -> None:
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby Rowan", published=None), "bruising"))
    read_first(store, THERE)
    poll(
        store, new(a_review("The harbour review", published=None), "bruising"), source=THERE, at=JOINED + DAY
    )
    assert due_titles(store) == ["The harbour review"]
    join(store, number(store, "Baby Rowan"), number(store, "The harbour review"))
    assert due_titles(store) == ["Baby Rowan"]


def test_a_reader_whom_the_words_of_one_alone_concern_is_still_told(watched: Store) -> None:
    poll(watched, new(a_review("Baby Rowan")), at=JOINED + DAY)
    poll(watched, new(a_review("The harbour review"), "bruising"), source=THERE, at=JOINED + DAY)
    assert due_titles(watched) == ["The harbour review"]
    join(watched, number(watched, "Baby Rowan"), number(watched, "The harbour review"))
    assert due_titles(watched) == ["Baby Rowan"]


def test_a_new_review_joined_with_one_from_before_a_reader_joined_is_still_told(watched: Store) -> None:
    poll(watched, new(a_review("Baby Rowan", published=None), "bruising"), at=JOINED - 60 * DAY)
    poll(watched, new(a_review("The harbour", published=None), "bruising"), source=THERE, at=JOINED + DAY)
    assert due_titles(watched) == ["The harbour"]
    join(watched, number(watched, "Baby Rowan"), number(watched, "The harbour"))
    assert due_titles(watched) == ["Baby Rowan"]


def test_two_from_before_anybody_subscribed_flood_nobody_when_they_are_joined(store: Store) -> None:
    enrol(store, a_subscription())
    poll(store, new(a_review("Baby Rowan", published=None), "bruising"), at=JOINED + DAY)
    poll(store, new(a_review("The harbour", published=None), "bruising"), source=THERE, at=JOINED + 2 * DAY)
    join(store, number(store, "Baby Rowan"), number(store, "The harbour"))
    assert due_titles(store) == []


def test_the_fuller_record_is_the_one_that_two_have(watched: Store) -> None:
    poll(watched, new(listed()))
    poll(watched, new(a_review("The harbour review")), source=THERE)
    known = join(watched, number(watched, "Baby Rowan"), number(watched, "The harbour review"))
    assert (known.review.title, known.origin) == ("The harbour review", THERE)
    _, history = watched.review(known.id)
    assert [one.kind for one in history] == ["new", "new", "mended"]
    assert "by a person" in history[-1].reason


def test_what_is_still_offered_is_not_withdrawn_by_a_join(watched: Store) -> None:
    poll(watched, new(a_review("Baby Rowan")), new(listed("The harbour review")))
    poll(watched, withdrawn(found(watched, "Baby Rowan")), at=JOINED + DAY)
    known = join(watched, number(watched, "The harbour review"), number(watched, "Baby Rowan"))
    assert (known.review.status, known.review.learning) == ("published", a_review().learning)
    assert {seen.missed for seen in known.sightings} == {0}, "the page shows it"


def test_posts_go_with_the_review_that_they_show(twice: Store) -> None:
    enrol(twice, a_subscription(to=(CHANNEL,)))
    tell(twice, CHANNEL)
    (delivery,) = claimed(twice, NOW, 5)
    one, other = number(twice, "Baby Rowan"), number(twice, "The harbour review")
    twice.posted(delivery.id, Posted(channel="C1", ts="1.0", review_id=other))
    known = join(twice, one, other)
    poll(twice, revised(known, "bruising", learning=("act at once",)), at=NOW)
    settle(twice, delivery.id, Outcome(state="sent"), NOW)
    tell(twice, CHANNEL, at=NOW + DAY)
    later = claimed(twice, NOW + DAY, 5)
    assert [post.ts for each in later for post in each.earlier if post.review_id == one] == ["1.0"]


def test_a_post_on_its_way_while_its_review_was_joined_shows_the_one_that_stays(twice: Store) -> None:
    enrol(twice, a_subscription(to=(CHANNEL,)))
    tell(twice, CHANNEL)
    (delivery,) = claimed(twice, NOW, 5)
    one, other = number(twice, "Baby Rowan"), number(twice, "The harbour review")
    known = join(twice, one, other)
    twice.posted(delivery.id, Posted(channel="C1", ts="1.0", review_id=other))
    settle(twice, delivery.id, Outcome(state="sent", posted=(Posted(channel="C1", ts="2.0"),)), NOW)
    poll(twice, revised(known, "bruising", learning=("act at once",)), at=NOW)
    tell(twice, CHANNEL, at=NOW + DAY)
    (later,) = claimed(twice, NOW + DAY, 5)
    assert [(post.ts, post.review_id) for post in later.earlier] == [("1.0", one)]


def test_a_digest_composed_before_a_join_still_finds_the_posts_to_edit(twice: Store) -> None:
    enrol(twice, a_subscription(to=(CHANNEL,)))
    tell(twice, CHANNEL)
    (delivery,) = claimed(twice, NOW, 5)
    one, other = number(twice, "Baby Rowan"), number(twice, "The harbour review")
    settle(
        twice,
        delivery.id,
        Outcome(state="sent", posted=(Posted(channel="C1", ts="1.0", review_id=other),)),
        NOW,
    )
    poll(
        twice,
        revised(found(twice, "The harbour review"), "bruising", learning=("act at once",)),
        source=THERE,
        at=NOW,
    )
    tell(twice, CHANNEL, at=NOW + DAY)
    join(twice, one, other)
    (later,) = claimed(twice, NOW + DAY, 5)
    assert [(post.ts, post.review_id) for post in later.earlier] == [("1.0", other)], "as the digest calls it"


# --- splitting ------------------------------------------------------------------------------------------


def test_what_a_source_has_becomes_a_review_of_its_own(merged: Store) -> None:
    one = number(merged, "Baby Rowan")
    apart = split(merged, one, HERE)
    stays, _ = merged.review(one)
    assert (apart.review, apart.origin, apart.tellings) == (listed(), HERE, ())
    assert [seen.source_id for seen in apart.sightings] == [HERE]
    assert (stays.review, stays.origin, stays.tellings) == (a_review(), THERE, ())
    assert [seen.source_id for seen in stays.sightings] == [THERE]
    assert (set(stays.apart), set(apart.apart)) == ({HERE}, {THERE})
    assert apart.decisions[0].other == one
    assert [kept.id for kept in merged.known("elsewhere", handles(listed()))] == [one, apart.id]


def test_the_words_of_a_record_go_with_their_source(merged: Store) -> None:
    one = number(merged, "Baby Rowan")
    apart = split(merged, one, THERE)
    stays, history = merged.review(one)
    assert (apart.review, apart.origin) == (a_review(), THERE)
    assert (stays.review, stays.origin) == (listed(), HERE)
    assert (history[-1].kind, history[-1].reason) == (
        "mended",
        f"what {THERE} has of it was split off by a person",
    )


def test_who_was_told_of_both_together_is_told_of_neither_again(merged: Store) -> None:
    assert tell(merged) == ["Baby Rowan"]
    split(merged, number(merged, "Baby Rowan"), THERE)
    assert due_titles(merged) == []


def test_who_was_told_before_the_second_was_seen_hears_of_it_now(watched: Store) -> None:
    theme = "bruising-non-mobile"
    enrol(watched, a_subscription(theme=theme))
    poll(watched, new(listed(), theme), at=JOINED + DAY)
    tell(watched)
    other = a_review("Baby Rowan of Harrowmere")
    poll(watched, seen_as(found(watched, "Baby Rowan"), other), source=THERE, at=JOINED + 9 * DAY)
    assert due_titles(watched) == []
    split(watched, number(watched, "Baby Rowan"), THERE)
    assert due_titles(watched) == ["Baby Rowan of Harrowmere"]


def test_who_was_told_of_nothing_is_told_of_both(watched: Store) -> None:
    theme = "bruising-non-mobile"
    enrol(watched, a_subscription(theme=theme))
    poll(watched, new(a_review(), theme), at=JOINED + DAY)
    other = a_review("Baby Rowan of Harrowmere")
    poll(watched, seen_as(found(watched, "Baby Rowan"), other), source=THERE, at=JOINED + DAY)
    assert due_titles(watched) == ["Baby Rowan"]
    split(watched, number(watched, "Baby Rowan"), THERE)
    assert sorted(due_titles(watched)) == ["Baby Rowan", "Baby Rowan of Harrowmere"]


@pytest.mark.parametrize(
    ("source", "says"), [("nowhere", f"seen at: {THERE}, {HERE}"), (HERE, "nothing to split")]
)
def test_what_cannot_be_split_is_said(merged: Store, source: str, says: str) -> None:
    one = number(merged, "Baby Rowan")
    if source == HERE:
        one = split(merged, one, HERE).id
    with pytest.raises(UsageError, match=says):
        split(merged, one, source)


def test_what_was_split_can_be_joined_again_and_what_was_joined_split(merged: Store) -> None:
    one = number(merged, "Baby Rowan")
    apart = split(merged, one, HERE)
    known = join(merged, one, apart.id)
    assert [made.kind for made in known.decisions] == ["joined"], "what kept them apart is no more"
    assert known.review == a_review()
    again = split(merged, one, HERE)
    assert again.review == listed()
    assert merged.review(one)[0].review == a_review()


def test_the_page_of_a_split_review_is_read_anew(merged: Store) -> None:
    for source in (HERE, THERE):
        merged.keep(a_run(source, NOW, validators=Validators(etag="e", sha256="s", read_as="r")), ())
    split(merged, number(merged, "Baby Rowan"), HERE)
    for source in (HERE, THERE):
        run = merged.last_good_run(source)
        assert run is not None
        assert run.validators == Validators(read_as="r")


# --- at one time ----------------------------------------------------------------------------------------


def test_a_poll_that_was_at_work_meanwhile_looks_again(twice: Store) -> None:
    as_of = twice.version()
    one, other = number(twice, "Baby Rowan"), number(twice, "The harbour review")
    stale = mended(found(twice, "The harbour review"))
    join(twice, one, other)
    assert not twice.keep(a_run(THERE, NOW), [stale], as_of)
    as_of = twice.version()
    split(twice, one, THERE)
    assert not twice.keep(a_run(THERE, NOW), [], as_of)


def test_a_decision_that_a_poll_has_overtaken_looks_again(twice: Store) -> None:
    one, other = found(twice, "Baby Rowan"), found(twice, "The harbour review")
    as_of = twice.version()
    poll(twice, mended(one, year=2025), at=NOW)
    change = Change(kind="mended", review=one.review, known=one, reason="joined by a person")
    assert not twice.join(Kept(change=change), other, HERE, NOW, as_of)
    assert join(twice, one.id, other.id).review.year == 2025


def test_nothing_is_decided_while_a_digest_is_being_composed(merged: Store) -> None:
    one = reader(merged, schedule=WEEKLY.id)
    assert merged.claim_run(one, NOW, NOW, LEASE)
    with pytest.raises(
        StoreError, match=r"being composed .* nothing was changed; try again .* in 15 seconds"
    ):
        split(merged, number(merged, "Baby Rowan"), HERE)
    assert len(found(merged, "Baby Rowan").sightings) == 2
    deciding.split(number(merged, "Baby Rowan"), HERE, merged, VOCABULARY, NOW + LEASE)
