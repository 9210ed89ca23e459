"""Tokens of unsubscribe links."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.web.tokens import LONGEST_LINK, MOST_MARKS, Wish, link, mark_of, read_token, token

KEYS = ("new", "old")


@pytest.mark.parametrize(
    "subscriptions", [None, [], ["baby-safety-leads"], ["Ünïcode/ & spaces", "", "neglect"], ["a", "b", "a"]]
)
def test_a_token_says_what_was_signed(subscriptions: list[str] | None) -> None:
    marks = tuple(dict.fromkeys(mark_of(one) for one in subscriptions or ()))
    assert read_token(token(12, subscriptions, KEYS), KEYS) == Wish(subscriber_id=12, marks=marks)


@pytest.mark.parametrize(
    ("sent", "marks"),
    [("12.6Oi-Y52DMbfBAzhxoBC7mw", ()), ("12.iFDs7Zhu.u34fTa2NBz2XBHI9XXuTyA", ("iFDs7Zhu",))],
)
def test_a_token_of_an_older_mail_still_works(sent: str, marks: tuple[str, ...]) -> None:
    """As the first version of this bot made them: for all, and for one."""
    assert read_token(sent, KEYS) == Wish(subscriber_id=12, marks=marks)


def test_a_link_names_each_subscription_while_it_fits_into_a_header() -> None:
    ids = [f"subscription-{number}" for number in range(MOST_MARKS + 1)]
    for public_url in ("https://learning.example.org", "https://learning.example.org/" + "x" * 471):
        for count in range(len(ids) + 1):
            url = link(public_url, 2**31, ids[:count], KEYS)
            wish = read_token(url.removeprefix(f"{public_url}/unsubscribe/"), KEYS)
            assert len(url) <= LONGEST_LINK
            assert wish
            assert len(wish.marks) in (0, count)
            if count <= (MOST_MARKS if len(public_url) < 100 else 20):
                assert len(wish.marks) == count
        assert wish.marks == (), "too many are all"


def test_a_token_is_short_plain_and_reveals_no_name() -> None:
    text = token(2**31, ["a-subscription-with-a-name-that-goes-on-for-very-much-longer-than-most"], KEYS)
    assert len(text) <= 60
    assert len(text.rpartition(".")[2]) == 22, "128 bits of signature"
    assert all(character.isalnum() or character in "._-" for character in text)
    assert "subscription" not in text


def test_the_first_key_signs_and_the_others_are_still_accepted() -> None:
    by_old = token(1, None, ("old",))
    assert token(1, None, KEYS) == token(1, None, ("new",)) != by_old
    assert read_token(by_old, KEYS) is not None
    assert read_token(by_old, ("new",)) is None


@settings(max_examples=50)
@given(st.integers(0, 70), st.characters(codec="utf-8"))
def test_a_token_with_one_character_changed_is_no_token(place: int, character: str) -> None:
    good = token(71, ["weekly", "daily"], KEYS)
    place %= len(good)
    changed = good[:place] + character + good[place + 1 :]
    # The last character of a base64 signature has bits that say nothing.
    if changed != good and place != len(good) - 1:
        assert read_token(changed, KEYS) is None


@settings(max_examples=50)
@given(st.text(st.characters(), max_size=120))  # lone surrogates too
@example("7.\udcff")
def test_no_text_but_a_token_is_one(text: str) -> None:
    assert read_token(text, KEYS) is None


def test_one_reader_cannot_make_the_token_of_another() -> None:
    mine = token(1, ["weekly"], KEYS)
    signature = mine.rpartition(".")[2]
    assert read_token(f"2.{mark_of('weekly')}.{signature}", KEYS) is None
    assert read_token(f"1.{signature}", KEYS) is None


def test_delivery_can_make_tokens_without_the_web_being_loaded() -> None:
    code = "import sys, bot.web.tokens; sys.exit('starlette' in sys.modules or 'jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
