"""What ships with the bot: its templates and its themes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from bot import config
from bot.themes import Vocabulary, parse_vocabulary
from bot.themes.own import extended
from bot.wiring.own_templates import fingerprints

PACKAGE = Path(__file__).parent.parent
TRIED = Path(__file__).parent / "tried_templates.json"  # made by `python -m tests.tools.prepared`


def shipped_templates() -> Path:
    """The bundled templates: beside the package in a checkout, inside it when installed."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def template_folders(directory: Path) -> list[Path]:
    """An administrator's templates first, then the bundled ones."""
    own = directory / "templates"
    return [folder for folder in (own, shipped_templates()) if folder.is_dir()]


def as_tried(own: Path) -> bool:
    """Whether the templates in force are, to the letter, those that our tests tried with every hard case."""
    tried: dict[str, str] = json.loads(TRIED.read_text("utf-8"))
    return fingerprints(own, shipped_templates()) == tried


def load_vocabulary(directory: Path | None = None) -> Vocabulary:
    """The themes that ship; with those of a folder's subscriptions.yaml, where it has any. Whatever else that
    file says may be wrong. Raises ConfigError."""
    shipped = _shipped_vocabulary()
    if directory is None:
        return shipped
    return extended(shipped, config.own_themes(directory / "subscriptions.yaml", shipped), checked=True)


@cache
def _shipped_vocabulary() -> Vocabulary:
    """Read once: it takes half a second, and never changes while we run."""
    return parse_vocabulary(config.load_vocabulary(PACKAGE / "themes" / "vocabulary.yaml"), checked=True)
