"""Older pages come into the archive, and nobody is told of what is on them, then or later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot import identity
from bot.errors import BotError, SourceError
from bot.models import ArchiveQuery, KnownReview, OlderPage, Schedule
from bot.pipeline.backfill import Backfilled, backfill, prepare
from tests.house import AT_ONCE, House, entry, listing
from tests.reviews import MONDAY, a_review, a_source, known

SITE = "https://saltmarsh.example.org"
WATCHED = f"{SITE}/reviews"
MONTHLY = Schedule(id="weekly", cron="0 8 * * mon", baseline_days=31)


def page(*entries: str, links: str = "") -> bytes:
    return listing(*entries).replace("</main>", f"</main><nav>{links}</nav>").encode()


def link(to: str, label: str) -> str:
    return f'<a href="{to}">{label}</a>'


def an_old(name: str, year: int = 2024) -> str:
    return entry(name, year=year, incident=f"The story of {name}, which nobody else has lived through.")


def a_house() -> House:
    """Its source shows two reviews, and has two further pages and one of a year."""
    house = House()
    pager = link("?page=1", "2") + link("?page=2", "3") + link("/reviews/2019", "Reviews 2019")
    house.site.gives(WATCHED, page(an_old("Child A", 2026), an_old("Child B", 2026), links=pager))
    house.site.gives(f"{WATCHED}?page=1", page(an_old("Child C"), an_old("Child D"), links=pager))
    house.site.gives(f"{WATCHED}?page=2", page(an_old("Child E"), links=link("?page=1", "2")))
    house.site.gives(f"{WATCHED}/2019", page(an_old("Child F", 2019)))
    return house


def reads_older(
    house: House, *, starts: tuple[str, ...] = (), again: bool = False, most: int = 100
) -> Backfilled:
    (source,) = house.sources.values()
    prepare(source, house.collecting, starts=starts, again=again)
    done = backfill(source, house.collecting, most=most)
    house.clock.passes(minutes=1)
    return done


def in_archive(house: House) -> dict[str, str]:
    return {known.review.title: known.review.status for known, _ in house.store.every_review()}


def asked_of(house: House) -> list[str]:
    return [url.removeprefix(SITE) for url, _ in house.site.asked]


# --- reading ----------------------------------------------------------------------------------------------


def test_every_older_page_is_read_once_and_found_by_the_search() -> None:
    house = a_house()
    done = reads_older(house)
    assert [(one.url.removeprefix(WATCHED), one.state, one.reviews, one.new) for one in done.pages] == [
        ("?page=1", "read", 2, 2),
        ("?page=2", "read", 1, 1),
        ("/2019", "read", 1, 1),
    ]
    assert (done.waiting, done.stopped) == (0, "")
    assert set(in_archive(house)) == {f"Child {letter}" for letter in "ABCDEF"}
    assert asked_of(house) == ["/reviews", "/reviews?page=1", "/reviews?page=2", "/reviews/2019"]
    (found,) = house.store.search(ArchiveQuery(words="Child F"))
    assert found.known.backfilled
    assert [one.beyond for one in found.known.sightings] == [True]


def test_another_go_asks_for_nothing_but_the_watched_page() -> None:
    house = a_house()
    reads_older(house)
    house.site.asked.clear()
    assert reads_older(house).pages == ()
    assert asked_of(house) == ["/reviews"]
    again = reads_older(house, again=True)
    assert [one.new for one in again.pages] == [0, 0, 0]


def test_no_more_pages_than_wanted_are_read_and_the_next_go_goes_on() -> None:
    house = a_house()
    first = reads_older(house, most=1)
    assert (len(first.pages), first.waiting) == (1, 2)
    house.site.asked.clear()
    assert [one.url for one in reads_older(house, most=9).pages] == [f"{WATCHED}?page=2", f"{WATCHED}/2019"]


def test_a_page_that_cannot_be_read_is_named_and_tried_again() -> None:
    house = a_house()
    house.site.fails(f"{WATCHED}?page=1")
    done = reads_older(house)
    assert [one.state for one in done.pages] == ["failed", "read", "read"]
    assert "answered 500" in done.pages[0].detail
    house.site.gives(f"{WATCHED}?page=1", page(an_old("Child C")))
    house.site._faults.clear()
    assert [(one.url, one.state) for one in reads_older(house).pages] == [(f"{WATCHED}?page=1", "read")]


def test_a_page_that_stops_the_bot_comes_last_the_next_time() -> None:
    house = a_house()
    house.site.fails(f"{WATCHED}?page=1", RuntimeError("a fault of the bot"))
    with pytest.raises(RuntimeError):
        reads_older(house)
    house.site._faults.clear()
    assert [one.url.removeprefix(WATCHED) for one in reads_older(house).pages] == [
        "?page=2",
        "/2019",
        "?page=1",
    ]


def test_a_site_that_asks_us_to_stay_away_is_left_alone() -> None:
    from datetime import timedelta

    house = a_house()
    away = SourceError("busy", trouble="failing", again=True, status=429, retry_after=timedelta(hours=1))
    house.site.fails(f"{WATCHED}?page=1", away)
    done = reads_older(house)
    assert (len(done.pages), done.waiting) == (1, 2)
    assert "stay away" in done.stopped


def test_a_site_in_trouble_is_left_alone_after_three_pages() -> None:
    house = a_house()
    pager = "".join(link(f"?page={number}", str(number + 1)) for number in range(1, 8))
    house.site.gives(WATCHED, page(an_old("Child A"), links=pager))
    for number in range(1, 8):
        house.site.fails(f"{WATCHED}?page={number}")
    done = reads_older(house)
    assert (len(done.pages), done.waiting) == (3, 4)


def test_a_pager_without_end_that_repeats_itself_is_left_after_two_pages() -> None:
    house = House()
    for number in range(60):
        following = link(f"?page={number + 1}", "Next")
        house.site.gives(
            f"{WATCHED}?page={number}" if number else WATCHED,
            page(an_old("Child A"), an_old("Child B"), links=following),
        )
    assert len(reads_older(house).pages) <= 3


def test_pages_that_only_lead_to_others_are_no_failure() -> None:
    house = House()
    house.site.gives(WATCHED, page(an_old("Child A"), links=link("/reviews/archive", "Archived reviews")))
    years = link("/reviews/2018", "2018") + link("/reviews/2017", "2017")
    house.site.gives(
        f"{WATCHED}/archive", f"<html><main><h1>Archive</h1><p>By year:</p>{years}</main>".encode()
    )
    house.site.gives(f"{WATCHED}/2018", page(an_old("Child H", 2018)))
    house.site.gives(f"{WATCHED}/2017", page(an_old("Child I", 2017)))
    done = reads_older(house)
    assert [one.state for one in done.pages] == ["nothing there", "read", "read"]


def test_a_page_of_which_the_source_wants_nothing_is_no_failure_and_leads_on() -> None:
    source = a_source(include=("Child",))
    house = House(source)
    house.site.gives(WATCHED, page(an_old("Child A"), links=link("?page=2", "2")))
    house.site.gives(
        f"{WATCHED}?page=2", page(an_old("Adult Z"), an_old("Adult Y"), links=link("?page=3", "3"))
    )
    house.site.gives(f"{WATCHED}?page=3", page(an_old("Child C"), links=link("?page=4", "4")))
    house.site.gives(f"{WATCHED}?page=4", page(an_old("Adult W"), an_old("Adult X")))
    done = reads_older(house)
    assert [one.state for one in done.pages] == ["nothing there", "read", "nothing there"]
    assert set(in_archive(house)) == {"Child A", "Child C"}


def test_what_leads_back_to_a_known_page_is_not_read_again() -> None:
    house = House()
    house.site.gives(WATCHED, page(an_old("Child A"), links=link("?page=9", "9")))
    house.site.gives(f"{WATCHED}?page=9", page(an_old("Child B")))
    house.site.moves(f"{WATCHED}?page=9", WATCHED)
    assert [one.state for one in reads_older(house).pages] == ["met before"]
    assert set(in_archive(house)) == {"Child A"}


def test_a_page_that_nothing_points_to_can_be_named() -> None:
    house = a_house()
    house.site.gives(f"{SITE}/old-site/list", page(an_old("Child Z", 2012)))
    done = reads_older(house, starts=(f"{SITE}/old-site/list",))
    assert done.pages[0].url == f"{SITE}/old-site/list"
    assert "Child Z" in in_archive(house)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_does_not_exist_is_asked_for_once_until_somebody_names_it(status: int) -> None:
    house = a_house()
    mistyped = f"{SITE}/old-sight/list"
    for url in (mistyped, f"{WATCHED}?page=1"):
        said = SourceError("There is none.", trouble="failing", again=False, status=status)
        house.site.fails(url, said)
    done = reads_older(house, starts=(mistyped,))
    assert [one.state for one in done.pages] == ["no such page", "no such page", "read", "read"]
    assert done.pages[0].detail == "There is none."
    assert reads_older(house).pages == ()
    assert [one.url for one in reads_older(house, starts=(mistyped,)).pages] == [mistyped]


def test_the_linked_reports_of_older_reviews_are_read_where_the_source_is_followed() -> None:
    house = House(a_source(follow=True))
    house.site.gives(WATCHED, page(an_old("Child A"), links=link("?page=2", "2")))
    old = '<h3>2020 – Saltmarsh – Child M</h3><p><a href="/m.html">Read the report</a></p>'
    house.site.gives(f"{WATCHED}?page=2", page(old, an_old("Child N", 2020)))
    house.site.gives(f"{SITE}/m.html", page(an_old("Child M", 2020)))
    reads_older(house)
    assert "/m.html" in asked_of(house)


def test_a_source_that_cannot_be_read_is_not_backfilled() -> None:
    house = House()
    house.site.fails(WATCHED)
    with pytest.raises(BotError, match="must be readable first"):
        reads_older(house)


def test_the_parts_of_a_wordpress_feed_are_read_until_there_is_no_more() -> None:
    feed = f"{SITE}/reviews/feed/"
    house = House(a_source(url=feed, reads="feed"))
    for number, letter in ((1, "A"), (2, "B"), (3, "C")):
        item = (
            (
                f"<item><title>Child {letter}: serious case review</title><link>{SITE}/{letter}/</link>"
                f"<pubDate>Mon, 0{number} Feb 2021 09:00:00 +0000</pubDate><description>{an_old(f'Child {letter}')}"
                "</description></item>"
            )
            .replace("<h3>", "")
            .replace("</h3>", "")
        )
        body = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Reviews</title>'
            f"<generator>https://wordpress.org/?v=6.5</generator>{item}</channel></rss>"
        )
        house.site.gives(
            f"{feed}?paged={number}" if number > 1 else feed, body.encode(), "application/rss+xml"
        )
    gone = SourceError("404", trouble="failing", again=False, status=404)
    house.site.fails(f"{feed}?paged=4", gone)
    done = reads_older(house)
    assert [one.state for one in done.pages] == ["read", "read", "no such page"]
    assert len(in_archive(house)) == 3
    house.site.asked.clear()
    assert reads_older(house).pages == ()


# --- telling nobody ---------------------------------------------------------------------------------------


def test_nobody_is_told_then_or_later_and_a_really_new_review_reaches_them() -> None:
    house = a_house()
    dated = an_old("Child C", 2026).replace("<p>", "<p>Published: 2 November 2026.</p><p>", 1)
    house.site.gives(f"{WATCHED}?page=1", page(dated, an_old("Child D", 2026)))
    house.subscribes("lead@example.org", "all", schedule=replace(MONTHLY))
    house.polls()
    house.a_week_passes()
    house.email.taken.clear()
    reads_older(house)
    house.subscribes("newcomer@example.org", "new", schedule=MONTHLY)
    house.subscribes("slack:#now", "now", schedule=AT_ONCE)
    house.a_week_passes()
    told = {title for message in house.got() + house.got(house.slack) for title, _ in message}
    assert told <= {"Child A", "Child B"}, "the newcomer's first digest has the page that is watched"
    house.email.taken.clear()
    house.site.gives(
        WATCHED, page(an_old("Child New", 2026), an_old("Child A", 2026), an_old("Child B", 2026))
    )
    house.polls()
    house.a_week_passes()
    assert {tuple(message) for message in house.got()} == {(("Child New", "new"),)}
    assert house.got(house.slack) == [[("Child New", "new")]]


def test_a_later_revision_of_an_older_review_is_told_to_nobody() -> None:
    house = a_house()
    house.site.gives(f"{WATCHED}?page=1", page(an_old("Child C", 2026)))
    house.subscribes("lead@example.org", schedule=MONTHLY)
    reads_older(house)
    house.a_week_passes()
    house.email.taken.clear()
    changed = (
        an_old("Child C", 2026)
        .replace("</h3>", "</h3><p>Published: 20 November 2026.</p>")
        .replace("ask who", "always ask twice and write down who")
    )
    for letters in ("AB", "ABC"):
        entries = [changed if one == "C" else an_old(f"Child {one}", 2026) for one in letters]
        house.site.gives(WATCHED, page(*entries))
        house.polls()
        house.a_week_passes()
    (child_c,) = house.store.search(ArchiveQuery(words="always ask twice"))
    assert (child_c.known.revision, child_c.known.backfilled) == (2, True)
    assert [message for message in house.got() if message] == []


def test_what_is_published_while_many_pages_are_read_is_news_though_an_older_page_shows_it_too() -> None:
    house = a_house()
    house.subscribes("lead@example.org", schedule=MONTHLY)
    house.polls()
    house.a_week_passes()
    house.email.taken.clear()
    (source,) = house.sources.values()
    prepare(source, house.collecting)

    def hours_pass(page_read: OlderPage, waiting: int) -> None:
        house.clock.passes(hours=2)
        if page_read.url == f"{WATCHED}?page=1":
            today = an_old("Child New", 2026)
            house.site.gives(WATCHED, page(today, an_old("Child A", 2026), an_old("Child B", 2026)))
            house.site.gives(f"{WATCHED}?page=2", page(today, an_old("Child E")))

    backfill(source, house.collecting, each=hours_pass)
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Child New", "new")]]


def test_the_site_is_left_alone_where_the_watched_page_cannot_be_read_any_more() -> None:
    house = a_house()
    (source,) = house.sources.values()
    prepare(source, house.collecting)
    house.site.fails(WATCHED)
    house.clock.passes(hours=2)
    done = backfill(source, house.collecting)
    assert (done.pages, done.waiting) == ((), 3)
    assert "the page that is watched cannot be read now" in done.stopped
    house.site._faults.clear()
    assert reads_older(house).waiting == 0


def test_they_do_not_count_as_published() -> None:
    house = a_house()
    house.polls()
    before = house.store.count_new(None, house.clock.now())
    reads_older(house)
    house.clock.passes(days=1)
    assert house.store.count_new(None, house.clock.now()) == before


# --- the page that is watched -----------------------------------------------------------------------------


def undated(name: str) -> str:
    """On a page that says no year, of a source whose place is known."""
    return an_old(name).replace("2024 – Saltmarsh – ", "")


def test_later_polls_miss_nothing_that_only_older_pages_have() -> None:
    house = House(a_source(place="Saltmarsh"))
    house.site.gives(WATCHED, page(undated("Child A"), undated("Child B"), links=link("?page=1", "2")))
    house.site.gives(f"{WATCHED}?page=1", page(undated("Child C"), undated("Child D")))
    reads_older(house)
    assert len(in_archive(house)) == 4
    for day in range(5):
        house.clock.passes(days=1)
        house.site.gives(WATCHED, page(undated("Child A"), undated("Child B"), links=f"Day {day}"))
        (run,) = house.polls()
        assert (run.state, run.withdrawn) == ("nothing new", 0), run.detail
        (unchanged,) = house.polls()
        assert unchanged.withdrawn == 0
    assert set(in_archive(house).values()) == {"published"}


def another_story(name: str) -> str:
    story = "A brother and a sister were found alone in a flat after a fire in the winter."
    told = entry(
        name, incident=story, learning=["share what housing knows"], recommendations=["agree a route"]
    )
    return told.replace("2026 – Saltmarsh – ", "")


def test_a_new_review_that_is_called_like_an_old_one_on_an_older_page_is_news() -> None:
    house = House(a_source(place="Saltmarsh"))
    house.site.gives(WATCHED, page(undated("Child A"), links=link("?page=1", "2")))
    house.site.gives(f"{WATCHED}?page=1", page(undated("Child K")))
    house.subscribes("lead@example.org", schedule=MONTHLY)
    reads_older(house)
    house.a_week_passes()
    house.email.taken.clear()
    house.site.gives(WATCHED, page(undated("Child A"), another_story("Child K")))
    (run,) = house.polls()
    assert run.new == 1, run.detail
    house.a_week_passes()
    assert house.got() == [[("Child K", "new")]]


def bare(name: str) -> str:
    """An entry by which nothing but its words tells what it is: no year, no place, no story, no document."""
    told = entry(name, incident="A baby died.", learning=["ask"], recommendations=["tell"])
    return told.replace("2026 – Saltmarsh – ", "")


def test_what_an_older_page_has_is_known_again_by_its_words_alone() -> None:
    house = House()
    house.site.gives(WATCHED, page(bare("Child A"), links=link("?page=1", "2")))
    house.site.gives(f"{WATCHED}?page=1", page(bare("Child K"), bare("Child L")))
    assert [one.new for one in reads_older(house).pages] == [2]
    assert [one.new for one in reads_older(house, again=True).pages] == [0]
    house.site.gives(WATCHED, page(bare("Child A"), bare("Child K")))
    (run,) = house.polls()
    assert (run.state, run.new) == ("nothing new", 0), run.detail


def test_an_older_page_may_have_another_review_that_is_called_like_one_on_the_watched_page() -> None:
    house = House()
    house.site.gives(WATCHED, page(bare("Child A"), links=link("?page=1", "2")))
    other = bare("Child A").replace("A baby died.", "A brother and a sister were found alone after a fire.")
    house.site.gives(f"{WATCHED}?page=1", page(other.replace("ask", "share what housing knows")))
    (read,) = reads_older(house).pages
    assert (read.reviews, read.new) == (1, 1)
    house.site.gives(WATCHED, page(bare("Child A"), links="Another day"))
    (run,) = house.polls()
    assert (run.state, run.new, run.withdrawn) == ("nothing new", 0, 0), run.detail


def test_an_older_entry_without_a_year_may_be_of_any() -> None:
    one, other = a_source(place="Saltmarsh"), a_source("harrowmere")
    house = House(one, other)
    house.site.gives(other.url, page(an_old("Child K", 2012), an_old("Child X", 2012)))
    house.site.gives(one.url, page(bare("Child A"), links=link("?page=1", "2")))
    house.site.gives(f"{one.url}?page=1", page(bare("Child K")))
    house.polls()
    prepare(one, house.collecting)
    (read,) = backfill(one, house.collecting).pages
    assert (read.reviews, read.new) == (1, 0)


def test_a_review_that_comes_back_from_an_older_page_in_other_words_is_no_other() -> None:
    house = House(a_source(place="Saltmarsh"))
    house.site.gives(WATCHED, page(undated("Child A"), undated("Child B")))
    house.polls()
    house.clock.passes(days=1)
    house.site.gives(WATCHED, page(undated("Child A"), links=link("?page=1", "2")))
    house.site.gives(f"{WATCHED}?page=1", page(undated("Child B")))
    reads_older(house)
    house.site.gives(WATCHED, page(undated("Child A"), another_story("Child B")))
    house.polls()
    assert [known.review.title for known, _ in house.store.every_review()] == ["Child A", "Child B"]


def test_a_review_that_left_the_watched_page_is_still_missed_where_no_older_page_has_it() -> None:
    house = a_house()
    reads_older(house)
    for _ in range(4):
        house.clock.passes(days=1)
        house.site.gives(WATCHED, page(an_old("Child A", 2026), links=str(house.clock.now())))
        house.polls()
    assert in_archive(house)["Child B"] == "withdrawn"


def test_a_review_that_moved_to_an_older_page_is_missed_no_longer() -> None:
    house = a_house()
    house.polls()
    house.clock.passes(days=1)
    house.site.gives(WATCHED, page(an_old("Child A", 2026), links=link("?page=1", "2")))
    house.polls()
    house.site.gives(f"{WATCHED}?page=1", page(an_old("Child B", 2026), an_old("Child C")))
    reads_older(house)
    for _ in range(4):
        house.clock.passes(days=1)
        house.site.gives(WATCHED, page(an_old("Child A", 2026), links=str(house.clock.now())))
        house.polls()
    assert in_archive(house)["Child B"] == "published"


def test_a_review_that_counted_as_withdrawn_and_is_on_an_older_page_is_quietly_back() -> None:
    house = a_house()
    house.subscribes("lead@example.org", schedule=MONTHLY)
    house.polls()
    for _ in range(4):
        house.clock.passes(days=1)
        house.site.gives(
            WATCHED, page(an_old("Child A", 2026), links=f"{house.clock.now()} {link('?page=1', '2')}")
        )
        house.polls()
    assert in_archive(house)["Child B"] == "withdrawn"
    house.a_week_passes()
    house.email.taken.clear()
    house.site.gives(f"{WATCHED}?page=1", page(an_old("Child B", 2026)))
    reads_older(house)
    assert in_archive(house)["Child B"] == "published"
    house.a_week_passes()
    assert [message for message in house.got() if message] == []


def test_an_older_page_in_other_words_changes_nothing_of_what_the_watched_page_says() -> None:
    house = a_house()
    house.subscribes("lead@example.org", schedule=MONTHLY)
    house.polls()
    house.a_week_passes()
    house.email.taken.clear()
    longer = entry(
        "Child A", year=2026, incident="Another story of Child A, told at greater length than before."
    )
    house.site.gives(f"{WATCHED}?page=1", page(longer, an_old("Child C")))
    before = {known.review for known, _ in house.store.every_review()}
    reads_older(house)
    assert before <= {known.review for known, _ in house.store.every_review()}
    (run,) = house.polls()
    assert (run.state, run.revised) == ("nothing new", 0)
    house.a_week_passes()
    assert [message for message in house.got() if message] == []


def test_what_a_poll_keeps_meanwhile_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = a_source(), a_source("harrowmere")
    house = House(one, other)
    house.site.gives(one.url, page(an_old("Child A"), links=link("?page=1", "2")))
    house.site.gives(f"{one.url}?page=1", page(an_old("Child C")))
    house.site.gives(other.url, page(an_old("Child C")))
    prepare(one, house.collecting)
    as_known = house.store.known
    polled: list[str] = []

    def meanwhile(source_id: str, handles: Sequence[str]) -> tuple[KnownReview, ...]:
        found = as_known(source_id, handles)
        if not polled:
            polled.append(source_id)
            house.polls("harrowmere")
        return found

    monkeypatch.setattr(house.store, "known", meanwhile)
    (read,) = backfill(one, house.collecting).pages
    assert (read.reviews, read.new) == (1, 0)
    titles = [found.review.title for found, _ in house.store.every_review()]
    assert titles == ["Child A", "Child C"]


def test_nothing_of_how_the_source_stands_is_touched() -> None:
    house = a_house()
    house.polls()
    run, saved = house.store.last_run("saltmarsh"), house.store.saved_page("saltmarsh", "good")
    house.site.fails(f"{WATCHED}?page=1")
    (source,) = house.sources.values()
    house.store.add_older([OlderPage(source_id=source.id, url=f"{WATCHED}?page=1")])
    backfill(source, house.collecting)
    assert house.store.last_run("saltmarsh") == run
    assert house.store.saved_page("saltmarsh", "good") == saved
    assert house.store.failures() == ()


def test_an_older_review_of_another_source_is_quietly_told_more_fully() -> None:
    one, other = a_source(), a_source("harrowmere")
    house = House(one, other)
    brief = "<h3>2024 – Saltmarsh – Child C</h3><p>A baby of ten weeks was hurt.</p>"
    house.site.gives(other.url, page(an_old("Child X", 2026)))
    house.site.gives(one.url, page(an_old("Child A", 2026), links=link("?page=1", "2")))
    house.site.gives(f"{one.url}?page=1", page(an_old("Child C")))
    house.subscribes("lead@example.org", schedule=MONTHLY)
    house.polls()
    house.site.gives(other.url, page(brief, an_old("Child X", 2026)))
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Child C", "new")]]
    house.email.taken.clear()
    prepare(one, house.collecting)
    backfill(one, house.collecting)
    (child_c,) = house.store.search(ArchiveQuery(words="Child C"))
    assert child_c.known.review.learning, "the older page tells more, and its words are kept"
    house.polls()
    house.a_week_passes()
    assert [message for message in house.got() if message] == []


def test_a_review_that_comes_to_the_watched_page_in_fewer_words_stops_no_poll() -> None:
    house = House()
    house.site.gives(WATCHED, page(an_old("Child A", 2026), links=link("?page=1", "2")))
    house.site.gives(f"{WATCHED}?page=1", page(an_old("Child K", 2026)))
    reads_older(house)
    shorter = an_old("Child K", 2026).partition("<p><strong>Recommendations")[0]
    house.site.gives(WATCHED, page(an_old("Child A", 2026), shorter))
    (run,) = house.polls()
    assert (run.new, run.records) == (0, 2), run.detail
    reads_older(house, starts=(f"{WATCHED}?page=1",), again=True)
    house.site.gives(WATCHED, page(an_old("Child A", 2026), shorter, links="Another day"))
    (run,) = house.polls()
    assert (run.state, run.revised) == ("nothing new", 0), run.detail


def test_what_the_watched_page_told_stays_though_it_has_left_and_the_older_page_tells_less() -> None:
    house = House()
    house.site.gives(WATCHED, page(an_old("Child A", 2026), an_old("Child B", 2026)))
    house.polls()
    house.clock.passes(days=1)
    house.site.gives(WATCHED, page(an_old("Child A", 2026), links=link("?page=1", "2")))
    shorter = an_old("Child B", 2026).partition("<p><strong>Recommendations")[0]
    house.site.gives(f"{WATCHED}?page=1", page(shorter))
    for again in (False, True):
        reads_older(house, again=again)
        (child_b,) = house.store.search(ArchiveQuery(words="Child B"))
        assert child_b.known.review.recommendations


def test_an_older_page_that_calls_a_review_of_another_source_withdrawn_withdraws_nothing() -> None:
    one, other = a_source(), a_source("harrowmere")
    house = House(one, other)
    house.site.gives(other.url, page(an_old("Child C"), an_old("Child X", 2026)))
    house.site.gives(one.url, page(an_old("Child A", 2026), links=link("?page=1", "2")))
    gone = an_old("Child C").replace("</h3>", "</h3><p>This review has been withdrawn.</p>")
    house.site.gives(f"{one.url}?page=1", page(gone, an_old("Child D")))
    house.polls()
    prepare(one, house.collecting)
    backfill(one, house.collecting)
    (child_c,) = house.store.search(ArchiveQuery(words="Child C"))
    assert child_c.known.review.status == "published"
    assert [told.review.status for told in child_c.known.tellings] == ["withdrawn"]


def test_the_watched_page_misses_nothing_that_it_never_had() -> None:
    on_it = replace(known(a_review("Child A", published=None, year=None), id=1), first_seen=MONDAY)
    beyond = known(a_review("Child B", published=None, year=None), id=2)
    seen = tuple(replace(one, beyond=True) for one in beyond.sightings)
    beyond = replace(beyond, sightings=seen, backfilled=True, first_seen=MONDAY)
    page = (on_it.review,)
    changes = identity.recognise(a_source(), page, (on_it, beyond), rolls=False, now=MONDAY)
    assert [change.kind for change in changes] == ["same"]
    emptied = identity.recognise(a_source(), (), (on_it, beyond), rolls=False, now=MONDAY, empty=True)
    assert [(change.kind, change.review.title) for change in emptied] == [("missing", "Child A")]
