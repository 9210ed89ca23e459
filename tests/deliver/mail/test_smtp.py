"""Mail over real SMTP, to a real server on loopback that fails on request."""

from __future__ import annotations

import base64
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from bot.deliver.mail.connection import MailServer
from bot.deliver.mail.eml import EmlChannel
from bot.deliver.mail.letter import Letter, Letters
from bot.deliver.mail.smtp import EmailChannel
from bot.demo.mailbox import Mailbox
from bot.errors import OvertakenError
from bot.models import Delivery, Outcome
from tests.deliver.invented import delivery, full_week
from tests.deliver.parts import SHARED, StoppedClock, Watched, letters

CERTIFICATE = Path(__file__).parents[1] / "loopback.pem"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@contextmanager
def mailing(mailbox: Mailbox, **patience: float) -> Iterator[EmailChannel]:
    waits = {"patience": 2, "patience_after_dot": 0.3} | patience
    channel = EmailChannel(MailServer(host=mailbox.host, port=mailbox.port), letters(), **waits)
    try:
        yield channel
    finally:
        channel.close()


class LongerLetters(Letters):
    """Letters with more at their end."""

    def __init__(self, more: bytes) -> None:
        super().__init__(SHARED, "bot@example.org", StoppedClock())
        self._more = more

    def letter(self, delivery: Delivery) -> Letter:
        made = super().letter(delivery)
        return replace(made, raw=made.raw + self._more)


# Longer than all buffers on the way, so that sending it takes somebody who reads.
VERY_LONG = LongerLetters(b"Where to turn with a worry about a child.\r\n" * 200_000)


@pytest.fixture
def channel(mailbox: Mailbox) -> Iterator[EmailChannel]:
    with mailing(mailbox) as made:
        yield made


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


@pytest.mark.parametrize("error", [OSError("no space"), OvertakenError("another worker has it")])
def test_nothing_is_sent_where_handing_over_is_stopped(mailbox: Mailbox, error: Exception) -> None:
    def stopped() -> None:
        raise error

    with mailing(mailbox, patience=30) as channel:
        channel.deliver(delivery(number=1), Watched())
        with pytest.raises(type(error), match=str(error)):
            channel.deliver(delivery(number=2), Watched(stopped))
        begun = monotonic()
        assert channel.deliver(delivery(number=3), Watched()).state == "sent"
        assert monotonic() - begun < 15  # over a new one: the old one stands in the middle of a message
    assert [mail.message["Message-ID"][:11] for mail in mailbox.received] == ["<delivery-1", "<delivery-3"]


def test_lines_that_begin_with_a_dot_survive(mailbox: Mailbox) -> None:
    dotted = b".\r\n..\r\n.5 of them\r\n"
    channel = EmailChannel(MailServer(host=mailbox.host, port=mailbox.port), LongerLetters(dotted))
    assert channel.deliver(delivery(), Watched()).state == "sent"
    channel.close()
    assert mailbox.received[0].raw.endswith(b"\r\n" + dotted)


def test_a_bounce_can_be_matched_where_the_server_knows_how(mailbox: Mailbox, channel: EmailChannel) -> None:
    channel.deliver(delivery(number=31), Watched())
    assert mailbox.received[0].marks == ("RET=HDRS", "ENVID=delivery-31.edition31", "NOTIFY=FAILURE")


@pytest.mark.parametrize("offers", [(), ("PIPELINING",), ("DSN",)])
def test_only_what_the_server_offers_is_used(offers: tuple[str, ...]) -> None:
    with Mailbox(offers=offers) as mailbox, mailing(mailbox) as channel:
        assert channel.deliver(delivery(), Watched()).state == "sent"
        assert bool(mailbox.received[0].marks) == ("DSN" in offers)
        assert mailbox.handler.went_ahead == ("PIPELINING" in offers)


def test_a_letter_over_the_servers_limit_is_not_begun() -> None:
    with Mailbox(largest=5000) as mailbox, mailing(mailbox) as channel:
        mailbox.answers("sender", "250 2.1.0 never asked")
        progress = Watched()
        outcome = channel.deliver(delivery(), progress)
        assert (outcome.state, outcome.holds, outcome.bounced) == ("refused", False, False)
        assert re.search(
            r"The letter has [\d,]+ bytes and the mail server .* takes 5,000 at most", outcome.detail
        )
        assert progress.told == []


# --- each way that it can end ---------------------------------------------------------------------------

Fault = Callable[[Mailbox], None]
READER = "lead@example.org"


@pytest.mark.parametrize("offers", [("PIPELINING", "DSN"), ()], ids=["pipelining", "step by step"])
@pytest.mark.parametrize(
    ("fault", "state", "holds", "said", "handed_over"),
    [
        (lambda m: m.drops("connect"), "deferred", True, "did not answer", False),
        (
            lambda m: m.answers("connect", "554 No service"),
            "deferred",
            True,
            "does not take mail now (554",
            False,
        ),
        (
            lambda m: m.answers("connect", "421 4.3.2 Busy"),
            "deferred",
            True,
            "does not take mail now (421",
            False,
        ),
        (lambda m: m.answers("hello", "502 What?"), "deferred", True, "did not return the greeting", False),
        (lambda m: m.drops("hello"), "deferred", True, "before the message was handed over", False),
        (lambda m: m.answers("sender", "550 5.7.1 Not you"), "deferred", True, "lets MAIL_FROM", False),
        (lambda m: m.answers("sender", "451 4.7.0 Too fast"), "deferred", True, "lets MAIL_FROM", False),
        (lambda m: m.answers("sender", "530 5.7.0 Log in"), "deferred", True, "wants a log-in", False),
        (lambda m: m.answers("sender", "552 5.3.4 Too big"), "refused", False, "as too large", False),
        (lambda m: m.answers("sender", "452 4.3.1 Disk full"), "deferred", True, "trouble of its own", False),
        (lambda m: m.answers("sender", "421 4.3.2 Closing"), "deferred", True, "is closing", False),
        (lambda m: m.answers("sender", "This is no SMTP"), "deferred", True, "is no SMTP", False),
        (lambda m: m.drops("sender"), "deferred", True, "before the message was handed over", False),
        (lambda m: m.refuses(READER, 551, "Not here"), "refused", False, "refused the recipient", False),
        (lambda m: m.answers("recipient", "421 4.3.2 Closing"), "deferred", True, "is closing", False),
        (lambda m: m.drops("recipient"), "deferred", True, "before the message was handed over", False),
        (lambda m: m.answers("data", "451 4.3.0 Later"), "deferred", True, "wants no message", False),
        (lambda m: m.answers("data", "554 5.5.0 No"), "deferred", True, "wants no message", False),
        (lambda m: m.answers("data", "421 4.3.2 Closing"), "deferred", True, "is closing", False),
        (lambda m: m.drops("data"), "deferred", True, "before the message was handed over", False),
        (lambda m: m.answers_dot_with("552 5.3.4 Too big"), "refused", False, "as too large", True),
        (
            lambda m: m.answers_dot_with("554 Message size exceeds fixed limit"),
            "refused",
            False,
            "as too large",
            True,
        ),
        (lambda m: m.answers_dot_with("554 5.6.0 Bad"), "refused", False, "refused the message", True),
        (lambda m: m.answers_dot_with("554 Virus found"), "refused", False, "refused the message", True),
        (lambda m: m.answers_dot_with("451 4.3.0 Later"), "deferred", False, "(451 4.3.0 Later)", True),
        (lambda m: m.answers_dot_with("452 4.3.1 Disk full"), "deferred", True, "trouble of its own", True),
        (lambda m: m.answers_dot_with("550 5.7.26 DMARC"), "deferred", True, "the sender's", True),
        (
            lambda m: m.answers_dot_with("421 4.3.2 Bye", keeps=True),
            "uncertain",
            True,
            "may or may not",
            True,
        ),
        (
            lambda m: m.answers_dot_with("354 Go on", keeps=True),
            "uncertain",
            True,
            "may or may not",
            True,
        ),
        (lambda m: m.answers_dot_with("Thanks", keeps=True), "uncertain", True, "is no SMTP", True),
        (lambda m: m.drops_after_the_dot(), "uncertain", True, "may or may not", True),
        (lambda m: m.stalls_after_the_dot(0.6), "uncertain", True, "timed out", True),
    ],
)
def test_each_way_to_end_is_told_apart(
    fault: Fault, state: str, holds: bool, said: str, handed_over: bool, offers: tuple[str, ...]
) -> None:
    with Mailbox(offers=offers) as mailbox, mailing(mailbox) as channel:
        fault(mailbox)
        progress = Watched()
        outcome = channel.deliver(delivery(), progress)
        assert (outcome.state, outcome.holds) == (state, holds)
        assert said in outcome.detail
        assert re.fullmatch(r"[A-Z].*\.", outcome.detail)
        assert progress.told == (["handing over"] if handed_over else [])
        if state != "uncertain":
            assert mailbox.received == []
        mailbox.works()
        assert channel.deliver(delivery(number=2), Watched()).state == "sent"


def test_a_connection_that_ends_in_the_middle_of_a_letter_holds_nothing(mailbox: Mailbox) -> None:
    mailbox.drops("body")
    channel = EmailChannel(MailServer(host=mailbox.host, port=mailbox.port), VERY_LONG, patience=2)
    progress = Watched()
    outcome = channel.deliver(delivery(), progress)
    assert (outcome.state, outcome.holds) == ("deferred", False)
    assert "in the middle of the message" in outcome.detail
    assert progress.told == []


@pytest.mark.parametrize(
    ("fault", "state", "holds", "said"),
    [
        (lambda m: m.drops("body"), "deferred", False, "in the middle of the message"),
        (lambda m: m.answers("body", "421 4.3.2 Closing"), "deferred", True, "is closing"),
        (lambda m: m.answers("body", "552 5.3.4 Too big"), "refused", False, "as too large"),
    ],
)
def test_a_server_that_speaks_before_the_dot_has_not_taken_the_letter(
    mailbox: Mailbox, channel: EmailChannel, fault: Fault, state: str, holds: bool, said: str
) -> None:
    fault(mailbox)
    outcome = channel.deliver(delivery(), Watched(lambda: sleep(0.2)))
    assert (outcome.state, outcome.holds) == (state, holds)
    assert said in outcome.detail
    mailbox.works()
    assert channel.deliver(delivery(number=2), Watched()).state == "sent"
    assert len(mailbox.received) == 1


@pytest.mark.parametrize(
    ("early", "state", "holds", "said"),
    [
        ("554 5.6.0 Bad", "refused", False, "refused the message"),
        ("421 4.3.2 Closing", "deferred", True, "is closing"),
    ],
)
def test_a_server_that_speaks_too_early_together_with_its_354_has_not_taken_the_letter(
    mailbox: Mailbox, channel: EmailChannel, early: str, state: str, holds: bool, said: str
) -> None:
    mailbox.answers("data", f"354 Go on\r\n{early}")
    progress = Watched()
    outcome = channel.deliver(delivery(), progress)
    assert (outcome.state, outcome.holds) == (state, holds)
    assert said in outcome.detail
    mailbox.works()
    assert channel.deliver(delivery(number=2), Watched()).state == "sent"
    assert len(mailbox.received) == 1


@pytest.mark.parametrize("step", ["connect", "hello", "sender", "recipient", "data"])
def test_a_server_that_stalls_is_not_waited_for_beyond_patience(mailbox: Mailbox, step: str) -> None:
    mailbox.stalls(step, 5)  # type: ignore[arg-type]  # one of its steps
    with mailing(mailbox, patience=0.2) as channel:
        begun = monotonic()
        outcome = channel.deliver(delivery(), Watched())
        assert (outcome.state, outcome.holds) == ("deferred", True)
        assert "timed out" in outcome.detail
        assert monotonic() - begun < 2


def test_an_answer_that_drips_is_not_waited_for_beyond_patience(mailbox: Mailbox) -> None:
    mailbox.answers("sender", "250 2.1.0 " + "slowly " * 100, drips=0.05)
    with mailing(mailbox, patience=0.3) as channel:
        begun = monotonic()
        assert "timed out" in channel.deliver(delivery(), Watched()).detail
        assert monotonic() - begun < 2


def test_an_answer_without_end_is_not_kept(mailbox: Mailbox, channel: EmailChannel) -> None:
    mailbox.answers("sender", "\r\n".join(["250-more"] * 20_000))
    outcome = channel.deliver(delivery(), Watched())
    assert (outcome.state, outcome.holds) == ("deferred", True)
    assert "has no end" in outcome.detail


def test_a_body_that_is_read_too_slowly_is_not_waited_for_beyond_patience() -> None:
    enough = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        reader = Thread(target=says_yes_and_reads_slowly, args=(listening, enough))
        reader.start()
        server = MailServer(host="127.0.0.1", port=listening.getsockname()[1])
        channel = EmailChannel(server, VERY_LONG, patience=0.5, patience_after_dot=0.5)
        begun = monotonic()
        outcome = channel.deliver(delivery(), Watched())
        took = monotonic() - begun
        channel.close()
        enough.set()
        reader.join()
    assert (outcome.state, outcome.holds) == ("deferred", False)
    assert "in the middle of the message" in outcome.detail
    assert took < 3


def says_yes_and_reads_slowly(listening: socket.socket, enough: Event) -> None:
    taken, _ = listening.accept()
    with taken:
        for answer in (b"220 hello\r\n", b"250 you\r\n", b"250 sender\r\n", b"250 recipient\r\n"):
            taken.sendall(answer)
            taken.recv(1000)
        taken.sendall(b"354 go on\r\n")
        for _ in range(200):
            if enough.wait(0.05):
                return
            taken.recv(64 * 1024)


# --- what a server has against a recipient --------------------------------------------------------------

NO_SUCH_MAILBOX = (
    "550 5.1.1 <lead@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.1 <lead@example.org>: Recipient address rejected: User unknown in relay recipient table",
    "550-5.1.1 The email account that you tried to reach does not exist\r\n550 5.1.1 gsmtp",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.1.2 Host unknown (Name server: host not found)",
    "501 5.1.3 Bad recipient address syntax",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "550 5.4.1 Recipient address rejected: Access denied. [AM7EUR03FT048.example.com]",
    "550 No such user here",
    "553 sorry, no mailbox here by that name",
    "550 <lead@blocklist.example>: no such user",
    # of Postfix, Exim, Exchange, Microsoft 365, Google, qmail, Sendmail, Mimecast, Proofpoint and others,
    # without a more exact code
    "550 <lead@example.org>: Recipient address rejected: User unknown in local recipient table",
    "550 <lead@example.org>: Recipient address rejected: undeliverable address: host mx said: 550 No such user",
    "550 Unrouteable address",
    "550 No Such User Here",
    "550 User unknown",
    "550 RESOLVER.ADR.RecipNotFound; not found",
    "550 RESOLVER.ADR.RecipientNotFound; Recipient lead@example.org not found by SMTP address lookup",
    "550-The email account that you tried to reach does not exist. Please try\r\n550 double-checking",
    "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)",
    "550 <lead@example.org>... User unknown",
    "550 Invalid Recipient - https://community.example/docs/DOC-1369#550",
    "550 User Unknown: Recipient unknown",
    "554 delivery error: dd This user doesn't have a mail.example account (lead@example.org) [0]",
    "550 <lead@example.org> does not exist",
    "550 user lead@example.org not found",
    "550 Addressee unknown",
    "550 Mailbox not found",
    "550 No such local user",
    "550 lead@example.org is not a valid mailbox",
    "550 This account has been disabled",
    "550 This address no longer accepts mail",
    "550 5.3.0 No such user",
    "550 5.7.1 <lead@example.org>: Recipient address rejected: User unknown",
    "550 5.5.0 Unknown recipient",
    "550 5.1.1 User unknown; our policy: https://example.org/policy says no more",
)
FULL = (
    "552 5.2.2 Mailbox full",
    "552 Requested mail action aborted: exceeded storage allocation",
    "550 5.2.2 The email account that you tried to reach is over quota",
    "550 5.1.1 Mailbox is full",
    "452 4.2.2 The email account that you tried to reach is over quota",
    "452 Insufficient system storage",
    "550 User's mailbox is full",
    "550 Mailbox has exceeded its limit",
)
ABOUT_THE_SENDER = (
    "554 5.7.1 <lead@example.org>: Relay access denied",
    "550 5.7.1 Unable to relay",
    "550 relay not permitted",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.example",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
    "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
    "550 5.7.515 Access denied, sending domain example.org doesn't meet the required authentication level",
    "550 Blocked: see https://example.org/blocked",
    "554 Your IP has a poor reputation",
    "550 5.1.8 <bot@example.org>: Sender address rejected: Domain not found",
    "553 5.1.8 Domain not found",
    "450 4.7.1 Client host rejected: cannot find your reverse hostname",
    "451 4.7.1 Rate limit exceeded, slow down",
    "550 5.7.1 Go away",
    # and without a more exact code, or with a wrong one
    "550-Verification failed for <bot@example.org>\r\n550 Sender verify failed",
    "550 Sender verify failed",
    "550 Administrative prohibition",
    "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
    "550 Rejected: 192.0.2.4 is listed at b.barracudacentral.org",
    '550 Outgoing mail from "bot@example.org" has been suspended.',
    "550 You are not allowed to send mail from this address",
    "550 Policy rejection, contact postmaster",
    "550 Message rejected by policy",
    "550 Domain example.net has exceeded the max emails per hour (50/50 (100%)) allowed. Message discarded.",
    "550 Sender address is not authorised",
    "550 5.1.0 Sender verification failed",
    "550 Your domain is not verified. Please verify your domain before sending",
    "553 sorry, your envelope sender is in my badmailfrom list (#5.7.1)",
    "550 The account has been disabled for sending; contact support",
    "550 Your account has been disabled",
    "550 Your trial account has reached its daily sending limit",
    "554 5.7.1 Recipient address rejected: Daily limit reached",
    "551 we do not accept mail from your country",
    "550 Client host does not exist",
    "550 Sender <bot@example.org> does not exist",
    "550 5.1.1 rejected: content policy",
    "550 5.1.1 sender rejected: user unknown",
    "552 You have exceeded your daily sending quota",
)
NOT_NOW = (
    "451 4.7.1 Greylisted, come back in 5 minutes",
    "450 4.2.0 <lead@example.org>: Recipient address rejected: Greylisted, see http://postgrey.example",
    "450 4.1.2 <lead@example.org>: Recipient address rejected: Domain not found",
    "451 4.1.8 Greylisted: sender rejected for now",
    "450 Busy",
    "450 4.1.1 <lead@example.org>: Recipient address rejected: unverified address: Address verification in "
    "progress",
    "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional "
    "messages from being delivered. Please resend your message at a later time.",
    "550 5.2.1 Mailbox temporarily disabled",
)
FOR_GOOD = (
    "554 5.7.1 <lead@example.org>: Recipient address rejected: Access denied",
    "550 5.7.124 Sender not in allowed-senders list",
    "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
    "550 5.4.6 Routing loop detected",
    "554 No",
    # nothing can be said of these, so nobody's address is at fault
    "550 No",
    "550 Requested action not taken: mailbox unavailable",
    "551 User not local; please try elsewhere",
    "553 Not here",
    "550 Access denied",
    "550 This mailbox has been suspended",
    "550 This mailbox only accepts mail from approved senders",
    "550 You do not have permission to send to this recipient",
    "550 You are not authorised to send to this group",
)


@pytest.fixture(scope="module")
def open_house() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def answered(mailbox: Mailbox, answer: str, before: int = 0) -> Outcome:
    mailbox.works()
    with mailing(mailbox) as channel:
        for number in range(before):
            assert channel.deliver(delivery(number=number), Watched()).state == "sent"
        mailbox.answers("recipient", answer)
        progress = Watched()
        outcome = channel.deliver(delivery(number=99), progress)
        assert progress.told == []
        assert re.fullmatch(r"[A-Z].*\.", outcome.detail)
        assert READER not in outcome.detail
        return outcome


@pytest.mark.parametrize("answer", NO_SUCH_MAILBOX)
def test_no_such_mailbox_is_a_bounce(open_house: Mailbox, answer: str) -> None:
    outcome = answered(open_house, answer)
    assert (outcome.state, outcome.bounced, outcome.holds) == ("refused", True, False)
    assert "correct the address" in outcome.detail


@pytest.mark.parametrize("answer", FULL)
def test_a_full_mailbox_is_no_bounce_and_is_tried_again(open_house: Mailbox, answer: str) -> None:
    outcome = answered(open_house, answer)
    assert (outcome.state, outcome.bounced, outcome.holds) == ("deferred", False, False)
    assert "no room" in outcome.detail


@pytest.mark.parametrize("answer", ABOUT_THE_SENDER)
def test_what_is_against_the_sender_holds_and_costs_no_reader_their_digest(
    open_house: Mailbox, answer: str
) -> None:
    outcome = answered(open_house, answer)
    assert (outcome.state, outcome.bounced, outcome.holds) == ("deferred", False, True)
    assert "mend what it names" in outcome.detail


def test_what_is_against_one_letter_holds_nothing_where_others_were_just_taken(open_house: Mailbox) -> None:
    outcome = answered(open_house, "550 5.7.1 Go away", before=1)
    assert (outcome.state, outcome.bounced, outcome.holds) == ("deferred", False, False)


@pytest.mark.parametrize("answer", NOT_NOW)
def test_not_now_is_tried_again_and_holds_nobody_else(open_house: Mailbox, answer: str) -> None:
    outcome = answered(open_house, answer)
    assert (outcome.state, outcome.bounced, outcome.holds) == ("deferred", False, False)


@pytest.mark.parametrize("answer", FOR_GOOD)
def test_what_is_against_one_reader_is_refused_and_no_bounce(open_house: Mailbox, answer: str) -> None:
    outcome = answered(open_house, answer)
    assert (outcome.state, outcome.bounced, outcome.holds) == ("refused", False, False)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("connect", "421 4.7.0 Too many concurrent SMTP connections"),
        ("sender", "421 4.7.0 mail.example.org Error: too many connections from 192.0.2.1"),
        ("recipient", "452 4.3.2 Connection limit reached"),
        ("dot", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
    ],
)
def test_more_connections_than_a_server_takes_hold_and_say_what_to_lower(
    mailbox: Mailbox, channel: EmailChannel, step: str, answer: str
) -> None:
    mailbox.handler.keeps = False
    mailbox.answers(step, answer)  # type: ignore[arg-type]  # one of its steps
    outcome = channel.deliver(delivery(), Watched())
    assert (outcome.state, outcome.holds) == ("deferred", True)
    assert outcome.detail.endswith("lower MAIL_CONNECTIONS.")


def test_the_readers_address_is_masked_in_what_is_kept(mailbox: Mailbox, channel: EmailChannel) -> None:
    mailbox.refuses(READER, 550, "<Lead@example.org> unknown")
    detail = channel.deliver(delivery(), Watched()).detail
    assert "lead@" not in detail.lower()
    assert "l…@example.org" in detail.lower()


@pytest.mark.parametrize("padding", ["", "x" * 190])
def test_an_address_that_the_reader_has_elsewhere_is_masked_too(
    mailbox: Mailbox, channel: EmailChannel, padding: str
) -> None:
    mailbox.refuses(READER, 550, f"{padding} <rowan.alder@saltmarsh.example> (from lead@example.org) unknown")
    detail = channel.deliver(delivery(), Watched()).detail
    assert "rowan" not in detail
    assert "lead@" not in detail


# --- connections ----------------------------------------------------------------------------------------


def test_a_connection_is_used_again_also_after_a_refusal(mailbox: Mailbox, channel: EmailChannel) -> None:
    mailbox.refuses("gone@example.org")
    for number in range(3):
        assert channel.deliver(delivery(number=number), Watched()).state == "sent"
        assert channel.deliver(delivery(address="gone@example.org"), Watched()).state == "refused"
    assert mailbox.conversations == 1
    assert len({received.message["Message-ID"] for received in mailbox.received}) == 3


def test_a_server_that_wants_the_message_though_it_refused_the_recipient_gets_an_empty_one(
    mailbox: Mailbox, channel: EmailChannel
) -> None:
    mailbox.wants_the_message_anyway()
    mailbox.refuses("gone@example.org")
    progress = Watched()
    outcome = channel.deliver(delivery(address="gone@example.org"), progress)
    assert (outcome.state, progress.told) == ("refused", [])
    assert mailbox.handler.empty == [b".\r\n"]
    assert channel.deliver(delivery(), Watched()).state == "sent"
    assert (len(mailbox.received), mailbox.conversations) == (1, 1)


def test_a_server_that_hangs_up_after_its_refusal_is_believed(
    mailbox: Mailbox, channel: EmailChannel
) -> None:
    mailbox.refuses(READER)
    mailbox.drops("data")
    outcome = channel.deliver(delivery(), Watched())
    assert (outcome.state, outcome.bounced, outcome.holds) == ("refused", True, False)
    mailbox.works()
    assert channel.deliver(delivery(), Watched()).state == "sent"


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


@pytest.mark.parametrize(
    "answer", [None, "421 4.4.2 Idle for too long", "450 4.5.3 Enough for one connection"]
)
def test_a_server_that_went_away_in_between_is_called_again(
    mailbox: Mailbox, channel: EmailChannel, answer: str | None
) -> None:
    assert channel.deliver(delivery(), Watched()).state == "sent"
    if answer:
        mailbox.answers("sender", answer, once=True)
    else:
        mailbox.hangs_up()
    assert channel.deliver(delivery(number=2), Watched()).state == "sent"
    assert mailbox.conversations == 2


def test_a_connection_ends_after_so_many_letters(
    mailbox: Mailbox, channel: EmailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.deliver.mail.smtp.LETTERS_A_CONNECTION", 3)
    for number in range(7):
        assert channel.deliver(delivery(number=number), Watched()).state == "sent"
    assert mailbox.conversations == 3


def test_a_connection_that_was_long_idle_is_not_trusted(
    mailbox: Mailbox, channel: EmailChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert channel.deliver(delivery(), Watched()).state == "sent"
    monkeypatch.setattr("bot.deliver.mail.smtp.IDLE", 0)
    assert channel.deliver(delivery(number=2), Watched()).state == "sent"
    assert mailbox.conversations == 2


def test_after_closing_it_delivers_again(mailbox: Mailbox, channel: EmailChannel) -> None:
    for number in range(2):
        assert channel.deliver(delivery(number=number), Watched()).state == "sent"
        channel.close()
    assert mailbox.conversations == 2


# --- the set-up -----------------------------------------------------------------------------------------


def ended(server: MailServer, tls: ssl.SSLContext | None = None) -> Outcome:
    channel = EmailChannel(server, letters(), tls=tls, patience=2)
    progress = Watched()
    outcome = channel.deliver(delivery(), progress)
    channel.close()
    assert outcome.state == "sent" or progress.told == []
    assert outcome.holds == (outcome.state != "sent")
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


def own_certificate() -> ssl.SSLContext:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(CERTIFICATE)
    return own


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificates_and_log_ins_are_verified(security: str) -> None:
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    with Mailbox(tls=own_certificate(), implicit=security == "tls", user="bot", password="right") as safe:

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


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda m: m.answers("starttls", "220 Go\r\nthis is no TLS at all"), "No safe connection"),
        (lambda m: m.answers("starttls", "454 4.7.0 Not now"), "refuses it (454"),
        (lambda m: m.drops("starttls"), "before the message was handed over"),
    ],
)
def test_tls_that_fails_is_a_sentence(fault: Fault, said: str) -> None:
    with Mailbox(tls=own_certificate()) as broken:
        fault(broken)
        assert said in ended(MailServer(host="localhost", port=broken.port, security="starttls")).detail


def test_tls_where_the_server_speaks_in_clear_is_a_sentence(mailbox: Mailbox) -> None:
    detail = ended(MailServer(host="localhost", port=mailbox.port, security="tls")).detail
    assert "check that port and scheme of SMTP_URL fit" in detail


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda m: m.answers("log-in", "454 4.7.0 Directory is away"), "could not check the log-in now"),
        (lambda m: m.answers("log-in", "421 4.7.0 Too many"), "could not check the log-in now|ended before"),
        (lambda m: m.drops("log-in"), "ended before the message was handed over"),
        (lambda m: None, "does not accept the user name and password"),
    ],
)
def test_a_log_in_that_fails_is_a_sentence(fault: Fault, said: str) -> None:
    with Mailbox(user="bot", password="right") as guarded:
        fault(guarded)
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password="guessed")
        assert re.search(said, ended(server).detail)


ECHOES = (
    '500 5.5.1 Command unrecognized: "{line}"',
    "535 5.7.8 bad credentials: {line}",
    "535 5.7.8 {line}",
    "535 5.7.8 Password bridge-9-lantern is wrong",
    "535 5.7.8 Cut: {cut}",
    "535 5.7.8 Loud: {loud}",
)


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_a_server_that_repeats_a_log_in_brings_no_password_into_a_sentence(way: str, echo: str) -> None:
    password = "bridge-9-lantern"
    whole = base64_of(f"\0bot\0{password}" if way == "PLAIN" else password)
    answer = echo.format(line=f"AUTH {way} {whole}", cut=whole[:9] + " " + whole[9:14], loud=whole.upper())
    with Mailbox(user="bot", password="right", ways=[way]) as guarded:
        guarded.answers("log-in", answer)
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password=password)
        outcome = ended(server)
    assert outcome.state == "deferred"
    shown = outcome.detail.casefold()
    assert answer[:3] in shown
    for piece in (password, whole[:6], whole[9:14], base64_of("bot")):
        assert piece.casefold() not in shown


def test_what_a_server_says_of_a_log_in_stays_readable() -> None:
    said = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
    with Mailbox(user="bot", password="right") as guarded:
        guarded.answers("log-in", said)
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password="guessed")
        assert f"({said.rstrip('.')})" in ended(server).detail


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("535 5.7.8 no k9.x!q2 here", "(535 5.7.8)"),  # the password, whole
        ("535 5.7.8 got dXNlcjpzb21ldGhpbmc= from you", "(535 5.7.8 got … from you)"),  # in a form of its own
    ],
)
def test_what_may_be_a_secret_is_left_out_of_a_sentence(said: str, shown: str) -> None:
    with Mailbox(user="bot", password="right") as guarded:
        guarded.answers("log-in", said)
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password="k9.x!q2")
        assert shown in ended(server).detail


def test_a_log_in_without_end_is_a_sentence_that_repeats_nothing() -> None:
    with Mailbox(user="bot", password="right", ways=["PLAIN"]) as guarded:
        guarded.answers("log-in", "\r\n".join([f"334 {base64_of('bridge-9-lantern')}"] * 20))
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password="bridge-9-lantern")
        detail = ended(server).detail
    assert "did not bring the log-in to an end" in detail
    assert "YnJp" not in detail


def test_a_log_in_that_is_not_offered_is_a_sentence() -> None:
    with Mailbox(tokens=["a"]) as guarded:
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password="right")
        assert "offers no log-in that fits (a password)" in ended(server).detail


def test_a_password_that_cannot_be_sent_is_a_sentence() -> None:
    with Mailbox(user="bot", password="right") as guarded:
        server = MailServer(host="127.0.0.1", port=guarded.port, user="bot", password="größe")
        detail = ended(server).detail
        assert "has letters that the mail server" in detail
        assert "größe" not in detail


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


def test_a_knock_finds_a_wrong_password_and_a_server_that_is_not_there() -> None:
    with Mailbox(user="bot", password="right") as mailbox:
        server = MailServer(host=mailbox.host, port=mailbox.port, user="bot", password="wrong")
        channel = EmailChannel(server, letters(), patience=2)
        assert "does not accept the user name and password" in (channel.knock() or "")
    assert "did not answer" in (channel.knock() or "")
    assert mailbox.received == []
