"""A summary for administrators who want one: how everything stands, once a day at their time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SourceError
from bot.models import SUMMARY, Outcome, Summary, Traffic
from bot.pipeline.summary import compose_summaries, summary_to
from tests.house import House, entry
from tests.reviews import a_source

AT_SEVEN = "0 7 * * *"
PAGE = a_source().url
OLD = entry("Child Old", year=2020)
OTHER = a_source(id="port-lowen", name="Port Lowen", url="https://portlowen.example/reviews")
LONDON = ZoneInfo("Europe/London")


class Office(House):
    """A house whose administrators want a summary each day at seven."""

    def summed_up_for(self, *addresses: str, cron: str = AT_SEVEN) -> None:
        self.administered_by(*addresses)
        administrators = self.subscribed[-1].subscribers
        self.subscribed = [one for one in self.subscribed if one.id != SUMMARY]
        self.subscribed.append(summary_to(administrators, cron))
        self.enrols()
        self.clock.passes(seconds=1)

    def comes(self, moment: datetime) -> None:
        self.clock.moment = moment

    def seven_comes(self, days: int = 1) -> None:
        """Half a minute after seven, so many mornings on."""
        there = self.clock.now().astimezone(LONDON) + timedelta(days=days)
        self.comes(there.replace(hour=7, minute=0, second=30, microsecond=0).astimezone(UTC))

    def sums_up(self, cron: str = AT_SEVEN) -> list[str]:
        compose_summaries(cron, self.sending)
        return self.delivers()

    @property
    def found_new(self) -> dict[str, int]:
        return {one.source_id: one.new for one in self.last.found if one.new}

    @property
    def last(self) -> Summary:
        found = self.email.taken[-1].edition.digest.summary
        assert found
        return found


@pytest.fixture
def office() -> Office:
    """Two sources that were read before, and an administrator who wants a summary each morning."""
    office = Office(a_source(), OTHER)
    office.site.publishes(PAGE, OLD)
    office.site.publishes(OTHER.url, entry("Child Older", year=2019))
    office.polls()
    office.summed_up_for("admin@example.org")
    return office


def test_an_administrator_gets_one_a_day_at_its_time_also_when_nothing_is_wrong(office: Office) -> None:
    assert office.sums_up() == [], "the first comes at the first seven o'clock after they asked"
    for _ in range(3):
        office.seven_comes()
        office.polls()
        assert office.sums_up() == ["sent"]
        office.clock.passes(hours=9)
        assert office.sums_up() == [], "once a day"
    told = office.last
    assert (told.watched, told.read, told.unread, told.silent, told.found, told.held) == (
        2,
        2,
        (),
        (),
        (),
        (),
    )
    assert told.traffic == Traffic()


def test_it_says_what_cannot_be_read_since_when_and_what_was_seen(office: Office) -> None:
    office.site.fails(PAGE, SourceError(f"{PAGE} answered 403.", trouble="blocked", again=False))
    office.polls()
    failed = office.clock.now()
    office.site.fails(OTHER.url)
    office.seven_comes()
    office.polls()
    office.sums_up()
    first, second = office.last.unread
    assert (first.name, first.url, first.state, first.detail) == (
        a_source().name,
        PAGE,
        "blocked",
        f"{PAGE} answered 403.",
    )
    assert first.since
    assert failed - timedelta(minutes=1) < first.since < failed
    assert (second.name, second.state) == ("Port Lowen", "failing")


def test_a_doubtful_page_waits_for_a_person_in_it(office: Office) -> None:
    office.site.serves_text(PAGE, "<html><body><form action='/login'>Sign in</form></body></html>")
    office.seven_comes()
    office.polls()
    office.sums_up()
    assert [(one.state, one.page_kept) for one in office.last.unread] == [("unreadable", True)]


def test_a_source_that_nobody_looked_at_when_it_was_due_is_told(office: Office) -> None:
    office.seven_comes(days=3)
    office.polls("saltmarsh")
    office.sums_up()
    assert [(one.source_id, one.state) for one in office.last.unread] == [("port-lowen", "never read")]
    assert (office.last.watched, office.last.read) == (2, 1)


def test_a_paused_source_is_no_trouble_and_counts_nowhere(office: Office) -> None:
    office.site.fails(PAGE)
    office.polls()
    office.sources["saltmarsh"] = replace(office.sources["saltmarsh"], enabled=False)
    office.seven_comes()
    office.polls("port-lowen")
    office.sums_up()
    assert (office.last.watched, office.last.read, office.last.unread) == (1, 1, ())


def test_it_counts_what_was_found_by_source_and_the_digests_that_went(office: Office) -> None:
    office.subscribes("lead@example.org")
    office.subscribes("other@example.org", "others")
    office.site.publishes(PAGE, entry("Baby Rowan"), OLD)
    office.polls()
    office.email.will_end(Outcome(state="sent"), Outcome(state="refused", detail="550 no such address"))
    office.a_week_passes()
    office.polls()
    office.sums_up()
    assert office.found_new == {"saltmarsh": 1}
    assert [one.name for one in office.last.found] == [a_source().name]
    assert (office.last.traffic.sent, office.last.traffic.refused) == (1, 1)
    office.seven_comes()
    office.polls()
    office.sums_up()
    assert (office.last.found, office.last.traffic.sent, office.last.traffic.refused) == ((), 0, 0)


def test_the_first_tells_how_much_a_new_source_had_for_the_archive(office: Office) -> None:
    office.seven_comes()
    office.polls()
    office.sums_up()
    told = {one.name: (one.new, one.archived) for one in office.last.found}
    assert told == {a_source().name: (0, 1), "Port Lowen": (0, 1)}


def test_after_a_week_asleep_there_is_one_summary_of_the_whole_time(office: Office) -> None:
    office.seven_comes()
    office.polls()
    office.sums_up()
    before = office.clock.now()
    office.seven_comes(days=7)
    office.clock.passes(hours=5)
    office.site.publishes(PAGE, entry("Baby Rowan"), OLD)
    office.polls()
    assert office.sums_up() == ["sent"]
    assert office.last.since == before
    assert office.found_new == {"saltmarsh": 1}
    assert (office.last.read, office.last.unread) == (2, ())
    assert office.sums_up() == []


def test_what_came_between_the_hour_and_its_composing_is_counted_once(office: Office) -> None:
    office.seven_comes()
    office.clock.passes(hours=2)
    office.site.publishes(PAGE, entry("Baby Rowan"), OLD)
    office.polls()
    office.sums_up()
    assert office.found_new == {"saltmarsh": 1}
    office.seven_comes()
    office.polls()
    office.sums_up()
    assert office.last.found == ()


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 30, 12, tzinfo=UTC)]
)
def test_seven_stays_seven_when_summer_time_begins_and_ends(office: Office, day: datetime) -> None:
    office.comes(day)
    office.sums_up()
    for _ in range(2):
        office.seven_comes()
        minute_before = office.clock.now() - timedelta(minutes=1)
        office.comes(minute_before)
        assert office.sums_up() == []
        office.seven_comes(days=0)
        assert office.sums_up() == ["sent"]


def test_administrators_get_the_same_summary_each_of_them_once_by_mail_and_slack(office: Office) -> None:
    office.summed_up_for("admin@example.org", "#bots")
    office.seven_comes()
    office.polls()
    assert office.sums_up() == ["sent", "sent"]
    assert office.email.taken[-1].edition == office.slack.taken[-1].edition
    assert office.email.taken[-1].subscriptions == (SUMMARY,)


def test_who_pauses_gets_none_meanwhile_and_who_stops_keeps_the_reports(office: Office) -> None:
    (reader,) = office.store.readers(SUMMARY, office.clock.now())
    office.store.pause(reader.id, office.clock.now() + timedelta(days=3), office.clock.now())
    office.seven_comes()
    assert office.sums_up() == []
    office.store.pause(reader.id, None, office.clock.now())
    assert office.sums_up() == ["sent"]
    office.store.stop(reader.id, SUMMARY, office.clock.now())
    office.seven_comes()
    assert office.sums_up() == []
    office.site.fails(PAGE)
    office.polls()
    assert office.reports() == ["sent"]


def test_one_that_could_not_be_sent_is_tried_again(office: Office) -> None:
    office.email.will_end(Outcome(state="deferred", detail="451 later"))
    office.seven_comes()
    office.polls()
    assert office.sums_up() == ["deferred"]
    office.clock.passes(hours=1)
    assert office.sums_up() == ["sent"]
    assert office.last.until < office.clock.now() - timedelta(minutes=50)


def test_what_keeps_a_medium_from_sending_is_told_and_no_readers_address(office: Office) -> None:
    office.subscribes("lead@example.org")
    office.site.publishes(PAGE, entry("Baby Rowan"))
    office.polls()
    reason = "450 4.7.1 <lead@example.org>: too much mail"
    office.email.will_end(
        Outcome(state="deferred", detail=reason, holds=True, retry_after=timedelta(minutes=50))
    )
    office.a_week_passes()
    compose_summaries(AT_SEVEN, office.sending)
    office.clock.passes(hours=1)
    office.delivers()
    (told,) = [one.edition.digest.summary for one in office.email.taken if one.edition.digest.summary]
    assert told
    assert [(one.medium, one.detail) for one in told.held] == [
        ("email", "450 4.7.1 <(an address)>: too much mail")
    ]
    assert told.traffic.deferred == 1
    assert "lead@example.org" not in str(told)


def test_addresses_that_take_no_mail_are_counted(office: Office) -> None:
    office.subscribes("lead@example.org")
    for _ in range(3):
        office.email.will_end(Outcome(state="refused", detail="550 gone", bounced=True))
        office.a_week_passes()
    office.polls()
    office.sums_up()
    assert (office.last.traffic.silenced, office.last.traffic.lately) == (1, 1)
    office.seven_comes()
    office.polls()
    office.sums_up()
    assert (office.last.traffic.silenced, office.last.traffic.lately) == (1, 0)


def test_a_source_that_is_silent_for_longer_than_ever_stands_in_each_summary(office: Office) -> None:
    for number in range(6):
        office.clock.passes(days=14)
        office.site.publishes(PAGE, *(entry(f"Child {letter}") for letter in "ABCDEF"[: number + 1]), OLD)
        office.polls()
    for days, silent in ((20, []), (3, ["saltmarsh"]), (1, ["saltmarsh"])):
        office.seven_comes(days=days)
        office.polls()
        office.sums_up()
        assert [one.source_id for one in office.last.silent] == silent
    assert office.last.silent[0].name == a_source().name


def test_a_summary_brings_no_reviews_and_leaves_the_first_digest_a_first_digest(office: Office) -> None:
    office.seven_comes()
    office.polls()
    office.sums_up()
    office.subscribes("admin@example.org")
    office.site.publishes(PAGE, entry("Baby Rowan"), OLD)
    office.polls()
    office.a_week_passes()
    digest = office.email.taken[-1].edition.digest
    assert (digest.baseline_days, len(digest.entries), digest.summary) == (31, 1, None)
