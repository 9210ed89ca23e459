"""The sex of the child or children: by the nouns used of them, else by the pronouns that mean them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.reading.facts.people import Account, account_of
from bot.reading.facts.who import Mention

Sex = Literal["male", "female", "mixed"]

_IN_BRACKETS = re.compile(
    r"\s*\([^()]{0,30}?\b(?P<sex>male|female|boy|girl|m|f)\b[^()]{0,30}\)|,\s+(?P<after>male|female)\b",
    re.IGNORECASE,
)


def sex_of(text: str, *, whole: str = "", several: bool = False) -> Sex | None:
    """The sex of the child or children of an account.

    `several`: the title is of more than one child, who may be told of one a sentence. `whole`: other words of
    the record, read only where the account says nothing.
    """
    account = account_of(text)
    nouns = [(one, sex) for one in account.children if (sex := _told_of(account, one))]
    if _several(account.children):
        return _of_group(nouns)
    if nouns:
        sexes = {sex for one, sex in nouns if several or one.sentence == nouns[0][0].sentence}
        return "mixed" if len(sexes) > 1 else nouns[0][1]
    for one in account.mentions:
        if one.phrase.kind == "he" and one.who == "child":
            return one.phrase.sex
    return _of_baby(whole) if whole else None


def _told_of(account: Account, mention: Mention) -> Literal["male", "female"] | None:
    if mention.phrase.sex:
        return mention.phrase.sex
    after = _IN_BRACKETS.match(account.text, mention.end)
    told = (after["sex"] or after["after"]).casefold() if after else ""
    return "male" if told in ("male", "boy", "m") else "female" if told else None


def _several(children: Sequence[Mention]) -> bool:
    """Whether the review is of more than one: a plural, or one child beside another at the first mention."""
    first = [one for one in children if one.sentence == children[0].sentence]
    if any(one.phrase.several or one.part for one in first):
        return True
    kin = [one for one in first[1:] if one.phrase.kind == "kin"]
    return bool(kin) or len([one for one in first if one.phrase.named]) > 1


def _of_group(nouns: Sequence[tuple[Mention, Literal["male", "female"]]]) -> Sex | None:
    """`two girls and a boy` is mixed; one boy among several children tells nothing of the others."""
    sexes = {sex for _, sex in nouns}
    owners = [
        whose[0]
        for one, _ in nouns
        if one.phrase.kind == "kin" and (whose := re.match(r"his|her", one.phrase.det))
    ]
    sexes.update("male" if whose == "his" else "female" for whose in owners)
    if len(sexes) > 1:
        return "mixed"
    whole = any(one.phrase.several or one.phrase.det.startswith(("neither", "both")) for one, _ in nouns)
    each = len([one for one, _ in nouns if one.sentence == nouns[0][0].sentence]) + len(owners) > 1
    return sexes.pop() if sexes and (whole or each) else None


def _of_baby(text: str) -> Sex | None:
    """How a baby is spoken of in other words of the record."""
    account = account_of(text)
    for one in account.mentions:
        if (
            one.phrase.kind == "he"
            and one.who == "child"
            and re.search(r"(?i)\bbaby\b", account.before(one.start))
        ):
            return one.phrase.sex
    return None
