"""Titles where nobody has chosen yet to read of harm: what they leave out, and by which name they call a child."""

from __future__ import annotations

import pytest

from bot.discreet import discreet, tells_of_harm


@pytest.mark.parametrize(
    "words",
    [
        "Review of a young person who took their own life",
        "Young people taking their own lives",
        "Ended her life",
        "Loss of life in the home",
        "Incest",
        "Choking incident",
        "Child Q: strip search in school",
        "Strip-searches",
        "Fabricated or induced illness",
        "Perplexing presentations and FII",
        "A tragedy in Saltmarsh",
        "Tragic events",
        "Unlawful killing",
        "Self-inflicted",
        "Stabbings in the north",
        "Ligature points",
        "Manslaughter",
        "Maltreatment of a toddler",
        "Ingestion of methadone",
        "Adolygiad i farwolaeth plentyn",
        "Marwolaeth baban",
        "Gam-drin plant",
        "Camdrin",
        "Plentyn a fu farw",
        "Lladdwyd plentyn",
        "Trais yn y cartref",
        "Effaith drais",
        "Treisio",
        "Boddi",
        "Hunan-niweidio",
        "Hunanladdiad",
    ],
)
def test_words_of_harm_are_known_in_english_and_in_welsh(words: str) -> None:
    assert tells_of_harm(words)


@pytest.mark.parametrize(
    "words",
    [
        "Child H, Harmsworth Lane",
        "Taking part: children on their own lives",
        "Life story work",
        "Children who take their time",
        "Family Ladd",
        "Child Marwood",
        "Chokeberry Close",
        "Stripes and spots",
        "Own voices, own lives",
        "Fabric Street nursery",
        "Gunnersby",
        "Traeth Mawr",
        "Plant a theuluoedd",
        "Adolygiad Ymarfer Plant Unedig: Plentyn Ŵ",
        "Lawful practice",
        "Child Cse",
        "Boddington",
        "Trait theory in practice",
    ],
)
def test_ordinary_words_of_titles_are_left_alone(words: str) -> None:
    assert not tells_of_harm(words)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "Serious Case Review Child L: significant non-accidental injuries to a baby (full report)",
            "Child L",
        ),
        ("Baby Fern – shaken by a carer", "Baby Fern"),
        ("Child K: seven-minute briefing", "Child K: seven-minute briefing"),
        ("Neglect of siblings: a thematic review", "A review from Port Lowen"),
        ("Sexual abuse in families", "A review from Port Lowen"),
        ("Child H, Harmsworth Lane", "Child H, Harmsworth Lane"),
        ("Child B (death by drowning)", "Child B"),
    ],
)
def test_a_discreet_title_leaves_out_what_happened(title: str, shown: str) -> None:
    assert discreet(title, "Port Lowen") == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Local Child Safeguarding Practice Review: overview report: Child RS", "Child RS"),
        ("Serious Case Review Child L: fatal injuries (full report)", "Child L"),
        ("Serious case review of Child K", "Child K"),
        ("Serious Case Review (SCR) – Child D", "Child D"),
        ("Serious Case Review in respect of Child M", "Child M"),
        ("Domestic Homicide Review: Anna", "Anna"),
        ("Adolygiad Ymarfer Plant: Plentyn Ŵ", "Plentyn Ŵ"),
        ("Executive Summary - Baby J", "Baby J"),
        ("Child Q (full overview report)", "Child Q"),
        ("TVSAB SAR Margaret report.pdf", "TVSAB SAR Margaret report"),
        ("SAR_Report_Edna_FINAL.docx", "Edna"),
    ],
)
def test_a_title_in_a_list_begins_with_the_name(title: str, shown: str) -> None:
    assert discreet(title, "Port Lowen") == shown


@pytest.mark.parametrize(
    "title",
    [
        "Serious Case Review",
        "Serious Case Review: Overview Report",
        "Serious Case Review Port Lowen",
        "Learning review 2019",
        "LCSPR Number 3",
        "Full report",
        "Safeguarding Adult Review Learning Briefing",
        "Siblings in Port Lowen: learning review",
        "Learning reviews for 2020",
        "Learning review into how agencies work with Families who move often",
    ],
)
def test_where_no_name_is_left_the_kind_of_review_stays(title: str) -> None:
    assert discreet(title, "Port Lowen") == title


def test_a_kind_of_review_before_words_of_harm_is_what_can_be_shown() -> None:
    assert discreet("Learning Review: Neglect of siblings", "Port Lowen") == "Learning Review"
