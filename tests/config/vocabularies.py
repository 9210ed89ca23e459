"""Small vocabularies that ship, as far as a test is concerned."""

from __future__ import annotations

from bot.themes import Vocabulary, parse_vocabulary


def vocabulary_of(*ids: str) -> Vocabulary:
    """Themes of these ids, each with two phrases that find it and one that does not mean it."""
    themes = [
        {
            "id": id,
            "name": id.capitalize(),
            "strong": [f"about {id}"],
            "weak": [f"near {id}"],
            "not": ["fork"],
        }
        for id in ids
    ]
    return parse_vocabulary({"sets": {"baby": ["baby", "infant"]}, "themes": themes})
