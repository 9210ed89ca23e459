"""The pages that are looked at: mails of all kinds, and the pages of the web."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.hard_cases import a_report, a_summary, hard_cases
from bot.models import Digest, Logo, Organisation, Theme
from bot.web.tokens import token
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    DOUBTFUL,
    SIBLINGS,
    SLOT,
    because,
    digest,
    entry,
    full_week,
    name_of_theme,
)
from tests.deliver.parts import LINK, TEMPLATES, renderer
from tests.web.visitor import KEYS, FakeStore, Visitor

WIDTHS = (320, 375, 600)  # CSS pixels: the narrowest phone, a usual one, and a mail's full width
PAGE_URL = "https://learning.example.org/digests/edition-12"
LOGO = Path(__file__).parent / "logo.png"
LOGO_IN_A_MAIL = "https://mail.example/logo"  # the mail says cid:logo, which only a mail program can open
BRANDED = Organisation(
    name="Wetherby Vale Safeguarding Children Partnership",
    contact="safeguarding@example.org",
    colour="#6b2c6f",
    colour_at_night="#e3b5e6",
    logo=Logo(
        picture=LOGO.read_bytes(),
        media_type="image/png",
        alt="Wetherby Vale partnership",
        width=160,
        height=40,
    ),
    introduction="We send this each Monday to all who lead on safeguarding in Wetherby Vale.",
    privacy="https://learning.example.org/privacy",
)
EDITION = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`widths`: of the windows that it is looked at in. `pictures`: the addresses of pictures that it may show,
    with the file that answers (none: the picture is not loaded, as in most mail programs). `sheets`: how many
    pages of A4 it may print to; None: nobody prints it."""

    name: str
    html: str
    kind: Literal["mail", "page"]
    widths: Sequence[int] = WIDTHS
    pictures: Mapping[str, str] = field(default_factory=dict)
    sheets: int | None = None


def twelve() -> Digest:
    """A heavy week: twelve reviews of realistic length, with titles of their own."""
    towns = ("Wetherby Vale", "Port Lowen", "Harrowmere", "Saltmarsh")
    reviews = [
        replace(one, title=f"{one.title.partition(':')[0]} {letter}", place=towns[number % 4])
        for number, (letter, one) in enumerate(zip("ABCDEFGHIJKL", (BABY_ROWAN, SIBLINGS) * 6, strict=True))
    ]
    return digest(*(entry(review, number) for number, review in enumerate(reviews, start=1)))


def a_week() -> Digest:
    """What a usual week brings: three reviews."""
    neglect = because("neglect", "neglect of the child’s needs")
    return digest(entry(), entry(SIBLINGS, 2, because=(neglect,)), entry(BARE, 3, because=(because(None),)))


DIGESTS: Mapping[str, Digest] = {
    "full-week": full_week(),
    "one-review": digest(entry()),
    "twelve-reviews": twelve(),
    "quiet-week": digest(),
    "doubtful-before": replace(full_week(), doubtful=(DOUBTFUL,)),
}


def pages() -> Iterator[Page]:
    """All of them; each name is used once."""
    yield from mails()
    yield from hard_mails()
    yield from mails_for_administrators()
    yield from web_pages()


def mails() -> Iterator[Page]:
    plain = renderer()
    for name, one in DIGESTS.items():
        yield Page(name=f"mail-{name}", kind="mail", html=plain.email(one, LINK, PAGE_URL).html, sheets=24)
    branded = (
        Renderer(Templates(TEMPLATES), name_of_theme, lambda: BRANDED).email(full_week(), LINK, PAGE_URL).html
    )
    yield Page(name="mail-branded-without-pictures", kind="mail", html=branded)
    with_logo = branded.replace("cid:logo", LOGO_IN_A_MAIL)
    yield Page(name="mail-branded", kind="mail", html=with_logo, pictures={LOGO_IN_A_MAIL: str(LOGO)})


def hard_mails() -> Iterator[Page]:
    """On the narrowest phone only: what is hard about them is hard there first."""
    plain = renderer()
    for case in hard_cases(SLOT):
        name = "-".join(re.findall("[a-z0-9]+", case.name.lower()))
        html = plain.email(case.digest, LINK, PAGE_URL).html
        yield Page(name=f"hard-{name}", kind="mail", html=html, widths=WIDTHS[:1])


def mails_for_administrators() -> Iterator[Page]:
    plain = renderer()
    for name, one in (("report", a_report(SLOT)), ("summary", a_summary(SLOT))):
        yield Page(name=f"mail-{name}", kind="mail", html=plain.email(one, LINK).html, sheets=3)


def meeting_sheet() -> str:
    """The sheet for the team meeting of a usual week."""
    store = FakeStore()
    store.keeps(EDITION, a_week())
    sender = Organisation(name="Wetherby Vale learning")
    return Visitor(store, organisation=sender).gets(f"/digests/{EDITION}/meeting").text


def web_pages() -> Iterator[Page]:
    store = FakeStore()
    store.subscribes(7, baby_safety="Baby safety leads", neglect="Neglect")
    store.has(
        BABY_ROWAN,
        themes=[Theme(id="neglect", evidence=())],
        seen_at="https://wetherbyvale-scp.example/reviews",
        excerpt="A bruise in a baby",
    )
    store.has(SIBLINGS)
    store.keeps(EDITION, full_week())
    visitor = Visitor(store, themes=["neglect"], contact="safeguarding@example.org")
    branded = Visitor(store, organisation=BRANDED, contact="safeguarding@example.org")
    stop = f"/unsubscribe/{token(7, None, KEYS)}"
    yield from (
        Page(name="web-archive", kind="page", html=visitor.gets("/archive").text),
        Page(name="web-archive-search", kind="page", html=visitor.gets("/archive", q="bruise").text),
        Page(name="web-unsubscribe", kind="page", html=visitor.gets(stop).text),
        Page(name="web-no-such-page", kind="page", html=visitor.gets("/nowhere").text),
        Page(name="web-digest", kind="page", html=visitor.gets(f"/digests/{EDITION}").text, sheets=12),
        Page(name="web-digest-branded", kind="page", html=branded.gets(f"/digests/{EDITION}").text, sheets=12),
        Page(name="web-meeting", kind="page", html=meeting_sheet(), sheets=1),
        Page(name="web-meeting-of-a-full-week", kind="page", html=visitor.gets(f"/digests/{EDITION}/meeting").text, sheets=2),
        Page(name="web-meeting-branded", kind="page", html=branded.gets(f"/digests/{EDITION}/meeting").text, sheets=2),
        Page(name="web-stopped", kind="page", html=visitor.posts(stop, b"what=all").text),
    )  # fmt: skip
