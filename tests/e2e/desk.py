"""Commands typed without a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from unittest.mock import patch

from bot.cli import main
from tests.e2e.test_commands import Office


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
