"""The five real documents, from five bodies, to three subscribers: `python -m tests.real_input CORPUS_DIR`.

Serves the `seed-*` documents of a corpus on loopback as five sources, and does what an administrator would: runs
the commands, first while the pages say that nothing is published, then once the documents are there. A mail
server and a Slack stand-in take what is sent. Prints what each reader got, and fails unless it is what they asked
for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from bot.demo.mailbox import Mailbox
from bot.demo.slack_page import Message
from bot.demo.slack_stand_in import SlackStandIn

SEEDS = {
    "seed-nyscp-henry": "North Yorkshire SCP",
    "seed-calderdale": "Calderdale SCP",
    "seed-nspcc-2022-02": "NSPCC repository, February 2022",
    "seed-esscp-infants": "East Sussex SCP",
    "seed-dorset-s22": "Dorset SCB",
}
NOTHING_YET = b"Learning from reviews\n\nThere are currently no published reviews.\n"

SUBSCRIPTIONS = """
digests:
  weekly: {cron: "0 8 * * mon", timezone: Europe/London}
subscriptions:
  - id: baby-safety
    name: Baby safety
    to: [lead@example.org]
    digest: weekly
    themes: {any: [non-accidental-injury, bruising-non-mobile, abusive-head-trauma, infant-crying]}
  - id: exploitation
    name: Sexual abuse and exploitation
    to: ["slack:#exploitation"]
    digest: immediately
    themes: {any: [child-sexual-abuse, child-sexual-exploitation, criminal-exploitation]}
  - id: everything
    name: Every review
    to: [manager@example.org]
    digest: weekly
"""
TOKEN = "xoxb-real-input"


class Documents:
    """Serves each document under its name, once it is published; until then a page that says that none is."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self.published = False
        documents = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body, content_type = documents.answer(self.path.strip("/"))
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, name: str) -> tuple[bytes, str]:
        if name not in SEEDS:
            return b"", "text/plain"
        if not self.published:
            return NOTHING_YET, "text/plain; charset=utf-8"
        content_type = json.loads((self._corpus / name / "meta.json").read_text())["content_type"]
        return (self._corpus / name / "page.txt").read_bytes(), content_type


def sources(root: str) -> str:
    entries = "\n".join(
        f"  - {{id: {seed}, name: '{name}', url: {root}/{seed}}}" for seed, name in SEEDS.items()
    )
    return f"defaults: {{every: 1d, contact: me@example.org}}\nallow_private_hosts: [127.0.0.1]\nsources:\n{entries}\n"


def run(folder: Path, environ: dict[str, str], *arguments: str, allowed: Sequence[int] = (0,)) -> str:
    """One command, as an administrator types it; its output."""
    command = [sys.executable, "-m", "bot", "--config", str(folder), *arguments]
    checkout = str(Path(__file__).parents[1])
    done = subprocess.run(
        command,
        env={**environ, "PYTHONPATH": checkout},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode not in allowed:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(corpus: Path) -> None:
    documents = Documents(corpus)
    with (
        tempfile.TemporaryDirectory() as name,
        Mailbox() as mailbox,
        SlackStandIn(token=TOKEN, channels=["#exploitation"]) as slack,
    ):
        folder = Path(name)
        (folder / "sources.yaml").write_text(sources(documents.root))
        (folder / "subscriptions.yaml").write_text(SUBSCRIPTIONS)
        environ = {
            **os.environ,
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "Learning <learning@example.org>",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_API_URL": slack.url,
        }
        print(run(folder, environ, "check"))
        print("Before anything is published:\n" + run(folder, environ, "poll", *SEEDS))
        documents.published = True
        print("Once the documents are there:\n" + run(folder, environ, "poll", *SEEDS))
        print("Sent:\n" + run(folder, environ, "send", "baby-safety", "exploitation", "everything"))
        print(
            "Sent again, which says so and repeats nothing:\n" + run(folder, environ, "send", "exploitation")
        )
        for received in mailbox.received:
            print(f"== {received.recipients[0]}: {received.subject}\n{received.text}\n")
        posts = slack.roots("#exploitation")
        print(f"== #exploitation: {len(posts)} posts")
        for post in posts:
            print(post.text + "\n")
        check(mailbox, posts)


def check(mailbox: Mailbox, posts: Sequence[Message]) -> None:
    """What must be so, whatever the reader and the themes learn yet."""
    to = {received.recipients[0]: received.text for received in mailbox.received}
    expected = {
        "lead@example.org": ["Child H (Henry)", "Child RS", "Baby ‘R’", "Learning Lessons", "Family S22"],
        "manager@example.org": ["Child H (Henry)", "Joshua", "Mia", "Child P", "Family S22"],
    }
    for address, titles in expected.items():
        for title in titles:
            assert title in to[address], f"{address} should have been told of {title}"
    assert "Joshua" not in to["lead@example.org"], "an 8-year-old's sexual abuse is not baby safety"
    told = " ".join(str(post.text) for post in posts)
    assert "Joshua" in told, "the channel should have been told of Joshua"
    assert "Henry" not in told, "nothing of exploitation is in it"
    assert len(mailbox.received) == 2, "each reader got one mail"


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
