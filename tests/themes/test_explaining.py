"""Why a text carries a theme, or nearly: an explanation agrees with the matcher, and names what bars a phrase."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Facts, Review
from bot.themes import Vocabulary, parse_vocabulary, tag
from bot.themes.explaining import Explanation, explain, phrases_of

INVENTED = parse_vocabulary(
    {
        "themes": [
            {
                "id": "kites",
                "name": "Kites",
                "group": "Harm",
                "strong": ["kite (flying|flown)", {"phrase": "windsock", "in": ["learning"]}],
                "weak": ["breezy", "string"],
                "not": ["kite flying club"],
            },
            {
                "id": "harbour",
                "name": "Harbour masters",
                "group": "Agencies",
                "only_in": "practice",
                "strong": ["harbour master"],
            },
            {
                "id": "little",
                "name": "Little ones",
                "group": "The child",
                "strong": ["tiny"],
                "ages": "< 1 year",
            },
        ]
    }
)


def of(theme: str, *learning: str, **fields: object) -> Explanation:
    review = Review(**{"title": "", "learning": learning, **fields})  # type: ignore[arg-type]  # by name
    return next(one for one in explain(review, INVENTED) if one.theme.id == theme)


def bars(one: Explanation) -> list[tuple[str, str | None]]:
    return [(spotted.phrase, spotted.bar) for spotted in one.barred]


def test_a_phrase_that_counts_is_shown_as_written_with_its_words_and_worth() -> None:
    one = of("kites", "There was kite flying near the pylon. Nobody asked.")
    (spotted,) = one.counted
    assert (spotted.phrase, spotted.words) == ("kite (flying|flown)", "kite flying")
    assert (spotted.strength, spotted.field, spotted.worth) == ("strong", "learning", 2.0)
    assert spotted.quote == "There was kite flying near the pylon"
    assert one.carried


def test_a_field_that_says_less_counts_less() -> None:
    one = of("kites", background="There was kite flying near the pylon.")
    assert (one.worth, one.carried) == (1.5, False)


def test_one_weak_phrase_is_near_and_two_different_ones_are_enough() -> None:
    assert (of("kites", "It was breezy.").worth, of("kites", "It was breezy.").carried) == (1.0, False)
    assert of("kites", "It was breezy.", "A string was found.").carried


def test_a_weak_phrase_said_twice_adds_nothing() -> None:
    one = of("kites", "It was breezy.", "It was breezy again.")
    assert (one.worth, bars(one)) == (1.0, [("breezy", "repeated")])


def test_a_denied_phrase_is_shown_as_denied() -> None:
    one = of("kites", "There was no evidence of kite flying.")
    assert (one.carried, bars(one)) == (False, [("kite (flying|flown)", "denied")])


def test_a_phrase_in_the_name_of_a_body_is_shown_as_that() -> None:
    one = of("kites", "She wrote to the Kite Flying Board.")
    assert (one.carried, bars(one)) == (False, [("kite (flying|flown)", "named")])


def test_a_phrase_inside_a_not_phrase_names_it() -> None:
    one = of("kites", "She had joined a kite flying club.")
    assert bars(one) == [("kite (flying|flown)", "excluded")]
    assert one.barred[0].by == "kite flying club"


def test_a_not_phrase_alone_explains_nothing() -> None:
    vocabulary = parse_vocabulary({"themes": [{"id": "a", "name": "A", "strong": ["gale"], "not": ["fog"]}]})
    assert explain(Review(title="", learning=("There was fog.",)), vocabulary) == ()


def test_a_theme_of_some_fields_says_which() -> None:
    one = of("harbour", incident="The harbour master called.")
    assert bars(one) == [("harbour master", "field")]
    assert one.barred[0].only_in[:2] == ("keywords", "learning")
    assert of("harbour", "The harbour master should ask.").carried


def test_an_age_makes_a_theme_by_itself_and_is_quoted() -> None:
    one = of("little", incident="A 4-month-old girl was hurt.", facts=Facts(ages=("4 months",)))
    assert one.carried
    assert [age.quote for age in one.ages] == ["A 4-month-old girl was hurt"]


@pytest.mark.parametrize("field", ["learning", "incident", "background"])
def test_what_is_carried_is_what_the_matcher_carries(field: str, vocabulary: Vocabulary) -> None:
    texts = (
        "There was a lack of professional curiosity about the father.",
        "There was no evidence of domestic abuse, but the home was dirty and he was hungry.",
        "Police attended; the school neglected to record it.",
    )
    for text in texts:
        told = text if field in ("incident", "background") else (text,)
        review = Review(**{"title": "", field: told})  # type: ignore[arg-type]  # by name
        explained = explain(review, vocabulary)
        assert [one.theme.id for one in explained if one.carried] == [
            one.id for one in tag(review, vocabulary)
        ]


WORDS = [
    "kite",
    "flying",
    "club",
    "no",
    "evidence",
    "of",
    "breezy",
    "string",
    "tiny",
    "harbour",
    "master",
    ". ",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=9), max_size=4), st.booleans())
def test_any_text_is_explained_as_it_is_tagged(points: list[list[str]], aged: bool) -> None:
    review = Review(
        title="",
        learning=tuple(" ".join(words) for words in points[:2]),
        background=" ".join(word for words in points[2:] for word in words),
        facts=Facts(ages=("3 weeks",) if aged else ()),
    )
    explained = explain(review, INVENTED)
    assert [one.theme.id for one in explained if one.carried] == [one.id for one in tag(review, INVENTED)]
    assert all(spotted.bar for one in explained for spotted in one.barred)


def test_the_phrases_of_a_theme_come_as_they_are_written() -> None:
    phrases = phrases_of("kites", INVENTED)
    assert [one.phrase for one in phrases["strong"]] == ["kite (flying|flown)", "windsock"]
    assert [one.only_in for one in phrases["strong"]] == [(), ("learning",)]
    assert [one.phrase for one in phrases["not"]] == ["kite flying club"]
