"""What a mail server's answers mean for a letter: whose trouble it is, and whether trying again can help.

Three questions, asked of each answer in this order. Is the letter or its reader meant, or everybody? Then it
holds. Will it pass by itself, or once the set-up is mended? Then it is deferred. Is there no such address?
Then it bounced. Codes are those of RFC 5321 and, more exact, RFC 3463 (`5.1.1`). Servers are free in their
use of both, so the words are read as well (`answer_words`): a blocklisting that is taken for a refusal of
each reader would lose a whole edition. A 550 that says nothing more is a refusal, and no bounce.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.deliver.mail import answer_words as words
from bot.deliver.mail.headers import masked
from bot.deliver.words import clean, cut
from bot.models import Outcome

Step = Literal["sender", "recipient", "data", "message"]

LOG_IN_NEEDED = (530, 534, 535, 538)
NO_SUCH_MAILBOX = ("1.1", "1.2", "1.3", "1.6", "1.10", "2.1")
TOO_LARGE = ("2.3", "3.4")
OF_THE_SERVER = ("3.1", "3.2", "3.5")  # its disk is full, it takes no mail now, it is set up wrongly
OF_THE_SENDER = ("1.7", "1.8")
# Microsoft 365: this reader takes mail from some people only.
OF_THIS_READER = ("7.12", "7.124", "7.129", *(f"7.{number}" for number in range(130, 140)))

LONGEST_READ = 4_000  # characters of an answer, of which 200 are shown

_EXACT = re.compile(r"[245]\.(\d{1,3}\.\d{1,3})\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]{4,}")
_CODED = re.compile(r"[A-Za-z0-9+/_=-]{8,}")
_WORDS = re.compile(r"/*[A-Z]?[a-z]+(?:[-_/]?[A-Z]?[a-z]{2,})*")  # `password`, `SmtpClientAuthentication`


class Ended(Exception):
    """The conversation ended before the mail was taken. `clean`: the connection is good for the next one."""

    def __init__(
        self,
        state: Literal["refused", "deferred", "uncertain"],
        detail: str,
        *,
        holds: bool = False,
        bounced: bool = False,
        clean: bool = False,
    ) -> None:
        self.clean = clean
        detail = detail[:1].upper() + detail[1:]
        self.outcome = Outcome(state=state, detail=detail, holds=holds, bounced=bounced)
        super().__init__(detail)


def held(detail: str) -> Ended:
    """What to raise where the trouble is the server's, the network's or the set-up's: no letter can go."""
    return Ended("deferred", detail, holds=True)


def reply(code: int, answer: bytes | str) -> str:
    """The server's answer on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return cut(f"{code} {clean(text)}".strip(), 200)[0].rstrip(".")


def reply_to_log_in(code: int, answer: bytes | str, secrets: Iterable[str]) -> str:
    """The same, with nothing in it that was sent: some servers repeat the command they did not like.

    `secrets`: what was sent, in each form. Whatever looks like base64 is left out (a piece of it may be all
    that is repeated); where there is still a piece of a secret, only the code is shown."""
    text = clean(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)
    sent = [one.casefold() for one in secrets if one]
    pieces = {piece.casefold() for piece in _BASE64.findall(text)}
    if any(one in text.casefold() or any(piece in one for piece in pieces) for one in sent):
        exact = _EXACT.match(text)
        return f"{code} {exact[0]}" if exact else str(code)
    return reply(code, _CODED.sub(lambda found: found[0] if _WORDS.fullmatch(found[0]) else "…", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A server's answer at one step of handing over a letter to `recipient`.

    `proven`: the same server took another letter a moment ago, over the same connection. What it then has
    against a letter it has not against everybody, so nothing is held.
    """

    server: str
    step: Step
    code: int
    text: str
    recipient: str
    proven: bool = False

    @property
    def said(self) -> str:
        """The answer on one line, addresses masked: details of deliveries are kept and logged, and a server
        may name another address of the reader's, to which it passes their mail on."""
        return reply(self.code, masked(self.text[:LONGEST_READ]))

    @property
    def taken(self) -> bool:
        """Whether the step succeeded."""
        return self.code == 354 if self.step == "data" else 200 <= self.code < 300

    def refusal(self) -> Ended:
        """What to raise for an answer that is no yes. (Where a 421, or what is neither 4yz nor 5yz, follows
        the final dot, nobody knows: that is for the channel to say.)"""
        exact = _EXACT.match(self.text.lstrip())
        status = exact[1] if exact else ""
        return self._of_everybody(status) or self._of_the_letter(status) or self._of_the_set_up()

    def _of_everybody(self, status: str) -> Ended | None:
        if self.code < 500 and words.names_connections(self.text):
            return held(
                f"{self.server} takes no more connections at once ({self.said}): lower MAIL_CONNECTIONS."
            )
        if self.code == 421:
            return held(f"{self.server} is closing the connection ({self.said}): it is tried again.")
        if self.code in LOG_IN_NEEDED:
            return held(f"{self.server} wants a log-in first ({self.said}): put it into SMTP_URL.")
        if status in OF_THE_SERVER:
            return self._waits(
                f"{self.server} has trouble of its own ({self.said}): ask who runs it.", holds=True
            )
        return None

    def _of_the_letter(self, status: str) -> Ended | None:
        if self._is_too_large(status):
            return self._refuses("the letter as too large", "have its limit raised, or shorten the digest")
        if self.step not in ("recipient", "message"):
            return None
        if self._is_full(status):
            return self._waits(f"there is no room in the reader's mailbox ({self.said}): it is tried again.")
        if self._is_about_us(status):
            return self._waits(
                f"{self.server} turned the letter away for a reason that is the sender's, not the reader's "
                f"({self.said}): mend what it names (who may send through it and how much, blocklists, SPF, "
                "DKIM, DMARC).",
                holds=not self.proven,
            )
        if self.code < 500 or words.says_passing(self.text):
            return self._waits(
                f"{self.server} does not take the {self.step} now ({self.said}): it is tried again."
            )
        if self.step == "message":
            return self._refuses("the message", "ask who runs it what is wrong with it")
        if self._is_unknown(status):
            return self._refuses("the recipient", "correct the address, or take it out", bounced=True)
        return self._refuses("the recipient", "ask the reader, or their postmaster, why")

    def _is_too_large(self, status: str) -> bool:
        if status or self.code < 500:
            return status in TOO_LARGE
        return (self.code == 552 and words.says_large(self.text)) or words.says_large_message(self.text)

    def _is_full(self, status: str) -> bool:
        if status == "2.2" or words.says_full(self.text):
            return True
        return self.code in (452, 552) and not status and not words.names_sender(self.text)

    def _is_about_us(self, status: str) -> bool:
        if status in OF_THIS_READER or (self.code < 500 and words.says_greylisted(self.text)):
            return False
        if status in OF_THE_SENDER or words.names_sender(self.text):
            return True
        if words.names_rules(self.text):  # a server may give its rules as well; an exact code and words do
            return not (self.code >= 500 and status in NO_SUCH_MAILBOX and words.says_nobody(self.text))
        return self.code >= 500 and status.startswith("7.") and not words.names_reader(self.text)

    def _is_unknown(self, status: str) -> bool:
        """Only with good evidence: three such in a row stop an address."""
        if status == "4.1" and words.names_reader(self.text):
            return True  # Microsoft 365, of an address that is not in its directory
        return status in NO_SUCH_MAILBOX or words.says_nobody(self.text)

    def _of_the_set_up(self) -> Ended:
        if self.step == "sender":
            advice = "check that it lets MAIL_FROM (or MAIL_RETURN_PATH) send"
            return held(f"{self.server} does not take the sender ({self.said}): {advice}.")
        return held(f"{self.server} wants no message ({self.said}): ask who runs it.")

    def _waits(self, detail: str, *, holds: bool = False) -> Ended:
        return Ended("deferred", detail, holds=holds, clean=True)

    def _refuses(self, what: str, advice: str, *, bounced: bool = False) -> Ended:
        detail = f"{self.server} refused {what} for good ({self.said}): {advice}."
        return Ended("refused", detail, bounced=bounced, clean=True)
