"""Making HTML pages of the templates, everything escaped, and the headers that each answer carries."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No script, image, font or frame, ours or anybody's; styles stand in the page. Nothing is kept by caches or
# found by search engines, and no other site learns the address of a page that was left, which may be an
# unsubscribe link.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

SENDER = "Learning from reviews"  # as the mails and posts are signed (Organisation in bot/deliver/render.py)


class Pages:
    """The templates of one folder. Links in them are relative, so that it does not matter where they are.

    `contact`: an email address that a person reads, shown on each page. `whom`: the end of a sentence that
    tells readers where to turn.
    """

    def __init__(self, templates: Path, contact: str | None = None) -> None:
        self.whom = f"write to {contact}" if contact else "answer the last message that you got"
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        write_to = "mailto:" + quote(contact, safe="@") if contact else None
        self._environment.globals.update(contact=contact, write_to=write_to, whom=self.whom, sender=SENDER)

    def show(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """The page that a template makes of these values."""
        return HTMLResponse(self._environment.get_template(template).render(values), status)

    def say(self, title: str, *sentences: str, status: int = 200) -> HTMLResponse:
        """A page that only says something."""
        return self.show(
            "done.html", status, title=title, sentences=sentences, after=None, undo=None, back=False
        )


class SafeHeaders:
    """Puts HEADERS on every answer; where the public address is https, browsers are told to keep to that."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        headers = {**HEADERS, "Strict-Transport-Security": "max-age=31536000"} if secure else HEADERS
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, send_safely)
