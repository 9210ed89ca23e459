from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.grammar.families import Field, field_of
from bot.reading.grammar.labels import labelled, lead_in, looks_like_terms, points_of, terms_of


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("What happened?", "incident"),
        ("2. What happened to Poppet?", "incident"),
        ("The children’s story", "incident"),
        ("INTRODUCTION AND BACKGROUND TO THE CASE", "incident"),
        ("Case summary", "incident"),
        ("Background:", "background"),
        ("Context", "background"),
        ("Family history", "background"),
        ("What was going on in the family?", "background"),
        ("Areas of Good Practice", "good_practice"),
        ("What worked well", "good_practice"),
        ("Good work we saw", "good_practice"),
        ("Key issues", "learning"),
        ("Key learning and practice improvements", "learning"),
        ("4. The Findings", "learning"),
        ("What else did we find?", "learning"),
        ("What can we learn?", "learning"),
        ("Areas for Development", "learning"),
        ("Lessons from Children Q", "learning"),
        ("Recommendations (updates are in bold)", "recommendations"),
        ("Recomendations", "recommendations"),
        ("What you need to do", "recommendations"),
        ("What can we do?", "recommendations"),
        ("Messages for practitioners", "recommendations"),
        ("What needs to change?", "recommendations"),
        ("What has changed", "actions"),
        ("What has been done since?", "actions"),
        ("Evidencing Impact", "actions"),
        ("Since the review", "actions"),
        ("Questions for Reflection", "questions"),
        ("Points for discussion:", "questions"),
        ("5. What will I ask myself?", "questions"),
        ("Keywords", "keywords"),
        ("Key words:", "keywords"),
        ("Themes", "keywords"),
        ("Next steps", "section"),
        ("What to do now", "section"),
        ("Model", "section"),
        ("Terms of reference", "section"),
        ("Learning Journey: What did we do?", "section"),
        ("Get in touch", "furniture"),
        ("You may also like", "furniture"),
        ("Worried about a child?", "furniture"),
        ("Download", "links"),
        ("Professional curiosity", None),
        ("Bruises and marks", None),
    ],
)
def test_a_heading_opens_the_field_of_its_family(heading: str, field: Field | None) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("line", "field", "rest"),
    [
        ("Learning includes: a; b", "learning", "a; b"),
        ("Learnings include: a; b", "learning", "a; b"),
        ("Learning focuses on: a; b", "learning", "a; b"),
        ("Learning themes include: a; b", "learning", "a; b"),
        ("Good practice identified includes: a; b", "good_practice", "a; b"),
        ("Recommendations to the partnership include: a; b", "recommendations", "a; b"),
        ("Recommendations: that a; and that b", "recommendations", "that a; and that b"),
        ("Makes recommendations for: a; b", "recommendations", "a; b"),
        ("Makes recommendations that a is done", "recommendations", "Makes recommendations that a is done"),
        ("Makes no recommendations but tells of actions, including: a; b", "actions", "a; b"),
        ("includes: a; b", "learning", "a; b"),
        ("Key issues: a; b", "learning", "a; b"),
        ("Includes learning about: a; b", "learning", "a; b"),
        ("The review highlights good practice in: a; b", "good_practice", "a; b"),
        ("Identifies key findings on: a; b", "learning", "a; b"),
    ],
)
def test_a_run_on_line_is_taken_apart_at_its_label(line: str, field: Field, rest: str) -> None:
    found = labelled(line)
    assert found is not None
    assert (found.field, found.rest) == (field, rest)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("The main messages are:", "learning"),
        ("Partners have taken the following action:", "actions"),
        ("The agencies took these steps:", "actions"),
    ],
)
def test_a_sentence_that_announces_a_list_tells_its_field(line: str, field: Field) -> None:
    assert lead_in(line) == field


@pytest.mark.parametrize(
    "line", ["He said: it was dark; it was cold", "On arrival at hospital: no pulse", "The family moved"]
)
def test_a_sentence_with_a_colon_is_no_label(line: str) -> None:
    assert labelled(line) is None


@pytest.mark.parametrize(
    "line", ["Learning brief: What you need to know", "Learning on one page LCSPR: ‘Ash’"]
)
def test_a_document_and_its_title_are_no_label_and_points(line: str) -> None:
    assert labelled(line) is None


def test_points_are_parted_at_semicolons_outside_brackets_and_quotations() -> None:
    line = "one (with a; and b); “two; still two”; and three."
    assert points_of(line) == ("one (with a; and b)", "“two; still two”", "three")


def test_a_bracket_that_never_closes_protects_nothing() -> None:
    assert points_of("one (with a; two; three") == ("one (with a", "two", "three")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{2,8}( [a-z]{2,8}){0,3}", fullmatch=True), min_size=1, max_size=6))
def test_no_word_of_a_run_on_line_is_lost(points: list[str]) -> None:
    points = [point for point in points if not point.startswith("and ") and point != "and"] or ["kept"]
    assert points_of("; ".join(points) + ".") == tuple(points)


def test_keywords_keep_their_qualifiers_and_lose_the_final_full_stop() -> None:
    assert terms_of("infants, depression [adults, mothers], self-harm.") == (
        "infants",
        "depression [adults, mothers]",
        "self-harm",
    )


@pytest.mark.parametrize(
    ("line", "terms"),
    [
        ("Sudden infant death, alcohol, antenatal care.", True),
        ("Kinship care, accidents, poisoning", True),
        ("He was found by his aunt, a nurse, and a neighbour.", False),
        ("Death of a girl, which was not expected.", False),
    ],
)
def test_a_list_of_terms_is_told_from_a_sentence(line: str, terms: bool) -> None:
    assert looks_like_terms(line) is terms


def test_a_lead_in_opens_the_list_after_it() -> None:
    assert lead_in("The review makes three recommendations:") == "recommendations"
    assert lead_in("The review was asked to consider:") is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Key messages for practitioners", "recommendations"),
        ("Actions for agencies", "recommendations"),
        ("What could have been done differently?", "learning"),
        ("What have we done?", "actions"),
        ("What are we going to do?", "section"),
        ("Progress against recommendations", "actions"),
        ("Juno’s lived experience", "background"),
        ("Brief facts", "incident"),
    ],
)
def test_neighbouring_families_are_told_apart(heading: str, field: Field) -> None:
    assert field_of(heading) == field
