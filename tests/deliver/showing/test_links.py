"""What the links of a review are called, which of them lead to it, and which only happen to be there."""

from __future__ import annotations

from time import process_time

import pytest

from bot.deliver.showing.links import Labels, links_of
from bot.models import Link, Review
from tests.deliver.invented import entry, seen

HOME = "https://www.wetherbyvale-scp.example"


def named(
    label: str, url: str, title: str = "Child W", place: str | None = None, labels: Labels | None = None
) -> tuple[str, str]:
    review = Review(title=title, place=place, links=(Link(label=label, url=url),))
    [link] = links_of(entry(review, seen=(seen(url=f"{HOME}/reviews"),)), {} if labels is None else labels)
    return link.label, link.to


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ("https://www.cafcass.gov.uk/", "https://www.cafcass.gov.uk/"),
        ("guidance", "https://www.nice.org.uk/CG89"),
        ("Tell us how you used this briefing", f"{HOME}/briefing-form"),
        ("Feedback on this briefing", f"{HOME}/f"),
        ("Evaluation form (Word)", f"{HOME}/form.docx"),
        ("Complete our short survey on this report", f"{HOME}/s"),
        ("Briefing", "https://forms.office.example/r/abc"),
        ("Report", "https://www.surveymonkey.com/r/abc"),
        ("Learning from the review", "https://app.onlinesurveys.jisc.ac.uk/s/1"),
    ],
)
def test_a_link_that_asks_or_leads_away_is_elsewhere(label: str, url: str) -> None:
    assert named(label, url)[1] == "elsewhere"


def test_what_leads_elsewhere_stands_last() -> None:
    links = (Link(label="Feedback", url=f"{HOME}/f"), Link(label="Report", url=f"{HOME}/r.pdf"))
    shown = links_of(entry(Review(title="Child W", links=links)), {})
    assert [link.to for link in shown] == ["report", "elsewhere"]


@pytest.mark.parametrize(
    ("label", "url", "called"),
    [
        (
            f"{HOME}/wp-content/uploads/SCR-report-Child-W.pdf",
            f"{HOME}/wp-content/uploads/SCR-report-Child-W.pdf",
            "SCR report Child W (PDF)",
        ),
        (
            "www.files.example/x",
            "https://files.example/Overview%20Report_2.docx",
            "Overview Report 2 (Word): Child W",
        ),
        (f"{HOME}/10422", f"{HOME}/10422", "Page of the review: Child W"),
        (f"{HOME}/10422.pdf", f"{HOME}/10422.pdf", "Report (PDF): Child W"),
        (HOME, HOME, "Page of the review: Child W"),
        (f"{HOME}/child-w/", f"{HOME}/child-w/", "Child w"),
    ],
)
def test_a_bare_address_at_home_or_of_a_document_is_called_by_its_file(
    label: str, url: str, called: str
) -> None:
    assert named(label, url)[0] == called


@pytest.mark.parametrize(
    ("label", "file", "title", "called"),
    [
        (
            "PSCB Improvement Report – Child T 3rd March 2015",
            "t.pdf",
            "Child T Overview Report",
            "PSCB Improvement Report – Child T 3rd March 2015 (PDF)",
        ),
        (
            "What we heard of Child T",
            "t.pdf",
            "Help given to Child T and her aunt",
            "What we heard of Child T (PDF)",
        ),
        ("Bramble: the story", "b.pdf", "SAR Bramble overview report", "Bramble: the story (PDF)"),
        ("Overview report", "b.pdf", "Siblings: overview report", "Overview report (PDF): Siblings"),
        (
            "Published 21 March 2017 (PDF)",
            "mc.pdf",
            "Child MC",
            "Report, published 21 March 2017 (PDF): Child MC",
        ),
        ("21st March 2017", "mc", "Child MC", "Page of the review, 21st March 2017: Child MC"),
        ("Bramble – full reportDownload (PDF)", "b.pdf", "Bramble", "Bramble – full report (PDF)"),
        ("Overview report (PDF, 2MB)Download", "b", "Bramble", "Overview report (PDF, 2 MB): Bramble"),
        (
            "Publication of LCSPR: Child RS report",
            "news/rs",
            "LCSPR: Child RS",
            "Page of the review: Child RS",
        ),
        (
            "Publication of LCSPR: Child RS",
            "rs.pdf",
            "LCSPR: Child RS",
            "Publication of LCSPR: Child RS (PDF)",
        ),
        ("How to Download", "b.pdf", "Bramble", "How to Download (PDF): Bramble"),
        ("Report", "r.pdf", "Child Safeguarding Practice Review: Ivy", "Report (PDF): Ivy"),
        ("Child K report", "r.pdf", "Child KX", "Child K report (PDF): Child KX"),
    ],
)
def test_a_label_says_the_review_once_and_what_it_is(label: str, file: str, title: str, called: str) -> None:
    assert named(label, f"{HOME}/{file}", title)[0] == called


def test_a_page_that_announces_a_report_is_no_report() -> None:
    assert named("Publication of LCSPR: Child RS report", f"{HOME}/news")[1] == "page"


def test_a_host_is_named_only_where_it_tells_two_links_apart() -> None:
    labels: Labels = {}
    said = [
        named("Report", url, labels=labels)[0]
        for url in (f"{HOME}/a.pdf", f"{HOME}/b.pdf", "https://files.example/a.pdf")
    ]
    assert said == [
        "Report (PDF): Child W",
        "Report (PDF): Child W (2)",
        "Report (PDF): Child W, at files.example",
    ]


@pytest.mark.parametrize("part", [",", "(", " pdf", "1,", "– ", "report (", "Download", "Child W "])
def test_a_label_of_any_length_takes_no_time(part: str) -> None:
    before = process_time()
    label, _ = named(part * 20_000, "https://saltmarsh.example/a.pdf", title=part * 5_000)
    assert process_time() - before < 2
    assert len(label) < 400
