"""A finished mail read as a receiver would, and compared with what was meant, before anybody may send it."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from functools import lru_cache

from bot.deliver.mail import quoted_printable
from bot.deliver.mail.edition_bytes import FORM, PART_HEAD, RELATED_HEAD, Body, inner_boundary
from bot.deliver.mail.headers import LONGEST_LINE
from bot.deliver.mail.quoted_printable import LONGEST
from bot.errors import DeliveryError

# `+` after a count: no steps back, or it takes as long as all the rest.
PRINTABLE = bytes(range(ord(" "), ord("~") + 1))
HEAD_LINES = re.compile(rb"[ -~]{1,%d}+(?:\r\n[ -~]{1,%d}+)*+" % (LONGEST_LINE, LONGEST_LINE))
BODY_LINES = re.compile(rb"(?:(?!\.).{0,%d}+(?<=\r)\n)*+" % (LONGEST + len(b"\r")))
FIELD = re.compile(r"([!-9;-~]+): ([ -~]*+(?:\r\n[ \t][ -~]*+)*+)\r\n")  # of the head: RFC 5322, 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a mail is to say. `headers`: every header in its order, with the value as it is written."""

    headers: dict[str, str]
    mailboxes: dict[str, Address]  # From, To, Reply-To
    subject: str
    boundary: str
    body: Body


def read_back(raw: bytes, meant: Meant, *, like: Body | None) -> None:
    """Raise DeliveryError (permanent) where the mail does not say what was meant.

    `like`: the body of a mail of this edition that was read back whole. What differs from it by the reader's
    own link alone need not be decoded anew. None: this is the first, and is read back whole, also by Python's
    complete parser, which takes some milliseconds."""
    wrong = list(_faults(raw, meant, like))
    if like is None and not wrong:
        wrong.extend(_faults_of_the_whole(raw, meant))
    if wrong:
        raise DeliveryError(
            f"The mail does not read back as it was written ({', '.join(wrong)}), so it was not sent: "
            "this is a fault of the program, please report it.",
            permanent=True,
        )


def _faults(raw: bytes, meant: Meant, like: Body | None) -> Iterator[str]:
    head, _, body = raw.partition(b"\r\n\r\n")
    yield from _faults_of_the_head(head, meant)
    well_formed = HEAD_LINES.fullmatch(head) is not None
    if like is None or not _differs_in_its_link_alone(body, meant.body, like):
        yield from _faults_of_the_parts(body, meant)
        well_formed = well_formed and _lines_are_well_formed(body)
    if not well_formed:
        yield "the lines"


def _differs_in_its_link_alone(body: bytes, own: Body, like: Body) -> bool:
    """Whether it is the other body, with its own link wherever the other link has lines for itself; and that
    link reads as it should. So says no to some that are right: those are decoded."""
    before, after = quoted_printable.encode(like.link), quoted_printable.encode(own.link)
    expected = like.sent
    for end in (b"=\r\n", b"\r\n"):
        expected = expected.replace(b"\r\n" + before + end, b"\r\n" + after + end)
    return (
        body == expected
        and binascii.a2b_qp(after + b"=\r\n") == own.link
        and _lines_are_well_formed(after + b"\r\n")
    )


def _lines_are_well_formed(body: bytes) -> bool:
    """Printable ASCII, no line too long, no CR or LF alone, no line with a dot first. In two looks: one that
    asked both of every character would take twice as long."""
    ends = body.translate(None, PRINTABLE)
    return ends == b"\r\n" * (len(ends) // 2) and BODY_LINES.fullmatch(body) is not None


def _faults_of_the_head(head: bytes, meant: Meant) -> Iterator[str]:
    text = head.decode("ascii", "replace") + "\r\n"
    fields = FIELD.findall(text)
    whole = "".join(f"{name}: {value}\r\n" for name, value in fields) == text
    if not whole or [name for name, _ in fields] != list(meant.headers):
        yield "the list of headers"
        return
    read = dict(fields)
    for name, written in meant.headers.items():
        if read[name] != written:
            yield name
    for name, mailbox in meant.mailboxes.items():
        if _mailboxes(read[name]) != [(mailbox.display_name, mailbox.addr_spec)]:
            yield f"the address in {name}"
    if _decoded(read["Subject"]) != meant.subject:
        yield "the words of Subject"


def _faults_of_the_parts(body: bytes, meant: Meant) -> Iterator[str]:
    between = b"\r\n--" + meant.boundary.encode()
    opening, *parts, closing = (b"\r\n" + body).split(between)
    if opening or closing != b"--\r\n" or len(parts) != 2:
        yield "the parts"
        return
    if meant.body.picture:
        inner = inner_boundary(meant.boundary)
        head, *inside, closing = parts[1].split(b"\r\n--" + inner)
        if head != RELATED_HEAD % inner or closing != b"--" or len(inside) != 2:
            yield "the parts of the html part"
            return
        parts[1], picture = inside
        # The same bytes in everybody's mail; the complete parser decodes them in the first.
        if picture != meant.body.picture.sent:
            yield "the picture"
    for part, kind, text in zip(parts, ("plain", "html"), (meant.body.text, meant.body.html), strict=True):
        head = PART_HEAD % kind.encode()
        if not part.startswith(head) or binascii.a2b_qp(part[len(head) :]) != text:
            yield f"the {kind} part"


def _faults_of_the_whole(raw: bytes, meant: Meant) -> Iterator[str]:
    """As above, by a parser that shares nothing with what is done there."""
    read = BytesParser(policy=policy.SMTP).parsebytes(raw)
    picture = meant.body.picture
    inside = ["multipart/related", "text/html", picture.media_type] if picture else ["text/html"]
    parts = list(read.walk())
    kinds = [part.get_content_type() for part in parts]
    if kinds != [FORM, "text/plain", *inside] or any(part.defects for part in parts):
        yield "its form"
    elif picture and parts[-1].get_payload(decode=True) != picture.content:
        yield "the picture"
    for name, mailbox in meant.mailboxes.items():
        found = [(_bare(one.display_name), one.addr_spec) for one in read[name].addresses]
        if read[name].defects or found != [(_bare(mailbox.display_name), mailbox.addr_spec)]:
            yield f"the address in {name}"
    if str(read["Subject"]) != meant.subject:
        yield "the words of Subject"
    for kind, text in (("plain", meant.body.text), ("html", meant.body.html)):
        if _content(read, kind) != text.decode():
            yield f"the {kind} part"


def _content(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else None


def _bare(name: str) -> str:
    """A name without its spaces: Python's parser up to 3.12 leaves one between two encoded words."""
    return "".join(name.split())


@lru_cache(maxsize=64)  # From and Reply-To are the same in every mail
def _mailboxes(value: str) -> list[tuple[str, str]]:
    return [(_decoded(name), address) for name, address in getaddresses([value])]


@lru_cache(maxsize=64)
def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))
