"""The families of labels: which field of a record a heading, a label or a lead-in opens.

Labels are read by their words, not by their look: `Key issues:`, `Learning includes:`, `What did we find?`,
`4. The Findings` all open the learning. Letters lost or doubled in typing do not matter.
"""

from __future__ import annotations

import difflib
import re
from typing import Literal

Field = Literal[
    "incident",
    "summary",
    "background",
    "good_practice",
    "learning",
    "recommendations",
    "actions",
    "questions",
    "keywords",
    "links",
    "section",
    "furniture",
]
# `summary` tells what happened where no `incident` does; `section` is a part of the source that is no field.

LISTS: frozenset[Field] = frozenset(
    {"good_practice", "learning", "recommendations", "actions", "questions", "keywords"}
)

_NAME = r"(?:[\w'’‘“”\".-]{1,30} ){0,4}[\w‘“”\".-]{1,30}?"

# The first family whose words are found is taken, so what is narrow stands before what is wide.
_FAMILIES: tuple[tuple[Field, str], ...] = (
    (
        "furniture",
        r"get in touch|contact(?: us| details)?|share(?: this.*)?|print(?: this)?|follow us|sign up.*|"
        r"subscribe.*|newsletters?|"
        r"worried about .*|concerned about .*|report (?:a )?(?:concern|abuse).*|related(?: pages| content|"
        r" links| posts| items)?|"
        r"you may also (?:like|be interested in).*|more (?:learning )?briefings|more like this|"
        r"recent posts|archives?|(?:case )?reviews by year|(?:other|previous|earlier|past) (?:years|"
        r"reviews by year)|"
        r"was this (?:page )?(?:useful|helpful).*|did you find .* (?:useful|helpful).*|rate this page|"
        r"help for you.*|"
        r"further help|need help.*|in this section|pages in this (?:guide|section)|on this page|contents|"
        r"upcoming training|"
        r"book (?:training|a place|now).*|latest news|cookies?.*|menu|search|stay up to date|"
        r"looking for something else.*|"
        r"get this update.*|can['’]?t find .*|back to top|feedback form|comments",
    ),
    (
        "section",
        r"what (?:are|will) (?:we|partners|the partnership) (?:going to )?do(?: next| now)?|"
        r".*\b(?:next steps?|what next|what happens (?:next|now)|what to do (?:now|next)|action plans?|"
        r"future (?:work|plans?|focus)|"
        r"terms of reference|key lines of enquiry|methodology|model|method(?: used)?|"
        r"models? (?:of review )?used|"
        r"the process|(?:the )?review process|learning journey.*|what did we do|what (?:the|"
        r"this) review (?:looked at|covered)|"
        r"how (?:was|did|is|were) .*|how the review .*|scope|analysis|about this (?:briefing|document|page|"
        r"review|report)|"
        r"(?:what is this|about the) (?:briefing|review).*|(?:the )?(?:review|panel) (?:addressed|"
        r"considered|looked at) .*|"
        r"issues (?:addressed|considered)|purpose.*|glossary|references|footnotes?|acknowledge?ments?|"
        r"disclaimer|"
        r"resources?(?: (?:and|&) .*)?|(?:further|more|additional) (?:information|resources)|"
        r"useful (?:links|resources|contacts)|"
        r"what the family told us|family (?:voice|views|involvement|contribution)|views of .*|voice of .*|"
        r"safeguarding concerns|(?:what is|what are|why(?! was| did)|when|who) .*reviews?.*|definitions?|"
        r"appendi(?:x|ces).*|"
        r"timeline|chronology|key dates|parallel (?:processes|proceedings)|author.*)",
    ),
    (
        "links",
        r"downloads?|documents?|(?:the )?(?:full |overview |published |related |key )*(?:reports?|"
        r"documents?)(?: and (?:briefings?|documents?|resources))?|"
        r"read (?:more|the .*)|find out more|further reading|links?|publications?|other resources|"
        r"more (?:detail|on this)|attachments?|files?",
    ),
    (
        "good_practice",
        r".*\b(?:good|best|positive|effective|strong|notable) (?:practi[cs]e|work)\b.*|(?:what )?(?:went|"
        r"worked|was done|is working|we did) well|"
        r".*\bwhat (?:went|worked|was done|is working|(?:did )?we (?:do|did)) well\b.*|"
        r"(?:areas of )?strengths?\b.*|positives?(?: aspects?)?|what was good|"
        r".*\bdone well\b|what helped|.*\bgood things\b.*",
    ),
    (
        "questions",
        r".*\bquestions?\b.*|(?:points?|topics?|prompts?|issues) (?:for|to) (?:discuss\w*|reflect\w*|"
        r"consider\w*|think about)|"
        r"(?:for )?(?:team |group )?(?:discussion|reflection)(?: (?:points?|prompts?|topics?))?|"
        r"think about|reflect(?:ive|ion)?(?: (?:points?|practice|prompts?))?|"
        r"what (?:should|will|would|can|do|could) (?:i|you|we) (?:ask|think about(?: .*)?|reflect).*|"
        r"things? to (?:think|talk) about|"
        r"ask yourself.*|time to reflect|stop and think|over to you|talk (?:about|through) (?:it|this).*|"
        r"for your (?:next )?(?:team meeting|supervision).*",
    ),
    (
        "actions",
        r"progress (?:against|on|with) .*|implement(?:ing|ation of) .*|what have (?:we|partners|"
        r"agencies) done|"
        r".*\bwhat(?! (?:could|should|might|needs?|must)\b)(?:['’]s| has| have| is|"
        r" we have)?(?: \w+){0,3} (?:changed|been done|already done|"
        r"improved|different)\b.*|"
        r"(?:evidenc\w+|evidence of) (?:the )?(?:impact|change)|"
        r"(?:the )?impact(?: of (?:the|this) .*| so far| to date)?|"
        r"(?:actions?|steps|changes|improvements?|progress)(?: that)?(?: (?:have|has))?(?: (?:been|already|"
        r"we))* (?:taken|made|completed|so far|to date|since|in response|"
        r"in practice|following)(?: .*)?|"
        r"since (?:the|this) (?:review|incident|event|report)s?.*|what (?:have|did|are) (?:we|partners|"
        r"agencies|the partnership) (?:done|doing|do)(?: (?:about it|since|already|so far|in response))+.*|"
        r"(?:the )?(?:partnership['’]?s?|board['’]?s?|agency|agencies|our|partners['’]?) response.*|"
        r"response to the review|progress|action taken|actions|"
        r"changes (?:already )?made|what (?:partners|agencies|we) have (?:done|changed).*|"
        r"actions? (?:initiated|completed).*",
    ),
    (
        "recommendations",
        r"(?:key |main |take.?home )?messages? for (?:practi|professional|staff|managers|agencies|teams|"
        r"you\b).*",
    ),
    (
        "learning",
        r"what (?:could|should|might) (?:we|have|be|partners).*\b(?:better|differently)|challenges|"
        r"analysis and findings|"
        r"(?:(?:the|key|main|our|what|some|any|further|additional|summary of|areas (?:of|for)|points of|"
        r"overview of|wider|local|practice|system|multi-agency|agency|single|emerging|headline|"
        r"important) )*"
        r"(?:learning|lessons?|findings?|learnings|gwersi|dysgu)\b.*|.*\b(?:learning|"
        r"lessons)(?: (?:points?|themes?|identified|learned|learnt|from|for|includes?|outcomes?|"
        r"messages?))*|"
        r"(?:the )?(?:key|main|practice|emerging|significant) (?:issues?|themes?|messages?|points?|"
        r"concerns?)(?! for practi).*|issues(?: identified)?|"
        r"what (?:else )?(?:did|have|has|do) (?:we|the review(?:er)?|it) (?:find|found|learn\w*|tell us|"
        r"show|identif\w+)(?: out)?|"
        r"what (?:the|this) (?:review(?:er)?|panel|report) (?:found|told us|identified|showed|says?|"
        r"learned|learnt)|"
        r"what (?:can|could|should|do|did) (?:we|you|be|practitioners) learn\w*.*|what (?:we|was|"
        r"have we) (?:learn\w+|found).*|what practitioners (?:need to|should) know|"
        r"areas? for (?:development|improvement|learning)|areas? of (?:concern|learning|development)|"
        r"missed opportunit.*|even better if|"
        r"what (?:could|should|might) (?:have been|we have|be|have) (?:done |gone )?(?:better|"
        r"differently).*|what (?:did ?n[o'’]t|did not|went) (?:go |work )?(?:so )?(?:well|wrong).*|"
        r"what (?:needs|needed) to (?:improve|be better)|why (?:it|does it|this) matters?|barriers.*|"
        r"themes and .*",
    ),
    (
        "recommendations",
        r"actions for .*|take.?home messages?|(?:practice|top|good) tips.*|considerations for .*|"
        r".*\brecomm?[ea]nd\w*.*|what (?:can|should|must|do|will|could) (?:we|you|i|practitioners|agencies|"
        r"professionals|managers) (?:need to |now |all )?(?:do|change)(?: (?:differently|about it|"
        r"in practice|better|next time|instead))*|"
        r"what (?:you|we|i|practitioners|agencies|professionals) (?:need|must|should|can|are asked|"
        r"could) (?:to )?(?:do|change|remember)(?: .*)?|"
        r"(?:key |take.?home |main )?messages? for .*|what (?:needs|has|ought) to (?:change|happen|"
        r"be done)(?: .*)?|what (?:should|must) (?:change|happen)(?: .*)?|"
        r"what (?:the|this) (?:review(?:er)?|report|panel|author) (?:asks?|wants|calls?|says should).*|"
        r"(?:implications|advice|tips|guidance|pointers) for .*|(?:practice )?(?:do['’]?s and don['’]?ts)|"
        r"how (?:can|should) (?:we|you|i) .*|proposals?|"
        r"changes? (?:we|that) (?:need|want|would like|are needed).*|key practice points.*|argymhellion",
    ),
    (
        "incident",
        r"what happened.*|(?:brief|key) facts|(?:the )?case in (?:summary|brief)|(?:the |about the |"
        r"a )?(?:incident|circumstances|story)(?: .*)?|what(?: is|"
        r" was)?(?: the|['’]s the)? (?:story|incident)|"
        r"(?:the |brief )?(?:case|incident|review) (?:summary|overview|synopsis|outline|details?|story)|"
        r"(?:brief |case |short )?(?:summary|synopsis|outline|overview) of (?:the )?(?:case|incident|"
        r"circumstances|events?|facts).*|"
        rf"{_NAME}['’]s? story|(?:the )?(?:facts|events?|case)(?: of the case)?|why (?:was|"
        rf"did) .* (?:review(?: .*)?|take place)|(?:the )?reason for (?:the )?review|"
        r"(?:the )?(?:critical|significant|serious|index) (?:incident|event)|.*\bbackground (?:to|"
        r"of) the (?:case|incident|review)|.*\bcircumstances\b.*|beth ddigwyddodd",
    ),
    (
        "background",
        r"(?:the |brief |some )?(?:background|context|cefndir)(?: (?:and|&|to|information|history|of).*)?|"
        r"(?:the |relevant )?(?:family|case|social|child)(?:['’]s)? (?:history|background|circumstances|"
        r"context|composition|life|situation)|"
        r"(?:about )?(?:the|their|his|her) family|history|(?:the )?family structure|genogram|pen picture|"
        r"what was (?:going on|happening|life like) .*|"
        r"what (?:did )?we (?:know|knew) about .*|(?:the )?family|"
        r"(?-i:[A-Z][\w'’-]+) and (?:his|her|their) (?:family|home|mother|father|parents)|"
        r"(?-i:[A-Z][\w'’-]+)['’]s? (?:family|home life|life|history|background)|"
        r"the (?:child|baby|young person|children|young people|family)(?: and (?:his|her|their|"
        r"the) family)?|"
        r"(?:who (?:is|was|were)|about|introducing|meet) (?!us\b|this\b)(?:the )?(?:child|children|baby|"
        r"family|[A-Z].*)|home life|(?:.* )?lived experience.*|(?:the |a )?(?:child|baby|.+)['’]s (?:day|"
        r"experience).*|family structure|pen (?:picture|portrait).*|life (?:before|at home).*",
    ),
    (
        "keywords",
        r"key ?-?words?(?: .*)?|(?:key )?themes?(?: identified)?|tags?|(?:key )?topics?|subjects?|"
        r"(?:key )?terms|"
        r"categories|filed under",
    ),
    (
        "summary",
        r"(?:brief |executive |short |case )?(?:summary|overview|synopsis|outline|abstract)|"
        r"introduction(?: .*)?|about(?: the (?:review|case))?|in brief|at a glance",
    ),
)
_COMPILED = tuple((field, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for field, pattern in _FAMILIES)

_NUMBERING = re.compile(
    r"^(?:(?:section|part|step|minute|box|stage)\s+\w+\s*[:.–-]?\s*|\(?\d{1,2}(?:\.\d+)*[.):]?\s+|"
    r"[ivx]{1,4}[.)]\s+|[a-h][.)]\s+)",
    re.IGNORECASE,
)
_SPELLINGS = {
    word: re.compile(rf"\b{word[0]}\w{{{len(word) - 3},{len(word) + 1}}}\b", re.IGNORECASE)
    for word in ("recommendations", "background", "learning", "keywords", "questions", "findings", "incident")
}


def heading_words(text: str) -> str:
    """A heading without its number, closing mark and edge punctuation."""
    text = _NUMBERING.sub("", " ".join(text.split()))
    return text.strip(" :.–—-*#").strip()


def _spelled(text: str) -> str:
    for word, pattern in _SPELLINGS.items():
        for match in pattern.finditer(text):
            got = match[0].casefold()
            if got != word and difflib.SequenceMatcher(None, got, word).ratio() >= 0.88:
                text = text.replace(match[0], word)
    return text


def field_of(heading: str) -> Field | None:
    """The field that a heading opens; None for a heading of no family."""
    words = heading_words(heading).strip("?").strip()
    words = re.sub(r"\s*[\[(][^\])]*[\])]?\s*$", "", words) or words
    if not words or len(words.split()) > 14 or len(words) > 140:
        return None
    for candidate in dict.fromkeys((words, _spelled(words))):
        for field, pattern in _COMPILED:
            if pattern.fullmatch(candidate):
                return field
    return None
