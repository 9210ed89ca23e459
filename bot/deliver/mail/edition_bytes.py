"""The bytes of an edition as a mail: built once, and for each reader only what is theirs is filled in."""

from __future__ import annotations

import base64
import hashlib
import html
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from bot.deliver.mail import headers, quoted_printable
from bot.deliver.rendering.render import EmailContent
from bot.models import Edition, Logo

KEPT = 8  # of about 150 kB each, or 270 kB with the largest logo
FORM = "multipart/alternative"
PART_HEAD = (
    b'\r\nContent-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
)
RELATED_HEAD = b'\r\nContent-Type: multipart/related; type="text/html";\r\n boundary="%s"\r\n'  # RFC 2387
PICTURE_HEAD = (
    b"\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <logo>\r\n"
    b'Content-Disposition: inline; filename="logo.%s"\r\n\r\n'
)
SHOWN = "cid:logo"  # how the HTML names it (RFC 2392)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the mail in two forms, cut where the reader's own link goes: the text it stands for, with
    CRLF, and that text as it is sent. The second is read back and compared with the first."""

    text: tuple[bytes, ...]
    sent: tuple[bytes, ...]

    @classmethod
    def of(cls, text: str, place: str | None) -> Self:
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        pieces = [piece.encode() for piece in (lines.split(place) if place else [lines])]
        return cls(
            text=tuple(piece.replace(b"\n", b"\r\n") for piece in pieces),
            sent=quoted_printable.encode_around(pieces),
        )

    def with_link(self, link: str) -> tuple[bytes, bytes]:
        """What this part says, and what is sent, with this link wherever one goes."""
        written = link.encode("ascii")
        return written.join(self.text), quoted_printable.encode(written).join(self.sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The logo as a part of the mail: its bytes, and head and base64 as they are sent."""

    content: bytes
    media_type: str
    sent: bytes

    @classmethod
    def of(cls, logo: Logo) -> Self:
        kind = logo.media_type.encode()
        lines = base64.encodebytes(logo.picture).strip().replace(b"\n", b"\r\n")
        return cls(
            content=logo.picture,
            media_type=logo.media_type,
            sent=PICTURE_HEAD % (kind, kind.partition(b"/")[2]) + lines,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of one reader's mail: what is sent, the two texts it must read back as, and the picture. The
    reader's own `link` as it stands in the first."""

    sent: bytes
    text: bytes
    html: bytes
    link: bytes
    picture: Picture | None = None


@dataclass(slots=True, kw_only=True)
class EditionBytes:
    """An edition ready to be filled in.

    `subject` as it is to be read, `subject_written` as it stands in the header. `boundary` stands between the
    parts and can stand in none, as neither quoted-printable nor base64 has `=_`. `read_whole`: the body of a
    mail of this edition that was read back by a complete parser; None as long as none was.
    """

    subject: str
    subject_written: str
    boundary: str
    text: Part
    html: Part
    picture: Picture | None = None
    read_whole: Body | None = None

    @classmethod
    def of(cls, edition: str, content: EmailContent, place: str | None) -> Self:
        """`place`: what stands in the content wherever the reader's own link goes; None: nowhere."""
        digested = hashlib.sha256(f"{edition}\n{content.subject}".encode()).hexdigest()
        return cls(
            subject=content.subject,
            subject_written=headers.subject(content.subject),
            boundary=f"=_{digested[:32]}",
            text=Part.of(content.text, place),
            html=Part.of(content.html, place),
            picture=Picture.of(content.logo) if content.logo and SHOWN in content.html else None,
        )

    def body(self, link: str | None) -> Body:
        """The body with this reader's link."""
        text, text_sent = self.text.with_link(link or "")
        page, page_sent = self.html.with_link(html.escape(link or ""))
        between = b"--" + self.boundary.encode()
        seen = PART_HEAD % b"html" + page_sent
        if self.picture:
            seen = related(seen, self.picture, self.boundary)
        return Body(
            sent=b"".join(
                (
                    between + PART_HEAD % b"plain",
                    text_sent,
                    b"\r\n" + between,
                    seen,
                    b"\r\n" + between + b"--\r\n",
                )
            ),
            text=text,
            html=page,
            link=(link or "").encode("ascii"),
            picture=self.picture,
        )


def related(page: bytes, picture: Picture, boundary: str) -> bytes:
    """The HTML part and its picture as one part of a mail with this boundary."""
    inner = inner_boundary(boundary)
    between = b"\r\n--" + inner
    return b"".join((RELATED_HEAD % inner, between, page, between, picture.sent, between, b"--"))


def inner_boundary(boundary: str) -> bytes:
    """What stands between HTML and picture. It must not begin as the mail's own: that would end the part."""
    return b"=_related_" + boundary.encode().removeprefix(b"=_")


@dataclass(slots=True)
class _Kept:
    """A place for one edition, and the lock that its builder holds."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: EditionBytes | None = None


class LastEditions:
    """Keeps the last few editions. Two threads never build the same one at once: the second waits, and
    gets what the first has made."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, bool, tuple[int, ...]], _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._configured: object = None

    def get(
        self, edition: Edition, linked: bool, configured: object, build: Callable[[], EditionBytes]
    ) -> EditionBytes:
        """The edition's bytes, built if they are not kept. `linked`: with links for unsubscribing.
        `configured`: what they are built by; once it is another object, nothing built before counts."""
        with self._lock:
            if configured is not self._configured:
                self._kept.clear()
                self._configured = configured
            entries = edition.digest.entries
            gone = tuple(one.review_id for one in entries if one.kind == "withdrawn")  # some of it since
            kept = self._kept.setdefault((edition.id, linked, gone), _Kept())
            self._kept.move_to_end((edition.id, linked, gone))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.made is None:
                kept.made = build()
            return kept.made
