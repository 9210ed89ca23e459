"""Why a mail came back: an address that is gone, a full mailbox, what a server has against us, or else.

Only an address that is gone counts towards stopping it, so there must be good evidence: an exact status
(RFC 3463) or plain words; and nothing in what was said may point to us or to a passing trouble.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.deliver.mail import answer_words as words
from bot.deliver.mail.answers import Answer
from bot.deliver.mail.headers import masked
from bot.deliver.words import clean

Action = Literal["failed", "delayed", "relayed", "delivered", "expanded", "complained"]
Kind = Literal["gone", "full", "policy", "other"]

LONGEST_REASON = 300

_STATUS = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\d)")
_CODE = re.compile(r"(?<![\w.])[45]\d\d(?=[ -])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """What a bounce says of one address. `status`, `said` and `recipient` may be empty."""

    status: str
    said: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`status`: the most exact that was found. `reason`: one clean line, addresses masked."""

    status: str
    kind: Kind
    reason: str


def judged(failed: Failed) -> Verdict:
    """Read what was said of an address."""
    line = clean(failed.said[:4000])
    exact = failed.status if failed.status and not failed.status.endswith(".0.0") else status_in(line)
    status = exact or failed.status
    reason = _once(masked(line))
    shown = shortened(reason) or "no reason given"
    return Verdict(status=status, kind=_kind(exact, reason), reason=shown)


def shortened(reason: str) -> str:
    """At most as long as a reason may be."""
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1].rstrip() + "…"


def status_in(text: str) -> str:
    """The first status code in a text; empty if there is none."""
    found = _STATUS.search(text)
    return found[0] if found else ""


def _kind(status: str, said: str) -> Kind:
    found = _CODE.search(said)
    code = int(found[0]) if found else 0
    if status.endswith(".2.2") or words.says_full(said):
        return "full"
    if status[:1] == "4" or (not status and 400 <= code < 500):
        return "other"
    # As if the server had said so at once: what its words mean is known in one place.
    text = f"{status} {said}".strip()
    answer = Answer(server="", step="recipient", code=max(code, 550), text=text, recipient="@")
    outcome = answer.refusal().outcome
    if outcome.bounced:
        return "gone"
    return "policy" if status[2:].startswith("7.") or outcome.holds else "other"


def _once(line: str) -> str:
    """Servers begin each line of an answer with its code; on one line it stands there once."""
    code = re.match(r"(\d{3})[- ](?:(\d\.\d{1,3}\.\d{1,3})\s)?", line)
    if not code:
        return line
    again = rf"\s{code[1]}[- ](?:{re.escape(code[2])}\s)?" if code[2] else rf"\s{code[1]}-"
    return line[: code.end() - 1].replace("-", " ") + " " + re.sub(again, " ", line[code.end() :])
