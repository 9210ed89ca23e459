"""Facts as a review states them: ages and sex of the children, the outcome, the date of the incident.

Everything is read from the words of the incident; what is not said there is left out. Ages of other people
(whoever did the harm, parents, carers) and ages at other times are not the child's.
"""

from __future__ import annotations

import re

from bot.models import Facts
from bot.reading.facts.ages import ages_of
from bot.reading.facts.outcomes import outcome_of
from bot.reading.facts.people import account_of, sentences_of
from bot.reading.facts.sex import sex_of
from bot.reading.grammar.dates import MONTHS, FoundDate, find_dates
from bot.reading.grammar.finder import Finder


def facts_of(
    incident: str,
    *,
    title: str = "",
    intro: str = "",
    background: str = "",
    whole: str = "",
    adult: bool = False,
) -> Facts:
    """The facts of one review.

    `incident` tells what happened. Where it is silent, the date and outcome may stand in `intro` (what a
    briefing says of itself), the outcome in `title`, and the age in the words that introduce the child in
    `background`; of `whole`, the record's other words, only how the
    baby is spoken of is used. `adult`: a review about an adult, who has neither age nor sex here.
    """
    told = incident or ""
    outcome = outcome_of(told, title=title, intro=intro, adult=adult)
    date = incident_date(told) or (incident_date(intro) if incident else None)
    if adult:
        return Facts(outcome="other" if outcome == "death" else outcome, incident_date=date)
    about_children = outcome != "other" or not account_of(told).of_adults
    ages: tuple[str, ...] = ()
    if about_children and told:
        ages = (
            ages_of(_announced(intro)) or ages_of(told) or ages_of(intro) or ages_of(_introduced(background))
        )
    several = bool(re.search(r"(?i)\b(?:children|siblings|brothers|sisters|twins)\b", title))
    sex = sex_of(told, whole=whole, several=several) if about_children and told else None
    return Facts(ages=ages, sex=sex, outcome=outcome, incident_date=date)


_ANNOUNCED = re.compile(r"(?i)\bpublish\w+\b.*\breview\b.*\b(?:deaths?|injur\w+|harm\w*|abuse|neglect)\b")


def _announced(intro: str) -> str:
    """The sentence that announces a review of harm to a child: the age that it gives is that of the harm."""
    return next((one for one in sentences_of(intro) if _ANNOUNCED.search(one)), "")


_INTRODUCED = re.compile(
    r"(?:(?i:the|this)\s+)?(?:[\w’'()“”‘-]+\s+){0,4}?(?:is|was)\s+(?:an?|the)\s+(?:[a-z]+\s+){0,2}"
    r"[\w-]+(?:[\s-](?:day|week|month|year)s?)[\s-]old\s+(?:[A-Za-z-]+\s+){0,3}?"
    r"(?:boy|girl|child|baby|infant|toddler|twin|young person|teenager)\b"
)


def _introduced(background: str) -> str:
    """The words that introduce the child: `Child K is a 9-year-old boy`; none where they go on to a `when`.

    Other ages in a background are of other times and people.
    """
    first = sentences_of(background)[:1]
    match = _INTRODUCED.match(first[0]) if first else None
    if match is None or re.search(r"\b(?:when|until|since|before|at the time that)\b", first[0]):
        return ""
    return match[0]


# What is told with a date that is not the day of the harm: courts, the review itself, how life went before.
_NOT_THEN = Finder(
    r"\b(?:convict\w+|guilty|sentenced|pleaded|imprisoned|jailed|acquitted|released|licence|court|hearing|tribunal|"
    r"proceedings (?:concluded|ended)|inquest|trial|tried|charged|verdict|born|murdered in|"
    r"published|publication|commissioned|completed|undertook|notified|notification|review(?:ed|ing)|"
    r"reviews? (?:was|is|were|in|undertaken|carried|commissioned|completed|of cases)|scope|"
    r"timeframe|(?:review|scoping) period|period under|covers?|covering|audited|had left|since|arrived|moved|"
    r"settled|"
    r"known to|last (?:seen|attended|visited)|first (?:referred|known|seen by)|previous(?:ly)?|registered|"
    r"prior to|before|until|were called|closed|event|adopted|married|remanded|chosen|selected|diagnosed|"
    r"inspect\w+|guidance|"
    r"policy|procedures?|act|introduced|recorded in|allocated|opened|ended|ending|today|reported on)\b",
)
_NOT_AFTER = re.compile(
    r"^\)?,? (?:publish|regarding\b|the \w+ (?:was|were) notified|a review)", re.IGNORECASE
)
_LIVED = re.compile(
    r"\bhad (?:\w+ ){0,3}(?:lived|met|come|gone|made|begun|started|attended|known)\b", re.IGNORECASE
)
_RANGE = re.compile(r"\s*(?:and|to|until|[-–])\s*")
_CODE = re.compile(r"\b[A-Z]{3,}[ -]?\d{0,2}[ /-]$")  # `CYSUR 4 2019` names a review, no year
_OF_HARM = re.compile(
    r"\b(?:rape|abuse|assaults?|murder|deaths?|killing|injur(?:y|ies)|attack|neglect|fire) "
    r"(?:in|on|between|from) (?:about )?$|"
    r"\b(?:over|during|for) (?:\w+ ){0,3}(?:weeks|months|years) (?:before|until|up to) $",
    re.IGNORECASE,
)
_IN_COURT = re.compile(
    r"^,? [^,.;]{0,50}?\b(?:was|were|been) (?:\w+ )?(?:convicted|sentenced|jailed|acquitted|imprisoned)\b",
    re.IGNORECASE,
)
_WHEN_IT_HAPPENED = re.compile(r",? when (?:an?|the|he|she|they|[A-Z]\w+)\b")
_LOOSE = re.compile(
    rf"\b(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b(?: [A-Za-z]+){{1,4}}? of "
    rf"(?P<year>(?:19|20)\d\d)\b|"
    r"\b(?P<december>Boxing Day|Christmas(?: Day| Eve)?|New Year[’']s Eve),? (?:of |in )?(?P<its>(?:19|"
    r"20)\d\d)\b",
    re.IGNORECASE,
)


def incident_date(text: str) -> str | None:
    """When it happened, `YYYY` or `YYYY-MM`; of a range its beginning."""
    for number, sentence in enumerate(sentences_of(text)):
        sentence = re.sub(r"\b(early|mid|late)-(?=(?:19|20)\d\d\b)", r"\1 ", sentence, flags=re.IGNORECASE)
        refused = len(sentence)
        for date in find_dates(sentence):
            rest_of_range = _RANGE.fullmatch(sentence, refused, date.start)
            if not rest_of_range and _of_harm(sentence, date, first=number == 0):
                return _with_month(sentence, date) or date.value[:7]
            if _WHEN_IT_HAPPENED.match(sentence, date.end):
                return date.value[:7]
            refused = date.end
    return None


def _of_harm(sentence: str, date: FoundDate, *, first: bool) -> bool:
    """Whether a date is of what happened, and not of a court, the review, or life before."""
    near = sentence[max(0, date.start - 60) : date.start]
    if _CODE.search(near) or re.search(r"\baudited\b", sentence):
        return False
    if _OF_HARM.search(near):
        return True
    after = sentence[date.end : date.end + 90]
    clause = re.split(r"[,;(]\s?|\b(?:and|when|while|who|which|after)\b", near)[-1]
    told_of_life = not first and _LIVED.search(near)
    other = _NOT_THEN.search(clause if first else near) or _NOT_AFTER.match(after) or _IN_COURT.match(after)
    return not (told_of_life or other)


def _with_month(sentence: str, date: FoundDate) -> str | None:
    """`the August bank holiday of 2014`, `Boxing Day 2021`: the month that stands apart from its year."""
    for match in _LOOSE.finditer(sentence) if len(date.value) == 4 else ():
        if match.start() <= date.start < match.end():
            month = 12 if match["december"] else MONTHS[match["month"].casefold()]
            return f"{date.value}-{month:02}"
    return None
