"""A page that suddenly yields little is an error, never an empty digest; and a page that lives is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.drift.figures import figures
from bot.drift.glance import Glance
from bot.drift.readings import check, note
from bot.errors import UnreadableDocument
from bot.models import Document, Page, Reading, Selectors, Source, SourceRun
from tests.house import House, entry, listing
from tests.reviews import MONDAY, a_bare_review, a_review, a_source

PAGE = "https://saltmarsh.example.org/reviews"


def reading(count: int, **changes: Any) -> Reading:
    return Reading(state="read", reviews=tuple(a_bare_review(f"Child {n}", **changes) for n in range(count)))


def last_good(records: int, before: Reading | None = None, stated: int | None = None) -> SourceRun:
    counted = figures(before or reading(records), a_glance(stated=stated))
    return SourceRun(
        source_id="saltmarsh", started=MONDAY, ended=MONDAY, state="good", records=records, figures=counted
    )


def a_glance(stated: int | None = None, total: int | None = None, entries: int = 0) -> Glance:
    return Glance(
        letters="",
        words="",
        lines=frozenset(),
        addresses=frozenset(),
        stated=stated,
        total=total or stated,
        entries=entries,
    )


# --- a reading by itself, and beside the one before -----------------------------------------------------


def test_a_page_with_what_was_expected_is_trusted() -> None:
    check(a_source(expect_min=3, expect_max=10), reading(5), last_good(6))


def test_fewer_than_expected_names_the_setting_to_correct() -> None:
    with pytest.raises(UnreadableDocument, match=r"1 review, and at least 3 .* lower `expect: min`"):
        check(a_source(expect_min=3), reading(1), None)


def test_more_than_expected_names_the_setting_to_correct() -> None:
    with pytest.raises(UnreadableDocument, match=r"12 reviews, and at most 10 .* raise `expect: max`"):
        check(a_source(expect_max=10), reading(12), None)


def test_a_sudden_drop_is_an_error_that_says_how_to_accept_it() -> None:
    with pytest.raises(UnreadableDocument, match=r"40 were there .* poll saltmarsh --accept"):
        check(a_source(), reading(9), last_good(40))


def test_a_small_list_may_shrink() -> None:
    check(a_source(), reading(1), last_good(5))


def test_a_feed_may_hold_any_number_of_the_latest() -> None:
    check(a_source(reads="feed"), reading(1), last_good(40))


def test_a_page_that_says_that_nothing_is_published_is_believed() -> None:
    check(a_source(expect_min=3), Reading(state="nothing there"), last_good(40))


def test_a_page_that_always_pointed_elsewhere_is_believed_and_one_that_held_reviews_is_not() -> None:
    hub = Reading(state="hub", see=("https://saltmarsh.example.org/published",))
    check(a_source(), hub, last_good(0))
    with pytest.raises(UnreadableDocument, match=r"only points elsewhere now .*/published.* its new address"):
        check(a_source(), hub, last_good(3))


@pytest.mark.parametrize("title", ["Child \N{REPLACEMENT CHARACTER}", "Child \x93A\x94", "  ", "word " * 60])
def test_a_title_that_cannot_be_right_spoils_the_page(title: str) -> None:
    spoilt = Reading(state="read", reviews=(a_review(title),))
    with pytest.raises(UnreadableDocument, match="title"):
        check(a_source(), spoilt, None)


def test_many_reviews_of_one_title_and_nothing_to_tell_them_apart_are_no_reviews() -> None:
    alike = Reading(state="read", reviews=(a_bare_review("Read the report"),) * 5)
    with pytest.raises(UnreadableDocument, match="5 reviews that are all called “Read the report”"):
        check(a_source(), alike, None)


def test_reviews_of_one_title_from_different_places_are_reviews() -> None:
    places = ("Saltmarsh", "Harrowmere", "Port Lowen", "Wetherby Vale")
    titles = tuple(a_bare_review("Child A", place=place) for place in places)
    check(a_source(), Reading(state="read", reviews=titles), None)


def test_a_field_that_most_reviews_had_and_hardly_any_has_is_an_error() -> None:
    before = reading(10, learning=("act on the first bruise",))
    with pytest.raises(UnreadableDocument, match=r"0% of them with learning, and 100% had it"):
        check(a_source(), reading(10), last_good(10, before))


def test_a_field_that_few_reviews_had_may_go() -> None:
    some = Reading(state="read", reviews=(*reading(9).reviews, a_review("Child 9")))
    check(a_source(), reading(10), last_good(10, some))


def test_a_short_list_may_change_its_fields() -> None:
    before = reading(4, learning=("act on the first bruise",))
    check(a_source(), reading(4), last_good(4, before))


def test_headings_of_entries_that_were_not_read_as_reviews_are_an_error_at_the_first_poll() -> None:
    with pytest.raises(UnreadableDocument, match="gave 3 reviews, and has 12 headings of entries"):
        check(a_source(), reading(3), None, a_glance(entries=12))
    check(a_source(include=("baby",)), reading(3), None, a_glance(entries=12))
    check(a_source(), reading(11), None, a_glance(entries=12))


def test_a_total_that_agreed_before_and_does_not_now_is_an_error() -> None:
    with pytest.raises(UnreadableDocument, match="says itself that it shows 20"):
        check(a_source(), reading(10), last_good(18, stated=18), a_glance(stated=20))


def test_a_total_that_never_agreed_is_told_and_stops_nothing() -> None:
    check(a_source(), reading(10), last_good(10, stated=52), a_glance(stated=52))
    assert (
        note(reading(10), a_glance(stated=52)) == "the page says that it has 52, and 10 reviews could be read"
    )


def test_a_page_of_a_longer_list_is_told_and_stops_nothing() -> None:
    check(a_source(), reading(10), last_good(10, stated=10), a_glance(stated=10, total=52))
    assert "shows 10 of 52" in note(reading(10), a_glance(stated=10, total=52))
    assert note(reading(12), a_glance(stated=12)) == ""


# --- through the front door: what is told of, and what is kept ------------------------------------------

NAMES = ("Rowan", "Wren", "Juno", "Ivo", "Tamsin", "Osric", "Linnet", "Perrin", "Maeve", "Corin")


def story(name: str, *, year: int = 2026, more: str = "") -> str:
    """An entry whose words are its own, as those of real reviews are."""
    return entry(
        name,
        year=year,
        incident=f"{name} was found by a neighbour after a fall from the roof of the house in {name} Lane.{more}",
        learning=(
            f"practitioners saw the mother of {name} and not the child who was with her",
            f"nobody asked what the school of {name} had written down about the bruises",
        ),
        recommendations=(f"{name}’s health visitors should be told of each visit to the hospital",),
        link=f"https://saltmarsh.example.org/docs/{name.lower()}.pdf",
    )


@pytest.fixture
def house() -> House:
    house = House()
    house.site.publishes(PAGE, *map(story, NAMES))
    house.polls()
    return house


def polled(house: House, page: str) -> SourceRun:
    house.site.gives(PAGE, page.encode())
    (run,) = house.polls()
    return run


def loud(house: House, page: str) -> str:
    """What is said of a page of which nothing may be kept or told, and which is as good as none next time."""
    before = list(house.store.every_review())
    run = polled(house, page)
    assert (run.state, run.new, run.revised, run.withdrawn) == ("unreadable", 0, 0, 0)
    assert list(house.store.every_review()) == before
    kept = house.store.saved_page("saltmarsh", "doubtful")
    assert kept is not None
    assert (kept.body, kept.reason) == (page.encode(), run.detail)
    (again,) = house.polls()
    assert again.state == "unreadable", "its validators were not kept"
    good = polled(house, listing(*map(story, NAMES)))
    assert (good.state, good.new, good.revised, good.withdrawn) == ("nothing new", 0, 0, 0)
    return run.detail


def counts(run: SourceRun) -> tuple[str, int, int, int]:
    return run.state, run.new, run.revised, run.withdrawn


def test_the_page_that_was_read_is_kept_as_it_came(house: House) -> None:
    kept = house.store.saved_page("saltmarsh", "good")
    assert kept is not None
    assert (kept.body, kept.url) == (listing(*map(story, NAMES)).encode(), PAGE)
    run = house.store.last_good_run("saltmarsh")
    assert run is not None
    assert (run.figures.closed, run.figures.shares["learning"]) == (True, 1.0)


def test_a_page_that_did_not_change_keeps_what_was_counted_on_it(house: House) -> None:
    before = house.store.last_good_run("saltmarsh")
    house.polls()
    after = house.store.last_good_run("saltmarsh")
    assert before is not None
    assert after is not None
    assert (after.figures, after.started > before.started) == (before.figures, True)


def test_a_page_that_no_reader_can_open_is_kept_too(house: House) -> None:
    house.site.gives(PAGE, b"\x00\x01\x02" * 400)
    house.polls()
    kept = house.store.saved_page("saltmarsh", "doubtful")
    assert kept is not None
    assert kept.body == b"\x00\x01\x02" * 400
    (standing,) = house.store.standings()
    assert standing.page_kept


def test_a_wall_in_front_of_a_page_is_kept_with_the_reason(house: House) -> None:
    run = polled(house, "<html><title>Just a moment...</title><p>Checking your browser</p></html>")
    assert run.state == "blocked"
    kept = house.store.saved_page("saltmarsh", "doubtful")
    assert kept is not None
    assert kept.reason == run.detail


def test_a_page_over_which_the_bot_itself_fails_is_kept_to_be_mended_with(house: House) -> None:
    class Breaks:
        def open(self, page: Page) -> Document:
            raise NotImplementedError

        def read(self, page: Page, source: Source | None = None) -> Reading:
            raise RuntimeError("a fault of our own")

    house.collecting = replace(house.collecting, opener=Breaks())
    run = polled(house, listing(story("Sable")))
    assert run.state == "failing"
    kept = house.store.saved_page("saltmarsh", "doubtful")
    assert kept is not None
    assert b"Sable" in kept.body


def test_a_server_that_does_not_answer_leaves_no_page(house: House) -> None:
    house.site.fails(PAGE)
    house.polls()
    assert house.store.saved_page("saltmarsh", "doubtful") is None


def test_a_page_cut_short_is_an_error_though_nothing_on_it_changed(house: House) -> None:
    page = listing(*map(story, NAMES))
    assert "cut short" in loud(house, page[: page.index("</main>")])
    assert "inside a tag" in loud(house, page[: page.rindex("</h3>") + 3])


@pytest.mark.parametrize("cut_at", ["/h3>", "isit to the hospital", "</main>"])
def test_a_page_cut_short_is_to_be_looked_at_and_never_offered_to_be_accepted(
    house: House, cut_at: str
) -> None:
    page = listing(*map(story, NAMES))
    said = loud(house, page[: page.rindex(cut_at)])
    assert "--accept" not in said
    assert "nothing was kept. Look whether the page is whole in a browser; the next poll tries again" in said


def test_a_page_that_ends_inside_a_tag_or_is_the_first_part_of_the_last_is_not_accepted(house: House) -> None:
    page = listing(*map(story, NAMES))
    other = page.replace("Contact us", "Write to us").replace("Summaries of", "All")
    for cut in (page[: len(page) // 2], page[: page.index("</main>")], other[: other.rindex("</h3>") + 3]):
        house.site.gives(PAGE, cut.encode())
        (run,) = house.polls(accept=True)
        assert (counts(run), run.detail.count("is cut short")) == (("unreadable", 0, 0, 0), 1)


def test_a_page_that_only_lacks_its_end_tag_can_be_accepted(house: House) -> None:
    page = listing(*map(story, NAMES)).replace("Contact us", "Write to us").replace("</body></html>", "")
    assert "its end tag is missing" in polled(house, page).detail
    assert counts(house.polls(accept=True)[0]) == ("nothing new", 0, 0, 0)


def test_a_comment_that_no_longer_follows_the_end_tag_cuts_nothing(house: House) -> None:
    page = listing(*map(story, NAMES))
    assert polled(house, page + "<!-- kept by the cache since Monday -->").state == "nothing new"
    assert counts(polled(house, page)) == ("nothing new", 0, 0, 0)


def test_a_page_that_never_closes_its_markup_is_none_that_was_cut() -> None:
    house = House()
    page = listing(*map(story, NAMES)).replace("</body></html>", "")
    assert polled(house, page).state == "good"
    assert counts(polled(house, page.replace("Contact us", "Write to us"))) == ("nothing new", 0, 0, 0)


def test_one_entry_run_into_another_is_an_error(house: House) -> None:
    page = listing(*map(story, NAMES)).replace("<h3>2026 – Saltmarsh – Ivo</h3>", "")
    assert "Ivo" in loud(house, page) or "Juno" in loud(house, page)


def test_a_field_lost_from_one_entry_while_its_words_are_on_the_page_is_an_error(house: House) -> None:
    entries = [*map(story, NAMES)]
    words = "<p><strong>Recommendations include:</strong> Maeve’s health visitors should be told of each visit to the hospital.</p>"
    without = listing(*entries).replace(words, "")
    assert words in listing(*entries)
    loud(house, without.replace("</main>", f"</main><aside>{words}</aside>"))


def test_recommendations_gone_from_a_known_review_are_an_error(house: House) -> None:
    page = listing(*map(story, NAMES)).replace(
        "Wren’s health visitors should be told of each visit to the hospital", ""
    )
    assert "lost its recommendations" in loud(house, page)


def test_a_point_that_is_not_read_any_more_and_still_stands_there_is_an_error(house: House) -> None:
    point = "practitioners saw the mother of Maeve and not the child who was with her"
    page = listing(*map(story, NAMES)).replace(f"{point}; ", "")
    said = loud(house, page.replace("Contact us", f"<p>{point}</p>"))
    assert "no longer has words that still stand on the page" in said


def test_words_from_elsewhere_on_the_page_that_run_into_a_review_are_an_error() -> None:
    house = House()
    note = "Share these summaries with everybody in your team before the end of each month"
    page = listing(*map(story, NAMES)).replace("Contact us", f"<p>{note}</p>")
    assert polled(house, page).state == "good"
    run = polled(house, page.replace("and not the child", f"and not the child; {note}; and", 1))
    assert run.state == "unreadable"
    assert "stood elsewhere on the page before" in run.detail


def test_a_document_that_is_linked_elsewhere_on_the_page_now_is_an_error(house: House) -> None:
    link = '<a href="https://saltmarsh.example.org/docs/wren.pdf">Read the report (PDF)</a>'
    page = listing(*map(story, NAMES))
    assert link in page
    said = loud(house, page.replace(f"<p>{link}</p>", "").replace("Contact us", link))
    assert "lost its documents, which are on the page" in said


def test_a_text_file_that_is_the_first_part_of_what_it_was_is_cut_short() -> None:
    house = House()
    text = "# Baby Rowan: learning from a practice review\n\n## What happened\n\nRowan was found by a neighbour.\n\n"
    text += "## Learning\n\n" + "".join(
        f"- point {n} says that practitioners should ask about home number {n}\n" for n in range(12)
    )
    house.site.gives(PAGE, text.encode(), "text/markdown")
    assert house.polls()[0].state == "good"
    house.site.gives(PAGE, text[:-150].encode(), "text/markdown")
    (run,) = house.polls()
    assert run.state == "unreadable"
    assert "the first part of the last good page" in run.detail


def test_what_stood_on_the_page_before_is_not_new(house: House) -> None:
    page = listing(*map(story, NAMES)).replace("2026 – Saltmarsh – Rowan", "2026 – Saltmarsh – Wren Lane")
    assert "Rowan" in loud(house, page)


def test_another_page_in_its_place_is_an_error() -> None:
    house = House()
    links = "".join(
        f'<li><a href="/docs/{name}.pdf">Child {name}: Local Child Safeguarding Practice Review report</a></li>'
        for name in NAMES
    )
    frame = "<html><body><main><h1>Published reviews</h1><ul>{}</ul></main></body></html>"
    assert polled(house, frame.format(links)).state == "good"
    others = links.replace("Child ", "Adult ").replace("Child Safeguarding Practice", "Safeguarding Adults")
    for name in NAMES:
        others = others.replace(name, name[::-1].title())
    run = polled(house, frame.format(others))
    assert run.state == "unreadable"
    assert "as if it were another page" in run.detail


def test_most_of_a_list_gone_and_nothing_new_is_an_error(house: House) -> None:
    assert "lost 6 of its 10 reviews" in loud(house, listing(*map(story, NAMES[:4])))


def test_six_reviews_of_which_one_is_left_and_nothing_new_are_an_error() -> None:
    house = House()
    polled(house, listing(*map(story, NAMES[:6])))
    assert "lost 5 of its 6 reviews" in polled(house, listing(story(NAMES[2]))).detail


def test_codes_of_characters_are_an_error_where_there_were_none(house: House) -> None:
    page = listing(*map(story, NAMES)).replace("’", "&amp;rsquo;")
    assert "code of a character" in loud(house, page)


def test_an_administrator_who_says_that_it_is_right_is_believed(house: House) -> None:
    house.site.gives(PAGE, listing(*map(story, NAMES[:3])).encode())
    (run,) = house.polls()
    assert run.state == "unreadable"
    (run,) = house.polls(accept=True)
    assert (run.state, run.records) == ("nothing new", 3)
    (run,) = house.polls()
    assert (run.state, run.records) == ("nothing new", 3), "and from then on it is what is compared with"


FOUND = "Sable was found by a neighbour after a fall from the roof of the house in Sable Lane."
TAUGHT = "practitioners saw the mother of Sable and not the child who was with her"
ASKED = "nobody asked what the school of Sable had written down about the bruises"
PROSE = f"<p>{FOUND} {TAUGHT}; {ASKED}.</p>"
TEASER = f"<p>To be published in May: {FOUND}</p>"


@pytest.mark.parametrize(
    ("stood", "told"), [(PROSE, [[]]), (TEASER, [[("Sable", "new")]]), ("", [[("Sable", "new")]])]
)
def test_an_accepted_page_tells_what_came_and_not_what_always_stood_on_it(
    stood: str, told: list[list[tuple[str, str]]]
) -> None:
    house = House()
    polled(house, listing(*map(story, NAMES)).replace("<h1>", stood + "<h1>"))
    house.subscribes("lead@example.org")
    house.site.gives(PAGE, listing(story("Sable"), *map(story, NAMES)).encode())
    assert counts(house.polls(accept=True)[0]) == ("good", 1, 0, 0)
    house.a_week_passes()
    assert house.got() == told


# --- normal life ----------------------------------------------------------------------------------------


def test_a_new_entry_is_new(house: House) -> None:
    run = polled(house, listing(story("Sable"), *map(story, NAMES)))
    assert counts(run) == ("good", 1, 0, 0)


def test_a_monthly_page_replaces_all_its_entries(house: House) -> None:
    others = ("Sable", "Fenn", "Ottilie", "Bram", "Isolde", "Kit")
    run = polled(house, listing(*map(story, others)))
    assert counts(run) == ("good", 6, 0, 0)


def test_a_month_that_begins_with_one_review_raises_no_alarm() -> None:
    house = House()
    polled(house, listing(*map(story, NAMES[:6])))
    assert counts(polled(house, listing(story("Sable")))) == ("good", 1, 0, 0)


def test_a_few_reviews_of_which_one_is_left_raise_no_alarm() -> None:
    house = House()
    polled(house, listing(*map(story, NAMES[:5])))
    assert counts(polled(house, listing(story(NAMES[2])))) == ("nothing new", 0, 0, 0)


def test_a_list_of_the_latest_few_drops_its_oldest(house: House) -> None:
    run = polled(house, listing(story("Sable"), story("Fenn"), *map(story, NAMES[:-2])))
    assert counts(run) == ("good", 2, 0, 0)


def test_a_list_that_is_cleared_of_its_oldest_raises_no_alarm() -> None:
    house = House()
    years = (2026, 2026, 2026, 2025, 2024, 2024, 2023, 2023, 2022, 2021)
    entries = [story(name, year=year) for name, year in zip(NAMES, years, strict=True)]
    assert polled(house, listing(*entries)).new == 10
    assert counts(polled(house, listing(*entries[:4]))) == ("nothing new", 0, 0, 0)
    house.clock.passes(days=2)
    assert [house.polls()[0].withdrawn for _ in range(3)] == [0, 0, 0]


def test_a_list_that_lost_most_and_not_its_oldest_is_an_error() -> None:
    house = House()
    years = (2026, 2026, 2026, 2023, 2024, 2024, 2023, 2023, 2022, 2021)
    entries = [story(name, year=year) for name, year in zip(NAMES, years, strict=True)]
    assert polled(house, listing(*entries)).new == 10
    assert "lost 6 of its 10 reviews" in polled(house, listing(*entries[:4])).detail


def test_one_entry_taken_down_is_missed_quietly(house: House) -> None:
    run = polled(house, listing(*map(story, (*NAMES[:4], *NAMES[5:]))))
    assert counts(run) == ("nothing new", 0, 0, 0)


def test_an_entry_that_is_really_edited_is_revised(house: House) -> None:
    more = " The coroner has since found that it was no accident, and that two others knew."
    run = polled(house, listing(*map(story, NAMES[:-1]), story(NAMES[-1], more=more)))
    assert counts(run) == ("good", 0, 1, 0)


def test_a_page_with_one_review_that_is_edited_is_revised() -> None:
    house = House()
    assert polled(house, listing(story("Rowan"))).state == "good"
    run = polled(house, listing(story("Rowan", more=" The coroner has since found that it was no accident.")))
    assert counts(run) == ("good", 0, 1, 0)


def test_a_new_frame_around_the_same_entries_changes_nothing(house: House) -> None:
    page = listing(*map(story, NAMES)).replace(
        "<main>", '<div class="c2"><p>Closed on Friday.</p></div><main id="m">'
    )
    assert counts(polled(house, page.replace("h3", "h4"))) == ("nothing new", 0, 0, 0)


def test_another_order_changes_nothing(house: House) -> None:
    run = polled(house, listing(*map(story, reversed(NAMES))))
    assert counts(run) == ("nothing new", 0, 0, 0)


def test_a_page_that_is_emptied_and_says_so_is_believed(house: House) -> None:
    house.site.says_nothing_is_published(PAGE)
    (run,) = house.polls()
    assert run.state == "nothing there"
    run = polled(house, listing(story("Sable")))
    assert counts(run) == ("good", 1, 0, 0)


def test_corrected_settings_are_not_held_against_the_page() -> None:
    house = House(a_source(exclude=("ivo", "wren")))
    assert polled(house, listing(*map(story, NAMES))).records == 8
    house.sources["saltmarsh"] = a_source()
    (run,) = house.polls()
    assert (run.state, run.records) == ("good", 10), "what it had all along is read now"
    house.sources["saltmarsh"] = a_source(exclude=("ivo",))
    (run,) = house.polls()
    assert (run.state, run.records, run.withdrawn) == ("nothing new", 9, 0), "though the page still shows it"


def test_what_left_the_part_that_is_watched_has_left_though_the_page_still_has_it() -> None:
    house = House(a_source(select=Selectors(item=".latest li", title="b", link="a")))

    def page(*latest: str) -> str:
        def items(names: Sequence[str]) -> str:
            return "".join(f"<li><b>Child {one}</b> <a href='/{one}.pdf'>Report</a></li>" for one in names)

        older = f"<h2>All years</h2><ul>{items(NAMES)}</ul>"
        return f"<html><body><main><ul class='latest'>{items(latest)}</ul>{older}</main></body></html>"

    assert polled(house, page("Wren", "Juno", "Ivo")).state == "good"
    assert counts(polled(house, page("Sable", "Wren", "Juno"))) == ("good", 1, 0, 0)


def test_a_typo_mended_is_not_told(house: House) -> None:
    page = listing(*map(story, NAMES)).replace("Ivo was found by a neighbour", "Ivo was found by a neighbor")
    assert counts(polled(house, page)) == ("nothing new", 0, 0, 0)


def test_a_sidebar_that_names_a_review_which_left_raises_no_alarm() -> None:
    """Its title is in an index of all years; its words and report are gone."""
    house = House()
    index = "<p>See also our archive: " + ", ".join(NAMES) + ".</p>"
    page = listing(*map(story, NAMES), index)
    assert polled(house, page).state == "good"
    run = polled(house, listing(*map(story, (*NAMES[:4], *NAMES[5:])), index))
    assert counts(run) == ("nothing new", 0, 0, 0)


def test_what_came_in_the_week_in_which_the_settings_were_corrected_is_told() -> None:
    """A redesign is refused, a review comes meanwhile, and an administrator corrects the settings."""
    house = House(a_source(exclude=("ivo",)))
    assert polled(house, listing(*map(story, NAMES))).records == 9
    house.subscribes("lead@example.org")
    house.sources["saltmarsh"] = a_source()
    assert polled(house, listing(story("Sable"), *map(story, NAMES))).new == 2
    house.a_week_passes()
    assert house.got() == [[("Sable", "new")]], "what stood on the last good page is known from before"


def test_a_source_that_moved_begins_anew_and_floods_nobody() -> None:
    house = House()
    polled(house, listing(*map(story, NAMES)))
    house.subscribes("lead@example.org")
    moved = a_source(url="https://saltmarsh.example.org/learning")
    house.sources["saltmarsh"] = moved
    house.site.gives(moved.url, listing(story("Sable"), story("Fenn"), *map(story, NAMES)).encode())
    house.polls()
    house.a_week_passes()
    assert house.got() == [[]]


def test_one_new_entry_that_shows_the_code_of_a_character_is_no_drift(house: House) -> None:
    spoilt = story("Sable").replace("was found", "wasn&amp;#8217;t found")
    assert counts(polled(house, listing(spoilt, *map(story, NAMES)))) == ("good", 1, 0, 0)


def test_new_entries_that_all_show_the_codes_of_characters_are_an_error(house: House) -> None:
    spoilt = [story(one).replace("was found", "wasn&amp;#8217;t found") for one in ("Sable", "Fenn", "Kit")]
    run = polled(house, listing(*spoilt, *map(story, NAMES)))
    assert (run.state, run.records) == ("unreadable", None)


def test_a_report_in_the_place_of_the_page_to_ask_for_it_is_an_edit() -> None:
    house = House()

    def page(ivo: str) -> str:
        ask = "https://saltmarsh.example.org/request-a-report"
        entries = "".join(map(story, NAMES))
        for name in NAMES:
            report = f"https://saltmarsh.example.org/docs/{name.lower()}.pdf"
            entries = entries.replace(report, ivo if name == "Ivo" and ivo else ask)
        return listing(entries)

    assert polled(house, page("")).state == "good"
    run = polled(house, page("https://saltmarsh.example.org/docs/ivo.pdf"))
    assert (run.state, run.records) == ("nothing new", len(NAMES))


def test_a_title_that_was_accepted_is_not_doubted_again() -> None:
    house = House()
    odd = story("Learning from the death of a boy " + "who had lived with many carers in many places " * 6)
    assert polled(house, listing(odd, *map(story, NAMES))).state == "unreadable"
    house.polls(accept=True)
    assert counts(polled(house, listing(odd, story("Sable"), *map(story, NAMES)))) == ("good", 1, 0, 0)


def test_newsletters_that_look_like_entries_are_accepted_once() -> None:
    house = House()
    months = ("January", "February", "March", "April", "May", "June", "July")
    news = "".join(f"<li><a href='/{one}.pdf'>{one} 2026 – Newsletter – Issue 7</a></li>" for one in months)
    other = f"<h2>Newsletters</h2><ul>{news}</ul>"
    assert polled(house, listing(story("Rowan"), other)).state == "unreadable"
    house.polls(accept=True)
    assert counts(polled(house, listing(story("Wren"), story("Rowan"), other))) == ("good", 1, 0, 0)
