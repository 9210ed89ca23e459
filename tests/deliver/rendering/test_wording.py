"""What a hurried, a listening and an exact reader stumbled over: harm in notifications, links that are named
for what they are not, quotes that stand twice, counts that do not hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.deliver.rendering.printed import Printed
from bot.deliver.rendering.render import EmailContent
from bot.deliver.rendering.templating import Templates
from bot.deliver.showing.shown import Why, WhyTheme
from bot.models import (
    Because,
    Coverage,
    Difference,
    Digest,
    Edition,
    Evidence,
    Facts,
    Link,
    Narrowed,
    Reason,
    Review,
    SourceStanding,
)
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    NARROWED,
    SIBLINGS,
    SLOT,
    because,
    digest,
    entry,
    name_of_theme,
    seen,
)
from tests.deliver.parts import SHARED, TEMPLATES


def mail(of: Digest) -> EmailContent:
    return SHARED.email(of, None)


def said(of: Digest) -> str:
    return " ".join(mail(of).text.split())


def test_notifications_and_the_list_of_titles_tell_of_no_harm() -> None:
    harsh = replace(SIBLINGS, title="Child L: fatal injuries of a baby")
    for schedule in ("weekly", "immediately"):
        of = digest(entry(harsh), schedule=schedule)
        for post in SHARED.slack(of):
            assert "fatal" not in post.text + str(post.blocks)
            assert any("Child L: fatal injuries of a baby" in reply.text for reply in post.thread)
    text = mail(digest(entry(harsh))).text
    first, _, reviews = text.partition("The reviews\n===")
    assert "Child L. Port Lowen, published November 2026." in first
    assert "fatal" not in first
    assert "1. Child L: fatal injuries of a baby\n---" in reviews


@pytest.mark.parametrize(
    ("label", "url", "named"),
    [
        ("here", "https://www.wetherbyvale-scp.example/rowan", "Page of the review: Baby Rowan"),
        ("Learning briefing", "https://files.example/rowan", "Learning briefing: Baby Rowan"),
        ("Download", "https://files.example/rowan.pdf", "Document (PDF): Baby Rowan"),
        ("Baby Rowan", "https://files.example/rowan", "Baby Rowan, at files.example"),
        ("Report (PDF, 1.2 MB)", "https://files.example/r.pdf", "Report (PDF, 1.2 MB): Baby Rowan"),
        ("Download PDF 345KB", "https://files.example/get?file=3", "Document (PDF, 345 kB): Baby Rowan"),
        ("Full report [Word]", "https://files.example/r.docx", "Report (Word): Baby Rowan"),
        ("Our work in a word", "https://files.example/rowan.pdf", "Our work in a word (PDF): Baby Rowan"),
    ],
)
def test_a_link_is_called_what_it_is(label: str, url: str, named: str) -> None:
    of = digest(entry(replace(BABY_ROWAN, links=(Link(label=label, url=url),))))
    assert f"\n{named}\n{url}\n" in mail(of).text


def test_a_review_without_a_link_says_where_to_look() -> None:
    of = digest(entry(replace(BABY_ROWAN, links=())))
    text = said(of)
    assert (
        "No link to the report on the page. Look at: Wetherby Vale Safeguarding Children Partnership (first seen "
        "18 November 2026). Summaries by NSPCC Learning. https://www.wetherbyvale-scp.example/reviews"
    ) in text
    assert text.count("https://www.wetherbyvale-scp.example/reviews") == 1
    assert "Where it was seen" not in text + mail(of).html
    twice = replace(
        of.entries[0], seen=(*of.entries[0].seen, seen("Lantern repository", url="https://l.example/"))
    )
    other = said(digest(twice))
    assert "Where it was seen Also seen 18 November 2026 on Lantern repository." in other
    assert "First seen" not in other
    assert "(continues in the source)" in said(of)


def proved(*themes: tuple[str, tuple[str, ...]]) -> tuple[Because, ...]:
    reasons = (
        Reason(theme=theme, evidence=tuple(Evidence(field="learning", quote=quote) for quote in quotes))
        for theme, quotes in themes
    )
    return (Because(subscription="baby-safety", name="Babies", reasons=tuple(reasons)),)


def test_a_quote_stands_once_with_all_the_themes_that_it_proves() -> None:
    whole = "Recording an injury is not the same as acting on it"
    why = proved(
        ("neglect", (whole,)),
        ("infants", (whole,)),
        ("fathers", ("Fathers who live apart are still fathers",)),
    )
    text = said(digest(entry(because=why)))
    assert f"Babies: Neglect and Infants under one (“{whole}”); Fathers and male carers (“" in text
    assert "(“Fathers who live apart are still fathers…”)" in text


def test_a_quote_from_within_a_sentence_shows_it_at_both_ends() -> None:
    why = proved(("fathers", ("their history and their contact with the baby",)))
    assert "(“…their history and their contact with the baby…”)" in said(digest(entry(because=why)))


def test_who_asks_for_everything_has_no_themes() -> None:
    content = mail(digest(entry(because=(because(None),))))
    assert content.subject == "1 new review: week of 16 November"
    assert "Why you got this" not in content.html + content.text
    for schedule in ("weekly", "immediately"):
        [post] = SHARED.slack(digest(entry(because=(because(None),)), schedule=schedule))
        assert "Why it is here" not in str(post)


def test_who_asks_for_everything_is_told_so_beside_other_reasons() -> None:
    both = (because("neglect"), replace(because(None), name="Every review"))
    text = said(digest(entry(because=both)))
    assert "Why you got this Baby safety leads: Neglect. Every review: you get every review." in text


def test_a_quiet_week_claims_no_themes() -> None:
    content = mail(digest())
    assert content.subject == "Nothing new in what you asked for: week of 16 November"
    assert "We found 7 reviews this week; none is what you asked for." in " ".join(content.text.split())
    assert mail(digest(coverage=Coverage(checked=3))).subject == "Nothing new found: week of 16 November"


def test_a_count_of_all_that_does_not_hold_is_not_said() -> None:
    for in_all in (0, 1):
        two = digest(entry(), entry(BARE, 2), coverage=Coverage(checked=3, published_in_all=in_all))
        assert "We found" not in said(two)


def test_reviews_are_counted_against_all_of_the_week_only_where_they_are_of_that_week() -> None:
    in_all = Coverage(checked=3, published_in_all=9)
    from_before = entry(BARE, 2, seen=(replace(seen(), first_seen=SLOT - timedelta(days=8)),))
    assert "We found 9 reviews this week; 1 is on your themes." in said(digest(entry(), coverage=in_all))
    for of in (
        digest(entry(), held_over=3, coverage=in_all),
        digest(entry(), from_before, coverage=in_all),
        digest(entry(), held_over=3, coverage=replace(in_all, published_in_all=1)),
        digest(entry(), since=None, coverage=in_all),
    ):
        for words in (
            said(of),
            SHARED.slack(of)[0].text,
            Printed(Templates(TEMPLATES), name_of_theme).page(Edition(id="a", digest=of)),
        ):
            assert "We found" not in words
            assert "the only review that we found" not in words


def test_a_quiet_mail_names_what_was_not_read_and_does_not_call_it_done() -> None:
    idle = SourceStanding(
        source_id="b", name="Harrowmere", state="never read", since=None, last_run=SLOT, last_good=None
    )
    text = said(digest(coverage=Coverage(checked=3, unread=(idle,))))
    assert "nothing here for you to do" not in text
    assert "This is not the whole picture: one source could not be read." in text
    assert text.count("Harrowmere") == 1
    assert "Harrowmere was not looked at since 23 November 2026." in text


def test_where_no_source_could_be_read_nobody_is_told_that_nothing_is_new() -> None:
    idle = SourceStanding(
        source_id="b", name="Harrowmere", state="failing", since=SLOT, last_run=SLOT, last_good=None
    )
    for of in (Coverage(checked=1, unread=(idle,)), Coverage(checked=1, unread=(idle,), published_in_all=2)):
        for first in (None, 31):
            content = mail(digest(coverage=of, baseline_days=first))
            assert content.subject == "No source could be read: week of 16 November"
            assert ">No source could be read</h1>" in content.html
            assert "othing new" not in content.text
    assert mail(digest(entry(), coverage=Coverage(checked=1, unread=(idle,)))).subject.startswith("1 new")


def test_no_one_outcome_is_told_of_several_children_and_no_age_twice() -> None:
    facts = Facts(ages=("7 weeks", "7 weeks"), outcome="death")
    text = said(digest(entry(replace(BABY_ROWAN, review_type="thematic", facts=facts))))
    assert "Age: 7 weeks." in text
    assert "Outcome" not in text


def test_more_than_three_reviews_are_told_shorter() -> None:
    text = mail(digest(*(entry(SIBLINGS if n else BABY_ROWAN, n) for n in range(4)))).text
    assert "\nBackground\n" in text  # where there is nothing else that tells what happened
    assert re.search(r"\n  and \d more in the report\n", text)


def test_a_revised_review_is_not_told_all_over_again() -> None:
    gone = Difference(field="recommendations", before=("Hold a meeting.",), after=())
    text = said(digest(entry(kind="revised", differences=(gone,))))
    assert "Taken out of the recommendations: - Hold a meeting." in text
    assert "Age: 7 weeks." in text
    assert "Read the overview report (PDF)" in text
    assert "A bruise in a baby" not in text


def test_what_is_only_from_earlier_is_new_to_its_reader_and_not_new() -> None:
    undated = replace(SIBLINGS, published=None)
    first = digest(entry(BARE, late=True), entry(undated, 2), since=None, baseline_days=31)
    assert mail(first).subject == "2 reviews on your themes, new to you: 23 November"
    all_of_it = digest(entry(BARE, late=True, because=(because(None),)))
    assert mail(all_of_it).subject == "1 review, new to you: week of 16 November"
    changed = replace(
        of := digest(entry(BARE, late=True)), entries=(*of.entries, *digest(entry(kind="withdrawn")).entries)
    )
    assert mail(changed).subject == "1 review on your themes, new to you, and 1 change: week of 16 November"
    assert mail(digest(entry(BARE, late=True), entry(number=2))).subject.startswith("2 new reviews on your")


def test_a_national_review_is_not_said_to_lack_a_partnership() -> None:
    national = Review(title="Keeping babies safe", review_type="national", published="2022-02")
    assert "1. Keeping babies safe. National, published February 2022." in said(digest(entry(national)))
    unknown = replace(national, review_type=None)
    assert "1. Keeping babies safe. Published February 2022." in said(digest(entry(unknown)))
    named = replace(national, title="National review of safety", published=None)
    assert "1. National review of safety. No date given." in said(digest(entry(named)))


def test_a_list_calls_a_review_by_its_name_and_the_review_itself_by_its_whole_title() -> None:
    title = "Local Child Safeguarding Practice Review: overview report: Child RS"
    text = said(digest(entry(replace(SIBLINGS, title=title))))
    assert "1. Child RS. Port Lowen, published November 2026." in text
    assert f"1. {title} ---" in text


def test_ages_stand_from_the_youngest() -> None:
    facts = Facts(ages=("14 years", "9 months", "teenage", "6 weeks", "2 years"))
    text = said(digest(entry(replace(BABY_ROWAN, facts=facts))))
    assert "Ages: 6 weeks, 9 months, 2 years, 14 years and teenage." in text


def test_the_questions_of_one_review_stand_once_where_there_is_a_sheet() -> None:
    asked = "How sure are you that every colleague"
    page = "https://l.example/digests/1"
    alone = SHARED.email(digest(entry()), None, page)
    for part in (alone.text, alone.html):
        assert " ".join(part.split()).count(asked) == 1
        assert f"{page}/meeting" in part
    assert said(digest(entry())).count(asked) == 2
    two = SHARED.email(digest(entry(), entry(SIBLINGS, 2)), None, page)
    assert " ".join(two.text.split()).count(asked) == 2


def test_links_that_a_document_happens_to_have_stand_in_no_mail_and_no_post() -> None:
    nice = Link(label="guidance", url="https://www.nice.org.uk/CG89")
    for links in ((*BABY_ROWAN.links, nice), (nice,)):
        of = digest(entry(replace(BABY_ROWAN, links=links)))
        assert "nice.org.uk" not in mail(of).html + mail(of).text + str(SHARED.slack(of))
    only = digest(entry(replace(BABY_ROWAN, links=(nice,)), seen=()))
    assert "Link in the document, to www.nice.org.uk https://www.nice.org.uk/CG89" in said(only)
    assert "Link in the document, to www.nice.org.uk" in str(SHARED.slack(only))


def test_the_page_to_pass_on_has_every_link_and_no_reason_where_all_was_asked_for() -> None:
    nice = Link(label="guidance", url="https://www.nice.org.uk/CG89")
    everything = (because(None),)
    of = digest(entry(replace(BABY_ROWAN, links=(nice,)), late=True, because=everything))
    page = Printed(Templates(TEMPLATES), name_of_theme).page(Edition(id="0" * 32, digest=of))
    assert "https://www.nice.org.uk/CG89" in page
    assert page.count('href="https://www.wetherbyvale-scp.example/reviews"') == 1
    assert "(first seen 18 November 2026)." in page
    assert "From earlier, and new in this digest." in page
    assert "<h1>1 review, new in this digest</h1>" in page
    assert "Why it is here" not in page


def test_the_list_has_place_and_date_or_says_that_there_is_none() -> None:
    text = said(digest(entry(Review(title="Child Z: Learning review", review_type="lr"))))
    assert "1. Child Z: Learning review. No date given." in text
    assert "Learning review. Learning review" not in text


def test_a_source_whose_name_has_a_date_does_not_run_into_the_day() -> None:
    text = said(digest(entry(seen=(seen("Lantern repository, February 2022"),))))
    assert "First seen 18 November 2026 on Lantern repository, February 2022." in text


def test_slack_names_only_the_parts_that_are_there() -> None:
    of = digest(
        entry(Review(title="Child Q", place="Port Lowen", learning=("One.",))), schedule="immediately"
    )
    [post] = SHARED.slack(of)
    assert "What was learned is in the thread." in str(post.blocks)
    assert post.blocks[0]["text"]["text"] == "Child Q, Port Lowen"


@pytest.mark.parametrize(
    ("narrowed", "phrase"),
    [
        (Narrowed(by="age", asked=("< 1 year",), found=("7 weeks",)), "a child under 1 year (7 weeks)"),
        (Narrowed(by="age", asked=("<= 6 months",), found=()), "a child up to 6 months"),
        (
            Narrowed(by="age", asked=(">= 10 years",), found=("14 years",)),
            "a child of 10 years or more (14 years)",
        ),
        (Narrowed(by="age", asked=("over 5 years",), found=("6 years",)), "a child over 5 years (6 years)"),
        (
            Narrowed(by="age", asked=("1-5 years",), found=("1 year", "2 years", "3 years", "4 years")),
            "a child of 1 to 5 years (1 year, 2 years, 3 years and others)",
        ),
        (Narrowed(by="age", asked=("2 years",), found=("2 years",)), "a child of 2 years (2 years)"),
        (Narrowed(by="age", asked=("teens",), found=("14 years",)), "a child of teens (14 years)"),
        (Narrowed(by="place", asked=("Vale",), found=("Wetherby Vale",)), "in Wetherby Vale"),
        (Narrowed(by="outcome", asked=("death",), found=("serious-harm",)), "outcome: serious harm"),
        (Narrowed(by="review_type", asked=("lr", "scr"), found=("lr",)), "type: Learning review"),
        (
            Narrowed(by="source", asked=("wetherby-vale",), found=("wetherby-vale",)),
            "seen at Wetherby Vale Safeguarding Children Partnership",
        ),
    ],
)
def test_why_says_what_was_asked_beside_themes(narrowed: Narrowed, phrase: str) -> None:
    alone = Because(subscription="b", name="Babies", reasons=(Reason(theme=None, narrowed=narrowed),))
    assert f"Why you got this Babies: {phrase}." in said(digest(entry(because=(alone,))))
    with_theme = replace(alone, reasons=(Reason(theme="neglect"), *alone.reasons))
    assert f"Babies: Neglect, and {phrase}." in said(digest(entry(because=(with_theme,))))


def test_a_withdrawn_review_tells_nothing_more_of_the_child() -> None:
    harsh = replace(BABY_ROWAN, title="Child L: fatal injuries of a baby")
    text = said(digest(entry(harsh, kind="withdrawn", because=(NARROWED,))))
    assert "1. Child L ---" in text
    assert "Babies in the Vale: it was among what you asked for." in text
    for told in ("fatal", "Neglect", "7 weeks", "serious harm"):
        assert told not in text


def test_words_that_were_asked_for_are_still_the_reason_when_a_review_changes() -> None:
    text = said(digest(entry(kind="revised", because=(because(None, "co-sleeping"),))))
    assert "Baby safety leads: your words." in text


def test_a_quote_that_a_quotation_mark_opens_starts_a_sentence() -> None:
    quoting = replace(BABY_ROWAN, learning=("“Seen, not heard” was how the sister put it.",))
    why = proved(("neglect", ("Seen, not heard",)))
    assert "Babies: Neglect (“Seen, not heard…”)." in said(digest(entry(quoting, because=why)))


def test_one_value_that_changed_stands_in_its_sentence_and_a_list_in_a_list() -> None:
    outcome = Difference(field="facts.outcome", before=("death",), after=("serious-harm",))
    of = digest(entry(kind="revised", differences=(outcome,)))
    assert "What changed Before, the outcome: death Now, the outcome: serious harm" in said(of)


def test_who_has_read_of_harm_is_thought_of_and_who_has_not_is_left_alone() -> None:
    assert "somebody you trust" in said(digest(entry()))
    assert "somebody you trust" not in said(digest())


def test_a_reason_for_a_channel_has_no_quotes_and_no_outcome() -> None:
    why = Why(
        subscription="Babies",
        themes=(WhyTheme(themes=("Neglect",), quotes=("no food",)),),
        narrowed=("a child under 1 year (7 weeks)", "outcome: death"),
    )
    assert why.said == "Neglect (“no food”), and a child under 1 year (7 weeks), outcome: death."
    assert why.unquoted == "Neglect, and a child under 1 year (7 weeks)."
    placed = replace(why, themes=(), narrowed=("in Burnt Oak", "outcome: death"))
    assert placed.unquoted == "in Burnt Oak."
    assert (
        replace(why, themes=(), narrowed=("outcome: death",)).unquoted == "it was among what you asked for."
    )
    assert replace(why, themes=(), narrowed=()).unquoted == "you get every review."
