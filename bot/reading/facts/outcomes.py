"""What came of it for the child: death, serious harm, or a concern without harm.

Each word of death or harm is an event that happened to somebody: to whom stands after `of`, `to` or an active
verb, else before a passive one. Attempts, fears, what might have been and what is denied did not happen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from bot.reading.facts.people import Account, account_of
from bot.reading.facts.who import Mention
from bot.reading.grammar.finder import Finder

Outcome = Literal["death", "serious-harm", "other"]
_Event = Literal[
    "death", "harm", "spared", "sign", "another's death", "another's harm"
]  # the child's, where not another's

_I = re.IGNORECASE
_DEATH_NOUN = re.compile(
    r"\b(?:deaths?|murders?|killings?|suicides?|homicides?|manslaughter|infanticide|filicide|drownings?|"
    r"stillbirth|fatal\w*|fatality|matricide|patricide|sudi|sids)\b",
    _I,
)
_DIED = re.compile(
    r"\b(?:died|dies|perished|brought in dead|dead on arrival|drowned|(?:was|were|been|"
    r"being) (?:\w+ )?(?:killed|murdered|strangled|drowned|"
    r"shot dead|"
    r"stabbed to death|beaten to death|found dead)|killed|murdered|found (?:dead|deceased|hanged|hanging)|"
    r"[a-z]+ed to death|"
    r"stabbed to death|shot dead|beaten to death|smothered|(?:takes?|took|taken|taking|ended|ending|"
    r"lost) (?:his|her|their)"
    r"(?: own| young)? li(?:fe|ves)|could not be (?:resuscitated|revived|saved)|pronounced dead|"
    r"passed away|fatally (?:\w+ )?(?:injured|wounded|stabbed|shot)|fatally|did not survive|bled to death)\b",
    _I,
)
_HARM_WORDS = (
    r"\b(?:domestic servitude|injur\w+|harm(?:ed|s|ing|ful)?|abus\w+|neglect\w*|assault\w*|exploit\w+|"
    r"fractur\w+|broken|broke|bruis\w+|"
    r"burn\w*|scald\w*|rap(?:e[ds]?|ing)|poison\w*|ingest\w*|methadone|hospital\w*|intensive care|stab\w*|"
    r"attack\w*|"
    r"haemat\w+|haemorrh\w+|bleed\w*|bled|wound\w*|mutilat\w+|suicid\w+|self-harm\w*|starv\w+|operations?|"
    r"servitude|"
    r"malnutrition|malnourish\w+|underweight|shak(?:en|ing)|shook|beat(?:en|ings?)?|cruelty|hurt|"
    r"ill-treat\w+|"
    r"maltreat\w+|mistreat\w+|chastis\w+|grievous|removal|dirty|"
    r"removed from (?:home|the (?:family )?home|their (?:home|parents|care))|powers of protection|"
    r"police protection|(?:not|without) enough (?:food|to eat)|slapp\w+|punch\w+|kick\w+|bitten|bites?|"
    r"trauma\w*|mark|"
    r"swelling|seizures?|limp|subdural\w*|retinal|attempt on (?:his|her|their) (?:own )?life|no food|"
    r"alone in|drown\w*|overdos\w+|traffick\w+|kidnap\w*|abduct\w+|imprison\w+|blackmail\w*|groom\w+|"
    r"restrain\w*|collaps\w+|sore|weigh\w+|ligature|life[- ](?:threatening|changing|limiting)|near[- ]fatal|"
    r"asthma|"
    r"lost (?:an?|his|her|the) (?:leg|arm|eye|kidney|finger|sight|hand|foot)|amputat\w+|perplexing|invasive|"
    r"conceal\w+|confined|fgm|cse|cce|fii|hurting|tortur\w+|missing|feeding tube|emaciat\w+|squalor|filthy|"
    r"found in|degrading|shot|hungry|"
    r"(?:left|been|home) alone|alone at home|abandon\w*|unsupervised|suffocat\w+|strangl\w+|smother\w*|tied|"
    r"chained|"
    r"locked in|unconscious|unresponsive|ventilator|skull|brain|ketoacidosis|critically|struck|fabricat\w+|"
    r"induced illness)\b"
)
_HARM = re.compile(_HARM_WORDS, _I)
_ANY_HARM = Finder(_HARM_WORDS)
_SIGN = re.compile(  # what makes people look; alone no harm where it is said that none was done
    r"hospital\w*|missing|found in|mark|limp|operations?|weigh\w+|asthma|alone in|no food|collaps\w+|"
    r"unsupervised|abscond\w*",
    _I,
)
_UNHARMED = re.compile(
    r"\bunharmed\b|\b(?:no ?one|nobody|none of them|neither) (?:\w+ ){0,2}(?:hurt|harm(?:ed)?|injured)\b|"
    r"\b(?:was|were|been|come|came) (?:not|never|to no) (?:\w+ ){0,2}(?:hurt|harm(?:ed)?|injured)\b|"
    r"\bnot (?:\w+ ){0,3}(?:hurt|harm(?:ed)?|injured)\b|\bno (?:\w+ )?(?:injur(?:y|ies)|harm) (?:was|were|"
    r"came)\b|"
    r"\bwithout (?:injury|harm)\b",
    _I,
)
_NEARLY = re.compile(
    r"\b(?:near(?:ly)?|almost|attempt\w*|threat\w*|non|risk of|fear\w*|plot\w*|tried to|suspected|"
    r"potentially)"
    r"[- ](?:[\w-]+ ){0,2}$",
    _I,
)
_TRIED = re.compile(
    r"\b(?:convict\w+|guilty|charged?|arrest\w*|suspicion|inquest|investigation|sentenced|trial|cause|"
    r"thoughts?|talk\w*)"
    r"\b[^.,;]{0,40}$",
    _I,
)
_ONLY_FEARED = re.compile(
    r"\b(?:histor(?:y|ies)|threat\w*|risks?|fear\w*|afraid|if|might|could|would|(?-i:may)|can|indication|"
    r"evidence|"
    r"suggest\w*|likelihood|prevent\w*|whether|wish\w* to|want\w* to|plan(?:s|ned|ning)?|plot\w*|"
    r"afraid of|possible|potential)\b[^.,;]{0,40}$|\babout\s+$",
    _I,
)
_DENIED = re.compile(
    r"\b(?:not|no|never|without|neither|nobody|none|nor|cannot|didn[’']t|wasn[’']t)\b[^.,;]{0,30}$", _I
)
_SETTING = re.compile(
    r"\b(?:domestic|substance|alcohol|drugs?|child|family|previous(?:ly)?|past|earlier|parental|historic\w*|"
    r"concerns? (?:about|of|for)|at (?:\w+ )?risk of|signs of)[- ]$",
    _I,
)
_TO_WHOM = re.compile(
    r"(?:[\s-](?!(?:by(?! suicide)|with|from|at|for|while|when|after|during|and)\b)[\w’'-]+){0,7}?\s*\b"
    r"(?:of|to|on|against|towards?|in|suffered by|inflicted on|involving|among)\s+$",
    _I,
)
_CONDUCT = re.compile(
    r"\b(?:arrest(?:ed)?|convict\w+|attempt(?:ed|s)? (?:\w+ ){0,6}to (?:travel|join|leave))\b", _I
)
_CONCERN = re.compile(
    r"\b(?:safe and well|found safe|disappear\w*|concern\w*|worr(?:y|ies|ied)|whereabouts|left the area|"
    r"traced|safely|absconded|radicali\w+|extremis\w+|"
    r"terroris\w+|allegations?|no harm|survived|unhurt)\b",
    _I,
)


def tells_of_harm(text: str) -> bool:
    """Whether the words tell of harm or death."""
    return bool(
        _ANY_HARM.search(text) or _DIED.search(text) or _DEATH_NOUN.search(text) or _UNHARMED.search(text)
    )


def outcome_of(incident: str, *, title: str = "", intro: str = "", adult: bool = False) -> Outcome | None:
    """The worst that is told of a child; an adult's death and a concern without harm are `other`."""
    if incident:
        return _told(incident, adult) or (_told(intro, adult) if intro else None)
    named = re.search(
        r"\b(?:infants?|child(?:ren)?|bab(?:y|ies)|young people|teenagers?|deaths? of)\b", title, _I
    )
    death = _DEATH_NOUN.search(title) or _DIED.search(title)
    if named and death and not _NEARLY.search(title[: death.start()]) and death[0].casefold() != "fatal":
        return "death"
    return None


def _told(text: str, adult: bool) -> Outcome | None:
    account = account_of(text)
    events = list(_events(account))
    kinds = {kind for _, kind in events}
    if adult:
        return "other" if kinds & {"death", "another's death"} else None
    if "death" in kinds:
        return "death"
    first = account.sentences[0][1] if account.sentences else 0
    opening = {kind for place, kind in events if place < first}
    if account.by_child and not opening & {"harm", "sign"}:
        return "other"
    if _CONDUCT.search(text[:first]) and not opening & {"harm", "sign"}:
        return "other"
    if "spared" in kinds and "harm" not in opening:
        return "other"
    if "harm" in kinds or "sign" in kinds:
        return "serious-harm"
    return "other" if kinds or (account.mentions and _CONCERN.search(text)) else None


def _events(account: Account) -> Iterator[tuple[int, _Event]]:
    """Each death and harm that the account tells as having happened, and its place."""
    text = account.text
    for match in _UNHARMED.finditer(text):
        if _is_child(_chain(account, match.start()), account):
            yield match.start(), "spared"
    deaths = sorted([*_DEATH_NOUN.finditer(text), *_DIED.finditer(text)], key=lambda match: match.start())
    for match in deaths:
        kind = _death(account, match)
        if kind:
            yield match.start(), kind
    for match in _HARM.finditer(text):
        before = _clause(account, match.start())
        if before.casefold().endswith(("died by ", "death by ")):
            continue  # told already, as a death
        if _DENIED.search(before) or _SETTING.search(before) or _ONLY_FEARED.search(before):
            continue
        whom = _harmed(account, match)
        told: _Event = "sign" if _SIGN.fullmatch(match[0]) else "harm"
        yield match.start(), told if _is_child(whom, account) else "another's harm"


def _death(account: Account, match: re.Match[str]) -> _Event | None:
    before = _clause(account, match.start())
    only_tried = re.match(
        r" (?:attempts?|ideation|notes?|threats?|plans?|pact)\b", account.text[match.end() :][:12]
    )
    if _NEARLY.search(before) or only_tried:
        return "harm" if not re.search(r"\bfear\w* [^.]*$", before, _I) else None
    if _TRIED.search(before) or _ONLY_FEARED.search(before) or _DENIED.search(before):
        return None
    if re.search(r"\b(?:died|death|dies) by $", before, _I):
        return None  # told already
    if match[0].casefold() in ("matricide", "patricide"):
        return "another's death"
    noun = match.re is _DEATH_NOUN
    whom = _of_noun(account, match) if noun else _of_verb(account, match)
    if not whom and account.by_child:
        return "another's death"
    if not whom:
        bare = noun and match.start() > 60 and not re.search(r"\bby \w*$|(?:\w[’']s|his|her|their) $", before)
        return None if bare else "death"
    return "death" if _is_child(whom, account) else "another's death"


def _harmed(account: Account, match: re.Match[str]) -> Sequence[Mention]:
    if _passive(account, match):
        return _chain(account, match.start())
    after = _after(account, match.end())
    if after and (
        after[0].start - match.end() <= 1 or _TO_WHOM.fullmatch(account.text, match.end(), after[0].start)
    ):
        return () if after[0].phrase.head in ("him", "her", "them") else after
    return ()


def _of_noun(account: Account, match: re.Match[str]) -> Sequence[Mention]:
    """Whose death: `of` whom it was, else whose word stands before it."""
    after = _after(account, match.end())
    if after and _TO_WHOM.fullmatch(account.text, match.end(), after[0].start):
        return after
    before = [one for one in account.around(match.start())[0] if match.start() - one.end <= 30]
    if before and re.fullmatch(r"\s+(?:[\w-]+\s+){0,3}", account.text[before[-1].end : match.start()]):
        owner = before[-1].phrase.owner or before[-1].phrase.head in ("his", "her", "their")
        return before[-1:] if owner else ()
    return ()


def _of_verb(account: Account, match: re.Match[str]) -> Sequence[Mention]:
    """Who died: the object of an active verb, else its subject."""
    after = _after(account, match.end())
    active = re.fullmatch(r"(?:killed|murdered|drowned|smothered|strangled)", match[0], _I)
    if active and after and after[0].start - match.end() <= 1 and not after[0].phrase.head.endswith("sel"):
        return after
    named = [one for one in account.around(match.start())[0] if one.named and not one.phrase.owner]
    return _chain(account, match.start()) or named[-1:]


def _passive(account: Account, match: re.Match[str]) -> bool:
    return not match[0].endswith("ing") and bool(
        re.search(
            r"\b(?:was|were|been|being|is|are|had)\s+(?:\w+\s+){0,2}$",
            account.text[max(0, match.start() - 40) : match.start()],
        )
    )


def _after(account: Account, place: int) -> list[Mention]:
    """The people named right after a place, one beside the other: `a mother and her daughter`."""
    chain: list[Mention] = []
    for one in account.around(place)[1]:
        if not (one.phrase.owner and not one.named):
            gap = account.text[chain[-1].end if chain else place : one.start]
            if chain and not re.fullmatch(r"[^.;]{0,40}?(?:,|\band\b|\bor\b)\s*(?:of |to )?", gap):
                break
            if chain and re.search(r"\b(?:by|with|from|when|while|who|after|in)\b", gap):
                break
            chain.append(one)
            if len(chain) > 5:
                break
    return chain


_ASIDE = re.compile(
    r"\b(?:by|with|from|of|in|to|at|for|beside|near|on|between|under|towards?|against|told|than)\s+$", _I
)


def _chain(account: Account, place: int) -> list[Mention]:
    """The people whom a verb is about: those right before it, one beside the other, who are not told of "
    "aside."""
    chain: list[Mention] = []
    for one in reversed(account.around(place)[0]):
        if one.phrase.owner or one.phrase.head in ("his", "her", "their", "him"):
            continue
        if not chain:
            if _ASIDE.search(account.before(one.start)[-12:]):
                continue
        elif not re.fullmatch(
            r"[^.;]{0,40}?(?:,|\band\b|,? and)\s*", account.text[one.end : chain[-1].start]
        ):
            break
        chain.append(one)
    return chain


def _is_child(whom: Sequence[Mention], account: Account) -> bool:
    """Whether any of these is a child of the review. Where nobody is named, the review's child is meant."""
    if not whom:
        return not account.by_child and not account.of_adults
    return any(
        one.who == "child" or (one.who == "other" and one.phrase.kind in ("he", "they")) for one in whom
    )


def _clause(account: Account, place: int) -> str:
    return re.split(r"[;:]\s|,\s", account.before(place)[-80:])[-1]
