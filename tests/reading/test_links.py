"""Lists of links in the layouts that partnerships use."""

from __future__ import annotations

import pytest

from bot.models import Review, Source
from tests.reading.pages import ADDRESS, read_html


def reviews(
    body: str, *, heading: str = "Published reviews", source: Source | None = None
) -> tuple[Review, ...]:
    return read_html(body, heading=heading, source=source).reviews


def test_documents_under_a_case_are_that_cases() -> None:
    (first, second) = reviews(
        "<h2>Serious Case Reviews</h2>"
        "<h3>Child ABC17</h3><p><a href='/a1.pdf'>Executive summary</a></p><p><a href='/a2.pdf'>Overview report</a></p>"
        "<h3>Child DEF18</h3><p>Published November 2018</p><ul><li><a href='/d.pdf'>Overview report (PDF, 1MB)</a></li></ul>"
    )
    assert (first.title, first.review_type, len(first.links)) == ("Child ABC17", "scr", 2)
    assert (second.title, second.published, len(second.links)) == ("Child DEF18", "2018-11", 1)


def test_a_date_over_a_group_dates_each_of_it_and_shares_its_statements() -> None:
    found = reviews(
        "<h3>Serious Case Reviews</h3><p><b>Date of publication: 3rd March 2015</b></p>"
        "<p><a href='/t.pdf'>Overview report Child T</a></p><p><a href='/u.pdf'>Overview report Child U</a></p>"
        "<p><a href='/m.pdf'>Media statement 3rd March 2015</a></p>"
        "<p><b>Date of publication: April 2011</b></p><p><a href='/h.pdf'>Executive summary Child H</a></p>"
    )
    assert [(review.title, review.published, len(review.links)) for review in found] == [
        ("Overview report Child T", "2015-03-03", 2),
        ("Overview report Child U", "2015-03-03", 2),
        ("Executive summary Child H", "2011-04", 1),
    ]


def test_tiles_give_their_date_after_their_title() -> None:
    tiles = "".join(
        f"<div class='tile'><a href='/{name[-1]}.pdf'><h3>{name}</h3><p>Published March 20{year}</p></a></div>"
        for name, year in (("Child A", 19), ("Child B", 20))
    )
    assert [(review.title, review.published) for review in reviews(tiles)] == [
        ("Child A", "2019-03"),
        ("Child B", "2020-03"),
    ]


def test_a_band_of_years_gives_the_year_alone() -> None:
    (review,) = reviews(
        "<h2>Safeguarding Adult Reviews</h2><h3>2023</h3><ul><li><a href='/h.pdf'>Hazel</a></li></ul>"
    )
    assert (review.title, review.year, review.published, review.review_type) == ("Hazel", 2023, None, "sar")


def test_a_heading_that_says_published_gives_the_date_too() -> None:
    (review,) = reviews(
        "<h2>Serious case reviews published in 2023</h2><ul><li><a href='/h.pdf'>Child H</a></li></ul>"
    )
    assert (review.year, review.published) == (2023, "2023")


def test_a_row_says_how_its_report_stands() -> None:
    rows = "<tr><th>Case</th><th>Report</th><th>Brief</th></tr>"
    for name, cell in (
        ("Child A", "No longer published"),
        ("Child B", "Delayed in publication**"),
        ("Child C", "Unpublished*"),
    ):
        rows += f"<tr><td>{name}</td><td>{cell}</td><td><a href='/{name[-1]}.pdf'>Published 4 May 2016</a></td></tr>"
    found = reviews(f"<h2>Serious Case Reviews</h2><table>{rows}</table>")
    assert [(review.title, review.status, review.published) for review in found] == [
        ("Child A", "withdrawn", "2016-05-04"),
        ("Child B", "delayed", "2016-05-04"),
        ("Child C", "unpublished", "2016-05-04"),
    ]


def test_reviews_hidden_among_topics_are_the_only_ones_taken() -> None:
    found = reviews(
        "".join(
            f"<p><a href='/{number}.pdf'>{text}</a></p>"
            for number, text in enumerate(
                [
                    "Adolescent Neglect",
                    "Baby Theo Local Child Safeguarding Practice Review",
                    "Child Safeguarding Practice Reviews - what they are",
                    "Domestic Homicide Reviews – a short guide",
                    "Learning from Serious Case Reviews: Neglect of Older Children",
                    "Cannabis in the Family Home",
                ]
            )
        ),
        heading="7 minute briefings",
    )
    assert [review.review_type for review in found] == ["lcspr", "thematic"]


def test_one_address_is_one_review() -> None:
    item = "<li><a href='/h.pdf'>Child H Serious Case Review</a></li>"
    assert len(reviews(f"<ul>{item}{item}</ul>")) == 1


def test_links_in_a_sentence_are_read_with_its_date() -> None:
    (review,) = reviews(
        "<p>In March 2021 we published <a href='/k.pdf'>the serious case review of Child K</a>, who was hurt at home.</p>"
    )
    assert (review.title, review.published) == ("serious case review of Child K", "2021-03")


def test_languages_side_by_side_are_one_review() -> None:
    (review,) = reviews(
        "<h2>Child Practice Reviews</h2><ul><li>CPR 01/2019 – <a href='/en.pdf'>Report (English)</a> | "
        "<a href='/cy.pdf'>Adroddiad (Cymraeg)</a></li></ul>"
    )
    assert (review.title, review.year, len(review.links)) == ("CPR 01/2019", None, 2)


def test_a_national_review_has_no_place() -> None:
    (review,) = reviews(
        "<ul><li><a href='/q.pdf'>“Quiet harm”: national review of exclusion – May 2023</a></li></ul>"
    )
    assert (review.place, review.review_type) == (None, "national")


@pytest.mark.parametrize(
    ("settings", "titles"),
    [
        ({"include": ("juno",)}, ["Child J ‘Juno’ LCSPR"]),
        ({"exclude": ("juno",)}, ["Child K serious case review"]),
        ({}, ["Child J ‘Juno’ LCSPR", "Child K serious case review"]),
    ],
)
def test_a_source_says_which_words_its_reviews_have(
    settings: dict[str, tuple[str, ...]], titles: list[str]
) -> None:
    source = Source(
        id="wv",
        name="WV",
        url=ADDRESS,
        include=settings.get("include", ()),
        exclude=settings.get("exclude", ()),
    )
    body = "<ul><li><a href='/j.pdf'>Child J ‘Juno’ LCSPR</a></li><li><a href='/k.pdf'>Child K serious case review</a></li></ul>"
    assert [review.title for review in reviews(body, source=source)] == titles


def test_a_source_says_whose_page_it_is() -> None:
    source = Source(id="wv", name="WV", url=ADDRESS, place="Harrowmere")
    (review,) = reviews("<ul><li><a href='/k.pdf'>Child K serious case review</a></li></ul>", source=source)
    assert review.place == "Harrowmere"


def test_an_embargoed_review_is_delayed_and_a_note_on_a_briefing_is_no_title() -> None:
    found = reviews(
        "<h2>Published serious case reviews</h2><ul><li>Young Person M [embargoed]</li>"
        "<li><a href='/j.pdf'>Juniper – 7 minute briefing available</a></li></ul>"
    )
    assert [(review.title, review.status) for review in found] == [
        ("Young Person M", "delayed"),
        ("Juniper", "published"),
    ]


def test_a_row_across_a_table_dates_the_rows_under_it() -> None:
    found = reviews(
        "<h2>Published serious case reviews</h2><table><tr><th>Month</th><th>Review</th><th>Documents</th></tr>"
        "<tr><td rowspan='2'>May 2024</td><td>Child Fenn</td><td><a href='/f.pdf'>Report</a></td></tr>"
        "<tr><td>Baby Rue</td><td><a href='/r.pdf'>Report</a></td></tr>"
        "<tr><td colspan='3'><strong>January 2023</strong></td></tr>"
        "<tr><td></td><td>The Marram twins</td><td><a href='/m.pdf'>Report</a></td></tr></table>"
    )
    assert [(review.title, review.published) for review in found] == [
        ("Child Fenn", "2024-05"),
        ("Baby Rue", "2024-05"),
        ("The Marram twins", "2023-01"),
    ]


def test_a_cell_of_languages_names_no_review() -> None:
    found = reviews(
        "<h2>Adolygiadau / Child Practice Reviews</h2><table><tr><th>Cyfeirnod</th><th>Report</th></tr>"
        "<tr><td>WVCB 01/2022</td><td><a href='/c.pdf'>Cymraeg</a> <a href='/e.pdf'>English</a></td></tr></table>"
    )
    assert [(review.title, len(review.links)) for review in found] == [("WVCB 01/2022", 2)]


def test_a_letter_is_a_document_of_its_review() -> None:
    found = reviews(
        "<h2>Domestic homicide reviews</h2><ul><li><a href='/d.pdf'>DHR ‘Petra’ Overview Report</a></li>"
        "<li><a href='/l.pdf'>DHR ‘Petra’ Home Office letter</a></li></ul>"
    )
    assert [(review.title, len(review.links)) for review in found] == [("DHR ‘Petra’ Overview Report", 2)]


def test_a_cards_title_goes_before_the_words_of_its_picture() -> None:
    found = reviews(
        "<div class='item'><a href='/ivo'><img alt='Baby Ivo'></a><p>4 June 2025</p>"
        "<p><a href='/ivo'>Baby Ivo – serious case review</a></p></div>"
        "<div class='item'><a href='/tam'><img alt='Baby Tam'></a><p>9 May 2024</p>"
        "<p><a href='/tam'>Baby Tam – serious case review</a></p></div>"
    )
    assert [(review.title, review.published) for review in found] == [
        ("Baby Ivo – serious case review", "2025-06-04"),
        ("Baby Tam – serious case review", "2024-05-09"),
    ]


def test_a_term_of_a_definition_list_is_a_case_with_its_date_and_documents() -> None:
    found = reviews(
        "<dl><dt>Child Quince</dt><dd>Published: June 2024</dd><dd><a href='/q.pdf'>Overview report</a></dd>"
        "<dd><a href='/qs.pdf'>Learning summary</a></dd><dt>The Rowe sisters</dt><dd>Published: March 2023</dd>"
        "<dd><a href='/r.pdf'>Overview report</a></dd><dt>Child Vale</dt>"
        "<dd>Publication delayed because of court proceedings</dd></dl>",
    )
    assert [(review.title, review.published, review.status, len(review.links)) for review in found] == [
        ("Child Quince", "2024-06", "published", 2),
        ("The Rowe sisters", "2023-03", "published", 1),
        ("Child Vale", None, "delayed", 0),
    ]
