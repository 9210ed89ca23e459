from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.reading.facts import facts_of, incident_date
from bot.reading.facts.ages import ages_of
from bot.reading.facts.outcomes import outcome_of
from bot.reading.facts.sex import sex_of


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("Death of an 8-day-old baby girl.", ("8 days",)),
        ("Injuries to a 1 month old boy.", ("1 month",)),
        ("Injuries to a 3-years-6-months-old girl.", ("3 years 6 months",)),
        ("Fern died aged 2 years and 4 months.", ("2 years 4 months",)),
        ("Wilf was two years and four months old when he drank it.", ("2 years 4 months",)),
        ("The baby was under 7 weeks old when brought to hospital.", ("7 weeks",)),
        ("Wilf was nine weeks old when he was found.", ("9 weeks",)),
        ("Sexual abuse of two sisters, aged 7 and 9, by their uncle.", ("7 years", "9 years")),
        ("They were aged 3, 7, 9 and 16 weeks.", ("3 weeks", "7 weeks", "9 weeks", "16 weeks")),
        ("Neglect of six children aged from 9 months to 14 years.", ("9 months", "14 years")),
        ("Kit was 15 when he was stabbed.", ("15 years",)),
        ("Juno, 17, died from a stab wound.", ("17 years",)),
        ("Murder of a 15-year-old girl by a 16-year-old boy.", ("15 years",)),
        ("Abuse of a 12-year-old girl by a man aged 41.", ("12 years",)),
        ("Mother, a 20-year-old student, told no one.", ()),
        ("He had been looked after since he was 12-years-old.", ()),
        ("Multiple fractures to a 9-week-old boy, born at 31 weeks.", ("9 weeks",)),
        ("Exploitation of children under 18.", ()),
        ("The baby moved to the area at two weeks old.", ()),
        ("Deaths of a 34-year-old mother and her 8-month-old daughter.", ("8 months",)),
    ],
)
def test_ages_are_those_of_the_children_at_the_incident(text: str, ages: tuple[str, ...]) -> None:
    assert ages_of(text) == ages


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Death of a 13-year-old boy in 2019.", "male"),
        ("Neglect of three children, two girls and a boy.", "mixed"),
        ("Abuse of a 7-year-old boy and his 9-year-old sister.", "mixed"),
        ("Murder of a 15-year-old girl by a 16-year-old boy.", "female"),
        ("Injury to a 10-week-old baby. A scan showed bleeding.", None),
        ("Wilf was 5 months old when he was brought to hospital.", "male"),
        ("Baby T died after being shaken by her father.", "female"),
        ("Harm to a child. His mother was deaf.", "male"),
        ("Three babies were each seen with a mark. The worker said that she wrote it down.", None),
    ],
)
def test_sex_is_told_by_nouns_then_by_pronouns(text: str, sex: str | None) -> None:
    assert sex_of(text) == sex


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Death of a 6-week-old girl.", "death"),
        ("Juno took her own life.", "death"),
        ("Near-fatal poisoning of a 2-year-old girl.", "serious-harm"),
        ("Attempted suicide of a 13-year-old boy.", "serious-harm"),
        ("Murder of a mother of two by her husband.", "other"),
        ("Deaths of a 34-year-old mother and her 8-month-old daughter.", "death"),
        ("Arrest of a 14-year-old boy for a plan. No one was hurt.", "other"),
        ("A boy tried to travel to a war. He was stopped and returned unharmed.", "other"),
        ("Ash was hurt. His mother had died the year before.", "serious-harm"),
        ("Partners looked at twelve sets of notes.", None),
    ],
)
def test_the_outcome_is_the_childs(text: str, outcome: str | None) -> None:
    assert outcome_of(text) == outcome


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Death of a girl in January 2010.", "2010-01"),
        ("On the evening of 14 January 2021 an ambulance was called.", "2021-01"),
        ("Abuse between 2017 and 2019.", "2017"),
        ("Abuse of a girl. He had been released on licence in 2018.", None),
        ("The board completed a review in 2016 of harm to a baby.", None),
    ],
)
def test_the_date_is_that_of_the_incident(text: str, value: str | None) -> None:
    assert incident_date(text) == value


def test_a_review_of_an_adult_has_neither_age_nor_sex() -> None:
    facts = facts_of("Death of a 54-year-old man in 2019.", adult=True)
    assert (facts.ages, facts.sex, facts.outcome) == ((), None, "other")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_facts_without_failing(text: str) -> None:
    facts = facts_of(text)
    assert all(age.split()[0].isdigit() for age in facts.ages)


ACCOUNTS = YAML(typ="safe").load((Path(__file__).parent / "facts.yaml").read_text("utf-8"))


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account["told"][:40])
def test_an_account_tells_its_facts_and_no_others(account: dict[str, str]) -> None:
    facts = facts_of(account["told"], adult=bool(account.get("adult")))
    found = (", ".join(facts.ages), facts.sex, facts.outcome, facts.incident_date)
    assert " | ".join(part or "-" for part in found) == account["facts"]
