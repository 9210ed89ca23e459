"""Quoted-printable (RFC 2045, 6.7), made once for an edition and left open where the reader's own link goes.

No line of it begins with a dot or with `From `: nothing on the way has a reason to change one, be it the
dots of SMTP (RFC 5321, 4.5.2) or a mailbox file, and a signature over the body stays good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LONGEST = 76  # RFC 2045, 6.7 (5), with the `=` that says the line goes on
UNSAFE = re.compile(rb"[^ -<>-~]| $")
BEGINNINGS = ((b".", b"=2E"), (b"From ", b"=46rom "))
END = b"\r\n"
GOES_ON = b"=\r\n"


def encode(text: bytes) -> bytes:
    """Lines that end in LF or not at all, as quoted-printable with CRLF."""
    return END.join(GOES_ON.join(_lines(line)) for line in text.split(b"\n"))


def encode_around(pieces: Sequence[bytes]) -> tuple[bytes, ...]:
    """Pieces of one text, each encoded so that what is put between two of them stands on lines of its own."""
    last = len(pieces) - 1
    encoded = [encode(piece) for piece in pieces]
    for place, piece in enumerate(encoded):
        ends_here = place == last and not piece
        after = b"" if place == 0 or ends_here or piece.startswith(END) else GOES_ON
        before = b"" if place == last or not piece or piece.endswith(END) else GOES_ON
        encoded[place] = after + piece + before
    return tuple(encoded)


def _lines(line: bytes) -> Iterator[bytes]:
    """One line of text as the lines it is written in."""
    rest = UNSAFE.sub(_escaped, line)
    while True:
        for plain, safe in BEGINNINGS:
            if rest.startswith(plain):
                rest = safe + rest[len(plain) :]
        if len(rest) < LONGEST:
            yield rest
            return
        cut = LONGEST - 1
        escape = rest.rfind(b"=", cut - 2, cut)  # one that the cut would go through
        cut = cut if escape < 0 else escape
        yield rest[:cut]
        rest = rest[cut:]


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found[0][0]
