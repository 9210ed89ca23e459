"""Tokens of unsubscribe links: who wants no more, and of which subscription. Signed, short, and silent.

A token is `<subscriber id>[.<mark of the subscription>].<signature>`: 32 characters and the id's digits. It
names no address, and no subscription either: the mark is a hash, looked up among the reader's own
subscriptions. It does not expire, because a link in an old mail must still work.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm


class _ShortHmac(HMACAlgorithm):
    """HMAC-SHA256 cut to 128 bits, as RFC 2104 section 5 allows: 22 characters instead of 43."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a genuine token says. `mark` is None where it is about all subscriptions of the reader."""

    subscriber_id: int
    mark: str | None


def token(subscriber_id: int, subscription: str | None, keys: Sequence[str]) -> str:
    """The token for one subscription (its id) of a subscriber, or all (None), signed with the first key."""
    parts = [str(subscriber_id), *([mark_of(subscription)] if subscription is not None else [])]
    return _signer(keys).sign(".".join(parts)).decode("ascii")


def read_token(text: str, keys: Sequence[str]) -> Wish | None:
    """What a token says if it was signed with any of the keys, else None."""
    if not text.isascii():
        return None
    try:
        signed = _signer(keys).unsign(text).decode("ascii")
    except BadSignature:
        return None
    subscriber, _, mark = signed.partition(".")
    return Wish(subscriber_id=int(subscriber), mark=mark or None)


def mark_of(subscription: str) -> str:
    """Eight characters that stand for a subscription's id."""
    return urlsafe_b64encode(hashlib.sha256(subscription.encode()).digest()[:6]).decode("ascii")


def _signer(keys: Sequence[str]) -> Signer:
    # itsdangerous wants the oldest key first and signs with the last.
    return Signer(tuple(reversed(keys)), salt="unsubscribe", algorithm=_ShortHmac(hashlib.sha256))
