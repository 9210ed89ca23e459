"""Looking for themes in what the archive has, when the themes are others than before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.criteria import CriteriaIndex
from bot.models import KnownReview, Retagged
from bot.ports import Archive
from bot.themes import Vocabulary, tag


def tag_archive(
    archive: Archive, vocabulary: Vocabulary, now: datetime, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Look for the themes of this vocabulary in every review that was tagged with another; returns how many
    there were. A match that comes of it brings no old review to anybody.

    Each is taken up once, though another process with other themes may undo it meanwhile. `stopping` is asked
    between batches; what is left then is done the next time.
    """
    done: set[int] = set()
    while not stopping():
        some = [known for known in archive.tagged_otherwise(vocabulary.fingerprint) if known.id not in done]
        if not some:
            break
        index = CriteriaIndex(archive.criteria())
        archive.retag([_retagged(known, index, vocabulary) for known in some], vocabulary.fingerprint, now)
        done.update(known.id for known in some)
    return len(done)


def _retagged(known: KnownReview, index: CriteriaIndex, vocabulary: Vocabulary) -> Retagged:
    themes = tag(known.review, vocabulary)
    seen_at = {sighting.source_id for sighting in known.sightings}
    return Retagged(known=known, themes=themes, matches=index.matches(known.review, themes, seen_at))
