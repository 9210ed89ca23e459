"""Unsubscribing: one click is enough, nothing less than a click, and a click can be taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from bot.models import Criteria, Schedule, Subscriber, Subscription
from bot.store import open_store
from bot.web.tokens import mark_of, token
from bot.web.unsubscribe import LARGEST_FORM
from tests.web.visitor import KEYS, NOW, FakeStore, Visitor

ONE = f"/unsubscribe/{token(7, ['baby-safety'], KEYS)}"
TWO = f"/unsubscribe/{token(9, ['baby-safety', 'neglect'], KEYS)}"  # of three
ALL = f"/unsubscribe/{token(7, None, KEYS)}"
ONE_CLICK = b"List-Unsubscribe=One-Click"
BABIES, NEGLECT, WATER = (mark_of(one) for one in ("baby-safety", "neglect", "water"))
IN_TWO_WEEKS = datetime(2026, 12, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _a_reader(store: FakeStore) -> None:
    store.subscribes(7, baby_safety="Baby safety", neglect="Neglect <weekly>")
    store.subscribes(8, baby_safety="Baby safety")
    store.subscribes(9, baby_safety="Baby safety", neglect="Neglect", water="Water")


def buttons(page: str) -> dict[str, str]:
    """What the buttons of a page say, and what each of them sends."""
    found = re.findall(r'<button[^>]* name="what" value="([^"]*)">(.*?)</button>', page, re.DOTALL)
    assert len(found) == page.count("<button"), "each button sends something"
    return {unescape(label): value for value, label in found}


def press(visitor: Visitor, path: str, page: str, label: str) -> str:
    """Press a button of a page as a browser does; returns the page that comes."""
    answer = visitor.posts(path, b"what=" + buttons(page)[label].encode())
    assert answer.status_code == 200
    return answer.text


# --- looking


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", [ONE, ALL])
@pytest.mark.parametrize("content", [None, ONE_CLICK, b"what=all"])
def test_nothing_but_a_post_changes_anything(
    visitor: Visitor, store: FakeStore, method: str, path: str, content: bytes | None
) -> None:
    answer = visitor.asks(method, path, content=content)
    assert answer.status_code == (200 if method in ("GET", "HEAD") else 405)
    assert store.wishes == []


def test_a_scanner_that_follows_every_button_by_get_changes_nothing(
    visitor: Visitor, store: FakeStore
) -> None:
    for what in buttons(visitor.gets(ONE).text).values():
        assert visitor.gets(ONE, what=what).status_code == 200
        assert visitor.gets(ONE, **{"List-Unsubscribe": "One-Click", "what": what}).status_code == 200
    assert store.wishes == []


def test_a_method_that_is_refused_is_told_which_are_not(visitor: Visitor) -> None:
    assert set(visitor.asks("OPTIONS", ONE).headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_the_page_of_a_link_for_one_has_a_button_for_everything(visitor: Visitor) -> None:
    assert buttons(visitor.gets(ONE).text) == {
        "Stop “Baby safety”": "this",
        "Stop “Neglect <weekly>”": f"stop.{NEGLECT}",
        "Stop all messages": "all",
        "Pause for 2 weeks, until 4 December 2026": "pause.2-weeks",
        "Pause for 4 weeks, until 18 December 2026": "pause.4-weeks",
        "Pause for 3 months, until 19 February 2027": "pause.3-months",
    }


def test_the_page_of_a_link_for_all_names_each_too(visitor: Visitor) -> None:
    page = visitor.gets(ALL).text
    assert "<h1>Your emails</h1>" in page
    assert "You are subscribed to: “Baby safety”, “Neglect &lt;weekly&gt;”." in page
    assert list(buttons(page))[:3] == ["Stop all messages", "Stop “Baby safety”", "Stop “Neglect <weekly>”"]


def test_who_has_one_subscription_is_not_asked_about_it_twice(visitor: Visitor) -> None:
    page = visitor.gets(f"/unsubscribe/{token(8, None, KEYS)}").text
    assert [label for label in buttons(page) if label.startswith("Stop")] == ["Stop all messages"]


def test_only_the_main_button_stands_out(visitor: Visitor) -> None:
    for path in (ONE, ALL):
        page = visitor.gets(path).text
        assert page.count("<button name") == 1
        assert page.index("<button name") < page.index('<button class="second"')


def test_names_are_escaped(visitor: Visitor) -> None:
    for page in (visitor.gets(ONE).text, visitor.gets(ALL).text, visitor.posts(ONE).text):
        assert "Neglect &lt;weekly&gt;" in page
        assert "<weekly>" not in page


# --- a mail that several subscriptions brought


def test_a_mail_programs_click_stops_just_what_brought_the_mail(visitor: Visitor, store: FakeStore) -> None:
    done = visitor.posts(TWO, ONE_CLICK)
    assert store.wishes == [("stop", 9, "baby-safety", NOW), ("stop", 9, "neglect", NOW)]
    assert store.states(9) == {"baby-safety": "stopped", "neglect": "stopped", "water": "active"}
    assert "<h1>These two are stopped</h1>" in done.text
    assert "no more messages for “Baby safety” and “Neglect”, but" in done.text
    assert "You still get: “Water”." in done.text
    assert visitor.posts(TWO, ONE_CLICK).text == done.text, "and once more is as good"


def test_the_page_of_such_a_mail_names_them_and_has_a_button_for_everything(visitor: Visitor) -> None:
    page = visitor.gets(TWO).text
    assert "<h1>Stop these two?</h1>" in page
    assert "Your mail was for: “Baby safety”, “Neglect”." in page
    assert buttons(page) == {
        "Stop these two": "this",
        "Stop “Baby safety”": f"stop.{BABIES}",
        "Stop “Neglect”": f"stop.{NEGLECT}",
        "Stop “Water”": f"stop.{WATER}",
        "Stop all messages": "all",
        "Pause for 2 weeks, until 4 December 2026": "pause.2-weeks",
        "Pause for 4 weeks, until 18 December 2026": "pause.4-weeks",
        "Pause for 3 months, until 19 February 2027": "pause.3-months",
    }


def test_taking_back_starts_just_those_again(visitor: Visitor, store: FakeStore) -> None:
    visitor.posts(TWO, f"what=stop.{WATER}".encode())
    page = press(visitor, TWO, visitor.posts(TWO, ONE_CLICK).text, "Undo: start them again")
    assert store.states(9) == {"baby-safety": "active", "neglect": "active", "water": "stopped"}
    assert "Your messages start again" in page


def test_taking_back_leaves_stopped_what_was_stopped_before(visitor: Visitor, store: FakeStore) -> None:
    visitor.posts(TWO, f"what=stop.{NEGLECT}".encode())
    assert "<h1>Stop “Baby safety”?</h1>" in visitor.gets(TWO).text
    press(visitor, TWO, visitor.posts(TWO, b"what=this").text, "Undo: start “Baby safety” again")
    assert store.states(9) == {"baby-safety": "active", "neglect": "stopped", "water": "active"}


def test_who_stopped_them_finds_them_on_the_page_and_can_start_them(
    visitor: Visitor, store: FakeStore
) -> None:
    visitor.posts(TWO, ONE_CLICK)
    page = visitor.gets(TWO).text
    assert "<h1>These two are stopped</h1>" in page
    assert list(buttons(page))[:4] == [
        "Start these two again",
        "Stop “Water”",
        "Start “Baby safety” again",
        "Start “Neglect” again",
    ]
    press(visitor, TWO, page, "Start these two again")
    assert set(store.states(9).values()) == {"active"}


def test_of_several_those_that_ended_are_left_out(visitor: Visitor, store: FakeStore) -> None:
    store.ends(9, "neglect")
    assert "<h1>Stop “Baby safety”?</h1>" in visitor.gets(TWO).text
    assert "<h1>“Baby safety” is stopped</h1>" in visitor.posts(TWO, ONE_CLICK).text
    store.ends(9, "baby-safety")
    store.subscribes(9, baby_safety="Baby safety", neglect="Neglect", water="Water")
    for one in ("baby-safety", "neglect"):
        store.ends(9, one)
    assert "<h1>These two have ended</h1>" in visitor.gets(TWO).text
    done = visitor.posts(TWO, ONE_CLICK).text
    assert "<h1>These two have ended</h1>" in done
    assert "They had ended already" in done
    assert buttons(done) == {}


def test_several_that_are_known_no_more_can_still_be_clicked(visitor: Visitor, store: FakeStore) -> None:
    path = f"/unsubscribe/{token(7, ['long-gone', 'older'], KEYS)}"
    assert "<h1>These subscriptions have ended</h1>" in visitor.gets(path).text
    assert "<h1>These subscriptions have ended</h1>" in visitor.posts(path, ONE_CLICK).text
    assert store.wishes == []


# --- a mail program's click

IN_PARTS = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.mark.parametrize("path", [ONE, ALL])
@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (b"list-unsubscribe=one-click\r\n", "application/x-www-form-urlencoded; charset=UTF-8"),
        (ONE_CLICK, "text/plain"),
        (b"", "application/x-www-form-urlencoded"),
        (b"\r\n", ""),
        (IN_PARTS, "multipart/form-data; boundary=b"),
        (IN_PARTS, "multipart/form-data; boundary=another"),
        (b"--b--\r\n" + b"List-Unsubscribe=One-Click\xff", "multipart/form-data"),
    ],
)
def test_a_mail_programs_click_acts_at_once(
    visitor: Visitor, store: FakeStore, path: str, content: bytes, content_type: str
) -> None:
    answer = visitor.asks("POST", path, content=content, content_type=content_type)
    assert answer.status_code == 200, "and no redirect, which RFC 8058 forbids"
    assert store.wishes == [("stop", 7, "baby-safety" if path == ONE else None, NOW)]


@pytest.mark.parametrize(
    "content",
    [
        b"what=everything",
        b"what=",
        b"what=stop",
        b"what=stop.a.b",
        b"what=pause.forever",
        b"what=pause",
        b"what=resume.now",
        b"what=all&what=pause.2-weeks",
        b"what=\xff",
        b"List-Unsubscribe=Maybe",
        b"some=thing",
        b"\xff\x00 no form at all",
        b"&" * 500 + b"what=all",
        ONE_CLICK + b"&x=" + b"x" * LARGEST_FORM,
        b"what=all&x=" + b"x" * LARGEST_FORM,
    ],
)
def test_what_cannot_be_made_out_changes_nothing_and_shows_the_page(
    visitor: Visitor, store: FakeStore, content: bytes
) -> None:
    answer = visitor.posts(ONE, content)
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text
    assert "Stop “Baby safety”" in buttons(answer.text)
    assert store.wishes == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.sampled_from([b"", b"what=", b"what=again.", b"what=stop."]))
def test_no_form_breaks_the_page(visitor: Visitor, content: bytes, before: bytes) -> None:
    assert visitor.posts(ONE, before + content).status_code in (200, 400)


def test_a_click_that_broke_off_on_its_way_changes_nothing(visitor: Visitor, store: FakeStore) -> None:
    coming: list[Message] = [
        {"type": "http.request", "body": ONE_CLICK, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        assert message.get("status") in (400, None)

    scope = {"type": "http", "method": "POST", "path": ONE, "query_string": b"", "headers": []}
    anyio.run(visitor.app, scope, receive, send)
    assert coming == []
    assert store.wishes == []


# --- what a click does, and taking it back


def test_stopping_one_says_what_was_done_and_what_still_comes(visitor: Visitor, store: FakeStore) -> None:
    page = press(visitor, ONE, visitor.gets(ONE).text, "Stop “Baby safety”")
    assert store.states(7) == {"baby-safety": "stopped", "neglect": "active"}
    assert "<h1>“Baby safety” is stopped</h1>" in page
    assert "You will get no more messages for “Baby safety”" in page
    assert "You still get: “Neglect &lt;weekly&gt;”." in page


def test_another_subscription_is_stopped_by_its_own_button(visitor: Visitor, store: FakeStore) -> None:
    page = press(visitor, ONE, visitor.gets(ONE).text, "Stop “Neglect <weekly>”")
    assert store.states(7) == {"baby-safety": "active", "neglect": "stopped"}
    assert "You still get: “Baby safety”." in page


@pytest.mark.parametrize("path", [ONE, ALL])
def test_stopping_all_leaves_nothing(visitor: Visitor, store: FakeStore, path: str) -> None:
    page = press(visitor, path, visitor.gets(path).text, "Stop all messages")
    assert store.wishes == [("stop", 7, None, NOW)]
    assert "You will get no more messages from us" in page
    assert "Nothing else is sent to you." in page
    assert store.states(8) == {"baby-safety": "active"}, "and another reader's goes on"


def test_a_mistaken_stop_of_one_is_taken_back_by_one_button(visitor: Visitor, store: FakeStore) -> None:
    done = visitor.posts(ONE, ONE_CLICK).text
    assert list(buttons(done)) == ["Undo: start “Baby safety” again"]
    page = press(visitor, ONE, done, "Undo: start “Baby safety” again")
    assert store.states(7) == {"baby-safety": "active", "neglect": "active"}
    assert "<h1>“Baby safety” starts again</h1>" in page
    assert "You get: “Baby safety”, “Neglect &lt;weekly&gt;”." in page


def test_taking_back_a_stop_of_all_starts_only_what_came_before(visitor: Visitor, store: FakeStore) -> None:
    store.subscribes(7, baby_safety="Baby safety", neglect="Neglect", water="Water")
    visitor.posts(ONE, f"what=stop.{NEGLECT}".encode())
    done = visitor.posts(ONE, b"what=all").text
    page = press(visitor, ONE, done, "Undo: start my messages again")
    assert store.states(7) == {"baby-safety": "active", "neglect": "stopped", "water": "active"}
    assert "Your messages start again" in page


def test_after_a_double_click_all_can_still_be_started(visitor: Visitor, store: FakeStore) -> None:
    visitor.posts(ALL, ONE_CLICK)
    done = visitor.posts(ALL, ONE_CLICK).text
    press(visitor, ALL, done, "Undo: start my messages again")
    assert set(store.states(7).values()) == {"active"}


def test_clicking_twice_is_as_good_as_once(visitor: Visitor) -> None:
    first, second = visitor.posts(ONE, ONE_CLICK), visitor.posts(ONE, ONE_CLICK)
    assert (first.status_code, first.text) == (second.status_code, second.text)


def test_who_stopped_one_finds_it_on_the_page_and_can_start_it(visitor: Visitor, store: FakeStore) -> None:
    visitor.posts(ONE, ONE_CLICK)
    page = visitor.gets(ONE).text
    assert "<h1>“Baby safety” is stopped</h1>" in page
    assert "Stop “Baby safety”" not in buttons(page)
    press(visitor, ONE, page, "Start “Baby safety” again")
    assert store.states(7)["baby-safety"] == "active"


def test_who_stopped_all_can_start_all_or_one(visitor: Visitor, store: FakeStore) -> None:
    visitor.posts(ALL, ONE_CLICK)
    page = visitor.gets(ALL).text
    assert "<h1>All your messages are stopped</h1>" in page
    assert list(buttons(page)) == [
        "Start all messages again",
        "Start “Baby safety” again",
        "Start “Neglect <weekly>” again",
    ]
    press(visitor, ALL, page, "Start “Neglect <weekly>” again")
    assert store.states(7) == {"baby-safety": "stopped", "neglect": "active"}


def test_who_stopped_all_can_start_all_from_the_link_of_one_too(visitor: Visitor, store: FakeStore) -> None:
    visitor.posts(ONE, b"what=all")
    press(visitor, ONE, visitor.gets(ONE).text, "Start all messages again")
    assert set(store.states(7).values()) == {"active"}


def test_a_button_of_a_tab_that_is_left_open_does_no_harm(visitor: Visitor, store: FakeStore) -> None:
    old = visitor.gets(ONE).text
    visitor.posts(ONE, b"what=all")
    page = press(visitor, ONE, old, "Stop “Neglect <weekly>”")
    assert "Nothing else is sent to you." in page
    store.erases(7)
    assert "<h1>Nothing is sent to you</h1>" in press(visitor, ONE, old, "Stop all messages")


# --- pausing


def test_a_pause_says_until_when_and_that_nothing_is_lost(visitor: Visitor, store: FakeStore) -> None:
    page = press(visitor, ONE, visitor.gets(ONE).text, "Pause for 2 weeks, until 4 December 2026")
    assert store.wishes == [("pause", 7, IN_TWO_WEEKS, NOW)]
    assert "<h1>Paused until 4 December 2026</h1>" in page
    assert "comes with the first digest after the pause" in page
    assert "Nothing is sent before 4 December 2026." in page


def test_a_pause_can_be_taken_back_at_once_and_ended_later(visitor: Visitor, store: FakeStore) -> None:
    done = visitor.posts(ONE, b"what=pause.4-weeks").text
    later = visitor.gets(ALL).text
    assert "nothing is sent before 18 December 2026" in later
    assert not any(label.startswith("Pause") for label in buttons(later))
    assert next(iter(buttons(later))) == "End the pause and start again now"
    for page, label in ((done, "Undo: end the pause now"), (later, "End the pause and start again now")):
        visitor.posts(ONE, b"what=pause.4-weeks")
        ended = press(visitor, ONE, page, label)
        assert store.wishes[-1] == ("pause", 7, None, NOW)
        assert "<h1>There is no pause now</h1>" in ended
        assert "You get: “Baby safety”, “Neglect &lt;weekly&gt;”.</p>" in ended


def test_what_still_comes_comes_after_the_pause(visitor: Visitor) -> None:
    visitor.posts(ONE, b"what=pause.2-weeks")
    page = visitor.posts(ONE, ONE_CLICK).text
    assert "You still get: “Neglect &lt;weekly&gt;”. Nothing is sent before 4 December 2026." in page


def test_a_pause_that_is_over_is_none(store: FakeStore) -> None:
    Visitor(store).posts(ONE, b"what=pause.2-weeks")
    assert "You have paused" in Visitor(store, now=IN_TWO_WEEKS - timedelta(seconds=1)).gets(ONE).text
    assert "You have paused" not in Visitor(store, now=IN_TWO_WEEKS).gets(ONE).text


@pytest.mark.parametrize(
    ("now", "until", "said"),
    [
        # Half an hour into the 21st in London, and summer time ends on the 25th.
        ("2026-10-20T23:30+00:00", "2026-11-04T00:00+00:00", "4 November 2026"),
        ("2027-03-19T12:00+00:00", "2027-04-01T23:00+00:00", "2 April 2027"),
        ("2026-12-25T12:00+00:00", "2027-01-08T00:00+00:00", "8 January 2027"),
    ],
)
def test_a_pause_ends_when_the_day_begins_in_london(
    store: FakeStore, now: str, until: str, said: str
) -> None:
    moment = datetime.fromisoformat(now)
    page = Visitor(store, now=moment).posts(ONE, b"what=pause.2-weeks").text
    assert store.wishes == [("pause", 7, datetime.fromisoformat(until), moment)]
    assert f"Paused until {said}" in page


def test_a_kept_ledger_means_the_same_by_all_this() -> None:
    """The fake stands for bot/store; here is the real one, along the way that needs the most of it."""
    weekly = Schedule(id="weekly", cron="0 8 * * 1")
    reader = Subscriber(medium="email", address="lead@wetherby.example")
    wanted = [
        Subscription(id=id, name=name, subscribers=(reader,), schedule=weekly, criteria=Criteria())
        for id, name in (("baby-safety", "Baby safety"), ("neglect", "Neglect"), ("water", "Water"))
    ]
    store = open_store("sqlite://")
    store.enrol(wanted, NOW)
    (enrolled,) = store.readers("weekly", NOW)
    visitor, path = Visitor(store), f"/unsubscribe/{token(enrolled.id, ['baby-safety'], KEYS)}"
    press(visitor, path, visitor.gets(path).text, "Stop “Neglect”")
    press(visitor, path, visitor.gets(path).text, "Pause for 2 weeks, until 4 December 2026")
    done = press(visitor, path, visitor.gets(path).text, "Stop all messages")
    store.enrol(wanted, NOW)
    assert "Nothing else is sent to you." in done
    assert "<h1>“Baby safety” is stopped</h1>" in visitor.gets(path).text
    undone = press(visitor, path, done, "Undo: start my messages again")
    store.enrol(wanted, NOW)
    assert "You get: “Baby safety”, “Water”. Nothing is sent before 4 December 2026." in undone
    ended = press(visitor, path, visitor.gets(path).text, "End the pause and start again now")
    assert "You get: “Baby safety”, “Water”.</p>" in ended
    store.erase(reader.address, NOW)
    assert "You are not on our list any more" in visitor.gets(path).text


# --- links of other days


@pytest.mark.parametrize("what", [ONE_CLICK, b"what=again." + BABIES.encode()])
def test_a_subscription_that_was_ended_is_named_and_neither_stopped_nor_started(
    visitor: Visitor, store: FakeStore, what: bytes
) -> None:
    store.ends(7, "baby-safety")
    page = visitor.gets(ONE).text
    assert "<h1>“Baby safety” has ended</h1>" in page
    assert "Stop “Neglect <weekly>”" in buttons(page)
    done = visitor.posts(ONE, what)
    assert done.status_code == 200
    assert "has ended" in done.text
    assert buttons(done.text) == {}
    assert store.states(7)["baby-safety"] == "ended"


def test_a_stop_is_kept_of_a_subscription_that_may_come_back(visitor: Visitor, store: FakeStore) -> None:
    store.ends(7, "baby-safety")
    visitor.posts(ONE, ONE_CLICK)
    assert store.wishes == [("stop", 7, "baby-safety", NOW)]


def test_a_subscription_that_is_known_no_more_can_still_be_clicked(
    visitor: Visitor, store: FakeStore
) -> None:
    path = f"/unsubscribe/{token(7, ['long-gone'], KEYS)}"
    assert "<h1>This subscription has ended</h1>" in visitor.gets(path).text
    answer = visitor.posts(path, ONE_CLICK)
    assert answer.status_code == 200
    assert "had ended already" in answer.text
    assert store.wishes == []


def test_whose_subscriptions_have_all_ended_is_told_so(visitor: Visitor, store: FakeStore) -> None:
    store.ends(8, "baby-safety")
    page = visitor.gets(f"/unsubscribe/{token(8, None, KEYS)}").text
    assert "<h1>Nothing is sent to you</h1>" in page
    assert "have ended all your subscriptions" in page
    assert "until you press a button" not in page
    assert buttons(page) == {}


@pytest.mark.parametrize("path", [ONE, ALL])
def test_an_erased_reader_is_told_that_nothing_is_held(visitor: Visitor, store: FakeStore, path: str) -> None:
    store.erases(7)
    for answer in (visitor.gets(path), visitor.posts(path, ONE_CLICK), visitor.posts(path, b"what=nonsense")):
        assert answer.status_code == 200
        assert "You are not on our list any more" in answer.text
    assert store.wishes == []


def test_a_reader_whose_mail_came_back_is_told_and_can_still_stop(store: FakeStore) -> None:
    store.bounces(7, datetime(2026, 11, 3, 8, tzinfo=UTC))
    visitor = Visitor(store, contact="reviews@wetherby.example")
    came_back = "Nothing has been sent to you since 3 November 2026, because mail to your address came back."
    page = visitor.gets(ONE).text
    assert came_back in page
    assert "write to reviews@wetherby.example, and it goes on" in page
    done = press(visitor, ONE, page, "Stop “Baby safety”")
    assert "You still get" not in done, "which would not be true"
    assert "You are subscribed to: “Neglect &lt;weekly&gt;”." in done
    assert came_back in done


@pytest.mark.parametrize("forged", ["7.x", "x", ONE[13:-3] + "abc", "%E2%82%AC", "7." + "a" * 300, "%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_gets_a_kind_sentence_and_nothing_else(
    visitor: Visitor, store: FakeStore, method: str, forged: str
) -> None:
    answer = visitor.asks(method, f"/unsubscribe/{forged}", content=ONE_CLICK)
    assert answer.status_code == 404
    assert "This link does not work" in answer.text
    assert "Baby safety" not in answer.text
    assert store.wishes == []


def test_a_link_signed_with_the_key_before_still_works(visitor: Visitor, store: FakeStore) -> None:
    assert visitor.posts(f"/unsubscribe/{token(7, None, KEYS[1:])}", ONE_CLICK).status_code == 200
    assert visitor.posts(f"/unsubscribe/{token(7, None, ('a third key',))}", ONE_CLICK).status_code == 404
    assert store.wishes == [("stop", 7, None, NOW)]


# --- around it


def test_a_click_while_the_database_is_down_asks_to_try_again(
    visitor: Visitor, store: FakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.breaks()
    answer = visitor.posts(ONE, ONE_CLICK)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Trying again in a few minutes does no harm." in answer.text
    assert "secret-path" not in answer.text
    assert "secret-path" in caplog.text
    assert ONE not in caplog.text, "a link is a permission, and no business of the log's"


def every_page(visitor: Visitor, store: FakeStore) -> list[str]:
    """Each page that a link can lead to, as it looks before and after."""
    pages = [visitor.gets(ONE).text, visitor.gets(ALL).text, visitor.posts(ONE, b"what=nonsense").text]
    for what in (b"look", b"pause.2-weeks", b"this", b"again." + BABIES.encode()):
        pages += [visitor.posts(TWO, b"what=" + what).text, visitor.gets(TWO).text]
    for what in (b"pause.2-weeks", b"this", b"again", b"resume", b"all", b"again." + BABIES.encode()):
        pages.append(visitor.posts(ONE, b"what=" + what).text)
        pages += [visitor.gets(ONE).text, visitor.gets(ALL).text]
    store.ends(7, "baby-safety")
    pages += [visitor.gets(ONE).text, visitor.gets("/unsubscribe/x").text]
    store.ends(9, "baby-safety")
    pages += [visitor.gets(TWO).text]
    store.erases(7)
    return [*pages, visitor.gets(ONE).text]


def test_no_cookie_script_or_address_of_a_reader_is_on_any_page(visitor: Visitor, store: FakeStore) -> None:
    assert all("set-cookie" not in answer.headers for answer in (visitor.gets(ONE), visitor.posts(ONE)))
    for page in every_page(visitor, store):
        assert "<script" not in page
        assert "lead@wetherby.example" not in page


def test_every_page_can_be_found_ones_way_in_by_a_screen_reader(visitor: Visitor, store: FakeStore) -> None:
    for page in every_page(visitor, store):
        assert '<html lang="en-GB">' in page
        (heading,) = re.findall("<h1>(.+?)</h1>", page)
        assert f"<title>{heading} – Learning from reviews</title>" in page
        levels = [int(level) for level in re.findall("<h([1-6])[ >]", page)]
        assert levels[0] == 1
        assert set(levels[1:]) <= {2}
        assert page.count("<main") == page.count("<footer>") == 1
        labels = re.findall("<button[^>]*>(.*?)</button>", page)
        assert len(set(labels)) == len(labels), "no two buttons say the same"
        assert all(len(label.split()) > 1 for label in labels)
        assert page.count('<form method="post">') == page.count("<form"), "never by GET"
        assert ("until you press a button" in page) <= bool(labels)
        assert not re.search(r"<(input|img|iframe|select)\b", page)


def test_every_page_says_whom_to_write_to_where_that_is_known(store: FakeStore) -> None:
    visitor = Visitor(store, contact="o'hara+reviews@wetherby.example")
    for page in every_page(visitor, store):
        assert (
            'Write to <a href="mailto:o%27hara%2Breviews@wetherby.example">'
            "o&#39;hara+reviews@wetherby.example</a>" in page
        )


def test_no_page_names_a_contact_that_is_not_known(visitor: Visitor, store: FakeStore) -> None:
    for page in every_page(visitor, store):
        assert "mailto:" not in page
        assert "None" not in page


def lightness(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    full = colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
    parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("front", "behind"),
    [
        ("ink", "paper"),
        ("ink", "soft"),
        ("link", "paper"),
        ("line", "paper"),
        ("paper", "act"),
        ("act", "paper"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(front: str, behind: str, scheme: str) -> None:
    styles = Visitor(FakeStore()).gets("/nowhere").text
    palettes = [dict(re.findall(r"--(\w+): (#\w+)", rule)) for rule in re.findall(r":root \{(.*?)\}", styles)]
    colours = palettes[["light", "dark"].index(scheme)]
    dark, light = sorted((lightness(colours[front]), lightness(colours[behind])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
