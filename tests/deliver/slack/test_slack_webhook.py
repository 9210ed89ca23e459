"""Posts through incoming webhooks, and the choice between them and the bot token."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.deliver.block_kit.blocks import SlackPart
from bot.deliver.slack.pace import Pace
from bot.deliver.slack.webhook import WebhookChannel
from bot.deliver.slack.workspace import SlackWorkspace
from bot.demo.slack_stand_in import SlackStandIn
from bot.models import Posted
from tests.deliver.invented import digest, revised, withdrawn
from tests.deliver.parts import SHARED, Watched
from tests.deliver.slack.test_slack_channel import addresses, spoken
from tests.deliver.slack.test_slack_faults import CHANNEL, PRIVATE, TOKEN, ended, one_post, week

MINUTE = timedelta(minutes=1)


def parts_of_the_week() -> list[SlackPart]:
    """The messages that the week is made of."""
    found: list[SlackPart] = []
    for post in SHARED.slack(week().edition.digest, threads=False):
        found += [SlackPart(text=post.text, blocks=post.blocks), *post.thread]
    return found


def straight_on(seconds: float) -> None:
    """Nobody waits."""


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(token=TOKEN, channels=[CHANNEL, "#other"], private=[PRIVATE]) as running:
        yield running


@pytest.fixture
def secret(slack: SlackStandIn) -> str:
    return slack.webhook(CHANNEL)


@pytest.fixture
def channel(secret: str) -> WebhookChannel:
    return WebhookChannel(SHARED, {CHANNEL: secret}, patience=1, pace=Pace(straight_on))


# --- what is posted -------------------------------------------------------------------------------------


def test_all_parts_stand_in_the_channel_one_after_the_other(
    slack: SlackStandIn, channel: WebhookChannel
) -> None:
    progress = Watched()
    outcome = channel.deliver(week(), progress)
    assert outcome.state == "sent"
    expected = parts_of_the_week()
    assert [message.text for message in slack.roots(CHANNEL)] == [part.text for part in expected]
    assert [message.blocks for message in slack.roots(CHANNEL)] == [list(part.blocks) for part in expected]
    assert [post.ts for post in progress.posts] == [f"webhook-{number}" for number in range(len(expected))]
    assert list(outcome.posted) == progress.posts
    assert progress.told == ["handing over", "posted"] * len(expected)
    assert not any("thread" in message.text + spoken(message.blocks) for message in slack.roots(CHANNEL))


def test_messages_have_no_previews_and_no_formatting(slack: SlackStandIn, channel: WebhookChannel) -> None:
    channel.deliver(one_post(), Watched())
    for _, sent in slack.calls:
        assert not {"parse", "link_names", "metadata", "channel"} & set(sent)
        assert [sent[name] for name in ("mrkdwn", "unfurl_links", "unfurl_media")] == [False] * 3


def test_a_corrected_review_is_posted_anew_and_says_that_it_replaces_one(
    slack: SlackStandIn, channel: WebhookChannel
) -> None:
    earlier = (Posted(channel=CHANNEL, ts="webhook-0", review_id=2),)
    due = one_post(earlier=earlier)
    due = replace(due, edition=replace(due.edition, digest=digest(revised(), schedule="immediately")))
    assert channel.deliver(due, Watched()).state == "sent"
    root, *detail = slack.roots(CHANNEL)
    assert "This replaces the earlier post about this review." in spoken(root.blocks)
    assert "Use the neglect toolkit at the first sign" in " ".join(spoken(one.blocks) for one in detail)


def test_a_withdrawn_review_is_posted_anew_without_words_and_links(
    slack: SlackStandIn, channel: WebhookChannel
) -> None:
    due = one_post(earlier=(Posted(channel=CHANNEL, ts="webhook-0", review_id=3),))
    due = replace(due, edition=replace(due.edition, digest=digest(withdrawn(), schedule="immediately")))
    channel.deliver(due, Watched())
    [root] = slack.roots(CHANNEL)
    assert "no longer offers this review" in spoken(root.blocks)
    assert addresses(root.blocks) == []


def test_a_second_try_goes_on_with_the_next_part(slack: SlackStandIn, channel: WebhookChannel) -> None:
    slack.limits_the_rate(40, after=2)
    progress = Watched()
    assert ended(channel.deliver(week(), progress)) == ("deferred", True, timedelta(seconds=40))
    later = WebhookChannel(SHARED, {CHANNEL: slack.webhook(CHANNEL)}, pace=Pace(straight_on))
    again = week(attempts=2, state="deferred", posted=tuple(progress.posts))
    assert later.deliver(again, Watched()).state == "sent"
    told = [message.text for message in slack.roots(CHANNEL)]
    assert len(told) == len(set(told)) == len(parts_of_the_week())


def test_the_pace_of_the_channel_is_kept(slack: SlackStandIn, secret: str) -> None:
    waited: list[float] = []
    WebhookChannel(SHARED, {CHANNEL: secret}, pace=Pace(waited.append)).deliver(week(), Watched())
    assert len(waited) == slack.posts() - 1
    assert all(0.5 < wait <= 1 for wait in waited)


# --- faults ---------------------------------------------------------------------------------------------


def archived(slack: SlackStandIn) -> None:
    slack.rooms[0].archived = True


def says(status: int, code: str | None) -> Callable[[SlackStandIn], None]:
    return lambda slack: slack.answers_with(status, code)


@pytest.mark.parametrize(
    ("fault", "expected", "said"),
    [
        (
            lambda slack: slack.takes_webhooks_away(),
            ("deferred", False, None),
            "was taken away or switched off",
        ),
        (lambda slack: slack.rooms.pop(0), ("refused", False, None), "The channel of the webhook for"),
        (archived, ("refused", False, None), "is archived: bring it back"),
        (says(403, "action_prohibited"), ("refused", False, None), "does not let the webhook post"),
        (
            says(403, "posting_to_general_channel_denied"),
            ("refused", False, None),
            "does not let the webhook",
        ),
        (says(403, "invalid_token"), ("deferred", False, None), "does not know the webhook"),
        (says(404, "no_team"), ("deferred", False, None), "is of no workspace"),
        (says(400, "invalid_payload"), ("refused", False, None), "fault of the program"),
        (says(400, "invalid_blocks"), ("refused", False, None), "fault of the program"),
        (says(400, "msg_too_long"), ("refused", False, None), "fault of the program"),
        (says(410, None), ("refused", False, None), "Then `learning-bot outbox retry` sends it."),
        (says(400, "some_new_error"), ("refused", False, None), "400 some_new_error"),
        (says(407, None), ("deferred", True, None), "Something between here and Slack said no (HTTP 407)"),
        (says(503, None), ("deferred", True, None), "not available now"),
        (
            says(500, None),
            ("uncertain", False, None),
            "A webhook cannot look back: look into #learning-babies",
        ),
        (says(200, None), ("uncertain", False, None), "may or may not be there"),
        (lambda slack: slack.drops(posts=False), ("uncertain", False, None), "A webhook cannot look back"),
        (
            lambda slack: slack.is_slow(3, posts=False),
            ("uncertain", False, None),
            "A webhook cannot look back",
        ),
        (
            lambda slack: slack.limits_the_rate(40),
            ("deferred", True, timedelta(seconds=40)),
            "wait for 40 seconds",
        ),
        (lambda slack: slack.limits_the_rate(None), ("deferred", True, MINUTE), "wait for 60 seconds"),
    ],
)
def test_each_trouble_has_its_own_outcome_and_sentence(
    slack: SlackStandIn,
    channel: WebhookChannel,
    secret: str,
    fault: Callable[[SlackStandIn], None],
    expected: tuple[str, bool, timedelta | None],
    said: str,
) -> None:
    fault(slack)
    progress = Watched()
    outcome = channel.deliver(one_post(), progress)
    assert ended(outcome) == expected
    assert said in outcome.detail
    assert outcome.detail.endswith(".")
    assert "secret" not in outcome.detail
    assert slack.posts() == 1
    assert progress.posts == []
    assert all(room.messages == [] for room in slack.rooms)


def test_a_short_wait_is_waited(slack: SlackStandIn, channel: WebhookChannel) -> None:
    slack.limits_the_rate(1)
    assert channel.deliver(one_post(), Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 2


def test_a_dropped_answer_is_uncertain_and_stays_so(slack: SlackStandIn, channel: WebhookChannel) -> None:
    slack.drops(posts=True)
    first = channel.deliver(one_post(), Watched())
    assert ended(first) == ("uncertain", False, None)
    again = channel.deliver(one_post(state="uncertain", attempts=2), Watched())
    assert ended(again) == ("uncertain", False, None)
    assert "outbox retry" in again.detail
    assert slack.posts() == 1


def test_somebody_who_asks_again_gets_it(slack: SlackStandIn, channel: WebhookChannel) -> None:
    assert channel.deliver(one_post(attempts=2), Watched()).state == "sent"


def test_slack_out_of_reach_holds(secret: str) -> None:
    with SlackStandIn(channels=[CHANNEL]) as gone:
        url = gone.webhook(CHANNEL)
    outcome = WebhookChannel(SHARED, {CHANNEL: url}, patience=1).deliver(one_post(), Watched())
    assert ended(outcome) == ("deferred", True, None)
    assert "could not be reached" in outcome.detail
    assert "secret" not in outcome.detail


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com:none/services/T0/B0/secret",
        "https://hooks.slack.com/services/T0/B0/sec ret secret",
        "ftp://hooks.slack.com/services/T0/B0/secret",
        "hooks.slack.com/services/T0/B0/secret",
    ],
)
def test_an_address_that_is_none_is_a_sentence_without_the_address(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    outcome = WebhookChannel(SHARED, {CHANNEL: url}, patience=1).deliver(one_post(), Watched())
    assert ended(outcome) == ("deferred", True, None)
    assert "check SLACK_WEBHOOKS" in outcome.detail
    assert "secret" not in outcome.detail
    assert caplog.records == []


def test_the_address_stands_in_no_log_and_no_repr(
    slack: SlackStandIn, channel: WebhookChannel, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.drops()
    channel.deliver(one_post(), Watched())
    channel.deliver(one_post(), Watched())
    assert secret not in repr(channel) + caplog.text
    assert caplog.records == []


# --- the choice -----------------------------------------------------------------------------------------


def test_a_channel_with_a_webhook_gets_it_there_and_others_by_the_bot(
    slack: SlackStandIn, secret: str
) -> None:
    workspace = SlackWorkspace(SHARED, TOKEN, {CHANNEL: secret}, slack.url, pace=Pace(straight_on))
    assert workspace.deliver(one_post(), Watched()).state == "sent"
    assert workspace.deliver(one_post("#other"), Watched()).state == "sent"
    assert [method for method, _ in slack.calls] == ["webhook"] * 2 + ["chat.postMessage"] * 2
    assert len(slack.roots(CHANNEL)) == 2
    assert len(slack.roots("#other")) == 1


def test_a_channel_is_known_in_whatever_case_it_is_written(slack: SlackStandIn, secret: str) -> None:
    workspace = SlackWorkspace(SHARED, None, {"#Learning-Babies": secret}, slack.url, pace=Pace(straight_on))
    assert workspace.deliver(one_post(), Watched()).state == "sent"


def test_a_channel_with_a_webhook_may_be_given_by_its_id(slack: SlackStandIn, secret: str) -> None:
    channel = WebhookChannel(SHARED, {"C0123ABCDEF": secret}, patience=1, pace=Pace(straight_on))
    assert channel.reaches("C0123ABCDEF")
    assert channel.reaches("c0123abcdef")
    assert not channel.reaches("C0123ABCDEG")
    assert channel.deliver(one_post("C0123ABCDEF"), Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 2


def test_trouble_of_the_token_does_not_hold_up_the_webhooks(slack: SlackStandIn, secret: str) -> None:
    mixed = SlackWorkspace(SHARED, None, {CHANNEL: secret}, slack.url, pace=Pace(straight_on))
    assert ended(mixed.deliver(one_post("#other"), Watched())) == ("deferred", False, None)
    alone = SlackWorkspace(SHARED, None, {}, slack.url, pace=Pace(straight_on))
    assert ended(alone.deliver(one_post("#other"), Watched())) == ("deferred", True, None)


def test_when_slack_asks_to_wait_both_ways_wait(slack: SlackStandIn, secret: str) -> None:
    workspace = SlackWorkspace(SHARED, TOKEN, {CHANNEL: secret}, slack.url, pace=Pace(straight_on))
    slack.limits_the_rate(40)
    assert ended(workspace.deliver(one_post(), Watched())) == ("deferred", True, timedelta(seconds=40))
    by_bot = workspace.deliver(one_post("#other"), Watched())
    assert by_bot.state == "deferred"
    assert by_bot.holds
    assert slack.posts() == 1


def test_a_delivery_begun_through_a_webhook_is_finished_by_the_bot(slack: SlackStandIn, secret: str) -> None:
    slack.limits_the_rate(40, after=1)
    progress = Watched()
    SlackWorkspace(SHARED, None, {CHANNEL: secret}, slack.url, pace=Pace(straight_on)).deliver(
        week(), progress
    )
    left = week(attempts=2, state="deferred", posted=tuple(progress.posts))
    assert (
        SlackWorkspace(SHARED, TOKEN, {}, slack.url, pace=Pace(straight_on)).deliver(left, Watched()).state
        == "sent"
    )
    assert len(slack.roots(CHANNEL)) == len(parts_of_the_week())


def test_both_ways_offer_the_whole_digest_as_a_page(slack: SlackStandIn, secret: str) -> None:
    workspace = SlackWorkspace(
        SHARED,
        TOKEN,
        {CHANNEL: secret},
        slack.url,
        page_url=lambda edition: f"https://learning.example.org/digests/{edition}",
        pace=Pace(straight_on),
    )
    for channel in (CHANNEL, "#other"):
        assert workspace.deliver(week(channel), Watched()).state == "sent"
        root = slack.roots(channel)[0]
        assert "https://learning.example.org/digests/edition-12" in addresses(root.blocks)
