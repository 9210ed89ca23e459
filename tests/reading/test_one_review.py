"""Pages about one review: which line is the title, when they came out, and what stands in which part."""

from __future__ import annotations

import pytest

from bot.formats.running import without_running_lines
from bot.models import Review
from bot.reading.grammar.families import Field, field_of
from tests.reading.pages import read_html, read_text

STORY = "Moss was 5 months old when he was taken to hospital in July 2024 with a broken arm."
PARTS = (
    f"<h2>What happened</h2><p>{STORY}</p><h2>Learning</h2><ul><li>Nobody asked who was at home.</li>"
    "<li>The first burn was not reported.</li></ul>"
)


def one(body: str, *, heading: str = "", title: str = "") -> Review:
    (review,) = read_html(body, heading=heading, title=title).reviews
    return review


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("What led to the review?", "incident"),
        ("Brief details of the case", "incident"),
        ("What agencies knew", "background"),
        ("A day in the life of Moss", "background"),
        ("What got in the way?", "learning"),
        ("Why did it happen?", "learning"),
        ("What are the key messages?", "learning"),
        ("Five things to remember", "learning"),
        ("Key practice themes", "learning"),
        ("Barriers to effective practice", "learning"),
        ("What services did well", "good_practice"),
        ("Where practice was strong", "good_practice"),
        ("What we are asking of you", "recommendations"),
        ("What does this mean for practice?", "recommendations"),
        ("Good practice recommendations", "recommendations"),
        ("What happened as a result?", "actions"),
        ("What we are doing", "actions"),
        ("Update – what we’ve done since", "actions"),
        ("Impact / What has changed?", "actions"),
        ("Food for thought", "questions"),
        ("Supervision prompts", "questions"),
        ("What did the family tell us?", "section"),
        ("View the report", "links"),
        ("More news", "furniture"),
        ("✱ What happened?", "incident"),
        ("7 minute briefing", None),
    ],
)
def test_a_question_is_known_by_its_verb_and_tense(heading: str, field: Field | None) -> None:
    assert field_of(heading) == field


def test_the_title_is_the_review_and_not_the_part_of_the_site_over_it() -> None:
    review = one(
        "<p>We keep reviews for a year.</p><h2>Local Child Safeguarding Practice Review: Moss</h2>"
        f"<p>{STORY}</p><p><a href='/moss.pdf'>Read the review</a></p>",
        heading="Child Safeguarding Practice Reviews",
    )
    assert (review.title, review.incident) == ("Local Child Safeguarding Practice Review: Moss", STORY)
    assert review.sections == ()


def test_a_bare_name_is_the_title_over_the_kind_of_review() -> None:
    review = one(f"<h2>Local Child Safeguarding Practice Review</h2>{PARTS}", heading="Moss")
    assert (review.title, review.review_type) == ("Moss", "lcspr")


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("6 Feb 2024 Learning", "2024-02-06"),
        ("Published: 4 September 2023 · Last reviewed: 10/01/2024", "2023-09-04"),
        ("Learning bulletin no. 7, March 2023", "2023-03"),
    ],
)
def test_a_line_beside_the_title_tells_when_it_came_out(line: str, published: str) -> None:
    review = one(f"<p>{line}</p>{PARTS}", heading="Child Safeguarding Practice Review: Moss")
    assert (review.published, review.incident) == (published, STORY)


def test_a_page_that_announces_one_review_is_that_review_with_its_documents() -> None:
    review = one(
        "<p>Today the Board publishes the report of the Child Practice Review, VALE 4 2019.</p>"
        "<p>It looks at abuse in one family and how agencies worked together.</p>"
        "<p><a href='/r.pdf'>VALE 4 2019 Final Report</a></p>"
        "<p><a href='/b.pdf'>7 Minute Briefing VALE 4 2019</a></p>",
        heading="Publication of Child Practice Review",
    )
    assert (review.title, review.incident, review.year) == ("Publication of Child Practice Review", "", None)
    assert [link.label for link in review.links] == [
        "VALE 4 2019 Final Report",
        "7 Minute Briefing VALE 4 2019",
    ]


def test_of_a_page_in_two_languages_the_english_is_read() -> None:
    review = one(
        "<h3>Dysgu</h3><ul><li>Ni ofynnwyd i’r plentyn am ei fywyd bob dydd gan yr ysgol.</li>"
        "<li>Nid oedd un cynllun gofal ar gyfer y plentyn hwn.</li></ul>"
        f"<h3>What happened</h3><p>{STORY}</p>"
        "<h3>Learning</h3><ul><li>Nobody asked the child about his days.</li><li>There was no plan.</li></ul>"
        "<h3>Argymhellion</h3><ul><li>Dylai’r Bwrdd gyhoeddi canllaw ar gyfer ymarferwyr.</li></ul>"
        "<h3>Recommendations</h3><ul><li>The Board should publish a guide.</li></ul>",
        heading="Child Practice Review: Moss",
    )
    assert review.learning == ("Nobody asked the child about his days.", "There was no plan.")
    assert (review.recommendations, review.sections) == (("The Board should publish a guide.",), ())


def test_a_table_of_labels_is_read_row_by_row() -> None:
    review = one(
        f"<table><tr><td>Summary of what happened</td><td>{STORY}</td></tr>"
        "<tr><td>Gaps in practice</td><td>• Nobody asked.<br>• Nobody wrote it down.</td></tr>"
        "<tr><td>Date published</td><td>4 November 2025</td></tr></table>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert (review.incident, review.published) == (STORY, "2025-11-04")
    assert review.learning == ("Nobody asked.", "Nobody wrote it down.")


def test_boxes_side_by_side_are_read_one_after_the_other() -> None:
    review = one(
        f"<table><tr><td>1. What happened?</td><td>2. What have we learned?</td></tr>"
        f"<tr><td>{STORY}</td><td>Nobody asked who was at home.</td></tr>"
        "<tr><td>3. What worked well?</td><td>4. What needs to change?</td></tr>"
        "<tr><td>A nurse rang back at once.</td><td>Ask at every visit.</td></tr></table>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert (review.incident, review.learning) == (STORY, ("Nobody asked who was at home.",))
    assert (review.good_practice, review.recommendations) == (
        ("A nurse rang back at once.",),
        ("Ask at every visit.",),
    )


def test_the_labels_of_tabs_are_no_points() -> None:
    review = one(
        f"<p>Background</p><p>Learning</p><h2>Background</h2><p>{STORY}</p>"
        "<h2>Learning</h2><ul><li>Nobody asked.</li></ul>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert (review.learning, review.sections) == (("Nobody asked.",), ())


def test_what_someone_said_is_kept_beside_the_story() -> None:
    review = one(
        f"<h2>What happened</h2><p>{STORY}</p><p>“He loved the sea.”</p><p>His grandmother</p>"
        "<h2>Learning</h2><ul><li>Nobody asked.</li></ul>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert review.incident == STORY
    assert [section.items for section in review.sections] == [("“He loved the sea.”", "His grandmother")]


def test_a_bold_label_inside_a_list_opens_its_own_part() -> None:
    review = one(
        f"<p><b>What happened:</b> {STORY}</p><p><b>Learning:</b></p><p>1. Nobody asked.<br>2. Nobody rang.</p>"
        "<p><b>What the partnership has done:</b> A lead was named.</p>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert (review.learning, review.actions) == (("Nobody asked.", "Nobody rang."), ("A lead was named.",))


def test_the_turn_of_a_printed_page_breaks_no_sentence() -> None:
    text = (
        "He was at the time of his\n\n            Page 1 of 2\n\fReview of Child M      Summary\n\ndeath at home.\n"
        "\n            Page 2 of 2\nReview of Child M      Summary\n\nThe end."
    )
    assert without_running_lines(text.replace("\f", "\n\n")).split("\n\n")[0] == (
        "He was at the time of his\ndeath at home."
    )


def test_paragraphs_numbered_in_decimals_are_points_without_their_numbers() -> None:
    (review,) = read_text(
        f"Serious Case Review: Child M\n\nWHAT HAPPENED\n\n1.1  {STORY}\n\nLESSONS LEARNED\n\n"
        "2.1  Nobody asked who was at home.\n\n2.2  The first burn was not reported.\n"
    ).reviews
    assert (review.incident, len(review.learning)) == (STORY, 2)
    assert review.learning[0] == "Nobody asked who was at home."


def test_keywords_after_the_last_list_and_notes_to_editors_are_no_points() -> None:
    review = one(
        f"<h2>What happened</h2><p>{STORY}</p><h2>What has changed</h2><ul><li>A lead was named.</li></ul>"
        "<p><b>Keywords:</b> head injury; invisible men; moves between areas</p>"
        "<h3>Notes to editors</h3><ul><li>Moss is not his name.</li></ul>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert review.actions == ("A lead was named.",)
    assert review.keywords == ("head injury", "invisible men", "moves between areas")


def test_words_straight_inside_a_list_are_its_first_point() -> None:
    review = one(
        f"<h2>What happened</h2><p>{STORY}</p>"
        "<h2>Learning</h2><ul>Nobody asked.<li>Nobody rang.</li><li>Nobody wrote.</li></ul>",
        heading="Child Safeguarding Practice Review: Moss",
    )
    assert review.learning == ("Nobody asked.", "Nobody rang.", "Nobody wrote.")


def test_area_and_date_on_one_line_are_place_and_date() -> None:
    (review,) = read_text(
        "# Child Safeguarding Practice Review: Moss\n\n**Area:** Wetherby Vale **Date:** 14 March 2023\n\n"
        f"## What happened\n\n{STORY}\n\n## Learning\n\n- Nobody asked.\n- Nobody rang.\n"
    ).reviews
    assert (review.place, review.published) == ("Wetherby Vale", "2023-03-14")
