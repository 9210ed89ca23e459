"""What is made beforehand, so that a command starts quickly, is made of what there is now."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.config import load_vocabulary
from bot.wiring import shipped
from bot.wiring.shipped import as_tried, shipped_templates
from tests.tools.prepared import VOCABULARY, files


def test_what_was_prepared_is_as_it_would_be_made_now() -> None:
    for path, text in files().items():
        assert path.read_text("utf-8") == text, "run `python -m tests.tools.prepared`"


def test_a_prepared_vocabulary_is_the_one_that_is_written_to_its_last_value(tmp_path: Path) -> None:
    shutil.copy(VOCABULARY, tmp_path)
    assert load_vocabulary(tmp_path / VOCABULARY.name) == load_vocabulary(VOCABULARY)


def test_one_that_was_prepared_of_another_vocabulary_or_is_damaged_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_text("themes: [edited]\n", encoding="utf-8")
    stale = {"made_of": "another", "vocabulary": {"themes": ["stale"]}}
    for text in (json.dumps(stale), "[]", "{}", "no JSON", ""):
        path.with_suffix(".json").write_text(text, encoding="utf-8")
        assert load_vocabulary(path) == {"themes": ["edited"]}


def test_templates_are_as_they_were_tried_until_any_of_them_is_another(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = tmp_path_factory.mktemp("prepared") / shipped.TRIED.name
    tried.write_text(files()[shipped.TRIED], encoding="utf-8")
    monkeypatch.setattr(shipped, "TRIED", tried)

    assert as_tried(tmp_path / "none")
    shutil.copytree(shipped_templates(), tmp_path, dirs_exist_ok=True)
    (tmp_path / "README.md").write_text("Ours.", encoding="utf-8")
    assert as_tried(tmp_path)

    own = tmp_path / "email" / "our-footer.html"
    own.write_text("<p>Ours</p>", encoding="utf-8")
    assert not as_tried(tmp_path)
    own.unlink()
    subject = tmp_path / "email" / "subject.txt"
    subject.write_text(subject.read_text("utf-8") + "!", encoding="utf-8")
    assert not as_tried(tmp_path)
