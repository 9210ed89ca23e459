"""Facts as a review states them: ages and sex of the children, the outcome, the date of the incident.

Everything is read from the words of the incident; what is not said there is left out. Ages of other people
(whoever did the harm, parents, carers) and ages at other times are not the child's.
"""

from __future__ import annotations

import re

from bot.models import Facts
from bot.reading.ages import ages_of
from bot.reading.dates import find_dates
from bot.reading.outcomes import outcome_of
from bot.reading.people import CHILD_WORD, own_part, sentences_of
from bot.reading.sex import sex_of


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
    outcome = outcome_of(told, title=title, intro=intro)
    date = incident_date(told) or (incident_date(intro) if incident else None)
    if adult:
        return Facts(outcome="other" if outcome == "death" else outcome, incident_date=date)
    about_children = outcome != "other" or CHILD_WORD.search(own_part(told)) is not None
    ages: tuple[str, ...] = ()
    if about_children and told:
        ages = ages_of(told) or ages_of(intro) or ages_of(_introduced(background))
    several = bool(re.search(r"(?i)\b(?:children|siblings|brothers|sisters|twins)\b", title))
    sex = sex_of(told, whole=whole, several=several) if about_children and told else None
    return Facts(ages=ages, sex=sex, outcome=outcome, incident_date=date)


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


_NOT_THEN = re.compile(
    r"\b(?:convicted|sentenced|pleaded|imprisoned|released|licence|court|proceedings (?:concluded|ended)|"
    r"inquest|trial|born|murdered in|"
    r"published|commissioned|completed|undertook|notified|review(?:s|ed)?|had left|since|arrived|moved|"
    r"worries since|previous(?:ly)?|registered|"
    r"prior to|were called|audited|closed|event)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(r"^,? (?:regarding\b|the \w+ (?:was|were) notified|a review)", re.IGNORECASE)


def incident_date(text: str) -> str | None:
    """When it happened, `YYYY` or `YYYY-MM`; of a range its beginning."""
    for number, sentence in enumerate(sentences_of(text)):
        for date in find_dates(sentence):
            near = sentence[max(0, date.start - 60) : date.start]
            clause = re.split(r"[,;]\s", near)[-1]
            if _NOT_THEN.search(clause if number == 0 else near) or _NOT_AFTER.match(sentence[date.end :]):
                continue
            if re.search(r"\baudited\b", sentence):
                continue
            return date.value[:7]
    return None
