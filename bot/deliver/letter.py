"""One delivery as the bytes of one mail, read back and compared before anybody may send it.

The traps this avoids were each seen on Python 3.10 to 3.13: a long name with commas in From that parses as
two addresses, a List-Unsubscribe folded into an encoded word, base64 bodies for text with a few dashes.
"""

from __future__ import annotations

import html
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, parseaddr

import idna

from bot.deliver.render import EmailContent, Renderer
from bot.deliver.words import clean
from bot.errors import DeliveryError
from bot.models import Delivery
from bot.ports import Clock

PLACE_OF_LINK = "https://unsubscribe.invalid/here"  # stands in a rendered edition for the reader's own link
EDITIONS_KEPT = 8
LONGEST_LINE = 998  # RFC 5322, 2.1.1
SERIALISED = policy.SMTP.clone(max_line_length=LONGEST_LINE)
LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
LINK = re.compile(r"https?://[!-;=?-~]{1,800}")  # printable ASCII without < and >
BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail ready to go: envelope sender and recipient, and its bytes with CRLF line ends."""

    sender: str
    recipient: str
    raw: bytes
    message_id: str


class Letters:
    """Makes letters.

    `sender`: as in MAIL_FROM, `Name <address>` or an address. `reply_to`: where answers go, the sender if
    None. `unsubscribe_url`: the own link of a subscriber (their id), or None where there is no web.
    An edition is rendered once and then only filled in for each reader. Safe to use from several threads.
    """

    def __init__(
        self,
        renderer: Renderer,
        sender: str,
        clock: Clock,
        unsubscribe_url: Callable[[int], str | None] = lambda subscriber: None,
        reply_to: str | None = None,
    ) -> None:
        self._renderer = renderer
        self._sender = mailbox(sender)
        self._reply_to = mailbox(reply_to) if reply_to else self._sender
        self._clock = clock
        self._unsubscribe_url = unsubscribe_url
        self._rendered: OrderedDict[tuple[str, bool], EmailContent] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def domain(self) -> str:
        """The sender's domain, in ASCII."""
        return self._sender.domain

    def letter(self, delivery: Delivery) -> Letter:
        """The mail for this delivery; the same delivery always has the same Message-ID.

        Raises DeliveryError (permanent) where the address is none, or the mail does not read back as written.
        """
        recipient = mailbox(delivery.subscriber.address)
        link = self._unsubscribe_url(delivery.subscriber_id)
        if link and not LINK.fullmatch(link):
            raise DeliveryError(
                "The link for unsubscribing is no plain web address of at most 800 characters: check "
                "PUBLIC_URL.",
                permanent=True,
            )
        content = self._content(delivery, link)
        message = self._message(delivery, recipient, content, link)
        raw = message.as_bytes(policy=SERIALISED)
        _read_back(raw, message, content, link)
        return Letter(
            sender=self._sender.addr_spec,
            recipient=recipient.addr_spec,
            raw=raw,
            message_id=str(message["Message-ID"]),
        )

    def _content(self, delivery: Delivery, link: str | None) -> EmailContent:
        key = (delivery.edition.id, link is not None)
        with self._lock:
            content = self._rendered.get(key)
        if content is None:
            content = self._renderer.email(delivery.edition.digest, PLACE_OF_LINK if link else None)
            with self._lock:
                self._rendered[key] = content
                while len(self._rendered) > EDITIONS_KEPT:
                    self._rendered.popitem(last=False)
        if link is None:
            return content
        return EmailContent(
            subject=content.subject,
            html=content.html.replace(PLACE_OF_LINK, html.escape(link)),
            text=content.text.replace(PLACE_OF_LINK, link),
        )

    def _message(
        self, delivery: Delivery, recipient: Address, content: EmailContent, link: str | None
    ) -> EmailMessage:
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = self._sender
        message["To"] = recipient
        message["Reply-To"] = self._reply_to
        message["Subject"] = content.subject
        message["Date"] = format_datetime(self._clock.now())
        edition = re.sub(r"[^A-Za-z0-9]", "", delivery.edition.id)[:16]
        message["Message-ID"] = f"<delivery-{delivery.id}.{edition}@{self.domain}>"
        schedule = re.sub(r"[^a-z0-9]+", "-", delivery.edition.digest.schedule.lower()).strip("-") or "digest"
        message["List-Id"] = f"<{schedule}.learning-bot.{self.domain}>"
        if link:
            message["List-Unsubscribe"] = f"<{link}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        else:
            message["List-Unsubscribe"] = f"<mailto:{self._reply_to.addr_spec}?subject=unsubscribe>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
        message.set_content(content.text, charset="utf-8", cte="quoted-printable")
        message.add_alternative(content.html, subtype="html", charset="utf-8", cte="quoted-printable")
        return message


def mailbox(written: str) -> Address:
    """`Name <address>` or an address, its domain in ASCII (IDNA 2008). Raises DeliveryError for what is no
    address, and for letters outside ASCII before the @, which many servers do not take."""
    name, address = parseaddr(clean(written))
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        ascii_domain = ""
    if not LOCAL_PART.fullmatch(local) or not ascii_domain or local.startswith(".") or ".." in local:
        raise DeliveryError(
            f"{mask(written)} is no address that mail can be sent to: it should look like name@example.org, "
            "with plain letters before the @.",
            permanent=True,
        )
    return Address(display_name=clean(name)[:150], username=local, domain=ascii_domain)


def mask(address: str) -> str:
    """An address as it may be logged: `l…@example.org`."""
    local, at, domain = clean(address).rpartition("@")
    return f"{local[:1]}…{at}{domain}" if at else "The address given"


def _read_back(raw: bytes, message: EmailMessage, content: EmailContent, link: str | None) -> None:
    """Parse the bytes as a receiver would, and compare with what was meant."""
    read = BytesParser(policy=policy.SMTP).parsebytes(raw)
    wrong = [
        name for name in ("From", "To", "Reply-To") if _addresses(read, name) != _addresses(message, name)
    ]
    if str(read["Subject"]) != content.subject:
        wrong.append("Subject")
    if link and f"\r\nList-Unsubscribe: <{link}>\r\n".encode() not in raw:
        wrong.append("List-Unsubscribe")
    for kind, meant in (("plain", content.text), ("html", content.html)):
        part = read.get_body((kind,))
        if part is None or part.get_content().replace("\r\n", "\n") != meant:
            wrong.append(f"the {kind} part")
    if BARE_LINE_END.search(raw) or max(map(len, raw.split(b"\r\n"))) > LONGEST_LINE:
        wrong.append("line ends")
    if wrong:
        raise DeliveryError(
            f"The mail does not read back as it was written ({', '.join(wrong)}), so it was not sent: "
            "this is a fault of the program, please report it.",
            permanent=True,
        )


def _addresses(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    return [(one.display_name, one.addr_spec) for one in message[name].addresses]
