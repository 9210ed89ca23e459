"""Areas and partnerships: which place a heading, a page or an address names.

The names are those of the authorities and safeguarding partnerships of the United Kingdom and the islands.
A place that is not among them is still read where a partnership is named after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from bot.reading.grammar.finder import Finder

_ENGLAND = """
Barking and Dagenham|Barnet|Barnsley|Bath and North East Somerset|Bedford|Bedford Borough|Bedfordshire|Bexley|
Bexley and Bromley|Birmingham|Blackburn with Darwen|Blackpool|Bolton|Bournemouth|
Bournemouth, Christchurch and Poole|
Bournemouth and Poole|Bracknell Forest|Bradford|Brent|Brighton and Hove|Brighton & Hove|Bristol|Bromley|
Buckinghamshire|Bury|Calderdale|Cambridgeshire|Cambridgeshire and Peterborough|Camden|Central Bedfordshire|
Cheshire East|Cheshire West and Chester|Cheshire West|Cheshire|City of London|City and Hackney|Cornwall|
Cornwall and Isles of Scilly|Cornwall and the Isles of Scilly|Coventry|Croydon|Cumberland|Cumbria|
Darlington|Derby|
Derby City|Derby City and Derbyshire|Derby and Derbyshire|Derbyshire|Devon|Doncaster|Dorset|Pan-Dorset|Dudley|
County Durham|Durham|Ealing|East Riding of Yorkshire|East Riding|East Sussex|Enfield|Essex|Gateshead|
Gloucestershire|
Greater Manchester|Greenwich|Hackney|Halton|Hammersmith and Fulham|Hampshire|Haringey|Harrow|Hartlepool|
Hartlepool and Stockton-on-Tees|Havering|Herefordshire|Hertfordshire|Hillingdon|Hounslow|Isle of Wight|
Isles of Scilly|Islington|Kensington and Chelsea|Kensington and Chelsea and Westminster|Kent|
Kingston upon Hull|Hull|
Kingston upon Thames|Kingston and Richmond|Kingston|Kirklees|Knowsley|Lambeth|Lancashire|Leeds|Leicester|
Leicester City|Leicestershire|Leicestershire and Rutland|Lewisham|Lincolnshire|Liverpool|Luton|
Manchester|Medway|
Merton|Middlesbrough|Milton Keynes|Newcastle upon Tyne|Newcastle|Newham|Norfolk|North East Lincolnshire|
North Lincolnshire|North Northamptonshire|North Somerset|North Tyneside|North Yorkshire|Northamptonshire|
Northumberland|Nottingham|Nottingham City|Nottinghamshire|Oldham|Oxfordshire|Peterborough|Plymouth|Poole|
Portsmouth|
Preston|Reading|Redbridge|Redcar and Cleveland|Richmond upon Thames|Rochdale|Rotherham|Rutland|Salford|
Sandwell|
Sefton|Sheffield|Shropshire|Slough|Solihull|Somerset|South Gloucestershire|South Tees|South Tyneside|
Southampton|
Southend-on-Sea|Southend|Southwark|St Helens|Staffordshire|Staffordshire and Stoke-on-Trent|Stockport|
Stockton-on-Tees|Stoke-on-Trent|Suffolk|Sunderland|Surrey|Sutton|Swindon|Tameside|Tees|Teeswide|
Telford and Wrekin|
Telford & Wrekin|Thurrock|Torbay|Tower Hamlets|Trafford|Wakefield|Walsall|Waltham Forest|Wandsworth|
Warrington|
Warwickshire|West Berkshire|West Northamptonshire|West Sussex|Westminster|Westmorland and Furness|Wigan|
Wiltshire|
Windsor and Maidenhead|Wirral|Wokingham|Wolverhampton|Worcestershire|York
"""
_REST = """
Blaenau Gwent|Bridgend|Caerphilly|Cardiff|Cardiff and Vale|Cardiff and the Vale of Glamorgan|Carmarthenshire|
Ceredigion|Conwy|Conwy and Denbighshire|Cwm Taf|Cwm Taf Morgannwg|Denbighshire|Flintshire|
Flintshire and Wrexham|
Gwent|Gwynedd|Gwynedd and Anglesey|Gwynedd and Ynys Môn|Isle of Anglesey|Anglesey|Ynys Môn|Merthyr Tydfil|
Mid and West Wales|Monmouthshire|Neath Port Talbot|Newport|North Wales|Pembrokeshire|Powys|
Rhondda Cynon Taf|Swansea|
Torfaen|Vale of Glamorgan|West Glamorgan|Western Bay|Wrexham|
Aberdeen|Aberdeen City|Aberdeenshire|Angus|Argyll and Bute|Clackmannanshire|Clackmannanshire and Stirling|
Dumfries and Galloway|Dundee|Dundee City|East Ayrshire|East Dunbartonshire|East Lothian|East and Midlothian|
East Renfrewshire|Edinburgh|Falkirk|Fife|Glasgow|Glasgow City|Highland|Inverclyde|Midlothian|Moray|
North Ayrshire|
North Lanarkshire|Orkney|Perth and Kinross|Renfrewshire|Scottish Borders|Shetland|South Ayrshire|
South Lanarkshire|
Stirling|West Dunbartonshire|West Lothian|Western Isles|
Belfast|Northern Ireland|South Eastern Trust|Southern Trust|Western Trust|Northern Trust|
Guernsey|Guernsey and Alderney|Jersey|Isle of Man
"""

PLACES: tuple[str, ...] = tuple(
    sorted({" ".join(name.split()) for name in (_ENGLAND + "|" + _REST).split("|")}, key=len, reverse=True)
)
_KNOWN: dict[str, str] = {name.casefold(): name for name in PLACES}
_ANY_PLACE = re.compile(r"(?<![\w-])(?:" + "|".join(re.escape(name) for name in PLACES) + r")(?![\w-])")

_NOBODY = re.compile(
    r"^(?:anonymous|anon|unknown|"
    r"not named|name withheld|(?:nspcc\s+)?(?:published\s+)?(?:on behalf of|by)\s+(?:an\s+)?un-?named.*|"
    r"(?:an\s+)?(?:anonymous|un-?named|unidentified)"
    r"(?:\s+(?:lscb|lscp|scp|local|authority|area|safeguarding|children['’]?s?|partnership|board|region))*)$",
    re.IGNORECASE,
)


def is_nobody(text: str) -> bool:
    """Whether the words stand where a place would, and say that it is not told."""
    return bool(_NOBODY.match(text.strip()))


def known_place(text: str) -> str | None:
    """The place that the text names and nothing else, written as it is usually written."""
    name = text.strip().strip(".,:;").replace(" & ", " and ")
    known = _KNOWN.get(name.casefold()) or _KNOWN.get(text.strip().casefold())
    return known.replace(" and ", " & ") if known and " & " in text else known  # in the source's own words


_NOT_A_NAME = re.compile(
    r"^(?:safeguarding|council|county|city|borough|local authority|children|adults board|scp|lscb|lscp|sab|"
    r"and|the)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"^\s*[-–—:|,]\s*|^\s+")


def leading_place(text: str) -> tuple[str | None, str]:
    """A place at the head of a line and the rest of it: `Torbay Vera` gives Torbay and `Vera`."""
    match = _ANY_PLACE.match(text)
    if match is None:
        return None, text
    rest = _BETWEEN.sub("", text[match.end() :], count=1)
    if (
        not rest
        or _NOT_A_NAME.match(rest)
        or not (rest[0].isupper() or rest[0].isdigit() or rest[0] in "‘“'\"")
    ):
        return None, text
    return known_place(match[0]), rest


_BODY = Finder(
    r"(?:Local |Regional |Multi[- ]Agency )*Safeguarding (?:and Child Protection |and Promoting )?"
    r"(?:Children(?:['’]?s)?|Adults?|People|Child|Childrens|Community|Community Partnership|Partnerships?|"
    r"Partners|Boards?)\b"
    r"(?: and (?:Adults?|Young People|Families))?|"
    r"(?:Area )?(?:Child|Adult|Public) Protection (?:Committee|Partnership|Board)|"
    r"Community Safety Partnership|\b(?:LSCB|LSCP|SCP|CSCP|SCB|SAB|SPP|CSP|SSCB)\b|"
    r"(?:(?:City|County|Borough|Metropolitan|District|Unitary) )+Council\b"
)
_JOINERS = {"and", "&", "of", "upon", "on", "with", "the", "under", "le", "in"}
_STOP_WORDS = """
a about all any archives at both by case child children contact for from home in its joint latest
learn local national news no nspcc of on or our partnership pan read reviews that the this to
welcome what when which whose with your regional independent annual review report serious practice
trust each every lscb lscp relevant council england wales scotland professionals menu skip other
neighbouring board published strategic
"""
_STOPS = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[A-Za-zÀ-ÿ][\w'’À-ÿ-]*|&|[^\s\w]")


_COUNCIL_SITE = re.compile(  # the last part of a page's title: `Reviews | Fenmarch Council`
    r"(?:[|–—]\s*|\s-\s)((?:[A-Z][\w'’-]+)(?: (?:and|of|upon|with|[A-Z][\w'’-]+)){0,4}) Council\s*$"
)


_OF_A_PLACE = re.compile(  # `Safeguarding Board for Fenmarch and the Wolds`
    r"(?:Safeguarding|Child Protection|Public Protection)(?: (?:Children|Adults?))?(?:['’]?s)? "
    r"(?:Partnership|Board|Committee) (?:for|of|in) "
    r"((?:the )?[A-Z][\w'’-]+(?:(?:,? (?:and|&|of|upon|on|the|with))* [A-Z][\w'’-]+)*)"
)


def partnership_places(text: str) -> tuple[str, ...]:
    """Places after which a partnership, board or council in the text is named: `Fenmarch SCP`."""
    found = []
    text = re.sub(r"(?:https?://|www\.)\S+", " ", text)
    for match in _BODY.finditer(text):
        name = _name_before(text[: match.start()])
        if name:
            found.append(name)
    for match in re.finditer(
        r"\b(?:London |Royal )?(?:Borough|Council) of (?:the )?((?:[A-Z][\w'’-]+|and|of| )+)", text
    ):
        name = match[1].strip()
        if known_place(name):
            found.append(name)
    found += [match[1].removeprefix("the ") for match in _OF_A_PLACE.finditer(text)]
    site = _COUNCIL_SITE.search(text)
    if site and not re.search(r"\b(?:Parish|Town|Youth|Arts|British|Medical|National)$", site[1]):
        found.append(site[1])
    return tuple(known_place(name) or name for name in found)


_PUBLISHER_LABEL = re.compile(
    r"(?:(?:safeguarding |lead |commissioning )?(?:board|partnership)|local authority|publisher|published by|"
    r"commissioned by|source|(?P<area>(?:local )?area|place|region))(?: name| area)?\s*:\s*(?P<whose>\S.*)",
    re.IGNORECASE,
)


def publisher_labelled(text: str) -> str | None:
    """The place in a line such as `Board: Fenmarch SAB`; empty where it is not told, None for other lines."""
    match = _PUBLISHER_LABEL.fullmatch(text)
    if match is None or len(text.split()) > 14:
        return None
    whose = match["whose"]
    if is_nobody(whose):
        return ""
    initials = re.search(r"\s+(?:L?S[CAP]{0,2}[PB]|CSP)$", whose)  # `Fenmarch SP`
    named = _name_before(whose[: initials.start()]) if initials else None
    if match["area"] and re.fullmatch(
        r"[A-Z][\w'’-]+(?:,? (?:(?:and|&|of|upon|on|the|with) )*[A-Z][\w'’-]+){0,4}", whose
    ):
        named = known_place(whose) or whose  # an area is named as it is, and not by its board
    return next(iter(partnership_places(whose)), named or known_place(whose))


def _name_before(text: str) -> str | None:
    words = _WORD.findall(text[-90:])
    taken: list[str] = []
    for word in reversed(words):
        low = word.casefold()
        if low in _JOINERS and taken:
            taken.append(low)
        elif (word[0].isupper() and low not in _STOPS) or (word == "," and {"and", "&"} & set(taken)):
            taken.append(word)  # `Fenmarch, Skell and Ure`
        else:
            break
    while taken and (taken[-1].casefold() in _JOINERS or taken[-1] == ","):
        taken.pop()
    name = " ".join(reversed(taken)).replace(" ,", ",")
    name = re.sub(r"^(?:London Borough of|Royal Borough of|City of(?! London)|County of)\s+", "", name)
    named = [word for word in name.split() if word not in _JOINERS]
    if len(name) > 4 and named and all(word.isupper() for word in named):
        name = " ".join(word if word.casefold() in _JOINERS else word.title() for word in name.split())
        name = re.sub(r"\b(And|Of|Upon|On|With|The)\b", lambda match: match[0].lower(), name)
    name = (
        re.sub(r"\s+(?:City|County|Borough|Metropolitan|Council)$", "", name)
        if not known_place(name)
        else name
    )
    if not name or len(name.split()) > 6 or (name.isupper() and len(name) <= 6):
        return None
    return name


def place_in_address(url: str) -> str | None:
    """The place that a host or path spells: `wandsworth.gov.uk`, `/east-sussex/`."""
    parts = urlsplit(url)
    segments = {_slug(part) for part in unquote(parts.path).split("/")} | {
        _slug(label) for label in (parts.hostname or "").split(".")
    }
    for place in PLACES:
        slug = _slug(place)
        if slug in segments or (len(slug) > 5 and any(part.startswith(slug) for part in segments)):
            return place
    return None


def _slug(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold().replace("&", "and"))


def mentioned_place(texts: Iterable[str]) -> str | None:
    """The known place that the texts mention most often, the first of equals."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(match[0] for match in _ANY_PLACE.finditer(text))
    return counts.most_common(1)[0][0] if counts else None
