"""The web application, put together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import StoreError
from bot.ports import Clock
from bot.web.archive import ArchivePage, Searchable
from bot.web.health import Health, Metrics, Watched
from bot.web.pages import Pages, SafeHeaders
from bot.web.unsubscribe import Subscriptions, Unsubscribe

log = logging.getLogger(__name__)


class Store(Searchable, Subscriptions, Watched, Protocol):
    """The part of Archive and Ledger (bot/ports.py) that the web needs."""


def create_app(
    store: Store,
    *,
    templates: Path,
    secret_keys: Sequence[str],
    clock: Clock,
    public_url: str | None,
    name_of_theme: Callable[[str], str],
    themes: Callable[[], Sequence[str]] = tuple,
    contact: str | None = None,
) -> Starlette:
    """The application, to be served by any ASGI server.

    `templates`: the folder with base.html and the pages. `secret_keys`: at least one; the first signs, all
    are accepted. `public_url`: where readers find the web. `name_of_theme`: id to name.
    `themes`: the ids that a search can be narrowed by, as they are at the time. `contact`: an email address
    that a person reads, for readers with a question.

    Set `app.state.heartbeat` to a callable that gives the moment of the scheduler's last tick, or None.
    """
    pages = Pages(templates, contact)
    unsubscribe = Unsubscribe(store, pages, secret_keys, clock)
    archive = ArchivePage(store, pages, name_of_theme, themes)

    async def not_there(request: Request, error: Exception) -> Response:
        return pages.say("There is no such page", "Please check the address.", status=404)

    async def store_down(request: Request, error: Exception) -> Response:
        log.error("%s %s: %s", request.method, request.scope["route"].path, error)
        sentence = "The database does not answer just now. Trying again in a few minutes does no harm."
        response = pages.say("Please try again", sentence, status=503)
        response.headers["Retry-After"] = "60"
        return response

    app = Starlette(
        routes=[
            Route("/healthz", Health(store, clock).check),
            Route("/metrics", Metrics(store, clock).show),
            Route("/archive", archive.search),
            Route("/unsubscribe/{token}", unsubscribe.answer, methods=["GET", "POST"]),
        ],
        middleware=[Middleware(SafeHeaders, secure=(public_url or "").startswith("https:"))],
        exception_handlers={404: not_there, StoreError: store_down},
    )
    app.state.heartbeat = lambda: None
    return app
