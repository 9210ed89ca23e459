"""Bodies packed with gzip, Brotli and Zstandard: whole, broken and swollen."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

import brotli
import pytest

from bot.errors import SourceError
from bot.fetch.body import read_body
from bot.fetch.http import HttpFetcher
from bot.fetch.packed import MOST_PARTS, zstd
from bot.models import Page
from tests.fetch.hostile_site import PAGE, HostileSite

URL = "https://wetherby.example/"
MOST = 1_000_000
LONG = b"".join(b"<p>Learning from review %d" % number for number in range(20_000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": partial(brotli.compress, quality=2),  # the best takes seconds
    "zstd": zstd.compress,
}
SKIPPED = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"  # a frame that zstd passes over (RFC 8878 section 3.1.2)


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


def unpacked(body: bytes, coding: str, size: int = 16_384, most: int = MOST) -> bytes:
    return read_body(URL, pieces(body, size), coding, most)


def refusal(body: bytes, coding: str, size: int = 16_384, most: int = MOST) -> SourceError:
    with pytest.raises(SourceError) as caught:
        unpacked(body, coding, size, most)
    return caught.value


coded = pytest.mark.parametrize("coding", PACKERS)


@coded
def test_a_packed_page_is_unpacked_and_that_is_what_was_asked_for(
    fetcher: HttpFetcher, site: HostileSite, coding: str
) -> None:
    site.answers(PACKERS[coding](PAGE), headers={"Content-Encoding": coding})
    page = fetcher.fetch(site.url())
    assert isinstance(page, Page)
    assert page.body == PAGE
    assert site.requests("/reviews")[0].headers["accept-encoding"] == "gzip, br, zstd"


@coded
@pytest.mark.parametrize("size", [1, 2, 7, 1000, 10_000_000])
def test_it_does_not_matter_in_what_pieces_it_comes(coding: str, size: int) -> None:
    assert unpacked(PACKERS[coding](LONG[:50_000]), coding.upper(), size) == LONG[:50_000]


@coded
@pytest.mark.parametrize("missing", [1, 4, 9, 30])
def test_a_packed_body_that_breaks_off_is_noticed(coding: str, missing: int) -> None:
    error = refusal(PACKERS[coding](LONG)[:-missing], coding)
    assert (error.trouble, error.again) == ("failing", True)
    assert "breaks off" in str(error)


@coded
def test_a_body_that_is_not_packed_as_it_says_is_unreadable(coding: str) -> None:
    assert refusal(PAGE, coding).trouble == "unreadable"


@coded
@pytest.mark.parametrize("size", [1000, 10_000_000])
def test_a_bomb_never_takes_up_its_full_size(coding: str, size: int) -> None:
    bomb = PACKERS[coding](bytes(60_000_000))
    tracemalloc.start()
    error = refusal(bomb, coding, size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "larger than 1 MB" in str(error)
    assert peak < 5_000_000


@coded
def test_just_the_allowed_size_is_read(coding: str) -> None:
    assert len(unpacked(PACKERS[coding](bytes(1000)), coding, most=1000)) == 1000
    assert "larger" in str(refusal(PACKERS[coding](bytes(1001)), coding, most=1000))
    assert read_body(URL, [PACKERS[coding](LONG)], coding, 1000, cut=True) == LONG[:1000]


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 3, 10_000_000])
def test_several_parts_are_read_as_one(coding: str, size: int) -> None:
    pack = PACKERS[coding]
    assert unpacked(pack(PAGE) + pack(b"") + pack(LONG[:9000]), coding, size) == PAGE + LONG[:9000]
    assert "breaks off" in str(refusal(pack(PAGE) + pack(PAGE)[:-3], coding, size))


def test_padding_after_a_gzip_body_is_passed_over_as_in_browsers() -> None:
    for size in (1, 10_000):
        assert unpacked(gzip.compress(PAGE) + bytes(600), "gzip", size) == PAGE
        assert unpacked(gzip.compress(PAGE) + b"\x1f?" + gzip.compress(PAGE), "gzip", size) == PAGE


def test_zstd_frames_that_are_to_be_skipped_are() -> None:
    assert unpacked(SKIPPED + zstd.compress(PAGE) + SKIPPED, "zstd") == PAGE


def test_what_follows_and_is_no_part_is_an_error_for_the_others() -> None:
    assert refusal(brotli.compress(PAGE) + b"more", "br").trouble == "unreadable"
    assert refusal(zstd.compress(PAGE) + b"more than four", "zstd").trouble == "unreadable"


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_endless_little_parts_is_given_up(coding: str) -> None:
    part = PACKERS[coding](b"")
    assert unpacked(part * MOST_PARTS + PACKERS[coding](PAGE), coding) == PAGE
    assert f"more than {MOST_PARTS} parts" in str(refusal(part * (MOST_PARTS + 2), coding))


def test_a_zstd_body_that_wants_more_memory_than_the_web_allows_is_refused() -> None:
    """RFC 9659: 8 MB, where the format would let a server ask for 2 GB."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    body = packer.compress(PAGE) + packer.flush()
    assert "too much memory" in str(refusal(body, "zstd"))
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 23})
    assert unpacked(packer.compress(PAGE) + packer.flush(), "zstd") == PAGE


@pytest.mark.parametrize("coding", ["gzip, br", "gzip,gzip", "br, identity, zstd"])
def test_what_is_packed_twice_is_refused(coding: str) -> None:
    error = refusal(gzip.compress(gzip.compress(PAGE)), coding)
    assert "packed more than once" in str(error)
    assert error.trouble == "unreadable"


@pytest.mark.parametrize("coding", ["deflate", "compress", "dcb"])
def test_what_was_not_asked_for_is_refused_by_name(coding: str) -> None:
    assert f"packed with {coding}, which was not asked for" in str(refusal(PAGE, coding))


@pytest.mark.parametrize("coding", ["", "identity", "UTF-8", "none", " , "])
def test_other_names_are_mistakes_that_are_passed_over(coding: str) -> None:
    assert unpacked(PAGE, coding) == PAGE


@coded
def test_nothing_at_all_is_nothing_however_it_is_packed(coding: str) -> None:
    assert unpacked(b"", coding) == b""
