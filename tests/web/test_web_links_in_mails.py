"""The link that a whole bot puts into a mail, clicked by a mail program."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models import Subscribed, Subscriber, SubscriberStanding
from bot.web.choices import choices_of
from bot.web.tokens import read_token, token
from bot.wiring import Bot
from tests.web.test_web_unsubscribe import ONE_CLICK
from tests.web.visitor import KEYS, NOW, FakeStore, Visitor

SITE = "https://learning.example.org"
NOTHING = {"sources.yaml": "sources: []\n", "subscriptions.yaml": "subscriptions: []\n"}


@pytest.mark.parametrize(
    ("brought_by", "stopped"),
    [
        (("baby-safety",), ["baby-safety"]),
        (("neglect", "water"), ["neglect", "water"]),
        ((), [None]),
    ],
)
def test_one_click_stops_what_brought_the_mail_and_nothing_else(
    tmp_path: Path, store: FakeStore, visitor: Visitor, brought_by: tuple[str, ...], stopped: list[str | None]
) -> None:
    store.subscribes(7, baby_safety="Baby safety", neglect="Neglect", water="Water")
    for name, text in NOTHING.items():
        (tmp_path / name).write_text(text)
    environ = {"PUBLIC_URL": SITE, "SECRET_KEY": KEYS[0]}
    with Bot(tmp_path, environ, database_url="sqlite://") as bot:
        url = bot.addresses.unsubscribe_url(7, brought_by)
    assert url
    assert visitor.posts(url.removeprefix(SITE), ONE_CLICK).status_code == 200
    assert store.wishes == [("stop", 7, one, NOW) for one in stopped]


def test_a_link_from_before_a_subscription_was_renamed_still_finds_it() -> None:
    renamed = Subscribed(id="infants", name="Infants", state="active", former=("babies",))
    reader = Subscriber(medium="email", address="lead@example.org")
    standing = SubscriberStanding(id=7, subscriber=reader, subscriptions=(renamed,))
    wish = read_token(token(7, ["babies"], KEYS), KEYS)
    assert wish
    (own,) = choices_of(standing, wish, NOW).own
    assert own.mark in wish.marks
