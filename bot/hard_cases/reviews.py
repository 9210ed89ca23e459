"""The reviews that hard cases are made of: all invented, in invented places."""

from __future__ import annotations

from dataclasses import replace

from bot.models import Facts, Link, Review, Section

MARKUP = "<script>theirs()</script> & {{ 7*7 }} \"><img src=x onerror='theirs()'>"
REVIEW = Review(
    title="Child Linden",
    place="Saltmarsh",
    year=2026,
    published="2026-11-10",
    review_type="lcspr",
    incident="Linden, aged ten weeks, was taken to hospital with an injury that nobody could explain.",
    background="The family had moved twice, and had said that they were tired.",
    good_practice=("A health visitor asked twice, and wrote down the answers.",),
    learning=("Ask who is in the home.", "Write down what was seen, and who was told."),
    recommendations=("Agree one place where a mark on a baby is recorded.",),
    actions=("The protocol was rewritten.",),
    questions=("Who in your team would notice?",),
    keywords=("infants",),
    sections=(Section(heading="Model", items=("A rapid review came first.",)),),
    links=(Link(label="Read the report (PDF)", url="https://saltmarsh.example.org/linden.pdf"),),
    facts=Facts(ages=("10 weeks",), sex="female", outcome="serious-harm", incident_date="2025-05"),
)
TITLE_ALONE = Review(
    title="Child Bryony", links=(Link(label="Child Bryony", url="https://saltmarsh.example.org/b.pdf"),)
)
TELLS_OF_HARM = replace(REVIEW, title="Child Larch: injuries to a baby", questions=())
LONG_TITLE = (  # 300 characters
    "Learning from the review of how agencies in Saltmarsh, Port Lowen and Wetherby Vale worked together "
    "with three families who moved between them from 2021 to 2025, of what each of them knew at the time, of "
    "what was shared and with whom, and of what children and parents said helped them: part one of 12"
)
WELSH = replace(
    REVIEW,
    title="Adolygiad Ymarfer Plant: Plentyn Ŵyn",
    place="Llanfair-yr-Ŷd",
    review_type="cpr",
    incident="Roedd Ŵyn yn ddeg wythnos oed pan welodd yr ymwelydd iechyd hi gartref am y tro cyntaf.",
    learning=("Gofynnwch pwy sy’n byw yn y tŷ.", "Ysgrifennwch yr hyn a welwyd, a phwy gafodd wybod."),
    links=(Link(label="Darllenwch yr adroddiad", url="https://llanfair.example.org/adroddiad.pdf"),),
)
RIGHT_TO_LEFT = replace(
    REVIEW,
    title="مراجعة: الطفلة لينا (2026)",
    place="حيّ النخيل",
    incident="رأت الزائرة الصحية الطفلة في بيتها مرتين، وسألت عمّن يعيش معها.",
    learning=("اسألوا: من يعيش في البيت؟", "שאלו מי גר בבית, ורשמו מה ראיתם."),
)
EMOJI = replace(
    REVIEW,
    title="🌱 Young person Rowan 👩🏽‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    learning=("Ask what helps 💬, and who is family 👨‍👩‍👧.",),
)
MARKED = Review(
    title=f"Child Ash {MARKUP}",
    place=f"Harrowmere {MARKUP}",
    published="2026-11-10",
    review_type="lr",
    incident=MARKUP,
    background=MARKUP,
    good_practice=(MARKUP,),
    learning=(MARKUP,),
    recommendations=(MARKUP,),
    actions=(MARKUP,),
    questions=(MARKUP,),
    keywords=(MARKUP,),
    links=(
        Link(label=f"Report of Child Ash {MARKUP}", url=f"https://harrowmere.example.org/a.pdf?{MARKUP}"),
        Link(label=MARKUP, url="javascript:theirs()"),
    ),
    facts=Facts(ages=(MARKUP,), outcome="other", incident_date=MARKUP),
)
