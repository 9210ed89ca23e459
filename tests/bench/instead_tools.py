"""The three tools that `instead` compares, each as its user sets it up and types it: learning-bot, rss2email, urlwatch.

The other two are installed into an environment of their own, `tests/bench/instead/.venv`, with the versions of
`tests/bench/instead/requirements.txt`. They run as processes, and nothing of theirs is imported here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.mailbox import Received
from tests.bench.instead_served import words_of

ROOT = Path(__file__).parents[2]
PLACE = Path(__file__).parent / "instead"
WHERE = PLACE / ".venv"
PATIENCE = 600.0  # seconds for one command, or for installing
SENDER = "bot@example.org"


class NotInstalled(Exception):
    """The other tools cannot be had here; says why in a sentence."""


def install() -> Path:
    """The folder with their commands; made where it is not there, or where the versions changed since."""
    wanted = PLACE / "requirements.txt"
    ready = WHERE / ".ready"
    made_of = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if not ready.exists() or ready.read_text() != made_of:
        shutil.rmtree(WHERE, ignore_errors=True)
        # As in the Makefile: Debian's Python has no ensurepip, so the pip of the Python below ours does it.
        python = getattr(sys, "_base_executable", sys.executable)
        _install_step(python, "-m", "venv", "--without-pip", str(WHERE))
        told = ("--quiet", "--disable-pip-version-check", "--require-hashes")
        pip = (python, "-m", "pip", "--python", str(WHERE / "bin" / "python"))
        _install_step(*pip, "install", *told, "-r", str(wanted))
        ready.write_text(made_of)
    return WHERE / "bin"


def _install_step(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"installing them was not done after {PATIENCE:.0f} s") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise NotInstalled(said[-1] if said else f"{command[0]} ended with {done.returncode}")


Letters = Sequence[Received]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Seconds of processes, from their start to their end."""

    processor: float
    wall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool in a folder of its own. `to_learn` is typed once, so that it knows what is there already; `to_tell`
    whenever it should look and tell what is new. `told` counts the different things that it told of, by what its first
    command printed and the letters that came."""

    name: str
    to_learn: tuple[tuple[str, ...], ...]
    to_tell: tuple[tuple[str, ...], ...]
    files: dict[str, str]
    told: Callable[[str, Letters], int]
    environ: dict[str, str] = field(default_factory=dict)

    def settles(self, folder: Path) -> None:
        """Write its files, and let it learn what is there."""
        for name, content in self.files.items():
            (folder / name).write_text(content)
        self._types(self.to_learn, folder)

    def tells(self, folder: Path) -> tuple[Taken, str]:
        """Let it look and tell; seconds of all its commands, and what the first one printed."""
        return self._types(self.to_tell, folder)

    def _types(self, commands: Sequence[Sequence[str]], folder: Path) -> tuple[Taken, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environ = {**kept, "HOME": str(folder), **self.environ}
        done = [run(command, folder, environ) for command in commands]
        taken = [each for each, _ in done]
        whole = Taken(processor=sum(one.processor for one in taken), wall=sum(one.wall for one in taken))
        return whole, done[0][1]


def run(command: Sequence[str], folder: Path, environ: dict[str, str]) -> tuple[Taken, str]:
    """One process to its end, with those that it started; seconds, and what it printed. It must end well."""
    printed, said = folder / "printed.txt", folder / "said.txt"
    with printed.open("wb") as out, said.open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command}: {printed.read_text()[-1000:]} {said.read_text()[-2000:]}"
    return Taken(processor=usage.ru_utime + usage.ru_stime, wall=wall), printed.read_text()


# --- learning-bot ---------------------------------------------------------------------------------------


def learning_bot(urls: Sequence[str], subscriptions: Sequence[str], smtp_port: int) -> Tool:
    """A source for each address, and these entries in subscriptions.yaml. A look and a telling are two commands, `poll`
    and `send`; the sources are named, since none is due again within six hours."""
    names = [f"source-{number}" for number in range(len(urls))]
    sources = "\n".join(
        f"  - {{id: {name}, name: 'Partnership {name}', url: '{url}'}}"
        for name, url in zip(names, urls, strict=True)
    )
    hosts = sorted({url.split("/")[2] for url in urls})
    allowed = ", ".join(f"'{host}'" for host in hosts)
    bot = (sys.executable, "-m", "bot")
    return Tool(
        name="learning-bot",
        to_learn=((*bot, "poll", *names), (*bot, "send")),
        to_tell=((*bot, "poll", "--json", *names), (*bot, "send")),
        files={
            "sources.yaml": f"allow_private_hosts: [{allowed}]\nsources:\n{sources}\n",
            "subscriptions.yaml": "subscriptions:\n" + "\n".join(subscriptions) + "\n",
        },
        environ={
            "PYTHONPATH": str(ROOT),
            "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "MAIL_FROM": SENDER,
            "PUBLIC_URL": "https://bot.example.org",
            "SECRET_KEY": "a key for the bench alone",
        },
        told=lambda printed, letters: sum(run["new"] for run in json.loads(printed)),
    )


def subscription(name: str, to: Sequence[str], *, child: str | None = None) -> str:
    """An entry that is told at once; `child`: only of the review about them."""
    words = f", words: {{any: ['{child}']}}" if child else ""
    return f"  - {{id: {name}, name: {name}, to: [{', '.join(to)}], digest: immediately{words}}}"


def children(feed: bytes) -> list[str]:
    """Those whom the reviews of a feed are about, in its order."""
    return re.findall(r"Review: (Child \w+ \d+)</title>", feed.decode())


# --- the others -----------------------------------------------------------------------------------------


def rss2email(commands: Path, url: str, readers: Sequence[str], smtp_port: int, *, digest: bool) -> Tool:
    """A feed for each reader, which is how it is done where readers are not to see each other's addresses.
    `r2e new` and `r2e add` would write the same file; everything that is not named here is as it ships."""
    feeds = "\n".join(
        f"[feed.news-{number}]\nurl = {url}\nto = {reader}\n" for number, reader in enumerate(readers)
    )
    settings = (
        f"[DEFAULT]\nfrom = {SENDER}\nto = {readers[0]}\nemail-protocol = smtp\nsmtp-server = 127.0.0.1\n"
        f"smtp-port = {smtp_port}\ndigest = {digest}\n\n"
    )
    r2e = (str(commands / "r2e"), "-c", "rss2email.cfg", "-d", "rss2email.json")
    return Tool(
        name="rss2email",
        to_learn=((*r2e, "run", "--no-send"),),
        to_tell=((*r2e, "run"),),
        files={"rss2email.cfg": settings + feeds},
        told=lambda printed, letters: len(_subjects(letters)),
    )


def _subjects(letters: Letters) -> set[str]:
    """Of single messages, or of those within digests."""
    found = set()
    for letter in letters:
        inner = [part for part in letter.message.walk() if part.get_content_type() == "message/rfc822"]
        found |= {str(part.get_content()["Subject"]) for part in inner} or {letter.subject}
    return found


def urlwatch(commands: Path, urls: Sequence[str], reader: str, smtp_port: int) -> Tool:
    """A job for each address, and a report by mail and nowhere else; pages are compared as they come, which is the
    quickest that it can."""
    jobs = "---\n".join(f"name: Partnership {number}\nurl: {url}\n" for number, url in enumerate(urls))
    settings = (
        "display: {new: false, unchanged: false, error: true}\n"
        "report:\n"
        "  stdout: {enabled: false}\n"
        "  email:\n"
        "    enabled: true\n"
        f"    from: {SENDER}\n"
        f"    to: {reader}\n"
        "    method: smtp\n"
        f"    smtp: {{host: 127.0.0.1, port: {smtp_port}, starttls: false, auth: false}}\n"
    )
    command = (
        str(commands / "urlwatch"),
        *("--urls", "urls.yaml", "--config", "urlwatch.yaml", "--cache", "cache.db", "--hooks", "hooks.py"),
    )
    return Tool(
        name="urlwatch",
        to_learn=(command,),
        to_tell=(command,),
        files={"urls.yaml": jobs, "urlwatch.yaml": settings},
        told=lambda printed, letters: sum(_changes(letter) for letter in letters),
    )


def _changes(letter: Received) -> int:
    """The pages whose differences a report shows."""
    return len(re.findall(r"^CHANGED: ", words_of(letter.message), re.MULTILINE))
