"""What stands around a document's text: the publisher over the title, the date of a cover or a footer."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest

from bot.formats import open_document
from bot.models import Block, Document, Page, Review
from bot.reading import read
from bot.reading.facts.ages import ages_of
from tests.reading.pages import block, document, read_html

STORY = "Moss, a 5-month-old boy, was taken to hospital with a broken leg in July 2024."


def told(*cover: Block, story: str = STORY) -> Review:
    parts = (
        *cover,
        block("heading", "What happened", level=2),
        block("paragraph", story),
        block("heading", "Learning", level=2),
        block("point", "Nobody asked who lived in the home"),
        block("point", "The bruise was not recorded"),
    )
    (review,) = read(replace(document(*parts), format="pdf")).reviews
    return review


def heading(text: str) -> Block:
    return block("heading", text, level=3)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published 9 February 2026", "2026-02-09"),
        ("Publication date: May 2025", "2025-05"),
        ("May 2025", "2025-05"),
    ],
)
def test_a_date_set_as_a_heading_is_the_date_of_publication(line: str, published: str) -> None:
    review = told(block("heading", "Baby Moss", level=1), heading(line))
    assert (review.title, review.published, review.sections) == ("Baby Moss", published, ())


def test_a_year_in_a_heading_of_the_story_is_no_date_of_publication() -> None:
    (review,) = read_html(
        f"<h2>What happened</h2><p>{STORY}</p><h2>Timeline</h2><h3>June 2024</h3><p>A nurse saw the home.</p>"
        "<h2>Learning</h2><ul><li>Nobody asked</li><li>Nobody wrote it down</li></ul>",
        heading="Baby Moss",
    ).reviews
    assert review.published is None


def test_the_publisher_over_the_title_is_no_section() -> None:
    publisher = block("paragraph", "Port Lowen Safeguarding Children Partnership")
    review = told(publisher, block("heading", "Practice briefing: Baby Moss", level=1))
    assert (review.title, review.place, review.sections) == ("Practice briefing: Baby Moss", "Port Lowen", ())


def word_file(footer: str) -> Document:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Port Lowen Safeguarding Children Partnership\tOFFICIAL"
    made.sections[0].footer.paragraphs[0].text = footer
    made.add_heading("Practice briefing: Baby Moss", 1)
    made.add_heading("What happened", 2)
    made.add_paragraph(STORY)
    made.add_heading("Learning", 2)
    made.add_paragraph("Nobody asked who lived in the home", style="List Bullet")
    out = io.BytesIO()
    made.save(out)
    return open_document(
        Page(url="https://www.portlowen.example.org/moss.docx", body=out.getvalue(), content_type=None)
    )


@pytest.mark.parametrize(
    ("footer", "published"),
    [
        ("Briefing 7 | Published June 2025 | Review date June 2027", "2025-06"),
        ("Briefing 7\tJune 2025\tPage 1 of 2", "2025-06"),
        ("Briefing 7\tReview date June 2027", None),
    ],
)
def test_a_word_files_running_lines_are_furniture_and_may_date_it(footer: str, published: str | None) -> None:
    opened = word_file(footer)
    around = [part.text for part in opened.blocks if part.furniture]
    assert around == [footer.replace("\t", " | "), "Port Lowen Safeguarding Children Partnership | OFFICIAL"]
    (review,) = read(opened).reviews
    assert (review.published, review.place, review.sections) == (published, "Port Lowen", ())


@pytest.mark.parametrize(
    ("background", "ages"),
    [
        ("Child Y is a 12-year-old boy who lives with his aunt.", ("12 years",)),
        ("Yusra was a two year old girl.", ("2 years",)),
        ("Child Y was a 2-year-old boy when the family first moved.", ()),
        ("His mother is a 19-year-old woman. He has a 4-year-old sister.", ()),
        ("Child Y lived with a 6-year-old sister.", ()),
    ],
)
def test_the_words_that_introduce_the_child_give_the_age_where_the_incident_gives_none(
    background: str, ages: tuple[str, ...]
) -> None:
    (review,) = read_html(
        f"<h2>Background</h2><p>{background}</p><h2>What happened</h2><p>He was badly burned in a fire in May 2023.</p>"
        "<h2>Learning</h2><ul><li>Nobody asked</li><li>Nobody wrote it down</li></ul>",
        heading="Child Y: briefing",
    ).reviews
    assert review.facts.ages == ages


def test_the_age_at_the_incident_goes_before_that_of_the_background() -> None:
    (review,) = read_html(
        "<h2>Background</h2><p>Child Y is a 12-year-old boy.</p><h2>What happened</h2>"
        "<p>He was badly burned in May 2021, aged 10.</p>"
        "<h2>Learning</h2><ul><li>Nobody asked</li><li>Nobody wrote it down</li></ul>",
        heading="Child Y: briefing",
    ).reviews
    assert review.facts.ages == ("10 years",)


def test_a_story_that_ends_with_a_word_on_the_page_is_still_the_story() -> None:
    story = f"{STORY} His mother chose the name for this briefing, and the partnership published the report."
    (review,) = read_html(
        f"<p>{story}</p><h2>Learning</h2><ul><li>Nobody asked</li></ul>",
        heading="Local child safeguarding practice review: Moss",
    ).reviews
    assert (review.incident, review.facts.ages) == (story, ("5 months",))


def test_an_accordion_of_named_families_is_a_review_each() -> None:
    def panel(name: str, story: str) -> str:
        return (
            f"<div><h3><button>{name}</button></h3><div><p>{story}</p><h4>Learning</h4>"
            f"<ul><li>{name}: nobody asked</li><li>{name}: nobody rang</li></ul></div></div>"
        )

    reading = read_html(
        panel("The Teal children", "Three sisters aged 4, 6 and 9 were found home alone in June 2024.")
        + panel("Family Rook", "A 2-month-old boy died in March 2023 while asleep beside his mother."),
        heading="Learning from reviews",
    )
    assert [(review.title, review.facts.outcome) for review in reading.reviews] == [
        ("The Teal children", "serious-harm"),
        ("Family Rook", "death"),
    ]


def test_a_library_entry_says_whose_review_it_is() -> None:
    def entry(name: str, board: str) -> str:
        return (
            f"<div class='result'><h3><a href='/{name[-1]}'>Adult {name}</a></h3><p><b>Board:</b> {board}</p>"
            f"<p>{name}, a man in his sixties, died in a fire at his flat in January 2022.</p></div>"
        )

    reading = read_html(
        entry("Corin", "Port Lowen Safeguarding Adults Board") + entry("Dell", "Anonymous"),
        heading="Safeguarding adult review library",
    )
    assert [(review.title, review.place, review.incident[:5]) for review in reading.reviews] == [
        ("Adult Corin", "Port Lowen", "Corin"),
        ("Adult Dell", None, "Dell,"),
    ]


def test_a_linked_date_under_a_posts_title_is_its_date_and_no_link() -> None:
    def post(name: str, date: str) -> str:
        return (
            f"<li class='post'><h2><a href='/{name}'>Local child safeguarding practice review: {name}</a></h2>"
            f"<p><a href='/{name}'>{date}</a></p><p>{name} was 4 months old when he died in his cot in 2023.</p></li>"
        )

    reading = read_html(
        f"<ul>{post('Marlow', '11 March 2025')}{post('Teasel', '2 May 2024')}</ul>", heading="News"
    )
    assert [(review.published, [link.label for link in review.links]) for review in reading.reviews] == [
        ("2025-03-11", ["Local child safeguarding practice review: Marlow"]),
        ("2024-05-02", ["Local child safeguarding practice review: Teasel"]),
    ]


def test_a_family_and_a_thematic_review_on_one_page_are_two_reviews() -> None:
    learning = "<p><strong>Key learning</strong></p><ul><li>Nobody asked</li><li>Nobody rang</li></ul>"
    reading = read_html(
        "<h2>The Sedge family</h2><p>In May 2022 two of four children were poisoned with methadone and recovered.</p>"
        f"{learning}<h2>Thematic review: knife crime</h2><p>Four young people of 15 to 17 were stabbed in 2021.</p>"
        f"{learning}<h2>How to make a referral</h2><p>Use the form on our website to refer a case to the group.</p>",
        heading="Learning from reviews",
    )
    assert [(review.title, review.review_type) for review in reading.reviews] == [
        ("The Sedge family", None),
        ("Thematic review: knife crime", "thematic"),
    ]


def test_ages_may_stand_between_commas_after_the_children() -> None:
    assert ages_of("Two brothers, 6 and 8, were neglected over several years.") == ("6 years", "8 years")
    assert ages_of("Three sisters, two, five and nine, were found alone.") == (
        "2 years",
        "5 years",
        "9 years",
    )
    assert ages_of("Both boys, and later their cousin, were hurt.") == ()


def test_why_a_review_was_held_tells_what_happened() -> None:
    story = "Two sisters aged 6 months and 3 years were taken to hospital in January 2024 after swallowing cocaine."
    (review,) = read_html(
        f"<h2>Why was a review held?</h2><p>{story}</p><h2>Family background</h2><p>Their mother was in care.</p>"
        "<h2>Learning</h2><ul><li>Nobody asked</li><li>Nobody rang</li></ul>"
        "<h2>Impact so far</h2><p>Calls are now shared each morning.</p>",
        heading="Siblings Fern",
    ).reviews
    assert (review.incident, review.background) == (story, "Their mother was in care.")
    assert review.actions == ("Calls are now shared each morning.",)
