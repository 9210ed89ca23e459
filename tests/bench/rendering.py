"""What a mail costs: rendering an edition that nobody has rendered before, and making one reader's message of it.

Processor seconds of one core. Rendering as a ratio to the least that Jinja can do for as many bytes, a page of
escaped lines; messages as a ratio to Python's own email package, which builds each reader's mail anew. Every
message is read back and compared before it counts, as in service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

from jinja2 import Environment

from bot.deliver.mail.letter import Letters
from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.models import Delivery, Digest, Edition, Organisation, Subscriber
from tests.bench.findings import Finding, Ratio, Timing, growth
from tests.bench.measuring import Item, in_turns
from tests.deliver.invented import BABY_ROWAN, digest, entry, full_week, name_of_theme
from tests.deliver.parts import LINK, TEMPLATES, StoppedClock

EDITIONS = 400
READERS = 1_000
IN_A_ROW = 10
REVIEWS = (3, 6, 12)  # in an edition, for the growth
PAGE = "https://learning.example.org/digests/0123456789abcdef"


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


def editions(reviews: int, count: int = EDITIONS) -> tuple[Timing, Timing]:
    """Editions that are all different, and as much by plain Jinja."""
    by, name = renderer(), f"a mail of {reviews} reviews"
    weeks = [week(reviews, number) for number in range(count)]
    plain = plain_jinja(by.email(weeks[0], LINK, PAGE).html)

    def ours(few: Sequence[Digest]) -> None:
        for one in few:
            by.email(one, LINK, PAGE)

    def theirs(few: Sequence[Digest]) -> None:
        for one in few:
            plain(one)

    works = {name: ours, "plain Jinja, as many bytes": theirs}
    rendered, bare = in_turns(works, _in_a_row(weeks), count=IN_A_ROW).values()
    return rendered, bare


def messages() -> Ratio:
    """Messages of one edition for many readers, each read back as in service."""
    edition = Edition(id="0123456789abcdef", digest=full_week())
    readers = [_delivery(edition, number) for number in range(READERS)]
    letters = Letters(
        renderer(),
        "Learning <bot@example.org>",
        StoppedClock(),
        unsubscribe_url=lambda delivery: f"https://learning.example.org/unsubscribe/{delivery.id:040}",
        page_url=lambda edition_id: PAGE,
    )
    mail = renderer().email(edition.digest, LINK, PAGE)

    def by_email_package(delivery: Delivery) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = "Learning <bot@example.org>", delivery.subscriber.address
        message["Subject"] = mail.subject
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()

    def ours(few: Sequence[Delivery]) -> None:
        for one in few:
            letters.letter(one)

    def theirs(few: Sequence[Delivery]) -> None:
        for one in few:
            by_email_package(one)

    works = {"a reader's message": ours, "Python's email package": theirs}
    made, by_package = in_turns(works, _in_a_row(readers), count=IN_A_ROW).values()
    return Ratio(name="a reader's message", ours=made, baseline=by_package)


def _in_a_row(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[first : first + IN_A_ROW] for first in range(0, len(items), IN_A_ROW)]


def _delivery(edition: Edition, number: int) -> Delivery:
    return Delivery(
        id=number,
        edition=edition,
        subscriber_id=number,
        subscriber=Subscriber(medium="email", address=f"reader{number}@example.org"),
        state="sending",
    )


def findings() -> Iterator[Finding]:
    for reviews in (5, 12):
        rendered, bare = editions(reviews)
        yield Ratio(name=f"rendering {rendered.what}", ours=rendered, baseline=bare)
    yield growth("rendering, by reviews", REVIEWS, (editions(reviews, 50)[0].best for reviews in REVIEWS))
    yield messages()
