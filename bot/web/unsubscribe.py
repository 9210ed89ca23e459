"""Unsubscribing from a link in a mail: GET shows buttons and changes nothing, POST acts at once.

POST needs no login, cookie or form token: the signed token in the address is the permission (RFC 8058
section 3.1), and a mail program sends it with nothing but `List-Unsubscribe=One-Click`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.ports import Clock
from bot.web.pages import Pages
from bot.web.tokens import Wish, mark_of, read_token

LARGEST_FORM = 10_000  # bytes; ours and a mail program's have less than 200


class Subscriptions(Protocol):
    """What of the ledger is needed here."""

    def subscriptions_of(self, subscriber_id: int) -> tuple[tuple[str, str, bool], ...]: ...

    def stop(self, subscriber_id: int, subscription: str | None, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A reader's subscriptions as a link finds them. `this` is the one the link is about, if there is one."""

    about_one: bool
    this: tuple[str, str, bool] | None
    active: tuple[str, ...]  # the names of those that still come


class Unsubscribe:
    """The two endpoints at `/unsubscribe/{token}`."""

    def __init__(self, store: Subscriptions, pages: Pages, keys: Sequence[str], clock: Clock) -> None:
        self._store = store
        self._pages = pages
        self._keys = tuple(keys)
        self._clock = clock

    def ask(self, request: Request) -> Response:
        """GET and HEAD: what would be stopped, with a button for it."""
        wish = self._wish(request)
        if wish is None:
            return self._unknown()
        return self._pages.show("unsubscribe.html", standing=self._standing(wish))

    async def act(self, request: Request) -> Response:
        """POST: stop the link's own subscription, or all where the form says so or the link names none."""
        wish = self._wish(request)
        if wish is None:
            return self._unknown()
        everything = wish.mark is None or await _asks_for_all(request)
        return await run_in_threadpool(self._stop, wish, everything)

    def _stop(self, wish: Wish, everything: bool) -> Response:
        this = self._standing(wish).this
        if everything:
            self._store.stop(wish.subscriber_id, None, self._clock.now())
            done = "You will get no more messages from learning-bot."
        elif this is not None:
            self._store.stop(wish.subscriber_id, this[0], self._clock.now())
            done = f"You will get no more messages for “{this[1]}”."
        else:
            done = "This subscription had ended already, so nothing had to be stopped."
        left = self._standing(wish).active
        sentences = [done]
        if left:
            sentences.append("You still get: " + ", ".join(f"“{name}”" for name in left) + ".")
        sentences.append("If you change your mind, write to whoever sent you the digest.")
        return self._pages.show(
            "done.html", title="You are unsubscribed", sentences=sentences, back=bool(left) or None
        )

    def _wish(self, request: Request) -> Wish | None:
        return read_token(request.path_params["token"], self._keys)

    def _standing(self, wish: Wish) -> Standing:
        subscriptions = self._store.subscriptions_of(wish.subscriber_id)
        this = next((one for one in subscriptions if wish.mark and mark_of(one[0]) == wish.mark), None)
        active = tuple(name for _, name, is_active in subscriptions if is_active)
        return Standing(about_one=wish.mark is not None, this=this, active=active)

    def _unknown(self) -> Response:
        return self._pages.say(
            "This link does not work",
            "It may have been cut in two on its way to you: please try all of the link in your mail.",
            "If that does not help, answer the mail and ask to be taken off the list.",
            status=404,
        )


async def _asks_for_all(request: Request) -> bool:
    """Whether the form says `what=all`. Anything else, other codings too, is about the link's own."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            return False
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=20).get("what") == ["all"]
    except ValueError:
        return False
