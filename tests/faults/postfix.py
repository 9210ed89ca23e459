"""A real mail server for tests: a private Postfix on loopback, in a temporary folder.

It takes mail for example.org, example.com and example.net, and keeps all of it in one maildir. Its queue,
configuration and log are its own, and it has no SMTP client: nothing can leave the machine. In each domain
`bad@` is refused (550 5.1.1), `grey@` is refused for now (450 4.7.1), so is `full@` (452 4.2.2), and `late@`
is taken and then bounced to the envelope sender, as many servers do.

Postfix must be started by root. REQUIRE_POSTFIX=1 (as CI sets it) makes its absence a failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from functools import cache
from pathlib import Path

import pytest

from bot.demo.mailbox import Received

DOMAINS = ("example.org", "example.com", "example.net")
NOBODY = 65534
PATIENCE = 10.0
QUEUE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved")

MAIN = """\
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/queue
data_directory = {folder}/state
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = receiver.example.net
mydomain = example.net
myorigin = example.net
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
default_transport = error:5.4.4 this server sends nothing anywhere
relay_transport = error:5.4.4 this server sends nothing anywhere
smtpd_reject_unlisted_recipient = no
transport_maps = regexp:{folder}/etc/transport
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{{
  {{ bad@ = 550 5.1.1 No such user here }},
  {{ grey@ = 450 4.7.1 Greylisted, come back later }},
  {{ full@ = 452 4.2.2 Mailbox full }} }}
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
biff = no
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""
TRANSPORT = "/^late@/ error:5.1.1 The mailbox of this person has been closed\n"


@cache
def _missing() -> str | None:
    """Why no server can be started; None where one can."""
    if shutil.which("postfix", path=_path()) is None:
        return "no Postfix: install Debian's package postfix"
    if os.geteuid() != 0:
        return "Postfix must be started by root"
    return None


def postfix_or_skip() -> None:
    """Skip the test where no Postfix can be started, and say why; fail it where REQUIRE_POSTFIX=1."""
    reason = _missing()
    if reason is None:
        return
    if os.environ.get("REQUIRE_POSTFIX") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class PostfixServer:
    """A private Postfix; a context manager. Skips the test where there can be none."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        postfix_or_skip()
        self.port = 0
        self.folder = Path()
        self._master: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As in SMTP_URL."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def log(self) -> str:
        """What it has logged."""
        kept = self.folder / "log"
        return kept.read_text(errors="replace") if kept.exists() else ""

    def __enter__(self) -> PostfixServer:
        self.folder = Path(tempfile.mkdtemp(prefix="learning-bot-postfix-"))
        try:
            self.port = _free_port()
            self._lay_out()
            self._master = subprocess.Popen(
                [_setting("daemon_directory") + "/master", "-c", str(self.folder / "etc"), "-s"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            self._wait_for_greeting()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        if self._master is not None:
            self._master.terminate()  # it stops its own children
            try:
                self._master.wait(5)
            except subprocess.TimeoutExpired:
                self._master.kill()
                self._master.wait()
            if self._master.stderr:
                self._master.stderr.close()
            self._master = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def received(self) -> list[Received]:
        """All mails it took and kept, in order: the envelope as Postfix notes it, and the bytes with CRLF."""
        return [_read(path.read_bytes()) for path in self._kept()]

    def wait_for(self, count: int, seconds: float = PATIENCE) -> list[Received]:
        """The mails it kept, as soon as there are `count`; fails the test where there are fewer by then."""
        until = time.monotonic() + seconds
        while len(self._kept()) < count:
            if time.monotonic() > until:
                pytest.fail(f"{len(self._kept())} of {count} mails after {seconds} s.\n{self.log}")
            time.sleep(0.02)
        return self.received()

    def queue(self) -> list[str]:
        """The recipients that wait in its queue."""
        said = subprocess.run(
            ["postqueue", "-c", str(self.folder / "etc"), "-j"],
            env={"PATH": _path()},
            check=True,
            capture_output=True,
        ).stdout
        waiting = [json.loads(line) for line in said.splitlines()]
        return [recipient["address"] for mail in waiting for recipient in mail["recipients"]]

    def _kept(self) -> list[Path]:
        """Ordered by when they came: mails of one second differ in their finer time only."""
        found = [(path.stat().st_mtime_ns, path) for path in (self.folder / "mail/all/new").glob("*")]
        return [path for _, path in sorted(found)]

    def _lay_out(self) -> None:
        """What `postfix start` would make, without what belongs to the machine's own instance."""
        self.folder.chmod(0o755)  # its processes are different users
        for name in ("etc", "queue"):
            (self.folder / name).mkdir()
        self._own("state", "postfix")
        self._own("mail", NOBODY)
        self._own("queue/pid", 0)
        for name in (*QUEUE, "trace"):
            self._own(f"queue/{name}", "postfix")
        self._own("queue/public", "postfix", 0o2710)
        self._own("queue/maildrop", "postfix", 0o1730)
        settings = {
            "folder": self.folder,
            "domains": " ".join(DOMAINS),
            "nobody": NOBODY,
            "port": self.port,
        }
        for name, text in (("main.cf", MAIN), ("master.cf", MASTER), ("transport", TRANSPORT)):
            written = self.folder / "etc" / name
            written.write_text(text.format(**settings))
            os.utime(written, (0, 0))  # Postfix waits until a file is older than a second or two

    def _own(self, name: str, user: str | int, mode: int = 0o700) -> None:
        made = self.folder / name
        made.mkdir(mode)
        shutil.chown(made, user, "postdrop" if name in ("queue/public", "queue/maildrop") else None)
        made.chmod(mode)

    def _wait_for_greeting(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 2) as one:
                if one.recv(3) == b"220":
                    one.sendall(b"QUIT\r\n")
                    return
            if time.monotonic() > until or (self._master and self._master.poll() is not None):
                raise RuntimeError(f"Postfix did not start:\n{self.log}")
            time.sleep(0.02)


@pytest.fixture
def postfix() -> Iterator[PostfixServer]:
    """A server for one test."""
    with PostfixServer() as server:
        yield server


def _read(kept: bytes) -> Received:
    headers = BytesHeaderParser().parsebytes(kept)
    return Received(
        sender=str(headers["Return-Path"]).strip("<>"),
        recipients=(str(headers["X-Original-To"]),),
        raw=kept.replace(b"\n", b"\r\n"),
    )


@cache
def _setting(name: str) -> str:
    found = subprocess.run(
        ["postconf", "-d", "-h", name], env={"PATH": _path()}, check=True, capture_output=True
    )
    return found.stdout.decode().strip()


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
