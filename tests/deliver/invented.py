"""Invented reviews of realistic length, in invented places, and digests made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.models import (
    Because,
    Coverage,
    Delivery,
    Difference,
    Digest,
    Doubtful,
    Edition,
    Entry,
    Evidence,
    Facts,
    Link,
    Named,
    Narrowed,
    Posted,
    Reason,
    Review,
    Section,
    Seen,
    SourceStanding,
    Subscriber,
    Theme,
)

SLOT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THEMES = {
    "infants": "Infants under one",
    "bruising-non-mobile": "Bruising in non-mobile babies",
    "information-sharing": "Information sharing",
    "neglect": "Neglect",
    "fathers": "Fathers and male carers",
}


DOUBTFUL = Doubtful(
    slot=SLOT - timedelta(days=7),
    state="uncertain",
    reviews=(Named(title="Child B", place="Saltmarsh", url="https://saltmarsh.example/b.pdf"),),
)


def name_of_theme(theme: str) -> str:
    return THEMES.get(theme, theme)


BABY_ROWAN = Review(
    title="Baby Rowan",
    place="Wetherby Vale",
    published="2026-11-17",
    year=2026,
    review_type="lcspr",
    incident=(
        "Baby Rowan was seven weeks old when he was taken to hospital by ambulance in March 2025 after he stopped "
        "feeding. Doctors found bruises to his face and arm and several healing fractures. He has since recovered "
        "and lives with relatives. Rowan’s mother was 19 and had been in care herself; his father did not live with "
        "the family and was not known to the health visiting service. A health visitor had seen a small bruise at "
        "the two-week visit and accepted the explanation that he had been lying on a dummy. A GP saw a second "
        "bruise at five weeks, wrote it in the notes, and did not make a referral. Neither practitioner knew of the "
        "other’s observation. A referral by a neighbour in February was closed without a visit, because the "
        "concern was thought to be about another address. The family had moved between two local authority areas "
        "during the pregnancy, and the pre-birth assessment that was begun in the first area was not finished in "
        "the second."
    ),
    learning=(
        "A bruise in a baby who is not yet mobile must always lead to a referral and an examination by a "
        "paediatrician, whatever explanation is given",
        "Pre-birth assessments need to follow a family who move, and the receiving area must say in writing that it "
        "has taken over",
        "Fathers who live apart are still fathers: their history and their contact with the baby belong in the "
        "assessment",
        "Care-experienced parents often fear asking for help, and need to hear early what support they can have",
        "A referral must not be closed on an address alone",
        "Explanations that parents give need to be tested against what is known of a baby’s development",
        "Recording an injury is not the same as acting on it",
        "Practitioners need to know who else is seeing the baby",
        "Supervision should ask about each baby under one by name",
    ),
    recommendations=(
        "The partnership should make sure that every practitioner who sees babies knows the bruising protocol, and "
        "test this once a year",
        "The health providers should agree one place where any mark on a non-mobile baby is recorded and can be "
        "seen by GPs, health visitors and midwives",
        "Children’s social care should check that no contact is closed on the ground of address without a call "
        "back to the referrer",
    ),
    good_practice=(
        "The ambulance crew noticed what the baby’s clothes covered, and told the ward so",
        "The neighbour’s concern was heard patiently and written down in her own words",
    ),
    questions=(
        "How sure are you that every colleague would refer a bruise in a baby of five weeks?",
        "When did you last ask about a father who was not in the room?",
        "What happens in your service when a family moves in the middle of an assessment?",
    ),
    links=(
        Link(label="Read the overview report (PDF)", url="https://www.wetherbyvale-scp.example/rowan.pdf"),
        Link(label="Seven-minute briefing", url="https://www.wetherbyvale-scp.example/rowan-briefing"),
        Link(label="here", url="https://www.wetherbyvale-scp.example/rowan-summary.docx"),
    ),
    facts=Facts(ages=("7 weeks",), sex="male", outcome="serious-harm", incident_date="2025-03"),
)
SIBLINGS = Review(
    title="Siblings in Port Lowen: learning review",
    place="Port Lowen",
    published="2026-11",
    review_type="lr",
    background=(
        "Three children lived with their mother and her partner in temporary housing. School attendance was poor for "
        "two years. The children were hungry, and said so to the lunchtime staff."
    ),
    learning=(
        "Each agency held a part of the picture, and none drew it together in a chronology",
        "Missed dental and hearing appointments were seen as the parent’s choice and not as neglect of the child’s "
        "needs",
    ),
    recommendations=("Use the neglect toolkit at the first sign, and again at each review",),
    questions=("Whose job is the chronology in your team?",),
    links=(Link(label="Report", url="https://portlowen.example/reports/siblings.pdf"),),
    facts=Facts(ages=("4 years", "6 years", "9 years"), outcome="serious-harm"),
)
BARE = Review(
    title="Child T (2017)",
    published="2017",
    review_type="scr",
    links=(Link(label="Child T (2017)", url="https://harrowmere.example/docs/child-t"),),
)
SECTIONED = Review(
    title="Thematic review of knife crime in Saltmarsh",
    place="Saltmarsh",
    published="2026-10-02",
    review_type="thematic",
    sections=(
        Section(heading="", items=("Four young people were interviewed about what would have helped.",)),
    ),
)


def because(theme: str | None = "bruising-non-mobile", *quotes: str, field: str = "learning") -> Because:
    evidence = tuple(Evidence(field=field, quote=quote) for quote in quotes)
    return Because(
        subscription="baby-safety",
        name="Baby safety leads",
        reasons=(Reason(theme=theme, evidence=evidence),),
    )


def seen(name: str = "Wetherby Vale Safeguarding Children Partnership", **more: str) -> Seen:
    return Seen(
        source_id="wetherby-vale",
        name=name,
        url=more.get("url", "https://www.wetherbyvale-scp.example/reviews"),
        first_seen=SLOT - timedelta(days=5),
        attribution=more.get("attribution"),
    )


def entry(review: Review = BABY_ROWAN, number: int = 1, **changes: object) -> Entry:
    made = Entry(
        kind="new",
        review_id=number,
        revision=1,
        review=review,
        themes=(Theme(id="infants", evidence=(Evidence(field="incident", quote="seven weeks old"),)),),
        because=(because("bruising-non-mobile", "Explanations that parents give need to be tested"),),
        seen=(seen(attribution="Summaries by NSPCC Learning"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's own short-hand


def revised() -> Entry:
    return entry(
        SIBLINGS,
        2,
        kind="revised",
        revision=2,
        because=(because("neglect", "neglect of the child’s needs"),),
        differences=(
            Difference(
                field="recommendations",
                before=("Use the neglect toolkit",),
                after=("Use the neglect toolkit at the first sign, and again at each review",),
            ),
            Difference(field="facts.outcome", before=(), after=("serious-harm",)),
        ),
    )


def withdrawn() -> Entry:
    return entry(replace(SIBLINGS, title="Child W", status="withdrawn"), 3, kind="withdrawn")


def digest(*entries: Entry, **changes: object) -> Digest:
    made = Digest(
        schedule="weekly",
        timezone="Europe/London",
        slot=SLOT,
        subscriptions=("Baby safety leads",),
        entries=entries,
        coverage=Coverage(
            checked=41,
            unread=(
                standing("Harrowmere Safeguarding Partnership", "blocked"),
                standing("Saltmarsh Children’s Board", "failing"),
            ),
            published_in_all=7,
        ),
        since=SLOT - timedelta(days=7),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's own short-hand


def standing(name: str, state: str) -> SourceStanding:
    return SourceStanding(
        source_id=name.lower().replace(" ", "-"),
        name=name,
        state=state,  # type: ignore[arg-type]  # one of the states
        since=SLOT - timedelta(days=11),
        last_run=SLOT,
        last_good=SLOT - timedelta(days=12),
    )


def full_week() -> Digest:
    """What a reader may well get: new, late, bare, revised and withdrawn reviews."""
    return digest(
        entry(),
        entry(BARE, 4, late=True, because=(because(None),)),
        entry(SECTIONED, 5, because=(because(None, "young people"),)),
        revised(),
        withdrawn(),
    )


def delivery(
    of: Digest | None = None,
    address: str = "lead@example.org",
    *,
    number: int = 12,
    posted: tuple[Posted, ...] = (),
    earlier: tuple[Posted, ...] = (),
    attempts: int = 0,
) -> Delivery:
    slack = address.startswith(("#", "C"))
    return Delivery(
        id=number,
        edition=Edition(id=f"edition-{number}", digest=of or digest(entry())),
        subscriber_id=7,
        subscriber=Subscriber(medium="slack" if slack else "email", address=address),
        state="sending",
        attempts=attempts,
        posted=posted,
        earlier=earlier,
    )


IN_WELSH = Review(
    title="Adolygiad Ymarfer Plant: Plentyn Ŵ",
    place="Aber Gwyn",
    published="2026-10",
    review_type="cpr",
    incident="Bu farw’r plentyn yn ei gartref. Nid oedd y bwrdd wedi clywed gan yr ysgol, ac mae’r teulu wedi symud.",
    learning=("Dylai pob ymarferydd wybod pwy sydd yn y cartref", "Listen to the whole family"),
    links=(Link(label="Adroddiad llawn (PDF, 640KB)", url="https://abergwyn.example/w.pdf"),),
)
FROM_RIGHT_TO_LEFT = Review(
    title="مراجعة حالة الطفل س",
    place="Saltmarsh",
    learning=("استمع إلى الطفل", "Ask with an interpreter, and not through a brother or sister"),
    links=(Link(label="Report", url="https://saltmarsh.example/s.pdf"),),
)
NARROWED = Because(
    subscription="babies-in-the-vale",
    name="Babies in the Vale",
    reasons=(
        Reason(theme="neglect", evidence=(Evidence(field="learning", quote="acting on it"),)),
        Reason(theme=None, narrowed=Narrowed(by="age", asked=("< 1 year",), found=("7 weeks",))),
        Reason(theme=None, narrowed=Narrowed(by="place", asked=("Wetherby",), found=("Wetherby Vale",))),
        Reason(theme=None, narrowed=Narrowed(by="outcome", asked=("death",), found=("serious-harm",))),
    ),
)
