"""Every post against Block Kit: our schema of the blocks that the bot uses, with Slack's documented lengths, and
the stand-in's own table. Two tellings of the same pages of Slack's, so that a slip in one shows.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.block_kit.blocks import SlackPart, button, buttons, link, paragraph
from bot.deliver.block_kit.blocks import text as run
from bot.deliver.block_kit.lengths import counted
from bot.deliver.block_kit.packing import packed
from bot.demo.slack_rules import fault_in
from bot.models import (
    Because,
    Digest,
    Entry,
    Evidence,
    Facts,
    Link,
    Named,
    Narrowed,
    Reason,
    Review,
    Section,
    Seen,
)
from tests.deliver.invented import (
    BABY_ROWAN,
    DOUBTFUL,
    SLOT,
    because,
    digest,
    entry,
    full_week,
    revised,
    withdrawn,
)
from tests.deliver.parts import SHARED
from tests.deliver.rendering.test_render import NASTY, everywhere
from tests.deliver.slack.test_slack_channel import elements, parts_of

SCHEMA = json.loads((Path(__file__).parent / "message.schema.json").read_text("utf-8"))
BLOCK_KIT = jsonschema.Draft202012Validator(SCHEMA)
PAGE = "https://learning.example.org/digests/3f2a"


def all_messages(of: Digest) -> list[SlackPart]:
    """Of this digest as a round-up and one by one, with threads and without."""
    found: list[SlackPart] = []
    for one in (of, replace(of, schedule="immediately")):
        for threads in (True, False):
            found += parts_of(SHARED.slack(one, threads=threads, page_url=PAGE))
    return found


def assert_slack_takes(part: SlackPart) -> None:
    message = {"text": part.text, "blocks": list(part.blocks)}
    BLOCK_KIT.validate(message)
    assert fault_in(message) is None
    assert counted(json.dumps(message["blocks"], ensure_ascii=False)) <= 9_000
    assert len(part.text.encode("utf-16-le")) // 2 <= 3_900
    assert part.text
    for one in part.blocks:
        if one["type"] == "header":
            assert counted(one["text"]["text"]) <= 150
        if one["type"] == "actions":
            actions = [element["action_id"] for element in one["elements"]]
            assert len(actions) == len(set(actions))
            for element in one["elements"]:
                assert counted(element["text"]["text"]) <= 75
                assert counted(element["accessibility_label"]) <= 75
                assert counted(element["url"]) <= 3_000


# --- any digest -----------------------------------------------------------------------------------------

TEXTS = some.one_of(
    some.text(max_size=40),
    some.text(alphabet="ab &<>é\u0301😀\u200d👩🏽🇬🇧.,…*_~`\n", max_size=120),
    some.sampled_from(
        ["", NASTY, "<!channel> *b* <https://x.example|x>", "word " * 300, "&" * 900, "😀" * 800]
    ),
)
MANY = some.lists(TEXTS, max_size=7).map(tuple)
URLS = some.one_of(
    some.sampled_from(
        [
            "https://example.org/a.pdf",
            "https://example.org/" + "a" * 2_950,
            "https://example.org/" + "&" * 700,
            "https://example.org/" + "_" * 1_200 + "~*",
            "http://[::1]/a",
            "https://user:word@example.org/",
            "https://münchen.example/ü",
            "https://localhost/x",
            "javascript:alert(1)",
            "",
        ]
    ),
    some.text(max_size=30).map(lambda tail: f"https://example.org/{tail}"),
)
REVIEWS = some.builds(
    Review,
    title=TEXTS,
    place=some.none() | TEXTS,
    published=some.sampled_from([None, "2026", "2026-11", "2026-11-17"]),
    review_type=some.sampled_from([None, "lcspr", "thematic"]),
    status=some.sampled_from(["published", "delayed", "unpublished", "withdrawn"]),
    incident=TEXTS,
    background=TEXTS,
    learning=MANY,
    recommendations=MANY,
    actions=MANY,
    good_practice=MANY,
    questions=MANY,
    sections=some.lists(some.builds(Section, heading=TEXTS, items=MANY), max_size=2).map(tuple),
    links=some.lists(some.builds(Link, label=TEXTS, url=URLS), max_size=10).map(tuple),
    facts=some.builds(Facts, ages=MANY),
)
REASONS = some.one_of(
    some.builds(
        Reason,
        theme=some.none() | TEXTS,
        evidence=some.lists(some.builds(Evidence, field=some.just("learning"), quote=TEXTS), max_size=3).map(
            tuple
        ),
    ),
    some.builds(
        Reason,
        theme=some.none(),
        narrowed=some.builds(
            Narrowed, by=some.sampled_from(["place", "source"]), asked=MANY.filter(len), found=MANY
        ),
    ),
)
SEEN = some.builds(
    Seen,
    source_id=some.just("a"),
    name=TEXTS,
    url=URLS,
    first_seen=some.just(SLOT),
    attribution=some.none() | TEXTS,
)
ENTRIES = some.builds(
    Entry,
    kind=some.sampled_from(["new", "new", "revised", "withdrawn"]),
    review_id=some.integers(1, 4),
    revision=some.just(1),
    review=REVIEWS,
    themes=some.just(()),
    because=some.lists(
        some.builds(
            Because,
            subscription=some.just("a"),
            name=TEXTS,
            reasons=some.lists(REASONS, max_size=3).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    seen=some.lists(SEEN, max_size=2).map(tuple),
    differences=some.sampled_from([(), revised().differences]),
    late=some.booleans(),
)
NAMED = some.builds(Named, title=TEXTS, place=some.none() | TEXTS, url=some.none() | URLS)


@given(
    some.lists(ENTRIES, max_size=4),
    some.lists(NAMED, max_size=8),
    some.lists(TEXTS, max_size=3),
    some.integers(0, 3),
)
@settings(max_examples=25, deadline=None)
def test_slack_takes_every_message_of_any_digest(
    entries: list[Entry], named: list[Named], subscriptions: list[str], held_over: int
) -> None:
    of = digest(
        *entries,
        subscriptions=tuple(subscriptions),
        doubtful=(replace(DOUBTFUL, reviews=tuple(named)),),
        held_over=held_over,
    )
    for part in all_messages(of):
        assert_slack_takes(part)
        assert elements(part.blocks, "mrkdwn") == []


@pytest.mark.parametrize("count", [1, 12, 13, 60])
def test_slack_takes_a_digest_of_so_many_reviews(count: int) -> None:
    of = digest(*(entry(replace(BABY_ROWAN, title=f"Child {number}"), number) for number in range(count)))
    for part in all_messages(of):
        assert_slack_takes(part)


HEAVY = ("&" * 700, "<" * 900, "😀" * 1_600, "ab&" * 1_500, "word & " * 900, "*_~`" * 900)
SENTENCE = "A sentence of an ordinary length that a report might well have in it. "
LONG = replace(
    BABY_ROWAN,
    title="A very long title " * 20,
    incident=SENTENCE * 90,
    learning=(SENTENCE * 60,) * 40,
    recommendations=tuple(f"{number}. {SENTENCE * 12}" for number in range(60)),
    questions=(SENTENCE * 50,) * 5,
)


@pytest.mark.parametrize(
    "of",
    [
        *(everywhere(text) for text in HEAVY),
        *(digest(*(entry(replace(BABY_ROWAN, title=text), n) for n in range(4))) for text in HEAVY),
        *(digest(*(entry(LONG, n) for n in range(count))) for count in (1, 13)),
    ],
)
def test_slack_takes_what_is_longer_escaped_or_in_utf_16(of: Digest) -> None:
    for part in all_messages(of):
        assert_slack_takes(part)


def test_slack_takes_every_kind_of_entry() -> None:
    for of in (full_week(), digest(), digest(revised()), digest(withdrawn())):
        for part in all_messages(of):
            assert_slack_takes(part)


# --- the proof proves -----------------------------------------------------------------------------------


def sample() -> dict[str, Any]:
    """A message with every kind of block that there is."""
    parts = parts_of(SHARED.slack(full_week(), page_url=PAGE))
    blocks = [*parts[0].blocks[:6], parts[0].blocks[-1], {"type": "divider"}, *parts[1].blocks]
    return {"text": "A summary", "blocks": copy.deepcopy(blocks)}


def first(message: dict[str, Any], kind: str) -> dict[str, Any]:
    return elements(message, kind)[0]


WRONG: Sequence[tuple[str, Any]] = (
    ("a header of 151", lambda m: first(m, "header")["text"].update(text="a" * 151)),
    ("a header with markup", lambda m: first(m, "header")["text"].update(type="mrkdwn")),
    ("an empty header", lambda m: first(m, "header")["text"].update(text="")),
    ("words on a button of 76", lambda m: first(m, "button")["text"].update(text="a" * 76)),
    ("a button's label of 76", lambda m: first(m, "button").update(accessibility_label="a" * 76)),
    (
        "a button's address of 3,001",
        lambda m: first(m, "button").update(url="https://e.example/" + "a" * 2_984),
    ),
    ("an action's id of 256", lambda m: first(m, "button").update(action_id="a" * 256)),
    ("a button without words", lambda m: first(m, "button").pop("text")),
    ("a button with markup", lambda m: first(m, "button")["text"].update(type="mrkdwn")),
    ("a part that is not known", lambda m: first(m, "button").update(colour="red")),
    ("an address that is none", lambda m: first(m, "button").update(url="example")),
    ("26 buttons", lambda m: first(m, "actions").update(elements=rows_of(26))),
    ("no button in the row", lambda m: first(m, "actions").update(elements=[])),
    ("the same button twice", lambda m: first(m, "actions").update(elements=rows_of(1) * 2)),
    ("a block that is none", lambda m: m["blocks"].append({"type": "nonsense"})),
    ("a block without type", lambda m: m["blocks"].append({})),
    ("51 blocks", lambda m: m.update(blocks=[{"type": "divider"}] * 51)),
    ("a link without address", lambda m: first(m, "link").pop("url")),
    ("an empty run", lambda m: first(m, "text").update(text="")),
    ("a style that is none", lambda m: first(m, "text").update(style={"loud": True})),
    ("a list of an unknown style", lambda m: first(m, "rich_text_list").update(style="star")),
    ("an empty list", lambda m: first(m, "rich_text_list").update(elements=[])),
    ("a divider with words", lambda m: first(m, "divider").update(text="a")),
    ("rich text with nothing in it", lambda m: first(m, "rich_text").update(elements=[])),
)


def rows_of(count: int) -> list[dict[str, Any]]:
    made = (button("Read", "https://e.example/", heard="Read", action=str(number)) for number in range(count))
    return [one for one in made if one]


def test_the_sample_is_right() -> None:
    BLOCK_KIT.validate(sample())
    assert fault_in(sample()) is None


@pytest.mark.parametrize(("what", "breaks"), WRONG, ids=[what for what, _ in WRONG])
def test_what_slack_would_refuse_both_tables_refuse(what: str, breaks: Any) -> None:
    message = sample()
    breaks(message)
    assert not BLOCK_KIT.is_valid(message), what
    assert fault_in(message) == "invalid_blocks", what


def test_the_stand_in_refuses_with_slacks_own_names() -> None:
    assert fault_in({"text": "", "blocks": []}) == "no_text"
    assert fault_in({"text": "a" * 40_001}) == "msg_too_long"
    assert fault_in({"text": "a", "blocks": {"type": "divider"}}) == "invalid_blocks_format"
    long = [one.block for _ in range(5) for one in paragraph(run("a" * 2_500))]
    assert fault_in({"text": "a", "blocks": long}) == "msg_blocks_too_long"
    twice = [{"type": "divider", "block_id": "a"}] * 2
    assert fault_in({"text": "a", "blocks": twice}) == "invalid_blocks"


# --- buttons --------------------------------------------------------------------------------------------


def test_a_row_of_buttons_never_stands_away_from_what_it_belongs_to() -> None:
    spoken = []
    for number in range(100):
        made = button("Read", f"https://e.example/{number}", heard="Read it", action="read")
        assert made
        spoken += [*paragraph(run(f"Review {number}. " + "words " * (number % 40))), *buttons([made])]
    parts = packed(spoken)
    assert len(parts) > 2
    for part in parts:
        assert part.blocks[0]["type"] == "rich_text"
        assert [one["type"] for one in part.blocks] == ["rich_text", "actions"] * (len(part.blocks) // 2)


@pytest.mark.parametrize(
    "url",
    [
        "https://e.example/" + "a" * 3_000,
        "https://e.example/" + "&" * 700,
        "https://name:word@e.example/",
        "https://name@e.example/",
        "http://localhost/a",
        "http://[::1]/a",
        "https://m%C3%BCnchen.example/",
        "https://-e.example/",
        "https://e.example:port/",
    ],
)
def test_an_address_that_is_too_long_or_odd_gets_no_button(url: str) -> None:
    assert button("Read", url, heard="Read", action="a") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://e.example",
        "http://127.0.0.1:8000/digests/a",
        "HTTPS://WWW.E.example/?a=b",
        "https://e.example#a",
    ],
)
def test_a_plain_address_gets_a_button(url: str) -> None:
    assert button("Read", url, heard="Read", action="a")


def test_a_button_has_at_most_75_characters_whatever_the_wording_is() -> None:
    made = button("Read the report " * 9, "https://e.example/", heard="Read the report " * 9, action="a")
    assert made
    assert made["text"]["text"] == made["accessibility_label"]
    assert len(made["text"]["text"]) <= 75
    assert made["text"]["text"].endswith(("Read…", "the…", "report…"))


def test_a_label_that_is_too_long_for_a_button_gives_way_to_ours() -> None:
    label = "The serious case report that the partnership published in its last form"
    links = (Link(label=label, url="https://e.example/a.pdf"),)
    [post] = SHARED.slack(digest(entry(replace(BABY_ROWAN, links=links))))
    [made] = elements(post.blocks, "button")
    assert made["text"]["text"] == "Read the report (PDF)"


def test_a_link_without_words_has_its_address_for_words() -> None:
    assert link(" ", "https://e.example/a")["text"] == "https://e.example/a"


def test_an_address_that_gets_no_button_is_a_link_in_its_place() -> None:
    odd = "https://name@e.example/report.pdf"
    review = replace(BABY_ROWAN, links=(Link(label="Report", url=odd),))
    for of in (digest(entry(review)), digest(entry(review), schedule="immediately")):
        [post] = SHARED.slack(of)
        assert elements(post.blocks, "button") == []
        [made] = elements(post.blocks, "link")
        assert (made["text"], made["url"]) == ("Read the report (PDF)", odd)


def test_buttons_say_what_they_open_and_aloud_of_which_review() -> None:
    [post] = SHARED.slack(digest(entry(), schedule="immediately"))
    told = [(one["text"]["text"], one["accessibility_label"]) for one in elements(post.blocks, "button")]
    assert told == [
        ("Read the overview report (PDF)", "Read the overview report (PDF): Baby Rowan, Wetherby Vale"),
        ("Read the report (Word)", "Read the report (Word): Baby Rowan, Wetherby Vale"),
        ("Read: Seven-minute briefing", "Read: Seven-minute briefing: Baby Rowan, Wetherby Vale"),
    ]


def test_what_a_page_says_of_a_file_stands_on_its_button() -> None:
    links = (Link(label="Report (PDF, 1.2MB)", url="https://e.example/a.pdf"),)
    [post] = SHARED.slack(digest(entry(replace(BABY_ROWAN, links=links))))
    [made] = elements(post.blocks, "button")
    assert made["text"]["text"] == "Read the report (PDF, 1.2 MB)"


def test_reviews_of_one_name_have_buttons_without_it_that_are_told_apart_aloud() -> None:
    [post] = SHARED.slack(digest(entry(), entry(number=2)))
    made = elements(post.blocks, "button")
    assert [one["text"]["text"] for one in made] == ["Read the overview report (PDF)"] * 2
    for number, one in enumerate(made, start=1):
        label = f"Read the overview report (PDF): {number}. Baby Rowan"
        assert one["accessibility_label"].startswith(label)


def test_no_button_tells_of_harm() -> None:
    harm = (Link(label="Report on the death of a baby by shaking", url="https://e.example/a.pdf"),)
    titled = replace(BABY_ROWAN, title="Baby Rowan: a death by shaking", links=harm)
    for of in (digest(entry(titled)), digest(entry(titled), schedule="immediately")):
        [post] = SHARED.slack(of)
        [made] = elements(post.blocks, "button")
        assert made["text"]["text"] == "Read the report (PDF)"
        assert made["accessibility_label"] == "Read the report (PDF): Baby Rowan, Wetherby Vale"


def test_buttons_of_the_same_words_are_told_apart() -> None:
    links = tuple(Link(label="Report", url=f"https://e.example/{number}.pdf") for number in range(7))
    [post] = SHARED.slack(digest(entry(replace(BABY_ROWAN, links=links)), schedule="immediately"))
    shown = [one["text"]["text"] for one in elements(post.blocks, "button")]
    assert shown[:2] == ["Read the report (PDF)", "Read the report (PDF) (2)"]
    assert len(set(shown)) == len(shown) == 5
    led_to = {one["url"] for part in post.thread for one in elements(part.blocks, "link")}
    assert {link.url for link in links} <= led_to, "those without a button are links in the thread"


def test_a_review_without_links_leads_to_where_it_was_seen() -> None:
    [post] = SHARED.slack(digest(entry(replace(BABY_ROWAN, links=()))))
    [made] = elements(post.blocks, "button")
    assert made["text"]["text"] == "Open the page where it was seen"
    assert made["url"] == "https://www.wetherbyvale-scp.example/reviews"


def test_what_was_withdrawn_has_no_button() -> None:
    for of in (digest(withdrawn()), digest(withdrawn(), schedule="immediately")):
        for part in parts_of(SHARED.slack(of)):
            assert elements(part.blocks, "button") == []


def test_a_subscription_named_by_theme_has_its_reason_in_the_list() -> None:
    one = entry(because=(because("neglect", "no food"),))
    [post] = SHARED.slack(digest(one))
    said = " ".join(run["text"] for run in elements(post.blocks, "text"))
    assert "Why it is here: Neglect." in said
    assert "no food" not in said


@pytest.mark.parametrize("words", ["," * 20_000, "-;" * 10_000, "a" + ":" * 20_000, "&–" * 10_000])
def test_a_text_of_strokes_and_commas_takes_few_blocks_and_loses_nothing(words: str) -> None:
    made = list(paragraph(run(words)))
    assert len(made) <= 45
    assert "".join(one.text for one in made) == words
    assert packed(made)


def test_a_paragraph_of_very_many_short_runs_is_over_several_blocks() -> None:
    made = list(paragraph(*[run(f"{n}\n") for n in range(100)]))
    runs = [one.block["elements"][0]["elements"] for one in made]
    assert [len(one) for one in runs] == [40, 40, 20]  # as JSON, a run is longer than its words
    assert "".join(one.text for one in made) == "".join(f"{n}\n" for n in range(100))
