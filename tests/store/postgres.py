"""A PostgreSQL for tests: the one that TEST_DATABASE_URL names, else a private cluster in a temporary folder.

Tests get a database of their own in it, and never touch another. REQUIRE_POSTGRES=1 (as CI sets it) makes
its absence a failure.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url


@cache
def server_url() -> str | None:
    """The address of a server on which databases may be made; None where there is none."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    binaries = _binaries()
    return _start(binaries) if binaries else None


def server_or_skip() -> str:
    url = server_url()
    if url is not None:
        return url
    reason = "no PostgreSQL: set TEST_DATABASE_URL, or install Debian's package postgresql"
    if os.environ.get("REQUIRE_POSTGRES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def fresh_database() -> str:
    """The address of a new, empty database, dropped when the tests end."""
    name = f"learning_bot_test_{secrets.token_hex(4)}"
    _on_server(f"CREATE DATABASE {name}")
    atexit.register(_on_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    return make_url(server_or_skip()).set(database=name).render_as_string(hide_password=False)


@cache
def _one_database() -> str:
    return fresh_database()


def database_or_skip() -> str:
    """One database for all tests of a run; whoever uses it empties it first."""
    server_or_skip()
    return _one_database()


def _on_server(statement: str) -> None:
    engine = create_engine(server_or_skip(), isolation_level="AUTOCOMMIT")
    with contextlib.closing(engine.raw_connection()) as connection:
        connection.cursor().execute(statement)
    engine.dispose()


def _binaries() -> Path | None:
    """Where initdb is: on the path, or where Debian puts it."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def _start(binaries: Path) -> str:
    """A cluster of its own, with a password, safe to lose. PostgreSQL does not run as root."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="learning-bot-postgres-"))
    password = secrets.token_hex(8)
    (folder / "password").write_text(password)
    if user:
        shutil.chown(folder, user)
        shutil.chown(folder / "password", user)
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), "-D", str(folder / "cluster"), *arguments],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    run(
        "initdb",
        "-N",
        "-U",
        "tester",
        "--pwfile",
        str(folder / "password"),
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(run, "pg_ctl", "-m", "immediate", "stop")
    return f"postgresql+psycopg://tester:{password}@127.0.0.1:{port}/postgres"


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
