"""The YAML of the theme vocabulary. What it means is for `bot.themes` to say.

Parsing it takes half a second, and every command needs it: so the same stands beside it as JSON, made by
`python -m tests.tools.prepared` of the very YAML whose fingerprint it has. One that was made of another is
passed over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from bot.errors import ConfigError, Problem


def load_vocabulary(path: Path) -> Mapping[str, object]:
    """The file as plain values: text, numbers, lists, mappings. Raises ConfigError where it is missing, is
    not YAML, or is no mapping."""
    try:
        written = path.read_bytes()
        return _prepared(path, written) or _parsed(path, written.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        text = "could not be read; install the bot again, the file comes with it"
        raise ConfigError([Problem(file=str(path), line=None, field="", text=text)]) from None


def prepared(written: bytes) -> str:
    """What stands beside a vocabulary of these bytes."""
    content = _parsed(Path(), written.decode("utf-8"))
    return json.dumps(
        {"made_of": hashlib.sha256(written).hexdigest(), "vocabulary": content}, ensure_ascii=False, indent=0
    )


def _prepared(path: Path, written: bytes) -> Mapping[str, object] | None:
    """The same as JSON, where it is there and was made of these bytes."""
    try:
        made = json.loads(path.with_suffix(".json").read_bytes())
        fits = made["made_of"] == hashlib.sha256(written).hexdigest()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return made["vocabulary"] if fits else None


def _parsed(path: Path, written: str) -> Mapping[str, object]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    line: int | None = None
    try:
        content = YAML(typ="safe", pure=True).load(written)
        wrong = None if isinstance(content, dict) else "should be `key: value` lines"
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        content, wrong = None, f"is not YAML here: {error.problem}"
    except (YAMLError, ValueError) as error:
        content, wrong = None, f"is not YAML: {error}"
    if wrong or not isinstance(content, dict):
        raise ConfigError([Problem(file=str(path), line=line, field="", text=wrong or "is empty")])
    return content
