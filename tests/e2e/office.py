"""A folder with its configuration, where commands are typed: in processes of their own, or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from bot.cli import main
from bot.demo.example_site import ExampleSite, write_configuration

CHECKOUT = str(Path(__file__).parents[2])


class Office:
    """A folder with its configuration, in which an administrator types commands. `started`: the module of those
    that go on until they are stopped."""

    started = "bot"

    def __init__(self, folder: Path, site: ExampleSite) -> None:
        self.folder = folder
        self.site = site
        self.environ = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.environ["PYTHONPATH"] = CHECKOUT
        write_configuration(folder, site.root)

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def starts(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", self.started, *words],
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def edits(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


class Desk(Office):
    """An office whose commands run in this process, which is quicker; nobody can be asked there."""

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        out, err, status = StringIO(), StringIO(), 0
        with (
            chdir(self.folder),
            patch.dict(os.environ, self.environ, clear=True),
            patch.object(sys, "argv", ["learning-bot", *words]),
            patch.object(sys, "stdin", StringIO()),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ended:
                status = int(ended.code or 0)
        return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())
