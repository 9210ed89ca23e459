"""Stopping, pausing and starting again by the link in a mail: GET shows buttons and changes nothing, POST
acts at once.

POST needs no login, cookie or form token: the signed token in the address is the permission (RFC 8058
section 3.1), and a mail program sends it with nothing but `List-Unsubscribe=One-Click`. Other sites can forge
nothing, because they do not know the address. A query in the address says nothing, so that who follows our
forms by GET changes nothing either.

Our own buttons send one field, `what`:

    this                   stop what the link is about: what brought that mail, or all
    all                    stop all
    stop.MARK              stop one (for MARK see bot/web/tokens.py)
    again                  start all again that the reader stopped
    again.MARK.MARK...     start these again: undoes a stop
    pause.LENGTH           send nothing for a while; LENGTH is one of PAUSES
    resume                 end the pause

RFC 8058's own body, urlencoded or in parts, and an empty one mean `this`. Whatever else comes changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.models import SubscriberStanding
from bot.ports import Clock
from bot.web.choices import PAUSES, Choices, called, choices_of, end_of_pause, named, said
from bot.web.pages import Pages
from bot.web.tokens import Wish, read_token

LARGEST_FORM = 10_000  # bytes; ours and a mail program's have less than 200


class Subscriptions(Protocol):
    """What of the ledger is needed here. Each call raises StoreError where the database does not answer, and
    has then changed nothing; each may be repeated without harm. A subscriber or subscription that is not
    known changes nothing."""

    def standing_of(self, subscriber_id: int) -> SubscriberStanding | None:
        """How a subscriber stands, subscriptions in the order in which they are to be shown; None: erased, or
        never known. A `paused_until` that has passed may be given; it counts as no pause."""

    def stop(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        """The reader's own wish: no more of this subscription, or of all (None), later ones too. For one that
        has ended the wish is kept, should the configuration bring it back."""

    def start_again(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        """Undo the reader's own stop, of one subscription or of all (None). Of one while all are stopped:
        that one starts again, and the others stay stopped. One that is active or ended stays as it is."""

    def pause(self, subscriber_id: int, until: datetime | None, now: datetime) -> None:
        """Send nothing before `until` (UTC), in place of any earlier pause; None ends the pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A button that takes back what was just done. `what`: as in the form."""

    label: str
    what: str


class Unsubscribe:
    """The endpoint at `/unsubscribe/{token}`."""

    def __init__(self, store: Subscriptions, pages: Pages, keys: Sequence[str], clock: Clock) -> None:
        self._store = store
        self._pages = pages
        self._keys = tuple(keys)
        self._clock = clock

    async def answer(self, request: Request) -> Response:
        """GET and HEAD show what can be chosen; POST does what its form says."""
        wish = read_token(request.path_params["token"], self._keys)
        if wish is None:
            return self._unknown()
        what = _asked(await _form(request)) if request.method == "POST" else None
        return await run_in_threadpool(self._act, wish, what)

    def _act(self, wish: Wish, what: str | None) -> Response:
        now = self._clock.now()
        standing = self._store.standing_of(wish.subscriber_id)
        if standing is None:
            return self._gone()
        choices = choices_of(standing, wish, now)
        match what.split(".") if what is not None else ["look"]:
            case ["look"]:
                return self._show(choices)
            case ["this"] if wish.marks:
                return self._stop_some(choices, wish.marks, now)
            case ["this" | "all"]:
                return self._stop_all(choices, now)
            case ["stop", mark]:
                return self._stop_some(choices, (mark,), now)
            case ["again", *marks]:
                return self._start_again(choices, marks, now)
            case ["pause", length] if length in PAUSES:
                return self._pause(choices, length, now)
            case ["resume"]:
                return self._resume(choices, now)
        return self._show(choices, unclear=True)

    def _stop_some(self, choices: Choices, marks: Sequence[str], now: datetime) -> Response:
        """Undoing starts only those again that were active until now; on a second click, all of these."""
        these = choices.among(marks)
        for one in these:
            self._store.stop(choices.reader, one.id, now)
        stopped = [one for one in these if one.state != "ended"]
        if not stopped:
            has, had = ("have", "They had") if len(marks) > 1 else ("has", "It had")
            title = f"{_begun(called(these)) if these else _this(marks)} {has} ended"
            done = f"{had} ended already, so nothing had to be stopped."
            return self._done(choices, title, done, "You still get")
        undone = [one for one in stopped if one.state == "active"] or stopped
        again = called(undone) if len(undone) == 1 else "them"
        return self._done(
            choices,
            f"{_begun(called(stopped))} {'are' if len(stopped) > 1 else 'is'} stopped",
            f"You will get no more messages for {named(stopped)}, but for one that may be on its way.",
            "You still get",
            Undo(label=f"Undo: start {again} again", what=".".join(["again", *(one.mark for one in undone)])),
        )

    def _stop_all(self, choices: Choices, now: datetime) -> Response:
        """Undoing starts only those again that were active until now. On a second click nothing is, and all
        that can be offered is to start all."""
        self._store.stop(choices.reader, None, now)
        marks = [one.mark for one in choices.active]
        return self._done(
            choices,
            "All messages are stopped",
            "You will get no more messages from us, but for one that may be on its way.",
            "You still get",
            Undo(label="Undo: start my messages again", what=".".join(["again", *marks])),
        )

    def _start_again(self, choices: Choices, marks: Sequence[str], now: datetime) -> Response:
        able = [one for one in choices.among(marks) if one.state != "ended"]
        for one in able:
            self._store.start_again(choices.reader, one.id, now)
        if not marks:
            self._store.start_again(choices.reader, None, now)
        elif not able:
            done = f"It cannot be started again from here. If you miss it, {self._pages.whom}."
            return self._done(choices, "This subscription has ended", done, "You get")
        title = f"“{able[0].name}” starts again" if len(able) == 1 else "Your messages start again"
        return self._done(choices, title, "Your wish to stop was taken back.", "You get")

    def _pause(self, choices: Choices, length: str, now: datetime) -> Response:
        until = end_of_pause(length, now)
        self._store.pause(choices.reader, until, now)
        return self._done(
            choices,
            f"Paused until {said(until)}",
            "Nothing is lost: what is published meanwhile comes with the first digest after the pause.",
            "You are subscribed to",
            Undo(label="Undo: end the pause now", what="resume"),
        )

    def _resume(self, choices: Choices, now: datetime) -> Response:
        self._store.pause(choices.reader, None, now)
        done = "What was published during a pause comes with your next digest."
        return self._done(choices, "There is no pause now", done, "You get")

    def _done(
        self, before: Choices, title: str, done: str, so_you: str, undo: Undo | None = None
    ) -> Response:
        """Says what was done, and how things stand after it. `so_you`: how the list of what comes begins."""
        standing = self._store.standing_of(before.reader)
        if standing is None:
            return self._gone()
        after = choices_of(standing, Wish(subscriber_id=before.reader), self._clock.now())
        if after.bounced and after.active:
            so_you = "You are subscribed to"
        return self._pages.show(
            "done.html", title=title, sentences=[done], so_you=so_you, after=after, undo=undo, back=True
        )

    def _show(self, choices: Choices, unclear: bool = False) -> Response:
        return self._pages.show(
            "unsubscribe.html",
            400 if unclear else 200,
            it=choices,
            called=called(choices.foremost) if choices.foremost else "",
            unclear=unclear,
        )

    def _gone(self) -> Response:
        """For one-click too a success: what was wished for is so."""
        return self._pages.say(
            "Nothing is sent to you",
            "You are not on our list any more, so there is nothing to stop.",
            f"If a message still reaches you, {self._pages.whom}.",
        )

    def _unknown(self) -> Response:
        return self._pages.say(
            "This link does not work",
            "It may have been cut in two on its way to you: please try all of the link in your mail.",
            f"If that does not help, {self._pages.whom} and ask to be taken off the list.",
            status=404,
        )


def _begun(words: str) -> str:
    """As a sentence begins."""
    return words[:1].upper() + words[1:]


def _this(marks: Sequence[str]) -> str:
    return "These subscriptions" if len(marks) > 1 else "This subscription"


async def _form(request: Request) -> bytes | None:
    """What was sent, None if it is too much or broke off: of a part, nobody can say what was meant."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_FORM:
                return None
    except ClientDisconnect:
        return None
    return body


def _asked(body: bytes | None) -> str:
    """A form's `what`, `this` for a mail program's click, and empty if it cannot be made out.

    A mail program's two words are looked for as they stand, so that any coding of the form will do.
    """
    if body is None:
        return ""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=20)
    except ValueError:
        fields = {}
    if "what" in fields:
        return fields["what"][0] if len(fields["what"]) == 1 else ""
    words = body.lower()
    one_click = b"list-unsubscribe" in words and b"one-click" in words
    return "this" if one_click or not words.strip() else ""
