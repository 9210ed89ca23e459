"""Changes of a feed, made on its bytes."""

from __future__ import annotations

import re

_ITEM = re.compile(rb"<(item|entry)\b.*?</\1\s*>", re.S)
_PROSE = re.compile(rb"<((?:content:encoded|content|description|summary))\b[^<>]*>.*?</\1\s*>", re.S)


def order_reversed(body: bytes) -> bytes | None:
    items = [found[0] for found in _ITEM.finditer(body)]
    turned = iter(reversed(items))
    return _ITEM.sub(lambda _: next(turned), body) if len(items) > 1 else None


def blocks_stripped(body: bytes) -> bytes:
    """Titles and links stay; what the items say is gone."""
    return _ITEM.sub(lambda found: _PROSE.sub(b"", found[0]), body)
