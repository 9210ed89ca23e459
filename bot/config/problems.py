"""From what pydantic says of a form to what a person needs to hear: where, what is wrong, what is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from bot.config.form import Form, Known, keys_of
from bot.config.sheet import Place, Sheet, shown
from bot.config.values import nearest
from bot.errors import Problem
from bot.themes.vocabulary import STRENGTHS

F = TypeVar("F", bound=Form)

# What people write where the form has another name for it.
_MEANT = {
    "interval": "every",
    "frequency": "every",
    "address": "url",
    "link": "url",
    "type": "reads",
    "selectors": "select",
    "schedule": "digest",
    "email": "to",
    "emails": "to",
    "recipients": "to",
    "topics": "themes",
    "tags": "themes",
    "keywords": "words",
    "filter": "where",
    "filters": "where",
    "tz": "timezone",
    "phrases": "strong",
    "words": "strong",
    "exclude": "not",
    "except": "not",
    "none": "not",
    "remove": "mute",
    "age": "ages",
    "fields": "in",
    "only_in": "in",
    "intro": "introduction",
    "note": "introduction",
    "image": "logo",
    "picture": "file",
    "src": "file",
}

_EXAMPLES = {
    "id": "id: harrowmere-reviews",
    "name": "name: Harrowmere Safeguarding Children Partnership",
    "url": "url: https://example.org/reviews",
    "item": 'item: "article.review"',
    "cron": 'cron: "0 8 * * mon"',
    "to": "to: [lead@example.org]",
    "digest": "digest: weekly",
    "defaults": "defaults: {every: 6h, contact: safeguarding@example.org}",
    "select": 'select: {item: "article.review"}',
    "expect": "expect: {min: 1, max: 40}",
    "themes": "themes: {any: [neglect]}",
    "phrase": "phrase: pool",
    "words": 'words: {any: ["co-sleeping"]}',
    "where": 'where: {age: "< 1 year"}',
    "digests": 'digests: {weekly: {cron: "0 8 * * mon"}}',
    "organisation": "organisation: {name: Harrowmere Safeguarding Children Partnership}",
    "logo": "logo: {file: logo.png, alt: Harrowmere, width: 160}",
    "file": "file: logo.png",
    "alt": "alt: Harrowmere Safeguarding Children Partnership",
    "sources": "sources:` and below it an entry a page, `- id: harrowmere-reviews`, or for none `sources: []",
    "subscriptions": "subscriptions:` and below it an entry a group of readers, `- id: baby-safety`, "
    "or for none `subscriptions: []",
}


def fill(form: type[F], sheet: Sheet, known: Known) -> F | None:
    """The filled form; None where it cannot be, and then `sheet` has the problems."""
    try:
        return form.model_validate(sheet.content, context=known)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            place = tuple(step for step in found["loc"] if step != "[key]")
            sheet.add(place, _words(form, place, found))
        return None


def check_unique(sheet: Sheet, entries: str) -> None:
    """That no two entries of this list have the same id."""
    first: dict[str, Place] = {}
    for place, item in items(sheet.content, entries):
        name = item.get("id") if isinstance(item, dict) else None
        if not isinstance(name, str):
            continue
        if name in first:
            line = sheet.line((*first[name], "id"))
            sheet.add(
                (*place, "id"), f"`{shown(name)}` is the id of the entry at line {line} too; choose another"
            )
        first.setdefault(name, place)


def items(content: object, key: str) -> list[tuple[Place, object]]:
    """The entries of a list in the file, each with its place; none where there is no list."""
    found = content.get(key) if isinstance(content, dict) else None
    return [((key, index), item) for index, item in enumerate(found)] if isinstance(found, list) else []


def names(content: object, key: str) -> tuple[str, ...]:
    """The names of a mapping in the file (digests, footers); none where there is no mapping."""
    found = content.get(key) if isinstance(content, dict) else None
    return tuple(found) if isinstance(found, dict) else ()


def by_line(problems: list[Problem]) -> list[Problem]:
    """In the order of the file, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line or 0))


# --- words --------------------------------------------------------------------------------------------


def _words(form: type[BaseModel], place: Place, found: Mapping[str, Any]) -> str:
    kind, given = str(found["type"]), found["input"]
    key = str(place[-1]) if place else ""
    if kind == "value_error":
        return str(found["ctx"]["error"])
    if kind in ("list_type", "model_type") and given is not None and (right := _of_own_themes(place)):
        return f"{right}, not {_said(given)}"
    if kind == "missing":
        return f"is missing or empty; write `{_EXAMPLES.get(key, key)}`"
    if kind == "extra_forbidden":
        return _unknown(key, tuple(keys_of(_form_at(form, place[:-1]))))
    if given is None:
        return "is empty; write a value, or take it out"
    if kind == "literal_error":
        allowed = [
            option.strip("'") for option in str(found["ctx"]["expected"]).replace(" or ", ", ").split(", ")
        ]
        guess = nearest(str(given), allowed)
        return f"should be one of {', '.join(allowed)}, not {_said(given)}" + (
            f"; did you mean `{guess}`?" if guess else ""
        )
    if kind in ("model_type", "dict_type") and key in _EXAMPLES:
        return f"should be `key: value` lines, such as `{_EXAMPLES[key]}`, not {_said(given)}"
    if kind == "list_type" and isinstance(given, str):
        return f"should be a list; write `{shown(key)}: [{shown(given)}]`"
    if kind == "string_type" and isinstance(given, dict) and list(given) == ["slack"]:
        return 'lacks its quotes; write "slack:#channel", in quotes and without a space'
    expected = _EXPECTED[kind].format_map(found.get("ctx", {})) if kind in _EXPECTED else str(found["msg"])
    return f"{expected}, not {_said(given)}"


def _of_own_themes(place: Place) -> str | None:
    """What should stand in a list of themes or of their phrases; None for any other place."""
    if place == ("themes",):
        return (
            "should be a list of your own themes, each with `- id: water-safety` and its phrases below it "
            "(what a subscription asks for stands inside its entry)"
        )
    if len(place) > 1 and place[-2] in STRENGTHS:
        return "should be a phrase in quotes, or `{phrase: pool, in: [title]}`"
    return None


_EXPECTED = {
    "list_type": "should be a list, such as [one, two]",
    "model_type": "should be `key: value` lines",
    "dict_type": "should be `name: value` lines",
    "string_type": "should be plain text (in quotes, if it has a colon and a space in it)",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "int_type": "should be a whole number",
    "int_parsing_size": "should be a smaller number",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
    "too_short": "should have at least one entry",
    "string_too_short": "should be a text",
    "date_from_datetime_parsing": "should be a day, such as 2027-01-31",
    "date_type": "should be a day, such as 2027-01-31",
}


def _said(given: object) -> str:
    if isinstance(given, dict):
        return "`key: value` lines"
    if isinstance(given, list):
        return "a list" if given else "an empty list"
    return f"`{shown(str(given))}`" if given else "empty"


def _unknown(key: str, known: tuple[str, ...]) -> str:
    guess = _MEANT.get(key.lower())
    guess = guess if guess in known else nearest(key, known)
    right = f"did you mean `{guess}`?" if guess else f"what can stand here: {', '.join(known)}"
    return f"`{shown(key)}` is not known here; {right}"


def _form_at(form: type[BaseModel], place: Place) -> type[BaseModel]:
    """The form that stands at a place; numbers and chosen names (of a digest) stay within theirs."""
    for step in place:
        inner = keys_of(form).get(step) if isinstance(step, str) else None
        form = (_form_in(inner.annotation) or form) if inner is not None else form
    return form


def _form_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((form for inner in get_args(annotation) if (form := _form_in(inner))), None)
