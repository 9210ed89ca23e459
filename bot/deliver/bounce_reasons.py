"""Why a mail came back: an address that is gone, a full mailbox, what a server has against us, or else.

Only an address that is gone counts towards stopping it, so there must be good evidence: an exact status
(RFC 3463) or plain words; and nothing in what was said may point to us or to a passing trouble.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.deliver.answers import NO_SUCH_MAILBOX, Answer
from bot.deliver.letter import mask
from bot.deliver.words import clean

Action = Literal["failed", "delayed", "relayed", "delivered", "expanded", "complained"]
Kind = Literal["gone", "full", "policy", "other"]

LONGEST_REASON = 300

_ADDRESS = re.compile(r"[^\s<>\"'`,;:()\[\]]{1,100}@[^\s<>\"'`,;:()\[\]]{1,255}")
_STATUS = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\d)")
_CODE = re.compile(r"(?<![\w.])[45]\d\d(?=[ -])")
_GONE = re.compile(
    r"no such (?:user|person|recipient|mailbox|address|account)"
    r"|(?:user|recipient|address|mailbox)\W{1,3}unknown"
    r"|unknown (?:user|recipient|address|mailbox|local[- ]part)|user not found|recipient ?not ?found"
    r"|(?:does not|doesn'?t|doesn\u2019t) exist|no mailbox here"
    r"|not a (?:valid|known) (?:user|mailbox|recipient)"
    r"|invalid (?:recipient|mailbox|user)|unrouteable address|no longer (?:works|valid|in use|available)"
    r"|(?:account|mailbox|user)[^.]{0,20}(?:disabled|closed|inactive|deactivated)"
    r"|recipient address rejected: access denied",  # Microsoft 365, of an address not in its directory
    re.I,
)
_FULL = re.compile(
    r"(?:mail ?box|inbox)[^.]{0,30}\bfull\b|over ?quota|out of storage|quota[^.]{0,20}exceed", re.I
)


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


def masked(text: str) -> str:
    """The text with each address in it masked."""
    return _ADDRESS.sub(lambda found: mask(found[0]), clean(text))


def status_in(text: str) -> str:
    """The first status code in a text; empty if there is none."""
    found = _STATUS.search(text)
    return found[0] if found else ""


def _kind(status: str, said: str) -> Kind:
    code = _CODE.search(said)
    passing = status[:1] == "4" or (not status and code is not None and code[0][0] == "4")
    if status.endswith(".2.2") or _FULL.search(said):
        return "full"
    if passing:
        return "other"
    if not _speaks_of_the_address(status, said, int(code[0]) if code else 550):
        return "policy" if status[2:].startswith("7.") or _speaks_of_us(status, said) else "other"
    return "gone"


def _speaks_of_the_address(status: str, said: str, code: int) -> bool:
    evidence = status[2:] in NO_SUCH_MAILBOX or _GONE.search(said) is not None
    return evidence and _answer(status, said, code).refusal().outcome.bounced


def _speaks_of_us(status: str, said: str) -> bool:
    return _answer(status, said, 550).refusal().outcome.state == "deferred"


def _answer(status: str, said: str, code: int) -> Answer:
    """As if the server had said so at once: what its words mean is known in one place."""
    return Answer(server="", step="recipient", code=code, text=f"{status} {said}".strip(), recipient="@")


def _once(line: str) -> str:
    """Servers begin each line of an answer with its code; on one line it stands there once."""
    code = re.match(r"(\d{3})[- ](?:(\d\.\d{1,3}\.\d{1,3})\s)?", line)
    if not code:
        return line
    again = rf"\s{code[1]}[- ](?:{re.escape(code[2])}\s)?" if code[2] else rf"\s{code[1]}-"
    return line[: code.end() - 1].replace("-", " ") + " " + re.sub(again, " ", line[code.end() :])
