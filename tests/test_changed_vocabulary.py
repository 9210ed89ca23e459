"""Themes change under a running bot: the archive follows, and no reader is flooded."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.models import ArchiveQuery
from bot.pipeline import deciding
from bot.pipeline.tagging import tag_archive
from bot.themes import Vocabulary
from bot.themes.own import extended
from bot.wiring import Bot, load_vocabulary
from tests.house import AT_ONCE, VOCABULARY, House, entry
from tests.reviews import a_review, a_source
from tests.store.factories import new, poll

PAGE = a_source().url
OLD = entry("Child Old", year=2020)
POOL = entry("Child Pool", incident="A toddler drowned in a paddling pool.", learning=("fence off ponds",))
LAKE = entry("Child Lake", incident="A boy drowned in a lake.", learning=("teach about cold water",))
WATER = extended(VOCABULARY, [{"id": "water-safety", "name": "Water safety", "strong": ["drown"]}])


class Changing(House):
    def looks_for(self, vocabulary: Vocabulary) -> int:
        """The themes are these from now on; how many reviews were tagged anew."""
        self.collecting = replace(self.collecting, vocabulary=vocabulary)
        count = tag_archive(self.store, vocabulary, self.clock.now())
        self.enrols()
        return count

    def with_theme(self, theme: str) -> list[str]:
        return sorted(one.known.review.title for one in self.store.search(ArchiveQuery(theme=theme)))


@pytest.fixture
def house() -> Changing:
    """A source that was met before, and a reader of a theme that is nobody's yet."""
    house = Changing()
    house.site.publishes(PAGE, OLD)
    house.polls()
    house.subscribes("lead@example.org", "water", themes_any=("water-safety",))
    house.a_week_passes()
    return house


def test_the_archive_is_tagged_anew_once(house: Changing) -> None:
    house.site.publishes(PAGE, POOL, OLD)
    house.polls()
    assert house.with_theme("water-safety") == []
    assert house.looks_for(WATER) == 2
    assert house.with_theme("water-safety") == ["Child Pool"]
    assert house.looks_for(WATER) == 0
    assert house.looks_for(VOCABULARY) == 2
    assert house.with_theme("water-safety") == []


def test_what_a_poll_brings_is_tagged_once(house: Changing) -> None:
    house.looks_for(WATER)
    house.site.publishes(PAGE, POOL, OLD)
    house.polls()
    assert house.looks_for(WATER) == 0
    assert house.with_theme("water-safety") == ["Child Pool"]


def test_a_reader_gets_what_was_found_since_their_last_digest_and_nothing_older(house: Changing) -> None:
    house.site.publishes(PAGE, POOL, OLD)
    house.polls()
    house.a_week_passes()
    house.site.publishes(PAGE, LAKE, POOL, OLD)
    house.polls()
    house.looks_for(WATER)
    house.a_week_passes()
    house.a_week_passes()
    assert house.got() == [[], [], [("Child Lake", "new")], []]
    (because,) = house.email.taken[2].edition.digest.entries[0].because
    assert because.reasons[0].theme == "water-safety"


def test_a_channel_that_is_told_at_once_hears_of_what_comes_from_now_on(house: Changing) -> None:
    house.subscribes("slack:#water", "water-at-once", AT_ONCE, themes_any=("water-safety",))
    house.site.publishes(PAGE, POOL, OLD)
    house.polls()
    house.sends()
    house.looks_for(WATER)
    house.sends()
    assert house.got(house.slack) == []
    house.site.publishes(PAGE, LAKE, POOL, OLD)
    house.polls()
    house.sends()
    assert house.got(house.slack) == [[("Child Lake", "new")]]


def test_a_muted_phrase_brings_nothing_that_was_not_told_yet(house: Changing) -> None:
    house.looks_for(WATER)
    house.site.publishes(PAGE, POOL, LAKE, OLD)
    house.polls()
    quieter = {"id": "water-safety", "name": "Water safety", "strong": ["drowned ... lake"]}
    house.looks_for(extended(VOCABULARY, [quieter]))
    house.a_week_passes()
    assert house.got()[-1] == [("Child Lake", "new")]


def test_what_a_person_joins_is_told_for_the_review_that_is_news(house: Changing) -> None:
    house.subscribes("slack:#water", "water-at-once", AT_ONCE, themes_any=("water-safety",))
    house.site.publishes(PAGE, POOL, OLD)
    house.polls()
    house.a_week_passes()
    house.looks_for(WATER)
    house.site.publishes(PAGE, LAKE, POOL, OLD)
    house.polls()
    numbers = {known.review.title: known.id for known, _ in house.store.every_review()}
    deciding.join(numbers["Child Pool"], numbers["Child Lake"], house.store, WATER, house.clock.now())
    house.sends()
    assert [len(entries) for entries in house.got(house.slack)] == [1]


def test_what_a_person_splits_off_an_old_review_is_no_news_either() -> None:
    house = Changing(a_source(), a_source("nspcc"))
    for page in (PAGE, a_source("nspcc").url):
        house.site.publishes(page, OLD)
    house.polls()
    house.subscribes("lead@example.org", "water", themes_any=("water-safety",))
    for page in (PAGE, a_source("nspcc").url):
        house.site.publishes(page, POOL, OLD)
    house.polls()
    house.enrols()
    house.a_week_passes()
    house.looks_for(WATER)
    (pool,) = (known for known, _ in house.store.every_review() if known.review.title == "Child Pool")
    deciding.split(pool.id, "nspcc", house.store, WATER, house.clock.now())
    house.a_week_passes()
    assert house.with_theme("water-safety") == ["Child Pool", "Child Pool"]
    assert house.got() == [[], []]


def test_what_a_person_joins_right_after_an_edit_is_no_news(house: Changing) -> None:
    house.site.publishes(PAGE, POOL, LAKE, OLD)
    house.polls()
    for _ in range(3):
        house.a_week_passes()
    pool, lake = (
        known.id
        for known, _ in house.store.every_review()
        if known.review.title in ("Child Pool", "Child Lake")
    )
    deciding.join(pool, lake, house.store, WATER, house.clock.now())
    house.looks_for(WATER)
    house.a_week_passes()
    assert house.got() == [[]] * 5


def test_looking_for_themes_in_the_archive_ends_when_asked(house: Changing) -> None:
    asked = iter((False, True))
    assert tag_archive(house.store, WATER, house.clock.now(), lambda: next(asked)) == 1
    assert house.looks_for(WATER) == 0
    assert tag_archive(house.store, VOCABULARY, house.clock.now(), lambda: True) == 0
    assert house.looks_for(VOCABULARY) == 1


def test_another_name_of_a_theme_tags_nothing_anew(house: Changing) -> None:
    assert house.looks_for(extended(VOCABULARY, [{"id": VOCABULARY.ids[0], "name": "Other words"}])) == 0


# --- the configuration of a folder ----------------------------------------------------------------------

SOURCES = "sources: [{id: a, name: A, url: 'https://a.example.org/'}]\n"
SUBSCRIPTIONS = """\
subscriptions:
  - {id: water, to: [lead@example.org], digest: immediately, themes: {any: [water-safety]}}
themes:
  - {id: water-safety, name: Water safety, strong: [drown]}
  - {id: neglect, strong: [hoarding everything]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "subscriptions.yaml").write_text(SUBSCRIPTIONS)
    return tmp_path


def edit(folder: Path, text: str) -> None:
    file = folder / "subscriptions.yaml"
    file.write_text(text)
    later = file.stat().st_mtime_ns + 10**9
    os.utime(file, ns=(later, later))


def test_the_vocabulary_in_force_follows_the_file(folder: Path) -> None:
    with Bot(folder, {}, database_url="sqlite://") as bot:
        assert set(bot.vocabulary.ids) - set(VOCABULARY.ids) == {"water-safety"}
        assert bot.configuration.own_themes == ("water-safety", "neglect")
        edit(folder, SUBSCRIPTIONS.replace("Water safety", "Water"))
        assert bot.watched.refresh() == ()
        assert bot.name_of_theme("water-safety") == "Water"
        good = bot.vocabulary
        edit(folder, SUBSCRIPTIONS.replace("strong: [drown]", "strong: ['...']"))
        assert [problem.line for problem in bot.watched.refresh()] == [4]
        assert bot.vocabulary is good
        assert bot.collecting.vocabulary is good


def test_enrolling_tags_the_archive_with_the_themes_in_force(folder: Path) -> None:
    with Bot(folder, {}, database_url="sqlite://") as bot:
        poll(bot.store, new(a_review("Child Pool", incident="A toddler drowned in a paddling pool.")))
        bot.enrol()
        assert len(bot.store.search(ArchiveQuery(theme="water-safety"))) == 1


def test_a_command_without_the_rest_of_the_configuration_has_the_same_themes(folder: Path) -> None:
    assert load_vocabulary().ids == VOCABULARY.ids == load_vocabulary(folder / "nowhere").ids
    with Bot(folder, {}, database_url="sqlite://") as bot:
        assert load_vocabulary(folder).fingerprint == bot.vocabulary.fingerprint
    edit(folder, SUBSCRIPTIONS.replace("id: neglect", "id: neglct"))
    with pytest.raises(ConfigError, match=r"subscriptions\.yaml:5: themes\[neglct\]\.id: .*`neglect`"):
        load_vocabulary(folder)
