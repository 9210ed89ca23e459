"""DKIM signatures: good at a receiver that knows the public half, bad after any change that matters."""

from __future__ import annotations

import smtplib
import sys
from email import policy
from email.parser import BytesHeaderParser

import dkim
import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from bot.deliver.mail.dkim import COVERED, DkimSigner
from bot.demo.mailbox import Mailbox
from bot.errors import ConfigError, DeliveryError
from tests.deliver.invented import delivery, digest, entry, full_week
from tests.deliver.parts import letters
from tests.faults.postfix import PostfixServer

Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def pem(key: Key, *, old: bool = False, password: bytes | None = None) -> bytes:
    return key.private_bytes(
        form.Encoding.PEM,
        form.PrivateFormat.TraditionalOpenSSL if old else form.PrivateFormat.PKCS8,
        form.BestAvailableEncryption(password) if password else form.NoEncryption(),
    )


def signer(key: bytes = pem(RSA)) -> DkimSigner:
    return DkimSigner(key, "digest", "example.org")


def good(mail: bytes, by: DkimSigner) -> bool:
    """What a receiver finds, which reads the public half from the DNS."""

    def lookup(name: bytes, timeout: int = 5) -> bytes:
        return by.record.encode() if name.decode() == f"{by.record_name}." else b""

    return bool(dkim.verify(mail, dnsfunc=lookup, minkey=2048))


KEYS = [pem(RSA), pem(RSA, old=True), pem(ED25519), pem(RSA).replace(b"\n", b"\r\n")]


@pytest.mark.parametrize("key", KEYS, ids=["RSA", "RSA of old", "Ed25519", "RSA from Windows"])
def test_a_signed_mail_verifies_and_covers_what_must_not_change(key: bytes) -> None:
    sign = signer(key)
    mail = letters(reply_to="Team <team@example.org>", sign=sign).letter(delivery(full_week())).raw
    assert mail.startswith(b"DKIM-Signature: v=1; ")
    assert good(mail, sign)
    said = BytesHeaderParser(policy=policy.SMTP).parsebytes(mail)["DKIM-Signature"].replace(" ", "")
    assert "c=relaxed/relaxed" in said
    assert "s=digest" in said
    assert "d=example.org" in said
    covered = said.partition("h=")[2].partition(";")[0].split(":")
    names = BytesHeaderParser(policy=policy.SMTP).parsebytes(mail).keys()
    assert sorted(set(covered)) == [
        "content-type",
        "date",
        "from",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "message-id",
        "mime-version",
        "reply-to",
        "subject",
        "to",
    ]
    for name in set(covered):  # RFC 6376, 8.15
        assert covered.count(name) == [one.lower() for one in names].count(name) + 1


@pytest.mark.parametrize("key", [pem(RSA), pem(ED25519)], ids=["RSA", "Ed25519"])
@pytest.mark.parametrize("name", COVERED)
@pytest.mark.parametrize("reply_to", [None, "Team <team@example.org>"])
def test_a_second_header_put_before_or_behind_the_first_is_seen(
    key: bytes, name: str, reply_to: str | None
) -> None:
    sign = signer(key)
    mail = letters(reply_to=reply_to, sign=sign).letter(delivery()).raw
    second = f"{name}: <https://elsewhere.example/>\r\n".encode()
    assert good(mail, sign)
    assert not good(second + mail, sign)
    assert not good(mail.replace(b"\r\n\r\n", b"\r\n" + second + b"\r\n", 1), sign)


@pytest.mark.parametrize("key", [pem(RSA), pem(ED25519)], ids=["RSA", "Ed25519"])
@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"bruis", b"bruit"),
        (b"List-Unsubscribe: <https://learning", b"List-Unsubscribe: <https://earning"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"Subject: ", b"Subject: Re: "),
        (b"Message-ID: <", b"Message-ID: <x"),
        (b"boundary=", b"boundary=x"),
        (b"\r\nFrom: ", b"\r\nFrom: someone@example.org\r\nFrom: "),
        (b"From: Learning <bot@example.org>\r\n", b"From: Learning <bot@example.org>\r\nFrom: x@y.org\r\n"),
    ],
)
def test_a_change_on_the_way_is_seen(key: bytes, was: bytes, becomes: bytes) -> None:
    sign = signer(key)
    mail = letters(sign=sign).letter(delivery(full_week())).raw
    assert was in mail
    assert not good(mail.replace(was, becomes, 1), sign)


def test_no_one_click_can_be_added_where_none_is_offered() -> None:
    sign = signer()
    mail = letters(unsubscribe_url=lambda delivery: None, sign=sign).letter(delivery()).raw
    assert good(mail, sign)
    added = b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version"
    assert not good(mail.replace(b"\r\nMIME-Version", added), sign)


def test_what_servers_on_the_way_allow_themselves_does_no_harm() -> None:
    sign = signer()
    mail = letters(sign=sign).letter(delivery(full_week())).raw
    received = b"Received: from a by b; Mon, 23 Nov 2026 08:00:01 +0000\r\n" + mail
    refolded = received.replace(b"week of 16", b"week of\r\n  16", 1).replace(b"\r\nTo: ", b"\r\nto:   ", 1)
    assert refolded != received
    assert good(refolded + b"\r\n\r\n", sign)


def hand_over(mail: bytes, host: str, port: int) -> None:
    with smtplib.SMTP(host, port, local_hostname="example.org") as server:
        server.sendmail("bot@example.org", ["lead@example.org"], mail)


def dotted(sign: DkimSigner) -> bytes:
    told = digest(entry(), footer=". .. ... dots.\n.")
    long = "https://learning.example.org/unsubscribe/" + "a=b." * 180
    sender = '"Rowan, South: the Safeguarding, Child Protection and Early Help team" <bot@example.org>'
    made = letters(sender, lambda delivery: long, reply_to="Zoë <team@example.org>", sign=sign)
    return made.letter(delivery(told)).raw


def test_it_survives_the_dots_of_smtp() -> None:
    sign = signer()
    with Mailbox() as mailbox:
        hand_over(dotted(sign), mailbox.host, mailbox.port)
        [received] = mailbox.received
    assert good(received.raw, sign)
    assert ". .. ... dots" in received.text


def test_it_survives_a_real_mail_server() -> None:
    signers = [signer(), signer(pem(ED25519))]
    with PostfixServer() as postfix:
        for sign in signers:
            hand_over(dotted(sign), postfix.host, postfix.port)
        received = postfix.wait_for(2)
    for one in received:
        assert any(good(one.raw, sign) for sign in signers)


def test_the_first_mail_of_each_edition_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = signer(pem(ED25519))
    verified: list[bytes] = []

    def verifies(mail: bytes) -> bool:
        verified.append(mail)
        return good(mail, sign)

    monkeypatch.setattr(DkimSigner, "verifies", lambda self, mail: verifies(mail))
    made = letters(sign=sign)
    for number in (1, 1, 1, 2, 2):
        made.letter(delivery(number=number))
    assert len(verified) == 2


def test_a_signature_that_does_not_verify_is_not_sent() -> None:
    sign = signer(pem(ED25519))
    sign.record = signer(pem(ed25519.Ed25519PrivateKey.generate())).record
    with pytest.raises(DeliveryError, match="does not verify"):
        letters(sign=sign).letter(delivery())


# --- keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (b"", "cannot be read: it should be a private key in PEM form"),
        (b"not a key", "cannot be read"),
        (pem(RSA)[:400] + b"\n-----END PRIVATE KEY-----\n", "cannot be read"),
        (
            RSA.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo),
            "cannot be read",
        ),
        (pem(RSA, password=b"secret"), "protected by a password"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "of a kind that DKIM does not have"),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)), "of 1024 bits"),
    ],
)
def test_a_key_that_cannot_sign_is_told_with_what_would_be_right(key: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        signer(key)
    [problem] = raised.value.problems
    assert problem.field == "DKIM_KEY_FILE"
    assert said in problem.text
    assert "openssl genrsa" in problem.text
    assert "secret" not in problem.text


@pytest.mark.parametrize("selector", ["", "a b", "x;p=", "-a", "a" * 64])
def test_a_selector_that_is_no_name_is_told(selector: str) -> None:
    with pytest.raises(ConfigError, match="DKIM_SELECTOR: should be a short name"):
        DkimSigner(pem(RSA), selector, "example.org")


@pytest.mark.parametrize("package", ["dkim", "nacl.signing"])
def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=r"DKIM_KEY_FILE: signing needs .* its extra `dkim`"):
        signer()


def test_the_public_half_is_what_to_put_into_the_dns() -> None:
    made = signer(pem(ED25519))
    assert made.record_name == "digest._domainkey.example.org"
    assert made.record.startswith("v=DKIM1; k=ed25519; p=")
