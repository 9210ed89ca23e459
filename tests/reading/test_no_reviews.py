"""Silence is never ambiguous: nothing there, elsewhere, blocked and unreadable are four answers."""

from __future__ import annotations

import pytest

from bot.errors import UnreadableDocument
from tests.reading.pages import read_html


@pytest.mark.parametrize(
    "text",
    [
        "There are no published reviews for Saltmarsh at present.",
        "There are currently no reviews to display.",
        "We do not currently have any Serious Case Reviews to publish.",
        "The partnership has not published any child safeguarding practice reviews in the last 12 months.",
        "No reviews have been published yet.",
        "Reviews will be published on this page when they are ready.",
    ],
)
def test_a_page_that_says_there_are_none_is_an_answer(text: str) -> None:
    reading = read_html(f"<p>{text}</p>", heading="Child safeguarding practice reviews")
    assert (reading.state, reading.reviews) == ("nothing there", ())


def test_a_page_that_only_points_elsewhere_says_where() -> None:
    reading = read_html(
        "<h2>Briefings</h2><p>Short papers.</p><p><a href='/briefings'>View briefings here</a></p>"
        "<h2>Local Child Safeguarding Practice Reviews</h2><p><a href='/published'>Read the full reports.</a></p>"
        "<h2>Refer a case</h2><p>Use the <a href='/form.docx'>referral form</a>.</p>"
        "<h2>National learning</h2><p>See the <a href='https://repository.example.org/'>national repository</a>.</p>",
        heading="Reviews and briefings",
    )
    assert (reading.state, reading.see) == ("hub", ("https://wetherbyvalescp.example.org/published",))


@pytest.mark.parametrize(
    ("title", "text", "trouble"),
    [
        ("Just a moment...", "Checking your browser before you go on.", "blocked"),
        ("Attention required", "Please complete the captcha.", "blocked"),
        ("Access denied", "You do not have permission to view this page.", "blocked"),
        ("Request unsuccessful", "Incapsula incident ID: 77-12", "blocked"),
        ("Sign in", "Sign in to your account. Forgotten your password?", "blocked"),
        ("Before you continue", "We value your privacy. Accept all cookies to continue.", "blocked"),
        ("Page not found", "Sorry, the page could not be found.", "unreadable"),
        ("Reviews", "You need to enable JavaScript to run this app.", "unreadable"),
        ("Help", "Hello, I am your virtual assistant. How can I help you today?", "unreadable"),
        ("Opening hours", "We are open from nine to five.", "unreadable"),
    ],
)
def test_a_page_that_came_instead_is_refused(title: str, text: str, trouble: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_html(f"<p>{text}</p>", title=title, heading=title)
    assert refused.value.trouble == trouble
    assert not refused.value.again


def test_a_long_page_that_speaks_of_cookies_is_no_wall() -> None:
    reading = read_html(
        "<p>We value your privacy and use cookies.</p>"
        + "<p>Partners meet and talk about practice.</p>" * 60
        + "<ul><li><a href='/k.pdf'>Child K serious case review</a></li></ul>",
        heading="Published reviews",
    )
    assert [review.title for review in reading.reviews] == ["Child K serious case review"]
