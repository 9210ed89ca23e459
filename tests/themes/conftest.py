from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from ruamel.yaml import YAML

import bot.themes
from bot.themes import Vocabulary, parse_vocabulary

FILE = Path(bot.themes.__file__).with_name("vocabulary.yaml")


@pytest.fixture(scope="session")
def mapping() -> Mapping[str, object]:
    return cast("Mapping[str, object]", YAML(typ="safe").load(FILE.read_text("utf-8")))


@pytest.fixture(scope="session")
def vocabulary(mapping: Mapping[str, object]) -> Vocabulary:
    return parse_vocabulary(mapping)
