"""A folder with nothing but themes of its own: `read` finds them, and says where they are wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = str(Path(__file__).parents[2])
PAGE = """<html><body><main><h1>Published case reviews</h1><h3>2026 – Saltmarsh – Child Pool</h3>
<p>A toddler drowned in a garden pond in May 2025.</p>
<p><strong>Learning includes:</strong> fences; ask about ponds.</p></main></body></html>"""
THEMES = "themes:\n  - {id: water-safety, name: Water safety, strong: [drown]}\n"


def types(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**environ, "PYTHONPATH": CHECKOUT},
        capture_output=True,
        text=True,
        timeout=120,
    )


def themes_read(folder: Path) -> list[str]:
    done = types(folder, "read", "page.html", "--json")
    assert done.returncode == 0, done.stderr
    return [theme["id"] for theme in json.loads(done.stdout)["reviews"][0]["themes"]]


def test_a_page_is_read_with_the_themes_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    assert "water-safety" not in themes_read(tmp_path)
    (tmp_path / "subscriptions.yaml").write_text(THEMES)
    assert "water-safety" in themes_read(tmp_path)
    (tmp_path / "subscriptions.yaml").write_text(THEMES.replace("drown", "drown ..."))
    done = types(tmp_path, "read", "page.html")
    assert done.returncode == 2
    assert "subscriptions.yaml:2: themes[water-safety].strong[1]: `drown ...`: a phrase" in done.stderr
