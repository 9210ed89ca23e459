"""Text, Markdown and bytes in no honest encoding."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.nasties import HTML, TEXT, Nasty

_SAID = "2025 – Saltmarsh – Child A\n\nDeath of a 5-month-old boy.\n\nLearning: share information; listen.\n"
CHARSETS = (
    "utf-8", "utf-16", "utf-32", "utf-7", "latin-1", "cp1252", "iso-8859-15", "koi8-r", "shift_jis", "gb18030",
    "big5", "euc-kr", "iso-2022-jp", "hz", "cp437", "cp037", "mac-roman", "idna", "punycode", "unicode_escape",
    "raw_unicode_escape", "rot13", "zlib", "base64", "undefined", "mbcs", "x-user-defined", "nonsense",
)  # fmt: skip


def texts() -> Iterator[Nasty]:
    def text(name: str, make: object, kind: str = TEXT) -> Nasty:
        return Nasty(name=name, content_type=kind, make=make)  # type: ignore[arg-type]  # a lambda

    for size in (1_900_000, 24_000_000):
        yield text(f"text of {size / 1e6:g} MB without a space", lambda size=size: b"x" * size)
        yield text(f"text of {size / 1e6:g} MB of 'a '", lambda size=size: b"a " * (size // 2))
        yield text(
            f"text of {size / 1e6:g} MB of blank lines",
            lambda size=size: b"a" + b"\n \t" * (size // 3) + b"b",
        )
    for piece in (
        "\n", "a\n", "- a\n", "1. a\n", "# a\n", "| a | b |\n", "a\n---\n", "> ", ">>> a\n", "[", "]", "[a](", "[a][", "![", "![a](b",
        "*", "**a", "_a", "* a *", "`", "<a ", "<!--", "\\", "&", "http://a", "[a]: b\n", "(", "A ", "WORD\n", "http://a)", "((", "-", "- ",
        "  ", "\t", "—", "a-", "=", "a\n=\n", "•", "• a\n", " o ", "x  \n", "[a\\", "<p ", "<br",
    ):  # fmt: skip
        yield text(
            f"text of 1 MB of {piece!r}",
            lambda piece=piece: ("Child W\n\n" + piece * (1_000_000 // len(piece))).encode(),
        )
    yield text("front matter without an end", lambda: b"---\n" + b"title: a\n" * 200_000)
    yield text("UTF-16 without a mark", lambda: ("Child W " * 1000).encode("utf-16-le"))
    yield text("UTF-16 that is cut in a letter", lambda: ("\ufeff" + _SAID * 10).encode("utf-16-le")[:-1])
    yield text("UTF-32 out of range", lambda: b"\xff\xfe\0\0" + b"\xff\xff\xff\x7f" * 1000)
    for charset in CHARSETS:
        yield text(
            f"windows-1252 that calls itself {charset}",
            lambda: (_SAID * 50).encode("cp1252"),
            f"text/html; charset={charset}",
        )
    yield text("UTF-7 in a page", lambda: b"<meta charset=utf-7>+ADw-script+AD4-<p>Child W" * 10)
    for seed in range(3):
        yield text(
            f"1 MB of chance bytes, {seed}",
            lambda seed=seed: random.Random(seed).randbytes(1_000_000),
            "application/octet-stream",
        )
        yield text(
            f"1 MB of chance bytes as HTML, {seed}",
            lambda seed=seed: b"<html><p>" + random.Random(seed).randbytes(1_000_000).replace(b"\0", b""),
            HTML,
        )
    yield text("1 MB of JSON", lambda: b"[" * 1_000_000, "application/json")
    yield text("a content type of 1 MB", lambda: _SAID.encode(), "text/html; " + "charset=" * 100_000)
