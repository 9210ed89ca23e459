"""Where a process dies: the steps of composing and sending have names, and SIGKILL falls on one of them, exactly.

The store's verbs, the SMTP conversation and the calls to Slack are wrapped from outside, by name, in the process
that is to die. VERBS is the one place that says which verbs of the store are steps, and what they are called.
"""

from __future__ import annotations

import functools
import os
import re
import signal
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import slack_sdk
from sqlalchemy import Engine, event

from bot.store import Store

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


def _entering(handing: Any = (), settled: Any = (), *_: Any, **__: Any) -> list[str]:
    """`enter` keeps both: what is about to be handed over, and what has ended."""
    return ["handing over"] * bool(handing) + ["outcome"] * bool(settled)


def _always(name: str) -> Callable[..., list[str]]:
    return lambda *_, **__: [name]


VERBS: dict[str, Callable[..., list[str]]] = {
    "claim_runs": _always("claiming a run"),
    "untold_to": _always("composing"),
    "keep_editions": _always("keeping the edition"),
    "recover": _always("recovering"),
    "claim_deliveries": _always("claiming deliveries"),
    "enter": _entering,
    "handing_over": _always("handing over"),
    "settle": _always("outcome"),
    "posted": _always("keeping a post"),
    "renew": _always("renewing"),
    "keep": _always("keeping a poll"),
}


class Doom:
    """Counts each step as it is reached; this process ends at the `nth` time of the `step`, if one is named."""

    def __init__(self, step: str | None = None, nth: int = 1) -> None:
        self._fatal = (step, nth)
        self._lock = threading.Lock()
        self.reached: Counter[str] = Counter()

    def reaches(self, step: str) -> None:
        with self._lock:
            self.reached[step] += 1
            if (step, self.reached[step]) == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(60)  # no line after the kill is ever run


def lay_in_wait(doom: Doom) -> None:
    """Wrap whatever is a step, in this process and for good: it is about to die, or to end."""
    doing = threading.local()
    for verb, named in VERBS.items():
        if hasattr(Store, verb):
            _around_verb(verb, named, doom, doing)
    _inside_transactions(doom, doing)
    _around_smtp(doom)
    _around_slack(doom)


def _around_verb(verb: str, named: Callable[..., list[str]], doom: Doom, doing: threading.local) -> None:
    real = getattr(Store, verb)

    @functools.wraps(real)
    def wrapped(self: Store, *arguments: Any, **options: Any) -> Any:
        steps = named(*arguments, **options)
        for step in steps:
            doom.reaches(f"{step}: before")
        former: Sequence[str] = getattr(doing, "steps", ())
        doing.steps = steps
        try:
            result = real(self, *arguments, **options)
        finally:
            doing.steps = former
        for step in steps:
            doom.reaches(f"{step}: after")
        return result

    setattr(Store, verb, wrapped)


def _inside_transactions(doom: Doom, doing: threading.local) -> None:
    """After each statement that writes a table, and before the commit."""

    @event.listens_for(Engine, "after_cursor_execute")
    def written(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        found = WRITES.match(statement)
        for step in getattr(doing, "steps", ()):
            if found:
                doom.reaches(f"{step}: {found[1]} written")

    @event.listens_for(Engine, "commit")
    def committing(connection: Any) -> None:
        for step in getattr(doing, "steps", ()):
            doom.reaches(f"{step}: before the commit")


def _around_smtp(doom: Doom) -> None:
    """Each command before it is sent, when it is sent, and when its answer is read; and half a body. Commands
    that go together are steps all the same."""
    connect, send, getreply = smtplib.SMTP.connect, smtplib.SMTP.send, smtplib.SMTP.getreply
    unanswered: dict[int, list[str]] = {}  # what was said and is not answered yet, by connection

    def connecting(self: smtplib.SMTP, *arguments: Any, **options: Any) -> Any:
        doom.reaches("connecting: before")
        unanswered[id(self)] = ["greeting"]
        return connect(self, *arguments, **options)

    def sending(self: smtplib.SMTP, given: Any) -> None:
        raw = given if isinstance(given, bytes) else str(given).encode("ascii", "replace")
        waiting = unanswered.setdefault(id(self), [])
        said = _said(raw, waiting)
        waiting += said
        for step in said:
            doom.reaches(f"{step}: before")
        if said == ["body"]:
            waiting[:] = ["body"]
            send(self, raw[: len(raw) // 2])
            doom.reaches("body: half of it sent")
            raw = raw[len(raw) // 2 :]
        send(self, raw)
        for step in said:
            doom.reaches(f"{step}: sent")

    def answered(self: smtplib.SMTP) -> Any:
        answer = getreply(self)
        waiting = unanswered.setdefault(id(self), [])
        step = waiting.pop(0) if waiting else "?"
        doom.reaches(f"{step}: answer read")
        if step == "DATA" and answer[0] == 354:
            waiting.append("body")
        return answer

    smtplib.SMTP.connect = connecting  # type: ignore[method-assign]
    smtplib.SMTP.send = sending  # type: ignore[method-assign,assignment]
    smtplib.SMTP.getreply = answered  # type: ignore[method-assign]


def _said(raw: bytes, waiting: list[str]) -> list[str]:
    if raw == b".\r\n":
        waiting.clear()
        return ["final dot"]
    if waiting == ["body"]:
        return ["body"]
    return [line[:4].strip().upper().decode("ascii", "replace") for line in raw.splitlines()]


def _around_slack(doom: Doom) -> None:
    real = slack_sdk.WebClient.api_call
    names = {"chat.postMessage": "post", "chat.update": "edit", "conversations.history": "look"}

    def calling(self: Any, api_method: str, **options: Any) -> Any:
        step = names.get(api_method)
        if step:
            doom.reaches(f"{step}: before")
        answer = real(self, api_method, **options)
        if step:
            doom.reaches(f"{step}: taken")
        return answer

    slack_sdk.WebClient.api_call = calling  # type: ignore[method-assign]
