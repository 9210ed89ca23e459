"""One delivery as the bytes of one mail, read back and compared before anybody may send it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import format_datetime

from bot.deliver.mail import headers
from bot.deliver.mail.edition_bytes import FORM, SHOWN, EditionBytes, LastEditions
from bot.deliver.mail.headers import mailbox
from bot.deliver.mail.read_back import Meant, read_back
from bot.deliver.rendering.render import EmailContent, Renderer
from bot.models import Delivery
from bot.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail ready to go: envelope sender and recipient, and its bytes with CRLF line ends."""

    sender: str
    recipient: str
    raw: bytes
    message_id: str


class Letters:
    """Makes letters. An edition's bytes are built once and then only filled in for each reader. Safe to use
    from several threads.

    `sender`: as in MAIL_FROM, `Name <address>` or an address. `unsubscribe_url`: the reader's own link, or
    None where there is no web. `page_url`: where an edition, by its id, stands as a page. `reply_to`: where
    answers go and a person reads, the sender if None.
    `return_path`: where bounces go (the envelope sender), the sender's address if None. `sign`: gives the
    DKIM-Signature header for a finished mail. `configured`: gives what editions are rendered by (names of
    themes, the organisation), another object whenever that changes.
    """

    def __init__(
        self,
        renderer: Renderer,
        sender: str,
        clock: Clock,
        unsubscribe_url: Callable[[Delivery], str | None] = lambda delivery: None,
        page_url: Callable[[str], str | None] = lambda edition_id: None,
        reply_to: str | None = None,
        return_path: str | None = None,
        sign: Callable[[bytes], bytes] | None = None,
        configured: Callable[[], object] = lambda: None,
    ) -> None:
        self._renderer = renderer
        self._sender = mailbox(sender)
        self._person = mailbox(reply_to) if reply_to else None  # who reads answers
        self._reply_to = self._person or self._sender
        self._written = {"From": headers.address(self._sender), "Reply-To": headers.address(self._reply_to)}
        self._return_path = mailbox(return_path or sender).addr_spec
        self._clock = clock
        self._unsubscribe_url = unsubscribe_url
        self._page_url = page_url
        self._sign = sign
        self._configured = configured
        self._editions = LastEditions()
        # Stands in a rendered edition for the reader's own link; no text of a source can guess it.
        self._place = f"https://unsubscribe.invalid/{secrets.token_hex(16)}"

    @property
    def domain(self) -> str:
        """The sender's domain, in ASCII."""
        return self._sender.domain

    def letter(self, delivery: Delivery) -> Letter:
        """The mail for this delivery; the same delivery always has the same Message-ID.

        Raises DeliveryError (permanent) where the address is none, or the mail does not read back as written.
        """
        recipient = mailbox(delivery.subscriber.address)
        link = headers.checked_link(self._unsubscribe_url(delivery))
        edition = self._editions.get(
            delivery.edition,
            link is not None,
            self._configured(),
            lambda: self._built(delivery, link is not None),
        )
        meant = self._meant(delivery, recipient, edition, link)
        head = "".join(f"{name}: {value}\r\n" for name, value in meant.headers.items())
        raw = head.encode() + b"\r\n" + meant.body.sent
        read_back(raw, meant, like=edition.read_whole)
        edition.read_whole = edition.read_whole or meant.body
        return Letter(
            sender=self._return_path,
            recipient=recipient.addr_spec,
            raw=self._sign(raw) + raw if self._sign else raw,
            message_id=meant.headers["Message-ID"],
        )

    def _built(self, delivery: Delivery, linked: bool) -> EditionBytes:
        place = self._place if linked else None
        page_url = self._page_url(delivery.edition.id)
        content = self._renderer.email(delivery.edition.digest, place, page_url)
        return EditionBytes.of(delivery.edition.id, content, place)

    def _meant(
        self, delivery: Delivery, recipient: Address, edition: EditionBytes, link: str | None
    ) -> Meant:
        written = {
            "From": self._written["From"],
            "To": headers.address(recipient),
            "Reply-To": self._written["Reply-To"],
            "Subject": edition.subject_written,
            "Date": format_datetime(self._clock.now()),
            "Message-ID": self._message_id(delivery),
            "List-Id": headers.list_id(delivery.edition.digest.schedule, self.domain),
            "List-Unsubscribe": headers.list_unsubscribe(link, self._person if link else self._reply_to),
        }
        if link and link.startswith("https:"):  # RFC 8058, 3.1 asks for it: a request nobody can listen to
            written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        written |= {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "MIME-Version": "1.0",
            "Content-Type": f'{FORM}; boundary="{edition.boundary}"',
        }
        return Meant(
            headers=written,
            mailboxes={"From": self._sender, "To": recipient, "Reply-To": self._reply_to},
            subject=edition.subject,
            boundary=edition.boundary,
            body=edition.body(link),
        )

    def _message_id(self, delivery: Delivery) -> str:
        edition = re.sub(r"[^A-Za-z0-9]", "", delivery.edition.id)[:16]
        return f"<delivery-{delivery.id}.{edition}@{self.domain}>"


def with_logo_inside(content: EmailContent) -> str:
    """The HTML of a mail with its logo in it as a data: address, for a browser: `cid:` means the mail's own
    part, and shows nothing there."""
    if content.logo is None:
        return content.html
    return content.html.replace(f'src="{SHOWN}"', f'src="{content.logo.address}"')
