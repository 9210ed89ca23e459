"""The hard cases are what they are called, and what ships shows all of them well."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.deliver.showing.fitting import ALL
from bot.deliver.showing.shown import DigestShown, ReviewShown
from bot.deliver.showing.view import show
from bot.digests import MOST_REVIEWS, edition
from bot.discreet import tells_of_harm
from bot.errors import ConfigError
from bot.hard_cases import hard_cases
from bot.models import Digest, Logo, Organisation, Review
from bot.wiring.templates import Making, check
from tests.deliver.invented import SLOT, name_of_theme
from tests.deliver.parts import TEMPLATES

CASES = {case.name: case.digest for case in hard_cases(SLOT)}
NOWHERE = Path("no templates of our own")
LOGO = Logo(picture=b"\x89PNG", media_type="image/png", alt="Saltmarsh", width=120, height=40)


def made_for(organisation: Organisation) -> Making:
    return Making(name_of_theme=name_of_theme, organisation=lambda: organisation)


ALL_SET = Organisation(
    name="Saltmarsh & Port Lowen: “learning” < 5 & more",
    contact="safeguarding@example.org",
    logo=LOGO,
    introduction="Our next practice meeting is on 3 December.",
    privacy="https://saltmarsh.example.org/privacy",
)


@pytest.mark.parametrize(
    "organisation", [Organisation(), ALL_SET], ids=["as it ships", "with all that can be set"]
)
def test_what_ships_keeps_every_promise_in_every_case(organisation: Organisation) -> None:
    check(NOWHERE, TEMPLATES, made_for(organisation), SLOT)


AWKWARD = {
    "as it ships": Organisation(),
    "all that can be set": ALL_SET,
    "the longest": Organisation(
        name="N" * 120, introduction="on " * 200, contact=f"{'a' * 60}@b-{'b' * 60}.example"
    ),
    "braces in its name": replace(ALL_SET, name="Saltmarsh {{ name }}"),
    "braces in its introduction": replace(ALL_SET, introduction="We meet {% on %} Monday."),
    "an entity": replace(ALL_SET, name="Salt &amp; Marsh"),
    "half a tag": replace(ALL_SET, name="Salt <marsh"),
    "two spaces": Organisation(name="Salt  marsh"),
    "a name that tells of harm": replace(ALL_SET, name="Child deaths and injuries to babies"),
}


@pytest.mark.parametrize("organisation", AWKWARD.values(), ids=AWKWARD)
def test_few_cases_find_whatever_an_organisation_breaks_in_templates_as_they_were_tried(
    organisation: Organisation,
) -> None:
    def told(own: Path | None) -> bool:
        try:
            check(own, TEMPLATES, made_for(organisation), SLOT)
        except ConfigError:
            return True
        return False

    assert told(None) == told(NOWHERE)


def test_a_mistake_in_what_ships_is_told_with_the_file_that_ships(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(TEMPLATES, shipped)
    stop = shipped / "email" / "stop.html"
    stop.write_text(stop.read_text(encoding="utf-8").replace("{{ unsubscribe_url }}", "#"), encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        check(NOWHERE, shipped, made_for(Organisation()), SLOT)
    assert str(told.value).startswith(
        f"{shipped}/email/digest.html: the reader’s link to stop is not in the HTML"
    )


@pytest.mark.parametrize("name", ["email/digest.html", "email/digest.txt"])
def test_what_an_organisation_set_must_stand_in_its_own_templates(tmp_path: Path, name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    (tmp_path / "email").mkdir()
    text = text.replace("organisation.introduction", "none").replace("organisation.privacy", "none")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        check(tmp_path, TEMPLATES, made_for(ALL_SET), SLOT)
    introduction, privacy = told.value.problems
    assert "your introduction is not in the" in introduction.text
    assert "how addresses are kept is not linked in the" in privacy.text
    assert {introduction.file, privacy.file} == {str(tmp_path / name)}


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("no learning points", lambda digest: not _only(digest).learning and _only(digest).incident),
        ("60 recommendations", lambda digest: len(_only(digest).recommendations) == 60),
        ("a title of 300 characters", lambda digest: len(_only(digest).title) == 300),
        ("a title that tells of harm", lambda digest: tells_of_harm(_only(digest).title)),
        ("Welsh", lambda digest: "ŵ" in _only(digest).title.lower()),
        ("Arabic and Hebrew, from right to left", lambda digest: "ש" in "".join(_only(digest).learning)),
        ("emoji", lambda digest: "🏴" in _only(digest).title),
        ("markup in all that a source says", lambda digest: "<script>" in _only(digest, 2).title),
        ("60 reviews", lambda digest: len(digest.entries) == MOST_REVIEWS == 60),
        ("12 reviews", lambda digest: len(digest.entries) == 12),
        ("a quiet week", lambda digest: not digest.entries and not digest.coverage.unread),
    ],
)
def test_a_case_is_what_it_is_called(name: str, holds: Callable[[Digest], bool]) -> None:
    assert holds(CASES[name])


def _only(digest: Digest, of: int = 1) -> Review:
    assert len(digest.entries) == of
    return digest.entries[0].review


OF_A_DIGEST: dict[str, Callable[[DigestShown], object]] = {
    "first": lambda one: one.first and one.total,
    "first and empty": lambda one: one.first and not one.total,
    "at once": lambda one: one.at_once and one.new,
    "at once and withdrawn": lambda one: one.at_once and one.withdrawn,
    "held over": lambda one: one.held_over,
    "unread": lambda one: one.unread and not one.total,
    "none read": lambda one: one.unread and len(one.unread) == one.checked,
    "in doubt": lambda one: any(not earlier.came_back for earlier in one.doubtful),
    "came back": lambda one: any(earlier.came_back for earlier in one.doubtful),
    "questions of several": lambda one: len(one.questions) > 1,
    "new and changes": lambda one: one.new and one.revised and one.withdrawn,
    "only a change": lambda one: one.revised and not one.new,
}
OF_A_REVIEW: dict[str, Callable[[ReviewShown], object]] = {
    "no links": lambda one: not one.links and not one.withdrawn,
    "no place": lambda one: not one.place,
    "no date": lambda one: not one.published,
    "late": lambda one: one.late,
    "delayed": lambda one: one.status == "delayed",
    "unpublished": lambda one: one.status == "unpublished",
    "withdrawn": lambda one: one.withdrawn,
    "changed": lambda one: one.kind == "revised" and one.differences,
    "title alone": lambda one: not one.has_content and one.kind == "new",
    "other parts": lambda one: one.other,
    "more points": lambda one: one.recommendations.more,
    "asked for everything": lambda one: any(not why.themes for why in one.why),
    "good practice": lambda one: one.good_practice.shown,
    "actions": lambda one: one.actions.shown,
}


@cache
def every_digest() -> list[DigestShown]:
    return [show(digest, name_of_theme, ALL) for digest in CASES.values()]


@pytest.mark.parametrize("what", OF_A_DIGEST)
def test_templates_are_tried_with_each_kind_of_digest(what: str) -> None:
    assert any(OF_A_DIGEST[what](one) for one in every_digest())


@pytest.mark.parametrize("what", OF_A_REVIEW)
def test_templates_are_tried_with_each_kind_of_review(what: str) -> None:
    assert any(OF_A_REVIEW[what](review) for one in every_digest() for review in one.reviews)


def test_each_case_has_a_name_of_its_own_and_is_the_same_at_the_same_time() -> None:
    cases = hard_cases(SLOT)
    assert len({case.name for case in cases}) == len(cases)
    assert hard_cases(SLOT) == cases
    assert hard_cases(SLOT + timedelta(days=1)) != cases


def test_reviews_of_a_digest_are_told_apart_by_their_numbers() -> None:
    for name, digest in CASES.items():
        ids = [entry.review_id for entry in digest.entries]
        assert len(set(ids)) == len(ids), name
        assert edition(digest).id != edition(replace(digest, footer="another")).id
