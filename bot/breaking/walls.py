"""Pages that come, with status 200, where the page should be."""

from __future__ import annotations

_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body>{body}</body></html>"
)


def bot_block(body: bytes) -> bytes:
    """A check that the visitor is a person."""
    said = (
        "<h1>Checking your browser</h1><p>This process is automatic. Your browser will be sent on to the "
        "page that you asked for shortly.</p><p>Please enable JavaScript and cookies to continue.</p>"
        "<p>Incident 7f3a-22c1</p>"
    )
    return _PAGE.format(title="Just a moment...", body=said).encode()


def chat_bot(body: bytes) -> bytes:
    """The page's frame, with an assistant where the content was; a browser must fill it."""
    said = (
        '<header><nav><a href="/">Home</a> <a href="/report">Report a concern</a> <a href="/reviews">Reviews'
        '</a></nav></header><main id="app"></main><div role="dialog"><p>Hello, I am your virtual assistant. '
        "How can I help you today?</p><button>Learning from reviews</button>"
        "<button>Something else</button></div>"
        '<footer><a href="/privacy">Privacy</a> <a href="/cookies">Cookies</a></footer>'
        '<script src="/static/chat.9f2.js"></script>'
    )
    return _PAGE.format(title="Safeguarding partnership", body=said).encode()
