"""Posts to Slack, against a stand-in that refuses what Slack refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.blocks import MOST_BLOCKS, MOST_CHARACTERS, SlackPart, SlackPost
from bot.deliver.slack import SlackChannel
from bot.demo.slack_rules import fault_in
from bot.demo.slack_stand_in import SlackStandIn
from bot.models import Digest, Posted
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    because,
    delivery,
    digest,
    entry,
    full_week,
    revised,
    seen,
    withdrawn,
)
from tests.deliver.parts import SHARED, Watched
from tests.deliver.test_render import NASTY, everywhere

TOKEN = "xoxb-for-tests"
CHANNEL = "#learning-babies"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(token=TOKEN, channels=[CHANNEL]) as running:
        yield running


def channel_to(slack: SlackStandIn, token: str | None = TOKEN) -> SlackChannel:
    return SlackChannel(SHARED, token, slack.url, patience=2, pause=lambda seconds: None)


def at_once(*entries: Any) -> Digest:
    return digest(*entries, schedule="immediately")


def spoken(blocks: Any) -> str:
    """All text that stands in blocks."""
    if isinstance(blocks, dict):
        own = blocks["text"] if isinstance(blocks.get("text"), str) else ""
        return " ".join([own, *(spoken(value) for value in blocks.values() if not isinstance(value, str))])
    return " ".join(map(spoken, blocks)) if isinstance(blocks, list | tuple) else ""


def addresses(part: Any) -> list[str]:
    """Every address that something in these blocks leads to."""
    if isinstance(part, dict):
        own = [value for key, value in part.items() if key.endswith("url")]
        return own + [one for value in part.values() for one in addresses(value)]
    return [one for inner in part for one in addresses(inner)] if isinstance(part, list | tuple) else []


def parts_of(posts: tuple[SlackPost, ...]) -> list[SlackPost | SlackPart]:
    return [part for post in posts for part in (post, *post.thread, *([post.change] if post.change else []))]


# --- what is posted -------------------------------------------------------------------------------------


def test_a_topic_channel_gets_one_post_a_review_with_its_detail_in_the_thread(slack: SlackStandIn) -> None:
    progress = Watched()
    outcome = channel_to(slack).deliver(delivery(at_once(entry()), CHANNEL), progress)
    assert outcome.state == "sent"
    [root] = slack.roots(CHANNEL)
    assert "Baby Rowan" in spoken(root.blocks)
    assert "bruises to his face" not in spoken(root.blocks) + root.text
    assert "Explanations that parents give" not in spoken(root.blocks) + root.text
    [detail] = slack.replies(CHANNEL, root.ts)
    assert "bruises to his face" in spoken(detail.blocks)
    assert "Content note" in spoken(detail.blocks)
    assert "bruises to his face" in detail.text
    assert [post.review_id for post in progress.posts] == [1, None]
    assert root.metadata["event_payload"] == {"delivery_id": 12, "part": 0}


def test_a_week_is_one_round_up_with_the_reviews_in_its_thread(slack: SlackStandIn) -> None:
    assert channel_to(slack).deliver(delivery(full_week(), CHANNEL), Watched()).state == "sent"
    [root] = slack.roots(CHANNEL)
    assert "3 new reviews on your themes and 2 changes: week of 16 November" in spoken(root.blocks)
    for title in ("Baby Rowan", "Child T (2017)", "Siblings in Port Lowen", "Child W"):
        assert title in spoken(root.blocks)
        assert title in root.text
    told = " ".join(spoken(reply.blocks) for reply in slack.replies(CHANNEL, root.ts))
    assert "Key learning" in told
    assert "Saltmarsh Children’s Board did not answer" in told


def test_a_quiet_week_is_said(slack: SlackStandIn) -> None:
    channel_to(slack).deliver(delivery(digest(), CHANNEL), Watched())
    [root] = slack.roots(CHANNEL)
    assert "Nothing new found on your themes" in spoken(root.blocks)
    assert "We checked 41 sources. 2 of them could not be read" in root.text


def test_a_notification_never_says_what_happened() -> None:
    for of in (at_once(entry()), at_once(revised()), at_once(withdrawn()), full_week()):
        for post in SHARED.slack(of):
            for word in ("bruis", "fracture", "hungry", "serious harm", "death"):
                assert word not in post.text
                assert post.change is None or word not in post.change.text


def test_the_text_of_a_reply_says_all_that_its_blocks_say() -> None:
    for post in SHARED.slack(full_week()):
        for part in post.thread:
            heard = " ".join(part.text.replace("\n- ", " ").split())
            for line in spoken(part.blocks).split():
                assert line in heard


def test_a_corrected_review_is_edited_in_place_and_its_thread_says_what_changed(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    first = Watched()
    channel.deliver(delivery(at_once(replace(revised(), kind="new", differences=())), CHANNEL), first)
    before = len(slack.messages(CHANNEL))
    later = Watched()
    outcome = channel.deliver(
        delivery(at_once(revised()), CHANNEL, number=13, earlier=(first.posts[0],)), later
    )
    assert outcome.state == "sent"
    [root] = slack.roots(CHANNEL)
    assert root.edits == 1
    assert "changed this review" in spoken(root.blocks)
    assert len(slack.messages(CHANNEL)) == before + 1
    last = slack.replies(CHANNEL, root.ts)[-1]
    assert "Use the neglect toolkit at the first sign" in spoken(last.blocks)
    assert [post.review_id for post in later.posts] == [2, None]


def test_a_correction_of_a_deleted_post_is_posted_anew(slack: SlackStandIn) -> None:
    earlier = (Posted(channel=slack.rooms[0].id, ts="1.0", review_id=2),)
    outcome = channel_to(slack).deliver(delivery(at_once(revised()), CHANNEL, earlier=earlier), Watched())
    assert outcome.state == "sent"
    [root] = slack.roots(CHANNEL)
    assert "changed this review" in spoken(root.blocks)
    assert len(slack.replies(CHANNEL, root.ts)) == 1


def test_a_withdrawn_review_loses_its_words_and_links(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    first = Watched()
    known = replace(withdrawn(), kind="new", review=replace(withdrawn().review, status="published"))
    channel.deliver(delivery(at_once(known), CHANNEL), first)
    channel.deliver(delivery(at_once(withdrawn()), CHANNEL, number=13, earlier=tuple(first.posts)), Watched())
    [root] = slack.roots(CHANNEL)
    assert "no longer offers this review" in spoken(root.blocks)
    assert addresses(root.blocks) == []


def test_a_weekly_round_up_posts_changes_anew(slack: SlackStandIn) -> None:
    earlier = (Posted(channel="C000000001", ts="1.0", review_id=2),)
    channel_to(slack).deliver(delivery(digest(revised()), CHANNEL, earlier=earlier), Watched())
    assert {method for method, _ in slack.calls} == {"chat.postMessage"}


# --- limits and escaping --------------------------------------------------------------------------------


def test_slacks_limits_are_kept_with_long_reviews_and_many() -> None:
    sentence = "A sentence of an ordinary length that a report might well have in it. "
    long = replace(
        BABY_ROWAN,
        title="A very long title " * 20,
        incident=sentence * 90,
        learning=(sentence * 60,) * 40,
        recommendations=tuple(f"{number}. {sentence * 12}" for number in range(60)),
        questions=(sentence * 50,) * 5,
    )
    for of in (
        at_once(entry(long)),
        digest(entry(long)),
        digest(*(entry(long, number) for number in range(25))),
    ):
        for part in parts_of(SHARED.slack(of)):
            blocks = list(part.blocks)
            assert fault_in({"text": part.text, "blocks": blocks}) is None
            assert len(blocks) <= MOST_BLOCKS
            assert len(json.dumps(blocks, ensure_ascii=False)) <= MOST_CHARACTERS
            assert 0 < len(part.text) <= 4000


@given(some.text(max_size=60).map(lambda text: f"{text}{NASTY}<@U123> *bold* <https://x.example|x>"))
@settings(max_examples=30, deadline=None)
def test_no_source_text_can_mention_link_or_format(text: str) -> None:
    weekly = everywhere(text)
    for part in parts_of(SHARED.slack(weekly)) + parts_of(
        SHARED.slack(replace(weekly, schedule="immediately"))
    ):
        assert "<" not in part.text
        assert "&" not in part.text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
        assert '"mrkdwn"' not in json.dumps(part.blocks)
        assert set(addresses(part.blocks)) <= {
            "https://example.org/a",
            "https://www.wetherbyvale-scp.example/reviews",
        }
        assert fault_in({"text": part.text, "blocks": list(part.blocks)}) is None


def test_messages_are_sent_without_previews_and_without_formatting(slack: SlackStandIn) -> None:
    channel_to(slack).deliver(delivery(at_once(entry()), CHANNEL), Watched())
    for _, given_arguments in slack.calls:
        for name in ("unfurl_links", "unfurl_media", "mrkdwn"):
            assert given_arguments[name] in (False, "0", "false")


# --- nothing lost, nothing doubled ----------------------------------------------------------------------


def test_what_is_posted_already_is_not_posted_again(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    slack.limits_the_rate(7, after=1)
    progress = Watched()
    first = channel.deliver(delivery(full_week(), CHANNEL, attempts=1), progress)
    assert first.state == "deferred"
    assert first.retry_after is not None
    assert first.retry_after.total_seconds() == 7
    assert list(first.posted) == progress.posts
    again = delivery(full_week(), CHANNEL, attempts=2, posted=tuple(progress.posts))
    assert channel.deliver(again, Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 1
    parts = [message.metadata["event_payload"]["part"] for message in slack.messages(CHANNEL)]
    assert parts == list(range(len(parts)))


def test_handing_over_comes_before_each_part_and_posted_after_it(slack: SlackStandIn) -> None:
    progress = Watched()
    channel_to(slack).deliver(delivery(at_once(entry()), CHANNEL), progress)
    assert progress.told == ["handing over", "posted", "handing over", "posted"]


def test_a_dropped_answer_is_looked_up_and_the_post_found(slack: SlackStandIn) -> None:
    slack.drops(posts=True, after=1)
    outcome = channel_to(slack).deliver(delivery(full_week(), CHANNEL), Watched())
    assert outcome.state == "sent"
    parts = [message.metadata["event_payload"]["part"] for message in slack.messages(CHANNEL)]
    assert parts == list(range(len(parts)))


def test_where_looking_is_not_allowed_a_dropped_answer_is_uncertain(slack: SlackStandIn) -> None:
    slack.scopes = {"chat:write"}
    slack.drops(posts=True)
    outcome = channel_to(slack).deliver(delivery(full_week(), CHANNEL), Watched())
    assert outcome.state == "uncertain"
    assert "may or may not be there" in outcome.detail
    assert slack.posts() == 1


def test_a_second_try_looks_into_the_channel_first(slack: SlackStandIn) -> None:
    slack.scopes = {"chat:write"}
    slack.drops(posts=True)
    channel = channel_to(slack)
    assert channel.deliver(delivery(at_once(entry()), CHANNEL, attempts=1), Watched()).state == "uncertain"
    slack.scopes |= {"channels:read", "channels:history"}
    assert channel.deliver(delivery(at_once(entry()), CHANNEL, attempts=2), Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 1
    assert len(slack.messages(CHANNEL)) == 2


def test_a_dropped_edit_is_simply_tried_again(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    first = Watched()
    channel.deliver(delivery(at_once(entry()), CHANNEL), first)
    changed = at_once(entry(kind="revised"))
    slack.drops(posts=True)
    again = delivery(changed, CHANNEL, number=13, earlier=(first.posts[0],), attempts=1)
    assert channel.deliver(again, Watched()).state == "deferred"
    assert channel.deliver(replace(again, attempts=2), Watched()).state == "sent"


# --- faults ---------------------------------------------------------------------------------------------


def archived(slack: SlackStandIn) -> None:
    slack.rooms[0].archived = True


def uninvited(slack: SlackStandIn) -> None:
    slack.rooms[0].open = False


def no_scope(slack: SlackStandIn) -> None:
    slack.scopes = set()


@pytest.mark.parametrize(
    ("fault", "state", "said"),
    [
        (archived, "refused", "is archived: bring it back"),
        (uninvited, "refused", "The bot is not in #learning-babies: invite it there"),
        (no_scope, "deferred", "lacks the scope chat:write"),
        (lambda slack: slack.rooms.clear(), "refused", "There is no Slack channel #learning-babies"),
        (lambda slack: slack.answers_with(200, "token_revoked"), "deferred", "was revoked"),
        (lambda slack: slack.answers_with(200, "msg_too_long"), "refused", "fault of the program"),
        (lambda slack: slack.answers_with(200, "fatal_error"), "uncertain", "may or may not"),
        (lambda slack: slack.answers_with(500), "uncertain", "may or may not"),
        (lambda slack: slack.answers_with(503, "service_unavailable"), "deferred", "not available"),
        (lambda slack: slack.answers_with(200), "uncertain", "may or may not"),
        (lambda slack: slack.answers_with(200, "some_new_error"), "refused", "some_new_error"),
        (lambda slack: slack.limits_the_rate(3), "deferred", "wait for 3 seconds"),
        (lambda slack: slack.limits_the_rate(None), "deferred", "wait for 60 seconds"),
        (lambda slack: slack.drops(posts=False), "uncertain", "may or may not"),
    ],
)
def test_each_trouble_has_its_own_outcome_and_sentence(
    slack: SlackStandIn, fault: Callable[[SlackStandIn], None], state: str, said: str
) -> None:
    fault(slack)
    outcome = channel_to(slack).deliver(delivery(at_once(entry(BARE)), CHANNEL), Watched())
    assert outcome.state == state
    assert said in outcome.detail
    assert slack.posts() == 1


def test_a_wrong_or_missing_token_is_a_sentence(slack: SlackStandIn) -> None:
    wrong = channel_to(slack, "xoxb-wrong").deliver(delivery(at_once(entry()), CHANNEL), Watched())
    assert wrong.state == "deferred"
    assert "does not know this token" in wrong.detail
    assert "xoxb-wrong" not in wrong.detail
    progress = Watched()
    missing = channel_to(slack, None).deliver(delivery(at_once(entry()), CHANNEL), progress)
    assert missing.state == "deferred"
    assert "SLACK_BOT_TOKEN" in missing.detail
    assert progress.told == []


def test_slack_out_of_reach_is_deferred() -> None:
    with SlackStandIn() as gone:
        url = gone.url
    channel = SlackChannel(SHARED, TOKEN, url, patience=2)
    outcome = channel.deliver(delivery(at_once(entry()), CHANNEL), Watched())
    assert outcome.state == "deferred"
    assert "could not be reached" in outcome.detail


def test_many_parts_are_posted_at_slacks_pace(slack: SlackStandIn) -> None:
    waited: list[float] = []
    channel = SlackChannel(SHARED, TOKEN, slack.url, pause=waited.append)
    many = digest(*(entry(number=number) for number in range(9)))
    assert channel.deliver(delivery(many, CHANNEL), Watched()).state == "sent"
    assert len(waited) == slack.posts() - 5
    assert all(0 < seconds <= 5.5 for seconds in waited[:5])


def test_a_channel_may_be_given_by_its_id(slack: SlackStandIn) -> None:
    assert channel_to(slack).deliver(delivery(at_once(entry()), slack.rooms[0].id), Watched()).state == "sent"


def test_the_page_of_the_stand_in_shows_words_and_never_markup(slack: SlackStandIn) -> None:
    hostile = entry(
        replace(BABY_ROWAN, title=f"{NASTY}<b>"), because=(because("neglect"),), seen=(seen(NASTY),)
    )
    channel_to(slack).deliver(delivery(at_once(hostile), CHANNEL), Watched())
    html = slack.as_html()
    assert "<script" not in html
    assert "&lt;b&gt;" in html
    assert "Key learning" in html
