"""An administrator's own themes: found as those that ship are, beside them or as part of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.models import Review
from bot.themes import Vocabulary, parse_vocabulary, tag
from bot.themes.own import extended

SHIPPED = parse_vocabulary(
    {
        "sets": {"baby": ["baby", "infant"]},
        "themes": [
            {"id": "fires", "name": "Fires", "strong": ["house  fire", "arson"], "not": ["fire drill"]},
            {"id": "dogs", "name": "Dogs", "group": "Practice", "weak": ["dog", "bite"]},
        ],
    }
)


def with_own(*own: Mapping[str, object]) -> Vocabulary:
    return extended(SHIPPED, own)


def found(vocabulary: Vocabulary, incident: str = "", **more: object) -> list[str]:
    review = Review(title="Child X", incident=incident)
    for name, value in more.items():
        review = Review(**{**{"title": "Child X", "incident": incident}, name: value})  # type: ignore[arg-type]
    return [theme.id for theme in tag(review, vocabulary)]


def water(*strong: object, **more: object) -> Vocabulary:
    return with_own({"id": "water", "name": "Water safety", "strong": list(strong), **more})


@pytest.mark.parametrize(
    ("phrase", "incident", "carried"),
    [
        ("drown", "He drowned in a lake.", True),
        ("=drown", "He drowned in a lake.", False),
        ("=drown", "Children drown in silence.", True),
        ("fell ... water", "She fell into the cold deep water.", True),
        ("fell … water", "She fell into the cold deep water.", True),
        ("fell ... water", "The water rose, and she fell.", False),
        ("fell ~ water", "The water rose, and she fell.", True),
        ("(lake|garden pond)", "A garden pond had no fence.", True),
        ("<baby> ~ bath", "The infant was left in a bath.", True),
        ("<baby> ~ bath", "The sister was left in a bath.", False),
    ],
)
def test_a_phrase_is_plain_exact_near_another_word_or_of_a_set(
    phrase: str, incident: str, carried: bool
) -> None:
    assert (found(water(phrase), incident) == ["water"]) is carried


def test_a_phrase_can_count_in_certain_fields_only() -> None:
    vocabulary = water({"phrase": "pool", "in": ["title", "incident"]})
    assert found(vocabulary, "A toddler was found in a pool.") == ["water"]
    assert found(vocabulary, learning=("pools need fences",)) == []


def test_a_phrase_that_does_not_mean_the_theme_takes_it_away_in_its_fields_only() -> None:
    vocabulary = water("pool", **{"not": [{"phrase": "pool table", "in": ["incident"]}]})
    assert found(vocabulary, "He was hit with a cue at the pool table.") == []
    assert found(vocabulary, learning=("a pool table",)) == ["water"]


def test_what_is_not_meant_weak_phrases_and_ages_work_as_in_themes_that_ship() -> None:
    vocabulary = water("pool", weak=["swim", "lake"], ages="< 1 year", **{"not": ["pool of staff"]})
    assert found(vocabulary, "A small pool of staff.") == []
    assert found(vocabulary, "They went swimming.") == []
    assert found(vocabulary, "They went swimming in the lake.") == ["water"]
    assert found(vocabulary, "There was no evidence of a pool.") == []


def test_phrases_are_added_to_a_theme_that_ships() -> None:
    vocabulary = with_own({"id": "fires", "strong": ["matches"], "not": ["bonfire"]})
    assert found(vocabulary, "A house fire.") == found(vocabulary, "He played with matches.") == ["fires"]
    assert vocabulary.ids == ("fires", "dogs")
    assert vocabulary.name_of("fires") == "Fires"


def test_a_muted_phrase_counts_no_more_and_may_count_for_less() -> None:
    muted = {"id": "fires", "mute": ["house fire"]}
    assert found(SHIPPED, "A house fire.") == ["fires"]
    assert found(with_own(muted), "A house fire.") == []
    assert found(with_own(muted), "It was arson.") == ["fires"]
    weaker = with_own({**muted, "weak": ["house fire", "smoke"]})
    assert found(weaker, "A house fire.") == []
    assert found(weaker, "A house fire, and much smoke.") == ["fires"]


def test_a_muted_exception_is_none_any_longer() -> None:
    vocabulary = with_own({"id": "fires", "mute": ["fire drill"], "strong": ["fire"]})
    assert found(vocabulary, "A fire drill.") == ["fires"]


def test_a_theme_that_ships_can_have_another_name() -> None:
    vocabulary = with_own({"id": "dogs", "name": "Dangerous dogs"})
    assert vocabulary.name_of("dogs") == "Dangerous dogs"
    assert found(vocabulary, "A dog; a bite.") == ["dogs"]
    assert {theme.id: theme.group for theme in vocabulary.themes}["dogs"] == "Practice"


def test_new_themes_come_after_those_that_ship_in_a_group_of_their_own() -> None:
    assert [(theme.id, theme.group) for theme in water("pool").themes][1:] == [
        ("dogs", "Practice"),
        ("water", "Own themes"),
    ]


def test_the_fingerprint_is_of_what_is_looked_for() -> None:
    assert with_own() is SHIPPED
    assert water("pool").fingerprint == water("pool").fingerprint
    assert len({SHIPPED.fingerprint, water("pool").fingerprint, water("lake").fingerprint}) == 3


def test_the_shipped_vocabulary_is_left_as_it_was() -> None:
    before = SHIPPED.fingerprint
    with_own({"id": "fires", "mute": ["arson"], "strong": ["matches"]})
    assert (found(SHIPPED, "It was arson."), SHIPPED.fingerprint) == (["fires"], before)
