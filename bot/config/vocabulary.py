"""The YAML of the theme vocabulary. What it means is for `bot.themes` to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import ConfigError, Problem


def load_vocabulary(path: Path) -> Mapping[str, object]:
    """The file as plain values: text, numbers, lists, mappings. Raises ConfigError where it is missing, is
    not YAML, or is no mapping."""
    line: int | None = None
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        wrong = None if isinstance(content, dict) else "should be `key: value` lines"
    except (OSError, UnicodeDecodeError):
        content, wrong = None, "could not be read; install the bot again, the file comes with it"
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        content, wrong = None, f"is not YAML here: {error.problem}"
    except (YAMLError, ValueError) as error:
        content, wrong = None, f"is not YAML: {error}"
    if wrong or not isinstance(content, dict):
        raise ConfigError([Problem(file=str(path), line=line, field="", text=wrong or "is empty")])
    return content
