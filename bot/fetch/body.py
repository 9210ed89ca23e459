"""The body of an answer, unpacked as it arrives, so that nothing larger than allowed is ever held."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from bot.errors import SourceError
from bot.fetch.failures import NO_USE, failing

GZIP = ("gzip", "x-gzip")
NOT_ASKED_FOR = ("br", "zstd", "deflate", "compress", "x-compress")  # we ask for gzip alone
MAGIC = b"\x1f\x8b"


def read_body(url: str, chunks: Iterable[bytes], coding: str, largest: int, *, cut: bool = False) -> bytes:
    """The whole body, unpacked if `coding` (the Content-Encoding) says gzip.

    `largest` is in bytes, packed and unpacked; `cut` gives the beginning of a larger body instead of an
    error. Raises SourceError: failing if it is larger or breaks off, unreadable if it is not packed as it
    says. Unknown codings ("utf-8", "none") are mistakes that browsers pass over, and so do we.
    """
    name = coding.strip().lower()
    if name in NOT_ASKED_FOR or "," in name:
        raise SourceError(
            f"Could not unpack {url}: it is packed with {name}, which was not asked for; {NO_USE}.",
            trouble="unreadable",
            again=False,
        )
    gunzip = _Gunzip(url) if name in GZIP else None
    body = bytearray()
    packed = 0
    for chunk in chunks:
        packed += len(chunk)
        room = largest + 1 - len(body)
        body += gunzip.feed(chunk, room) if gunzip else chunk
        if max(packed, len(body)) > largest:
            if cut:
                return bytes(body[:largest])
            raise too_large(url, largest)
    if gunzip and packed:
        gunzip.finish()
    return bytes(body)


def too_large(url: str, largest: int) -> SourceError:
    """The error for a body of more than `largest` bytes."""
    return SourceError(
        f"Stopped fetching {url}: it is larger than {largest / 1_000_000:g} MB, the most that is read; "
        f"{NO_USE}, choose a smaller page.",
        trouble="failing",
        again=False,
    )


class _Gunzip:
    """One gzip stream, checked to the end: httpx's own decoder takes a stream that is cut short for whole."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._after = b""

    def feed(self, packed: bytes, room: int) -> bytes:
        """What this chunk unpacks to, at most `room` bytes of it."""
        if self._stream.eof:
            self._after = (self._after + packed)[:2]
            return b""
        try:
            unpacked = self._stream.decompress(packed, room)
        except zlib.error as error:
            raise self._unreadable(f"it says that it is packed with gzip, and is not ({error})") from error
        self._after = self._stream.unused_data[:2]
        return unpacked

    def finish(self) -> None:
        """Raises SourceError unless the stream came to its end, and nothing but padding came after."""
        if not self._stream.eof:
            raise failing(self._url, "its packed content breaks off in the middle", again=True)
        if self._after == MAGIC:
            raise self._unreadable("it is packed in several parts, of which only the first can be read")

    def _unreadable(self, why: str) -> SourceError:
        return SourceError(
            f"Could not unpack {self._url}: {why}; {NO_USE}.",
            trouble="unreadable",
            again=False,
        )
