"""Writes what lets a command start quickly: `python -m tests.tools.prepared`.

- `bot/themes/vocabulary.json`, the vocabulary in a form that is read in a moment;
- `bot/wiring/tried_templates.json`, the fingerprints of the templates that ship, as tests/deliver/rendering/test_hard_cases.py
  tries them: `check` need not try them once more.

Run it when the vocabulary or a template was changed, and its tests pass.
"""

from __future__ import annotations

import json
from pathlib import Path

from bot.config.vocabulary import prepared
from bot.wiring.own_templates import fingerprints
from bot.wiring.shipped import PACKAGE, TRIED, shipped_templates

VOCABULARY = PACKAGE / "themes" / "vocabulary.yaml"


def files() -> dict[Path, str]:
    """Each file, and what should be in it."""
    tried = json.dumps(fingerprints(shipped_templates()), indent=0, sort_keys=True)
    return {
        VOCABULARY.with_suffix(".json"): prepared(VOCABULARY.read_bytes()) + "\n",
        TRIED: tried + "\n",
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(f"written: {path}")
