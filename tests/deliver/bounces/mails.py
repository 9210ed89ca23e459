"""Bounces as real servers lay them out, of invented mails to invented people."""

from __future__ import annotations

from textwrap import dedent

MARK = "delivery-41.0f3a9c5b7d1e2846"
OUR_ID = f"<{MARK}@learning.example.net>"
HEADERS = f"""\
From: Learning <bot@learning.example.net>
To: Amina Khan <amina.khan@wetherby-vale.example>
Subject: 3 new reviews on your themes: week of 16 November
Date: Mon, 23 Nov 2026 08:00:04 +0000
Message-ID: {OUR_ID}
List-Id: <weekly.learning-bot.learning.example.net>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
"""
RETURNED = HEADERS + "\nBaby Rowan was seven weeks old.\n"


def lined(text: str) -> bytes:
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def report(
    fields: str,
    *,
    returned: str = HEADERS,
    kind: str = "text/rfc822-headers",
    about: str = "",
    head: str = "",
    report_type: str = "delivery-status",
    words: str = "Your message could not be delivered.",
) -> bytes:
    """A delivery report. `fields`: of the recipients, groups apart by empty lines; `about`: of the whole."""
    per_message = about or "Reporting-MTA: dns; mx.wetherby-vale.example"
    text = f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.wetherby-vale.example>
To: bot@learning.example.net
Subject: Undelivered Mail Returned to Sender
{head}Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report_type};
	boundary="A1B2/mx.wetherby-vale.example"

This is a MIME-encapsulated message.

--A1B2/mx.wetherby-vale.example
Content-Type: text/plain; charset=utf-8

{words}

--A1B2/mx.wetherby-vale.example
Content-Type: message/{report_type}

{per_message}

{dedent(fields).strip()}

--A1B2/mx.wetherby-vale.example
Content-Type: {kind}

{returned}
--A1B2/mx.wetherby-vale.example--
"""
    return text.replace("\n", "\r\n").encode()


POSTFIX = report(
    """
    Final-Recipient: rfc822; amina.khan@wetherby-vale.example
    Original-Recipient: rfc822;amina.khan@wetherby-vale.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx1.wetherby-vale.example
    Diagnostic-Code: smtp; 550 5.1.1 <amina.khan@wetherby-vale.example>: Recipient address
        rejected: User unknown in virtual mailbox table
    """,
    about=f"""\
Reporting-MTA: dns; mail.learning.example.net
Original-Envelope-Id: {MARK}
X-Postfix-Queue-ID: 7B0E22A25C1
X-Postfix-Sender: rfc822; bot@learning.example.net
Arrival-Date: Mon, 23 Nov 2026 08:00:04 +0000 (UTC)""",
)
POSTFIX_FULL = report(
    """
    Final-Recipient: rfc822; amina.khan@wetherby-vale.example
    Action: failed
    Status: 5.2.2
    Diagnostic-Code: smtp; 552 5.2.2 Mailbox is full
    """
)
POSTFIX_GAVE_UP = report(
    """
    Final-Recipient: rfc822; amina.khan@wetherby-vale.example
    Action: failed
    Status: 4.4.1
    Diagnostic-Code: X-Postfix; connect to mx1.wetherby-vale.example[192.0.2.7]:25: Connection timed out
    """
)
POSTFIX_DELAYED = report(
    """
    Final-Recipient: rfc822; amina.khan@wetherby-vale.example
    Action: delayed
    Status: 4.1.1
    Diagnostic-Code: smtp; 450 4.1.1 User unknown, try again
    Will-Retry-Until: Sat, 28 Nov 2026 08:00:04 +0000 (UTC)
    """
)
MICROSOFT = report(
    """
    Final-Recipient: rfc822;amina.khan@wetherby-vale.example
    Action: failed
    Status: 5.1.10
    Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient amina.khan@wetherby-vale.example not found by SMTP address lookup
    """,
    about="""\
Reporting-MTA: dns;LO2P265MB0001.GBRP265.PROD.OUTLOOK.example
Received-From-MTA: dns;mail.learning.example.net
Arrival-Date: Mon, 23 Nov 2026 08:00:09 +0000""",
    returned=RETURNED,
    kind="message/rfc822",
    head=f"X-MS-Exchange-Message-Is-Ndr:\nIn-Reply-To: {OUR_ID}\nReferences: {OUR_ID}\n",
    words="Your message to amina.khan@wetherby-vale.example couldn't be delivered.",
)
MICROSOFT_BY_REFERENCE = report(
    """
    Final-Recipient: rfc822;amina.khan@wetherby-vale.example
    Action: failed
    Status: 5.4.1
    Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied. [LO2PEPF00001.GBRP265]
    """,
    returned="Nothing of the message is kept.\n",
    kind="text/plain",
    head=f"In-Reply-To: {OUR_ID}\n",
)
GOOGLE = report(
    """
    Final-Recipient: rfc822; amina.khan@wetherby-vale.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; aspmx.example. (192.0.2.27, the server for the domain wetherby-vale.example.)
    Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
     550-5.1.1 double-checking the recipient's email address for typos or
     550-5.1.1 unnecessary spaces. For more information, go to
     550 5.1.1  https://support.example/mail/?p=NoSuchUser 5b1f17b1804b1-43 - gsmtp
    Last-Attempt-Date: Mon, 23 Nov 2026 00:00:11 -0800 (PST)
    """,
    returned=RETURNED,
    kind="message/rfc822",
    head="X-Failed-Recipients: amina.khan@wetherby-vale.example\n",
)
MICROSOFT_POLICY = report(
    """
    Final-Recipient: rfc822;amina.khan@wetherby-vale.example
    Action: failed
    Status: 5.7.606
    Diagnostic-Code: smtp;550 5.7.606 Access denied, banned sending IP [192.0.2.9]
    """
)
EXIM = lined(
    f"""
    Return-Path: <>
    X-Failed-Recipients: amina.khan@wetherby-vale.example
    Auto-Submitted: auto-replied
    From: Mail Delivery System <Mailer-Daemon@gate.wetherby-vale.example>
    To: bot@learning.example.net
    Subject: Mail delivery failed: returning message to sender
    Message-Id: <E1tEx2b-0004Yz-7K@gate.wetherby-vale.example>

    This message was created automatically by mail delivery software.

    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      amina.khan@wetherby-vale.example
        host mx1.wetherby-vale.example [192.0.2.7]
        SMTP error from remote mail server after RCPT TO:<amina.khan@wetherby-vale.example>:
        550 5.1.1 No such user here

    ------ This is a copy of the message, including all the headers. ------

    Return-path: <bot@learning.example.net>
    From: Learning <bot@learning.example.net>
    To: Amina Khan <amina.khan@wetherby-vale.example>
    Message-ID: {OUR_ID}
    Subject: 3 new reviews on your themes: week of 16 November

    Baby Rowan was seven weeks old.
    """
)
QMAIL = lined(
    f"""
    Return-Path: <>
    From: MAILER-DAEMON@mx.wetherby-vale.example
    To: bot@learning.example.net
    Subject: failure notice

    Hi. This is the qmail-send program at mx.wetherby-vale.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <amina.khan@wetherby-vale.example>:
    Sorry, no mailbox here by that name. (#5.1.1)

    --- Below this line is a copy of the message.

    Return-Path: <bot@learning.example.net>
    Received: (qmail 4711 invoked by uid 7791); 23 Nov 2026 08:00:05 -0000
    Message-ID: {OUR_ID}
    From: Learning <bot@learning.example.net>
    To: Amina Khan <amina.khan@wetherby-vale.example>

    Baby Rowan was seven weeks old.
    """
)
OLD_GOOGLE = lined(
    f"""
    Return-Path: <>
    X-Failed-Recipients: amina.khan@wetherby-vale.example
    From: Mail Delivery Subsystem <mailer-daemon@mail.example>
    To: bot@learning.example.net
    Subject: Delivery Status Notification (Failure)

    Delivery to the following recipient failed permanently:

         amina.khan@wetherby-vale.example

    Technical details of permanent failure:
    The server tried to deliver your message, but it was rejected by the recipient domain.
    The error that the other server returned was:
    550 550 5.1.1 User unknown (state 14).

    ----- Original message -----

    Message-ID: {OUR_ID}
    Subject: 3 new reviews on your themes: week of 16 November
    """
)
OLD_DAEMON = lined(
    f"""
    Return-Path: <>
    From: Mail Administrator <postmaster@mx.wetherby-vale.example>
    To: bot@learning.example.net
    Subject: Mail System Error - Returned Mail

    This Message was undeliverable due to the following reason:

    550 Mailbox unknown: no such user.

    ---------- Undelivered message follows

    Message-ID: {OUR_ID}
    """
)
OUT_OF_OFFICE = lined(
    f"""
    Return-Path: <>
    From: Amina Khan <amina.khan@wetherby-vale.example>
    To: bot@learning.example.net
    Subject: Automatic reply: 3 new reviews on your themes: week of 16 November
    Auto-Submitted: auto-replied
    X-Auto-Response-Suppress: All
    In-Reply-To: {OUR_ID}
    References: {OUR_ID}
    Content-Type: text/plain; charset=utf-8

    I am on leave until 30 November and my mailbox is full. I no longer work on Fridays.
    If it could not be delivered, or for error 550 5.1.1, ring the duty desk.
    """
)
READ_RECEIPT = report(
    """
    Final-Recipient: rfc822;amina.khan@wetherby-vale.example
    Disposition: manual-action/MDN-sent-automatically; deleted
    """,
    report_type="disposition-notification",
    about=f"Original-Message-ID: {OUR_ID}",
)
NORMAL = lined(
    f"""
    Return-Path: <amina.khan@wetherby-vale.example>
    From: Amina Khan <amina.khan@wetherby-vale.example>
    To: bot@learning.example.net
    Subject: Re: 3 new reviews on your themes: mail delivery failed last week
    In-Reply-To: {OUR_ID}
    Content-Type: text/plain; charset=utf-8

    Thank you, most useful. (My colleague's came back with 550 5.1.1 no such user.)

    Message-ID: {OUR_ID}
    """
)
COMPLAINT = report(
    """
    Original-Mail-From: <bot@learning.example.net>
    Original-Rcpt-To: <amina.khan@wetherby-vale.example>
    Received-Date: Mon, 23 Nov 2026 08:00:09 +0000
    """,
    report_type="feedback-report",
    about="Feedback-Type: abuse\nUser-Agent: SomeFeedback/1.0\nVersion: 1",
    returned=RETURNED,
    kind="message/rfc822",
)


def wrapped(bounce: bytes) -> bytes:
    """A bounce as an attachment: an administrator has forwarded it."""
    return (
        b"From: IT desk <it@learning.example.net>\r\nTo: bot@learning.example.net\r\n"
        b"Return-Path: <it@learning.example.net>\r\nSubject: FW: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\n'
        b"One for you.\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n" + bounce + b"\r\n--outer--\r\n"
    )
