"""Which links ask their reader for something."""

from __future__ import annotations

import pytest

from bot.surveys import asks

HOME = "https://www.wetherbyvale-scp.example"


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ("Tell us how you used this briefing", f"{HOME}/briefing-form"),
        ("Complete our short survey on this report", f"{HOME}/s"),
        ("Evaluation form", f"{HOME}/form.docx"),
        ("Feedback on this briefing", f"{HOME}/f"),
        ("Report", "https://www.surveymonkey.com/r/abc"),
        ("Briefing", "https://forms.office.example/r/abc"),
    ],
)
def test_a_survey_asks(label: str, url: str) -> None:
    assert asks(label, url)


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ("Evaluation of the service", f"{HOME}/evaluation.pdf"),
        ("Evaluation of the service", f"{HOME}/evaluation.docx?download=1"),
        ("Full report", f"{HOME}/report"),
        ("Report", "https://forms-of-harm.example/report"),
        ("Report", "https://[broken/report"),
    ],
)
def test_a_document_or_a_report_does_not(label: str, url: str) -> None:
    assert not asks(label, url)


def test_a_label_may_say_that_it_is_a_document() -> None:
    assert asks("Evaluation of the service", f"{HOME}/10422")
    assert not asks("Evaluation of the service", f"{HOME}/10422", file=True)
