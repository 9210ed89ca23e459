"""A session of `sources add` as it stands on an administrator's screen:
`python -m tests.tools.adding_transcript CORPUS_DIR [PAGE ...]`.

Serves pages of a corpus on loopback, types the command for each, says yes to each question and names no
area; then shows the file that came of it, and what `check` says of it.
"""

from __future__ import annotations

import json
import os
import pty
import sys
import tempfile
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

PAGES = ("wordpress-bullets", "govuk-atom", "hub-page")
ANSWERS = {b"[y/N]: ": b"y\n", b"[Y/n]: ": b"y\n", b"(Enter for none): ": b"\n"}
BEGINNING = "# Pages that we watch.\nallow_private_hosts: [127.0.0.1]\nsources: []\n"


class Site:
    """Answers each page of the corpus under its name, as its meta.json says that it came."""

    def __init__(self, corpus: Path) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                folder = corpus / self.path.strip("/")
                if not (folder / "meta.json").is_file():
                    self.send_error(404)
                    return
                file = next(one for one in folder.iterdir() if one.stem in ("page", "feed", "doc"))
                self.send_response(200)
                self.send_header(
                    "Content-Type", json.loads((folder / "meta.json").read_text())["content_type"]
                )
                self.end_headers()
                self.wfile.write(file.read_bytes())

            def log_message(self, *args: object) -> None:
                """Nothing on the terminal."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, daemon=True).start()


def typed(*words: str) -> int:
    """One command on a terminal of its own, all that it shows shown here; how it ended."""
    print(f"$ learning-bot {' '.join(words)}", flush=True)
    asked = b""

    def heard(terminal: int) -> bytes:
        nonlocal asked
        shown = os.read(terminal, 1024)
        asked = (asked + shown)[-80:]
        for question, answer in ANSWERS.items():
            if asked.endswith(question):
                asked = b""
                os.write(terminal, answer)
        return shown

    return os.waitstatus_to_exitcode(pty.spawn([sys.executable, "-m", "bot", *words], heard))


def main(corpus: Path, pages: Sequence[str]) -> int:
    site = Site(corpus)
    checkout = str(Path(__file__).parents[2])
    os.environ |= {"PYTHONPATH": checkout, "COLUMNS": "110", "TERM": "dumb"}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("sources.yaml").write_text(BEGINNING)
        Path("subscriptions.yaml").write_text("digests: {}\nsubscriptions: []\n")
        ended = [typed("sources", "add", f"{site.root}/{page}") for page in pages]
        print(f"$ cat sources.yaml\n{Path('sources.yaml').read_text()}", flush=True)
        ended.append(typed("check"))
        os.chdir(checkout)
    return 1 if any(ended) else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).absolute(), sys.argv[2:] or PAGES))
