"""Unpacking gzip, Brotli and Zstandard piece by piece, never more of it than there is room for.

Brotli and backports.zstd (the standard library's own from Python 3.14) are asked for no more than is wanted;
httpx unpacks what it is sent at once, and takes a stream that is cut short for whole.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # it has no types

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODINGS = "gzip, br, zstd"  # what is asked for
PIECE = 65_536  # bytes that Brotli is asked for at a time: it may give one and a half times as many
MOST_PARTS = 1_000  # gzip members or zstd frames of one body; packed by blocks of 64 kB, 25 MB have 400
GZIP_MAGIC = b"\x1f\x8b"
WINDOW_LOG = 23  # RFC 9659: a zstd body for the web needs no more than 8 MB to be unpacked


class NotPacked(Exception):
    """It is not packed as it says."""


class Unpacker(Protocol):
    """One body. `feed` raises NotPacked; once it has given `room` bytes it is not asked again."""

    def feed(self, packed: bytes, room: int) -> bytes:
        """What this piece unpacks to, little more than `room` bytes of it."""

    @property
    def whole(self) -> bool:
        """Whether the last part came to its end."""


def unpacker(coding: str) -> Unpacker:
    """For `gzip`, `br` or `zstd`."""
    makers: dict[str, Callable[[], Unpacker]] = {"gzip": _Gzip, "br": _Brotli, "zstd": _Zstd}
    return makers[coding]()


class _Parts:
    """Bodies of several parts, one after the other, each with its own stream."""

    def __init__(self) -> None:
        self._parts = 0

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise NotPacked(f"it has more than {MOST_PARTS} parts")


class _Gzip(_Parts):
    """Members (RFC 1952 section 2.2). What follows and is no member is passed over, as in browsers."""

    def __init__(self) -> None:
        super().__init__()
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._after = b""

    @property
    def whole(self) -> bool:
        return self._stream.eof

    def feed(self, packed: bytes, room: int) -> bytes:
        unpacked = bytearray()
        while packed and len(unpacked) < room:
            if self._stream.eof and not self._begins(packed):
                break
            packed = self._after + packed
            self._after = b""
            try:
                unpacked += self._stream.decompress(packed, room - len(unpacked))
            except zlib.error as error:
                raise NotPacked(str(error)) from error
            packed = self._stream.unused_data
        return bytes(unpacked)

    def _begins(self, packed: bytes) -> bool:
        """Whether another member begins here, whose first bytes may have come in two pieces."""
        start = (self._after + packed)[:2]
        if start != GZIP_MAGIC:
            self._after = start
            return False
        self._count()
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return True


class _Brotli:
    """One stream (RFC 7932); it can have no second."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def whole(self) -> bool:
        return bool(self._stream.is_finished())

    def feed(self, packed: bytes, room: int) -> bytes:
        try:
            unpacked = bytearray(self._stream.process(packed, output_buffer_limit=PIECE))
            while not self._stream.can_accept_more_data() and len(unpacked) < room:
                unpacked += self._stream.process(b"", output_buffer_limit=PIECE)
        except brotli.error as error:
            raise NotPacked("the decoder failed") from error
        return bytes(unpacked)


class _Zstd(_Parts):
    """Frames (RFC 8878 section 3.1), those that are to be skipped among them."""

    def __init__(self) -> None:
        super().__init__()
        self._stream = self._begun()

    @staticmethod
    def _begun() -> zstd.ZstdDecompressor:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG})

    @property
    def whole(self) -> bool:
        return self._stream.eof

    def feed(self, packed: bytes, room: int) -> bytes:
        unpacked = bytearray()
        while packed and len(unpacked) < room:
            if self._stream.eof:
                self._count()
                self._stream = self._begun()
            try:
                unpacked += self._stream.decompress(packed, room - len(unpacked))
            except zstd.ZstdError as error:
                raise NotPacked(str(error)) from error
            packed = self._stream.unused_data
        return bytes(unpacked)
