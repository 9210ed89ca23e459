"""Whatever a source, a setting or a reader's link says, a letter says that and no more (hypothesis)."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from string import ascii_letters, digits

from hypothesis import example, given, settings
from hypothesis import strategies as some

from bot.deliver.mail.headers import mailbox
from bot.deliver.mail.letter import Letters
from bot.deliver.rendering.render import EmailContent, Renderer
from bot.deliver.rendering.templating import Templates
from bot.deliver.words import clean
from bot.errors import DeliveryError
from bot.models import Digest, Organisation
from tests.deliver.invented import BABY_ROWAN, delivery, digest, entry, name_of_theme
from tests.deliver.parts import TEMPLATES, StoppedClock

NAMES = [
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
    "x-auto-response-suppress",
    "mime-version",
    "content-type",
]
LINKS = some.text(ascii_letters + digits + "!\"#$%&'()*+,-./:;=?@[\\]^_`{|}~", min_size=1, max_size=800).map(
    "https://".__add__
)
TRICKS = some.sampled_from(
    [
        "\r\nBcc: victim@example.org\r\n\r\n",
        "\n.\n",
        "=?utf-8?q?=0A?=",
        "\u2028",
        "\x85",
        "\x00",
        "=_",
        ".",
        " ",
    ]
)
TEXTS = some.lists(some.text(max_size=60) | TRICKS | some.just("From \n"), max_size=8).map("".join)
HOSTILE = some.tuples(some.text(max_size=60), TRICKS, some.text(max_size=60)).map("".join)
SMTP = policy.SMTP.clone(max_line_length=998)


class Saying(Renderer):
    """Says what it was last told to."""

    content: EmailContent

    def __init__(self) -> None:
        super().__init__(Templates(TEMPLATES), name_of_theme)

    def email(self, digest: Digest, unsubscribe_url: str | None, page_url: str | None = None) -> EmailContent:
        place = unsubscribe_url or ""
        return replace(
            self.content, text=self.content.text + place, html=f"{place}{self.content.html}{place}"
        )


SAYING = Saying()


def checked(raw: bytes) -> EmailMessage:
    """The mail, parsed, after what holds of every mail."""
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert b"\r\n." not in raw
    read = BytesParser(policy=SMTP).parsebytes(raw)
    assert [name.lower() for name in read] == NAMES
    assert [len(read[name].addresses) for name in ("From", "To", "Reply-To")] == [1, 1, 1]
    assert read["To"].addresses[0].addr_spec == "lead@example.org"
    assert not any(part.defects for part in read.walk())
    return read


def body(read: EmailMessage, kind: str) -> str:
    part = read.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def as_sent(text: str) -> str:
    """With the line ends of mail."""
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


@given(subject=HOSTILE.map(clean), text=TEXTS, page=TEXTS, link=LINKS)
@settings(max_examples=120, deadline=None)
@example(subject="s" * 2000, text="x" * 74 + "é", page="=" * 80, link="https://a/" + "." * 790)
def test_every_letter_says_what_was_rendered(subject: str, text: str, page: str, link: str) -> None:
    SAYING.content = EmailContent(subject=subject, html=page, text=text)
    raw = Letters(SAYING, "bot@example.org", StoppedClock(), lambda delivery: link).letter(delivery()).raw
    read = checked(raw)
    assert str(read["Subject"]) == subject
    assert body(read, "plain") == as_sent(text) + link
    assert body(read, "html") == html.escape(link) + as_sent(page) + html.escape(link)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    for line in raw.split(b"\r\n"):
        assert link.encode() not in line or line.startswith(b"List-Unsubscribe: <") or len(line) <= 76


@given(name=HOSTILE, title=HOSTILE, subscription=HOSTILE, schedule=HOSTILE)
@settings(max_examples=8, deadline=None)
def test_no_text_of_a_source_or_a_setting_adds_a_header(
    name: str, title: str, subscription: str, schedule: str
) -> None:
    organisation = Organisation(name=name, contact="safeguarding@example.org")
    renderer = Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation)
    told = digest(
        entry(replace(BABY_ROWAN, title=title, background=subscription)),
        subscriptions=(subscription,),
        schedule=schedule,
        footer=title,
    )
    made = Letters(
        renderer, sender(name), StoppedClock(), lambda delivery: "https://a.example/u", reply_to=TEAM
    )
    read = checked(made.letter(delivery(told)).raw)
    said, meant = read["From"].addresses[0].display_name, mailbox(sender(name)).display_name
    assert said.replace(" ", "") == meant.replace(" ", "")
    assert "victim" not in read["List-Id"].replace("bcc-victim-example-org", "")


TEAM = "Team <team@example.org>"


def sender(name: str) -> str:
    """A sender of this name; a plain one where the name leaves no address to find."""
    written = f'"{name}" <bot@example.org>'
    try:
        return written if mailbox(written).addr_spec == "bot@example.org" else "bot@example.org"
    except DeliveryError:
        return "bot@example.org"


@given(subject=some.text(max_size=300).map(clean), text=TEXTS, page=TEXTS, link=LINKS)
@settings(max_examples=60, deadline=None)
def test_it_says_the_same_as_a_mail_built_by_the_standard_library(
    subject: str, text: str, page: str, link: str
) -> None:
    SAYING.content = EmailContent(subject=subject, html=page, text=text)
    made = Letters(SAYING, "Zoë <bot@example.org>", StoppedClock(), lambda delivery: link, reply_to=TEAM)
    ours = checked(made.letter(delivery()).raw)
    built = EmailMessage(policy=SMTP)
    built["From"], built["To"], built["Reply-To"] = "Zoë <bot@example.org>", "lead@example.org", TEAM
    built["Subject"] = subject
    built.set_content(text + link, cte="quoted-printable")
    built.add_alternative(
        html.escape(link) + page + html.escape(link), subtype="html", cte="quoted-printable"
    )
    theirs = BytesParser(policy=SMTP).parsebytes(built.as_bytes())
    for name in ("From", "To", "Reply-To", "Subject"):
        assert str(ours[name]) == str(theirs[name])
    assert ours.get_content_type() == theirs.get_content_type()
    for kind in ("plain", "html"):
        assert body(ours, kind) == body(theirs, kind).removesuffix("\r\n")  # it ends the last line itself
