"""The same review in many dresses: other words for labels, other marks, headings by look alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.models import Review
from tests.reading.pages import read_html, read_text

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
