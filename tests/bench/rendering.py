"""What a mail costs: rendering an edition that nobody has rendered before, and making one reader's message of it.

Processor seconds of one core. Rendering as a ratio to the least that Jinja can do for as many bytes, a page of
escaped lines; messages as a ratio to Python's own email package, which builds each reader's mail anew. Every
message is read back and compared before it counts, as in service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from typing import TypeVar

from jinja2 import Environment

from bot.deliver.letter import Letters
from bot.deliver.render import Renderer
from bot.deliver.templating import Templates
from bot.models import Delivery, Digest, Edition, Organisation, Subscriber
from tests.deliver.invented import BABY_ROWAN, digest, entry, full_week, name_of_theme
from tests.deliver.parts import LINK, TEMPLATES, StoppedClock

EDITIONS = 400
READERS = 1_000
IN_A_ROW = 10
PAGE = "https://learning.example.org/digests/0123456789abcdef"
# How many times as long as plain Jinja rendering may take. Raise one only with a reason in the commit. About 27
# on a quiet machine, and a few more on a busy one: caches are small, and our work has more in them.
MOST = {"5 reviews": 36.0, "12 reviews": 36.0}
LEAST_AHEAD = 6.0  # how many times as fast as the email package messages must be made
ASKED = {"5 reviews": 200, "messages": 3_000}  # a second on one core, by issue 6; a busy machine has less

Item = TypeVar("Item")


def week(reviews: int, number: int) -> Digest:
    """A digest of so many reviews in full, whose words stand in no digest of another number."""

    def own(place: int) -> str:
        return f"in the week {number} and the review {place} of it"

    made = (
        replace(
            BABY_ROWAN,
            title=f"{BABY_ROWAN.title} {number}-{place}",
            incident=f"This is told {own(place)}. {BABY_ROWAN.incident}",
            learning=tuple(f"{point}, {own(place)}" for point in BABY_ROWAN.learning),
            recommendations=tuple(f"{point}, {own(place)}" for point in BABY_ROWAN.recommendations),
            links=tuple(replace(link, url=f"{link.url}?{number}-{place}") for link in BABY_ROWAN.links),
        )
        for place in range(reviews)
    )
    return digest(*(entry(one, number=place) for place, one in enumerate(made)))


def renderer() -> Renderer:
    return Renderer(Templates(TEMPLATES), name_of_theme, lambda: Organisation(contact="learning@example.org"))


def plain_jinja(html: str) -> Callable[[object], None]:
    """Renders a page of as many bytes and lines, and nothing more."""
    template = Environment(autoescape=True).from_string("{% for line in lines %}{{ line }}\n{% endfor %}")
    lines = html.split("\n")

    def work(_: object) -> None:
        template.render(lines=lines)

    return work


def seconds(items: Sequence[Item], works: Sequence[Callable[[Item], object]]) -> list[float]:
    """Processor seconds that one item takes by each work: those of the fastest few in a row, since a busy
    machine only adds. The works take turns, so that a busy minute falls on all of them alike."""
    spent: list[list[float]] = [[] for _ in works]
    for work in works:
        work(items[0])  # warms caches and imports
    for first in range(0, len(items), IN_A_ROW):
        few = items[first : first + IN_A_ROW]
        for at, work in enumerate(works):
            start = time.process_time()
            for item in few:
                work(item)
            spent[at].append((time.process_time() - start) / len(few))
    return [min(one) for one in spent]


def editions(reviews: int) -> list[str]:
    """Renders editions that are all different; gives a line for what is slower than agreed."""
    by, name = renderer(), f"{reviews} reviews"
    weeks = [week(reviews, number) for number in range(EDITIONS)]
    mail = by.email(weeks[0], LINK, PAGE)
    ours, bare = seconds(weeks, [lambda one: by.email(one, LINK, PAGE), plain_jinja(mail.html)])
    asked = f" ({ASKED[name]} asked)" if name in ASKED else ""
    print(f"rendering a mail of {name:26} {len(mail.html) / 1000:6.1f} kB {1 / ours:8.0f} a second{asked}")
    print(
        f"  as much by plain Jinja {'':30} {1 / bare:8.0f} a second, {ours / bare:.1f} x (most {MOST[name]})"
    )
    if ours / bare <= MOST[name]:
        return []
    return [f"rendering {name}: {ours / bare:.1f} times plain Jinja; the most is {MOST[name]}"]


def messages() -> list[str]:
    """Makes messages of one edition for many readers; gives a line for what is slower than agreed."""
    edition = Edition(id="0123456789abcdef", digest=full_week())
    readers = [_delivery(edition, number) for number in range(READERS)]
    letters = Letters(
        renderer(),
        "Learning <bot@example.org>",
        StoppedClock(),
        unsubscribe_url=lambda delivery: f"https://learning.example.org/unsubscribe/{delivery.id:040}",
        page_url=lambda edition_id: PAGE,
    )
    raw = letters.letter(readers[0]).raw
    mail = renderer().email(edition.digest, LINK, PAGE)

    def by_email_package(delivery: Delivery) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = "Learning <bot@example.org>", delivery.subscriber.address
        message["Subject"] = mail.subject
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()

    ours, theirs = seconds(readers, [letters.letter, by_email_package])
    asked = f" ({ASKED['messages']} asked)"
    print(
        f"messages of one edition, each read back {len(raw) / 1000:13.1f} kB {1 / ours:8.0f} a second{asked}"
    )
    print(
        f"  by Python's email package, not read back {'':12} {1 / theirs:8.0f} a second, {theirs / ours:.1f} x as fast"
    )
    if theirs / ours >= LEAST_AHEAD:
        return []
    return [f"messages: {theirs / ours:.1f} times as fast as the email package; it should be {LEAST_AHEAD}"]


def _delivery(edition: Edition, number: int) -> Delivery:
    return Delivery(
        id=number,
        edition=edition,
        subscriber_id=number,
        subscriber=Subscriber(medium="email", address=f"reader{number}@example.org"),
        state="sending",
    )


def main() -> list[str]:
    """Gives a line for each figure that is worse than agreed."""
    return [*editions(5), *editions(12), *messages()]
