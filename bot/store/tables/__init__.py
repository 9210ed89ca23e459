"""The tables, in the store's own words: what is in the archive, who subscribes, who was told, what is sent.

    reviews - revisions, sightings, tellings, decisions, handles, review_themes, matches - criteria
    subscribers - subscriptions, told, digest_runs, deliveries - editions, posts; holds
    source_runs, saved_pages, backfills, failures, notices, requests, erased
    configured, hosts, writings

Records are kept whole, as JSON text; the columns beside them are what is searched, sorted or joined by. A
change here needs a migration in `migrations/versions/`: a test compares the two.
"""

from bot.store.tables.archive import (
    criteria,
    decisions,
    handles,
    matches,
    review_themes,
    reviews,
    revisions,
    sightings,
    tellings,
    writings,
)
from bot.store.tables.base import metadata
from bot.store.tables.ledger import (
    deliveries,
    digest_runs,
    editions,
    holds,
    posts,
    subscribers,
    subscriptions,
    told,
)
from bot.store.tables.runs import (
    backfills,
    erased,
    failures,
    notices,
    requests,
    saved_pages,
    source_runs,
)
from bot.store.tables.workers import configured, hosts

__all__ = [
    "backfills",
    "configured",
    "criteria",
    "decisions",
    "deliveries",
    "digest_runs",
    "editions",
    "erased",
    "failures",
    "handles",
    "holds",
    "hosts",
    "matches",
    "metadata",
    "notices",
    "posts",
    "requests",
    "review_themes",
    "reviews",
    "revisions",
    "saved_pages",
    "sightings",
    "source_runs",
    "subscribers",
    "subscriptions",
    "tellings",
    "told",
    "writings",
]
