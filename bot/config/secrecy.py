"""Secrets that have strayed into a file: found, refused, and never repeated.

Secrets live in the environment alone. What a secret looks like: Slack's token prefixes
(https://api.slack.com/authentication/token-types), Slack's webhook addresses, a user and password in an
address (RFC 3986, userinfo), and keys with a telling name.
"""

from __future__ import annotations

import re

_LOOKS = (
    ("a Slack token", re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w.-]+", re.I)),
    ("a Slack webhook address", re.compile(r"hooks\.slack(?:-gov)?\.com/\S+", re.I)),
    ("an address with a password in it", re.compile(r"(?<=://)[^\s/@]*:[^\s/]*(?=@)")),
    (
        "an address with a key in it",
        re.compile(
            r"(?<=[?&])(?:password|passwd|pwd|(?:access_|auth_)?token|api_?key|secret)=[^\s&#]+", re.I
        ),
    ),
)
_NAMES = re.compile(
    r"(?:^|[_\-\s])(?:password|passwd|passphrase|pwd|token|secret|api[_-]?key|credentials?)s?(?:$|[_\-\s])",
    re.IGNORECASE,
)


def what(text: str) -> str | None:
    """What kind of secret stands in this text, in words; None if none does."""
    return next((kind for kind, look in _LOOKS if look.search(text)), None)


def named(key: str) -> str | None:
    """Whether what stands under this key is a secret by its name."""
    return "a password or token" if _NAMES.search(key) else None


def hidden(text: str) -> str:
    """The text with every secret in it as three stars."""
    for _, look in _LOOKS:
        text = look.sub("***", text)
    return text


def refusal(kind: str) -> str:
    """What to say of a secret in a file."""
    return (
        f"{kind} must not stand in this file; set it in the environment (SLACK_BOT_TOKEN, SMTP_URL), take it "
        "out here, and have it renewed: others may have read it"
    )
