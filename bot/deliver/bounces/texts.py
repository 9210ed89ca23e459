"""Bounces in words for people: older Exims, qmail (QSBMF), older Googles, and mailer daemons in general."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from bot.deliver.bounces.reasons import Failed, status_in

MOST_RECIPIENTS = 50
LONGEST_ADDRESS = 254  # RFC 5321
LONGEST_HEADER = 1000  # Python reads long hostile ones slowly
RETURNED_ID = re.compile(r"(?im)^[> \t]{0,8}message-id:\s{0,4}<[^<>\s]{1,200}>")

_MARK = re.compile(r"<delivery-(\d{1,9})\.([A-Za-z0-9]{8,16})@[^<>\s]{0,255}>")
_QMAIL = re.compile(r"\A\s*Hi\. This is the [^\n]{1,100}")
_QMAIL_RECIPIENT = re.compile(r"(?m)^<([^<>\s]{3,254})>:[ \t]*$")
_COPY = re.compile(
    r"(?im)^[- ]{2,80}(?:this is a copy of (?:the|your) message|below this line is a copy|original message"
    r"|(?:undelivered|returned|unsent) message)"
)
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-?daemon|maildelivery|mdaemon)\Z", re.I)
_FAILURE = re.compile(
    r"undeliver|non[- ]?deliver|returned mail|failure notice|(?:delivery|message)[^\n]{0,40}(?:fail|status)"
    r"|could not (?:be delivered|deliver)",
    re.I,
)
_NOT_YET = re.compile(r"delay|warning|will (?:be retried|keep trying|continue)|still trying", re.I)
_SAID = re.compile(r"(?m)^.*(?:(?<![\w.])5\d\d[ -]|(?<![\w.])5\.\d{1,3}\.\d{1,3}(?!\.)).*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What our Message-IDs and envelope ids say: `delivery-ID.EDITION`."""

    delivery_id: int
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a bounce in words says. `returned`: the text in which the mail that came back is quoted."""

    failed: Sequence[Failed]
    returned: str


def mark_in(text: str) -> Mark | None:
    """Our mark in a Message-ID, or the last in several; None where none is ours."""
    found = _MARK.findall(text[:20_000])
    return Mark(delivery_id=int(found[-1][0]), edition=found[-1][1]) if found else None


def told_in_words(mail: Message, text: str) -> Told | None:
    """What a mail says in its plain text (with LF line ends); None where it is no bounce."""
    copy = _COPY.search(text)
    words, returned = (text[: copy.start()], text[copy.start() :]) if copy else (text, text)
    named = [part.strip().strip("<>") for part in str(mail["X-Failed-Recipients"] or "").split(",")]
    recipients = [one for one in named if "@" in one and len(one) <= LONGEST_ADDRESS][:MOST_RECIPIENTS]
    if not recipients and _QMAIL.match(words):
        recipients = _QMAIL_RECIPIENT.findall(words)[:MOST_RECIPIENTS]
    if not recipients and _is_of_a_daemon(mail, words) and RETURNED_ID.search(returned):
        recipients = [""]
    failed = [_failed(one, words) for one in recipients]
    return Told(failed=failed, returned=returned) if failed else None


def _is_of_a_daemon(mail: Message, words: str) -> bool:
    """A server's own mail (people's have a return path) that says that it has given up, and why."""
    sender = parseaddr(str(mail["From"] or "")[:LONGEST_HEADER])[1].partition("@")[0]
    came_from = str(mail["Return-Path"] or "<>").strip()
    subject = str(mail["Subject"] or "")[:LONGEST_HEADER]
    return (
        _DAEMON.match(sender) is not None
        and came_from == "<>"
        and _FAILURE.search(f"{subject}\n{words}") is not None
        and _NOT_YET.search(subject) is None
        and _SAID.search(words) is not None
    )


def _failed(recipient: str, words: str) -> Failed:
    """The reason stands in the lines after the address; else in the first line with a code for failure."""
    said = ""
    if recipient:
        place = re.search(
            rf"(?m)^[ \t]*<?{re.escape(recipient)}>?:?[ \t]*\n((?:[^\n]*\S[^\n]*(?:\n|\Z)){{1,12}})", words
        )
        said = place[1] if place else ""
    if not _SAID.search(said) and not status_in(said):
        line = _SAID.search(words)
        said = line[0] if line else said
    return Failed(status=status_in(said), said=said, recipient=recipient)
