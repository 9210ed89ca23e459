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
from email.parser import BytesParser, HeaderParser
from email.utils import getaddresses
from functools import lru_cache

from bot.deliver.edition_bytes import FORM, PART_HEAD, RELATED_HEAD, Body, inner_boundary
from bot.deliver.headers import LONGEST_LINE
from bot.deliver.quoted_printable import LONGEST
from bot.errors import DeliveryError

# Printable ASCII, no line too long, no CR or LF alone, no line of the body with a dot first. (`+` after a
# count: no steps back, or it takes as long as all the rest.)
HEAD_LINES = re.compile(rb"[ -~]{1,%d}+(?:\r\n[ -~]{1,%d}+)*+" % (LONGEST_LINE, LONGEST_LINE))
BODY_LINES = re.compile(rb"(?:(?!\.)[ -~]{0,%d}+\r\n)*+" % LONGEST)
HEADERS = HeaderParser(policy=policy.compat32)  # gives each line as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a mail is to say. `headers`: every header in its order, with the value as it is written."""

    headers: dict[str, str]
    mailboxes: dict[str, Address]  # From, To, Reply-To
    subject: str
    boundary: str
    body: Body


def read_back(raw: bytes, meant: Meant, *, whole: bool) -> None:
    """Raise DeliveryError (permanent) where the mail does not say what was meant. `whole`: also by Python's
    complete parser, which takes some milliseconds."""
    wrong = list(_faults(raw, meant))
    if whole and not wrong:
        wrong.extend(_faults_of_the_whole(raw, meant))
    if wrong:
        raise DeliveryError(
            f"The mail does not read back as it was written ({', '.join(wrong)}), so it was not sent: "
            "this is a fault of the program, please report it.",
            permanent=True,
        )


def _faults(raw: bytes, meant: Meant) -> Iterator[str]:
    head, _, body = raw.partition(b"\r\n\r\n")
    yield from _faults_of_the_head(head, meant)
    yield from _faults_of_the_parts(body, meant)
    if not (HEAD_LINES.fullmatch(head) and BODY_LINES.fullmatch(body)):
        yield "the lines"


def _faults_of_the_head(head: bytes, meant: Meant) -> Iterator[str]:
    message = HEADERS.parsestr(head.decode("ascii", "replace"))
    if message.keys() != list(meant.headers) or message.defects:
        yield "the list of headers"
        return
    read = dict(message.items())
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
