"""One delivery as the bytes of one mail: what its headers say, and what is the same in every reader's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Thread
from time import sleep

import pytest

from bot.deliver.mail.headers import list_id, mailbox
from bot.deliver.mail.letter import Letter, Letters
from bot.deliver.rendering.render import EmailContent, Renderer
from bot.deliver.rendering.templating import Templates
from bot.errors import DeliveryError
from bot.models import Delivery, Digest, Subscriber
from tests.deliver.invented import BABY_ROWAN, delivery, digest, entry, full_week, name_of_theme
from tests.deliver.parts import LINK, TEMPLATES, StoppedClock, letters

LONG_NAME = (
    "Safeguarding, Child Protection and Early Help Partnership Team of the Whole County Borough Council"
)
TEAM = "Team <team@example.org>"


def lines(letter: Letter) -> list[str]:
    """The header lines, as they are sent."""
    return letter.raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


def read(letter: Letter) -> EmailMessage:
    return BytesParser(policy=policy.SMTP).parsebytes(letter.raw)


def said(letter: Letter, kind: str) -> str:
    part = read(letter).get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


# --- headers --------------------------------------------------------------------------------------------


def test_the_letter_has_the_headers_that_mail_programs_look_for() -> None:
    made = lines(letters(reply_to=TEAM).letter(delivery(full_week(), number=31)))
    assert made[:-1] == [
        "From: Learning <bot@example.org>",
        "To: lead@example.org",
        "Reply-To: Team <team@example.org>",
        "Subject: 3 new reviews on your themes and 2 changes: week of 16 November",
        "Date: Mon, 23 Nov 2026 08:00:00 +0000",
        "Message-ID: <delivery-31.edition31@example.org>",
        "List-Id: <weekly.learning-bot.example.org>",
        f"List-Unsubscribe: <{LINK}>, <mailto:team@example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "MIME-Version: 1.0",
    ]
    assert made[-1].startswith("Content-Type: multipart/alternative; boundary=")


def test_a_delivery_has_one_message_id_however_often_it_is_made() -> None:
    made, anew = letters(), letters()
    assert made.letter(delivery()).message_id == anew.letter(delivery()).message_id
    assert made.letter(delivery(number=13)).message_id != made.letter(delivery()).message_id


@pytest.mark.parametrize(
    "name",
    [
        "Learning",
        LONG_NAME,
        'The "Rowan" team (South\\West)',
        "Zoë's team",
        "Tîm Diogelu Plant a Chymorth Cynnar — Partneriaeth Dyffryn Gwyrdd, gogledd a de, ynghyd â’r ysgolion",
        "日本語" * 40,
        "=?utf-8?q?Child?= protection",
    ],
)
def test_a_senders_name_stays_one_name_of_one_sender(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    letter = letters(sender=f'"{quoted}" <bot@example.org>').letter(delivery())
    [sender] = read(letter)["From"].addresses
    assert sender.addr_spec == "bot@example.org"
    # Python's own parser leaves a space between two encoded words of a name.
    assert sender.display_name.replace(" ", "") == name.replace(" ", "")


def test_a_long_name_outside_ascii_is_written_in_words_that_every_program_decodes() -> None:
    made = lines(letters(sender=f"{'é' * 140} <bot@example.org>").letter(delivery()))
    words = [word for line in made for word in line.split() if word.startswith("=?")]
    assert len(words) > 3
    assert max(map(len, words)) <= 75  # RFC 2047, 2


def test_bounces_go_to_the_return_path_and_to_the_sender_where_there_is_none() -> None:
    assert letters().letter(delivery()).sender == "bot@example.org"
    letter = letters(return_path="bounces@bücher.example").letter(delivery())
    assert letter.sender == "bounces@xn--bcher-kva.example"
    assert "From: Learning <bot@example.org>" in lines(letter)


def test_an_international_domain_is_written_in_ascii() -> None:
    made = letters().letter(delivery(address="lead@bücher.example"))
    assert made.recipient == "lead@xn--bcher-kva.example"
    assert "To: lead@xn--bcher-kva.example" in lines(made)


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "größe@example.org",
        "a b@example.org",
        "a@",
        "a..b@example.org",
        ".a@example.org",
        "a.@example.org",
        "one@example.org, two@example.org",
        "one@example.org\r\nBcc: two@example.org",
    ],
)
def test_what_is_no_address_is_refused_and_not_shown_in_full(address: str) -> None:
    with pytest.raises(DeliveryError, match="no address that mail can be sent to") as raised:
        letters().letter(delivery(address=address))
    assert raised.value.permanent
    assert address not in str(raised.value)


def test_a_schedule_of_any_name_gives_a_list_id_that_can_be_a_domain() -> None:
    long = digest(entry(BABY_ROWAN), schedule="Jeden Montag, früh! " * 20)
    [line] = [line for line in lines(letters().letter(delivery(long))) if line.startswith("List-Id")]
    label = line.removeprefix("List-Id: <").removesuffix(".learning-bot.example.org>")
    assert label.startswith("jeden-montag-fr-h")
    assert len(label) <= 63


@pytest.mark.parametrize("domain", ["a." * 120 + "example", "x" * 60 + ".example", "example.org"])
def test_a_list_id_is_never_longer_than_rfc_2919_lets_it(domain: str) -> None:
    listed = list_id("x" * 80, domain)
    assert listed.startswith(f"<{'x' * 63}.learning-bot.")
    assert listed.endswith("example.org>" if domain == "example.org" else ".example>")
    assert len(listed.strip("<>")) <= 255


# --- the reader's own link ------------------------------------------------------------------------------


def unsubscribe(letter: Letter) -> list[str]:
    return [line for line in lines(letter) if line.startswith("List-Unsubscribe")]


def test_a_long_unsubscribe_link_stands_as_it_is() -> None:
    long = "https://learning.example.org/unsubscribe/" + "a=b." * 180
    assert 700 < len(long) <= 800
    letter = letters(unsubscribe_url=lambda delivery: long, reply_to=TEAM).letter(delivery())
    assert unsubscribe(letter)[0].startswith(f"List-Unsubscribe: <{long}>, <mailto:")
    assert long in said(letter, "plain")


def test_where_link_and_address_are_too_long_for_one_line_the_link_stands_alone() -> None:
    long = "https://learning.example.org/" + "x" * 779
    team = f"{'t' * 60}@{'.'.join(['long' * 10] * 4)}.example"
    letter = letters(unsubscribe_url=lambda delivery: long, reply_to=team).letter(delivery())
    assert unsubscribe(letter)[0] == f"List-Unsubscribe: <{long}>"


def test_one_click_is_offered_over_https_only() -> None:
    local = letters(unsubscribe_url=lambda delivery: "http://localhost:8080/u/1").letter(delivery())
    assert unsubscribe(local) == ["List-Unsubscribe: <http://localhost:8080/u/1>"]


def test_without_a_web_the_way_to_stop_is_to_write() -> None:
    alone = letters(unsubscribe_url=lambda delivery: None)
    assert unsubscribe(alone.letter(delivery())) == [
        "List-Unsubscribe: <mailto:bot@example.org?subject=unsubscribe>"
    ]
    team = letters(unsubscribe_url=lambda delivery: None, reply_to="a&b%c@example.org")
    assert unsubscribe(team.letter(delivery())) == [
        "List-Unsubscribe: <mailto:a%26b%25c@example.org?subject=unsubscribe>"
    ]


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a\r\nBcc: x@example.org",
        "https://example.org/ü",
        "https://example.org/a b",
        "https://example.org/a>, <mailto:x@example.org",
        "javascript:alert(1)",
        "https://example.org/" + "x" * 801,
        "",
    ],
)
def test_a_link_that_would_break_the_header_is_refused(link: str) -> None:
    with pytest.raises(DeliveryError, match="PUBLIC_URL"):
        letters(unsubscribe_url=lambda delivery: link).letter(delivery())


def test_each_reader_gets_their_own_link_in_a_shared_edition() -> None:
    made = letters(unsubscribe_url=lambda of: f"https://example.org/u/{of.subscriber.address}?a=1&b=2")
    for address in ("lead@example.org", "nurse@example.org"):
        letter = made.letter(delivery(address=address))
        own = f"https://example.org/u/{address}?a=1&b=2"
        assert said(letter, "plain").count(f"\n{own}\n") == 1
        assert said(letter, "html").count(f'href="{own.replace("&", "&amp;")}"') == 1
        assert "unsubscribe.invalid" not in said(letter, "plain") + said(letter, "html")
        assert unsubscribe(letter)[0] == f"List-Unsubscribe: <{own}>"


def test_no_source_can_have_the_readers_link_put_where_it_likes() -> None:
    guess = digest(entry(replace(BABY_ROWAN, title="https://unsubscribe.invalid/here")))
    letter = letters().letter(delivery(guess))
    assert "https://unsubscribe.invalid/here" in said(letter, "plain")
    assert said(letter, "plain").count(LINK) == 1


# --- the body -------------------------------------------------------------------------------------------


def test_both_parts_are_quoted_printable_with_short_lines() -> None:
    head, _, body = letters().letter(delivery(full_week())).raw.partition(b"\r\n\r\n")
    assert body.count(b"Content-Transfer-Encoding: quoted-printable") == 2
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, head.split(b"\r\n"))) <= 998


def test_nothing_on_the_way_has_a_reason_to_change_a_line() -> None:
    told = "From the start.\n. . . and .. dots\n" + "x" * 75 + ".and so on\n" + "From here, trailing \n"
    letter = of(Rendering(lambda place: told)).letter(delivery())
    assert said(letter, "plain") == told
    for line in letter.raw.partition(b"\r\n\r\n")[2].split(b"\r\n"):
        assert not line.startswith((b".", b"From "))
        assert not line.endswith(b" ")


@pytest.mark.parametrize("length", range(73, 78))
def test_a_link_after_a_line_of_any_length_fits(length: int) -> None:
    def before(place: str) -> str:
        return "x" * length + place

    letter = of(Rendering(before)).letter(delivery())
    assert said(letter, "plain") == before(LINK)
    assert b"=\r\n\r\n--" not in letter.raw  # no line that goes on and then does not


# --- editions are built once ----------------------------------------------------------------------------


class Rendering(Renderer):
    """Renders as it is told, takes its time, and counts."""

    def __init__(self, text: Callable[[str], str] = "Stop: {}\n".format, takes: float = 0) -> None:
        super().__init__(Templates(TEMPLATES), name_of_theme)
        self.times = 0
        self._text, self._takes = text, takes

    def email(self, digest: Digest, unsubscribe_url: str | None, page_url: str | None = None) -> EmailContent:
        self.times += 1
        sleep(self._takes)
        place = str(unsubscribe_url)
        return EmailContent(subject="News", html=f"<p>{place}</p>\n", text=self._text(place))


def of(renderer: Renderer) -> Letters:
    return Letters(renderer, "bot@example.org", StoppedClock(), lambda delivery: LINK)


def test_two_threads_never_build_the_same_edition_at_once() -> None:
    rendering = Rendering(takes=0.05)
    made = of(rendering)
    had: list[bytes] = []
    threads = [Thread(target=lambda: had.append(made.letter(delivery()).raw)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rendering.times == 1
    assert len(had) == 4
    assert len(set(had)) == 1


def test_an_edition_that_could_not_be_rendered_is_tried_again() -> None:
    class FailsOnce(Rendering):
        def email(
            self, digest: Digest, unsubscribe_url: str | None, page_url: str | None = None
        ) -> EmailContent:
            if not self.times:
                self.times += 1
                raise DeliveryError("a mistake in a template", permanent=False)
            return super().email(digest, unsubscribe_url)

    made = of(FailsOnce())
    with pytest.raises(DeliveryError, match="template"):
        made.letter(delivery())
    assert LINK in said(made.letter(delivery()), "plain")


def test_only_the_last_few_editions_are_kept() -> None:
    rendering = Rendering()
    made = of(rendering)
    for number in (*range(8), *range(8)):
        made.letter(delivery(number=number))
    assert rendering.times == 8
    for number in (0, 8, 0):  # 1 was used longest ago
        made.letter(delivery(number=number))
    assert rendering.times == 9
    made.letter(delivery(number=1))
    assert rendering.times == 10


def test_editions_are_built_anew_once_what_they_are_rendered_by_has_changed() -> None:
    rendering, in_force = Rendering(), [object()]
    made = Letters(
        rendering, "bot@example.org", StoppedClock(), lambda delivery: LINK, configured=lambda: in_force[-1]
    )
    for number in (1, 2, 1, 2):
        made.letter(delivery(number=number))
    assert rendering.times == 2
    in_force.append(object())
    for number in (1, 2, 1, 2):
        made.letter(delivery(number=number))
    assert rendering.times == 4


def test_readers_with_and_without_a_link_do_not_share_an_edition() -> None:
    def own(delivery: Delivery) -> str | None:
        return LINK if delivery.subscriber.address == "lead@example.org" else None

    made = letters(unsubscribe_url=own)
    other = replace(delivery(), subscriber=Subscriber(medium="email", address="nurse@example.org"))
    assert LINK in said(made.letter(delivery()), "plain")
    assert "Change or stop these emails:" not in said(made.letter(other), "plain")


def test_a_mailbox_is_one_name_and_one_address() -> None:
    made = mailbox('  "Rowan,\r\n South"   <bot@example.org> ')
    assert (made.display_name, made.addr_spec) == ("Rowan, South", "bot@example.org")
