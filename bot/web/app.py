"""The web application, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from bot.models import Organisation
from bot.ports import Clock
from bot.web.archive import ArchivePage, Searchable
from bot.web.editions import EditionPages, Editions, PrintedPages
from bot.web.health import Health, Metrics, Watched
from bot.web.pages import Pages, Render, SafeHeaders
from bot.web.refusals import Refusals
from bot.web.slack_buttons import hear
from bot.web.unsubscribe import Subscriptions, Unsubscribe


class Store(Searchable, Subscriptions, Watched, Editions, Protocol):
    """The part of Archive and Ledger (bot/ports) that the web needs."""


def create_app(
    store: Store,
    *,
    render: Render,
    printed: PrintedPages,
    organisation: Callable[[], Organisation],
    secret_keys: Sequence[str],
    clock: Clock,
    public_url: str | None,
    name_of_theme: Callable[[str], str],
    themes: Callable[[], Sequence[str]] = tuple,
) -> Starlette:
    """The application, to be served by any ASGI server.

    `render`: fills in a template by its name (`web/archive.html`), everything escaped. `printed`: makes the
    pages of an edition. `organisation`: who sends, as it is at the time. `secret_keys`: at least one; the
    first signs, all are accepted. `public_url`: where readers find the web. `name_of_theme`: id to name.
    `themes`: the ids that a search can be narrowed by, as they are at the time.

    Set `app.state.heartbeat` to a callable that gives the moment of the scheduler's last tick, or None.
    """
    pages = Pages(render, organisation)
    secure = (public_url or "").startswith("https:")
    app = Starlette(
        routes=_routes(
            health=Health(store, clock),
            metrics=Metrics(store, clock),
            archive=ArchivePage(store, pages, name_of_theme, themes),
            editions=EditionPages(store, pages, printed),
            unsubscribe=Unsubscribe(store, pages, secret_keys, clock),
        ),
        middleware=[Middleware(SafeHeaders, secure=secure)],
        exception_handlers=Refusals(pages, secure=secure).handlers,
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the request names
    app.state.heartbeat = lambda: None
    return app


def _routes(
    *,
    health: Health,
    metrics: Metrics,
    archive: ArchivePage,
    editions: EditionPages,
    unsubscribe: Unsubscribe,
) -> list[Route]:
    return [
        Route("/healthz", health.check),
        Route("/metrics", metrics.show),
        Route("/archive", archive.search),
        Route("/digests/{edition}", editions.whole),
        Route("/digests/{edition}/meeting", editions.meeting),
        Route("/slack/interactions", hear, methods=["POST"]),
        Route("/unsubscribe/{token}", unsubscribe.answer, methods=["GET", "POST"]),
    ]
