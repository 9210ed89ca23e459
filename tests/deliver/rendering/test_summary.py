"""What an administrator reads in a summary: by mail and in Slack."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.deliver.rendering.summary import LONGEST_SEEN, MOST_ALIKE, MOST_FOUND
from bot.deliver.showing.fitting import LARGEST
from bot.hard_cases import a_summary
from bot.models import Digest, SourceNews, Traffic
from tests.deliver.parts import LINK, renderer
from tests.deliver.rendering.test_render import Page, joined

RENDERER = renderer()
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
FULL = a_summary(NOW)
NEWS = SourceNews(source_id="saltmarsh", name="Saltmarsh", new=3)


def summary(**parts: Any) -> Digest:
    """Of twelve sources that were all read, with nothing wrong but these."""
    assert FULL.summary
    well = replace(
        FULL.summary, read=12, unread=(), silent=(), found=(NEWS,), traffic=Traffic(sent=240), held=()
    )
    return replace(FULL, summary=replace(well, **parts))


def subject(**parts: Any) -> str:
    return RENDERER.email(summary(**parts), LINK).subject


def unread(number: int) -> dict[str, object]:
    assert FULL.summary
    return {"unread": FULL.summary.unread[:1] * number, "read": 12 - number}


def said(digest: Digest) -> list[str]:
    """All that a summary says, as text, as a page and in Slack."""
    content = RENDERER.email(digest, LINK)
    (post,) = RENDERER.slack(digest)
    parts = [*post.blocks, *(block for part in post.thread for block in part.blocks)]
    return [joined(content.text), Page(content.html).text, str(parts)]


def test_where_nothing_is_wrong_the_subject_and_the_first_sentence_say_so() -> None:
    assert subject() == "All 12 sources were read; 3 new reviews; 240 digests sent"
    for text in said(summary()):
        assert "Nothing is wrong, and there is nothing for you to do." in text
        assert "learning-bot" not in text


@pytest.mark.parametrize(
    ("parts", "sources"),
    [
        ({"watched": 1, "read": 1}, "The source was read"),
        ({"watched": 2, "read": 2}, "Both sources were read"),
        ({"watched": 0, "read": 0}, "No source is watched"),
        ({"read": 10}, "10 of 12 sources were read, the others were not due"),
        ({"read": 0}, "No source was due"),
        (unread(2), "2 of 12 sources could not be read"),
        (unread(12), "No source could be read"),
        ({**unread(1), "watched": 1}, "The source could not be read"),
    ],
)
def test_the_subject_says_how_many_sources_were_read(parts: dict[str, object], sources: str) -> None:
    assert subject(**parts).partition(";")[0] == sources


@pytest.mark.parametrize(
    ("parts", "rest"),
    [
        ({"found": (), "traffic": Traffic()}, "no new reviews; no digests sent"),
        ({"found": (replace(NEWS, new=1),), "traffic": Traffic(sent=1)}, "1 new review; 1 digest sent"),
        ({"found": (replace(NEWS, new=0, revised=2),)}, "2 changes to reviews; 240 digests sent"),
        ({"found": (replace(NEWS, new=0, archived=9),)}, "no new reviews; 240 digests sent"),
        (
            {"traffic": Traffic(sent=240, uncertain=2, refused=1)},
            "3 new reviews; 240 digests sent, 3 to look at",
        ),
        ({"held": FULL.summary and FULL.summary.held}, "3 new reviews; 240 digests sent, mail waits"),
    ],
)
def test_the_subject_says_what_was_found_and_sent(parts: dict[str, object], rest: str) -> None:
    assert subject(**parts).partition("; ")[2] == rest


@pytest.mark.parametrize(
    "parts",
    [
        unread(1),
        {"held": FULL.summary and FULL.summary.held},
        {"traffic": Traffic(uncertain=1)},
        {"traffic": Traffic(refused=1)},
        {"traffic": Traffic(silenced=1)},
    ],
)
def test_nothing_is_called_well_that_is_not(parts: dict[str, object]) -> None:
    assert all("Nothing is wrong" not in text for text in said(summary(**parts)))


def test_what_was_put_off_or_is_silent_is_no_trouble() -> None:
    assert FULL.summary
    for text in said(summary(traffic=Traffic(sent=1, waiting=1, deferred=1), silent=FULL.summary.silent)):
        assert "Nothing is wrong." in text
        assert "1 message is on the way. 1 message was put off, and goes by itself later." in text


def test_it_says_of_each_source_since_when_why_and_what_to_do() -> None:
    for text in said(FULL):
        for part in (
            "since 3 November 2026: It gave 3 reviews, and at least 30 were expected.",
            "learning-bot sources review saltmarsh-unreadable",
            "We stay away. Ask whoever runs the site",
            "since 3 November 2026: It answered 503.",
            "learning-bot poll saltmarsh-failing",
            "looked at last on 3 November 2026",
            "nothing new since 5 May 2026; usually about every 3 weeks",
            "2 new; 1 changed; 1 no longer offered",
            "Port Lowen: 1 new; 41 from before we looked",
            "Mail is tried again at 07:15: 421 too many connections",
            "2 messages may or may not have arrived",
            "1 message was refused, and is not tried again.",
            "Nothing is sent to 3 addresses, because their mail came back; 1 of them new.",
        ):
            assert part in text, (part, text)
        assert "broken" not in text.lower()
    text = joined(RENDERER.email(FULL, LINK).text)
    assert "From 20 November 2026, 07:00 to 21 November 2026, 07:00." in text
    assert LINK in text
    assert "It comes also when nothing is wrong." in text


def test_times_are_those_of_the_clock_in_summer_too() -> None:
    noon = datetime(2026, 7, 21, 6, 0, tzinfo=UTC)
    assert "to 21 July 2026, 07:00." in joined(RENDERER.email(a_summary(noon), LINK).text)


def test_words_of_a_source_are_no_markup_and_its_address_is_not_said_twice() -> None:
    assert FULL.summary
    one = replace(FULL.summary.unread[2], detail="https://saltmarsh.example.org/reviews: no answer in time.")
    digest = summary(unread=(one,), read=11)
    content = RENDERER.email(digest, LINK)
    assert "<script>" not in content.html
    assert content.text.count("https://saltmarsh.example.org/reviews") == 1
    assert "since 3 November 2026: no answer in time." in joined(content.text)


def test_what_was_seen_begins_after_the_address_that_stands_beside_it() -> None:
    assert FULL.summary
    detail = "Could not fetch https://saltmarsh.example.org/reviews: the server did not answer in 20 seconds."
    one = replace(FULL.summary.unread[2], url="https://saltmarsh.example.org/reviews", detail=detail)
    for text in said(summary(unread=(one,))):
        assert ": the server did not answer in 20 seconds." in text
        assert "Could not fetch" not in text


def test_where_all_sources_fail_at_once_it_stays_short_and_says_where_to_look_first() -> None:
    assert FULL.summary
    one = replace(FULL.summary.unread[2], detail="no answer " * 100)
    many = tuple(replace(one, name=f"Source {number}", source_id=f"s{number}") for number in range(150))
    found = tuple(replace(NEWS, name=f"Source {number}") for number in range(150))
    digest = summary(unread=many, watched=150, read=0, found=found)
    content = RENDERER.email(digest, LINK)
    assert content.subject == "No source could be read; 450 new reviews; 240 digests sent"
    assert "whether this machine reaches the internet" in joined(content.text)
    assert f"and {150 - MOST_ALIKE} other sources, which learning-bot status names" in joined(content.text)
    assert f"and {150 - MOST_FOUND} other sources" in joined(content.text)
    assert "no answer " * 30 not in content.html
    assert len(content.html.encode()) < LARGEST / 4
    assert LONGEST_SEEN < 300


def test_both_parts_say_the_same() -> None:
    content = RENDERER.email(FULL, LINK)
    seen, read = (set(re.findall(r"[\w@<>’-]+", text)) for text in (Page(content.html).text, content.text))
    assert seen <= read, seen - read
    assert Page(content.html).headings[:2] == [1, 2]
    assert set(Page(content.html).headings[1:]) == {2}


def test_a_posts_notification_says_the_news_and_names_the_sources() -> None:
    (post,) = RENDERER.slack(FULL)
    assert post.text.startswith("4 of 12 sources could not be read; 3 new reviews; 240 digests sent")
    assert "Partneriaeth Diogelu Plant Harrowmere." in post.text
    assert "theirs()" in post.text
    assert "<script>" not in post.text


def test_the_day_after_a_long_break_is_told_with_its_date() -> None:
    digest = summary(since=NOW - timedelta(days=7))
    assert "From 14 November 2026, 07:00 to" in joined(RENDERER.email(digest, LINK).text)
