"""Changes of tags and attributes, made on the bytes: the words between them stay as they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

_TABLE_TAG = re.compile(rb"<(/?)(?:table|thead|tbody|tfoot|tr|td|th)\b[^<>]*>", re.I)
_LINK = re.compile(rb"<a\b[^<>]*\bhref\b[^<>]*>.*?</a\s*>", re.I | re.S)
_HEADING_TAG = re.compile(rb"<(/?)h([1-6])\b", re.I)
_CHARSET = re.compile(rb"<meta\b[^<>]*\bcharset\b[^<>]*>", re.I)
_BODY = re.compile(rb"<body\b[^<>]*>", re.I)
_BODY_END = re.compile(rb"</body\s*>", re.I)
_BLOCK_END = re.compile(rb"</(?:p|li|tr|div|section|article|details)\s*>", re.I)
_KEPT_APART = re.compile(rb"(<(pre|textarea|script|style)\b.*?</\2\s*>)", re.I | re.S)
_ENTITY = re.compile(rb"&(?=(?:[a-z]+|#\d+|#x[0-9a-f]+);)", re.I)

DEEP = 260  # one more than lxml reads without `huge_tree`
OVERLAY = (
    b'<div id="ccc" role="dialog" aria-label="Cookies"><h2>Cookies on this site</h2>'
    b"<p>We use cookies so that this site works. We would also like to set analytics cookies.</p>"
    b"<button>Accept all cookies</button>"
    b'<button>Reject</button><a href="/cookies">Cookie policy</a></div>'
)


def classes_renamed(body: bytes) -> bytes:
    """Every class has another name, as a build tool gives them."""
    return _attribute(b"class").sub(_each_name_hashed, body)


def ids_renamed(body: bytes) -> bytes:
    """Every id has another name; what points to one (`for`, `#...`) is left behind, as it is in life."""
    return _attribute(b"id").sub(_each_name_hashed, body)


def _attribute(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(\s" + name + rb"\s*=\s*)(\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+)", re.I)


def _each_name_hashed(found: re.Match[bytes]) -> bytes:
    names = found[2].strip(b"\"'").split()
    return found[1] + b'"' + b" ".join(b"x" + _hash(name) for name in names) + b'"'


def _hash(name: bytes) -> bytes:
    return hashlib.sha256(name).hexdigest()[:7].encode()


def tables_to_divs(body: bytes) -> bytes:
    return _TABLE_TAG.sub(rb"<\1div>", body)


def links_wrapped(body: bytes) -> bytes:
    return _LINK.sub(rb"<span><strong>\g<0></strong></span>", body)


def headings_demoted(body: bytes) -> bytes:
    """Each by two levels, none below the sixth."""
    return _HEADING_TAG.sub(lambda found: b"<" + found[1] + b"h%d" % min(6, int(found[2]) + 2), body)


def white_space_collapsed(body: bytes) -> bytes:
    """All on one line, as a minifier writes it."""
    return _outside_of(_KEPT_APART, body, lambda part: re.sub(rb"[ \t\r\n]+", b" ", part))


def _outside_of(kept: re.Pattern[bytes], body: bytes, change: Callable[[bytes], bytes]) -> bytes:
    done, at = [], 0
    for found in kept.finditer(body):
        done += [change(body[at : found.start()]), found[0]]
        at = found.end()
    return b"".join([*done, change(body[at:])])


def deeply_nested(body: bytes) -> bytes:
    start, end = _BODY.search(body), _BODY_END.search(body)
    a, b = (start.end() if start else 0), (end.start() if end else len(body))
    return body[:a] + b"<div>" * DEEP + body[a:b] + b"</div>" * DEEP + body[b:]


def charset_removed(body: bytes) -> bytes:
    return _CHARSET.sub(b"", body)


def stray_end_tag(body: bytes) -> bytes | None:
    """The end of another template, pasted between two blocks in the middle."""
    found = _BLOCK_END.search(body, len(body) // 2)
    return body[: found.end()] + b"</body></html>" + body[found.end() :] if found else None


def consent_overlay(body: bytes) -> bytes:
    start = _BODY.search(body)
    at = start.end() if start else 0
    return body[:at] + OVERLAY + body[at:]


def entities_escaped_twice(body: bytes) -> bytes:
    """Text that went through two templates, each of which escaped it: `&amp;amp;`."""
    return _ENTITY.sub(b"&amp;", body)
