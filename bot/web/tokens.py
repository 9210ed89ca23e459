"""Tokens of unsubscribe links: who wants no more, and of which subscriptions. Signed, short, and silent.

A token is `<subscriber id>[.<mark>...].<signature>`, with a mark for each subscription that brought the mail;
none: all of them. It names no address, and no subscription either: a mark is a hash, looked up among the
reader's own subscriptions. It does not expire, because a link in an old mail must still work.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

LONGEST_LINK = 800  # characters: what stands in a header of a mail on one line (RFC 5322, 2.1.1: 998)
MOST_MARKS = 60


class _ShortHmac(HMACAlgorithm):
    """HMAC-SHA256 cut to 128 bits, as RFC 2104 section 5 allows: 22 characters instead of 43."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a genuine token says. `marks` is empty where it is about all subscriptions of the reader."""

    subscriber_id: int
    marks: tuple[str, ...] = ()


def link(public_url: str, subscriber_id: int, subscriptions: Sequence[str], keys: Sequence[str]) -> str:
    """The reader's own address for stopping these subscriptions: what `token` gives, after `public_url`.
    Where that would be too long for a mail's header, it is about all."""
    for named in (subscriptions, None):
        url = f"{public_url}/unsubscribe/{token(subscriber_id, named, keys)}"
        if len(url) <= LONGEST_LINK:
            break
    return url


def token(subscriber_id: int, subscriptions: Sequence[str] | None, keys: Sequence[str]) -> str:
    """The token for these subscriptions (their ids) of a subscriber, or for all (None, empty, or more than
    MOST_MARKS), signed with the first key."""
    marks = dict.fromkeys(mark_of(one) for one in subscriptions or ())
    parts = [str(subscriber_id), *(marks if len(marks) <= MOST_MARKS else ())]
    return _signer(keys).sign(".".join(parts)).decode("ascii")


def read_token(text: str, keys: Sequence[str]) -> Wish | None:
    """What a token says if it was signed with any of the keys, else None."""
    if not text.isascii():
        return None
    try:
        signed = _signer(keys).unsign(text).decode("ascii")
    except BadSignature:
        return None
    subscriber, *marks = signed.split(".")
    return Wish(subscriber_id=int(subscriber), marks=tuple(marks))


def mark_of(subscription: str) -> str:
    """Eight characters that stand for a subscription's id."""
    return urlsafe_b64encode(hashlib.sha256(subscription.encode()).digest()[:6]).decode("ascii")


def _signer(keys: Sequence[str]) -> Signer:
    # itsdangerous wants the oldest key first and signs with the last.
    return Signer(tuple(reversed(keys)), salt="unsubscribe", algorithm=_ShortHmac(hashlib.sha256))
