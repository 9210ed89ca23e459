"""Mail over real SMTP, to a real server on loopback that fails on request."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.email import EmailChannel, MailServer
from bot.deliver.eml import EmlChannel
from bot.deliver.letter import Letters
from bot.demo.mailbox import Mailbox
from bot.errors import DeliveryError
from bot.models import Outcome
from tests.deliver.invented import BABY_ROWAN, delivery, digest, entry, full_week, withdrawn
from tests.deliver.parts import LINK, Watched, letters

LONG_NAME = (
    "Safeguarding, Child Protection and Early Help Partnership Team of the Whole County Borough Council"
)
CERTIFICATE = Path(__file__).parent / "loopback.pem"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@pytest.fixture
def channel(mailbox: Mailbox) -> Iterator[EmailChannel]:
    made = EmailChannel(
        MailServer(host=mailbox.host, port=mailbox.port), letters(), patience=2, patience_after_dot=0.3
    )
    yield made
    made.close()


# --- the letter -----------------------------------------------------------------------------------------


def head(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[0].decode("ascii")


def test_the_letter_has_the_headers_that_mail_programs_look_for() -> None:
    made = head(letters(reply_to="Team <team@example.org>").letter(delivery(full_week(), number=31)).raw)
    for line in (
        "From: Learning <bot@example.org>",
        "To: lead@example.org",
        "Reply-To: Team <team@example.org>",
        "Subject: 3 new reviews on your themes and 2 changes: week of 16 November",
        "Date: Mon, 23 Nov 2026 08:00:00 +0000",
        "Message-ID: <delivery-31.edition31@example.org>",
        "List-Id: <weekly.learning-bot.example.org>",
        f"List-Unsubscribe: <{LINK}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
    ):
        assert line in made.split("\r\n")


def test_a_long_name_with_commas_stays_one_sender() -> None:
    raw = letters(sender=f'"{LONG_NAME}" <bot@example.org>').letter(delivery()).raw
    read = BytesParser(policy=policy.SMTP).parsebytes(raw)["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in read] == [(LONG_NAME, "bot@example.org")]


def test_a_long_unsubscribe_link_stays_as_it_is() -> None:
    long = "https://learning.example.org/unsubscribe/" + "x" * 400
    raw = letters(unsubscribe_url=lambda subscriber: long).letter(delivery()).raw
    assert f"\r\nList-Unsubscribe: <{long}>\r\n".encode() in raw


def test_a_link_that_would_break_the_header_is_refused() -> None:
    with pytest.raises(DeliveryError, match="PUBLIC_URL"):
        letters(unsubscribe_url=lambda subscriber: "https://example.org/a\r\nBcc: x@example.org").letter(
            delivery()
        )


def test_without_a_web_the_way_to_stop_is_to_write() -> None:
    made = head(letters(unsubscribe_url=lambda subscriber: None).letter(delivery()).raw)
    assert "List-Unsubscribe: <mailto:bot@example.org?subject=unsubscribe>" in made
    assert "List-Unsubscribe-Post" not in made


def test_an_international_domain_is_written_in_ascii() -> None:
    made = letters().letter(delivery(address="lead@bücher.example"))
    assert made.recipient == "lead@xn--bcher-kva.example"
    assert "To: lead@xn--bcher-kva.example" in head(made.raw)


@pytest.mark.parametrize(
    "address", ["nobody", "größe@example.org", "a b@example.org", "a@", "a..b@example.org"]
)
def test_what_is_no_address_is_refused_and_not_shown_in_full(address: str) -> None:
    with pytest.raises(DeliveryError, match="no address that mail can be sent to") as raised:
        letters().letter(delivery(address=address))
    assert raised.value.permanent
    assert address not in str(raised.value)


def test_both_parts_are_quoted_printable_with_short_lines() -> None:
    raw = letters().letter(delivery(full_week())).raw
    assert raw.count(b"Content-Transfer-Encoding: quoted-printable") == 2
    assert max(len(line) for line in raw.split(b"\r\n")) <= 200
    assert b"base64" not in raw


def test_each_reader_gets_their_own_link_in_a_shared_edition() -> None:
    made = letters(unsubscribe_url=lambda subscriber: f"https://example.org/u/{subscriber}?a=1&b=2")
    read = BytesParser(policy=policy.SMTP).parsebytes(made.letter(delivery()).raw)
    text, html = (read.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert text.count("https://example.org/u/7?a=1&b=2") == 1
    assert html.count('href="https://example.org/u/7?a=1&amp;b=2"') == 1
    assert "unsubscribe.invalid" not in text + html


@given(some.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_no_text_of_a_source_or_a_setting_adds_a_header(text: str) -> None:
    hostile = f"{text}\r\nBcc: victim@example.org\r\n\r\nbody\u2028{text}"
    review = digest(entry(BABY_ROWAN), subscriptions=(hostile,), schedule=hostile, footer=hostile)
    named = hostile.replace('"', "").replace("\\", "")
    raw = letters_of(named).letter(delivery(review)).raw
    read = BytesParser(policy=policy.SMTP).parsebytes(raw)
    assert read["Bcc"] is None
    assert len(read["From"].addresses) == 1
    assert "victim" not in read["List-Id"].replace("bcc-victim-example-org", "")


def letters_of(name: str) -> Letters:
    """Letters whose sender has this name; a plain one where the name leaves no address to find."""
    try:
        return letters(sender=f'"{name}" <bot@example.org>')
    except DeliveryError:
        return letters()


# --- the conversation -----------------------------------------------------------------------------------


def test_a_mail_arrives_as_it_was_written(mailbox: Mailbox, channel: EmailChannel) -> None:
    progress = Watched()
    outcome = channel.deliver(delivery(full_week()), progress)
    assert outcome.state == "sent"
    [received] = mailbox.received
    assert (received.sender, received.recipients) == ("bot@example.org", ("lead@example.org",))
    assert received.subject == "3 new reviews on your themes and 2 changes: week of 16 November"
    assert "What happened" in received.text
    assert "<h1" in received.html
    assert progress.told == ["handing over"]


def test_it_says_that_it_is_handing_over_before_the_server_can_have_the_mail(
    mailbox: Mailbox, channel: EmailChannel
) -> None:
    had: list[int] = []
    channel.deliver(delivery(), Watched(lambda: had.append(len(mailbox.received))))
    assert had == [0]


def test_nothing_is_sent_where_handing_over_cannot_be_kept(mailbox: Mailbox) -> None:
    def disk_is_full() -> None:
        raise OSError("no space")

    channel = EmailChannel(MailServer(host=mailbox.host, port=mailbox.port), letters(), patience=30)
    with pytest.raises(OSError, match="no space"):
        channel.deliver(delivery(), Watched(disk_is_full))
    assert mailbox.received == []
    begun = monotonic()
    assert channel.deliver(delivery(), Watched()).state == "sent"
    assert monotonic() - begun < 15  # over a new connection: the old one stands in the middle of a message
    channel.close()


def test_a_connection_is_used_again_also_after_a_refusal(mailbox: Mailbox, channel: EmailChannel) -> None:
    mailbox.refuses("gone@example.org")
    for number in range(3):
        assert channel.deliver(delivery(number=number), Watched()).state == "sent"
        assert channel.deliver(delivery(address="gone@example.org"), Watched()).state == "refused"
    assert mailbox.conversations == 1
    assert len({received.message["Message-ID"] for received in mailbox.received}) == 3


def test_threads_do_not_share_a_conversation(mailbox: Mailbox, channel: EmailChannel) -> None:
    ended: list[Outcome] = []
    threads = [
        Thread(target=lambda number=number: ended.append(channel.deliver(delivery(number=number), Watched())))
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.state for one in ended] == ["sent"] * 3
    assert len(mailbox.received) == 3


def test_lines_that_begin_with_a_dot_survive(mailbox: Mailbox, channel: EmailChannel) -> None:
    dotted = entry(withdrawn().review, review_id=1, because=(), seen=())
    channel.deliver(delivery(digest(dotted, footer=". . . and .. dots")), Watched())
    assert ". . . and .. dots" in mailbox.received[0].text


Fault = Callable[[Mailbox], None]


@pytest.mark.parametrize(
    ("fault", "state", "said", "handed_over"),
    [
        (lambda m: m.refuses("lead@example.org"), "refused", "550 5.1.1 No such user", False),
        (lambda m: m.refuses("lead@example.org", 451, "4.7.1 Greylisted"), "deferred", "451 4.7.1", False),
        (lambda m: m.answers_sender_with("550 5.7.1 Not you"), "refused", "refused the sender", False),
        (lambda m: m.answers_sender_with("530 5.7.0 Log in"), "deferred", "wants a log-in", False),
        (lambda m: m.answers_sender_with("421 4.3.2 Closing"), "deferred", "421", False),
        (lambda m: m.drops_at_the_recipient(), "deferred", "before the message was handed over", False),
        (lambda m: m.answers_dot_with("552 5.3.4 Too big"), "refused", "552 5.3.4", True),
        (lambda m: m.answers_dot_with("451 4.3.0 Later"), "deferred", "451 4.3.0", True),
        (lambda m: m.answers_dot_with("421 4.3.2 Bye", keeps=True), "uncertain", "may or may not", True),
        (lambda m: m.drops_after_the_dot(), "uncertain", "may or may not", True),
        (lambda m: m.stalls_after_the_dot(0.6), "uncertain", "timed out", True),
    ],
)
def test_each_way_to_end_is_told_apart(
    mailbox: Mailbox, channel: EmailChannel, fault: Fault, state: str, said: str, handed_over: bool
) -> None:
    fault(mailbox)
    progress = Watched()
    outcome = channel.deliver(delivery(), progress)
    assert outcome.state == state
    assert said in outcome.detail
    assert progress.told == (["handing over"] if handed_over else [])
    if state != "uncertain":
        assert mailbox.received == []
    mailbox.works()
    assert channel.deliver(delivery(number=2), Watched()).state == "sent"


def test_the_readers_address_is_masked_in_what_is_kept(mailbox: Mailbox, channel: EmailChannel) -> None:
    mailbox.refuses("lead@example.org", 550, "<Lead@example.org> unknown")
    detail = channel.deliver(delivery(), Watched()).detail
    assert "lead@" not in detail.lower()
    assert "l…@example.org" in detail


def test_a_server_that_went_away_in_between_is_called_again(mailbox: Mailbox, channel: EmailChannel) -> None:
    assert channel.deliver(delivery(), Watched()).state == "sent"
    mailbox.hangs_up()
    assert channel.deliver(delivery(number=2), Watched()).state == "sent"
    assert mailbox.conversations == 2


# --- the set-up -----------------------------------------------------------------------------------------


def ended(server: MailServer, tls: ssl.SSLContext | None = None) -> Outcome:
    channel = EmailChannel(server, letters(), tls=tls, patience=2)
    progress = Watched()
    outcome = channel.deliver(delivery(), progress)
    channel.close()
    assert outcome.state == "sent" or progress.told == []
    return outcome


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with Mailbox() as gone:
        port = gone.port
    outcome = ended(MailServer(host="127.0.0.1", port=port))
    assert outcome.state == "deferred"
    assert "did not answer" in outcome.detail
    outcome = ended(MailServer(host="no-such-server.invalid", port=25))
    assert (outcome.state, outcome.detail) == (
        "deferred",
        "No mail server is called no-such-server.invalid: check SMTP_URL.",
    )


def test_a_server_without_the_starttls_that_is_insisted_on(mailbox: Mailbox) -> None:
    outcome = ended(MailServer(host="127.0.0.1", port=mailbox.port, security="starttls"))
    assert outcome.state == "deferred"
    assert "does not offer STARTTLS" in outcome.detail
    assert ended(MailServer(host="127.0.0.1", port=mailbox.port)).state == "sent"


@pytest.mark.parametrize("security", ["starttls", "starttls-if-offered", "tls"])
def test_certificates_and_log_ins_are_verified(security: str) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(CERTIFICATE)
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    with Mailbox(tls=own, implicit=security == "tls", user="bot", password="right") as safe:

        def server(password: str) -> MailServer:
            return MailServer(
                host="localhost",
                port=safe.port,
                security=security,  # type: ignore[arg-type]  # one of them
                user="bot",
                password=password,
            )

        assert ended(server("right"), trusting).state == "sent"
        stranger = ended(server("right"))
        assert stranger.state == "deferred"
        assert "No safe connection" in stranger.detail
        assert "certificate" in stranger.detail
        wrong = ended(server("wrong"), trusting)
        assert wrong.state == "deferred"
        assert "does not accept the user name and password of SMTP_URL" in wrong.detail
        assert "wrong" not in wrong.detail
        assert len(safe.received) == 1


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(MailServer(host="h", port=1, user="u", password="secret"))


# --- no server ------------------------------------------------------------------------------------------


def test_without_a_mail_server_the_letter_is_a_file(tmp_path: Path) -> None:
    progress = Watched()
    outcome = EmlChannel(tmp_path / "outbox", letters()).deliver(delivery(), progress)
    file = tmp_path / "outbox/delivery-000012.eml"
    assert outcome.state == "sent"
    assert str(file) in outcome.detail
    assert re.search(rb"\r\nSubject: 1 new review", file.read_bytes())
    assert progress.told == ["handing over"]


def test_a_folder_that_cannot_be_written_is_deferred(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file is in the way")
    outcome = EmlChannel(tmp_path / "outbox", letters()).deliver(delivery(), Watched())
    assert outcome.state == "deferred"
    assert "could not be written" in outcome.detail
