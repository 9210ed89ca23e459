"""Mails that say that a mail did not arrive (bounces), read: which delivery, which address, how and why.

The standard form is a delivery report (RFC 3464), which Postfix, Exchange, Microsoft 365, Google and newer
Exims send; a complaint about spam has the same shape (RFC 5965). Older forms are in `texts`. Anybody
can send us such a mail, so nothing in it is trusted but the mark that we put on our own: a number, and a
piece of the edition's id which a stranger does not know. What follows from a bounce is the store's to say.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import policy
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.utils import parseaddr

from bot.deliver.bounces.limits import unfit
from bot.deliver.bounces.reasons import Action, Failed, Kind, judged, shortened, status_in
from bot.deliver.bounces.texts import (
    LONGEST_ADDRESS,
    LONGEST_HEADER,
    RETURNED_ID,
    Mark,
    mark_in,
    told_in_words,
)
from bot.deliver.mail.headers import masked
from bot.errors import DeliveryError

__all__ = ["Bounce", "read_bounces"]

LONGEST_TEXT = 200_000
MOST_RECIPIENTS = 50
STATUS = ("message/delivery-status", "message/global-delivery-status")
COMPLAINT = "message/feedback-report"
RETURNED = ("message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers")
COMPLAINTS = ("abuse", "fraud", "miscategorized", "opt-out", "other")
ACTIONS: dict[str, Action] = {
    "failed": "failed",
    "delayed": "delayed",
    "relayed": "relayed",
    "delivered": "delivered",
    "expanded": "expanded",
}
ACTION_OF_CLASS: dict[str, Action] = {"2": "delivered", "4": "delayed", "5": "failed"}

_Fields = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What became of one mail for one address.

    `delivery_id` and `edition`: our mark on it, None and empty where it bears none. `recipient`: masked, may
    be empty. `action`: as in RFC 3464, or `complained` for a report of spam. `status`: as in RFC 3463, may be
    empty. `kind`: why it failed; `gone` where there is no such mailbox. `reason`: one clean line, addresses
    masked.
    """

    delivery_id: int | None
    edition: str
    recipient: str
    action: Action
    status: str
    kind: Kind
    reason: str

    @property
    def hard(self) -> bool:
        """Whether the address is at fault, so that no mail to it will ever arrive."""
        return self.action == "failed" and self.kind == "gone"


def read_bounces(raw: bytes) -> tuple[Bounce, ...] | None:
    """The bounces that this mail (its source) tells of; None where it is no bounce, as an out-of-office.

    Raises DeliveryError where it cannot be read: larger than 10 MB, or built so that reading it is not safe.
    """
    if why := unfit(raw):
        raise _unreadable(why)
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(raw)
        found = [bounce for report in _reports(mail, mail) for bounce in _told_in(report)]
        found = found or list(_in_words(mail))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # Python's parser raises these on some headers that are no headers (`name*999…=`)
        raise _unreadable(f"its headers are broken ({type(error).__name__})") from None
    return tuple(dict.fromkeys(found[:MOST_RECIPIENTS])) or None


def _unreadable(why: str) -> DeliveryError:
    return DeliveryError(f"This mail could not be read as a bounce: {why}.", permanent=True)


# --- reports ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """A part that is a report; the parts beside it; and the mail that it is in."""

    part: Message
    beside: list[Message]
    mail: Message


def _reports(part: Message, mail: Message) -> Iterator[_Report]:
    """In a mail, and in mails that are attached to it; but not in what a report returns: that was ours, or
    it was another mail that speaks of ours."""
    if part.get_content_type() in (*STATUS, COMPLAINT):
        yield _Report(part=part, beside=[], mail=mail)
        return
    inside = _children(part)
    told = [one for one in inside if one.get_content_type() in (*STATUS, COMPLAINT)]
    if told:
        yield _Report(part=told[0], beside=[one for one in inside if one is not told[0]], mail=mail)
        return
    for one in inside:
        yield from _reports(one, one if part.get_content_maintype() == "message" else mail)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _told_in(report: _Report) -> Iterator[Bounce]:
    returned = _returned(report.beside)
    blocks = _blocks(_source(report.part))
    envelope = next(
        (block["original-envelope-id"] for block in blocks if "original-envelope-id" in block), ""
    )
    mark = mark_in(f"<{envelope}@>") or _mark_of(returned, report.mail)
    if report.part.get_content_type() == COMPLAINT:
        yield from _complaints(blocks, mark, returned)
        return
    for fields in blocks:
        bounce = _bounce(fields, mark, returned)
        if bounce:
            yield bounce


def _returned(beside: list[Message]) -> Message | None:
    """The headers of the mail that came back."""
    part = next((one for one in beside if one.get_content_type() in RETURNED), None)
    return HeaderParser(policy=policy.compat32).parsestr(_source(part).lstrip()) if part else None


def _mark_of(returned: Message | None, mail: Message) -> Mark | None:
    """By what came back. Only where that has no id, by what the report answers to: a mail that somebody wrote
    about our mail refers to it too, and when that bounces, our address has not."""
    if returned is not None and returned["Message-ID"]:
        return mark_in(str(returned["Message-ID"]))
    return mark_in(f"{mail['In-Reply-To'] or ''} {mail['References'] or ''}")


def _bounce(fields: _Fields, mark: Mark | None, returned: Message | None) -> Bounce | None:
    """Of the fields for one recipient; None for those of the whole report."""
    if not fields.keys() & {"final-recipient", "original-recipient", "action"}:
        return None
    said = fields.get("diagnostic-code", "")
    reason = said.partition(";")[2].strip() or said
    status = status_in(fields.get("status", ""))
    action = ACTIONS.get(fields.get("action", "").partition(" ")[0].lower())
    action = action or ACTION_OF_CLASS.get(status[:1], "delayed")
    recipient = _address(fields.get("final-recipient") or fields.get("original-recipient", ""))
    failed = Failed(status=status, said=reason, recipient=recipient)
    bounce = _made(mark, failed, action)
    written = _address(fields.get("original-recipient", ""))
    if bounce.hard and _was_forwarded(recipient, written, returned):
        why = f"an address to which it was passed on does not exist: {bounce.reason}"
        bounce = replace(bounce, kind="other", reason=shortened(why))
    return bounce


def _made(mark: Mark | None, failed: Failed, action: Action) -> Bounce:
    verdict = judged(failed)
    return Bounce(
        delivery_id=mark.delivery_id if mark else None,
        edition=mark.edition if mark else "",
        recipient=masked(failed.recipient),
        action=action,
        status=verdict.status,
        kind=verdict.kind if action == "failed" else "other",
        reason=verdict.reason,
    )


def _was_forwarded(recipient: str, original: str, returned: Message | None) -> bool:
    """Whether we had written to somebody else: one member of a group that is gone is not the group. The same
    name at another domain is a server's own way of writing the address."""
    if original and recipient and _local(recipient) not in (_local(original), _local(_unquoted(original))):
        return True
    written = parseaddr(str(returned["To"] or "")[:LONGEST_HEADER])[1] if returned is not None else ""
    return bool(written and recipient) and _local(written) != _local(recipient)


def _unquoted(address: str) -> str:
    """Out of xtext (RFC 3461, 4), in which some servers leave an original recipient."""
    return re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), address)


def _local(address: str) -> str:
    return address.rpartition("@")[0].casefold()


def _address(written: str) -> str:
    """Of `rfc822;name@example.org`, and of what some write instead."""
    address = written.rpartition(";")[2].strip().strip("<>").strip()
    return address if "@" in address and len(address) <= LONGEST_ADDRESS else ""


def _complaints(blocks: list[_Fields], mark: Mark | None, returned: Message | None) -> Iterator[Bounce]:
    fields = {name: value for block in reversed(blocks) for name, value in block.items()}
    kind = fields.get("feedback-type", "").lower()
    if kind not in COMPLAINTS:
        return  # `not-spam`, and reports on DKIM and DMARC, complain of nothing
    written = str(returned["To"] or "") if returned is not None else ""
    recipient = parseaddr((fields.get("original-rcpt-to", "") or written)[:LONGEST_HEADER])[1]
    yield _made(mark, Failed(status="", said=f"reported as {kind}", recipient=recipient), "complained")


# --- the text of a part -----------------------------------------------------------------------------------


def _blocks(text: str) -> list[_Fields]:
    """Fields in groups: each after an empty line, or where a field comes again (some leave out the line)."""
    blocks: list[_Fields] = [{}]
    name = ""
    for line in text.splitlines():
        if not line.strip():
            blocks.append({})
            name = ""
        elif line[0] in " \t" and name:
            blocks[-1][name] += " " + line.strip()
        else:
            name, colon, value = line.partition(":")
            name = name.strip().lower() if colon else ""
            if name in blocks[-1]:
                blocks.append({})
            if name:
                blocks[-1][name] = value.strip()
        if len(blocks) > 10 * MOST_RECIPIENTS:
            break
    return [block for block in blocks if block]


def _source(part: Message) -> str:
    """The text in a part. (Python reads the fields of a report as the headers of mails.)"""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _decoded(part)
    texts = []
    for one in _children(part):
        fields = "\n".join(f"{name}: {value}" for name, value in one.items())
        body = one.get_payload()
        texts.append(f"{fields}\n\n{body if isinstance(body, str) else ''}".strip("\n"))
    text = "\n\n".join(texts)
    encoding = str(part["Content-Transfer-Encoding"] or "").strip().lower()
    try:
        if encoding == "base64":
            return binascii.a2b_base64(text.encode()).decode("utf-8", "replace")[:LONGEST_TEXT]
        if encoding == "quoted-printable":
            return quopri.decodestring(text.encode()).decode("utf-8", "replace")[:LONGEST_TEXT]
    except (binascii.Error, UnicodeEncodeError):
        pass  # it says that it is encoded, and is not
    return text[:LONGEST_TEXT]


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    content = content[:LONGEST_TEXT] if isinstance(content, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError):
        return content.decode("latin-1")


# --- bounces in words -------------------------------------------------------------------------------------


def _in_words(mail: Message) -> Iterator[Bounce]:
    text = next((_decoded(one) for one in mail.walk() if one.get_content_type() == "text/plain"), "")
    told = told_in_words(mail, re.sub(r"\r\n?", "\n", text))
    if not told:
        return
    returned = _returned([one for one in mail.walk() if one is not mail])
    quoted = RETURNED_ID.search(told.returned)
    mark = mark_in(quoted[0]) if quoted else _mark_of(returned, mail)
    for failed in told.failed:
        yield _made(mark, failed, "failed")
