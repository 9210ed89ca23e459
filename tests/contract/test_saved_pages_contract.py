"""What bot/ports promises of pages that are kept as they came, on every database that the product runs on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from bot.models import Failure, Figures, PageKind, SavedPage
from bot.store import Store
from bot.store.tables import saved_pages
from tests.store.factories import DAY, HOUR, JOINED, a_review, a_run, new
from tests.store.threads import side_by_side


def a_page(
    kind: PageKind = "good", body: bytes = b"<h1>Reviews</h1>", source: str = "saltmarsh"
) -> SavedPage:
    return SavedPage(
        source_id=source,
        kind=kind,
        fetched_at=JOINED,
        url="https://saltmarsh.example.org/reviews",
        content_type="text/html",
        body=body,
        reason="" if kind == "good" else "gave no reviews",
    )


def keeps(store: Store, page: SavedPage) -> None:
    store.keep(a_run(page.source_id, records=0), (), page=page)


def fails(store: Store, page: SavedPage | None, at: datetime = JOINED) -> None:
    run = a_run(page.source_id if page else "saltmarsh", at=at, state="unreadable")
    store.fail(run, Failure(kind="source", subject=run.source_id, text="gave no reviews", at=JOINED), page)


def test_a_source_never_polled_has_no_page(store: Store) -> None:
    assert store.saved_page("saltmarsh", "good") is None
    assert store.saved_page("saltmarsh", "doubtful") is None


def test_a_page_comes_back_byte_for_byte(store: Store) -> None:
    page = a_page(body=bytes(range(256)) * 400)
    keeps(store, page)
    assert store.saved_page("saltmarsh", "good") == page


def test_an_empty_page_of_no_said_type_is_a_page_too(store: Store) -> None:
    page = replace(a_page("doubtful", b""), content_type=None)
    fails(store, page)
    assert store.saved_page("saltmarsh", "doubtful") == page


def test_the_newest_of_each_kind_is_kept_and_the_other_kind_stays(store: Store) -> None:
    keeps(store, a_page(body=b"first"))
    fails(store, a_page("doubtful", b"wall"))
    fails(store, a_page("doubtful", b"higher wall"))
    keeps(store, a_page(body=b"second"))
    assert store.saved_page("saltmarsh", "good") == a_page(body=b"second")
    assert store.saved_page("saltmarsh", "doubtful") == a_page("doubtful", b"higher wall")


def test_sources_keep_their_pages_apart(store: Store) -> None:
    keeps(store, a_page(body=b"ours"))
    keeps(store, a_page(body=b"theirs", source="harrowmere"))
    ours = store.saved_page("saltmarsh", "good")
    assert ours is not None
    assert ours.body == b"ours"


def test_a_poll_without_a_page_leaves_the_kept_ones_alone(store: Store) -> None:
    keeps(store, a_page())
    fails(store, a_page("doubtful"))
    store.keep(a_run(), ())
    fails(store, None)
    assert store.saved_page("saltmarsh", "good") == a_page()
    assert store.saved_page("saltmarsh", "doubtful") == a_page("doubtful")


def test_a_poll_that_was_overtaken_keeps_no_page(store: Store) -> None:
    version = store.version()
    keeps(store, a_page(source="harrowmere"))
    assert not store.keep(a_run(), (new(a_review("Baby A")),), version, a_page())
    assert store.saved_page("saltmarsh", "good") is None


def test_text_that_a_database_cannot_hold_costs_no_page(store: Store) -> None:
    page = replace(
        a_page("doubtful"), content_type="text/html\x00", reason="a title \x00", url="https://a.test/\x00"
    )
    fails(store, page)
    kept = store.saved_page("saltmarsh", "doubtful")
    assert kept is not None
    assert (kept.content_type, kept.reason, kept.url) == ("text/html", "a title ", "https://a.test/")


def test_two_workers_may_keep_the_page_of_one_source(store: Store) -> None:
    side_by_side(*[lambda: fails(store, a_page("doubtful"))] * 3)
    assert store.saved_page("saltmarsh", "doubtful") == a_page("doubtful")


def test_a_standing_says_whether_the_page_of_this_very_poll_was_kept(store: Store) -> None:
    fails(store, a_page("doubtful"))
    (standing,) = store.standings()
    assert standing.page_kept
    fails(store, None, at=JOINED + HOUR)
    (standing,) = store.standings()
    assert not standing.page_kept, "the page that is kept is of an earlier poll"
    store.keep(a_run(at=JOINED + DAY), (), page=replace(a_page(), fetched_at=JOINED + DAY))
    (standing,) = store.standings()
    assert not standing.page_kept, "a good page is no doubtful one"


def test_what_was_counted_on_a_page_is_kept_with_its_run(store: Store) -> None:
    figures = Figures(shares={"learning": 0.75, "links": 1.0}, stated=12, closed=True)
    store.keep(replace(a_run(), figures=figures), ())
    run = store.last_good_run("saltmarsh")
    assert run is not None
    assert run.figures == figures


def test_a_run_from_before_figures_were_kept_has_none(store: Store) -> None:
    store.keep(a_run(), ())
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE source_runs SET figures = '{}'")
    run = store.last_run("saltmarsh")
    assert run is not None
    assert run.figures == Figures()


def test_a_page_that_is_damaged_on_disk_is_none_until_the_next_is_kept(store: Store) -> None:
    keeps(store, a_page())
    with store._database.writing() as connection:
        connection.execute(update(saved_pages).values(body=b"damaged"))
    assert store.saved_page("saltmarsh", "good") is None
    keeps(store, a_page())
    assert store.saved_page("saltmarsh", "good") == a_page()
