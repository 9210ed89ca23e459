"""Mail to a real Postfix: what it takes, what it refuses and how that is told apart, and what arrives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from bot.deliver.mail.connection import MailServer
from bot.deliver.mail.smtp import EmailChannel
from bot.models import Outcome
from tests.deliver.invented import delivery, full_week
from tests.deliver.parts import Watched, letters
from tests.faults.postfix import PostfixServer


@pytest.fixture(scope="module")
def server() -> Iterator[PostfixServer]:
    with PostfixServer() as running:
        yield running


@pytest.fixture
def channel(server: PostfixServer) -> Iterator[EmailChannel]:
    made = EmailChannel(MailServer(host=server.host, port=server.port), letters(), patience=5)
    yield made
    made.close()


def deliver(channel: EmailChannel, address: str) -> Outcome:
    return channel.deliver(delivery(address=address), Watched())


def test_a_digest_arrives_as_it_was_written(server: PostfixServer, channel: EmailChannel) -> None:
    before = len(server.received())
    one = delivery(full_week(), address="amina@example.com")
    assert channel.deliver(one, Watched()).state == "sent"
    mail = server.wait_for(before + 1)[-1]
    assert mail.recipients == ("amina@example.com",)
    assert mail.sender.endswith("@example.org")
    sent = letters().letter(one).raw
    headers, _, body = mail.raw.partition(b"\r\n\r\n")
    assert body == sent.partition(b"\r\n\r\n")[2]  # not one byte of it re-encoded on the way
    assert f"Message-ID: {letters().letter(one).message_id}".encode() in headers
    assert "What happened" in mail.text
    assert "<h1" in mail.html
    assert server.queue() == []


def test_what_it_refuses_is_told_apart(channel: EmailChannel) -> None:
    gone = deliver(channel, "bad@example.org")
    assert (gone.state, gone.bounced) == ("refused", True)
    for address in ("grey@example.org", "full@example.org"):
        later = deliver(channel, address)
        assert (later.state, later.bounced) == ("deferred", False)


def test_that_it_relays_nothing_is_not_held_against_the_reader(channel: EmailChannel) -> None:
    elsewhere = deliver(channel, "amina@elsewhere.test")
    assert (elsewhere.state, elsewhere.bounced) == ("deferred", False)
    assert "5.7.1" in elsewhere.detail


def test_a_mail_that_was_taken_can_still_come_back(server: PostfixServer, channel: EmailChannel) -> None:
    before = len(server.received())
    letter = delivery(number=41, address="late@example.com")
    assert channel.deliver(letter, Watched()).state == "sent"
    bounce = server.wait_for(before + 1)[-1]
    assert bounce.sender == ""
    assert bounce.message.get_content_type() == "multipart/report"
    assert b"\r\nOriginal-Envelope-Id: delivery-41." in bounce.raw


def test_many_letters_of_one_reader_after_another(server: PostfixServer, channel: EmailChannel) -> None:
    before = len(server.received())
    for number in range(5):
        assert channel.deliver(delivery(number=100 + number), Watched()).state == "sent"
    mails = server.wait_for(before + 5)[before:]
    assert [str(mail.message["Message-ID"]).partition(".")[0] for mail in mails] == [
        f"<delivery-{number}" for number in range(100, 105)
    ]


def test_it_leaves_nothing_behind_where_a_test_fails() -> None:
    used = PostfixServer()
    with suppress(ZeroDivisionError), used:
        place = (used.host, used.port)
        assert used.folder.exists()
        socket.create_connection(place, 2).close()
        raise ZeroDivisionError
    assert not used.folder.exists()
    left = [
        one
        for one in psutil.process_iter(["cmdline"])
        if str(used.folder) in " ".join(one.info["cmdline"] or [])
    ]
    _, alive = psutil.wait_procs(left, timeout=10)
    assert alive == []
