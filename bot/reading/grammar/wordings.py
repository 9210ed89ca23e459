"""The wordings of the families of labels: what headings say in this field, family by family.

The first family whose words are a heading's is taken, so what is narrow stands before what is wide. Where a
question opens a part (`What needs to change?`), its verb and tense tell the family, whoever is asked.
"""

from __future__ import annotations

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

# Who asks or is asked: `we`, `agencies`, `the partnership`.
_WHO = (
    r"(?:(?:we|i|you|they|the|our|this|partners?|agencies|agency|services|professionals|practitioners|staff|"
    r"managers|partnership|board|panel|review|reviewers?|local|safeguarding|already|do|did) ){0,4}"
)
_SOMEBODY = (
    r"(?:the |their |his |her )?(?:family|families|child|children|parents?|mother|father|siblings?|"
    r"young (?:person|people)|practitioners|relatives|grandparents)|he|she|they|(?-i:[A-Z]\w+)"
)
_NAME = r"(?:[\w'’‘“”\".-]{1,30} ){0,4}[\w‘“”\".-]{1,30}?"

FAMILIES: tuple[tuple[Field, str], ...] = (
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
        r"(?:upcoming |forthcoming |future )?(?:learning |training |practitioner )?events|"
        r"further help|need help.*|in this section|pages in this (?:guide|section)|on this page|contents|"
        r"upcoming training|"
        r"book (?:training|a place|now).*|latest news|cookies?.*|menu|search|stay up to date|"
        r"looking for something else.*|"
        r"get this update.*|can['’]?t find .*|back to top|feedback form|comments|"
        r"(?:more|other|all|recent) news|news|(?:upcoming |other )?events|post navigation|"
        r"leave a (?:comment|reply)|"
        r"you might also .*|more in this section|(?:emergency|useful) contacts|quick links|popular pages|"
        r"connect with us|more (?:learning|reviews|from .*|like this|in .*)|"
        r"other (?:learning|briefings|reviews)|"
        r"table of contents|categories and tags",
    ),
    ("section", rf"what (?:did )?(?:{_SOMEBODY}) (?:tell|told|said|say|think|thought|want(?:ed)?|felt)\b.*"),
    # What a question asks: `what happened since` is no incident, `what we are doing` no plan.
    (
        "actions",
        rf"what (?:has |have )?happened (?:as a result|since|afterwards|in response).*|"
        rf"what {_WHO}(?:is|are|has|have) {_WHO}(?:being done|doing|been doing)(?: .*)?|"
        rf"what {_WHO}(?:has|have|had) (?:already |since )?"
        r"(?:done|changed|put in place|introduced|improved)(?: .*)?|"
        rf"what actions? (?:has|have|was|were|is|are) .*|how (?:have|has|did) {_WHO}respond.*|"
        r"you said,? we did.*|(?:changes|improvements|developments) (?:to|in|since) .*|since then|"
        r"(?:[\w-]+ ){0,2}(?:improvements|changes|developments) (?:already |now )?"
        r"(?:under ?way|in (?:place|progress))|"
        r"work (?:already )?(?:done|completed|under ?way).*",
    ),
    ("recommendations", r"good practice recommendations.*"),
    ("background", r"(?:the |their |his |her )?family(?:['’]s)? circumstances"),
    (
        "incident",
        rf"what (?:is|was|were) (?:this|the) (?:case|review|story) about|(?:[^:]{{3,60}}): what happened|"
        rf"(?:what|(?:the )?(?:events?|incidents?|circumstances)) (?:which |that )?"
        rf"(?:led|leading|leads|resulted|resulting) (?:up )?(?:to|in) .*|"
        rf"what {_WHO}know (?:about what )?happened|summary of what happened",
    ),
    (
        "background",
        rf"what (?:was|is|were) (?:already )?known (?:about|of|to|by) .*|what (?:did )?{_WHO}(?:know|knew)"
        r"(?: (?:about|at|before) .*)?",
    ),
    (
        "learning",
        rf"why (?:did|does|do) (?:it|this|that|things) (?:happen|matter|go wrong).*|"
        r"why (?:it|this|that) (?:happened|matters)|"
        rf"what (?:do |did )?{_WHO}(?:need|needed|needs) to (?:know|learn|understand).*|"
        rf"what (?:got|gets|was getting) in the way.*|what (?:worries|worried|concerned) us|"
        r"what (?:are|were) (?:we|you) worried about|"
        r"what (?:does|do|did|can) (?:this|it|these|the (?:case|review|evidence|data))(?: \w+)? "
        r"(?:tell|teach|show)(?: us)?|"
        r"what (?:the|this|these) \w+ (?:tells?|teach(?:es)?|shows?)(?: us)?|"
        r"(?:\w+ )?(?:things|points|messages) (?:we (?:have )?learn(?:ed|t)|"
        r"to (?:remember|take away|take home|note))|"
        r".*\b(?:challenges|barriers)\b.*|where (?:practice|things|we|services) (?:could|can|should|did) .*|"
        r"gaps?(?: (?:in|identified).*)?",
    ),
    (
        "recommendations",
        rf"what {_WHO}(?:are |is )?(?:asking|want(?:s|ing)?|expect(?:s|ing)?) .*|what do we want .*|"
        r"your role(?: .*)?|(?:how (?:can|could) (?:you|i|we) )?mak(?:e|ing) a difference|calls? to action|"
        r"what (?:does|do) (?:this|it|these|the \w+) mean (?:for|to) .*|what (?:this|it) means (?:for|to) .*|"
        r"putting (?:it|this|(?:the )?learning) into practice|in your practice|(?:points to )?remember|"
        r"(?:required|recommended|suggested|proposed) (?:actions|changes)|"
        r"(?:actions?|changes?) (?:required|needed)|"
        r"(?:improving|how to improve) (?:our |your )?(?:practice|response|services?)",
    ),
    ("links", r"other resources"),
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
        r"read (?:more|the .*)|find out more|further reading|links?|publications?|"
        r"more (?:detail|on this)|attachments?|files?|(?:view|download|see) (?:the|our|this|a) .*|see also|"
        r"where (?:can|do|could) (?:i|you|we) (?:find|get|read|learn) .*|find (?:further|more) .*|"
        r"(?:links|downloads|documents) and (?:links|downloads|documents|resources)|"
        r"(?:tell us|let us know) what you think|(?:(?:give|send|leave)(?: us)? )?(?:your )?feedback",
    ),
    (
        "good_practice",
        r".*\b(?:good|best|positive|effective|strong|notable) (?:practi[cs]e|work)\b.*|(?:what )?(?:went|"
        r"worked|was done|is working|we did) well|"
        r".*\bwhat (?:went|worked|was done|is working|(?:did )?we (?:do|did)) well\b.*|"
        r"(?:[\w-]+ ){0,2}strengths?\b.*|things that (?:went|worked) well|"
        r"what (?:did )?(?:\w+ ){1,3}(?:do|did|does) well|"
        r"(?:what|where|how) (?!.*\b(?:not|could|should|better)\b).*\b(?:strong|effective)(?:ly)?|"
        r"positives?(?: aspects?)?|what was good|"
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
        r"ask your(?:self|selves).*|time to reflect|(?:stop|pause) and (?:think|reflect|consider)|"
        r"over to you|consider|"
        r"what would you (?:do|have done).*|(?:[\w-]+ ){0,2}prompts?(?: for .*)?|food for thought|"
        r"reflect (?:and|on) .*|reflections? (?:for|on) .*|let['’]?s talk .*|"
        r"use (?:this|it) in (?:supervision|team meetings).*|talk (?:about|through) (?:it|this).*|"
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
        r"(?:[\w-]+ ){0,3}findings|"
        r"(?:(?:the|our|key|main|practice|learning|emerging|significant|headline|common|recurring|central|"
        r"overarching|cross-cutting|wider|major) ){1,4}(?:issues?|themes?|messages?|points?|"
        r"concerns?)(?! for practi).*|issues(?: identified)?|"
        r"what (?:else )?(?:did|have|has|do) (?:we|the review(?:er)?|it) (?:find|found|learn\w*|tell us|"
        r"show|identif\w+)(?: out)?|"
        r"what (?:the|this) (?:review(?:ers?)?|panel|report) (?:found|told us|identified|showed|says?|"
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
        r"what happened.*|(?:brief|key) (?:facts|details)(?: (?:of|about) .*)?|(?:the )?(?:case )?scenario|"
        r"(?:case|incident) (?:study|details?)|(?:trigger|index) (?:incident|event)|sequence of events|"
        r"the (?:tragedy|(?:death|murder|injury|injuries) of .*)|"
        r"(?:the )?case in (?:summary|brief)|(?:the |about the |"
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
        r"(?:[\w-]+ ){0,2}?(?:background|context|cefndir)(?: (?:and|&|to|information|history|of).*)?|"
        r"(?:the |relevant )?(?:family|case|social|child)(?:['’]s)? (?:history|background|circumstances|"
        r"context|composition|life|situation)|"
        r"(?:about )?(?:the|their|his|her) family|"
        r"(?:brief |previous |significant |relevant |past )*history(?: of .*)?|contextual information|"
        r"(?:family|child|children|household|social)(?: and (?:family|child|social|household))? "
        r"(?:background|history|composition)|(?:a )?day in the life of .*|profile of .*|"
        r"(?:the )?family structure|genogram|pen picture|"
        r"what was (?:going on|happening|life like) .*|"
        r"what (?:did )?we (?:know|knew) about .*|(?:the )?family|"
        r"(?-i:[A-Z][\w'’-]+) and (?:his|her|their) (?:family|home|mother|father|parents)|"
        r"(?-i:[A-Z][\w'’-]+)['’]s? (?:family|home life|life|history|background)|"
        r"the (?:child|baby|young person|children|young people|family)(?: and (?:his|her|their|"
        r"the) family)?|"
        r"(?:who (?:is|was|were)|about|introducing|meet) (?!us\b|this\b)(?:the )?(?:child|children|baby|"
        r"family|(?-i:[A-Z]).*)|home life|"
        r"(?:.* )?lived experience.*|(?:the |a )?(?:child|baby|.+)['’]s (?:day|"
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
        r"introduction(?: .*)?|why (?:this|the|our|a) (?:briefing|bulletin|summary|leaflet|newsletter|page)|"
        r"why (?:are|have|did) we (?!review).*|why (?:am i|are you) reading this|"
        r"about(?: the (?:review|case))?|in brief|at a glance",
    ),
)
