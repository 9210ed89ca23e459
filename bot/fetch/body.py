"""The body of an answer, unpacked as it arrives, so that nothing larger than allowed is ever held."""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import SourceError
from bot.fetch.failures import NO_USE, Hiccup, failing
from bot.fetch.packed import NotPacked, unpacker

SPELLINGS = {"gzip": "gzip", "x-gzip": "gzip", "br": "br", "zstd": "zstd"}
NOT_ASKED_FOR = ("deflate", "compress", "x-compress", "dcb", "dcz")


def read_body(url: str, chunks: Iterable[bytes], coding: str, largest: int, *, cut: bool = False) -> bytes:
    """The whole body, unpacked if `coding` (the Content-Encoding) says that it is packed.

    `largest` is in bytes, packed and unpacked; `cut` gives the beginning of a larger body instead of an
    error. Raises SourceError: failing if it is larger or breaks off, unreadable if it is not packed as it
    says. Unknown codings ("utf-8", "none") are mistakes that browsers pass over, and so do we.
    """
    name = _named(url, coding)
    stream = unpacker(name) if name else None
    body = bytearray()
    packed = 0
    for chunk in chunks:
        packed += len(chunk)
        try:
            body += stream.feed(chunk, largest + 1 - len(body)) if stream else chunk
        except NotPacked as error:
            raise _unreadable(url, f"it says that it is packed with {name}, and is not ({error})") from error
        if max(packed, len(body)) > largest:
            if cut:
                return bytes(body[:largest])
            raise too_large(url, largest)
    if stream and packed and not stream.whole:
        raise failing(url, "its packed content breaks off in the middle", again=True, kind=Hiccup)
    return bytes(body)


def too_large(url: str, largest: int) -> SourceError:
    """The error for a body of more than `largest` bytes."""
    return SourceError(
        f"Stopped fetching {url}: it is larger than {largest / 1_000_000:g} MB, the most that is read; "
        f"{NO_USE}, choose a smaller page.",
        trouble="failing",
        again=False,
    )


def _named(url: str, coding: str) -> str | None:
    """How it is packed, None if it is not. Packed twice over, nobody means well."""
    names = [name for name in coding.lower().replace(" ", "").split(",") if name not in ("", "identity")]
    if len(names) > 1:
        raise _unreadable(url, f"it is packed more than once ({', '.join(names)[:60]})")
    if names and names[0] in NOT_ASKED_FOR:
        raise _unreadable(url, f"it is packed with {names[0]}, which was not asked for")
    return SPELLINGS.get(names[0]) if names else None


def _unreadable(url: str, why: str) -> SourceError:
    return SourceError(
        f"Could not unpack {url}: {why}; {NO_USE}.",
        trouble="unreadable",
        again=False,
    )
