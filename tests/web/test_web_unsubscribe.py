"""Unsubscribing: one click is enough, and nothing less than a click."""

from __future__ import annotations

import pytest

from bot.web.tokens import token
from tests.web.visitor import KEYS, NOW, FakeStore, Visitor

ONE = f"/unsubscribe/{token(7, 'baby-safety', KEYS)}"
ALL = f"/unsubscribe/{token(7, None, KEYS)}"
ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture(autouse=True)
def _a_reader(store: FakeStore) -> None:
    store.subscribes(7, baby_safety="Baby safety", neglect="Neglect <weekly>")
    store.subscribes(8, baby_safety="Baby safety")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [ONE, ALL])
def test_looking_changes_nothing(visitor: Visitor, store: FakeStore, method: str, path: str) -> None:
    assert visitor.asks(method, path).status_code == 200
    assert store.stopped == []


def test_the_page_has_a_button_for_this_and_one_for_all(visitor: Visitor) -> None:
    page = visitor.gets(ONE).text
    assert 'value="this">Stop “Baby safety”</button>' in page
    assert 'value="all">Stop all messages</button>' in page
    assert page.count('<form method="post">') == 2


def test_a_link_for_all_has_one_button(visitor: Visitor) -> None:
    page = visitor.gets(ALL).text
    assert 'value="this"' not in page
    assert page.count("<button") == 1


def test_names_are_escaped(visitor: Visitor) -> None:
    for page in (visitor.gets(ONE).text, visitor.posts(ONE).text):
        assert "Neglect &lt;weekly&gt;" in page
        assert "<weekly>" not in page


@pytest.mark.parametrize(
    ("path", "content", "stopped"),
    [
        (ONE, ONE_CLICK, "baby-safety"),
        (ONE, b"what=this", "baby-safety"),
        (ONE, b"", "baby-safety"),
        (ONE, b"what=all", None),
        (ALL, ONE_CLICK, None),
        (ALL, b"what=this", None),
        (ONE, b"\xff\x00 no form at all", "baby-safety"),
        (ONE, b"what=all&x=" + b"x" * 50_000, "baby-safety"),
        (ONE, b"&" * 500 + b"what=all", "baby-safety"),
    ],
)
def test_a_post_acts_at_once(
    visitor: Visitor, store: FakeStore, path: str, content: bytes, stopped: str | None
) -> None:
    assert visitor.posts(path, content).status_code == 200
    assert store.stopped == [(7, stopped, NOW)]


def test_a_mail_program_may_send_its_click_in_parts(visitor: Visitor, store: FakeStore) -> None:
    parts = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = visitor.asks("POST", ONE, content=parts, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200
    assert store.stopped == [(7, "baby-safety", NOW)]


def test_the_answer_says_what_was_done_and_what_still_comes(visitor: Visitor) -> None:
    page = visitor.posts(ONE, ONE_CLICK).text
    assert "You will get no more messages for “Baby safety”." in page
    assert "You still get: “Neglect &lt;weekly&gt;”." in page
    page = visitor.posts(ONE, b"what=all").text
    assert "You will get no more messages from learning-bot." in page
    assert "You still get" not in page


def test_clicking_twice_is_as_good_as_once(visitor: Visitor, store: FakeStore) -> None:
    first, second = visitor.posts(ONE, ONE_CLICK), visitor.posts(ONE, ONE_CLICK)
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert "ended already" in visitor.gets(ONE).text


def test_a_subscription_that_is_no_more_can_still_be_clicked(visitor: Visitor, store: FakeStore) -> None:
    path = f"/unsubscribe/{token(7, 'long-gone', KEYS)}"
    assert "has ended already" in visitor.gets(path).text
    answer = visitor.posts(path, ONE_CLICK)
    assert answer.status_code == 200
    assert "had ended already" in answer.text
    assert store.stopped == []


def test_an_erased_reader_finds_nothing_to_stop(visitor: Visitor) -> None:
    path = f"/unsubscribe/{token(99, 'baby-safety', KEYS)}"
    assert "nothing to stop" in visitor.gets(path).text
    assert visitor.posts(path, ONE_CLICK).status_code == 200


@pytest.mark.parametrize("forged", ["7.x", "x", ONE[13:-3] + "abc", "%E2%82%AC", "7." + "a" * 300, "%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_link_gets_a_kind_sentence_and_nothing_else(
    visitor: Visitor, store: FakeStore, method: str, forged: str
) -> None:
    answer = visitor.asks(method, f"/unsubscribe/{forged}", content=ONE_CLICK)
    assert answer.status_code == 404
    assert "This link does not work" in answer.text
    assert store.stopped == []


def test_other_methods_are_refused(visitor: Visitor, store: FakeStore) -> None:
    assert {visitor.asks(method, ONE).status_code for method in ("PUT", "DELETE", "PATCH")} == {405}
    assert store.stopped == []


def test_a_click_while_the_database_is_down_asks_to_try_again(
    visitor: Visitor, store: FakeStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.breaks()
    answer = visitor.posts(ONE, ONE_CLICK)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "secret-path" not in answer.text
    assert "secret-path" in caplog.text
    assert ONE not in caplog.text, "a link is a permission, and no business of the log's"


def test_no_cookie_is_ever_set(visitor: Visitor) -> None:
    assert all("set-cookie" not in answer.headers for answer in (visitor.gets(ONE), visitor.posts(ONE)))
