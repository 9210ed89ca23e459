"""A recommendation added is told from a typo mended: by what edits do to words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.models import Review
from bot.revisions import compare
from tests.reviews import STORY, a_review

ADVICE = (
    "The Police and the hospital should share within 2 weeks what is known about a family, and practitioners "
    "should not close a case before the child has been seen alone by a social worker who knows them well."
)
LISTS = ("recommendations", "learning", "actions", "good_practice", "questions")
FIELDS = ("incident", *LISTS)


def after(edited: str, field: str = "recommendations", before: str = ADVICE) -> str:
    return compare(told(field, before), told(field, edited))[0]


def told(field: str, *points: str) -> Review:
    """A review with these points, or this text, in a field."""
    changes: dict[str, object] = {field: points[0] if field == "incident" else points}
    return replace(a_review(), **changes)  # type: ignore[arg-type]  # tests name real fields


LONG = [word for word in dict.fromkeys(ADVICE.replace(",", "").replace(".", "").split()) if len(word) >= 8]


@st.composite
def with_a_typo(draw: st.DrawFn) -> str:
    """The advice with one slip in a long word: a letter doubled, dropped, changed or swapped with the next."""
    word = draw(st.sampled_from(LONG))
    at = draw(st.integers(2, len(word) - 2))
    letter = draw(st.sampled_from("aeioust"))
    wrong = draw(
        st.sampled_from(
            [
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    return ADVICE.replace(word, wrong)


@settings(max_examples=60)
@given(with_a_typo(), st.sampled_from(FIELDS))
def test_a_typo_made_or_mended_is_told_to_nobody(typo: str, field: str) -> None:
    assert after(typo, field) in ("mended", "same")
    assert after(ADVICE, field, before=typo) in ("mended", "same")


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([",", ";", ".", "–", "—", "-", "  ", "\n", "\xa0", "“", "’", "…"]), min_size=1),
    st.data(),
)
def test_punctuation_and_white_space_are_told_to_nobody(marks: list[str], data: st.DataObject) -> None:
    words = ADVICE.split(" ")
    for mark in marks:
        at = data.draw(st.integers(0, len(words) - 2))
        words[at] = f"{words[at]}{mark}"
    assert after(" ".join(words)) in ("mended", "same")


@pytest.mark.parametrize(
    "edited",
    [
        ADVICE.upper(),
        ADVICE.casefold(),
        ADVICE.replace("Police", "police"),
        ADVICE.replace("The Police", "Police"),
        ADVICE.replace("a family", "the family"),
        ADVICE.replace(", and", " and"),
        ADVICE.replace("social worker", "social-worker"),
        ADVICE.replace("social worker", "socialworker"),
        ADVICE.replace("practitioners", "practioners"),
        ADVICE.replace("has been seen", "is seen"),
        ADVICE.replace("well.", "well"),
        ADVICE.replace("hospital", "hospi\xadtal"),
        ADVICE.replace("family", "ﬁmily".replace("ﬁ", "fa")),
    ],
)
def test_what_says_the_same_is_mended(edited: str) -> None:
    assert after(edited) in ("mended", "same")


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("2 weeks", "3 weeks"),
        ("2 weeks", "2 months"),
        ("2 weeks", "12 weeks"),
        ("2 weeks", "1.2 weeks"),
        ("2 weeks", "2 working weeks"),
        ("should share", "must share"),
        ("should share", "may share"),
        ("should share", "share"),
        ("Police", "Health"),
        ("Police", "Probation"),
        ("hospital", "school"),
        ("Police and the hospital", "Police or the hospital"),
        ("Police and the hospital", "Police"),
        ("should not close", "should close"),
        ("should not close", "should now close"),
        ("before the child", "after the child"),
        ("a social worker", "an unqualified worker"),
        ("what is known", "what is unknown"),
        ("alone", ""),
        ("social worker", "health visitor"),
        ("within", "without"),
    ],
)
@pytest.mark.parametrize("field", ["incident", "recommendations", "learning"])
def test_what_says_something_else_is_a_revision_however_small(word: str, other: str, field: str) -> None:
    assert word in ADVICE
    assert after(ADVICE.replace(word, other), field) == "revised"
    assert after(ADVICE, field, before=ADVICE.replace(word, other)) == "revised"


@settings(max_examples=40)
@given(st.integers(0, 99), st.integers(0, 99))
def test_a_number_that_changed_is_always_a_revision(one: int, other: int) -> None:
    assume(one != other)
    text = "Visits should take place within {} days of a report, whoever makes it."
    assert after(text.format(one), before=text.format(other)) == "revised"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("risk increased", "risk decreased"),
        ("an appropriate response", "an inappropriate response"),
        ("the child was safe", "the child was unsafe"),
        ("two weeks", "three weeks"),
        ("the mother was seen", "the father was seen"),
        ("he was seen", "she was seen"),
        ("Child B was seen", "Child D was seen"),
        ("cases were included", "cases were excluded"),
        ("it can be shared", "it can't be shared"),
        ("a single visit", "regular visits"),
        ("aged fourteen", "aged fifteen"),
        ("10.5 visits were made", "105 visits were made"),
        ("staff must act", "staff most act"),
        ("the woman was seen", "the women were seen"),
        ("he was reported", "he was deported"),
    ],
)
def test_words_that_look_alike_and_mean_something_else_are_a_revision(one: str, other: str) -> None:
    text = f"{STORY} In this family {{}} by all who worked with them over those months and years."
    assert after(text.format(one), "incident", before=text.format(other)) == "revised"


@settings(max_examples=40)
@given(
    st.sampled_from(LISTS),
    st.permutations(["see the child", "ask who is at home", "share it"]),
    st.integers(0, 2),
)
def test_a_point_that_comes_or_goes_is_a_revision_wherever_it_stands(
    field: str, points: list[str], at: int
) -> None:
    fewer = [*points[:at], *points[at + 1 :]]
    kind, (difference,) = compare(told(field, *fewer), told(field, *points))
    assert (kind, difference.before, difference.after) == ("revised", (), (points[at],))
    kind, (difference,) = compare(told(field, *points), told(field, *fewer))
    assert (kind, difference.before, difference.after) == ("revised", (points[at],), ())


def test_where_one_point_ends_and_the_next_begins_says_nothing() -> None:
    one = a_review(learning=("see the child alone. Ask who is at home", "share it"))
    two = a_review(learning=("see the child alone", "Ask who is at home.", "share it"))
    assert compare(one, two)[0] == "mended"
