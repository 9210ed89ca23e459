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


def test_documents_of_one_subject_are_one_review_whatever_it_is_called() -> None:
    found = reviews(
        "<ul><li><a href='/j.pdf'>Jonah – WVSCP Report – June 2023</a></li>"
        "<li><a href='/jl.pdf'>Jonah – WVSCP Learning Summary – June 2023</a></li>"
        "<li><a href='/m.pdf'>MN14 overview report</a></li><li><a href='/mb.pdf'>MN14 practitioner briefing</a></li></ul>"
    )
    assert [(review.title, review.published, len(review.links)) for review in found] == [
        ("Jonah – WVSCP Report", "2023-06", 2),
        ("MN14 overview report", None, 2),
    ]


def test_a_bare_name_is_told_by_its_kind_and_documents_and_a_topic_is_none() -> None:
    found = reviews(
        "<h3>Tamsin</h3><p>LCSPR • Published 12/02/2024</p><p><a href='/t.pdf'>Read the report</a></p>"
        "<h3>Arlo and Bea</h3><p><a href='/ab.pdf'>Overview report</a></p>"
        "<h3>Neglect</h3><p>What to look for.</p><p><a href='/toolkit.pdf'>Neglect toolkit</a></p>"
    )
    assert [(review.title, review.review_type, review.published) for review in found] == [
        ("Tamsin", "lcspr", "2024-02-12"),
        ("Arlo and Bea", None, None),
    ]


def test_what_a_list_says_under_a_name_is_read_as_of_any_review() -> None:
    (first, second) = reviews(
        "<h2>Serious case reviews</h2><h3>Child K</h3><p>Child K was 7 weeks old when he died in March 2019.</p>"
        "<p>Learning includes: ask who lives there; and write it down.</p><p><a href='/k.pdf'>Overview report</a></p>"
        "<h3>Child L</h3><p><a href='/l.pdf'>Overview report</a></p>"
    )
    assert first.incident == "Child K was 7 weeks old when he died in March 2019."
    assert first.learning == ("ask who lives there", "write it down")
    assert (second.incident, second.learning, len(second.links)) == ("", (), 1)


def test_a_list_that_tells_of_some_reviews_still_has_the_others() -> None:
    story = "<p>{} was 3 months old when she was seriously injured at home in May 2020.</p>"
    body = "".join(
        f"<h3>Child {name}</h3>{story.format('Child ' + name) if name in 'AB' else ''}<p><a href='/{name}.pdf'>Report</a></p>"
        for name in "ABCD"
    )
    found = reviews(body)
    assert [review.title for review in found] == ["Child A", "Child B", "Child C", "Child D"]
    assert [bool(review.incident) for review in found] == [True, True, False, False]


def test_a_table_tells_what_happened_and_whose_rows_are_no_reviews() -> None:
    found = reviews(
        "<table><tr><th>Case</th><th>What happened</th><th>Type</th><th>Documents</th></tr>"
        "<tr><td>Fern</td><td>Fern, aged 3, was seriously injured at home in May 2021.</td><td>LCSPR</td><td><a href='/f.pdf'>Report</a></td></tr>"
        "<tr><td>Fern</td><td></td><td>LCSPR</td><td><a href='/fb.pdf'>Learning brief</a></td></tr>"
        "<tr><td></td><td></td><td>Policy</td><td><a href='/p.pdf'>Escalation policy</a></td></tr></table>"
    )
    assert [(review.title, review.review_type, len(review.links)) for review in found] == [
        ("Fern", "lcspr", 2)
    ]
    assert found[0].incident == "Fern, aged 3, was seriously injured at home in May 2021."


def test_a_title_in_two_languages_is_taken_in_english() -> None:
    (review,) = reviews(
        "<h2>Adroddiadau cyhoeddedig / Published reviews</h2><ul><li>"
        "<a href='/c.pdf'>Adolygiad Ymarfer Plant: Plentyn Nia</a> / <a href='/e.pdf'>Child Practice Review: Child Nia</a> "
        "(Gorffennaf 2021 / July 2021)</li></ul>"
    )
    assert (review.title, review.published) == ("Child Practice Review: Child Nia", "2021-07")
    assert [link.label for link in review.links] == ["Child Practice Review: Child Nia"]


def test_documents_in_turn_are_each_of_the_review_before_them() -> None:
    found = reviews(
        "<ul><li><a href='/k.pdf'>Child K serious case review</a></li><li><a href='/ks.pdf'>Executive summary</a></li>"
        "<li><a href='/l.pdf'>Child L serious case review</a></li><li><a href='/ls.pdf'>Executive summary</a></li></ul>"
    )
    assert [[link.url.rsplit("/", 1)[1] for link in review.links] for review in found] == [
        ["k.pdf", "ks.pdf"],
        ["l.pdf", "ls.pdf"],
    ]


def test_what_stands_under_events_posts_and_other_boards_is_no_review() -> None:
    found = reviews(
        "<ul><li><a href='/k.pdf'>Child K serious case review</a></li></ul>"
        "<h2>Events</h2><p><a href='/e'>Lessons from Child K</a></p>"
        "<h2>Latest tweets</h2><p>New: <a href='/t'>SCR Child K briefing</a></p>"
        "<p>For reviews by other boards:</p><ul><li><a href='/n'>National serious case review materials</a></li></ul>"
    )
    assert [(review.title, len(review.links)) for review in found] == [("Child K serious case review", 1)]


def test_a_kind_and_a_bare_year_under_a_name_are_read_together() -> None:
    found = reviews(
        "<h2>Serious case reviews</h2><h3>Child Q</h3><p><b>Serious Case Review 2019</b></p>"
        "<p><a href='/q.pdf'>Overview report</a></p><h3>Child R</h3><p><b>2018</b></p>"
        "<p><a href='/r.pdf'>Overview report</a></p>"
    )
    assert found[0].title == "Child Q"
    assert found[0].review_type == "scr"


def tile(badge: str, title: str, date: str) -> str:
    address = "/" + title.casefold().replace(" ", "-")
    return f"<article class='tile'><a href='{address}'><span>{badge}</span><h3>{title}</h3><p>{date}</p></a></article>"


def test_a_tile_is_one_review_with_the_kind_of_its_badge() -> None:
    found = reviews(
        tile("SAR", "Adult Wren", "Published 4 May 2023")
        + tile("Form", "Notify us of a case", "")
        + tile("Learning review", "The boy on the bridge", "Published 2 March 2022")
        + tile("Training", "Spring courses", "")
        + tile("Serious Case Review", "Baby K", "Published 2017")
    )
    assert [(review.title, review.review_type, review.published, len(review.links)) for review in found] == [
        ("Adult Wren", "sar", "2023-05-04", 1),
        ("The boy on the bridge", "lr", "2022-03-02", 1),
        ("Baby K", "scr", "2017", 1),
    ]


def test_the_day_on_which_a_file_was_changed_is_not_when_its_review_came_out() -> None:
    found = reviews(
        "<table><tr><th>Name</th><th>Modified</th></tr>"
        "<tr><td><a href='/a'>Child A SCR report.pdf</a></td><td>04/02/2019</td></tr>"
        "<tr><td><a href='/b'>Learning Review Maya June 2021.pdf</a></td><td>29/09/2022</td></tr></table>"
    )
    assert [(review.title, review.published) for review in found] == [
        ("Child A SCR report.pdf", None),
        ("Learning Review Maya June 2021.pdf", "2021-06"),
    ]


def test_a_line_that_names_two_reports_of_a_case_keeps_both_in_its_title() -> None:
    (review,) = reviews(
        "<ul><li><a href='/1.pdf'>Baby T Overview Report</a> &amp; <a href='/2.pdf'>Baby T Learning Report</a>"
        " – 3 July 2016</li></ul>",
        heading="Serious Case Reviews",
    )
    assert review.title == "Baby T Overview Report & Baby T Learning Report"
    assert (review.published, len(review.links)) == ("2016-07-03", 2)


def test_an_article_before_a_link_is_no_part_of_its_title() -> None:
    found = reviews(
        "<ul><li>The <a href='/a.pdf'>Child A serious case review</a>, published in June 2014; and</li>"
        "<li>The <a href='/b.pdf'>Child B serious case review</a> (no date).</li></ul>"
    )
    assert [(review.title, review.published) for review in found] == [
        ("Child A serious case review", "2014-06"),
        ("Child B serious case review", None),
    ]


def test_a_sentence_that_a_review_was_published_heads_its_documents() -> None:
    found = reviews(
        "<p>The WVSCP published SCR Ashdown on 15 March, 2021. Read the <a href='/1.pdf'>SCR Ashdown Report</a></p>"
        "<p><a href='/2.pdf'>Learning Briefing SCR Ashdown</a></p>"
        "<p>The WVSCP published the Executive Summary of Serious Case Review Nell on the 3rd of May 2020.</p>"
        "<p><a href='/3.pdf'>SCR Nell - Executive Summary</a></p>"
    )
    assert [(review.title, review.published, len(review.links)) for review in found] == [
        ("SCR Ashdown", "2021-03-15", 2),
        ("Serious Case Review Nell", "2020-05-03", 1),
    ]


def test_a_sentence_that_one_is_not_to_be_published_gives_its_status() -> None:
    (review,) = reviews(
        "<p>We have decided not to publish the review about Family S. A summary of the "
        "<a href='/s.pdf'>learning from Family S</a> is available instead.</p>",
        heading="Local child safeguarding practice reviews",
    )
    assert (review.status, review.review_type) == ("unpublished", "lcspr")


def test_names_in_quotation_marks_under_a_kind_are_reviews() -> None:
    found = reviews(
        "<h2>Safeguarding Adult Review briefings</h2><ul><li><a href='/u.pdf'>“Una” and “Bert”</a></li>"
        "<li><a href='/j.pdf'>“Jeannie” (PDF, 222 Kb)</a></li></ul>"
    )
    assert [(review.title, review.review_type) for review in found] == [
        ("“Una” and “Bert”", "sar"),
        ("“Jeannie”", "sar"),
    ]


def test_a_table_of_downloads_adds_to_the_reviews_named_before() -> None:
    found = reviews(
        "<h3><a href='/linnet'>Child Safeguarding Practice Review Linnet</a></h3><p>Published 6 June 2023</p>"
        "<h3><a href='/q'>Serious Case Review Child Q</a></h3><p>Published 1 May 2018</p><h2>Downloads</h2>"
        "<table><tr><td><b>Linnet</b></td><td><a href='/linnet.pdf'>Report</a></td></tr>"
        "<tr><td><b>Child Q</b></td><td><a href='/q.pdf'>Report</a></td></tr></table>",
        heading="Learning from serious case reviews",
    )
    assert [(review.title, len(review.links)) for review in found] == [
        ("Child Safeguarding Practice Review Linnet", 2),
        ("Serious Case Review Child Q", 2),
    ]


def test_the_letters_of_a_list_from_a_to_z_are_no_groups() -> None:
    found = reviews(
        "<h2>A</h2><ul><li><a href='/a'>Archie (2020)</a></li></ul><h2>B to D</h2>"
        "<ul><li><a href='/b'>Brenda (2017)</a></li></ul>",
        heading="Safeguarding adult reviews",
    )
    assert [(review.title, review.published) for review in found] == [("Archie", "2020"), ("Brenda", "2017")]


def test_a_summary_alone_in_a_band_of_years_is_a_review() -> None:
    found = reviews(
        "<h2>2023 and 2022</h2><ul><li><a href='/x.pdf'>LCSPR Child X - November 2023</a></li>"
        "<li><a href='/y.pdf'>LCSPR Y Family - Executive summary</a></li></ul>"
    )
    assert [review.title for review in found] == ["LCSPR Child X", "LCSPR Y Family - Executive summary"]


def test_a_tile_may_give_its_kind_after_its_title() -> None:
    tiles = "".join(
        f"<a class='tile' href='/{number}'><h3>{title}</h3><p>{kind}</p><p>{date}</p></a>"
        for number, (title, kind, date) in enumerate(
            (
                ("Child Sage", "LCSPR", "12 May 2024"),
                ("Safer sleep", "Leaflet", "3 March 2023"),
                ("Mrs Dove", "SAR", "1 Feb 2023"),
            )
        )
    )
    assert [(review.title, review.review_type, review.published) for review in reviews(tiles)] == [
        ("Child Sage", "lcspr", "2024-05-12"),
        ("Mrs Dove", "sar", "2023-02-01"),
    ]


def test_the_name_of_a_file_may_end_in_its_date() -> None:
    (review,) = reviews("<ul><li><a href='/b.pdf'>SCR-Child-B-Mar-2019.pdf</a></li></ul>")
    assert (review.title, review.published) == ("SCR-Child-B-Mar-2019.pdf", "2019-03")


def test_a_sentence_over_a_list_says_how_all_of_it_stands() -> None:
    found = reviews(
        "<h2>Older reports</h2><p>The following reports are no longer published. Please ask us for a copy.</p>"
        "<ul><li>SCR Child T (2012)</li><li>SCR Child U (2013)</li></ul>"
        "<h2>Published</h2><ul><li><a href='/v.pdf'>SCR Child V (2019)</a></li></ul>",
        heading="Serious case reviews",
    )
    assert [(review.title, review.status) for review in found] == [
        ("SCR Child T", "withdrawn"),
        ("SCR Child U", "withdrawn"),
        ("SCR Child V", "published"),
    ]
