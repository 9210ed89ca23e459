"""What is proposed for a page that nobody watches yet."""

from __future__ import annotations

import pytest

from bot.models import Document, Page, Reading, Review
from bot.proposing import every, feeds_named, gaps, pace, propose, wants_place


def dated(*days: str) -> list[Review]:
    return [Review(title=f"Child {number}", published=day) for number, day in enumerate(days)]


def head(*links: str) -> Page:
    body = f"<html><head>{''.join(links)}</head><body></body></html>".encode()
    return Page(
        url="https://ravensby.example.org/reviews/", body=body, content_type="text/html; charset=utf-8"
    )


def named(*links: str) -> list[str]:
    return list(feeds_named(head(*links)))


def test_a_page_is_looked_at_more_often_where_it_changes_more_often() -> None:
    weekly = pace(dated("2026-09-01", "2026-09-04", "2026-09-09", "2026-09-14", "2026-09-20"))
    monthly = pace(dated("2026-01", "2026-02", "2026-03", "2026-04", "2026-05"))
    yearly = pace(dated("2022-03-01", "2023-03-01", "2024-02-20", "2025-03-09", "2026-03-01"))
    assert weekly
    assert monthly
    assert yearly
    assert [every(one) for one in (weekly, monthly, yearly)] == ["6h", "1d", "2d"]


def test_years_alone_tell_no_rhythm() -> None:
    assert pace(dated("2021", "2022", "2023", "2024", "2025", "2026")) is None


def test_a_gap_is_what_most_reviews_lack_and_no_setting_mends() -> None:
    reviews = [Review(title="Child A"), Review(title="Child B"), Review(title="Child C", place="Ravensby")]
    assert [gap.field for gap in gaps(reviews)] == ["place", "date", "learning", "link to a document"]
    assert [gap.field for gap in gaps(reviews, place=True, follow=True)] == ["date", "link to a document"]
    assert gaps(reviews)[0].said.startswith("No place in 2 of 3 reviews: `place` says")
    assert "in the only review: " in gaps(reviews[:1])[0].said
    assert "link to a document" not in [gap.field for gap in gaps(reviews[:1])], "the page is the document"
    assert gaps(()) == ()


def test_nobody_is_asked_for_the_place_of_a_page_about_several_areas_or_the_whole_country() -> None:
    unplaced = [Review(title=f"Adult {letter}") for letter in "ABCDE"]
    assert wants_place([*unplaced, Review(title="Vera", place="Ravensby")])
    several = [Review(title="Vera", place="Ravensby"), Review(title="Joan", place="Fellgate")]
    assert not wants_place([*unplaced, *several])
    assert not wants_place([Review(title="Elowen", review_type="national")] * 3)


def test_feeds_are_found_by_their_type_and_comments_left_out() -> None:
    assert named(
        '<link rel="alternate" type="application/rss+xml" title="News &raquo; Comments" href="/c">',
        '<LINK REL="alternate home" TYPE="application/atom+xml; charset=utf-8" HREF="news.atom">',
        '<link rel="alternate" hreflang="cy" href="/cy/">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="http://[broken">',
        '<link rel="alternate" type="application/rss+xml" href="https://other.example.org/rss">',
    ) == ["https://ravensby.example.org/reviews/news.atom", "https://other.example.org/rss"]


def test_what_is_no_page_names_no_feed() -> None:
    for body in (b"", b"%PDF-1.7 <link", b"\x00<<<!--<![CDATA[", b"<link rel=alternate" * 9_000):
        assert feeds_named(Page(url="https://a.example.org/", body=body, content_type=None)) == ()


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Published reviews – Ravensby Safeguarding Children Partnership", "ravensby"),
        ("Case reviews published in 2024 | NSPCC Learning", "nspcc"),
        ("SAR Library | Search", "sar-library"),
        ("Children’s Safeguarding Board", "childrens-safeguarding-board"),
        ("Adolygiadau ymarfer plant | Bwrdd Diogelu Glan Teifi", "bwrdd-diogelu-glan-teifi"),
    ],
)
def test_an_id_is_quick_to_type_and_says_whose_page_it_is(title: str, id: str) -> None:
    document = Document(format="html", url="https://ravensby.example.org/reviews", title=title)
    reading = Reading(state="read")
    assert propose(document.url, document, reading, taken=())["id"] == id
    assert propose(document.url, document, reading, taken={id})["id"] == f"{id}-2"
