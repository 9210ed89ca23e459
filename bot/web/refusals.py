"""What is answered to a request that cannot be: a calm page each, with the headers of any other answer."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ExceptionHandler

from bot.errors import StoreError
from bot.web.pages import BROKEN, Pages, safe_headers

log = logging.getLogger(__name__)


class Refusals:
    """`secure`: as for `SafeHeaders`."""

    def __init__(self, pages: Pages, *, secure: bool) -> None:
        self._pages = pages
        self._secure = secure

    @property
    def handlers(self) -> dict[type[Exception], ExceptionHandler]:
        """For Starlette: what answers to which error."""
        return {HTTPException: self.refused, StoreError: self.store_down, Exception: self.broken}

    async def refused(self, request: Request, error: Exception) -> Response:
        """An address that is none, or one that is asked in a way that it has no answer to."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return self._pages.say("There is no such page", "Please check the address.", status=404)
        sentence = "Please go back, and open the address anew."
        response = self._pages.say("This page cannot do that", sentence, status=error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def store_down(self, request: Request, error: Exception) -> Response:
        log.error("%s %s: %s", request.method, request.scope["route"].path, error)
        sentence = "The database does not answer just now. Trying again in a few minutes does no harm."
        response = self._pages.say("Please try again", sentence, status=503)
        response.headers["Retry-After"] = "60"
        return response

    async def broken(self, request: Request, error: Exception) -> Response:
        """A mistake of ours, which the server logs. No template is used, lest it be what is wrong; and this
        answer does not come by `SafeHeaders`, so it has them with it."""
        return HTMLResponse(BROKEN, 500, safe_headers(secure=self._secure))
