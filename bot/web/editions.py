"""Digests as pages that can be read, printed and passed on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.errors import ConfigError
from bot.models import Edition
from bot.web.pages import Pages

# An id is half of a SHA-256 over all that a digest says: 128 bits, which nobody guesses, so an address needs
# no signature. Whatever else is asked for is refused before the database hears of it.
EDITION = re.compile("[0-9a-f]{32}")


class Editions(Protocol):
    """What of the ledger is needed here."""

    def edition(self, edition_id: str) -> Edition | None: ...


class PrintedPages(Protocol):
    """Makes HTML of an edition. Raises ConfigError for a mistake in an administrator's own template."""

    def page(self, edition: Edition) -> str: ...

    def meeting(self, edition: Edition) -> str: ...


class EditionPages:
    """The endpoints at `/digests/…`: the whole digest, and the sheet for a team meeting."""

    def __init__(self, store: Editions, pages: Pages, printed: PrintedPages) -> None:
        self._store = store
        self._pages = pages
        self._printed = printed

    def whole(self, request: Request) -> Response:
        return self._show(request, self._printed.page)

    def meeting(self, request: Request) -> Response:
        return self._show(request, self._printed.meeting)

    def _show(self, request: Request, made: Callable[[Edition], str]) -> Response:
        asked = request.path_params["edition"]
        edition = self._store.edition(asked) if EDITION.fullmatch(asked) else None
        if edition is None:
            return self._pages.say(
                "There is no such digest",
                "The address may have been cut in two on its way to you: please try all of it.",
                status=404,
            )
        try:
            return HTMLResponse(made(edition))
        except ConfigError as error:
            return self._pages.broken(error)
