"""What does not say what was meant is not sent: each guard, and a fault that it alone catches."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from email.headerregistry import Address

import pytest

from bot.deliver.mail import edition_bytes, headers, quoted_printable
from bot.deliver.mail.edition_bytes import Body, EditionBytes
from bot.deliver.mail.read_back import Meant, read_back
from bot.deliver.rendering.render import EmailContent
from bot.errors import DeliveryError
from bot.models import Logo
from tests.deliver.invented import delivery
from tests.deliver.parts import letters

LINK = "https://learning.example.org/u/1"
PLACE = "https://unsubscribe.invalid/"
TEXT = f"One\n.two – three\nStop: {PLACE}\n"
BOT = Address("Rowan, South", "bot", "example.org")
LEAD = Address("", "lead", "example.org")


CONTENT = EmailContent(subject="Zwölf neue", html=f'<p>{TEXT}</p>\n<a href="{PLACE}">Stop</a>\n', text=TEXT)
LOGO = Logo(picture=b"GIF89a" * 20, media_type="image/gif", alt="Rowan", width=20, height=20)


def meant(logo: Logo | None = None, link: str = LINK) -> Meant:
    seen = '<img src="cid:logo">' if logo else ""
    content = replace(CONTENT, html=f"{seen}{CONTENT.html}", logo=logo)
    edition = EditionBytes.of("e", content, PLACE)
    return Meant(
        headers={
            "From": headers.address(BOT),
            "To": headers.address(LEAD),
            "Subject": edition.subject_written,
            "List-Unsubscribe": f"<{link}>",
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{edition.boundary}"',
        },
        mailboxes={"From": BOT, "To": LEAD},
        subject="Zwölf neue",
        boundary=edition.boundary,
        body=edition.body(link),
    )


def mail(said: Meant) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in said.headers.items())
    return head.encode() + b"\r\n" + said.body.sent


def test_what_says_what_was_meant_is_read_back_without_a_word() -> None:
    read_back(mail(meant()), meant(), like=None)
    read_back(mail(meant(LOGO)), meant(LOGO), like=None)


BETWEEN = b"\r\n--" + edition_bytes.inner_boundary(meant(LOGO).boundary)  # HTML and picture
Changed = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: b"Bcc: x@example.org\r\n" + raw, "the list of headers"),
        (lambda raw: b"From: x@example.org\r\n" + raw, "the list of headers"),
        (lambda raw: raw.replace(b"To: lead@example.org\r\n", b""), "the list of headers"),
        (lambda raw: raw.replace(b"MIME-Version", b"MIME Version"), "the list of headers"),
        (lambda raw: raw.replace(b"To: lead", b"x\r\nTo: lead"), "the list of headers"),
        (lambda raw: raw.replace(b"lead@", b"load@"), "To, the address in To"),
        (lambda raw: raw.replace(b'"Rowan, South"', b"Rowan, South"), "the address in From"),
        (lambda raw: raw.replace(b"_neue?=", b"_nexe?="), "the words of Subject"),
        (lambda raw: raw.replace(b"<https", b"\r\n <https"), "List-Unsubscribe"),
        (lambda raw: raw.replace(b"--=_", b"--=_x", 1), "the parts"),
        (lambda raw: raw[:-4] + b"\r\n", "the parts"),
        (lambda raw: raw + b"more\r\n", "the parts"),
        (lambda raw: raw.replace(b"text/plain", b"text/html"), "the plain part"),
        (lambda raw: raw.replace(b'utf-8"', b'ascii"', 1), "the plain part"),
        (lambda raw: raw.replace(b"three", b"tree", 1), "the plain part"),
        (lambda raw: raw.replace(b"u/1", b"u/2"), "the plain part, the html part"),
        (lambda raw: raw.replace(b"=2Etwo", b".two"), "the lines"),
        (lambda raw: raw.replace(b"three=\r\n", b"three=\n"), "the lines"),
        (lambda raw: raw.replace(b"One", b"=\r\n".join([b"", b"x" * 76, b"One"])), "the lines"),
        (lambda raw: raw.replace(b"One", b"One\xc3\xa9"), "the lines"),
        (lambda raw: raw.replace(b"From: ", b"From: " + b" " * 999), "the lines"),
    ],
)
def test_a_mail_that_says_something_else_is_refused(change: Changed, told: str) -> None:
    raw = mail(meant())
    wrapped = raw.replace(b"three\r\n", b"three=\r\n\r\n", 1)  # says the same, with a soft break
    read_back(wrapped, meant(), like=meant().body)
    assert change(wrapped) != wrapped
    with pytest.raises(DeliveryError, match="does not read back as it was written") as raised:
        read_back(change(wrapped), meant(), like=meant().body)
    assert raised.value.permanent
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw.replace(b"R0lG", b"R0lH", 1), "the picture"),
        (lambda raw: raw.replace(b"image/gif", b"image/svg"), "the picture"),
        (lambda raw: raw.replace(b"<logo>", b"<loge>"), "the picture"),
        (lambda raw: raw.replace(b"R0lG", b"\r\n--=_related_", 1), "the picture"),
        (lambda raw: raw.replace(b"three", b"tree"), "the plain part, the html part"),
        (lambda raw: raw.replace(b"related;", b"mixed;"), "the parts of the html part"),
        (lambda raw: raw.replace(b"--\r\n--", b"\r\n--"), "the parts of the html part"),
        (lambda raw: raw.replace(b'"=_related_', b'"=_rebated_'), "the parts of the html part"),
        (
            lambda raw: raw[: raw.index(b"\r\n--=_related", raw.index(b"<logo>"))] + raw[-42:],
            "the parts of the html part",
        ),
        (lambda raw: raw.replace(b"\r\nR0lG", BETWEEN + b"\r\nR0lG", 1), "the parts of the html part"),
        (lambda raw: raw.replace(BETWEEN, b"", 1), "the parts of the html part"),
        (lambda raw: raw[: raw.index(b"R0lG")] + b"\r\n" + raw[-42:], "the parts of the html part"),
    ],
)
def test_a_mail_with_another_picture_or_no_such_part_is_refused(change: Changed, told: str) -> None:
    raw = mail(meant(LOGO))
    assert change(raw) != raw
    with pytest.raises(DeliveryError, match="does not read back as it was written") as raised:
        read_back(change(raw), meant(LOGO), like=meant(LOGO).body)
    assert told in str(raised.value)


def test_a_picture_that_was_wrongly_encoded_is_seen_by_a_complete_parser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = base64.encodebytes
    monkeypatch.setattr(base64, "encodebytes", lambda content: whole(content[:-1]))
    wrong = meant(LOGO)
    read_back(mail(wrong), wrong, like=wrong.body)
    with pytest.raises(DeliveryError, match="the picture"):
        read_back(mail(wrong), wrong, like=None)


def test_a_boundary_that_would_end_the_part_around_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition_bytes, "inner_boundary", lambda boundary: f"{boundary}x".encode())
    wrong = meant(LOGO)
    with pytest.raises(DeliveryError, match="the parts"):
        read_back(mail(wrong), wrong, like=None)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Content-Type", 'multipart/alternative; boundary="another"', "its form"),
        ("Content-Type", 'multipart/mixed; boundary="{boundary}"', "its form"),
        ("Content-Type", "text/plain", "its form, the plain part, the html part"),
        ("From", '"Rowan, South" <bot@example.org', "the address in From"),
        ("Subject", "=?utf-8?q?Zw=C3=B6lf?=neue", "the words of Subject"),
    ],
)
def test_a_header_that_is_wrong_as_it_was_meant_is_seen_by_a_complete_parser(
    name: str, value: str, told: str
) -> None:
    said = meant()
    wrong = replace(said, headers=said.headers | {name: value.format(boundary=said.boundary)})
    read_back(mail(wrong), wrong, like=wrong.body)
    with pytest.raises(DeliveryError, match=told):
        read_back(mail(wrong), wrong, like=None)


# --- a letter that differs from one that was read whole by its link alone ---------------------------------

OTHER = LINK + "0" * 70


@pytest.mark.parametrize("link", [OTHER, f"{LINK}?a=1&b=2"])
def test_another_reader_s_link_is_all_that_may_differ(link: str) -> None:
    read_back(mail(meant(link=link)), meant(link=link), like=meant().body)
    with pytest.raises(DeliveryError, match="the plain part, the html part"):
        read_back(mail(meant()), meant(link=link), like=meant().body)


def test_what_differs_by_its_link_alone_is_not_decoded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = meant(LOGO).body, meant(LOGO, OTHER)
    monkeypatch.setattr("bot.deliver.mail.read_back._faults_of_the_parts", lambda *_: iter(("decoded",)))
    read_back(mail(other), other, like=first)
    with pytest.raises(DeliveryError, match="decoded"):
        read_back(mail(other).replace(b"three", b"tree", 1), other, like=first)


@pytest.mark.parametrize(
    ("wrongly", "told"),
    [
        (lambda encoded: encoded[:-1], "the plain part, the html part"),
        (lambda encoded: encoded.replace(b"=\r\n", b""), "the lines"),
    ],
)
def test_a_link_that_is_wrongly_encoded_is_seen(
    monkeypatch: pytest.MonkeyPatch, wrongly: Changed, told: str
) -> None:
    first, edition, rightly = meant().body, EditionBytes.of("e", CONTENT, PLACE), quoted_printable.encode
    monkeypatch.setattr(
        quoted_printable,
        "encode",
        lambda text: wrongly(rightly(text)) if text == OTHER.encode() else rightly(text),
    )
    wrong = replace(meant(link=OTHER), body=edition.body(OTHER))
    with pytest.raises(DeliveryError, match=told):
        read_back(mail(wrong), wrong, like=first)


def test_a_link_that_shares_its_line_is_not_taken_for_one_that_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        quoted_printable, "encode_around", lambda pieces: tuple(map(quoted_printable.encode, pieces))
    )
    link = LINK + "0" * (quoted_printable.LONGEST - 1 - len(LINK))  # as long as one line may be
    read_back(mail(meant()), meant(), like=None)
    with pytest.raises(DeliveryError, match="the lines"):
        read_back(mail(meant(link=link)), meant(link=link), like=meant().body)


# --- the same from outside: a fault in how the parts are written stops the letter -------------------------


def test_a_name_written_without_its_quotes_stops_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = '"Rowan, South" <bot@example.org>'
    assert letters(sender).letter(delivery())
    monkeypatch.setattr(headers, "address", lambda one: f"{one.display_name} <{one.addr_spec}>")
    with pytest.raises(DeliveryError, match=r"does not read back .*the address in From"):
        letters(sender).letter(delivery())


def test_a_subject_that_would_add_a_header_stops_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "subject", lambda text: f"{text}\r\nBcc: x@example.org")
    with pytest.raises(DeliveryError, match=r"does not read back .*the list of headers"):
        letters().letter(delivery())


def test_words_lost_in_the_encoding_stop_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = quoted_printable.encode
    monkeypatch.setattr(quoted_printable, "encode", lambda text: whole(text.replace(b"Rowan", b"Row")))
    with pytest.raises(DeliveryError, match=r"does not read back .*the plain part, the html part"):
        letters().letter(delivery())


def test_the_first_letter_of_an_edition_is_read_by_a_complete_parser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wholly: list[bool] = []

    def watched(raw: bytes, meant: Meant, *, like: Body | None) -> None:
        wholly.append(like is None)
        read_back(raw, meant, like=like)

    monkeypatch.setattr("bot.deliver.mail.letter.read_back", watched)
    made = letters()
    for number in (1, 1, 2, 1, 2):
        made.letter(delivery(number=number))
    assert wholly == [True, False, True, False, False]


def test_each_letter_is_read_back_not_only_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made = letters()
    made.letter(delivery())
    monkeypatch.setattr(headers, "address", lambda one: "someone@example.org")
    with pytest.raises(DeliveryError, match="the address in To"):
        made.letter(delivery())
