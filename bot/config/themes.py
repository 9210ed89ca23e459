"""An administrator's own themes in subscriptions.yaml: what their forms cannot see by themselves.

Each phrase is made ready as it will be when reviews are read, and each mute looked up among the phrases that
ship, so that every mistake is told at its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from bot.config.problems import check_unique, items
from bot.config.sheet import Place, Sheet, shown
from bot.config.theme_forms import OwnThemeForm, PhraseForm
from bot.themes import Vocabulary
from bot.themes.own import check_phrase, phrases_of, plainly
from bot.themes.phrases import Element
from bot.themes.vocabulary import STRENGTHS, sets_of

_NEW = "a theme of your own needs a name, `name: Water safety`"


def ids_in(sheet: Sheet) -> tuple[str, ...]:
    """The ids of the file's own themes, so that subscriptions may ask for them."""
    return tuple(id for _, entry in _entries(sheet) if isinstance(id := entry.get("id"), str))


def entry_of(form: OwnThemeForm) -> Mapping[str, object]:
    """An own theme as `bot.themes.own` takes it: what was left out is left out."""
    phrases = {"strong": form.strong, "weak": form.weak, "not": form.never}
    listed = {strength: [_written(phrase) for phrase in some] for strength, some in phrases.items()}
    values = {"id": form.id, "name": form.name, "ages": form.ages, "mute": form.mute, **listed}
    return {key: value for key, value in values.items() if value}


def _written(phrase: PhraseForm) -> object:
    return {"phrase": phrase.phrase, "in": phrase.fields} if phrase.fields else phrase.phrase


def check_themes(sheet: Sheet, shipped: Vocabulary) -> None:
    """Adds to the sheet what is wrong with its own themes. That a value is no text or list, forms say."""
    check_unique(sheet, "themes")
    sets = sets_of(shipped.written)
    for place, entry in _entries(sheet):
        _check_phrases(sheet, place, entry, sets)
        id = entry.get("id")
        if isinstance(id, str) and id in shipped.ids:
            _check_addition(sheet, place, entry, shipped, id)
        elif isinstance(id, str):
            _check_new(sheet, place, entry, shipped, id)


def _entries(sheet: Sheet) -> Iterator[tuple[Place, dict[str, object]]]:
    for place, entry in items(sheet.content, "themes"):
        if isinstance(entry, dict):
            yield place, entry


def _check_phrases(
    sheet: Sheet, place: Place, entry: Mapping[str, object], sets: Mapping[str, Element]
) -> None:
    for strength in STRENGTHS:
        for inner, written in items(entry, strength):
            text = written.get("phrase") if isinstance(written, dict) else written
            if isinstance(text, str) and text.strip():
                try:
                    check_phrase(plainly(text), sets)
                except ValueError as error:
                    sheet.add((*place, *inner), str(error))


def _check_new(sheet: Sheet, place: Place, entry: Mapping[str, object], shipped: Vocabulary, id: str) -> None:
    """A theme that does not ship: either a new one, or the id of another mistyped."""
    guess = get_close_matches(id, shipped.ids, n=1, cutoff=0.8)
    if not entry.get("name") and guess:
        wrong = f"no theme `{shown(id)}` ships; did you mean `{guess[0]}`? If not: {_NEW}"
        sheet.settle((*place, "id"), wrong)
        return
    if not entry.get("name"):
        sheet.add((*place, "name"), f"is missing: no theme `{shown(id)}` ships, and {_NEW}")
    if entry.get("mute"):
        wrong = "takes phrases from a theme that ships, and this is one of your own; take it out"
        sheet.add((*place, "mute"), wrong)
    strong, weak = entry.get("strong"), entry.get("weak")
    if not strong and not weak and not entry.get("ages"):
        sheet.add(place, "has no phrases; write some, such as `strong: [drowning]`")
    elif not strong and isinstance(weak, list) and len(weak) == 1 and not entry.get("ages"):
        right = "two different ones are needed; add another, or write it under `strong`"
        sheet.add((*place, "weak"), f"is one phrase alone, which is never enough: {right}")


def _check_addition(
    sheet: Sheet, place: Place, entry: Mapping[str, object], shipped: Vocabulary, id: str
) -> None:
    """A theme that ships: what is muted must be there, and something must be left."""
    if not any(value for key, value in entry.items() if key != "id"):
        wrong = f"changes nothing: `{id}` ships; add phrases to it or mute some, or take this entry out"
        sheet.add((*place, "id"), wrong)
    finding, others = phrases_of(shipped, id)
    known = (*finding, *others)
    muted: set[str] = set()
    for inner, text in items(entry, "mute"):
        if not isinstance(text, str) or not text.strip():
            continue
        phrase = plainly(text)
        muted.add(phrase)
        if phrase not in known:
            near = get_close_matches(phrase, known, n=1)
            right = (
                f"did you mean `{near[0]}`?" if near else f"`learning-bot themes list {id}` shows them all"
            )
            sheet.add((*place, *inner), f"`{shown(phrase)}` is no phrase of `{id}` as it ships; {right}")
    if muted >= {*finding} and not entry.get("strong") and not entry.get("weak"):
        wrong = f"leaves `{id}` without a phrase; keep one, or ask for the theme in no subscription"
        sheet.add((*place, "mute"), wrong)
