"""Posts to Slack, against a stand-in that refuses what Slack refuses."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.block_kit.blocks import LONGEST_RUN, SlackPart, SlackPost, header, link, paragraph, points
from bot.deliver.block_kit.blocks import text as run
from bot.deliver.block_kit.lengths import counted, escaped, fitted, unstacked
from bot.deliver.block_kit.packing import packed
from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.deliver.slack.channel import SlackChannel
from bot.deliver.slack.pace import Pace
from bot.demo.slack_rules import fault_in
from bot.demo.slack_stand_in import SlackStandIn
from bot.models import (
    Because,
    Difference,
    Digest,
    Evidence,
    Link,
    Narrowed,
    Organisation,
    Posted,
    Reason,
)
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    DOUBTFUL,
    because,
    delivery,
    digest,
    entry,
    full_week,
    name_of_theme,
    revised,
    seen,
    withdrawn,
)
from tests.deliver.parts import SHARED, TEMPLATES, Watched
from tests.deliver.rendering.test_render import NASTY, everywhere

TOKEN = "xoxb-for-tests"
CHANNEL = "#learning-babies"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn(token=TOKEN, channels=[CHANNEL]) as running:
        yield running


def channel_to(slack: SlackStandIn, token: str | None = TOKEN) -> SlackChannel:
    return SlackChannel(SHARED, token, slack.url, patience=2, pace=Pace(lambda seconds: None))


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


def elements(part: Any, kind: str) -> list[dict[str, Any]]:
    """Every element of this type within."""
    if isinstance(part, dict):
        own = [part] if part.get("type") == kind else []
        return own + [one for value in part.values() for one in elements(value, kind)]
    return [one for inner in part for one in elements(inner, kind)] if isinstance(part, list | tuple) else []


def parts_of(posts: tuple[SlackPost, ...]) -> list[SlackPart]:
    """Every message that may be posted, the first of each post too."""
    found: list[SlackPart] = []
    for post in posts:
        found.append(SlackPart(text=post.text, blocks=post.blocks))
        found += [*post.thread, *post.changes, *([post.anew] if post.anew else [])]
    return found


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
    assert root.metadata["event_payload"] == {
        "delivery_id": 12,
        "edition": "edition-12",
        "part": 0,
    }


def test_a_week_is_one_round_up_with_the_reviews_in_its_thread(slack: SlackStandIn) -> None:
    assert channel_to(slack).deliver(delivery(full_week(), CHANNEL), Watched()).state == "sent"
    [root] = slack.roots(CHANNEL)
    assert "3 new reviews on your themes and 2 changes: week of 16 November" in spoken(root.blocks)
    for title in ("Baby Rowan", "Child T (2017)", "Siblings in Port Lowen", "Child W"):
        assert title in spoken(root.blocks)
        assert title in root.text
    told = " ".join(spoken(reply.blocks) for reply in slack.replies(CHANNEL, root.ts))
    assert "Key learning" in told
    assert "Saltmarsh Children’s Board could not be reached, or did not give its page" in told


def test_a_quiet_week_is_said(slack: SlackStandIn) -> None:
    channel_to(slack).deliver(delivery(digest(), CHANNEL), Watched())
    [root] = slack.roots(CHANNEL)
    assert "Nothing new in what you asked for" in spoken(root.blocks)
    assert "We checked 41 sources. 2 of them could not be read" in root.text


def test_a_notification_promises_more_only_where_there_is_more() -> None:
    [told] = SHARED.slack(at_once(entry()))
    assert told.text.endswith("More is in the thread.")
    [alone] = SHARED.slack(at_once(entry(BARE)))
    assert "The page gives no more than this title and a link." in " ".join(lines_of(alone.blocks))
    assert "More is" not in alone.text


def test_a_notification_never_says_what_happened() -> None:
    for of in (at_once(entry()), at_once(revised()), at_once(withdrawn()), full_week()):
        for post in SHARED.slack(of):
            for word in ("bruis", "fracture", "hungry", "serious harm", "death"):
                assert word not in post.text
                assert all(word not in part.text.split("\n\n")[0] for part in post.changes[:1])
                assert all(word not in part.text for part in ([post.anew] if post.anew else []))


def test_the_text_of_a_reply_says_all_that_its_blocks_say() -> None:
    for post in (*SHARED.slack(full_week()), *SHARED.slack(at_once(revised()))):
        for part in (*post.thread, *(() if post.withdrawn else post.changes)):
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
    assert [given["parse"] for method, given in slack.calls if method == "chat.update"] == ["none"]
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
    assert "This replaces the earlier post about this review." in spoken(root.blocks)
    assert "This replaces the earlier post" in root.text
    told = " ".join(spoken(reply.blocks) for reply in slack.replies(CHANNEL, root.ts))
    for part in ("Content note", "Before, the recommendations", "First seen", "Helpline", "Posted by"):
        assert part in told, "the new thread has all that the old one had"


def test_a_second_try_goes_on_with_the_thread_that_was_begun(slack: SlackStandIn) -> None:
    """That of a post that was made anew, or of one that was edited."""
    first = Watched()
    channel = channel_to(slack)
    channel.deliver(delivery(at_once(replace(revised(), kind="new", differences=())), CHANNEL), first)
    old = first.posts[0]
    orders = (at_once(revised(), entry()), at_once(entry(), revised()))
    for earlier, order in itertools.product((replace(old, ts="1.0"), old), orders):
        whole, before = Watched(), len(slack.calls)
        changed = delivery(order, CHANNEL, number=13, earlier=(earlier,))
        channel.deliver(changed, whole)
        calls = [sent for _, sent in slack.calls[before:] if sent.get("ts") != "1.0"]
        said = [sent["text"] for sent in calls]
        for number, (sent, post) in enumerate(zip(calls, whole.posts, strict=True)):
            roots = [one.ts for one in whole.posts[:number] if one.review_id]
            assert sent.get("thread_ts") == (None if post.review_id else roots[-1])
        edited = earlier is old
        assert sum("Posted by" in text for text in said) == (1 if edited else 2), (
            "whole detail, or what changed"
        )
        for done in range(1, len(said)):
            rest = Watched()
            assert channel.deliver(replace(changed, posted=tuple(whole.posts[:done])), rest).state == "sent"
            calls = [sent for _, sent in slack.calls if sent.get("ts") != "1.0"][-len(rest.posts) :]
            assert [sent["text"] for sent in calls] == said[done:]


@pytest.mark.parametrize(
    "why", ["edit_window_closed", "cant_update_message", "message_not_found", "is_archived"]
)
def test_an_edit_that_slack_no_longer_allows_is_posted_anew(slack: SlackStandIn, why: str) -> None:
    first = Watched()
    channel = channel_to(slack)
    channel.deliver(delivery(at_once(replace(revised(), kind="new", differences=())), CHANNEL), first)
    slack.answers_with(200, why)
    later = delivery(at_once(revised()), CHANNEL, number=13, earlier=(first.posts[0],))
    assert channel.deliver(later, Watched()).state == "sent"
    old, new = slack.roots(CHANNEL)
    assert old.edits == 0
    assert "This replaces the earlier post about this review." in spoken(new.blocks)
    assert "Use the neglect toolkit at the first sign" in spoken(slack.replies(CHANNEL, new.ts)[0].blocks)


def test_what_a_webhook_posted_cannot_be_edited_and_is_posted_anew(slack: SlackStandIn) -> None:
    earlier = (Posted(channel=CHANNEL, ts="webhook-0", review_id=2),)
    assert (
        channel_to(slack).deliver(delivery(at_once(revised()), CHANNEL, earlier=earlier), Watched()).state
        == "sent"
    )
    [root] = slack.roots(CHANNEL)
    assert "This replaces the earlier post about this review." in spoken(root.blocks)
    assert {method for method, _ in slack.calls} == {"chat.postMessage"}


def test_a_first_post_replaces_nothing(slack: SlackStandIn) -> None:
    channel_to(slack).deliver(delivery(at_once(revised()), CHANNEL), Watched())
    [root] = slack.roots(CHANNEL)
    assert "replaces" not in spoken(root.blocks) + root.text


def test_a_withdrawn_review_loses_its_words_and_links(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    first = Watched()
    known = replace(withdrawn(), kind="new", review=replace(withdrawn().review, status="published"))
    channel.deliver(delivery(at_once(known), CHANNEL), first)
    channel.deliver(delivery(at_once(withdrawn()), CHANNEL, number=13, earlier=tuple(first.posts)), Watched())
    [root] = slack.roots(CHANNEL)
    assert "no longer offers this review" in spoken(root.blocks)
    assert addresses(root.blocks) == []
    for reply in slack.replies(CHANNEL, root.ts):
        assert "no longer offers this review" in spoken(reply.blocks)
        assert "Child W is no longer offered" in reply.text
        assert "toolkit" not in spoken(reply.blocks) + reply.text
        assert addresses(reply.blocks) == []


@pytest.mark.parametrize(
    ("why", "told"),
    [("message_not_found", False), ("cant_update_message", True), ("edit_window_closed", True)],
)
def test_a_reply_that_cannot_be_cleared_does_not_post_the_review_anew(
    slack: SlackStandIn, why: str, told: bool
) -> None:
    channel = channel_to(slack)
    first = Watched()
    known = replace(withdrawn(), kind="new", review=replace(withdrawn().review, status="published"))
    channel.deliver(delivery(at_once(known), CHANNEL), first)
    slack.answers_with(200, why, after=1)
    gone = delivery(at_once(withdrawn()), CHANNEL, number=13, earlier=tuple(first.posts))
    outcome = channel.deliver(gone, Watched())
    assert outcome.state == "sent"
    assert (f"({why}): delete them there" in outcome.detail) is told
    assert len(slack.roots(CHANNEL)) == 1


def test_what_may_be_missing_is_told_in_the_thread_of_an_edited_post_too(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    first = Watched()
    channel.deliver(delivery(at_once(entry()), CHANNEL), first)
    changed = replace(at_once(entry(kind="revised")), doubtful=(DOUBTFUL,))
    channel.deliver(delivery(changed, CHANNEL, number=13, earlier=(first.posts[0],)), Watched())
    [root] = slack.roots(CHANNEL)
    last = slack.replies(CHANNEL, root.ts)[-1].text
    assert "Our digest of 16 November 2026 may not have arrived here." in last
    assert "Child B, Saltmarsh (https://saltmarsh.example/b.pdf)" in last


def test_only_the_bots_own_replies_are_cleared(slack: SlackStandIn) -> None:
    channel = channel_to(slack)
    first = Watched()
    known = replace(withdrawn(), kind="new", review=replace(withdrawn().review, status="published"))
    channel.deliver(delivery(at_once(known), CHANNEL), first)
    said = replace(slack.messages(CHANNEL)[-1], ts="1795420900.9", text="Ours too", metadata={}, blocks=[])
    slack.rooms[0].messages.append(said)
    gone = delivery(at_once(withdrawn()), CHANNEL, number=13, earlier=tuple(first.posts))
    assert channel.deliver(gone, Watched()).state == "sent"
    assert said.edits == 0
    edits = [given["ts"] for method, given in slack.calls if method == "chat.update"]
    channel.deliver(gone, Watched())
    again = [given["ts"] for method, given in slack.calls if method == "chat.update"][len(edits) :]
    assert again == edits[:1]  # what is cleared already is left alone


def test_where_the_thread_cannot_be_read_the_operator_hears_that_its_words_still_stand(
    slack: SlackStandIn,
) -> None:
    channel = channel_to(slack)
    first = Watched()
    known = replace(withdrawn(), kind="new", review=replace(withdrawn().review, status="published"))
    channel.deliver(delivery(at_once(known), CHANNEL), first)
    slack.scopes = {"chat:write"}
    gone = delivery(at_once(withdrawn()), CHANNEL, number=13, earlier=tuple(first.posts))
    outcome = channel.deliver(gone, Watched())
    assert outcome.state == "sent"
    assert "its words may still stand in the thread" in outcome.detail
    assert "channels:history" in outcome.detail


def test_all_that_changed_is_told_however_long_it_is(slack: SlackStandIn) -> None:
    long = tuple(f"Point {number}. " + "A sentence of an ordinary length. " * 9 for number in range(9))
    differences = tuple(
        Difference(field=name, before=long, after=tuple(reversed(long)))
        for name in ("learning", "recommendations", "actions", "good_practice", "questions")
    )
    channel = channel_to(slack)
    first = Watched()
    channel.deliver(delivery(at_once(replace(revised(), kind="new", differences=())), CHANNEL), first)
    changed = delivery(
        at_once(replace(revised(), differences=differences)), CHANNEL, number=13, earlier=(first.posts[0],)
    )
    assert channel.deliver(changed, Watched()).state == "sent"
    [root] = slack.roots(CHANNEL)
    told = " ".join(spoken(reply.blocks) for reply in slack.replies(CHANNEL, root.ts)[-2:])
    assert "questions" in told


def test_a_weekly_round_up_posts_changes_anew(slack: SlackStandIn) -> None:
    earlier = (Posted(channel="C000000001", ts="1.0", review_id=2),)
    channel_to(slack).deliver(delivery(digest(revised()), CHANNEL, earlier=earlier), Watched())
    assert {method for method, _ in slack.calls} == {"chat.postMessage"}


# --- the round-up ---------------------------------------------------------------------------------------

PAGE = "https://learning.example.org/digests"


def page_of(edition_id: str) -> str:
    return f"{PAGE}/{edition_id}"


def sixty(**changes: Any) -> Digest:
    """As much as one digest holds."""
    reviews = (
        replace(
            BABY_ROWAN, title=f"Child {n:02}", links=(Link(label="Report", url=f"https://e.example/{n}.pdf"),)
        )
        for n in range(1, 61)
    )
    made = digest(*(entry(review, number) for number, review in enumerate(reviews, start=1)))
    return replace(made, **changes)


def lines_of(part: Any) -> list[str]:
    return [line for one in elements(part, "text") for line in one["text"].strip().splitlines()]


def test_each_review_of_a_round_up_is_a_few_lines_and_a_button() -> None:
    [post] = SHARED.slack(digest(entry()))
    kinds = [block["type"] for block in post.blocks]
    assert kinds == ["header", "rich_text", "rich_text", "actions", "divider", "rich_text", "rich_text"]
    assert lines_of(post.blocks[2]) == [
        "Baby Rowan, Wetherby Vale",
        "Local child safeguarding practice review. Published 17 November 2026.",
        "Why it is here: Bruising in non-mobile babies.",
    ]
    [button] = elements(post.blocks, "button")
    assert button["text"]["text"] == "Read the overview report (PDF)"
    assert button["url"] == "https://www.wetherbyvale-scp.example/rowan.pdf"


def test_what_changed_is_named_in_the_list_and_told_in_the_thread() -> None:
    [post] = SHARED.slack(digest(revised()))
    assert "What changed: recommendations and outcome." in lines_of(post.blocks)
    assert "What changed" in lines_of(post.thread[0].blocks)


def test_with_sixty_reviews_the_first_message_says_how_many_more_the_thread_has_and_none_is_lost() -> None:
    [post] = SHARED.slack(sixty(), page_url=f"{PAGE}/a")
    in_channel = [line for line in lines_of(post.blocks) if re.match(r"\d+\. Child", line)]
    assert 8 <= len(in_channel) < 60
    assert f"{60 - len(in_channel)} more reviews are in the thread." in lines_of(post.blocks)
    listed = [line for part in parts_of((post,)) for line in lines_of(part.blocks)]
    listed = [line for line in listed if re.match(r"\d+\. Child", line)]
    assert listed == [f"{n}. Child {n:02}, Wetherby Vale" for n in range(1, 61)]
    buttons = [one["url"] for part in parts_of((post,)) for one in elements(part.blocks, "button")]
    assert [url for url in buttons if "e.example" in url] == [
        f"https://e.example/{n}.pdf" for n in range(1, 61)
    ]
    assert addresses(post.blocks)[-2:] == [f"{PAGE}/a", f"{PAGE}/a/meeting"]
    headers = [one["text"]["text"] for part in post.thread for one in elements(part.blocks, "header")]
    assert headers == [f"{n}. Child {n:02}" for n in range(1, 13)]
    assert "for the first 12. The others have their links." in lines_of(post.blocks)[0]


def test_without_threads_the_rest_of_a_long_round_up_is_below() -> None:
    [post] = SHARED.slack(sixty(), threads=False)
    assert any(re.fullmatch(r"\d+ more reviews are below\.", line) for line in lines_of(post.blocks))
    assert "thread" not in spoken(post.blocks) + post.text


def test_reviews_that_wait_for_the_next_digest_are_said() -> None:
    [post] = SHARED.slack(replace(sixty(), held_over=7))
    assert "7 more reviews wait for you" in " ".join(lines_of(post.blocks))
    assert "7 more reviews wait for you" in post.text


def test_a_round_up_offers_the_whole_digest_and_the_sheet_for_the_meeting(slack: SlackStandIn) -> None:
    channel = SlackChannel(SHARED, TOKEN, slack.url, page_url=page_of)
    assert channel.deliver(delivery(digest(entry()), CHANNEL), Watched()).state == "sent"
    [root] = slack.roots(CHANNEL)
    told = {one["text"]["text"]: one["url"] for one in elements(root.blocks, "button")}
    assert told["The whole digest, to read or print"] == f"{PAGE}/edition-12"
    assert told["Sheet for the team meeting"] == f"{PAGE}/edition-12/meeting"
    assert root.text.endswith(f"The whole digest, to read or print: {PAGE}/edition-12")


def test_without_a_review_to_talk_about_there_is_no_sheet_and_without_a_web_no_page() -> None:
    [post] = SHARED.slack(digest(entry(BARE)), page_url=f"{PAGE}/a")
    assert [one["url"] for one in elements(post.blocks, "button")][1:] == [f"{PAGE}/a", f"{PAGE}/a/meeting"]
    for of in (digest(), digest(withdrawn())):
        [post] = SHARED.slack(of, page_url=f"{PAGE}/a")
        assert [one["url"] for one in elements(post.blocks, "button")] == [f"{PAGE}/a"]
    [post] = SHARED.slack(digest(entry()))
    assert "whole digest" not in json.dumps(post.blocks) + post.text


def test_an_organisation_is_named_and_its_introduction_stands_above_the_reviews() -> None:
    note = "This week’s reviews go with our *winter* training <!channel>."
    organisation = Organisation(name="Wetherby Vale learning", introduction=note)
    [post] = Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation).slack(digest(entry()))
    assert lines_of(post.blocks)[0].startswith("From Wetherby Vale learning, for Baby safety leads.")
    assert lines_of(post.blocks)[1] == note
    assert "Baby Rowan" in lines_of(post.blocks)[2]


def test_a_page_that_no_button_takes_is_a_link() -> None:
    [post] = SHARED.slack(digest(entry()), page_url="http://localhost:8000/digests/a")
    led_to = {one["text"]: one["url"] for one in elements(post.blocks, "link")}
    assert led_to == {
        "The whole digest, to read or print": "http://localhost:8000/digests/a",
        "Sheet for the team meeting": "http://localhost:8000/digests/a/meeting",
    }


def test_the_thread_of_a_round_up_begins_with_a_content_note_and_tells_nothing_of_what_was_withdrawn() -> (
    None
):
    [post] = SHARED.slack(digest(withdrawn(), entry()))
    assert "Child W" in spoken(post.blocks)
    assert lines_of(post.thread[0].blocks)[0].startswith("Content note: this thread tells of")
    headers = [one["text"]["text"] for part in post.thread for one in elements(part.blocks, "header")]
    assert headers == ["2. Baby Rowan"]


def test_each_subscription_gives_its_own_reason_where_a_channel_has_several() -> None:
    both = (because("neglect"), replace(because("fathers"), name="Fathers group"))
    several = digest(entry(because=both), subscriptions=("Baby safety leads", "Fathers group"))
    [post] = SHARED.slack(several)
    told = "Why it is here: Baby safety leads: Neglect. Fathers group: Fathers and male carers."
    assert told in lines_of(post.blocks)


def test_a_round_up_whose_frame_alone_is_too_long_goes_on_in_the_thread_with_nothing_lost() -> None:
    sentences = [f"This is sentence {n} of a long introduction." for n in range(300)]
    organisation = Organisation(name="Wetherby Vale learning", introduction=" ".join(sentences))
    [post] = Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation).slack(
        digest(entry(), entry(number=2))
    )
    told = " ".join(line for part in parts_of((post,)) for line in lines_of(part.blocks))
    for said in (*sentences, "Worried about a child?", "We checked 41 sources.", "2 more reviews are in the"):
        assert said in told
    assert told.count(". Baby Rowan") == 2
    for part in parts_of((post,)):
        assert fault_in({"text": part.text, "blocks": list(part.blocks)}) is None


def test_a_lost_digest_is_told_with_links_and_a_long_one_in_the_thread() -> None:
    [post] = SHARED.slack(digest(entry(), doubtful=(DOUBTFUL,)))
    assert "https://saltmarsh.example/b.pdf" in addresses(post.blocks)
    assert "Our digest of 16 November 2026 may not have arrived here." in post.text
    long = replace(DOUBTFUL, state="refused", reviews=DOUBTFUL.reviews * 9)
    [post] = SHARED.slack(digest(entry(), doubtful=(long,)))
    assert "https://saltmarsh.example/b.pdf" not in addresses(post.blocks)
    assert (
        "Our digest of 16 November 2026 could not be posted here. We do not post it twice; the 9 reviews that it "
        "had are listed in the thread."
    ) in lines_of(post.blocks)
    assert addresses(post.thread[0].blocks) == ["https://saltmarsh.example/b.pdf"] * 9


def test_what_a_review_was_narrowed_by_is_told_in_the_thread() -> None:
    reasons = (
        Reason(theme="neglect", evidence=(Evidence(field="incident", quote="stopped feeding"),)),
        Reason(theme=None, narrowed=Narrowed(by="place", asked=("Wetherby Vale",), found=("Wetherby Vale",))),
    )
    why = (Because(subscription="a", name="Neglect leads", reasons=reasons),)
    [post] = SHARED.slack(at_once(entry(because=why)))
    assert "Neglect leads: Neglect" in " ".join(lines_of(post.blocks))
    assert "stopped feeding" not in spoken(post.blocks)
    told = " ".join(lines_of(post.thread[0].blocks))
    assert "stopped feeding" in told
    assert "in Wetherby Vale" in told


def test_where_titles_are_too_many_to_be_heard_the_summary_says_how_many_more() -> None:
    long = digest(
        *(entry(replace(BABY_ROWAN, title=f"Review {n} " + "of long name " * 9), n) for n in range(60))
    )
    [post] = SHARED.slack(long)
    assert len(post.text) <= 3_900
    heard = len(re.findall(r"\d+\. Review \d+", post.text))
    assert 10 < heard < 60
    assert f"{60 - heard} more reviews are in the thread." in post.text
    assert "We checked 41 sources." in post.text
    assert "are in the thread for the first 12" in post.text


def test_one_endless_title_does_not_keep_the_others_from_being_heard() -> None:
    endless = entry(replace(BABY_ROWAN, title="word " * 900))
    [post] = SHARED.slack(digest(endless, entry(BARE, 2)))
    assert "2. Child T (2017)" in post.text


def test_an_address_is_heard_as_it_is() -> None:
    url = "https://e.example/~people/__a__/*b*_c.pdf"
    review = replace(BABY_ROWAN, links=(Link(label="Report", url=url),))
    [post] = SHARED.slack(digest(entry(review)))
    [heard] = re.findall(r"https://e\.example/\S+(?=\))", post.thread[0].text)
    assert unquote(heard) == url


# --- limits and escaping --------------------------------------------------------------------------------


NEVER_ENDING = "https://example.org/" + "a" * 2_700


def test_many_long_links_stand_in_several_blocks_and_messages() -> None:
    links = tuple(Link(label=f"Report {number}", url=f"{NEVER_ENDING}{number}") for number in range(8))
    for of in (
        at_once(entry(replace(BABY_ROWAN, links=links))),
        digest(entry(replace(BABY_ROWAN, links=links))),
    ):
        parts = parts_of(SHARED.slack(of))
        for part in parts:
            assert counted(json.dumps(list(part.blocks), ensure_ascii=False)) <= 9_000
            assert units(part.text) <= 4_000
        led_to = {address for part in parts for address in addresses(part.blocks)}
        assert {link.url for link in links[:5]} <= led_to


def test_a_message_has_at_most_45_blocks_and_9_000_characters() -> None:
    few_words = packed(said for _ in range(100) for said in paragraph(run("Yes")))
    assert [len(part.blocks) for part in few_words] == [45, 45, 10]
    tiny = [link("a", "https://example.org/b", bold=True)] * 40
    much_form = packed(said for _ in range(12) for said in paragraph(*tiny))
    sizes = [counted(json.dumps(list(part.blocks))) for part in much_form]
    assert max(sizes) <= 9_000
    assert sum(len(part.blocks) for part in much_form) == 12
    assert len(much_form) > 4


def test_an_address_that_is_too_long_for_slack_is_shown_as_words() -> None:
    assert link("The report", "https://example.org/" + "a" * 3_000) == run("The report")
    assert link("The report", "https://example.org/" + "&" * 700) == run("The report")
    assert link("A" * 5_000, "https://example.org/a")["type"] == "link"
    assert counted(header("word " * 90).block["text"]["text"]) <= 150


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(some.text(alphabet="ab &<é\u0301😀\u200d👩🏽🇬🇧.,…", min_size=1, max_size=400), some.integers(5, 60))
@settings(max_examples=60, deadline=None)
def test_a_cut_never_falls_inside_a_sign_and_never_exceeds_its_limit(text: str, limit: int) -> None:
    kept = fitted(text, limit)
    assert counted(kept) <= limit
    whole = kept.removesuffix("…")
    if kept != text and text.startswith(whole) and whole:
        before, after = whole[-1], text[len(whole) :][:1]
        assert unicodedata.category(after or " ")[0] != "M"
        assert after != "\u200d"
        assert before != "\u200d" or after == " "
        assert not "🏻" <= (after or " ") <= "🏿"


@given(some.text(alphabet="ab&😀é\u0301", min_size=1, max_size=50))
@settings(max_examples=15, deadline=None)
def test_a_long_passage_is_split_with_nothing_left_out(some_text: str) -> None:
    text = unstacked(some_text * (9_000 // len(some_text)))
    made = list(paragraph(run(text)))
    assert "".join(spoken(one.block).replace(" ", "") for one in made) == text
    assert all(counted(one.text) <= LONGEST_RUN + 100 for one in made)


@pytest.mark.parametrize(
    "stacked", ["e" + "\u0301" * 6_000, "e" + "\u0301" * 400 + " word", "\u0301" * 6_000]
)
def test_marks_heaped_on_a_letter_are_cut_to_what_can_be_read(stacked: str) -> None:
    for made in (
        list(paragraph(run(stacked * 5))),
        points(stacked, [stacked] * 5),
        [header(stacked * 5)],
        list(paragraph(link(stacked * 5, "https://example.org"))),
    ):
        assert len(packed(made)) == 1
        heard = "".join(one.text for one in made)
        assert heard.count("\u0301") >= 20
        assert "\u0301" * 21 not in json.dumps([one.block for one in made], ensure_ascii=False) + heard


def test_a_sign_without_end_is_cut_all_the_same() -> None:
    made = list(paragraph(run("\U0001f1ec" * 6_000)))
    assert len(made) < 6, "flags of which nobody can tell where one ends"


def test_letters_of_writings_with_marks_are_kept() -> None:
    for words in ("Tîm Diogelu Môn", "Việt Nam ở trường", "हिन्दी में सुरक्षा", "בְּרֵאשִׁית", "ก็ปู่ที่น้ำ"):
        assert unstacked(unicodedata.normalize("NFD", words)) == unicodedata.normalize("NFD", words)


def test_words_are_kept_whole_where_a_passage_is_split() -> None:
    words = "safeguarding practice " * 600
    pieces = [block.text.split() for block in paragraph(run(words))]
    assert len(pieces) > 2
    assert {word for piece in pieces for word in piece} == {"safeguarding", "practice"}


@given(some.text(alphabet="ab *_~`<>&|!@#\n", max_size=80))
@settings(max_examples=60, deadline=None)
def test_the_text_of_a_message_can_mention_and_format_nothing(text: str) -> None:
    made = escaped(text)
    assert not set("<>*~`") & set(made)
    assert "&" not in made.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    for found in re.finditer("_", made):
        before, after = made[: found.start()][-1:], made[found.end() :][:1]
        assert before.isalnum()
        assert after.isalnum()
    assert len(made) == units(made) == counted(text)


@given(some.text(alphabet="ab|<>\"'`\\^{} *_~&?=#/\u202e\u200b\u2066é", max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_scraped_address_can_end_its_link_early(tail: str) -> None:
    review = replace(
        BABY_ROWAN, links=(Link(label="Report of the review", url=f"https://example.org/{tail}"),)
    )
    for part in parts_of(SHARED.slack(at_once(entry(review)))):
        for address in addresses(part.blocks):
            assert not set('|<>"`\\^{} \u202e\u200b\u2066') & set(address)
            assert address.startswith(("https://example.org/", "https://www.wetherbyvale-scp.example/"))


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\u2060", "\ufeff", "\u200f"])
def test_nothing_invisible_reaches_slack(mark: str) -> None:
    for of in (everywhere(f"A{mark} review"), replace(everywhere(f"A{mark} review"), schedule="immediately")):
        for part in parts_of(SHARED.slack(of)):
            assert mark not in part.text + json.dumps(part.blocks, ensure_ascii=False)


@given(some.text(max_size=60).map(lambda text: f"{text}{NASTY}<@U123> *bold* <https://x.example|x>"))
@settings(max_examples=30, deadline=None)
def test_no_source_text_can_mention_link_or_format(text: str) -> None:
    weekly = everywhere(text)
    for part in parts_of(SHARED.slack(weekly)) + parts_of(
        SHARED.slack(replace(weekly, schedule="immediately"))
    ):
        assert not set("<>*~`") & set(part.text)
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
        assert not {"parse", "link_names"} & set(given_arguments)
        for name in ("unfurl_links", "unfurl_media", "mrkdwn"):
            assert given_arguments[name] in (False, "0", "false")


# --- other ways in --------------------------------------------------------------------------------------


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


def test_a_knock_finds_a_wrong_token_and_posts_nothing(slack: SlackStandIn) -> None:
    assert SlackChannel(SHARED, slack.token, slack.url).knock() is None
    assert "does not know this token" in (SlackChannel(SHARED, "xoxb-wrong", slack.url).knock() or "")
    assert slack.posts() == 0


def test_no_two_buttons_say_the_same_aloud() -> None:
    long = (
        "Local Child Safeguarding Practice Review into the help that was given to the family of three sisters"
    )
    reviews = [replace(BABY_ROWAN, title=f"{long}, {name}") for name in ("Ada", "Bea", "Cleo")]
    labels = [
        one["accessibility_label"]
        for post in SHARED.slack(digest(*(entry(review, n) for n, review in enumerate(reviews))))
        for block in post.blocks
        for one in block.get("elements", ())
        if one["type"] == "button"
    ]
    assert len(labels) == len(set(labels)) == 3
    assert labels[1].startswith("Read the overview report (PDF): 2. ")
    alike = tuple(
        Link(label=f"Report of the partnership on what was {end}", url=f"https://a.example/{end}.pdf")
        for end in ("learned", "done")
    )
    [post] = SHARED.slack(digest(entry(replace(reviews[0], links=alike)), schedule="immediately"))
    aloud = [one["accessibility_label"] for one in post.blocks[-1]["elements"]]
    assert len(set(aloud)) == 2
    assert all(counted(one) <= 75 for one in aloud)


def test_a_post_calls_a_review_by_its_name_aloud_and_in_sight() -> None:
    title = "Local Child Safeguarding Practice Review: overview report: Child RS"
    [post] = SHARED.slack(digest(entry(replace(BABY_ROWAN, title=title))))
    assert "Local Child Safeguarding Practice Review:" not in post.text + str(post.blocks)
    assert "Read the overview report (PDF): Child RS, Wetherby Vale" in str(post.blocks)
    assert title in str(post.thread)


def test_a_channel_is_told_the_place_that_was_asked_for() -> None:
    placed = Narrowed(by="place", asked=("Wetherby",), found=("Wetherby Vale",))
    died = Narrowed(by="outcome", asked=("death",), found=("death",))
    reasons = (Reason(theme=None, narrowed=placed), Reason(theme=None, narrowed=died))
    of = digest(entry(because=(Because(subscription="vale", name="The Vale", reasons=reasons),)))
    [post] = SHARED.slack(of)
    assert "Why it is here: in Wetherby Vale." in spoken(post.blocks)


def test_a_post_says_once_where_to_look_for_a_review_without_a_link() -> None:
    [post] = SHARED.slack(digest(entry(replace(BABY_ROWAN, links=()))))
    told = "".join(spoken(part.blocks) for part in post.thread)
    place = "Wetherby Vale Safeguarding Children Partnership"
    assert re.search(rf"Look at:\s+{place}\s+\(first seen 18 November 2026\)\. Summaries by NSPCC", told), (
        told
    )
    assert "First seen" not in told
