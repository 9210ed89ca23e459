"""A digest as pages: all of it on the one, as much as fits a sheet of paper on the other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.deliver import words
from bot.deliver.rendering.printed import Printed
from bot.deliver.rendering.templating import Templates
from bot.deliver.showing.sheet import AMOUNTS, EVERYTHING, SheetShown, sheet_of
from bot.deliver.showing.view import show
from bot.models import Difference, Digest, Edition, Entry, Review, Section
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    SECTIONED,
    SIBLINGS,
    digest,
    entry,
    full_week,
    name_of_theme,
    revised,
    withdrawn,
)
from tests.deliver.parts import TEMPLATES, renderer
from tests.deliver.rendering.test_render import Page

PRINTED = Printed(Templates(TEMPLATES), name_of_theme)


def whole(of: Digest) -> Page:
    return Page(PRINTED.page(Edition(id="0" * 32, digest=of)))


def meeting(of: Digest) -> Page:
    return Page(PRINTED.meeting(Edition(id="0" * 32, digest=of)))


def sheet(of: Digest) -> SheetShown:
    return sheet_of(show(of, name_of_theme, EVERYTHING))


# --- the whole digest -----------------------------------------------------------------------------------


def long(words: str, number: int) -> tuple[str, ...]:
    return tuple(f"{words} {n}: {'and so on ' * 100}end {n}." for n in range(number))


def test_nothing_that_a_source_says_is_cut() -> None:
    review = Review(
        title="Child Fern",
        incident="It began. " * 600 + "It ended.",
        background="Before. " * 300 + "After.",
        learning=long("Learning", 30),
        recommendations=long("Recommendation", 60),
        actions=long("Action", 9),
        good_practice=long("Practice", 9),
        questions=long("Question", 20),
        sections=tuple(Section(heading=f"Part {n}", items=long(f"Part {n}", 3)) for n in range(5)),
    )
    said = whole(digest(*(entry(review, number) for number in range(1, 21)))).text
    every = (*review.learning, *review.recommendations, *review.actions, *review.good_practice)
    every += (*review.questions, *(item for one in review.sections for item in one.items))
    for one in (review.incident, review.background, *every):
        assert said.count(" ".join(one.split())) == 20
    assert "continues in" not in said
    assert "more in the" not in said


def test_a_change_is_told_whole() -> None:
    changed = Difference(
        field="learning", before=long("Before", 8), after=(*long("After", 8), "serious-harm")
    )
    said = whole(digest(replace(revised(), differences=(changed,)))).text
    assert all(" ".join(words.split()) in said for words in (*changed.before, *long("After", 8)))
    assert "serious harm" in said


def test_it_says_all_that_the_mail_says_of_each_review() -> None:
    """But why the reader got it is why it is there, and what is new to them new in this digest."""
    uncut = replace(BABY_ROWAN, incident="It was March.", learning=BABY_ROWAN.learning[:5])
    week = digest(entry(uncut), *full_week().entries[1:])
    mail = Page(renderer().email(week, None).html).text
    theirs = mail[mail.rindex("The reviews") : mail.index("For your team meeting")]
    assert set(theirs.split()) - set(whole(week).text.split()) <= {"you", "got", "you."}


def test_the_parts_come_in_the_order_of_the_mail() -> None:
    said = whole(full_week()).text
    parts = ["Content note.", "In this digest", "The reviews", "What happened", "Key learning"]
    parts += ["Recommendations", "Good practice", "Questions for reflection", "Why it is here"]
    parts += ["What was checked", "NSPCC Helpline"]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_titles_in_the_list_tell_of_no_harm_and_lead_down_the_page() -> None:
    page = whole(full_week())
    assert ("A review from Saltmarsh", "#review-5") in page.links
    assert "review-5" in page.ids


def test_a_review_withdrawn_since_has_its_words_and_links_left_out() -> None:
    for said in (whole(digest(withdrawn(), entry())), meeting(digest(withdrawn(), entry()))):
        assert re.search("[Nn]o longer offer", said.text)
        assert "chronology" not in said.text
        assert not any("portlowen" in url for _, url in said.links)


@pytest.mark.parametrize("before", [entry(SECTIONED), revised()])
def test_a_review_that_its_source_calls_withdrawn_has_them_left_out_too(before: Entry) -> None:
    gone = replace(before, review=replace(before.review, status="withdrawn"))
    said = whole(digest(gone)).text
    assert "would have helped" not in said
    assert "toolkit" not in said


def test_a_footer_of_the_subscription_takes_the_place_of_the_helpline() -> None:
    said = whole(digest(entry(), footer="Call our team on 01632 960001.")).text
    assert "Call our team on 01632 960001." in said
    assert "NSPCC Helpline" not in said


def test_a_quiet_week_is_a_short_page() -> None:
    assert "What was checked" in whole(digest()).text
    assert "What will we do?" not in meeting(digest()).text


def test_what_is_longer_than_anybody_prints_is_cut_and_says_where_it_goes_on() -> None:
    endless = "It goes on. " * 5_000
    review = Review(
        title="Child Fern",
        incident=endless,
        background=endless,
        learning=(endless, "Short."),
        recommendations=tuple(f"Recommendation {n}." for n in range(230)),
        sections=(Section(heading="Scope", items=(endless,) + ("One more.",) * 210),),
    )
    page = PRINTED.page(Edition(id="0" * 32, digest=digest(entry(review), revised_of(endless))))
    assert page.count("(continues in the source)") == 4
    assert page.count("(continues in the report)") == 2
    assert "<li>Short.</li>" in page
    assert "<li>Recommendation 199.</li>" in page
    assert "Recommendation 200." not in page
    assert "and 30 more in the source" in page
    assert "and 11 more in the source" in page
    assert len(page) < 80_000


def revised_of(text: str) -> Entry:
    return replace(revised(), differences=(Difference(field="incident", before=(text,), after=(text,)),))


def test_pages_of_endless_fields_do_not_even_read_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cleaned: list[int] = []
    clean = words.clean

    def counted(text: str) -> str:
        cleaned.append(len(text))
        return clean(text)

    monkeypatch.setattr(words, "clean", counted)
    of = digest(entry(Review(title="Child Fern", incident="x " * 100_000, learning=("y " * 100_000,) * 9)))
    PRINTED.page(Edition(id="0" * 32, digest=of))
    PRINTED.meeting(Edition(id="0" * 32, digest=of))
    assert sum(cleaned) < 300_000


# --- the sheet ------------------------------------------------------------------------------------------


def test_the_sheet_has_title_place_address_learning_questions_and_room_to_write() -> None:
    page = meeting(digest(entry()))
    assert "Baby Rowan, Wetherby Vale" in page.text
    address = "https://www.wetherbyvale-scp.example/rowan.pdf"
    assert ("Read the overview report (PDF): Baby Rowan", address) in page.links
    assert all(question in page.text for question in BABY_ROWAN.questions)
    assert "What will we do? Who? By when?" in page.text
    assert any(attributes.get("class") == "rule" for _, attributes in page.tags)


def test_points_that_carry_the_readers_themes_come_first() -> None:
    item = sheet(digest(entry())).items[0]
    assert item.points.shown[0].text.startswith("Explanations that parents give need to be tested")
    assert "Key learning (3 of 9)" in meeting(digest(entry())).text


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_usual_week_fits_one_page(number: int) -> None:
    made = sheet(digest(*(entry(replace(BABY_ROWAN, title=f"Baby {n}"), n) for n in range(number))))
    assert (made.lines, made.rows) in [(one.lines, one.rows) for one in AMOUNTS]
    assert all(len(item.points.shown) >= 2 and len(item.questions.shown) >= 2 for item in made.items)


def test_fewer_reviews_have_more_room() -> None:
    one, four = sheet(digest(entry())), sheet(digest(*(entry(number=n) for n in range(4))))
    assert one.lines > four.lines
    assert len(one.items[0].questions.shown) > len(four.items[0].questions.shown)


def test_many_reviews_take_more_pages_and_not_less_room_each() -> None:
    made = sheet(digest(*(entry(number=n) for n in range(12))))
    assert len(made.items) == 12
    assert all(len(item.questions.shown) == 3 for item in made.items)


def test_a_review_without_questions_has_room_to_write_all_the_same() -> None:
    assert "What does it mean for us?" in meeting(digest(entry(BARE))).text


@pytest.mark.parametrize(
    ("review", "heading"),
    [
        (replace(SIBLINGS, learning=()), "Recommendations"),
        (SECTIONED, "From the source"),
        (BARE, ""),
    ],
)
def test_where_no_learning_is_named_the_next_best_stands_there(review: Review, heading: str) -> None:
    assert sheet(digest(entry(review))).items[0].heading == heading


@pytest.mark.parametrize(
    "first", ["This goes on. ", "This is a sentence that is long enough to stand alone. " * 4]
)
def test_what_is_shortened_says_so(first: str) -> None:
    review = replace(BABY_ROWAN, learning=(first + "And on " * 200,), questions=())
    made = sheet(digest(entry(review))).items[0].points.shown[0]
    assert made.goes_on
    assert f"{made.text.rstrip('…')}…" in meeting(digest(entry(review))).text


def test_a_changed_review_says_what_changed() -> None:
    assert (
        "It has changed since it was first told: the recommendations and" in meeting(digest(revised())).text
    )
