from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Evidence, Facts, Review, Section
from bot.themes import Vocabulary, parse_vocabulary, tag

BABY = Review(
    title="Baby Wren",
    incident="Serious non-accidental injuries to a 4-month-old boy in June 2024. He lived with both parents.",
    learning=(
        "bruising on a baby who cannot crawl must be discussed with a paediatrician",
        "father was not included in the assessment; and the voice of the child was lost",
    ),
    recommendations=("Health visitors to ask about safer sleep at each visit",),
    keywords=("infants", "non-accidental injury"),
    facts=Facts(ages=("4 months",)),
)


def ids(review: Review, vocabulary: Vocabulary) -> list[str]:
    return [theme.id for theme in tag(review, vocabulary)]


def values(review: Review) -> dict[str, list[str]]:
    return {
        "title": [review.title],
        "incident": [review.incident],
        "background": [review.background],
        "facts.ages": list(review.facts.ages),
        "sections": [text for section in review.sections for text in (section.heading, *section.items)],
        **{
            name: list(getattr(review, name))
            for name in ("good_practice", "learning", "recommendations", "actions", "questions", "keywords")
        },
    }


def is_verbatim(evidence: Evidence, review: Review) -> bool:
    return bool(evidence.quote) and any(
        evidence.quote in " ".join(value.split()) for value in values(review)[evidence.field]
    )


def test_themes_come_in_the_order_of_the_vocabulary(vocabulary: Vocabulary) -> None:
    found = ids(BABY, vocabulary)
    assert found == [id for id in vocabulary.ids if id in found]
    assert {
        "non-accidental-injury",
        "bruising-non-mobile",
        "infants",
        "fathers",
        "voice-of-the-child",
    } <= set(found)


def test_each_theme_shows_one_to_three_quotes_of_the_record(vocabulary: Vocabulary) -> None:
    for theme in tag(BABY, vocabulary):
        assert 1 <= len(theme.evidence) <= 3
        assert all(is_verbatim(evidence, BABY) for evidence in theme.evidence), theme


def test_a_quote_is_the_sentence_around_the_words(vocabulary: Vocabulary) -> None:
    theme = next(theme for theme in tag(BABY, vocabulary) if theme.id == "voice-of-the-child")
    assert theme.evidence == (Evidence(field="learning", quote="and the voice of the child was lost"),)


def test_a_long_sentence_is_quoted_in_part_and_at_words(vocabulary: Vocabulary) -> None:
    text = "at first and then again " * 20 + "professional curiosity was wanting " + "and so it went on " * 20
    review = Review(title="Child X", learning=(text,))
    (evidence,) = next(
        theme.evidence for theme in tag(review, vocabulary) if theme.id == "professional-curiosity"
    )
    assert "professional curiosity" in evidence.quote
    assert len(evidence.quote) <= 160
    assert f" {evidence.quote} " in f" {' '.join(text.split())} "


def test_an_age_is_quoted_from_the_text_where_the_text_has_it(vocabulary: Vocabulary) -> None:
    theme = next(theme for theme in tag(BABY, vocabulary) if theme.id == "infants")
    assert "4-month-old boy" in theme.evidence[0].quote
    bare = tag(Review(title="Child X", facts=Facts(ages=("4 months",))), vocabulary)
    assert bare[0].evidence == (Evidence(field="facts.ages", quote="4 months"),)


PLAIN = parse_vocabulary(
    {"themes": [{"id": "fires", "name": "Fires", "strong": ["house fire"], "weak": ["smoke", "candle"]}]}
)


@pytest.mark.parametrize(
    ("review", "found"),
    [
        (Review(title="A house fire"), True),
        (Review(title="X", keywords=("house fire",)), True),
        (Review(title="X", incident="A house fire."), True),
        (Review(title="X", learning=("a house fire",)), True),
        (Review(title="X", learning=(*["other"] * 10, "a house fire")), False),
        (Review(title="X", background="A house fire."), False),
        (Review(title="X", background="A house fire. There was smoke."), True),
        (Review(title="X", good_practice=("a house fire",)), False),
        (Review(title="X", sections=(Section(heading="Model", items=("a house fire",)),)), False),
        (Review(title="X", incident="There was smoke."), False),
        (Review(title="X", incident="There was smoke from a candle."), True),
        (Review(title="X", incident="There was smoke. Then more smoke."), False),
        (Review(title="X", learning=("smoke", "smoky smoke", "smokes")), False),
        (Review(title="X", learning=("smoke", "a candle")), True),
    ],
)
def test_fields_and_strengths_are_weighed(review: Review, found: bool) -> None:
    assert (ids(review, PLAIN) == ["fires"]) is found


def test_the_best_evidence_comes_first() -> None:
    review = Review(title="X", background="The house fire was the second.", incident="Smoke. A house fire.")
    (theme,) = tag(review, PLAIN)
    assert [evidence.field for evidence in theme.evidence] == ["incident", "background", "incident"]


def test_of_proofs_of_one_worth_the_incident_and_the_longer_words_come_first() -> None:
    vocabulary = parse_vocabulary(
        {"themes": [{"id": "fires", "name": "Fires", "strong": ["arson", "house ... fire"]}]}
    )
    review = Review(
        title="X",
        incident="The arson began early. The house was lost to fire.",
        learning=("arson was not suspected",),
        keywords=("arson",),
    )
    (theme,) = tag(review, vocabulary)
    assert theme.evidence == (
        Evidence(field="incident", quote="The house was lost to fire"),
        Evidence(field="incident", quote="The arson began early"),
        Evidence(field="keywords", quote="arson"),
    )


LONG = "it went on as it had gone on for a long time with nobody any the wiser about it at all "


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        (LONG * 2 + "in the end, a house fire, with four dead, " + LONG, "a house fire, with four dead"),
        (
            "for years nobody told the landlord of the place " * 4
            + "which had no alarm and had a house fire",
            "which had no alarm and had a house fire",
        ),
        ("A house fire (the second in a year", "A house fire"),
        ("It was a house fire (the second in a year)", "It was a house fire (the second in a year)"),
    ],
)
def test_a_quote_is_cut_where_a_clause_ends(sentence: str, quoted: str) -> None:
    (theme,) = tag(Review(title="X", incident=sentence), PLAIN)
    assert [evidence.quote for evidence in theme.evidence] == [quoted]


@pytest.mark.parametrize(
    "text",
    [
        "There was no evidence of a house fire.",
        "There was no history of any house fire.",
        "Nothing to suggest a house fire was found.",
        "A house fire was ruled out.",
        "A house fire was not a feature.",
        "No concerns about drugs, house fires or violence were noted.",
        "She rang the House Fire Partnership.",
        "The paper went to the House Fire Prevention Board.",
        "A house fire was never a feature of the case.",
        "Nothing in the chronology pointed to a house fire.",
        "A house fire was ruled out by the inspector on the first day.",
    ],
)
def test_what_is_denied_does_not_count(text: str) -> None:
    assert ids(Review(title="X", incident=text), PLAIN) == []


@pytest.mark.parametrize(
    "text",
    [
        "The house fire was not recognised.",
        "There was a lack of thought for a house fire.",
        "No professional explored the house fire.",
        "There was no evidence of a burglary, but there was a house fire.",
        "There was no evidence that the house fire had been considered.",
        "There was no evidence of a burglary. A house fire followed.",
        "Staff did not report the house fire.",
        "She lived through a house fire and was not supported.",
        "He was treated as a culprit rather than a victim of a house fire.",
        "A house fire was not suspected even when the smoke was seen.",
        "A house fire was ruled out too early.",
        "No concerns were raised by the nursery about the house fire.",
        "There were no reports to the brigade of the house fire.",
        "In the absence of a strategy meeting the house fire was put down to a candle.",
        "The stepfather was not known to agencies despite his part in the house fire.",
        "Practitioners did not use the house fire protocol.",
        "There were no concerns about drugs, and a house fire or two followed.",
        "A House Fire, said the Board, came of it.",
    ],
)
def test_a_failing_is_no_denial(text: str) -> None:
    assert ids(Review(title="X", incident=text), PLAIN) == ["fires"]


def test_white_space_and_line_breaks_do_not_matter(vocabulary: Vocabulary) -> None:
    spaced = replace(BABY, incident=BABY.incident.replace(" ", " \n\u00a0"))
    assert ids(spaced, vocabulary) == ids(BABY, vocabulary)


def test_an_empty_record_carries_nothing(vocabulary: Vocabulary) -> None:
    assert tag(Review(title=""), vocabulary) == ()


SCRAPS = """baby bruise non-mobile domestic abuse, no evidence of. neglect; the (CSE) was not – recognised school
GP's mother’s partner fathers “voice” of child 4-month-old  £900 … \n co-sleeping e.g. Straße ﬁre"""
WORDS = st.sampled_from(SCRAPS.split(" "))
TEXT = st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=80))


@settings(max_examples=50, deadline=None)
@given(
    title=TEXT,
    incident=TEXT,
    background=TEXT,
    learning=st.lists(TEXT, max_size=12).map(tuple),
    ages=st.lists(
        st.sampled_from(["4 months", "4months", "3 years 2 months", "15 years", "unknown"]), max_size=2
    ).map(tuple),
)
def test_evidence_is_always_verbatim(
    vocabulary: Vocabulary,
    title: str,
    incident: str,
    background: str,
    learning: tuple[str, ...],
    ages: tuple[str, ...],
) -> None:
    review = Review(
        title=title, incident=incident, background=background, learning=learning, facts=Facts(ages=ages)
    )
    for theme in tag(review, vocabulary):
        assert 1 <= len(theme.evidence) <= 3
        assert len(set(theme.evidence)) == len(theme.evidence)
        for evidence in theme.evidence:
            assert is_verbatim(evidence, review), evidence
            assert len(evidence.quote) <= 160


def test_a_week_of_reviews_is_tagged_quickly(vocabulary: Vocabulary) -> None:
    review = replace(BABY, learning=BABY.learning * 12)
    before = process_time()
    for _ in range(20):
        tag(review, vocabulary)
    assert process_time() - before < 1.0  # about 0.03 s on one core; a bound that a busy machine keeps
