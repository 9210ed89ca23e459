"""Header lines of a mail (RFC 5322), each written so that it says one thing only.

By hand, because Python's email package up to 3.13 folds a long name with commas without its quotes, so that
it reads as two addresses, and folds List-Unsubscribe into an encoded word, which Gmail then ignores.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import Address
from email.utils import getaddresses
from functools import lru_cache
from urllib.parse import quote

import idna

from bot.deliver.words import clean
from bot.errors import DeliveryError

LONGEST_LINE = 998  # RFC 5322, 2.1.1
LONGEST_ENCODED = 76  # of a line with encoded words, each then no longer than 75: RFC 2047, 2
LONGEST_NAME = 150
LONGEST_LIST_ID = 255  # RFC 2919, 3
LONGEST_LABEL = 63  # RFC 1035, 2.3.4
LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LINK = re.compile(r"https?://[!-;=?-~]{1,800}")  # printable ASCII without < and >
ADDRESS = re.compile(r"[^\s<>\"'`,;:()\[\]]{1,100}@[^\s<>\"'`,;:()\[\]]{1,255}")  # in any text
ENCODED = "=?"  # how an encoded word begins (RFC 2047)


def mailbox(written: str) -> Address:
    """`Name <address>` or an address, its domain in ASCII (IDNA 2008). Raises DeliveryError for what is no
    address or several, and for letters outside ASCII before the @, which many servers do not take."""
    found = getaddresses([clean(written)])
    name, address = found[0] if len(found) == 1 else ("", "")
    local, _, domain = address.rpartition("@")
    ascii_domain = _in_ascii(domain)
    if not LOCAL_PART.fullmatch(local) or not ascii_domain or ".." in f".{local}.":
        raise DeliveryError(
            f"{_mask(written)} is no address that mail can be sent to: it should look like name@example.org, "
            "with plain letters before the @.",
            permanent=True,
        )
    return Address(display_name=clean(name)[:LONGEST_NAME].strip(), username=local, domain=ascii_domain)


@lru_cache(maxsize=1024)
def _in_ascii(domain: str) -> str:
    """The domain as it is looked up; empty where it is none."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""


def _mask(address: str) -> str:
    """An address as it may be logged: `l…@example.org`."""
    local, at, domain = clean(address).rpartition("@")
    return f"{local[:1]}…{at}{domain}" if at else "The address given"


def masked(text: str) -> str:
    """One line of the text, with each address in it masked."""
    return ADDRESS.sub(lambda found: _mask(found[0]), clean(text))


def address(one: Address) -> str:
    """The value of From, To or Reply-To. A name outside ASCII becomes encoded words of at most 75 letters."""
    name = one.display_name
    if not name:
        return one.addr_spec
    if ENCODED in name or not name.isascii():
        written = _encoded(name, "Reply-To")
    elif ATOMS.fullmatch(name):
        written = name
    else:
        written = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{written} <{one.addr_spec}>"


def subject(text: str) -> str:
    """The value of Subject: as it is where every mail program reads it, else in encoded words."""
    short = len(text) + len("Subject: ") <= LONGEST_LINE
    return text if short and text.isascii() and ENCODED not in text else _encoded(text, "Subject")


def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", LONGEST_ENCODED, name).encode(linesep="\r\n")


def list_id(schedule: str, domain: str) -> str:
    """The value of List-Id (RFC 2919), by which readers' filters know the digest. Of a domain that is too
    long for it, the last labels."""
    label = re.sub(r"[^a-z0-9]+", "-", schedule.lower())[:LONGEST_LABEL].strip("-") or "digest"
    while len(name := f"{label}.learning-bot.{domain}") > LONGEST_LIST_ID:
        domain = domain.partition(".")[2]
    return f"<{name}>"


def list_unsubscribe(link: str | None, writing_to: Address | None) -> str:
    """The value of List-Unsubscribe (RFC 2369): the link, and an address where a person reads. On one line
    whatever its length: it is read as it stands. Where both are too long for that, the link alone."""
    ways = [f"<{link}>"] if link else []
    if writing_to:
        ways.append(f"<mailto:{quote(writing_to.addr_spec, safe='@!$*+~')}?subject=unsubscribe>")
    both = ", ".join(ways)
    return both if len(both) + len("List-Unsubscribe: ") <= LONGEST_LINE else ways[0]


def checked_link(link: str | None) -> str | None:
    """The link for unsubscribing. Raises DeliveryError for one that could not stand in a header."""
    if link is not None and not LINK.fullmatch(link):
        raise DeliveryError(
            "The link for unsubscribing is no plain web address of at most 800 characters: check PUBLIC_URL.",
            permanent=True,
        )
    return link
