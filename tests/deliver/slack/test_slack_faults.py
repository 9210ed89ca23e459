"""Slack's faults, one by one: how the delivery ends, what is said, and how many posts stand in the channel."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.error import URLError

import pytest

from bot.deliver.slack.channel import SlackChannel
from bot.deliver.slack.faults import asked_for, trouble
from bot.deliver.slack.pace import Pace
from bot.demo.slack_stand_in import SlackStandIn
from bot.models import Delivery, Outcome, Posted
from tests.deliver.invented import BARE, delivery, digest, entry, full_week
from tests.deliver.parts import SHARED, Watched

TOKEN = "xoxb-for-tests"
CHANNEL = "#learning-babies"
PRIVATE = "#learning-private"
MINUTE = timedelta(minutes=1)
ALL = {"chat:write", "channels:read", "channels:history", "groups:read", "groups:history"}


class Clock:
    """Seconds that go on only where somebody waits."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackStandIn]:
    """One that takes a message a second in a channel and no more."""
    running = SlackStandIn(
        token=TOKEN,
        channels=[CHANNEL],
        private=[PRIVATE],
        scopes=sorted(ALL),
        strict_pace=True,
        clock=clock.now,
    )
    with running:
        yield running


@pytest.fixture
def channel(slack: SlackStandIn, clock: Clock) -> SlackChannel:
    return SlackChannel(SHARED, TOKEN, slack.url, patience=1, pace=Pace(clock.pause, clock.now))


def one_post(to: str = CHANNEL, **changes: Any) -> Delivery:
    """A review about which there is nothing to say but its title: a post and one reply."""
    made = delivery(digest(entry(BARE), schedule="immediately"), to, attempts=1)
    return replace(made, **{"state": "queued", **changes})


def week(to: str = CHANNEL, **changes: Any) -> Delivery:
    return replace(delivery(full_week(), to, attempts=1), **{"state": "queued", **changes})


def parts(slack: SlackStandIn, channel: str = CHANNEL) -> list[int]:
    return [message.metadata["event_payload"]["part"] for message in slack.messages(channel)]


def ended(outcome: Outcome) -> tuple[str, bool, timedelta | None]:
    return outcome.state, outcome.holds, outcome.retry_after


# --- one message a second, and waits that Slack asks for ------------------------------------------------


def test_messages_to_a_channel_are_a_second_apart(
    slack: SlackStandIn, clock: Clock, channel: SlackChannel
) -> None:
    many = delivery(digest(*(entry(number=number) for number in range(9))), CHANNEL)
    assert channel.deliver(many, Watched()).state == "sent"
    assert len(clock.waits) == slack.posts() - 1
    assert all(wait == 1 for wait in clock.waits)


def test_two_deliveries_side_by_side_keep_the_pace_of_their_channel(
    slack: SlackStandIn, clock: Clock
) -> None:
    channel = SlackChannel(SHARED, TOKEN, slack.url, pace=Pace(clock.pause, clock.now))
    outcomes: list[Outcome] = []

    def deliver(number: int) -> None:
        outcomes.append(channel.deliver(replace(one_post(), id=number), Watched()))

    threads = [threading.Thread(target=deliver, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.state for outcome in outcomes] == ["sent"] * 3
    assert slack.posts() == 6
    assert sum(clock.waits) == pytest.approx(5)


def test_a_channel_keeps_one_pace_by_its_name_and_by_its_id(
    slack: SlackStandIn, clock: Clock, channel: SlackChannel
) -> None:
    for to in (CHANNEL, "C000000001", CHANNEL, "C000000001"):
        assert channel.deliver(one_post(to), Watched()).state == "sent"
    assert len(clock.waits) >= 7 - 1
    assert slack.posts() <= 9  # the very first by its id may come too soon, and is made again


def test_channels_do_not_wait_for_each_other(
    slack: SlackStandIn, clock: Clock, channel: SlackChannel
) -> None:
    bare = digest(schedule="immediately")
    channel.deliver(delivery(bare, CHANNEL), Watched())
    before = list(clock.waits)
    channel.deliver(replace(delivery(bare, CHANNEL), subscriber=week(PRIVATE).subscriber), Watched())
    assert len(slack.messages(PRIVATE)) == len(slack.messages(CHANNEL))
    assert clock.waits == before * 2


def test_a_short_wait_is_waited_and_the_post_made(
    slack: SlackStandIn, clock: Clock, channel: SlackChannel
) -> None:
    slack.limits_the_rate(3)
    outcome = channel.deliver(one_post(), Watched())
    assert ended(outcome) == ("sent", False, None)
    assert sum(clock.waits) == 4  # the second between two messages is a part of the three
    assert parts(slack) == [0, 1]
    assert slack.posts() == 3


def test_a_long_wait_is_kept_by_the_ledger(slack: SlackStandIn, clock: Clock, channel: SlackChannel) -> None:
    slack.limits_the_rate(40)
    outcome = channel.deliver(one_post(), Watched())
    assert ended(outcome) == ("deferred", True, timedelta(seconds=40))
    assert "Slack asks to wait for 40 seconds" in outcome.detail
    assert clock.waits == []
    assert slack.messages(CHANNEL) == []


def test_a_429_that_does_not_say_how_long_waits_a_minute(slack: SlackStandIn, channel: SlackChannel) -> None:
    slack.limits_the_rate(None)
    outcome = channel.deliver(one_post(), Watched())
    assert ended(outcome) == ("deferred", True, MINUTE)
    assert slack.messages(CHANNEL) == []


def test_a_slack_that_only_ever_asks_for_short_waits_is_put_off(
    slack: SlackStandIn, clock: Clock, channel: SlackChannel
) -> None:
    slack.limits_the_rate(2, times=9)
    outcome = channel.deliver(one_post(), Watched())
    assert ended(outcome) == ("deferred", True, timedelta(seconds=2))
    assert slack.posts() == 3
    assert slack.messages(CHANNEL) == []
    slack.works()
    waited = sum(clock.waits)
    assert channel.deliver(one_post(PRIVATE), Watched()).state == "sent"
    assert sum(clock.waits) == waited + 2 + 1  # the last wait that was asked for, and the pace


def test_nobody_posts_anywhere_while_slack_asks_to_wait(
    slack: SlackStandIn, clock: Clock, channel: SlackChannel
) -> None:
    slack.limits_the_rate(40)
    channel.deliver(one_post(), Watched())
    clock.pause(10)
    asked = slack.posts()
    progress = Watched()
    outcome = channel.deliver(one_post(PRIVATE), progress)
    assert ended(outcome) == ("deferred", True, timedelta(seconds=30))
    assert slack.posts() == asked
    assert progress.told == []
    clock.pause(26)
    assert channel.deliver(one_post(PRIVATE), Watched()).state == "sent"
    assert clock.waits[2] == 4


def test_a_thread_about_to_post_heeds_a_wait_that_another_was_asked_for(
    slack: SlackStandIn, clock: Clock
) -> None:
    pace = Pace(clock.pause, clock.now)
    channel = SlackChannel(SHARED, TOKEN, slack.url, pace=pace)
    asked: list[bool] = []
    outcome = channel.deliver(one_post(), Watched(lambda: asked.append(pace.asked_to_wait(MINUTE))))
    assert ended(outcome) == ("deferred", True, MINUTE)
    assert slack.posts() == 0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("1.2", 2),
        ("0", 1),
        ("99999", 3600),
        ("soon", 60),
        ("", 60),
        ("-3", 60),
        ("nan", 60),
    ],
)
def test_retry_after_is_read_with_care(said: str, seconds: int) -> None:
    assert asked_for({"retry-after": said}) == timedelta(seconds=seconds)
    assert asked_for({"Retry-After": said}) == timedelta(seconds=seconds)


# --- what holds all of Slack, and what is a channel's own -----------------------------------------------


def no_scope(slack: SlackStandIn) -> None:
    slack.scopes = set()


def archived(slack: SlackStandIn) -> None:
    slack.rooms[0].archived = True


def uninvited(slack: SlackStandIn) -> None:
    slack.rooms[0].open = False


def says(code: str) -> Callable[[SlackStandIn], None]:
    return lambda slack: slack.answers_with(200, code)


@pytest.mark.parametrize(
    ("fault", "state", "holds", "said"),
    [
        (no_scope, "deferred", True, "lacks the scope chat:write: add it"),
        (says("invalid_auth"), "deferred", True, "does not know this token"),
        (says("not_authed"), "deferred", True, "No token reached Slack"),
        (says("token_revoked"), "deferred", True, "was revoked"),
        (says("token_expired"), "deferred", True, "has expired"),
        (says("account_inactive"), "deferred", True, "taken out of the workspace"),
        (says("access_denied"), "deferred", True, "ask its administrator to approve"),
        (lambda slack: slack.answers_with(503, "service_unavailable"), "deferred", True, "not available"),
        (lambda slack: slack.answers_with(503), "deferred", True, "not available"),
        (
            lambda slack: slack.answers_with(407),
            "deferred",
            True,
            "said no (HTTP 407): check the network, its proxy",
        ),
        (lambda slack: slack.answers_with(404), "deferred", True, "and SLACK_API_URL"),
        (says("request_timeout"), "deferred", False, "did not get the whole request"),
        (
            archived,
            "refused",
            False,
            "is archived: bring it back, or name another in subscriptions.yaml. Then `learning-bot outbox retry` sends it.",
        ),
        (uninvited, "refused", False, "The bot is not in #learning-babies: invite it there"),
        (lambda slack: slack.rooms.clear(), "refused", False, "There is no Slack channel #learning-babies"),
        (says("restricted_action_read_only_channel"), "refused", False, "read-only for the bot"),
        (says("msg_too_long"), "refused", False, "fault of the program"),
        (says("msg_blocks_too_long"), "refused", False, "fault of the program"),
        (says("some_new_error"), "refused", False, "some_new_error"),
    ],
)
def test_what_slack_refuses_has_its_own_outcome_and_sentence(
    slack: SlackStandIn,
    channel: SlackChannel,
    fault: Callable[[SlackStandIn], None],
    state: str,
    holds: bool,
    said: str,
) -> None:
    fault(slack)
    outcome = channel.deliver(one_post(), Watched())
    assert ended(outcome) == (state, holds, None)
    assert said in outcome.detail
    assert outcome.detail.endswith(".")
    assert slack.posts() == 1
    assert all(room.messages == [] for room in slack.rooms)


def test_a_wrong_or_missing_token_holds_slack_and_is_never_repeated(slack: SlackStandIn) -> None:
    wrong = SlackChannel(SHARED, "xoxb-wrong", slack.url).deliver(one_post(), Watched())
    assert ended(wrong) == ("deferred", True, None)
    assert "does not know this token" in wrong.detail
    assert "xoxb-wrong" not in wrong.detail
    progress = Watched()
    missing = SlackChannel(SHARED, None, slack.url).deliver(one_post(), progress)
    assert ended(missing) == ("deferred", True, None)
    assert "SLACK_BOT_TOKEN" in missing.detail
    assert progress.told == []


def test_slack_out_of_reach_holds() -> None:
    with SlackStandIn() as gone:
        url = gone.url
    outcome = SlackChannel(SHARED, TOKEN, url, patience=1).deliver(one_post(), Watched())
    assert ended(outcome) == ("deferred", True, None)
    assert "could not be reached" in outcome.detail


@pytest.mark.parametrize(
    "reason",
    [
        ConnectionRefusedError("refused"),
        socket.gaierror(-2, "Name or service not known"),
        ssl.SSLCertVerificationError("self-signed certificate"),
        OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
        TimeoutError("timed out"),
        BrokenPipeError("the request was cut short"),
    ],
)
def test_what_could_not_be_written_whole_was_not_taken_and_holds(reason: OSError) -> None:
    """urllib wraps in a URLError what goes wrong before it waits for the answer, and nothing else."""
    met = trouble(URLError(reason), CHANNEL)
    assert (met.state, met.holds, met.retry_after) == ("deferred", True, None)
    assert "check the network and SLACK_API_URL" in met.detail
    after = trouble(TimeoutError("timed out"), CHANNEL)
    assert (after.state, after.holds) == ("uncertain", False)


def test_the_library_writes_no_lines_of_its_own(
    caplog: pytest.LogCaptureFixture, slack: SlackStandIn
) -> None:
    caplog.set_level(0)
    slack.drops(posts=False)
    SlackChannel(SHARED, TOKEN, slack.url, pace=Pace(lambda seconds: None)).deliver(one_post(), Watched())
    assert caplog.records == []


# --- what may have been taken ---------------------------------------------------------------------------

TAKEN_PERHAPS: list[Callable[..., None]] = [
    lambda slack, posts: slack.drops(posts=posts),
    lambda slack, posts: slack.answers_with(500, posts=posts),
    lambda slack, posts: slack.answers_with(500, "internal_error", posts=posts),
    lambda slack, posts: slack.answers_with(200, "fatal_error", posts=posts),
    lambda slack, posts: slack.answers_with(200, posts=posts),
    lambda slack, posts: slack.is_slow(3, posts=posts),
]
NAMES = ["drop", "500", "internal_error", "fatal_error", "not Slack's answer", "too slow"]


@pytest.mark.parametrize("fault", TAKEN_PERHAPS, ids=NAMES)
def test_what_was_taken_after_all_is_found_and_the_rest_goes_on(
    slack: SlackStandIn, channel: SlackChannel, fault: Callable[..., None]
) -> None:
    fault(slack, True)
    progress = Watched()
    outcome = channel.deliver(one_post(), progress)
    assert outcome.state == "sent"
    assert parts(slack) == [0, 1]
    assert slack.posts() == 2
    assert progress.posts[0].ts == slack.roots(CHANNEL)[0].ts


@pytest.mark.parametrize("fault", TAKEN_PERHAPS[:5], ids=NAMES[:5])
def test_what_is_not_there_yet_is_looked_for_again_in_a_minute(
    slack: SlackStandIn, channel: SlackChannel, fault: Callable[..., None]
) -> None:
    fault(slack, False)
    progress = Watched()
    outcome = channel.deliver(one_post(), progress)
    assert ended(outcome) == ("uncertain", False, MINUTE)
    assert "may or may not be there" in outcome.detail
    assert "looked for again in a minute" in outcome.detail
    assert progress.told == ["handing over"]
    assert slack.messages(CHANNEL) == []
    again = Watched()
    assert channel.deliver(one_post(state="uncertain", attempts=2), again).state == "sent"
    assert parts(slack) == [0, 1]


def test_what_came_late_is_found_before_anything_is_posted(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    first = Watched()
    channel.deliver(one_post(), first)
    asked = slack.posts()
    again = Watched()
    outcome = channel.deliver(one_post(state="uncertain", attempts=2), again)
    assert outcome.state == "sent"
    assert slack.posts() == asked + 1  # the reply; only the first of a second try may be there already
    assert again.posts[0] == first.posts[0]
    assert again.told[0] == "posted"


def test_an_uncertain_reply_is_looked_for_in_its_thread(slack: SlackStandIn, channel: SlackChannel) -> None:
    first = Watched()
    channel.deliver(one_post(), first)
    asked = slack.posts()
    left = one_post(state="uncertain", attempts=2, posted=(first.posts[0],))
    assert channel.deliver(left, Watched()).state == "sent"
    assert slack.posts() == asked
    assert parts(slack) == [0, 1]


@pytest.mark.parametrize(
    ("scopes", "told"),
    [
        ({"chat:write"}, "channels:read and channels:history"),
        ({"chat:write", "channels:read"}, "groups:read"),
        ({"chat:write", "channels:read", "groups:read"}, "it lacks channels:history"),
    ],
)
def test_where_it_cannot_look_a_post_stays_uncertain_and_the_scope_is_named(
    slack: SlackStandIn, channel: SlackChannel, scopes: set[str], told: str
) -> None:
    slack.scopes = scopes
    slack.drops()
    outcome = channel.deliver(one_post(), Watched())
    assert outcome.state == "uncertain"
    assert "it could find out by itself" in outcome.detail or scopes > {"chat:write"}
    assert told in outcome.detail or "channels:history" in outcome.detail
    assert f"Look into {CHANNEL}, then `learning-bot outbox resolve`, or `outbox retry`" in outcome.detail
    assert outcome.retry_after is None
    assert slack.posts() == 1


def test_a_channel_that_may_be_private_is_not_taken_for_one_that_is_not_there(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    slack.scopes = {"chat:write", "channels:read", "channels:history"}
    slack.drops()
    outcome = channel.deliver(one_post(PRIVATE), Watched())
    assert ended(outcome) == ("uncertain", False, None)
    assert "with the scope groups:read it could find out by itself" in outcome.detail


def test_a_bot_that_was_not_invited_says_that_it_would_look_if_it_were(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    slack.scopes = ALL | {"chat:write.public"}
    slack.rooms[0].open = False
    slack.drops()
    outcome = channel.deliver(one_post(), Watched())
    assert ended(outcome) == ("uncertain", False, None)
    assert "If the bot were in" in outcome.detail
    assert "invite it there" in outcome.detail


@pytest.mark.parametrize("to", [CHANNEL, PRIVATE, "C000000001", "C000000002"])
def test_it_looks_in_public_and_private_channels_by_name_and_by_id(
    slack: SlackStandIn, channel: SlackChannel, to: str
) -> None:
    slack.drops()
    assert channel.deliver(one_post(to), Watched()).state == "sent"
    assert parts(slack, to) == [0, 1]


def test_public_channels_are_found_without_the_scope_for_private_ones(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    slack.scopes = {"chat:write", "channels:read", "channels:history"}
    slack.drops()
    assert channel.deliver(one_post(), Watched()).state == "sent"
    assert parts(slack) == [0, 1]


def test_an_uncertain_one_is_not_posted_again_where_it_cannot_look(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    slack.scopes = {"chat:write"}
    outcome = channel.deliver(one_post(state="uncertain", attempts=2), Watched())
    assert ended(outcome) == ("uncertain", False, None)
    assert "may or may not have been posted by an earlier try" in outcome.detail
    assert slack.posts() == 0


@pytest.mark.parametrize(
    "fault",
    [
        lambda slack: slack.limits_the_rate(90, of="look"),
        lambda slack: slack.answers_with(500, of="look"),
        lambda slack: slack.drops(of="look"),
        lambda slack: slack.answers_with(503, "service_unavailable", of="look"),
    ],
)
def test_an_uncertain_one_that_cannot_be_looked_for_now_is_looked_for_later(
    slack: SlackStandIn, channel: SlackChannel, fault: Callable[[SlackStandIn], None]
) -> None:
    fault(slack)
    outcome = channel.deliver(one_post(state="uncertain", attempts=2), Watched())
    assert outcome.state == "uncertain"
    assert outcome.retry_after in (MINUTE, timedelta(seconds=90))
    assert slack.posts() == 0


def test_somebody_who_asks_again_gets_a_look_first(slack: SlackStandIn, channel: SlackChannel) -> None:
    first = Watched()
    channel.deliver(one_post(), first)
    channel.deliver(one_post(attempts=2), Watched())
    assert len(slack.roots(CHANNEL)) == 1


def test_somebody_who_asks_again_gets_a_post_where_it_cannot_look(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    slack.scopes = {"chat:write"}
    slack.drops()
    assert channel.deliver(one_post(), Watched()).state == "uncertain"
    assert channel.deliver(one_post(attempts=2), Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 2  # a person looked, and asked for it


def test_somebody_who_asks_again_while_slack_is_slow_does_not_get_it_twice(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    channel.deliver(one_post(), Watched())
    slack.answers_with(500, of="look")
    outcome = channel.deliver(one_post(attempts=2), Watched())
    assert ended(outcome) == ("deferred", False, MINUTE)
    assert channel.deliver(one_post(attempts=3, state="deferred"), Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 1


def test_a_post_is_found_behind_hundreds_of_others(slack: SlackStandIn, channel: SlackChannel) -> None:
    first = Watched()
    channel.deliver(one_post(), first)
    root = slack.rooms[0].messages[0]
    others = [
        replace(root, ts=f"{float(root.ts) + number:.6f}", metadata={"event_type": "other"}, thread_ts=None)
        for number in range(1, 450)
    ]
    slack.rooms[0].messages += others
    again = Watched()
    channel.deliver(one_post(state="uncertain", attempts=2), again)
    assert again.posts[0] == first.posts[0]
    looks = [given for method, given in slack.calls if method == "conversations.history"]
    assert len(looks) == 3
    assert len({given["oldest"] for given in looks}) == 1


def test_a_channel_with_too_much_in_it_is_not_taken_for_one_without_the_post(
    slack: SlackStandIn, channel: SlackChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.deliver.slack.history.PAGES", 2)
    channel.deliver(one_post(), Watched())
    root = slack.rooms[0].messages[0]
    slack.rooms[0].messages += [
        replace(root, ts=f"{float(root.ts) + number:.6f}", metadata={}) for number in range(1, 450)
    ]
    asked = slack.posts()
    outcome = channel.deliver(one_post(state="uncertain", attempts=2), Watched())
    assert ended(outcome) == ("uncertain", False, None)
    assert "More stands in #learning-babies since than it looks through" in outcome.detail
    assert slack.posts() == asked


def test_a_post_is_found_though_the_clock_was_hours_ahead(slack: SlackStandIn, channel: SlackChannel) -> None:
    channel.deliver(one_post(), Watched())
    posted_at = one_post().edition.digest.slot
    ahead = one_post(state="uncertain", attempts=2, first_tried=posted_at + timedelta(hours=13))
    channel.deliver(ahead, Watched())
    assert len(slack.roots(CHANNEL)) == 1


def test_posts_from_before_the_first_try_are_not_this_delivery(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    due = one_post(state="uncertain", attempts=2)
    channel.deliver(due, Watched())
    slot = due.edition.digest.slot
    slack.rooms[0].messages[0].ts = f"{(slot - timedelta(days=1, minutes=1)).timestamp():.6f}"
    channel.deliver(due, Watched())
    assert len(slack.roots(CHANNEL)) == 2


def test_another_delivery_of_the_same_number_is_not_taken_for_this_one(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    """As after a new archive was begun, which counts from one again."""
    due = one_post(state="uncertain", attempts=2)
    channel.deliver(due, Watched())
    channel.deliver(replace(due, edition=replace(due.edition, id="another")), Watched())
    assert len(slack.roots(CHANNEL)) == 2


# --- several parts --------------------------------------------------------------------------------------


def test_a_second_try_goes_on_with_the_next_part(slack: SlackStandIn, channel: SlackChannel) -> None:
    slack.limits_the_rate(40, after=1)
    progress = Watched()
    first = channel.deliver(week(), progress)
    assert ended(first) == ("deferred", True, timedelta(seconds=40))
    assert list(first.posted) == progress.posts
    patient = SlackChannel(SHARED, TOKEN, slack.url, pace=Pace(lambda seconds: None))
    slack._strict_pace = False
    again = week(attempts=2, state="deferred", posted=tuple(progress.posts))
    assert patient.deliver(again, Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 1
    assert parts(slack) == list(range(len(parts(slack))))
    assert len(parts(slack)) > 2


def test_handing_over_comes_before_each_part_and_posted_after_it(channel: SlackChannel) -> None:
    progress = Watched()
    channel.deliver(one_post(), progress)
    assert progress.told == ["handing over", "posted", "handing over", "posted"]


def test_a_drop_in_the_middle_is_looked_up_in_the_thread(slack: SlackStandIn, channel: SlackChannel) -> None:
    slack.drops(after=1)
    assert channel.deliver(week(), Watched()).state == "sent"
    assert parts(slack) == list(range(len(parts(slack))))


def test_what_may_not_be_handed_over_leaves_the_channel_fit_for_others(
    slack: SlackStandIn, channel: SlackChannel
) -> None:
    def overtaken() -> None:
        raise RuntimeError("the claim was lost")

    with pytest.raises(RuntimeError, match="claim"):
        channel.deliver(one_post(), Watched(overtaken))
    assert slack.posts() == 0
    assert channel.deliver(one_post(), Watched()).state == "sent"


# --- edits ----------------------------------------------------------------------------------------------


def correction(channel: SlackChannel) -> Delivery:
    first = Watched()
    channel.deliver(delivery(digest(entry(), schedule="immediately"), CHANNEL), first)
    changed = digest(entry(kind="revised"), schedule="immediately")
    made = delivery(changed, CHANNEL, number=13, earlier=(first.posts[0],), attempts=1)
    return replace(made, state="queued")


def test_a_dropped_edit_is_simply_made_again(slack: SlackStandIn, channel: SlackChannel) -> None:
    due = correction(channel)
    slack.drops()
    outcome = channel.deliver(due, Watched())
    assert outcome.state == "deferred"
    assert "It is an edit, so it will be tried again" in outcome.detail
    assert channel.deliver(replace(due, attempts=2, state="deferred"), Watched()).state == "sent"
    assert len(slack.roots(CHANNEL)) == 1


def test_an_edit_posted_anew_is_not_posted_twice(slack: SlackStandIn, channel: SlackChannel) -> None:
    due = replace(correction(channel), earlier=(Posted(channel="C000000001", ts="1.0", review_id=1),))
    slack.drops(after=1)
    first = Watched()
    assert channel.deliver(due, first).state == "sent"
    again = replace(due, state="uncertain", attempts=2)
    channel.deliver(again, Watched())
    assert len(slack.roots(CHANNEL)) == 2  # the one that was corrected, and the one that replaces it
