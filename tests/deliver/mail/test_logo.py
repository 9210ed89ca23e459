"""A logo travels inside the mail: one picture, shown by the HTML, and nothing that anybody is asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.mail.connection import MailServer
from bot.deliver.mail.letter import Letters, with_logo_inside
from bot.deliver.mail.smtp import EmailChannel
from bot.deliver.rendering.render import EmailContent, Renderer
from bot.deliver.rendering.templating import Templates
from bot.demo.mailbox import Mailbox
from bot.models import Delivery, Digest, Logo, Organisation
from tests.config.logos import picture
from tests.deliver.invented import delivery, full_week, name_of_theme
from tests.deliver.mail.test_dkim import ED25519, good, pem, signer
from tests.deliver.mail.test_letter_properties import HOSTILE, checked
from tests.deliver.parts import LINK, TEMPLATES, StoppedClock, Watched

LOGO = Logo(picture=picture(), media_type="image/png", alt="Wetherby Vale", width=160, height=40)
ORGANISATION = Organisation(name="Wetherby Vale learning", contact="safeguarding@example.org", logo=LOGO)
KINDS = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]


def own_link(delivery: Delivery) -> str:
    return f"{LINK}&id={delivery.id}"


def renderer(organisation: Organisation = ORGANISATION) -> Renderer:
    return Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation)


def letters(
    organisation: Organisation = ORGANISATION, sign: Callable[[bytes], bytes] | None = None
) -> Letters:
    return Letters(renderer(organisation), "bot@example.org", StoppedClock(), own_link, sign=sign)


def kinds(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def picture_in(mail: EmailMessage) -> EmailMessage:
    [found] = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert isinstance(found, EmailMessage)
    return found


def html_in(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


# --- as it arrives --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_it_arrives_with_the_mail_and_is_the_file_byte_for_byte(kind: str) -> None:
    logo = replace(LOGO, picture=picture(kind), media_type=f"image/{kind.lower()}")
    with Mailbox() as mailbox:
        server = MailServer(host=mailbox.host, port=mailbox.port)
        channel = EmailChannel(server, letters(replace(ORGANISATION, logo=logo)))
        outcomes = [channel.deliver(delivery(full_week(), number=id), Watched()) for id in (1, 2)]
        channel.close()
        received = mailbox.received

    assert [outcome.state for outcome in outcomes] == ["sent", "sent"]
    for number, each in enumerate(received, start=1):
        mail = each.message
        assert kinds(mail) == [*KINDS[:-1], f"image/{kind.lower()}"]
        assert picture_in(mail).get_payload(decode=True) == picture(kind)
        assert each.html.count('src="cid:logo"') == 1
        assert f"&amp;id={number}" in each.html
        assert f"&id={number}\n" in each.text
        assert "What happened" in each.text


def test_the_picture_says_what_it_is_and_that_it_belongs_into_the_page() -> None:
    mail = checked_mail(letters())
    found = picture_in(mail)
    assert found["Content-ID"] == "<logo>"
    assert found.get_content_disposition() == "inline"
    assert found.get_filename() == "logo.png"
    related = list(mail.walk())[2]
    assert kinds(mail) == KINDS
    assert related.get_param("type") == "text/html"  # RFC 2387, 3.1


def test_nothing_in_the_mail_is_fetched_from_anywhere() -> None:
    page = html_in(checked_mail(letters()))
    assert re.findall(r"<img[^>]* src=\"([^\"]*)\"", page) == ["cid:logo"]
    assert not re.search(r"url\(|<link|srcset|background=\"", page)


def test_every_line_of_the_picture_is_as_long_as_base64_has_them() -> None:
    raw = letters().letter(delivery()).raw
    sent = raw.partition(b"Content-ID: <logo>")[2].partition(b"\r\n\r\n")[2].partition(b"\r\n--")[0]
    *full, last = sent.split(b"\r\n")
    assert {len(line) for line in full} == {76}
    assert 0 < len(last) <= 76
    assert base64.b64decode(sent) == LOGO.picture


def test_without_a_logo_or_where_a_template_leaves_it_out_no_picture_is_sent() -> None:
    without = checked_mail(letters(replace(ORGANISATION, logo=None)))
    assert kinds(without) == ["multipart/alternative", "text/plain", "text/html"]

    class LeavesItOut(Renderer):
        def email(
            self, digest: Digest, unsubscribe_url: str | None, page_url: str | None = None
        ) -> EmailContent:
            made = super().email(digest, unsubscribe_url, page_url)
            return replace(made, html=made.html.replace("cid:logo", "https://example.org/logo.png"))

    leaving = LeavesItOut(Templates(TEMPLATES), name_of_theme, lambda: ORGANISATION)
    mail = checked_mail(Letters(leaving, "bot@example.org", StoppedClock(), own_link))
    assert kinds(mail) == ["multipart/alternative", "text/plain", "text/html"]


def test_the_signature_is_good_with_the_picture_and_bad_with_another() -> None:
    sign = signer(pem(ED25519))
    raw = letters(sign=sign).letter(delivery()).raw
    assert good(raw, sign)
    line = base64.b64encode(LOGO.picture)[:76]
    assert raw.count(line) == 1
    assert not good(raw.replace(line, line[::-1]), sign)


def test_a_new_logo_is_in_the_next_mail_of_the_same_edition() -> None:
    now = [ORGANISATION]
    made = Letters(
        Renderer(Templates(TEMPLATES), name_of_theme, lambda: now[0]),
        "bot@example.org",
        StoppedClock(),
        own_link,
        configured=lambda: now[0],
    )
    assert picture_in(checked_mail(made)).get_payload(decode=True) == picture()
    now[0] = replace(ORGANISATION, name="Dyffryn Gwyrdd", logo=replace(LOGO, picture=picture("PNG", 8, 8)))
    mail = checked_mail(made)
    assert picture_in(mail).get_payload(decode=True) == picture("PNG", 8, 8)
    assert "Dyffryn Gwyrdd" in html_in(mail)


# --- in a browser ---------------------------------------------------------------------------------------


def test_a_preview_has_the_picture_in_the_page_itself() -> None:
    content = renderer().email(full_week(), None)
    page = with_logo_inside(content)
    [inside] = re.findall(r"<img[^>]* src=\"data:image/png;base64,([^\"]*)\"", page)
    assert base64.b64decode(inside) == LOGO.picture
    assert "cid:" not in page
    bare = renderer(replace(ORGANISATION, logo=None)).email(full_week(), None)
    assert with_logo_inside(bare) == bare.html


# --- whatever is in it ----------------------------------------------------------------------------------


def checked_mail(made: Letters) -> EmailMessage:
    return checked(made.letter(delivery()).raw)


CONTENTS = some.binary(max_size=400) | some.sampled_from(
    [b"", b"\r\n--=_", b"\r\n.\r\n", b"\xff" * 57, b"\0" * 58, b"\r\n\r\nBcc: victim@example.org\r\n"]
)


@given(name=HOSTILE, alt=HOSTILE, content=CONTENTS)
@settings(max_examples=12, deadline=None)
def test_no_name_alt_or_picture_adds_a_header_or_a_part(name: str, alt: str, content: bytes) -> None:
    logo = replace(LOGO, picture=content, alt=alt, media_type="image/gif")
    mail = checked_mail(letters(replace(ORGANISATION, name=name, introduction=alt, logo=logo)))
    assert kinds(mail) == [*KINDS[:-1], "image/gif"]
    assert picture_in(mail).get_payload(decode=True) == content
    assert picture_in(mail).keys() == [
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-ID",
        "Content-Disposition",
    ]
    assert html_in(mail).count("<img") == 1
