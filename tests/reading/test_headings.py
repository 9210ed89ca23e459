from __future__ import annotations

import pytest

from bot.reading.grammar.dates import publication_line, published_in
from bot.reading.grammar.places import leading_place, partnership_places, place_in_address, publisher_labelled
from bot.reading.grammar.status import status_in, without_note
from bot.reading.grammar.titles import as_placed, share_places, split_heading, split_line
from bot.reading.grammar.types import names_a_case, review_type


@pytest.mark.parametrize(
    ("heading", "title", "place", "published"),
    [
        ("2025 – Birmingham - Baby A", "Baby A", "Birmingham", "2025"),
        ("2012Dudley – Child E", "Child E", "Dudley", "2012"),
        ("2018 - Stoke-on-Trent- Child Q", "Child Q", "Stoke-on-Trent", "2018"),
        ("2018 - Anonymous -Child AC", "Child AC", None, "2018"),
        ("December 2014NSPCC on behalf of unnamed LSCB - Child G", "Child G", None, "2014-12"),
        ("2024 – Harrowmere – Amber", "Amber", "Harrowmere", "2024"),
        ("2022 – Conwy and Denbighshire – CPR 4/2020", "CPR 4/2020", "Conwy and Denbighshire", "2022"),
        ("2023 – Bath and North East Somerset | Charlie", "Charlie", "Bath and North East Somerset", "2023"),
        (
            "1. Serious Case Review: Toby (full overview report)",
            "Serious Case Review: Toby (full overview report)",
            None,
            None,
        ),
    ],
)
def test_a_heading_is_taken_apart(heading: str, title: str, place: str | None, published: str | None) -> None:
    found = split_heading(heading)
    assert (found.title, found.place, found.published) == (title, place, published)


@pytest.mark.parametrize(
    ("line", "title", "place", "published"),
    [
        ("Torbay Vera", "Vera", "Torbay", None),
        ("Sunderland - Joan", "Joan", "Sunderland", None),
        ("SAR_Report_Edna_FINAL.docx", "SAR_Report_Edna_FINAL.docx", None, None),
        ("Child A overview report [PDF, 1.2MB]", "Child A overview report", None, None),
        ("Child B – Serious Case Review (June 2017) (PDF)", "Child B – Serious Case Review", None, "2017-06"),
        ("Slough Safeguarding Adults Board", "Slough Safeguarding Adults Board", None, None),
    ],
)
def test_a_line_of_links_gives_title_place_and_date(
    line: str, title: str, place: str | None, published: str | None
) -> None:
    found = split_line(line)
    assert (found.title, found.place, found.published) == (title, place, published)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Local Child Safeguarding Practice Review: Kit", "lcspr"),
        ("LSCPR Twins J&K report", "lcspr"),
        ("Child F: Serious case review", "scr"),
        ("Extended child practice review: Macsen", "cpr"),
        ("Case management review: Ciara", "cmr"),
        ("Amina – local learning review", "lr"),
        ("SAR_Report_Edna_FINAL.docx", "sar"),
        ("DHR 5 overview report", "dhr"),
        ("Elowen: national child safeguarding practice review", "national"),
        ("Learning from three rapid reviews: marks on babies", "thematic"),
        ("Learning from Serious Case Reviews: Neglect", "thematic"),
        ("Learning from Serious Case Reviews – Children W", "scr"),
        ("Four babies: thematic review", "thematic"),
        ("Baby A", None),
        ("Private fostering", None),
    ],
)
def test_the_kind_of_review_is_read_from_its_title(title: str, kind: str | None) -> None:
    assert review_type(title) == kind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("No longer published", "withdrawn"),
        ("Delayed in publication**", "delayed"),
        ("Unpublished*", "unpublished"),
        ("The partners took the decision not to publish", "unpublished"),
        ("Published 21 March 2017", None),
        ("To follow", None),
    ],
)
def test_how_publication_stands_is_read_from_a_cell(text: str, status: str | None) -> None:
    assert status_in(text) == status


def test_a_topic_is_not_a_case() -> None:
    assert names_a_case("Sibling Group T")
    assert names_a_case("Mr and Mrs W")
    assert not names_a_case("Child Sexual Exploitation")
    assert not names_a_case("Cannabis in the Family Home")


def test_a_place_that_no_list_knows_is_read_from_its_partnership() -> None:
    assert partnership_places("© Wetherby Vale Safeguarding Children Partnership 2024") == ("Wetherby Vale",)
    assert partnership_places("PORT LOWEN SAFEGUARDING CHILDREN BOARD") == ("Port Lowen",)
    assert partnership_places("The Local Safeguarding Children Partnership agreed") == ()


def test_a_place_may_stand_in_the_address() -> None:
    assert place_in_address("https://www.wandsworth.gov.uk/reviews") == "Wandsworth"
    assert place_in_address("https://scp.example.org/east-sussex/reviews") == "East Sussex"
    assert place_in_address("https://scp.example.org/reviews") is None


def test_a_street_or_name_is_not_a_leading_place() -> None:
    assert leading_place("Kent Safeguarding Children Partnership") == (
        None,
        "Kent Safeguarding Children Partnership",
    )


@pytest.mark.parametrize(
    "name",
    [
        "The Teal children",
        "The Larch siblings",
        "Larch siblings: full report",
        "Family Rook",
        "The Finch Family",
        "Serious case review: the Alderson twins",
        "2024 – Harrowmere – The Plover sisters",
        "The Quill children – local child safeguarding practice review",
    ],
)
def test_a_family_is_named_before_or_after_its_word(name: str) -> None:
    assert names_a_case(name)


@pytest.mark.parametrize(
    "topic",
    [
        "Vulnerable children",
        "The Invisible Children",
        "Supporting the Whole Family",
        "Think Family",
        "Foster family",
        "Safeguarding Children",
        "The Torbay children",
        "Children in need and the Family Court",
        "The Missing Children Strategy",
        "What the Fostering Families Team does",
    ],
)
def test_children_of_no_name_are_a_topic(topic: str) -> None:
    assert not names_a_case(topic)


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("Juniper – 7 minute briefing available", "Juniper"),
        ("The Larch siblings (learning summary also available)", "The Larch siblings"),
        ("Child Q (embargoed until the inquest ends)", "Child Q"),
        ("Baby Lark – no longer available on this site", "Baby Lark"),
        ("Child S [publication delayed: criminal trial]", "Child S"),
        ("Child B – Serious Case Review", "Child B – Serious Case Review"),
        (
            "Harm behind closed doors: what help was available",
            "Harm behind closed doors: what help was available",
        ),
        ("Willow: seven minute briefing", "Willow: seven minute briefing"),
    ],
)
def test_a_note_after_a_title_is_no_part_of_it(line: str, bare: str) -> None:
    assert without_note(line) == bare


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published 7 October 2026", "2026-10-07"),
        ("Publication date: March 2024", "2024-03"),
        ("Published on 3/4/2021", "2021-04-03"),
        ("Reviews published in 2023", None),
        ("Published reports 2023", None),
        ("What happened in March 2024", None),
    ],
)
def test_a_line_may_say_no_more_than_when_it_was_published(line: str, date: str | None) -> None:
    assert publication_line(line) == date


def test_a_council_is_a_place_at_the_end_of_a_pages_title() -> None:
    assert partnership_places("Practice reviews | Harrowmere Council") == ("Harrowmere",)
    assert partnership_places("Practice reviews | Harrowmere Youth Council") == ()
    assert partnership_places("She wrote to the Council") == ()


def places_of(*headings: str) -> list[tuple[str | None, str]]:
    found = [split_heading(heading) for heading in headings]
    if share_places(found):
        found = [as_placed(heading) for heading in found]
    return [(heading.place, heading.title) for heading in found]


def test_a_place_that_no_list_knows_is_told_by_the_form_that_the_headings_share() -> None:
    assert places_of(
        "Harrowmere – Child A", "Port Lowen and Skell – Serious Case Review: Wren", "Anonymous – Ash"
    ) == [("Harrowmere", "Child A"), ("Port Lowen and Skell", "Serious Case Review: Wren"), (None, "Ash")]


def test_names_before_kinds_are_no_places() -> None:
    headings = ("Rosie – Serious Case Review", "Alfie – LCSPR", "Kent – Child B")
    assert places_of(*headings)[:2] == [(None, headings[0]), (None, headings[1])]


def test_without_one_known_place_the_words_before_a_dash_are_no_places() -> None:
    headings = ("Neglect – Child A", "Bruising – Baby B", "Knives – Child C")
    assert places_of(*headings) == [(None, heading) for heading in headings]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Source: Harrowmere SCP", "Harrowmere"),
        ("Source: Port Lowen and Skell SP", "Port Lowen and Skell"),
        ("Source: LSCP", None),
        ("Source: Ofsted", None),
    ],
)
def test_the_source_of_news_names_whose_review_it_is(line: str, place: str | None) -> None:
    assert publisher_labelled(line) == place


def test_the_date_of_publication_is_that_beside_its_word() -> None:
    line = "The report is no longer published. The summary remains available (published November 2019)"
    assert published_in(line) == "2019-11"
