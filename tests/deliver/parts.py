"""Real parts for delivery tests: a renderer over the bundled templates, letters, and a progress that remembers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.deliver.mail.letter import Letters
from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.models import Delivery, Organisation, Posted
from tests.deliver.invented import name_of_theme

TEMPLATES = Path(__file__).parents[2] / "templates"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LINK = "https://learning.example.org/unsubscribe/opaque-token?list=weekly&reader=7"


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Watched:
    """Progress that remembers in which order it was told what."""

    def __init__(self, when_handing_over: Callable[[], None] = lambda: None) -> None:
        self.told: list[str] = []
        self.posts: list[Posted] = []
        self._when_handing_over = when_handing_over

    def handing_over(self) -> None:
        self._when_handing_over()
        self.told.append("handing over")

    def posted(self, post: Posted) -> None:
        self.told.append("posted")
        self.posts.append(post)


def renderer(*folders: Path, contact: str | None = "safeguarding@example.org") -> Renderer:
    organisation = Organisation(name="Wetherby Vale learning", contact=contact)
    return Renderer(Templates([*folders, TEMPLATES]), name_of_theme, lambda: organisation)


SHARED = renderer()


def letters(
    sender: str = "Learning <bot@example.org>",
    unsubscribe_url: Callable[[Delivery], str | None] = lambda delivery: LINK,
    page_url: Callable[[str], str | None] = lambda edition_id: None,
    reply_to: str | None = None,
    return_path: str | None = None,
    sign: Callable[[bytes], bytes] | None = None,
) -> Letters:
    return Letters(SHARED, sender, StoppedClock(), unsubscribe_url, page_url, reply_to, return_path, sign)
