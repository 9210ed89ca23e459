"""What an administrator reads of sources: by mail and in Slack."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.deliver.rendering.report import MOST_NAMED, MOST_TOLD
from bot.deliver.showing.fitting import LARGEST
from bot.hard_cases import a_report
from bot.models import Coverage, Digest, Doubtful, Notice, NoticeKind, SourceStanding, SourceState
from tests.deliver.invented import SLOT
from tests.deliver.parts import LINK, renderer
from tests.deliver.rendering.test_render import Page, joined

RENDERER = renderer()
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def report(
    kind: NoticeKind, state: SourceState = "good", detail: str = "", *, page_kept: bool = False
) -> Digest:
    notice = Notice(
        kind=kind,
        source_id="saltmarsh",
        at=SLOT,
        state=state,
        since=SLOT - timedelta(days=20),
        detail=detail,
        page_kept=page_kept,
        name="Saltmarsh Partnership",
        url="https://saltmarsh.example/reviews",
    )
    return replace(a_report(NOW), notices=(notice,))


@pytest.mark.parametrize(
    ("told", "subject", "says"),
    [
        (
            report("not read", "failing", "It answered 503."),
            "A source cannot be read",
            [
                "Saltmarsh Partnership could not be reached, or did not give its page",
                "It answered 503.",
                "learning-bot poll saltmarsh",
            ],
        ),
        (
            report("not read", "unreadable", "It gave 3 reviews.", page_kept=True),
            "A source cannot be read",
            [
                "a form that we do not trust",
                "Nothing of it was published.",
                "learning-bot sources review saltmarsh",
            ],
        ),
        (
            report("not read", "blocked", "robots.txt says no."),
            "A source cannot be read",
            ["does not let automatic readers in", "We stay away."],
        ),
        (
            report("read again"),
            "A source can be read again",
            ["It could not be read since 3 November 2026.", "There is nothing to do."],
        ),
        (
            report("silent", "nothing new", "about every 3 weeks"),
            "A source is silent for longer than usual",
            [
                "has had nothing new since 3 November 2026",
                "Usually it has something new about every 3 weeks.",
            ],
        ),
        (
            report("moved", "good", "https://saltmarsh.example/new"),
            "A source has moved",
            ["Its new address is https://saltmarsh.example/new.", "change its address in sources.yaml"],
        ),
    ],
)
def test_a_report_says_what_was_seen_and_what_can_be_done(
    told: Digest, subject: str, says: list[str]
) -> None:
    content = RENDERER.email(told, LINK)
    assert content.subject == subject
    (post,) = RENDERER.slack(told)
    for said in (joined(content.text), Page(content.html).text, str(post.blocks)):
        assert all(one in said for one in says), said
        assert "broken" not in said.lower()
        assert "https://saltmarsh.example/reviews" in said or said == Page(content.html).text
    assert "Saltmarsh Partnership" in post.text


def test_a_report_of_several_counts_them_and_escapes_what_a_source_is_called() -> None:
    told = a_report(NOW)
    content = RENDERER.email(told, LINK)
    assert content.subject == "6 changes in how sources stand"
    assert "<script>" not in content.html
    assert content.text.count("Saltmarsh & Sons <script>theirs()</script> 3 can be read again") == 1
    assert Page(content.html).headings == [1, 2, 2, 2, 2, 2, 2, 2]
    assert LINK in content.text
    (post,) = RENDERER.slack(told)
    assert "&lt;script&gt;" in post.text


def test_both_parts_of_a_report_say_the_same() -> None:
    content = RENDERER.email(a_report(NOW), LINK)
    seen, read = (set(re.findall(r"[\w@<>’-]+", text)) for text in (Page(content.html).text, content.text))
    assert seen <= read, seen - read


def test_where_all_sources_fail_at_once_a_report_is_whole_in_mail_programs_and_says_where_to_look_first() -> (
    None
):
    (one,) = report("not read", "failing", "No answer in time.").notices
    many = tuple(replace(one, name=f"Source {number}", source_id=f"s{number}") for number in range(300))
    standing = SourceStanding(
        source_id="s", name="S", state="failing", since=SLOT, last_run=SLOT, last_good=None
    )
    told = replace(a_report(NOW), notices=many, coverage=Coverage(checked=300, unread=(standing,) * 300))
    content = RENDERER.email(told, LINK)
    assert content.subject == "300 sources cannot be read"
    assert len(content.html.encode()) < LARGEST
    posts = RENDERER.slack(told)
    assert len(posts) == 1
    for said in (joined(content.text), Page(content.html).text, str(posts)):
        assert "Please look first whether this machine reaches the internet." in said
        assert f"Source {MOST_TOLD + MOST_NAMED - 1} could not be reached" in said
        assert f"and {300 - MOST_TOLD - MOST_NAMED} other changes: learning-bot status" in said


def test_several_changes_of_one_kind_are_named_so() -> None:
    (one,) = report("read again").notices
    told = replace(a_report(NOW), notices=(one, replace(one, source_id="port-lowen")))
    assert RENDERER.email(told, LINK).subject == "2 sources can be read again"
    told = replace(a_report(NOW), notices=(one, one))
    assert RENDERER.email(told, LINK).subject == "A source can be read again"


def test_an_earlier_message_that_may_not_have_arrived_is_mentioned() -> None:
    told = replace(a_report(NOW), doubtful=(Doubtful(slot=SLOT, state="uncertain", reviews=()),))
    content = RENDERER.email(told, LINK)
    (post,) = RENDERER.slack(told)
    for said in (joined(content.text), Page(content.html).text, str(post.blocks)):
        assert "Our message of 23 November 2026 may not have reached you. learning-bot outbox list" in said
