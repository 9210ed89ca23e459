"""What each finding may be at the most. Raise one only with a reason in the commit; lower it when it was won for good.

Ratios say how many times as long as the baseline ours may take, growths the exponent, figures what the issues ask for.
A ratio stands some way above what a quiet machine finds, so that a busy one does not fail; the noise comes on top.
"""

from __future__ import annotations

from collections.abc import Mapping

MOST: Mapping[str, float] = {}


class _D(dict):
    def __missing__(self, key):
        return float("inf")


MOST = _D()
