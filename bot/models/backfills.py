"""Pages beyond the one that is watched, as `sources backfill` found and read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OlderState = Literal["waiting", "read", "nothing there", "met before", "no such page", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderPage:
    """A page that may hold older reviews of a source, and what became of it.

    `waiting`: not asked for yet. `nothing there`: it holds no review; perhaps it leads to others.
    `met before`: it leads to a page that is known. `no such page`: its site has none, or none any more;
    `guessed`: nobody said that there was one. `failed`: asked for again the next time. `detail`: while it
    waits, what the link to it is called; then what was wrong. `reviews` on it, and how many of them were
    `new` to the archive. `idle`: how many pages on the way here, in a row and with this one, held no review
    that no page before them had. `met`: marks by which its reviews are known on other pages.
    """

    source_id: str
    url: str
    state: OlderState = "waiting"
    reviews: int = 0
    new: int = 0
    at: datetime | None = None
    detail: str = ""
    guessed: bool = False
    idle: int = 0
    met: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be asked for."""
        return self.state in ("waiting", "failed")
