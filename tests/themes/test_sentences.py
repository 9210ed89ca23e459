"""Sentences as reviews write them: which theme they carry, and which they do not, word in them or not."""

from __future__ import annotations

import pytest

from bot.models import Facts, Review
from bot.themes import Vocabulary, tag

CARRIES = """
non-accidental-injury | incident | Serious non-accidental injuries to a 4-month-old baby.
non-accidental-injury | incident | A skeletal survey showed three healing rib fractures.
non-accidental-injury | incident | The boy had been beaten by his stepfather over several months.
abusive-head-trauma | incident | Scans showed subdural haematoma and bleeding behind the eyes.
abusive-head-trauma | incident | Scans showed subdural hematoma and bleeding behind the eyes.
abusive-head-trauma | keywords | Shaken baby syndrome
bruising-non-mobile | learning | a bruise on a baby who cannot yet crawl is always a reason to refer
bruising-non-mobile | recommendations | Re-launch the bruising protocol in all settings
bruising-non-mobile | learning | marks on pre-mobile infants were explained by car seats
neglect | learning | neglect was not recognised by any of the agencies
neglect | incident | The children were severely malnourished and living in filthy conditions.
neglect | recommendations | Use the GCP2 wherever standards of care are in doubt
child-sexual-abuse | incident | Two sisters were sexually abused by a lodger.
child-sexual-exploitation | recommendations | Commission training on CSE for taxi drivers
criminal-exploitation | incident | He was drawn into county lines drug dealing at 13.
serious-youth-violence | incident | A 16-year-old boy was stabbed outside a shop.
harmful-sexual-behaviour | learning | harmful sexual behaviour between pupils was treated as horseplay
online-harm | learning | what she saw on social media was never part of an assessment
emotional-abuse | keywords | Emotional abuse
domestic-abuse | learning | No professional explored the impact of domestic abuse on the children
domestic-abuse | learning | There was no evidence that the domestic abuse had been considered in the assessment
domestic-abuse | recommendations | DA notifications should reach schools before the day begins
suicide-self-harm | incident | The girl took her own life at home.
sudden-infant-death | incident | The baby died while co-sleeping with his mother.
sudden-infant-death | learning | Safer sleep advice was given once and not repeated
fabricated-induced-illness | learning | FII guidance was not followed
fabricated-induced-illness | keywords | perplexing presentations
child-homicide | incident | Her mother was convicted of manslaughter.
unintentional-injury | incident | A toddler drowned in a garden pond.
honour-based-abuse | keywords | Forced marriage
radicalisation | recommendations | Every school should have a named Prevent lead
institutional-abuse | recommendations | Tell the LADO of every concern about a member of staff
unborn-concealed-pregnancy | learning | pre-birth assessment began in the last month
adolescents | learning | teenagers were treated as adults
disability-send | keywords | Special educational needs
children-in-care | incident | She was looked after by the local authority in a residential placement.
kinship-care | learning | support to special guardians ended with the order
home-education | learning | electively home educated children were seen once a year
home-education | learning | She had been out of education for a year
missing | incident | He had been reported missing from home 23 times.
child-mental-health | learning | the waiting list for CAMHS was two years long
ethnicity-culture-language | recommendations | Use professional interpreters, never relatives
parental-mental-health | learning | mother's depression was known only to her GP
substance-misuse | learning | parental alcohol use was minimised
fathers | learning | fathers were not included in the assessment
young-parents | keywords | Teenage parents
parents-learning-disability | learning | mother's learning disability was not understood
parental-adversity | learning | mother's own childhood experiences of abuse were not explored
housing-poverty | learning | the family lived in temporary accommodation and relied on food banks
parental-separation | learning | the risks at the point of parental separation were not seen
risky-adults | learning | a registered sex offender had moved into the house
infant-crying | recommendations | Roll out ICON to every maternity ward
professional-curiosity | learning | There was a lack of professional curiosity
professional-curiosity | learning | there was no evidence of professional curiosity
information-sharing | learning | information was not shared between the two hospitals
voice-of-the-child | learning | the voice of the child was lost
risk-assessment | recommendations | Keep a chronology so that cumulative risk can be seen
multi-agency-working | recommendations | Hold a strategy meeting before discharge
escalation | learning | the escalation policy was not used
thresholds-referral | learning | the referral to MASH did not meet the threshold
parental-engagement | learning | disguised compliance was not recognised
was-not-brought | learning | the child was not brought to four appointments
record-keeping | learning | recording was poor and minutes were not kept
supervision-workload | learning | reflective supervision would have helped
moves-transfers | learning | records did not follow the family when they moved between areas
early-help | learning | early help was offered too late
safety-planning | learning | the safety plan was not monitored
legal-proceedings | learning | care proceedings were delayed by a year
think-family | recommendations | Embed a Think Family approach
health-services | recommendations | GPs should code safeguarding concerns
midwifery-health-visiting | recommendations | Health visitors to ask about sleep at each visit
schools | recommendations | Schools should keep one chronology
police | recommendations | Police to share their notifications within a day
housing-services | recommendations | Housing officers to be invited to conferences
adult-services | recommendations | Probation officers to visit the home
non-accidental-injury | incident | Injuries to a 3-month-old boy who was shaken by his mother's boyfriend.
non-accidental-injury | incident | A toddler had cigarette burns on her hands.
abusive-head-trauma | incident | A 3-month-old boy died after he was shaken by his mother's boyfriend.
bruising-non-mobile | learning | a small mark on a baby who could not roll was put down to a toy
neglect | incident | His weight was below the lowest centile for a year.
child-sexual-abuse | incident | A 12-year-old boy said that a coach had touched him sexually.
institutional-abuse | incident | A 12-year-old boy said that a coach had touched him sexually.
institutional-abuse | incident | Three children were abused by a care worker in a children's home.
child-sexual-abuse | incident | Rape of a 13-year-old boy by three pupils of his school.
harmful-sexual-behaviour | incident | Rape of a 13-year-old boy by three pupils of his school.
criminal-exploitation | incident | A boy was exploited by a gang to carry parcels.
criminal-exploitation | learning | he had two phones and a burner phone that nobody asked about
online-harm | learning | the video of her was shared with classmates
online-harm | learning | strangers reached him through social media at night
domestic-abuse | learning | there was no mention of the domestic abuse at the conference
domestic-abuse | recommendations | There was no domestic abuse training for the surgery
child-sexual-abuse | learning | there was no response to the sexual abuse that she described
neglect | learning | there was no recognition of neglect by the nursery
suicide-self-harm | incident | He jumped from a motorway bridge.
sudden-infant-death | incident | The baby was found lifeless on the settee where she had slept.
unintentional-injury | incident | A boy of three was found in the pond of a neighbour.
unintentional-injury | incident | He died in a car crash.
infants | incident | The girl was only five weeks old.
adolescents | incident | A girl of 16 left home.
children-in-care | learning | he had been settled in a placement for a year when it ended
children-in-care | learning | children looked after by another local authority were not known here
kinship-care | learning | the boy was adopted at three
missing | learning | she had been missing for two nights
disability-send | incident | A boy of six with cancer died at home.
ethnicity-culture-language | learning | a Gypsy family was asked to leave the site
ethnicity-culture-language | learning | race was never spoken about
young-parents | learning | the mother was 17 and new to the area
early-help | recommendations | Commission preventative work with families
"""

DOES_NOT_CARRY = """
child-sexual-abuse | incident | There was no evidence of sexual abuse.
child-sexual-abuse | incident | The boy had no history of sexual abuse or assault.
child-sexual-abuse | learning | sexual health services were hard to reach
domestic-abuse | incident | There was no history of domestic violence.
domestic-abuse | incident | Domestic abuse was not a feature of the relationship.
domestic-abuse | learning | domestic abuse was ruled out
neglect | incident | There were no concerns about neglect before this day.
neglect | learning | staff neglected to record the call
neglect | learning | self-neglect by an adult
emotional-abuse | learning | She was offered emotional support.
criminal-exploitation | incident | There was no indication that he had been criminally exploited.
suicide-self-harm | incident | There were no signs of suicidal thoughts.
police | incident | The police were called.
police | incident | Police officers attended the house.
health-services | incident | She was taken to hospital.
housing-services | incident | A housing officer found the boy.
adult-services | incident | His mother had seen a psychiatrist.
midwifery-health-visiting | incident | The health visitor rang on Tuesday.
police | learning | a prison officer spoke to him
child-mental-health | learning | adult mental health services were not invited
parental-mental-health | learning | child and adolescent mental health services were not invited
infants | incident | Death of a 20-month-old boy.
infants | incident | A boy of two years and four months old.
adolescents | incident | Twin girls aged 13 weeks.
adolescents | learning | services for children and young people were stretched
legal-proceedings | incident | Care proceedings followed.
legal-proceedings | incident | A police investigation was instigated.
missing | learning | information was missing from the referral
missing | learning | professionals missed opportunities to refer
missing | learning | children missing education were not followed up
was-not-brought | learning | there were missed opportunities
unintentional-injury | incident | Non-accidental injuries to a girl.
unintentional-injury | learning | staff in accident and emergency departments were busy
supervision-workload | learning | the family court made a supervision order
supervision-workload | incident | He stepped in front of a train.
risk-assessment | learning | she was waiting for an autism assessment
domestic-abuse | learning | call da Silva at the front desk
disability-send | learning | send the form within a day
infant-crying | learning | an icon on the screen marks the record
honour-based-abuse | learning | she was honoured for her service
abusive-head-trauma | incident | The head teacher was shaken by the news.
kinship-care | recommendations | The partnership adopted the plan
radicalisation | learning | prevent harm by acting early
ethnicity-culture-language | learning | a culture of professional challenge is needed
fathers | learning | partner agencies were invited
fathers | learning | statutory partners were invited
thresholds-referral | learning | the boy, referred to as Child B, lived with his aunt
thresholds-referral | learning | a national referral mechanism form was completed
parental-adversity | learning | she is a childhood friend
serious-youth-violence | incident | He was not known to carry a knife.
online-harm | learning | the online booking system was down
schools | learning | the school nurse had left
substance-misuse | learning | he was drawn to water
professional-curiosity | incident | The boy lived with his mother.
abusive-head-trauma | incident | No child deaths in Wetherby Vale involving abusive head trauma were known in these years.
abusive-head-trauma | learning | health visitors were shaken by the baby's death
abusive-head-trauma | recommendations | Buy shaken-baby dolls for the prevention of shaken babies
non-accidental-injury | recommendations | Buy shaken-baby dolls for the prevention of shaken babies
non-accidental-injury | learning | social workers burnt out and the burns unit was full
non-accidental-injury | learning | cuts hit the teams and left them without cover
non-accidental-injury | incident | He was hit by a car driven by his father.
bruising-non-mobile | learning | Mark, who is the father of the baby, was not spoken to
bruising-non-mobile | recommendations | Find ways to mark the work done for babies
bruising-non-mobile | learning | the opinion on the injury was not independent
neglect | incident | A girl of 15 with an eating disorder had severe weight loss.
neglect | incident | A boy with muscular dystrophy was unable to walk.
domestic-abuse | incident | There was no domestic abuse between the grandparents.
child-sexual-abuse | incident | There was no sexual abuse.
child-sexual-abuse | incident | Sexual abuse by a lodger was alleged and found to be untrue.
neglect | incident | There was no physical abuse or neglect in the foster home.
institutional-abuse | recommendations | Train all staff on domestic abuse
institutional-abuse | learning | the head teacher passed on concerns about the family
institutional-abuse | learning | services worked under financial restraint
institutional-abuse | learning | the abuse of the girl was missed by her doctor
suicide-self-harm | recommendations | The next step is to train staff
suicide-self-harm | learning | services cut themselves off from each other
criminal-exploitation | learning | a second phone call went unanswered
criminal-exploitation | recommendations | Work on plugging gaps in cover
child-sexual-exploitation | learning | the adult male in the flat was a cousin
online-harm | recommendations | Publish the findings on social media
online-harm | recommendations | Share the learning on Facebook and YouTube
online-harm | learning | father shared photos of the party with the nursery
online-harm | learning | concerns about sexual abuse were not shared
child-homicide | learning | mother's former partner was murdered years before
sudden-infant-death | incident | The older brothers slept on a bare mattress.
unintentional-injury | learning | by accident the letter went to the old address
unintentional-injury | learning | a crash of the system lost the notes
unintentional-injury | incident | A girl aged 15 was found dead in Bath.
unintentional-injury | recommendations | Ask the dog warden to join the panel
honour-based-abuse | learning | a belief that the harm was past went untested
radicalisation | recommendations | Prevent and protect is to be relaunched
infants | learning | four children lived under one roof
infants | learning | the plan was five months old
unborn-concealed-pregnancy | learning | the clinic appointment was not booked
adolescents | learning | the panel thanks the young people who spoke to it
disability-send | learning | mother had cancer and told nobody
disability-send | learning | agencies were blind to the danger
children-in-care | learning | he looked after his little sister
children-in-care | learning | there were lapses in care planning
children-in-care | learning | a nursery placement was offered
kinship-care | learning | the model that the partnership has adopted is new
kinship-care | learning | grandparents raised concerns twice
home-education | learning | the exclusion of men from visits was a pattern
missing | learning | the form was missing for a month
missing | learning | the father was absent from every meeting
ethnicity-culture-language | recommendations | Translate the findings into practice
ethnicity-culture-language | learning | interpretation of the scan was late
ethnicity-culture-language | recommendations | Weigh babies with travel scales
ethnicity-culture-language | learning | the race to close cases was a mistake
ethnicity-culture-language | learning | the girl had a black eye and her mother was asked about it
ethnicity-culture-language | learning | the boys went to Temple Road nursery
young-parents | learning | mother was seen by the midwife on 17 June
young-parents | learning | mother was 18 weeks pregnant at booking
parents-learning-disability | learning | the mother's sister had learning difficulties
housing-poverty | learning | parents were not afforded the chance to speak
record-keeping | recommendations | A written plan within minutes of each call
supervision-workload | recommendations | Offender managers to meet other offender managers
housing-services | learning | the house was warm and the house was clean
early-help | recommendations | Prevent and protect is to be relaunched
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    cells = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [(theme, field, sentence) for theme, field, sentence in cells]


def review_with(field: str, sentence: str) -> Review:
    if field == "incident":
        return Review(title="Child X", incident=sentence)
    if field == "learning":
        return Review(title="Child X", learning=(sentence,))
    if field == "keywords":
        return Review(title="Child X", keywords=(sentence,))
    return Review(title="Child X", recommendations=(sentence,))


@pytest.mark.parametrize(("theme", "field", "sentence"), rows(CARRIES))
def test_a_sentence_that_is_about_a_theme_carries_it(
    theme: str, field: str, sentence: str, vocabulary: Vocabulary
) -> None:
    assert theme in {found.id for found in tag(review_with(field, sentence), vocabulary)}


@pytest.mark.parametrize(("theme", "field", "sentence"), rows(DOES_NOT_CARRY))
def test_words_in_passing_things_denied_and_other_senses_carry_nothing(
    theme: str, field: str, sentence: str, vocabulary: Vocabulary
) -> None:
    assert theme not in {found.id for found in tag(review_with(field, sentence), vocabulary)}


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(rows(CARRIES)) >= 40
    assert len(rows(DOES_NOT_CARRY)) >= 40


def test_no_theme_is_left_without_a_sentence(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.ids) <= {theme for theme, _, _ in rows(CARRIES)}


@pytest.mark.parametrize(
    ("age", "infant", "adolescent"),
    [
        ("3 days", True, False),
        ("11 months", True, False),
        ("12 months", False, False),
        ("1 year", False, False),
        ("10 years", False, False),
        ("11 years", False, True),
        ("17 years 6 months", False, True),
        ("18 years", False, False),
    ],
)
def test_an_age_makes_a_theme_by_itself(
    age: str, infant: bool, adolescent: bool, vocabulary: Vocabulary
) -> None:
    carried = {theme.id for theme in tag(Review(title="Child X", facts=Facts(ages=(age,))), vocabulary)}
    assert ("infants" in carried, "adolescents" in carried) == (infant, adolescent)
