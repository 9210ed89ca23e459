"""What the words of a mail server's answer speak of: who sends, the reader's mailbox, or what passes.

Codes are often too coarse (550 alone is given for everything), so the words decide. The two mistakes cost
differently: taking our own trouble for a dead address costs every reader their digest, the other way round
one letter is only tried again. So where words point both ways, they speak of us.
"""

from __future__ import annotations

import re

_ADDRESS = r"(?:\S+@\S+)"
_NAMES = re.compile(rf"{_ADDRESS}|https?://\S+")  # whoever is called spam.example says nothing with that

_NOBODY = re.compile(
    r"no such (?:local )?(?:user|person|recipient|mailbox|address|account)"
    r"|(?:user|recipient|address|addressee|mailbox)\W{1,3}(?:is )?(?:unknown|not (?:known|found))"
    r"|unknown (?:user|recipient|address|mailbox|local[- ]part)|recip(?:ient)? ?not ?found"
    rf"|(?:user|recipient|mailbox|account) {_ADDRESS} (?:is )?(?:unknown|not (?:known|found))"
    r"|(?:user|account|mail ?box|recipient|alias|person|(?<!ip )address)[^.]{0,60}"
    r"(?:does not|doesn['\u2019]?t) exist"
    rf"|{_ADDRESS} (?:does not|doesn['\u2019]?t) exist"
    r"|user (?:does not|doesn['\u2019]?t) have an? \S{1,60} account"
    r"|no (?:mailbox|account|user) (?:here )?(?:by|with|of) that name|no mailbox here"
    r"|not a (?:valid|known) (?:user|mailbox|recipient)|bad destination mailbox address"
    r"|invalid (?:recipient|mailbox|user)\b|unrouteable address"
    r"|no longer (?:works|valid|in use|available|exists|accepts)"
    r"|(?:account|mailbox|user)[^.]{0,20}(?:disabled|closed|inactive|deactivated)",
    re.I,
)
_FULL = re.compile(
    r"(?:mail ?box|inbox)[^.]{0,30}\bfull\b|over ?quota|out of storage|quota[^.]{0,20}exceed"
    r"|exceed\w*[^.]{0,30}\b(?:quota|storage|mail ?box)"
    r"|(?:mail ?box|inbox|storage)[^.]{0,40}\b(?:exceed|limit)",
    re.I,
)
_LARGE = re.compile(r"\bsize\b|large|big\b|too much", re.I)
_LARGE_MESSAGE = re.compile(r"message[^.]{0,20}\b(?:size\b|too (?:large|big)\b)", re.I)
_GREYLISTED = re.compile(r"gr[ae]y-?list", re.I)
# Google gives 5.2.1, as for a disabled account, to who gets much mail at the moment.
_PASSING = re.compile(
    r"receiving (?:e?-?mail|messages)[^.]{0,20}\b(?:rate|quickly|fast)|temporar|try (?:again )?later", re.I
)
_SENDER = re.compile(
    r"\bsender|\bsending\b|\boutgoing\b|\bclient\b|\b(?:HELO|EHLO|MTA)\b|mail ?from|envelope from"
    r"|allowed to (?:send|relay)|\b(?:daily|hourly)\b|per (?:minute|hour|day)\b"
    r"|\byour (?:trial |e-?mail |mail )?"
    r"(?:account|address|domain|IP|host|server|network|country|access|provider|organi[sz]ation)",
    re.I,
)
_RULES = re.compile(
    r"relay(?:ing)?\b[^.]{0,20}(?:denied|prohibited|not (?:permitted|allowed))|(?:unable|not \w+) to relay"
    r"|rcpthosts"
    r"|blocked\b|block ?list|black ?list|deny ?list|\blisted\b|\bbanned\b|\bDNSBL|\bRBL\b|spamhaus|reputation"
    r"|\bspam\b|\babuse\b|\bSPF\b|\bDKIM\b|\bDMARC\b|\bauthenticat|reverse (?:DNS|hostname)|\bPTR\b"
    r"|(?<!address )(?<!recipient )(?<!callout )\bverif(?:y|ied|ication)"
    r"|(?:from|\bhost)[^.:]{0,20}(?:rejected|denied|refused)"
    r"|\bsuspended|\blimit|\bexceed|\bpolic(?:y|ies)\b|prohibit|administrativ"
    r"|(?:not |un)(?:authori[sz]ed|verified)\b(?! address)"
    r"|throttl|too many (?:messages|mails|emails|connections|recipients)",
    re.I,
)
_CONNECTIONS = re.compile(
    r"concurrent|thread limit|connection limit"
    r"|too many (?:simultaneous |smtp |open )*(?:connections|sessions)",
    re.I,
)
_READER_REFUSED = re.compile(
    r"recipient[^.:]{0,20}(?:rejected|restricted|denied)|\b5\.7\.1(?:2|24|29|3[0-9])\b", re.I
)
_OF_A_MEMBER = re.compile(
    r"\bonly (?:accepts?|receives?|takes?)\b|accepts? [^.]{0,20}\bonly from"
    r"|\bsend(?:ing)? (?:e?-?mails? |messages? )?to (?:this|the) "
    r"(?:recipient|user|group|mailbox|address|list)",
    re.I,
)
_READERS_ACCOUNT = re.compile(
    r"(?:recipient|mail ?box|user|this (?:e-?mail )?account)[^.]{0,30}\bsuspended", re.I
)


def says_nobody(text: str) -> bool:
    """There is no such mailbox, in plain words."""
    return _NOBODY.search(text) is not None


def says_full(text: str) -> bool:
    """The reader's mailbox is full (and not: we sent more than we may)."""
    return _FULL.search(text) is not None and not names_sender(text)


def says_large(text: str) -> bool:
    """Something is too large: with a 552 the letter."""
    return _LARGE.search(text) is not None


def says_large_message(text: str) -> bool:
    """The letter is too large, whatever the code."""
    return _LARGE_MESSAGE.search(text) is not None


def says_greylisted(text: str) -> bool:
    return _GREYLISTED.search(text) is not None


def says_passing(text: str) -> bool:
    """It will pass, though the code is that of a refusal for good."""
    return _PASSING.search(text) is not None


def names_sender(text: str) -> bool:
    """It is about who sends: the address, the machine, the account."""
    return _OF_A_MEMBER.search(text) is None and _SENDER.search(_NAMES.sub("", text)) is not None


def names_rules(text: str) -> bool:
    """It is about what a server does not let everybody do: blocklists, limits, policies."""
    said = _READERS_ACCOUNT.sub("", _NAMES.sub("", text))
    return _OF_A_MEMBER.search(text) is None and _RULES.search(said) is not None


def names_reader(text: str) -> bool:
    """It is this recipient who is refused, whatever for."""
    return _READER_REFUSED.search(text) is not None or _OF_A_MEMBER.search(text) is not None


def names_connections(text: str) -> bool:
    """So many connections at once are too many, as Microsoft 365 says of the fourth."""
    return _CONNECTIONS.search(text) is not None
