"""What Gmail, Outlook and Apple Mail lack of what our mails use: nothing that has no reason in caniemail.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tests.looks.checks import Found
from tests.looks.pages import Page

ALLOWED = Path(__file__).parent / "caniemail.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    feature: str
    support: str
    clients: Sequence[str]
    because: str
    never: str | None = None

    def gaps(self) -> set[tuple[str, str, str]]:
        return {(self.feature, self.support, client) for client in self.clients}


def allowed() -> list[Allowed]:
    return [Allowed(**one) for one in YAML(typ="safe").load(ALLOWED)]


def gaps(found: Found) -> set[tuple[str, str, str]]:
    """(feature, none or partly, mail program)"""
    return {(one["feature"], one["support"], one["client"]) for one in found.unsupported}


def unexplained(found: Found, reasons: Iterable[Allowed]) -> set[tuple[str, str, str]]:
    return gaps(found) - {gap for reason in reasons for gap in reason.gaps()}


def overstepped(page: Page, reasons: Iterable[Allowed]) -> list[str]:
    """Where a mail uses the very part of a feature that its reason says it does not."""
    hits = ((one, re.search(one.never, page.html)) for one in reasons if one.never)
    return [f"{one.feature}: {hit.group()[-60:]!r}" for one, hit in hits if hit]


def mails(found: Mapping[str, Found]) -> list[Found]:
    return [one for one in found.values() if one.page.kind == "mail"]


def test_whatever_a_mail_program_lacks_has_a_reason(found: Mapping[str, Found]) -> None:
    assert {
        one.page.name: unexplained(one, allowed()) for one in mails(found) if unexplained(one, allowed())
    } == {}


def test_every_reason_holds(found: Mapping[str, Found]) -> None:
    assert {
        one.page.name: overstepped(one.page, allowed())
        for one in mails(found)
        if overstepped(one.page, allowed())
    } == {}


def test_no_reason_is_left_for_what_no_mail_uses(found: Mapping[str, Found]) -> None:
    used = set[tuple[str, str, str]]().union(*(gaps(one) for one in mails(found)))
    assert {gap for reason in allowed() for gap in reason.gaps()} - used == set()


def test_every_reason_is_given_in_words() -> None:
    assert [one.feature for one in allowed() if len(one.because.split()) < 3] == []


def test_gmail_keeps_the_style_element_with_the_dark_colours(found: Mapping[str, Found]) -> None:
    """It throws away a whole <style> element for an @ inside an @ (hteumeuleu/email-bugs#21), and beyond 16 kB."""
    for mail in mails(found):
        dark = [one for one in styles(mail.page.html) if "prefers-color-scheme: dark" in one]
        assert dark, mail.page.name
        assert [at for one in dark for at in nested_ats(one)] == [], mail.page.name
        assert sum(len(one.encode()) for one in styles(mail.page.html)) < 16_000, mail.page.name


def test_an_at_inside_an_at_is_found() -> None:
    assert nested_ats("@media print { @page { margin: 0 } p { color: red } } @page { margin: 0 }") == [
        "@page"
    ]


def test_lists_keep_their_bullets_in_classic_outlook(found: Mapping[str, Found]) -> None:
    """It leaves out padding on lists; without a left margin bullets and numbers stand outside the box, unseen."""
    for mail in mails(found):
        lists = re.findall(r"<[uo]l[^>]*>", mail.page.html)
        margins = [re.search(r"margin:(?: [\d.]+(?:px)?){3} (\d+)px", one) for one in lists]
        assert [
            one for one, left in zip(lists, margins, strict=True) if not left or int(left[1]) < 20
        ] == [], mail.page.name


def styles(html: str) -> list[str]:
    return re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)


def nested_ats(css: str) -> list[str]:
    """The at-rules that stand inside another."""
    depth, nested = 0, []
    for part in re.findall(r"/\*.*?\*/|[{}]|@[\w-]+", css, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(part, 0)
        if part.startswith("@") and depth:
            nested.append(part)
    return nested
