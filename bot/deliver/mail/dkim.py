"""A mail's DKIM signature (RFC 6376, RFC 8463), for whoever's mail server does not sign by itself.

Relaxed/relaxed, so that it survives the refolding and the spaces at line ends that servers on the way allow
themselves. It covers both List-Unsubscribe headers, without which Gmail shows no button (RFC 8058, 4).
"""

from __future__ import annotations

import base64
import re
from typing import Any

from bot.errors import ConfigError, DeliveryError, Problem

COVERED = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
)
SHORTEST, LONGEST = 2048, 4096  # bits of an RSA key: RFC 8301, 3.2
SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")
SHARED = re.compile(rb"(?mi)^Content-Type: (.*)")  # by its boundary the same in all mails of an edition
PRIVATE_KEY = "a private key in PEM form, RSA of 2048 to 4096 bits (`openssl genrsa -out dkim.pem 2048`)"


class DkimSigner:
    """Gives the DKIM-Signature header for finished mails. Safe to use from several threads.

    `key`: the bytes of a PEM file with an RSA or Ed25519 private key. Many receivers know RSA only.
    `selector` and `domain`: the public half stands in the DNS at `<selector>._domainkey.<domain>`; for DMARC
    the domain is the one of the From address. Raises ConfigError that says what would be right.
    """

    def __init__(self, key: bytes, selector: str, domain: str) -> None:
        if not SELECTOR.fullmatch(selector):
            raise _wrong("DKIM_SELECTOR", "should be a short name such as `digest`, as it stands in the DNS")
        self._dkim = _dkimpy()
        self._algorithm, self._key, public = _halves(key)
        self._selector, self._domain = selector, domain
        self.record_name = f"{selector}._domainkey.{domain}"
        self.record = f"v=DKIM1; k={self._algorithm.partition('-')[0]}; p={public}"
        self._verified = b""

    def __call__(self, mail: bytes) -> bytes:
        """The header, folded, with CRLF, to be put before the mail. The first mail of each edition is
        verified with the public half. Raises DeliveryError where it does not verify."""
        try:
            header = self._signed(mail)
        except self._dkim.DKIMException as error:
            raise DeliveryError(f"The mail could not be signed (DKIM: {error}).", permanent=True) from error
        found = SHARED.search(mail)
        shared = found[1] if found else mail
        if shared != self._verified:
            if not self.verifies(header + mail):
                raise DeliveryError(
                    "The DKIM signature made with DKIM_KEY_FILE does not verify with its own public half, so "
                    "the mail was not sent: this is a fault of the program, please report it.",
                    permanent=True,
                )
            self._verified = shared
        return header

    def verifies(self, mail: bytes) -> bool:
        """Whether the mail's first signature is good by the public half of this key, without the DNS."""
        record = self.record.encode()
        return bool(self._dkim.verify(mail, dnsfunc=lambda name, timeout=5: record))

    def _signed(self, mail: bytes) -> bytes:
        header: bytes = self._dkim.sign(
            mail,
            self._selector.encode(),
            self._domain.encode(),
            self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=self._algorithm.encode(),
            include_headers=_covered(mail),
        )
        return header


def _covered(mail: bytes) -> list[bytes]:
    head = mail.partition(b"\r\n\r\n")[0].lower()
    there = [line.partition(b":")[0].rstrip() for line in head.split(b"\r\n")]
    names = [name.lower().encode() for name in COVERED]
    return [name for name in names for _ in range(there.count(name) + 1)]


def _dkimpy() -> Any:  # an untyped module
    """dkimpy with what it needs for both kinds of key; only who signs has it."""
    try:
        import dkim
        import nacl.signing  # noqa: F401 - dkimpy itself would fail at the first mail only
    except ImportError as error:
        raise _wrong(
            "DKIM_KEY_FILE",
            f"signing needs the package {error.name}, which is not installed: install learning-bot with its "
            "extra `dkim`",
        ) from error
    return dkim


def _halves(key: bytes) -> tuple[str, bytes, str]:
    """Algorithm, private half as dkimpy takes it, public half as it stands in the DNS."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    try:
        private = form.load_pem_private_key(key, password=None)
    except TypeError as error:
        text = f"is protected by a password, and nobody is there to type it: give {PRIVATE_KEY}"
        raise _wrong("DKIM_KEY_FILE", text) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _wrong("DKIM_KEY_FILE", f"cannot be read: it should be {PRIVATE_KEY}") from error
    if isinstance(private, Ed25519PrivateKey):
        public = private.public_key().public_bytes_raw()
        return "ed25519-sha256", base64.b64encode(private.private_bytes_raw()), _text(public)
    if not isinstance(private, RSAPrivateKey):
        raise _wrong("DKIM_KEY_FILE", f"is of a kind that DKIM does not have: it should be {PRIVATE_KEY}")
    if not SHORTEST <= private.key_size <= LONGEST:
        text = f"is an RSA key of {private.key_size} bits, which receivers refuse: it should be {PRIVATE_KEY}"
        raise _wrong("DKIM_KEY_FILE", text)
    public = private.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    pem = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption())
    return "rsa-sha256", pem, _text(public)


def _text(public: bytes) -> str:
    return base64.b64encode(public).decode()


def _wrong(variable: str, text: str) -> ConfigError:
    return ConfigError([Problem(file="environment", line=None, field=variable, text=text)])
