"""Bounces, read: each server's form, what counts as one and what does not, and what cannot break the reading."""

from __future__ import annotations

import base64
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.bounces.reading import Bounce, read_bounces
from bot.errors import DeliveryError
from tests.deliver.bounces import mails
from tests.deliver.bounces.mails import HEADERS, OUR_ID, report, wrapped


def the_one(raw: bytes) -> Bounce:
    found = read_bounces(raw)
    assert found is not None
    [bounce] = found
    return bounce


GONE = {
    "Postfix": mails.POSTFIX,
    "Microsoft 365": mails.MICROSOFT,
    "Microsoft 365, nothing returned": mails.MICROSOFT_BY_REFERENCE,
    "Google": mails.GOOGLE,
    "Exim": mails.EXIM,
    "qmail": mails.QMAIL,
    "older Google": mails.OLD_GOOGLE,
    "an old daemon": mails.OLD_DAEMON,
}


@pytest.mark.parametrize("raw", GONE.values(), ids=GONE)
def test_an_address_that_is_gone_is_known_from_every_server(raw: bytes) -> None:
    bounce = the_one(raw)
    assert (bounce.delivery_id, bounce.edition) == (41, "0f3a9c5b7d1e2846")
    assert (bounce.action, bounce.kind, bounce.hard) == ("failed", "gone", True)
    assert "amina" not in repr(bounce)


@pytest.mark.parametrize("raw", GONE.values(), ids=GONE)
def test_it_is_known_also_where_somebody_forwarded_it(raw: bytes) -> None:
    if b"multipart/report" in raw:  # the older forms are known by headers that a forwarding hides
        assert the_one(wrapped(raw)) == the_one(raw)


@pytest.mark.parametrize("raw", GONE.values(), ids=GONE)
def test_line_ends_make_no_difference(raw: bytes) -> None:
    assert the_one(raw.replace(b"\r\n", b"\n")) == the_one(raw)


def test_the_reason_is_one_line_in_the_servers_words_with_addresses_masked() -> None:
    assert the_one(mails.POSTFIX).reason == (
        "550 5.1.1 <a…@wetherby-vale.example>: Recipient address rejected: User unknown in virtual mailbox table"
    )
    assert the_one(mails.GOOGLE).reason == (
        "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the "
        "recipient's email address for typos or unnecessary spaces. For more information, go to "
        "https://support.example/mail/?p=NoSuchUser 5b1f17b1804b1-43 - gsmtp"
    )
    assert the_one(mails.QMAIL).reason == "Sorry, no mailbox here by that name. (#5.1.1)"
    assert the_one(mails.EXIM).reason.endswith("550 5.1.1 No such user here")
    assert the_one(mails.POSTFIX).recipient == "a…@wetherby-vale.example"


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (mails.POSTFIX_FULL, "full", "5.2.2"),
        (mails.POSTFIX_GAVE_UP, "other", "4.4.1"),
        (mails.MICROSOFT_POLICY, "policy", "5.7.606"),
    ],
)
def test_what_will_pass_or_is_our_own_trouble_is_not_the_addresss_fault(
    raw: bytes, kind: str, status: str
) -> None:
    bounce = the_one(raw)
    assert (bounce.delivery_id, bounce.action) == (41, "failed")
    assert (bounce.kind, bounce.status, bounce.hard) == (kind, status, False)


def said(status: str, diagnostic: str) -> Bounce:
    return the_one(
        report(
            f"Final-Recipient: rfc822; amina.khan@wetherby-vale.example\nAction: failed\nStatus: {status}\n"
            f"Diagnostic-Code: smtp; {diagnostic}"
        )
    )


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("5.0.0", "550 5.1.1 unknown"),
        ("5.0.0", "550 No such user here"),
        ("5.0.0", "550 mailbox not found"),
        ("5.0.0", "554 This user doesn't have a mail.example account"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
        ("5.1.3", "501 5.1.3 Bad recipient address syntax"),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled"),
        ("5.1.2", "Host or domain name not found. Name service error: Host not found"),
    ],
)
def test_status_or_words_are_evidence_that_an_address_is_gone(status: str, diagnostic: str) -> None:
    assert said(status, diagnostic).hard


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.0.0", "550 Administrative prohibition", "policy"),
        ("5.0.0", "550 Sender <bot@learning.example.net> does not exist", "policy"),
        ("5.0.0", "550 Your account has been disabled", "policy"),
        ("5.0.0", "550 Client host does not exist", "policy"),
        ("5.0.0", "550-The account or domain may not exist 550 Sender verify failed", "policy"),
        ("5.1.1", "550 5.1.1 rejected: content policy", "policy"),
        (
            "5.2.1",
            "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional "
            "messages from being delivered.",
            "other",
        ),
        ("5.0.0", "550 No", "other"),
        ("4.4.7", "Delivery expired; the last answer was: 550 No such user", "other"),
        ("", "450 No such user", "other"),
        ("5.0.0", "554 Message refused after DATA", "other"),
        ("5.1.8", "553 5.1.8 Domain of sender address does not exist", "policy"),
        ("5.1.7", "550 5.1.7 Sender address rejected: undeliverable address", "policy"),
        ("5.7.1", "550 5.7.1 Message rejected as spam", "policy"),
        ("5.0.0", "550 blocked using zen.blocklist.example; unknown user", "policy"),
        ("5.7.26", "550 5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy", "policy"),
        ("5.0.0", "552 user over quota, mailbox disabled", "full"),
        ("4.2.2", "452 4.2.2 user is over quota; no such user soon", "full"),
        ("4.1.1", "450 4.1.1 no such user, perhaps", "other"),
        ("5.4.4", "Unable to route: 10.5.1.1 said nothing", "other"),
    ],
)
def test_without_good_evidence_an_address_is_not_called_gone(status: str, diagnostic: str, kind: str) -> None:
    assert (said(status, diagnostic).kind, said(status, diagnostic).hard) == (kind, False)


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_other_reports_keep_their_action_and_are_never_hard(action: str) -> None:
    raw = mails.POSTFIX.replace(b"Action: failed", f"Action: {action.title()} (by us)".encode())
    assert (the_one(raw).action, the_one(raw).hard) == (action, False)


def test_a_delayed_mail_is_told_as_that() -> None:
    assert (the_one(mails.POSTFIX_DELAYED).action, the_one(mails.POSTFIX_DELAYED).hard) == ("delayed", False)


@pytest.mark.parametrize(
    "raw",
    [
        mails.OUT_OF_OFFICE,
        mails.READ_RECEIPT,
        mails.NORMAL,
        wrapped(mails.NORMAL),
        b"",
        b"\r\n",
        b"\xff" * 99,
    ],
    ids=["out of office", "read receipt", "reply", "forwarded reply", "empty", "blank", "no mail"],
)
def test_what_is_no_bounce_is_none(raw: bytes) -> None:
    assert read_bounces(raw) is None


def test_a_daemons_warning_is_no_bounce() -> None:
    raw = mails.OLD_DAEMON.replace(b"System Error - Returned Mail", b"delivery status: delayed 4 hours")
    assert read_bounces(raw) is None


def test_a_persons_mail_that_quotes_a_bounce_is_no_bounce() -> None:
    raw = mails.OLD_DAEMON.replace(b"Return-Path: <>", b"Return-Path: <desk@wetherby-vale.example>")
    assert read_bounces(raw) is None


def test_a_complaint_about_spam_is_told_as_that_and_is_not_a_bounce_of_the_address() -> None:
    bounce = the_one(mails.COMPLAINT)
    assert (bounce.delivery_id, bounce.action, bounce.hard) == (41, "complained", False)
    assert (bounce.recipient, bounce.reason) == ("a…@wetherby-vale.example", "reported as abuse")


@pytest.mark.parametrize("kind", [b"not-spam", b"auth-failure"])
def test_feedback_that_complains_of_nothing_is_none(kind: bytes) -> None:
    assert read_bounces(mails.COMPLAINT.replace(b"Feedback-Type: abuse", b"Feedback-Type: " + kind)) is None


# --- which delivery ---------------------------------------------------------------------------------------


def test_the_envelope_id_alone_is_enough() -> None:
    raw = mails.POSTFIX.replace(f"Message-ID: {OUR_ID}".encode(), b"X-Was: here")
    assert the_one(raw).delivery_id == 41


def test_the_returned_message_id_alone_is_enough() -> None:
    raw = mails.POSTFIX.replace(b"Original-Envelope-Id", b"X-Other")
    assert the_one(raw).delivery_id == 41


def test_a_bounce_of_a_mail_that_only_speaks_of_ours_is_of_no_delivery() -> None:
    """Somebody answers or forwards a digest; theirs comes back, and they send us the report."""
    theirs = HEADERS.replace(OUR_ID, f"<forwarded@wetherby-vale.example>\nReferences: {OUR_ID}")
    raw = report(
        "Final-Recipient: rfc822; amina.khan@wetherby-vale.example\nAction: failed\nStatus: 5.1.1",
        returned=theirs,
        head=f"References: {OUR_ID}\n",
    )
    assert the_one(raw).delivery_id is None


def test_a_bounce_that_itself_came_back_is_of_no_delivery() -> None:
    raw = report(
        "Final-Recipient: rfc822; desk@saltmarsh.example\nAction: failed\nStatus: 5.1.1",
        returned=mails.POSTFIX.decode().replace("\r\n", "\n").replace("A1B2", "C3D4"),
        kind="message/rfc822",
    )
    assert the_one(raw).delivery_id is None


def test_of_several_mails_that_a_report_answers_to_the_last_came_back() -> None:
    earlier = "<delivery-39.aaaaaaaaaaaaaaaa@learning.example.net>"
    raw = mails.MICROSOFT_BY_REFERENCE.replace(b"In-Reply-To: ", f"References: {earlier} ".encode())
    assert (the_one(raw).delivery_id, the_one(raw).edition) == (41, "0f3a9c5b7d1e2846")


def test_a_bounce_of_another_program_is_of_no_delivery() -> None:
    assert the_one(mails.EXIM.replace(OUR_ID.encode(), b"<news-41@elsewhere.example>")).delivery_id is None


@pytest.mark.parametrize(
    "mark", ["delivery-41", "delivery-41.", "delivery-41.0f3", "delivery-99999999999.0f3a9c5b7d1e2846"]
)
def test_a_mark_that_is_none_of_ours_is_of_no_delivery(mark: str) -> None:
    assert the_one(mails.QMAIL.replace(mails.MARK.encode(), mark.encode())).delivery_id is None


def test_one_dead_member_of_a_group_does_not_count_against_the_group() -> None:
    raw = mails.POSTFIX.replace(b"; amina.khan@", b"; gone.member@")
    bounce = the_one(raw)
    assert (bounce.delivery_id, bounce.hard) == (41, False)
    assert bounce.reason.startswith("an address to which it was passed on does not exist: 550 5.1.1")


def passed_on(original: str, final: str) -> Bounce:
    """A bounce of which nothing came back but the report."""
    return the_one(
        report(
            f"Original-Recipient: rfc822;{original}\nFinal-Recipient: rfc822;{final}\n"
            "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown",
            returned="Nothing of the message is kept.\n",
            kind="text/plain",
        )
    )


def test_one_dead_member_is_known_also_where_nothing_of_the_mail_came_back() -> None:
    assert not passed_on("team@wetherby-vale.example", "gone.member@saltmarsh.example").hard
    assert passed_on("Amina.Khan@wetherby-vale.example", "amina.khan@mail.wetherby-vale.example").hard
    assert passed_on("amina+2Bnews@wetherby-vale.example", "amina+news@wetherby-vale.example").hard


def test_that_reason_is_cut_as_well() -> None:
    raw = mails.POSTFIX.replace(b"; amina.khan@", b"; gone@").replace(b"in virtual", b"in virtual" * 50)
    assert len(the_one(raw).reason) == 300


def test_an_address_that_a_server_writes_with_another_domain_is_the_same() -> None:
    raw = mails.POSTFIX.replace(b"rfc822; amina.khan@wetherby", b"rfc822; Amina.Khan@mail.wetherby")
    assert the_one(raw).hard


def test_each_recipient_of_a_report_is_told() -> None:
    found = read_bounces(
        report(
            """
            Final-Recipient: rfc822; amina.khan@wetherby-vale.example
            Action: failed
            Status: 5.1.1

            Final-Recipient: rfc822; desk@saltmarsh.example
            Action: delivered
            Status: 2.0.0
            """
        )
    )
    assert found is not None
    assert [(one.recipient, one.action) for one in found] == [
        ("a…@wetherby-vale.example", "failed"),
        ("d…@saltmarsh.example", "delivered"),
    ]


def test_groups_without_an_empty_line_between_them_are_told_apart() -> None:
    fields = "Final-Recipient: rfc822; {}@wetherby-vale.example\nAction: failed\nStatus: 5.1.1"
    found = read_bounces(report(fields.format("amina.khan") + "\n" + fields.format("ben")))
    assert found is not None
    assert len(found) == 2


# --- broken and hostile mails -----------------------------------------------------------------------------


def test_a_report_that_is_encoded_though_it_must_not_be_is_read() -> None:
    fields = (
        b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; amina.khan@wetherby-vale.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n"
    )
    head, _, rest = mails.POSTFIX_FULL.partition(b"Content-Type: message/delivery-status\r\n\r\n")
    tail = rest[rest.index(b"--A1B2") :]
    raw = (
        head
        + b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(fields).replace(b"\n", b"\r\n")
        + b"\r\n"
        + tail
    )
    assert the_one(raw).hard


def test_a_report_in_the_international_form_is_read() -> None:
    raw = (
        mails.POSTFIX.replace(b"message/delivery-status", b"message/global-delivery-status")
        .replace(b"text/rfc822-headers", b"message/global-headers")
        .replace(b"rfc822; amina", b"utf-8; amina")
    )
    assert the_one(raw) == the_one(mails.POSTFIX)


def test_a_report_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    raw = mails.POSTFIX
    assert the_one(raw[: raw.rindex(b"\r\n--A1B2")]).hard
    assert the_one(raw[: raw.index(b"Remote-MTA")]).hard
    assert read_bounces(raw[: raw.index(b"Final-Recipient")]) is None


def test_wrong_charsets_and_control_characters_stay_out_of_the_reason() -> None:
    raw = mails.POSTFIX.replace(b"User unknown in", b"User unknown\x00\x07\x1b[31m \xff\xfe\xc2\x85 in")
    raw = raw.replace(b"charset=utf-8", b'charset="klingon-8"').replace(b"7BIT", b"x-none")
    reason = the_one(raw).reason
    assert reason.isprintable()
    assert the_one(raw).hard
    exim = mails.EXIM.replace(b"Message-Id: <E1", b"Content-Type: text/plain; charset=klingon\r\nX: <E1")
    assert the_one(exim).hard


def test_a_long_reason_is_cut() -> None:
    assert len(said("5.1.1", "550 no such user " + "x" * 5000).reason) == 300


def test_a_mail_of_more_than_ten_megabytes_is_one_clear_error() -> None:
    with pytest.raises(DeliveryError, match="larger than 10 MB"):
        read_bounces(mails.POSTFIX + b"x" * 10_000_000)


def deep(levels: int) -> bytes:
    return b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(levels)
    )


HOSTILE = {
    "many parts inside each other": deep(3000),
    "fewer parts inside each other and many lines": deep(200) + b"x\r\n" * 150_000,
    "many mails inside each other": b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "many lines": mails.POSTFIX + b"\n" * 900_000,
    "a header that is no header": b"Content-Type: multipart/report; a*" + b"9" * 5000 + b"=x\r\n\r\nx",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_mail_built_to_break_the_reader_is_one_clear_error(raw: bytes) -> None:
    begun = process_time()
    with pytest.raises(DeliveryError, match="could not be read as a bounce"):
        read_bounces(raw)
    assert process_time() - begun < 2


def headed(header: bytes) -> dict[str, bytes]:
    """A header on the mail itself, on a part, on a mail within it, and on the mail that came back."""
    within = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    return {
        "the mail": header + b"\r\n\r\nx",
        "a part": within + header + b"\r\n\r\nx\r\n--b--\r\n",
        "a mail within": within + b"Content-Type: message/rfc822\r\n\r\n" + header + b"\r\n\r\nx",
        "what came back": mails.POSTFIX.replace(b"From: Learning", header + b"\r\nFrom: Learning"),
        "the report": mails.POSTFIX.replace(b"Remote-MTA", header + b"\r\nRemote-MTA"),
        "Macs of old": (within + header + b"\r\n\r\nx").replace(b"\r\n", b"\r"),
    }


MANY = {
    "semicolons": b'Content-Type: text/plain; a="' + b"\r\n ".join([b";" * 990] * 400) + b'"',
    "quotes": b'content-type: text/plain; a="' + b'\\"' * 200_000 + b'"',
    "parameters": b"CONTENT-TYPE: text/plain" + b";\r\n\ta=b" * 40_000,
    "parameters in few bytes": b"Content-Type: text/plain" + b";a" * 101,
}


@pytest.mark.parametrize("header", MANY.values(), ids=MANY)
def test_a_content_type_that_takes_python_minutes_is_one_clear_error_at_every_depth(header: bytes) -> None:
    for raw in headed(header).values():
        begun = process_time()
        with pytest.raises(
            DeliveryError, match=r"bounce: a Content-Type in it is longer than any real one\.$"
        ):
            read_bounces(raw)
        assert process_time() - begun < 0.5


@pytest.mark.parametrize("name", [b"From", b"To", b"Subject", b"References", b"X-Failed-Recipients", b"X"])
@pytest.mark.parametrize("filling", [b";a=b", b'"(<', b"\xff\xfe", b"=?utf-8?q?", b"a@b,", b";\r\n "])
def test_400_kb_in_any_other_header_do_no_harm(name: bytes, filling: bytes) -> None:
    header = name + b": " + filling * (400_000 // len(filling))
    for raw in headed(header).values():
        begun = process_time()
        read_bounces(raw)
        assert process_time() - begun < 0.5


def test_a_content_type_as_long_as_real_ones_is_read() -> None:
    raw = mails.POSTFIX.replace(b"boundary=", b"x=" + b"a" * 3000 + b"; boundary=", 1)
    assert the_one(raw).hard


SLOW = {
    "parts inside each other and many lines": deep(40) + b"x\r\n" * 150_000,
    "one long line": mails.EXIM.replace(b"No such user", b"a@" * 1_000_000),
    "a long field": mails.POSTFIX.replace(b"User unknown", b"<" * 2_000_000),
    "many fields": mails.POSTFIX.replace(b"Remote-MTA", b"Action: failed\r\n" * 100_000 + b"Remote-MTA"),
    "many failed recipients": mails.EXIM.replace(
        b"X-Failed-Recipients: ", b"X-Failed-Recipients: " + b"a@b.example," * 100_000
    ),
    "much white space": mails.OLD_DAEMON.replace(b"550 Mailbox", b" " * 1_000_000 + b"550 Mailbox"),
    "a long sender": mails.OLD_DAEMON.replace(b"From: Mail", b"From: " + b'"a" <(' * 300_000 + b"Mail"),
    "a long reader": mails.POSTFIX.replace(b"To: Amina", b"To: " + b'"a" <(' * 300_000 + b"Amina"),
    "a long address": mails.POSTFIX.replace(b"rfc822; amina", b"rfc822; " + b"a" * 190_000 + b"amina"),
    "many dashes": mails.OLD_DAEMON.replace(b"550 Mailbox", b"- " * 500_000 + b"\r\n550 Mailbox"),
    "many references": mails.MICROSOFT_BY_REFERENCE.replace(
        b"In-Reply-To: ", b"In-Reply-To: " + b"<delivery-1." * 200_000
    ),
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW)
def test_a_huge_mail_is_read_quickly(raw: bytes) -> None:
    begun = process_time()
    found = read_bounces(raw) or ()
    assert process_time() - begun < 3
    assert len(repr(found)) < 50_000


@settings(max_examples=150, deadline=None)
@given(
    some.sampled_from([*GONE.values(), mails.COMPLAINT, wrapped(mails.GOOGLE)]),
    some.lists(some.tuples(some.integers(0, 2500), some.binary(max_size=12)), max_size=6),
)
def test_whatever_is_broken_in_a_bounce_there_is_an_answer(
    raw: bytes, changes: list[tuple[int, bytes]]
) -> None:
    for place, put in changes:
        raw = raw[:place] + put + raw[place + len(put) :]
    for bounce in read_bounces(raw) or ():
        assert bounce.reason.isprintable()
        assert len(bounce.reason) <= 300
