"""Logging in with access tokens: a token service and a mail server on loopback, each with its faults."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.deliver.mail.answers import Ended
from bot.deliver.mail.connection import MailServer
from bot.deliver.mail.oauth import AccessTokens, Grant
from bot.deliver.mail.smtp import EmailChannel
from bot.demo.mailbox import Mailbox
from bot.models import Outcome
from tests.deliver.invented import delivery
from tests.deliver.parts import Watched, letters

CERTIFICATE = Path(__file__).parents[1] / "loopback.pem"
SECRET, REFRESH = "s3cret-of-the-client", "r3fresh-token"


class TokenService:
    """A token endpoint that gives `token-1`, `token-2` ..., or what it is told to."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[dict[str, str]] = []
        self.life: object = 3600
        self.status, self.answer = 200, b""
        self.newer: str | None = None
        self.slow = 0.0
        self.drips = False
        service = self

        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service._answer(self)

            def do_GET(self) -> None:
                service._answer(self)

            def log_message(self, *said: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        self._scheme = "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> TokenService:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"{self._scheme}://localhost:{self._server.server_port}/token"

    def says(self, status: int, answer: object) -> None:
        self.status = status
        self.answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        sent = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.asked.append({name: values[0] for name, values in parse_qs(sent.decode()).items()})
        sleep(self.slow)
        given: dict[str, Any] = {"access_token": f"token-{len(self.asked)}", "expires_in": self.life}
        if self.newer:
            given["refresh_token"] = self.newer
        answer = self.answer or json.dumps(given).encode()
        request.send_response(self.status)
        if 300 <= self.status < 400:
            request.send_header("Location", self.url + "/elsewhere")
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has stopped waiting
            for start in range(0, len(answer), 1 if self.drips else len(answer)):
                request.wfile.write(answer[start:] if not self.drips else answer[start : start + 1])
                sleep(0.2 if self.drips else 0)


@pytest.fixture
def service() -> Iterator[TokenService]:
    with TokenService() as running:
        yield running


def tokens(url: str, **other: Any) -> AccessTokens:
    grant = Grant(
        token_url=url, client_id="bot", client_secret=SECRET, scope="https://mail.example.org/.default"
    )
    return AccessTokens(grant, patience=1, **other)


def by_refresh(url: str) -> AccessTokens:
    grant = Grant(token_url=url, client_id="bot", client_secret=SECRET, refresh_token=REFRESH)
    return AccessTokens(grant, patience=1)


def delivered(mailbox: Mailbox, oauth: AccessTokens) -> Outcome:
    server = MailServer(host="127.0.0.1", port=mailbox.port, user="bot@example.org", oauth=oauth)
    channel = EmailChannel(server, letters(), patience=2)
    progress = Watched()
    outcome = channel.deliver(delivery(), progress)
    channel.close()
    assert outcome.state == "sent" or progress.told == []
    assert outcome.holds == (outcome.state != "sent")
    assert SECRET not in outcome.detail
    assert REFRESH not in outcome.detail
    assert "token-" not in outcome.detail
    return outcome


# --- the mail server ------------------------------------------------------------------------------------


def test_mail_goes_with_a_token_instead_of_a_password(service: TokenService) -> None:
    with Mailbox(tokens=["token-1"]) as mailbox:
        oauth = tokens(service.url)
        assert [delivered(mailbox, oauth).state for _ in range(2)] == ["sent", "sent"]
    assert service.asked == [
        {
            "grant_type": "client_credentials",
            "client_id": "bot",
            "client_secret": SECRET,
            "scope": "https://mail.example.org/.default",
        }
    ]


def test_a_token_that_was_taken_back_is_replaced_at_once(service: TokenService) -> None:
    with Mailbox(tokens=["token-1"]) as mailbox:
        oauth = tokens(service.url)
        delivered(mailbox, oauth)
        mailbox.takes_token("token-2")
        assert delivered(mailbox, oauth).state == "sent"
    assert len(service.asked) == 2


def test_a_mailbox_that_the_client_may_not_use_is_a_sentence(service: TokenService) -> None:
    with Mailbox(tokens=["another"]) as mailbox:
        detail = delivered(mailbox, tokens(service.url)).detail
    assert "does not accept the token for the user of SMTP_URL (535 5.7.8" in detail
    assert len(service.asked) == 2


@pytest.mark.parametrize("words", ["535 5.7.8 bad: AUTH XOAUTH2 {}", "535 5.7.8 bad token token-1", "500 {}"])
def test_a_server_that_repeats_a_log_in_brings_no_token_into_a_sentence(
    service: TokenService, words: str
) -> None:
    whole = base64.b64encode(b"user=bot@example.org\1auth=Bearer token-1\1\1").decode()
    with Mailbox(tokens=["token-1"]) as mailbox:
        mailbox.answers("log-in", words.format(whole))
        detail = delivered(mailbox, tokens(service.url)).detail
    assert whole[:6] not in detail
    assert whole[-12:] not in detail
    assert words[:3] in detail


def test_a_server_that_knows_no_tokens_is_a_sentence(service: TokenService) -> None:
    with Mailbox(user="bot", password="right") as mailbox:
        assert "offers no log-in that fits (XOAUTH2)" in delivered(mailbox, tokens(service.url)).detail
    assert service.asked == []


def test_a_log_in_that_cannot_be_checked_now_keeps_the_token(service: TokenService) -> None:
    with Mailbox(tokens=["token-1"]) as mailbox:
        oauth = tokens(service.url)
        mailbox.answers("log-in", "454 4.7.0 Directory is away")
        assert "could not check the log-in now" in delivered(mailbox, oauth).detail
        mailbox.works()
        assert delivered(mailbox, oauth).state == "sent"


# --- the token service ----------------------------------------------------------------------------------


def test_a_token_is_used_until_shortly_before_its_end(service: TokenService) -> None:
    moment = [1000.0]
    oauth = tokens(service.url, ticks=lambda: moment[0])
    assert oauth.token() == "token-1"
    moment[0] += 3600 - 121
    assert oauth.token() == "token-1"
    moment[0] += 2
    assert oauth.token() == "token-2"


@pytest.mark.parametrize(
    ("life", "good_for"),
    [("3599", 3400), (None, 170), ("soon", 170), (60, -1)]
    + [(odd, 170) for odd in (float("nan"), float("inf"), -5, 0, 10**12, [1], True)],
)
def test_a_life_that_is_said_oddly_or_not_at_all_is_taken_as_short(
    service: TokenService, life: object, good_for: float
) -> None:
    service.life = life
    moment = [1000.0]
    oauth = tokens(service.url, ticks=lambda: moment[0])
    assert oauth.token() == "token-1"
    moment[0] += max(good_for, 0)
    assert oauth.token() == ("token-1" if good_for > 0 else "token-2")
    moment[0] += 300
    oauth.token()
    assert len(service.asked) >= (1 if life == "3599" else 2)


def test_a_token_is_given_up_only_where_it_is_the_one_that_was_refused(service: TokenService) -> None:
    """Two threads were refused with the same one: the second does not take away what the first got."""
    oauth = tokens(service.url)
    first = oauth.token()
    oauth.refused(first)
    assert oauth.token() == "token-2"
    oauth.refused(first)
    assert oauth.token() == "token-2"


def test_several_threads_ask_for_one_token(service: TokenService) -> None:
    service.slow = 0.05
    oauth, together, given = tokens(service.url), Barrier(4), []

    def ask() -> None:
        together.wait()
        given.append(oauth.token())

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == ["token-1"] * 4
    assert len(service.asked) == 1


def test_a_refresh_token_is_used_and_its_successor_after_it(service: TokenService) -> None:
    service.newer = "r-2"
    oauth = by_refresh(service.url)
    oauth.refused(oauth.token())
    oauth.token()
    assert [(asked["grant_type"], asked["refresh_token"]) for asked in service.asked] == [
        ("refresh_token", REFRESH),
        ("refresh_token", "r-2"),
    ]


Trouble = Callable[[TokenService], None]
MICROSOFTS = {
    "error": "invalid_client",
    "error_description": f"AADSTS7000215: Invalid client secret: {SECRET}",
}


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (lambda s: s.says(401, MICROSOFTS), "(invalid_client, AADSTS7000215): correct SMTP_OAUTH_CLIENT_ID"),
        (lambda s: s.says(400, {"error": "invalid_grant"}), "sign in again"),
        (lambda s: s.says(400, {"error": "invalid_scope"}), "correct SMTP_OAUTH_SCOPE"),
        (
            lambda s: s.says(400, {"error": "interaction_required"}),
            "(interaction_required): check the SMTP_OAUTH_",
        ),
        (lambda s: s.says(400, {"error": f"<{SECRET}>"}), "gives no token now (HTTP 400)"),
        (lambda s: s.says(400, ["what?"]), "gives no token now (HTTP 400)"),
        (lambda s: s.says(503, {"error": "temporarily_unavailable"}), "gives no token now (HTTP 503)"),
        (lambda s: s.says(429, {"error": "slow_down"}), "gives no token now (HTTP 429)"),
        (lambda s: s.says(302, {}), "gives no token now (HTTP 302)"),
        (lambda s: s.says(200, b"<html>Welcome</html>"), "answered without an access token"),
        (lambda s: s.says(200, {"token_type": "Bearer"}), "answered without an access token"),
        (lambda s: s.says(200, {"access_token": "a\r\nQUIT"}), "answered without an access token"),
        (lambda s: s.says(200, b"[" * 60_000), "answered without an access token"),
        (lambda s: s.says(400, b"[" * 60_000), "gives no token now (HTTP 400)"),
        (lambda s: setattr(s, "slow", 1.2), "could not be reached (timed out)"),
        (lambda s: setattr(s, "drips", True), "could not be reached (timed out)"),
    ],
)
def test_each_trouble_of_the_token_service_is_a_sentence(
    service: TokenService, trouble: Trouble, said: str
) -> None:
    trouble(service)
    begun = monotonic()
    with Mailbox(tokens=["token-1"]) as mailbox:
        outcome = delivered(mailbox, by_refresh(service.url))
    assert monotonic() - begun < 3
    assert outcome.state == "deferred"
    assert said in outcome.detail
    assert outcome.detail.startswith("The token service localhost ")
    assert len(service.asked) == 1


@pytest.mark.parametrize("url", ["https://no-such-service.invalid/token", "http://localhost:9/token"])
def test_a_token_service_that_is_not_there_is_a_sentence(url: str) -> None:
    with pytest.raises(Ended, match=r"could not be reached \(.+\): check SMTP_OAUTH_TOKEN_URL") as raised:
        tokens(url).token()
    assert raised.value.outcome.holds


def test_the_certificate_of_the_token_service_is_verified() -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(CERTIFICATE)
    with TokenService(own) as safe:
        with pytest.raises(Ended, match="its certificate must be valid"):
            tokens(safe.url).token()
        assert safe.asked == []
        assert tokens(safe.url, tls=ssl.create_default_context(cafile=CERTIFICATE)).token() == "token-1"


def test_no_secret_is_ever_shown() -> None:
    oauth = by_refresh("https://login.example.org/token")
    server = MailServer(host="h", port=1, user="u", oauth=oauth)
    grant = Grant(token_url="https://t.example", client_id="bot", client_secret=SECRET, refresh_token=REFRESH)
    for shown in (repr(oauth), repr(server), str(server), repr(grant)):
        assert SECRET not in shown
        assert REFRESH not in shown
