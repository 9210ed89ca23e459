"""What no bounce needs, and what Python's parser of mails does not stand: found before it sees the mail."""

from __future__ import annotations

import re

LARGEST = 10_000_000  # bytes; our own mails are a hundredth of it
MOST_LINES = 200_000
MOST_PARTS = 50  # the parser slows down with each level, and dies of some hundreds
LONGEST_CONTENT_TYPE = 8000  # bytes; its time grows by the square of a Content-Type's parameters,
MOST_PARAMETERS = 100  # and it reads those of no other header

_CONTENT_TYPE = re.compile(  # with its folded lines, wherever a header can stand
    rb"(?i)(?:^|(?<=[\r\n]))content-type[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*"
)


def unfit(raw: bytes) -> str | None:
    """Why a mail (its source) is not to be parsed; None where it may be."""
    if len(raw) > LARGEST:
        return f"it is larger than {LARGEST // 1_000_000} MB"
    lowered = raw.lower()
    parts = lowered.count(b"message/") + lowered.count(b"multipart/")
    if parts > MOST_PARTS or raw.count(b"\n") + raw.count(b"\r") > 2 * MOST_LINES:
        return "it has too many parts or lines"
    for header in _CONTENT_TYPE.finditer(raw):
        if len(header[0]) > LONGEST_CONTENT_TYPE or header[0].count(b";") > MOST_PARAMETERS:
            return "a Content-Type in it is longer than any real one"
    return None
