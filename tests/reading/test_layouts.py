"""The same review in many dresses: other words for labels, other marks, headings by look alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.models import Review
from tests.reading.pages import read_feed, read_html, read_text

BRIEFING = """
<h2>What happened</h2>
<p>Juno was 10 weeks old when she was taken to hospital in May 2021 with a broken arm.</p>
<h2>Background</h2>
<p>Her parents had moved twice. Her father was on no record.</p>
<h2>Good practice</h2>
<ul><li>The nurse rang at once</li><li>The school kept in touch</li></ul>
<h2>Learning</h2>
<h3>Marks on babies</h3>
<ul><li>A mark was seen and not acted on</li></ul>
<h3>Hidden adults</h3>
<ul><li>Nobody asked who lived there</li></ul>
<h2>Recommendations</h2>
<ol><li>Agree who rings whom</li><li>Record every adult</li></ol>
<h2>What has changed</h2>
<ul><li>A shared list is in place</li></ul>
<h2>Questions for reflection</h2>
<ul><li>Who lives in this home?</li><li>Who have you not met?</li></ul>
<h2>Local arrangements</h2>
<p>Each agency keeps its own plan.</p>
<h2>Download</h2>
<p><a href="/juno.pdf">Juno: full report</a></p>
"""


def by_look_alone(html: str) -> str:
    for level in "23":
        html = html.replace(f"<h{level}>", "<p><strong>").replace(f"</h{level}>", "</strong></p>")
    return html


def typed_bullets(html: str) -> str:
    for tag in ("<ul>", "</ul>", "<ol>", "</ol>"):
        html = html.replace(tag, "")
    return html.replace("<li>", "<p>•&nbsp;&nbsp;").replace("</li>", "</p>")


def numbered_headings(html: str) -> str:
    parts = html.split("<h2>")
    return parts[0] + "".join(f"<h2>{number}. {part}" for number, part in enumerate(parts[1:], 1))


def one_level_up(html: str) -> str:
    return html.replace("h3>", "h4>").replace("h2>", "h3>")


def boxes(html: str) -> str:
    parts = html.split("<h2>")
    return parts[0] + "".join(f"<section class='box'><div><h2>{part}</div></section>" for part in parts[1:])


def other_words(html: str) -> str:
    for plain, other in (
        ("What happened", "Juno’s story"),
        ("Background", "The family’s history"),
        ("Good practice", "What did we do well?"),
        ("Learning", "What the review found"),
        ("Recommendations", "What needs to happen"),
        ("What has changed", "Actions taken so far"),
        ("Questions for reflection", "Talk about it in your team"),
        ("Download", "Documents"),
    ):
        html = html.replace(f"<h2>{plain}</h2>", f"<h2>{other}</h2>")
    return html


def capitals(html: str) -> str:
    parts = html.split("<h2>")
    return parts[0] + "".join(
        f"<h2>{part.split('</h2>')[0].upper()}</h2>{part.split('</h2>', 1)[1]}" for part in parts[1:]
    )


@pytest.mark.parametrize(
    "dress",
    [str, by_look_alone, typed_bullets, numbered_headings, one_level_up, boxes, other_words, capitals],
    ids=lambda dress: dress.__name__,
)
def test_a_briefing_reads_alike_in_every_dress(dress: Callable[[str], str]) -> None:
    reading = read_html(dress(BRIEFING), heading="Local Child Safeguarding Practice Review: Juno")
    assert reading.state == "read"
    (review,) = reading.reviews
    assert review.title == "Local Child Safeguarding Practice Review: Juno"
    assert (review.place, review.review_type) == ("Wetherby Vale", "lcspr")
    assert review.incident.startswith("Juno was 10 weeks old")
    assert review.background.startswith("Her parents had moved")
    assert review.good_practice == ("The nurse rang at once", "The school kept in touch")
    assert review.learning == ("A mark was seen and not acted on", "Nobody asked who lived there")
    assert review.recommendations == ("Agree who rings whom", "Record every adult")
    assert review.actions == ("A shared list is in place",)
    assert review.questions == ("Who lives in this home?", "Who have you not met?")
    assert [(section.heading.casefold(), section.items) for section in review.sections] == [
        ("local arrangements", ("Each agency keeps its own plan.",))
    ]
    assert [link.url for link in review.links] == ["https://wetherbyvalescp.example.org/juno.pdf"]
    assert (review.facts.ages, review.facts.sex, review.facts.outcome) == (
        ("10 weeks",),
        "female",
        "serious-harm",
    )
    assert review.facts.incident_date == "2021-05"


ENTRIES = (
    ("2023 – Harrowmere – Child Wren", "Death of a 3-year-old boy in June 2020 in a fire."),
    ("2023 – Anonymous – Baby Elm", "Injuries to a 6-week-old girl in 2021."),
    ("2022 – Saltmarsh – Learning review: Ash", "Sexual exploitation of a 14-year-old girl in March 2019."),
)
LABELS = "Learning includes: ask first; and write it down. / Recommendations include: a plan; a date."


def paragraphs(head: str, prose: str) -> str:
    learning, recommendations = LABELS.split(" / ")
    return f"<h3>{head}</h3><p>{prose}</p><p>{learning}</p><p>{recommendations}</p><p><a href='/{prose[:3]}{len(head)}.pdf'>Read</a></p>"


def one_paragraph(head: str, prose: str) -> str:
    return f"<h4>{head}</h4><p>{prose}<br>{LABELS.replace(' / ', '<br>')}<br><a href='/{len(head)}.pdf'>Read</a></p>"


def bold_heads(head: str, prose: str) -> str:
    return paragraphs(head, prose).replace("<h3>", "<p><b>").replace("</h3>", "</b></p>")


def cards(head: str, prose: str) -> str:
    return f"<article><div>{paragraphs(head, prose)}</div></article>"


def lost_marks(head: str, prose: str) -> str:
    return paragraphs(head.replace(" – ", " - ", 1).replace(" – ", "- "), prose)


def bullets(head: str, prose: str) -> str:
    return (
        f"<h3>{head}</h3><p>{prose}</p><p><strong>Key issues</strong></p><ul><li>ask first</li><li>write it down</li></ul>"
        f"<p><strong>Recommendations</strong></p><ul><li>a plan</li><li>a date</li></ul><p><a href='/{len(head)}.pdf'>Read</a></p>"
    )


@pytest.mark.parametrize(
    "dress",
    [paragraphs, one_paragraph, bold_heads, cards, lost_marks, bullets],
    ids=lambda dress: dress.__name__,
)
def test_a_list_with_summaries_reads_alike_in_every_dress(dress: Callable[[str, str], str]) -> None:
    reading = read_html(
        "".join(dress(*entry) for entry in ENTRIES), title="Case reviews", heading="Case reviews"
    )
    found: list[Review] = list(reading.reviews)
    assert [(review.title, review.place, review.published) for review in found] == [
        ("Child Wren", "Harrowmere", "2023"),
        ("Baby Elm", None, "2023"),
        ("Learning review: Ash", "Saltmarsh", "2022"),
    ]
    assert [review.facts.outcome for review in found] == ["death", "serious-harm", "serious-harm"]
    for review in found:
        assert review.incident in {prose for _, prose in ENTRIES}
        assert review.learning == ("ask first", "write it down")
        assert review.recommendations == ("a plan", "a date")
        assert len(review.links) == 1


def test_a_newsletter_that_lists_the_reviews_of_a_month_gives_each_that_month() -> None:
    reading = read_text(
        "Case review round-up – May 2022\n\nIn May 2022 two case reviews were published to the repository.\n\n"
        "\t1. Local Child Safeguarding Practice Review: Leaf\n\nInjury to a 4-month-old baby in June 2019.\n"
        "Learning includes: look; ask.\nOther resources Read full overview (PDF)\n\n\t\n\n"
        "\t2. Serious Case Review: Child Reed (full overview report)\n\nDeath of a 5-year-old boy in 2018.\n"
        "Learning focuses on: listening; writing.\nOther resources Read practice review (PDF)\n"
    )
    assert [(review.title, review.published, review.links) for review in reading.reviews] == [
        ("Local Child Safeguarding Practice Review: Leaf", "2022-05", ()),
        ("Serious Case Review: Child Reed (full overview report)", "2022-05", ()),
    ]


def test_a_newsletter_says_in_the_midst_of_its_greeting_when_its_reviews_came_out() -> None:
    reading = read_html(
        "<p>Spring is here! In March 2024 three case reviews were published in the NSPCC collection. Read one "
        "before your next supervision.</p>"
        "<p><strong>Harrowmere – Child Safeguarding Practice Review: Baby Elm</strong></p>"
        "<p>Death of a 7-week-old boy in October 2022.</p><p>Learning includes: look; and ask.</p>"
        "<p><strong>Saltmarsh – Ada</strong></p>"
        "<p>Injury to a 10-year-old girl in May 2022.</p><p>Learning includes: listen; and write.</p>"
        "<p><strong>Anonymous – Child Q</strong></p>"
        "<p>Neglect of a 3-year-old boy in 2021.</p><p>Learning includes: visit; and see.</p>"
    )
    assert [(review.title, review.place, review.published) for review in reading.reviews] == [
        ("Child Safeguarding Practice Review: Baby Elm", "Harrowmere", "2024-03"),
        ("Ada", "Saltmarsh", "2024-03"),
        ("Child Q", None, "2024-03"),
    ]


def test_kind_and_date_under_a_name_are_the_reviews_in_either_order_and_in_one_line() -> None:
    reading = read_html(
        "<h3>Baby Elm</h3><p><strong>Local Child Safeguarding Practice Review</strong></p>"
        "<p>Published: 14 June 2022</p><p>Elm was 13 weeks old when she was found to have broken ribs.</p>"
        "<p><a href='/elm.pdf'>Full report</a></p>"
        "<h3>Rowan’s story</h3><p>Published: April 2019</p><p><strong>Serious Case Review</strong></p>"
        "<p>Rowan was 3 when he died in June 2017.</p><p><a href='/rowan.pdf'>Overview</a></p>"
        "<h3>Child S (Sorrel)</h3><p>Learning Review | Published 2 March 2021</p>"
        "<p>Sorrel was 12 when she took an overdose in January 2020.</p><p><a href='/s.pdf'>Summary</a></p>",
        heading="Learning from reviews",
    )
    assert [(review.title, review.review_type, review.published) for review in reading.reviews] == [
        ("Baby Elm", "lcspr", "2022-06-14"),
        ("Rowan’s story", "scr", "2019-04"),
        ("Child S (Sorrel)", "lr", "2021-03-02"),
    ]
    assert [review.facts.incident_date for review in reading.reviews] == [None, "2017-06", "2020-01"]
    assert all(review.incident and len(review.links) == 1 for review in reading.reviews)


def test_the_title_that_a_feed_repeats_is_no_part_of_what_happened() -> None:
    reading = read_feed(
        (
            "Serious Case Review - Child Elm",
            "<span>Serious Case Review - Child Elm</span><div><p>Elm was 4 months old when he died in April 2023.</p>"
            "</div>",
        )
    )
    assert [review.incident for review in reading.reviews] == [
        "Elm was 4 months old when he died in April 2023."
    ]


def test_an_item_that_names_a_child_takes_its_kind_from_its_text() -> None:
    reading = read_feed(
        ("Child Elm", "<p>Elm died in April 2023, aged 4. The serious case review is published today.</p>")
    )
    assert [review.review_type for review in reading.reviews] == ["scr"]


def test_a_feed_of_the_panel_gives_its_annual_report_and_no_blog() -> None:
    items = (
        ("Annual report 2023 to 2024", "<p>Our sixth annual report looks at 400 rapid reviews.</p>"),
        ("Chair’s blog: why rapid reviews matter", "<p>I have read many rapid reviews.</p>"),
    )
    of_panel = read_feed(*items, title="Child Safeguarding Practice Review Panel").reviews
    assert [(review.title, review.review_type, review.incident) for review in of_panel] == [
        ("Annual report 2023 to 2024", "thematic", "")
    ]
    assert read_feed(*items).reviews == ()


def test_a_review_of_a_parents_death_is_of_an_adult_though_her_children_are_mentioned() -> None:
    reading = read_feed(
        (
            "Domestic Homicide Review: Iris",
            "<p>Iris was killed by her former partner in March 2023. Her two children, 4 and 6, live with an aunt.</p>",
        )
    )
    facts = reading.reviews[0].facts
    assert (facts.ages, facts.sex, facts.outcome) == ((), None, "other")


def test_a_thematic_reviews_outcome_is_the_worst_that_it_states_and_no_advice() -> None:
    advice = (
        "<h2>Key learning</h2>"
        "<ul><li>Ask who is in a baby’s life</li><li>Tell the nurse of a child who goes missing</li></ul>"
        "<h2>Recommendations</h2><ul><li>One plan for each child</li><li>A named nurse for each baby</li></ul>"
    )
    cases = (
        "<h2>Which reviews?</h2><ul><li>Ash (2020): stabbed when he was 16</li>"
        "<li>Elm (2021): aged 15, killed on a moped</li></ul>"
    )
    found = [
        read_html(body, heading="Thematic review: learning from five rapid reviews").reviews[0]
        for body in (advice, cases + advice)
    ]
    assert [review.facts.outcome for review in found] == [None, "death"]
