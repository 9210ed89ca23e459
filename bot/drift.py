"""Whether what was read from a page can be trusted. A page that suddenly yields little is an error, never
an empty digest."""

from __future__ import annotations

from bot.errors import UnreadableDocument
from bot.models import Reading, Source, SourceRun

ENOUGH_TO_JUDGE = 8  # reviews at the last good poll, from which on a sudden drop means something
DROP = 4  # a quarter of what it was


def check(source: Source, reading: Reading, last_good: SourceRun | None) -> None:
    """Raises UnreadableDocument where the reading is outside `expect`, or far below the last good one.

    A page that says itself that nothing is published, or that only points elsewhere, is believed.
    """
    if reading.state != "read":
        return
    count = len(reading.reviews)
    low, high = source.expect_min, source.expect_max
    before = last_good.records if last_good and last_good.records else 0
    if low is not None and count < low:
        raise _distrust(source, count, f"at least {low} were expected", "lower `expect: min` in sources.yaml")
    if high is not None and count > high:
        raise _distrust(source, count, f"at most {high} were expected", "raise `expect: max` in sources.yaml")
    if source.reads != "feed" and before >= ENOUGH_TO_JUDGE and count * DROP < before:
        remedy = f"run `learning-bot poll {source.id} --accept`"
        raise _distrust(source, count, f"{before} were there at the last good poll", remedy)
    for review in reading.reviews:
        if not review.title.strip() or "\N{REPLACEMENT CHARACTER}" in review.title:
            raise UnreadableDocument(
                f"{source.url} gave a review whose title cannot be read ({review.title!r}); nothing was kept"
            )


def _distrust(source: Source, count: int, expected: str, remedy: str) -> UnreadableDocument:
    found = "no reviews" if count == 0 else "1 review" if count == 1 else f"{count} reviews"
    return UnreadableDocument(
        f"{source.url} gave {found}, and {expected}; nothing was kept. If that is right, {remedy}"
    )
