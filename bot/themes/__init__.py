"""Themes: the vocabulary that names them, and the matcher that finds them with the words that prove them."""

from bot.themes.matcher import tag
from bot.themes.vocabulary import ThemeEntry, Vocabulary, parse_vocabulary

__all__ = ["ThemeEntry", "Vocabulary", "parse_vocabulary", "tag"]
