"""Access tokens for logging in to a mail server by OAuth 2 (RFC 6749), as Microsoft 365 and Google want it.

Two grants: client credentials (an application of one's own; Microsoft 365) and a refresh token (a person has
agreed once; Google and Microsoft 365). Whatever goes wrong here is the set-up's or the network's, never a
letter's. No sentence repeats a secret: a token service may quote what it was sent, so of its answer only
short codes are shown.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request

from bot.deliver.mail.answers import Ended, held
from bot.deliver.timed import LONGEST_ANSWER
from bot.deliver.timed_http import opener
from bot.deliver.words import plain

SECONDS_TO_SPARE = 120  # a token is not used in its last two minutes
USUAL_LIFE = 300  # seconds; where the service does not say, or not sensibly, how long a token lives
LONGEST_LIFE = 7 * 24 * 3600  # seconds; services give an hour, or a day
TOKEN = re.compile(r"[!-~]+")

_CODE = re.compile(r"[a-z_]{1,40}")
_NUMBER = re.compile(r"AADSTS\d{4,9}")  # Microsoft's own, to be looked up
_MEND = {
    "invalid_client": "correct SMTP_OAUTH_CLIENT_ID and SMTP_OAUTH_CLIENT_SECRET (secrets run out)",
    "unauthorized_client": "allow this client the grant, and sending mail, where it is registered",
    "invalid_grant": "the refresh token is used up or was taken back, so sign in again and put the new one "
    "into SMTP_OAUTH_REFRESH_TOKEN",
    "invalid_scope": "correct SMTP_OAUTH_SCOPE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token is asked for with. With a `refresh_token` that grant is used, else client credentials."""

    token_url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    scope: str | None = None


class AccessTokens:
    """Gets a token, and keeps it until shortly before its end. Safe to use from several threads.

    `tls`: Python's own context, which verifies certificates and names, if None. `patience`: seconds to wait
    for the service, and for its whole answer. `ticks`: a clock in seconds that never goes back.
    """

    def __init__(
        self,
        grant: Grant,
        *,
        tls: ssl.SSLContext | None = None,
        patience: float = 30,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._grant = grant
        self._refresh_token = grant.refresh_token
        self._service = f"the token service {urlsplit(grant.token_url).hostname}"
        self._opener = opener(tls or ssl.create_default_context())
        self._patience = patience
        self._ticks = ticks
        self._lock = threading.Lock()
        self._token: str | None = None
        self._ends = 0.0

    def __repr__(self) -> str:
        return f"AccessTokens({self._service})"

    def token(self) -> str:
        """A token that is good now. Raises Ended (deferred, holds) where none can be had."""
        with self._lock:
            if self._token is None or self._ticks() >= self._ends:
                asked = self._ticks()
                self._token, life = self._read(self._fetch())
                self._ends = asked + life - SECONDS_TO_SPARE
            return self._token

    def refused(self, token: str) -> None:
        """The mail server did not accept this token: the next one asked for is a new one."""
        with self._lock:
            if self._token == token:
                self._token = None

    def _form(self) -> dict[str, str]:
        grant = self._grant
        form = {"client_id": grant.client_id}
        if grant.client_secret:
            form["client_secret"] = grant.client_secret
        if grant.scope:
            form["scope"] = grant.scope
        if self._refresh_token:
            return form | {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        return form | {"grant_type": "client_credentials"}

    def _fetch(self) -> bytes:
        request = Request(
            self._grant.token_url,
            urlencode(self._form()).encode(),
            {"Accept": "application/json"},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=self._patience) as response:
                return bytes(response.read(LONGEST_ANSWER))
        except HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except URLError as error:
            reason = error.reason if isinstance(error.reason, Exception) else error
            raise self._out_of_reach(reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._out_of_reach(error) from None

    def _out_of_reach(self, error: Exception) -> Ended:
        advice = "check SMTP_OAUTH_TOKEN_URL and the network"
        if isinstance(error, ssl.SSLCertVerificationError):
            advice = "its certificate must be valid, and for the name in SMTP_OAUTH_TOKEN_URL"
        return held(f"{self._service} could not be reached ({plain(error)}): {advice}.")

    def _refusal(self, error: HTTPError) -> Ended:
        try:
            answer = error.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            answer = b""
        said = _object(answer)
        code = str(said.get("error", ""))
        if error.code == 429 or error.code >= 500 or not _CODE.fullmatch(code):
            return held(
                f"{self._service} gives no token now (HTTP {error.code}): it is asked again; if it stays so, "
                "check SMTP_OAUTH_TOKEN_URL."
            )
        number = _NUMBER.search(str(said.get("error_description", "")))
        shown = f"{code}, {number[0]}" if number else code
        advice = _MEND.get(code, "check the SMTP_OAUTH_ variables")
        return held(f"{self._service} gives no token ({shown}): {advice}.")

    def _read(self, answer: bytes) -> tuple[str, float]:
        said = _object(answer)
        token = said.get("access_token")
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise held(f"{self._service} answered without an access token: check SMTP_OAUTH_TOKEN_URL.")
        newer = said.get("refresh_token")
        if self._refresh_token and isinstance(newer, str) and newer:
            self._refresh_token = newer
        return token, _life(said.get("expires_in"))


def _life(given: object) -> float:
    """Seconds that a token lives; services write it as a number or as text."""
    try:
        life = float(str(given))
    except ValueError:
        return USUAL_LIFE
    return life if 0 < life <= LONGEST_LIFE else USUAL_LIFE  # also of NaN, which is no number


def _object(answer: bytes) -> dict[str, object]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
