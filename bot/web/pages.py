"""Making HTML pages of the templates, and the headers that each answer carries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import ConfigError
from bot.models import Organisation

log = logging.getLogger(__name__)

Render = Callable[[str, Mapping[str, object]], str]

# No script, font or frame, ours or anybody's; styles and a logo stand in the page. Nothing is kept by caches
# or found by search engines, and no other site learns the address of a page that was left, which may be an
# unsubscribe link.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

# Made without a template, since a template is what is wrong.
BROKEN = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This page cannot be shown</title></head>
<body><main><h1>This page cannot be shown just now</h1>
<p>Something is wrong on our side, and those who look after this service can see it in their log.</p>
</main></body>
</html>
"""


class Pages:
    """The templates in `web/`. Links in them are relative, so that it does not matter where they are.

    `render`: fills in a template by its name, everything escaped; raises ConfigError for a mistake in an
    administrator's own. `organisation`: who sends, as it is at the time.
    """

    def __init__(self, render: Render, organisation: Callable[[], Organisation]) -> None:
        self._render = render
        self._organisation = organisation

    @property
    def whom(self) -> str:
        """The end of a sentence that tells readers where to turn."""
        contact = self._organisation().contact
        return f"write to {contact}" if contact else "answer the last message that you got"

    def show(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """The page that a template makes of these values."""
        common = {"organisation": self._organisation(), "whom": self.whom}
        try:
            return HTMLResponse(self._render(f"web/{template}", common | values), status)
        except ConfigError as error:
            return self.broken(error)

    def say(self, title: str, *sentences: str, status: int = 200) -> HTMLResponse:
        """A page that only says something."""
        return self.show(
            "done.html", status, title=title, sentences=sentences, after=None, undo=None, back=False
        )

    def broken(self, error: ConfigError) -> HTMLResponse:
        """For a reader, that the page cannot be shown; for the log, which line of which template is wrong."""
        log.error("a page could not be shown: %s", error)
        return HTMLResponse(BROKEN, 500)


def safe_headers(*, secure: bool) -> dict[str, str]:
    """HEADERS; `secure`, where the public address is https: browsers are told to keep to that."""
    return {**HEADERS, "Strict-Transport-Security": "max-age=31536000"} if secure else HEADERS


class SafeHeaders:
    """Puts them on every answer."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        headers = safe_headers(secure=secure)
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, send_safely)
