"""An archive of an earlier version, with what was in it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.models import ArchiveQuery, Decision, Reader, Subscriber
from bot.pipeline import deciding
from bot.pipeline.tagging import tag_archive
from bot.store import open_store
from bot.store.engine import Database
from bot.store.migrations import upgrade
from tests.house import VOCABULARY
from tests.reviews import MONDAY

RECORD = '{"title": "Baby Rowan", "place": "Saltmarsh", "learning": ["see the child alone"]}'
DAY = "'2026-11-02 08:00:00.000000'"


def insert_review(connection: Connection) -> None:
    connection.exec_driver_sql(
        "INSERT INTO reviews (record, title, status, words, origin, revision, notable, baseline, first_seen)"
        f" VALUES (?, 'Baby Rowan', 'published', '', 'nspcc', 1, 1, 0, {DAY})",
        (RECORD,),
    )


def test_reviews_from_before_vocabularies_were_kept_are_tagged_anew_and_still_found(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    upgrade(database, "0003")
    with database.writing() as connection:
        insert_review(connection)
    database.close()
    store = open_store(url)
    assert tag_archive(store, VOCABULARY, MONDAY) == 1
    assert tag_archive(store, VOCABULARY, MONDAY) == 0
    (found,) = store.search(ArchiveQuery(words="rowan", theme="voice-of-the-child"))
    assert found.known.review.title == "Baby Rowan"
    store.close()


def test_a_long_place_from_before_places_were_indexed_is_found_by_its_beginning(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    upgrade(database, "0013")
    with database.writing() as connection:
        insert_review(connection)
        connection.exec_driver_sql("UPDATE reviews SET place = ?", ("Saltmarsh " + "and elsewhere " * 300,))
    database.close()
    store = open_store(url)
    assert len(store.search(ArchiveQuery(words="rowan", place="saltmarsh"))) == 1
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT length(place) FROM reviews").scalar() == 200
    store.close()


def test_sightings_from_before_reasons_were_kept_are_shown_and_can_be_split(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    upgrade(database, "0002")
    with database.writing() as connection:
        insert_review(connection)
        for source, address in (("nspcc", ""), ("saltmarsh", "https://saltmarsh.example.org/rowan.pdf")):
            connection.exec_driver_sql(
                "INSERT INTO sightings (review_id, source_id, url, first_seen, last_seen, missed)"
                f" VALUES (1, ?, ?, {DAY}, {DAY}, 0)",
                (source, address),
            )
    database.close()
    store = open_store(url)
    known, _ = store.review(1)
    assert [(one.source_id, one.reason) for one in known.sightings] == [("nspcc", ""), ("saltmarsh", "")]
    parted = deciding.split(1, "saltmarsh", store, VOCABULARY, MONDAY)
    assert parted.review.title == "Baby Rowan", (
        "nobody kept its words: its title stands in until the next poll"
    )
    assert [link.url for link in parted.review.links] == ["https://saltmarsh.example.org/rowan.pdf"]
    assert parted.decisions == (Decision(kind="apart", other=1, at=MONDAY, source_id="nspcc"),)
    store.close()


def test_a_lost_digest_that_a_mail_of_before_was_to_name_is_named_by_the_next(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    upgrade(database, "0005")
    lost = {"entries": [{"kind": "new", "review_id": 1, "revision": 1, "review": json.loads(RECORD)}]}
    digests = (
        ("lost", lost, "refused"),
        ("later", {"entries": [], "uncertain": ["it had Baby Rowan."]}, "queued"),
    )
    with database.writing() as connection:
        insert_review(connection)
        connection.exec_driver_sql(
            f"INSERT INTO subscribers (medium, address, folded, since) VALUES ('email', 'a@b.c', 'a@b.c', {DAY})"
        )
        for number, (name, digest, state) in enumerate(digests, start=1):
            whole: dict[str, Any] = {
                "schedule": "weekly",
                "timezone": "Europe/London",
                "slot": "2026-11-02T08:00:00Z",
                "subscriptions": ["Babies"],
                "coverage": {"checked": 1},
                **digest,
            }
            for entry in whole["entries"]:
                entry |= {"themes": [], "because": [], "seen": []}
            text = json.dumps(whole, separators=(",", ":"))
            connection.exec_driver_sql(
                f"INSERT INTO editions (id, digest, reviews, at) VALUES (?, ?, ?, {DAY})",
                (name, text, len(whole["entries"])),
            )
            connection.exec_driver_sql(
                "INSERT INTO deliveries (edition_id, subscriber_id, schedule, slot, state, attempts, due_at,"
                " handed_over, mentioned_in, detail, changed_at)"
                f" VALUES (?, 1, 'weekly', {DAY}, ?, 1, {DAY}, 0, ?, '', {DAY})",
                (name, state, 2 if number == 1 else None),
            )
    database.close()
    store = open_store(url)
    reader = Reader(
        id=1, subscriber=Subscriber(medium="email", address="a@b.c"), schedule="weekly", joined=MONDAY
    )
    (doubt,) = store.untold(reader, 31, MONDAY).doubtful
    assert [one.title for one in doubt.reviews] == ["Baby Rowan"]
    store.close()


def test_digests_of_before_writings_were_counted_settle_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    upgrade(database, "0015")
    rows = {
        "criteria (key, criteria, matched, added)": f"'all', '{{}}', 1, {DAY}",
        "matches (criteria, review_id, reasons)": "'all', 1, '[]'",
        "subscribers (medium, address, folded, since)": f"'email', 'a@b.c', 'a@b.c', {DAY}",
        "subscriptions (subscriber_id, subscription, name, schedule, scheduled_since, criteria, joined)": (
            f"1, 'all', 'All', 'weekly', {DAY}, 'all', {DAY}"
        ),
    }
    with database.writing() as connection:
        insert_review(connection)
        connection.exec_driver_sql(f"UPDATE reviews SET came = {DAY}")
        for into, values in rows.items():
            connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({values})")
        for slot in (9, 16):
            connection.exec_driver_sql(
                "INSERT INTO digest_runs (subscriber_id, schedule, slot, state, lease_until, attempts, closed_at)"
                f" VALUES (1, 'weekly', '2026-11-{slot:02} 08:00:00.000000', 'closed', {DAY}, 1, {DAY})"
            )
    database.close()
    store = open_store(url)
    for week in (1, 2):
        (reader,) = store.readers("weekly", MONDAY)
        (due,) = store.untold(reader, 31, MONDAY).due
        assert (due.known.review.title, reader.settled) == ("Baby Rowan", None)
        store.claim_run(reader, MONDAY + timedelta(weeks=week), MONDAY, timedelta(seconds=15))
        store.keep_edition(reader, MONDAY + timedelta(weeks=week), (), MONDAY)
    store.close()
