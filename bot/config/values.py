"""Single values as people write them: lengths of time, addresses, cron. Each check raises ValueError with
what is wrong and what would be right, in words for an administrator."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from email.utils import getaddresses
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import inet_aton
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

from bot.config.sheet import shown
from bot.models import Subscriber

SHORTEST_INTERVAL = timedelta(minutes=15)
LONGEST_PUBLIC = 500  # characters; what follows in a reader's link must still fit on a header's line

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LENGTH = re.compile(r"(\d{1,4})\s*([mhdw])")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_NAMED = re.compile(
    r"""(?:"(?:[^"\\\r\n]|\\[^\r\n])*"|[^"<>@,:;\\\r\n]*)[ \t]*<(?P<inside>[^<>\s]+)>|(?P<bare>[^<>\s]+)"""
)
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{6,20}")
_PRIVATE_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant; None if none is near."""
    slug = "-".join(re.findall(r"[^\W_]+", word.lower()))
    by_slug = {name.lower().replace("_", "-"): name for name in known}
    found = get_close_matches(slug, by_slug, n=1, cutoff=0.6)
    return by_slug[found[0]] if found else None


def one_of(word: str, known: Iterable[str], what: str) -> str:
    """`word`, if it is known. `what` names the kind of thing in the message: "theme", "digest"."""
    known = tuple(known)
    if word in known:
        return word
    guess = nearest(word, known)
    right = f"did you mean `{guess}`?" if guess else f"known: {_list(known)}"
    raise ValueError(f"there is no {what} `{shown(word)}`; {right}")


def _list(names: tuple[str, ...], most: int = 12) -> str:
    said = ", ".join(names[:most]) or "none"
    return said if len(names) <= most else f"{said} and {len(names) - most} more"


def line(text: str) -> str:
    """A text of one line, white space folded: names end up in subjects of emails."""
    folded = " ".join(text.split())
    if not folded or not folded.isprintable():
        raise ValueError("has a control character in it, or nothing to see; write plain text")
    return folded


def slug(text: str) -> str:
    """An id or name: small letters, digits and hyphens."""
    if _SLUG.fullmatch(text):
        return text
    better = "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:40].strip("-") or "harrowmere-reviews"
    raise ValueError(f"should be small letters, digits and hyphens, such as `{better}`")


def length(text: str) -> timedelta:
    """A length of time: `90m`, `6h`, `1d`, `2w`."""
    found = _LENGTH.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f"`{shown(text)}` is no length of time; write a number and m, h, d or w: 90m, 6h, 1d, 2w"
        )
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def interval(text: str) -> timedelta:
    """How often a page is looked at."""
    value = length(text)
    if value < SHORTEST_INTERVAL:
        raise ValueError(
            f"{shown(text)} is too often for a small public site; write 15m or more (6h does for most)"
        )
    return value


def baseline(text: str) -> timedelta:
    """How far back a newcomer's first digest reaches: whole days."""
    value = length(text)
    if value % timedelta(days=1):
        raise ValueError(f"{shown(text)} is not whole days; write 31d, or 4w, or 0d for nothing of the past")
    return value


# --- addresses of pages -------------------------------------------------------------------------------


def web_address(text: str, example: str = "https://example.org/reviews") -> SplitResult:
    """An http or https address without user and password."""
    if re.search(r"[\s\x00-\x1f\\]", text):
        raise ValueError(f"has a space or backslash in it; copy the whole address again, such as {example}")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(
            f"is no address; copy it from the browser's address bar, such as {example}"
        ) from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"should begin with https:// or http://, such as {example}")
    if not host:
        raise ValueError(f"lacks the name of a site after {parts.scheme}://, such as {example}")
    if "@" in parts.netloc:
        raise ValueError("has a user or password in it; only pages that anybody can open are read")
    if _number(host) is None:
        _domain(host, example)
    return parts


def page_address(text: str, allowed: Iterable[str]) -> str:
    """The address of a page to watch; on a private network only where its host is `allowed`.

    `allowed`: entries of allow_private_hosts, `host` for any port or `host:port`.
    """
    parts = web_address(text)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or (80 if parts.scheme == "http" else 443)
    spellings = {host, f"[{host}]", f"{host}:{port}", f"[{host}]:{port}"}
    if is_private(host) and spellings.isdisjoint(name.lower() for name in allowed):
        raise ValueError(
            f"{shown(host)} is on this machine or a private network, which is not fetched; "
            f'if it is meant, add it to allow_private_hosts: ["{shown(host)}"]'
        )
    return text


def host_name(text: str) -> str:
    """One entry of allow_private_hosts: a name or number, with a port or without, and nothing else."""
    host = re.sub(r":\d{1,5}$", "", text) if "." in text or "[" in text or text.count(":") == 1 else text
    if _number(host.strip("[]")) is None and not re.fullmatch(r"[\w-]+(?:\.[\w-]+)*", host):
        raise ValueError(f"`{shown(text)}` should be the host alone, such as `intranet.example.org`")
    return text.lower()


def is_private(host: str) -> bool:
    """Whether a host, by its name or number alone, is no public site. What names resolve to is checked
    when they are fetched."""
    number = _number(host)
    if number is not None:
        return not number.is_global or number.is_multicast
    name = host.rstrip(".").lower()
    return "." not in name or any(name.endswith(f".{private}") for private in _PRIVATE_NAMES)


def _number(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is, in the old forms too (`127.1`, `0x7f000001`) which resolvers take."""
    try:
        return ip_address(host.rstrip(".").partition("%")[0])
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fxA-FX.]*[0-9a-fA-F]\.?", host) or not host[0].isdigit():
        return None
    try:
        return IPv4Address(inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


def _domain(host: str, example: str) -> str:
    """A name that DNS could know (RFC 1035, IDNA 2008), without looking it up."""
    try:
        # Under-scores and the like never reach here in mail; single labels are for is_private to judge.
        return idna.encode(host.rstrip("."), uts46=True).decode("ascii")
    except (idna.IDNAError, ValueError):
        raise ValueError(f"`{shown(host)}` cannot be the name of a site; compare {example}") from None


def public_address(text: str) -> str:
    """Where readers find the bot's own pages, as it can stand in a header of a mail: a host in other letters
    comes back in ASCII (IDNA 2008), a path percent-encoded, and no slash at the end."""
    example = "https://learning.example.org"
    parts = web_address(text, example)
    if parts.query or parts.fragment:
        raise ValueError(f"should end before any ? or #, such as {example}")
    host, port = parts.hostname or "", f":{parts.port}" if parts.port is not None else ""
    place = parts.netloc if _number(host) else f"{_domain(host, example)}{port}"
    path = re.sub(r"[^\x00-\x7f]+", lambda found: quote(found[0]), parts.path)
    address = urlunsplit((parts.scheme, place, path, "", "")).rstrip("/")
    if re.search(r"[^!-~]|[<>]", address):
        raise ValueError(f"has a sign in it that cannot stand in a link, such as < or >; compare {example}")
    if len(address) > LONGEST_PUBLIC:
        raise ValueError(f"is longer than {LONGEST_PUBLIC} characters, too long for links in mails")
    return address


def selector(text: str) -> str:
    """A CSS selector."""
    import soupsieve  # few have one to check

    try:
        soupsieve.compile(text)
    except (soupsieve.SelectorSyntaxError, ValueError):
        raise ValueError(
            f"`{shown(text)}` is no CSS selector; compare `article.review` or `h3 > a`"
        ) from None
    return text


# --- addresses of readers -----------------------------------------------------------------------------


def email(text: str) -> str:
    """An address of one mailbox; its domain comes back in small letters.

    A simple check: what no mail server could take is refused (RFC 5321's lengths, no spaces, a domain with
    a dot); quoted and accented local parts are not taken.
    """
    local, at, domain = text.rpartition("@")
    if not at or "<" in text or re.search(r"[\s,;]", text):
        raise ValueError(
            f"`{shown(text)}` is no email address; write one address alone, such as lead@example.org"
        )
    if len(local) > 64 or not _MAILBOX.fullmatch(local):
        raise ValueError(
            f"`{shown(text)}` has something before the @ that cannot be; compare lead@example.org"
        )
    name = _domain(domain, "lead@example.org") if domain else ""
    if "." not in name or _number(name) is not None or len(local) + len(name) > 253:
        raise ValueError(f"`{shown(text)}` lacks a whole domain after the @; compare lead@example.org")
    return f"{local}@{domain.lower()}"


def mailbox(text: str) -> str:
    """One address, with or without a name before it: `Learning Bot <bot@example.org>`. A name with signs that
    mean something in a header (RFC 5322, 3.4) stands in quotes."""
    written = _NAMED.fullmatch(text)
    address = written["inside"] or written["bare"] if written else ""
    # What Python's own reader of addresses makes of it counts in the end: it is what the mail is written by.
    if not address or [one for _, one in getaddresses([text])] != [address]:
        raise ValueError(
            f"`{shown(text)}` is no address; write one alone, such as Learning Bot <bot@example.org>; "
            'a name with , : ; or @ in it needs quotes, such as "Learning: the bot" <bot@example.org>'
        )
    email(address)
    return text


def subscriber(text: str) -> Subscriber:
    """An entry of `to`: an email address, `slack:#channel` or `slack:` and a channel's id."""
    if not text.lower().startswith(("slack:", "#")):
        return Subscriber(medium="email", address=email(text))
    channel = text.removeprefix("slack:").removeprefix("Slack:").strip()
    if _CHANNEL_ID.fullmatch(channel):
        return Subscriber(medium="slack", address=channel)
    name = channel.removeprefix("#")
    fits = 0 < len(name) <= 80 and not re.search(r"[\s.,;:@#/]", name) and name == name.lower()
    if fits and channel.startswith("#") and text.startswith("slack:"):
        return Subscriber(medium="slack", address=channel)
    better = re.sub(r"[\s.,;:@#/]+", "-", name.lower()).strip("-")[:80] or "learning-babies"
    raise ValueError(
        f'`{shown(text)}` is no Slack channel; write "slack:#{shown(better)}", or the channel\'s id '
        "as in slack:C0123ABCDEF"
    )


def contact(text: str) -> str:
    """Where a webmaster can complain: an email address or a page."""
    if text.startswith(("http://", "https://")):
        web_address(text, "https://example.org/contact")
        return text
    return email(text)
