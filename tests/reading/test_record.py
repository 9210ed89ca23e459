from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.models import Evidence, Facts, Link, Review, Section, Theme
from bot.record import as_record

_text = st.text(max_size=12)
_texts = st.lists(_text, max_size=2).map(tuple)
_reviews = st.builds(
    Review,
    title=st.text(min_size=1, max_size=12),
    place=st.none() | _text,
    year=st.none() | st.integers(1990, 2040),
    published=st.sampled_from([None, "2021", "2021-05", "2021-05-03"]),
    review_type=st.sampled_from([None, "lcspr", "scr", "thematic"]),
    status=st.sampled_from(["published", "withdrawn", "delayed", "unpublished"]),
    incident=_text,
    background=_text,
    good_practice=_texts,
    learning=_texts,
    recommendations=_texts,
    actions=_texts,
    questions=_texts,
    keywords=_texts,
    sections=st.lists(st.builds(Section, heading=_text, items=_texts), max_size=2).map(tuple),
    links=st.lists(st.builds(Link, label=_text, url=_text), max_size=2).map(tuple),
    facts=st.builds(
        Facts,
        ages=_texts,
        sex=st.sampled_from([None, "male", "mixed"]),
        outcome=st.sampled_from([None, "death", "other"]),
        incident_date=st.sampled_from([None, "2019", "2019-07"]),
    ),
)


@settings(max_examples=50, deadline=None)
@given(_reviews)
def test_a_record_gives_its_review_back(review: Review) -> None:
    record = json.loads(json.dumps(as_record(review)))
    assert record.pop("themes") == []
    assert TypeAdapter(Review).validate_python(record) == review


def test_a_record_has_every_key_in_the_order_of_the_contract() -> None:
    record = as_record(
        Review(title="Baby A"), [Theme(id="infants", evidence=(Evidence(field="incident", quote="baby"),))]
    )
    assert list(record) == [
        *("title", "place", "year", "published", "review_type", "status", "incident", "background"),
        *("good_practice", "learning", "recommendations", "actions", "questions", "keywords"),
        *("sections", "links", "facts", "themes"),
    ]
    assert list(record["facts"]) == ["ages", "sex", "outcome", "incident_date"]
    assert record["themes"] == [{"id": "infants", "evidence": [{"field": "incident", "quote": "baby"}]}]
