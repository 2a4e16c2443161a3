"""Three synthetic tasks for tuning the presets: written by rules, so that no sample is touched.

Each is a public kind of task in small: the mood of a review, the desk for a support ticket, whether
a finding answers a question. Every case holds one cue of a closed list among scenery that decides
nothing; some cues are rare, and each stands in train and dev in other sentences. In every third
case a sentence of another closed list overrules the cue.
"""

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rft_core.records import CheckSpec, Criterion, Example, Project, Rubric

TRAIN, DEV = 40, 48
OVERRULED = 1 / 3
"""Share of cases whose cue is overruled."""


class Kind(NamedTuple):
    """What a synthetic task is made of."""

    instruction: str
    first: str
    """Name of the answer's first line."""
    second: str
    cues: Mapping[str, tuple[str, ...]]
    """By label of the second line."""
    topics: Mapping[str, tuple[str, ...]]
    """By label of the first line: words that tell it."""
    frames: Sequence[str]
    """Sentences around {topic} and {cue}."""
    asides: Sequence[str]
    overruling: Sequence[str]
    """Sentences that decide whatever the cue says."""
    overruled_to: str
    """The label of the second line in a case with such a sentence."""


KINDS = {
    "reviews": Kind(
        "You read customer reviews. Answer in two lines:\nAbout: food, room, staff or price\n"
        "Mood: happy, unhappy or mixed",
        "About",
        "Mood",
        {
            "happy": ("would come again", "a real pleasure", "better than we hoped", "spot on"),
            "unhappy": ("never again", "a great let-down", "not worth the trip", "hard to bear"),
            "mixed": ("could go either way", "neither good nor bad", "half of it was fine",
                      "just about passable"),
        },
        {
            "food": ("the soup", "our breakfast", "the fish"),
            "room": ("the bed", "our bathroom", "the balcony"),
            "staff": ("the waiter", "the porter", "reception"),
            "price": ("the bill", "the rate", "the extra charge"),
        },
        (
            "{aside} As for {topic}: {cue}.",
            "{aside} About {topic} my husband said: {cue}.",
            "Because of {topic}, {cue}. {aside}",
            "{aside} In short, {topic} was what we talked of all evening, and it was {cue}.",
        ),
        (
            "We stayed two nights in May.", "It rained all week.", "We had booked months ahead.",
            "The town was full for the fair.", "Our train was late.", "We travelled with a dog.",
            "It was our third summer there.", "The lift was out of order on Friday.",
        ),
        (
            "I write this for a friend who was there.", "We have not gone yet.",
            "This is what the brochure claims.", "I copied this from another page.",
        ),
        "mixed",
    ),
    "tickets": Kind(
        "You sort support tickets. Answer in two lines:\nDesk: billing, access, delivery or "
        "device\nUrgency: now, today or later",
        "Desk",
        "Urgency",
        {
            "now": ("nobody can work", "smoke comes out", "the doors open at nine",
                    "people are locked in"),
            "today": ("before the office closes", "the customer waits", "by this evening",
                      "we need it for supper"),
            "later": ("whenever it suits", "no hurry at all", "next month will do",
                      "put us at the end of the line"),
        },
        {
            "billing": ("the invoice", "a refund", "the card payment"),
            "access": ("the password", "the login page", "my account"),
            "delivery": ("the parcel", "the courier", "the shipment"),
            "device": ("the printer", "the scanner", "the charger"),
        },
        (
            "{aside} It is about {topic}; {cue}.",
            "Please look at {topic}: {cue}. {aside}",
            "{aside} I have asked twice about {topic} and will say it plainly, {cue}.",
            "We wrote on Monday about {topic}. {aside} To be clear, {cue}.",
        ),
        (
            "Hello from the branch in Bergen.", "This is my second message.", "Thank you for all.",
            "The new colleague sends her regards.", "We are nine people here.",
            "I am writing from my telephone.", "Our number is on file.", "It worked in spring.",
        ),
        (
            "A colleague has solved it by now.", "This is only a test of the form.",
            "It has fixed itself since.", "You may close this, I found the cause.",
        ),
        "later",
    ),
    "findings": Kind(
        "You read the finding of a study and say whether it answers its question. Answer in two "
        "lines:\nField: heart, sleep, diet or skin\nFinding: yes, no or unclear",
        "Field",
        "Finding",
        {
            "yes": ("a clear effect was seen", "the risk fell by half", "all sites agreed",
                    "most got well"),
            "no": ("no difference was found", "the groups were alike", "it changed nothing",
                   "hopes were not borne out"),
            "unclear": ("the sample was too small", "results pointed both ways",
                        "further trials are needed", "chance may explain it"),
        },
        {
            "heart": ("blood pressure", "the pulse", "the aorta"),
            "sleep": ("insomnia", "night shifts", "napping"),
            "diet": ("salt", "breakfast", "fibre"),
            "skin": ("eczema", "sunburn", "scars"),
        },
        (
            "{aside} The question concerned {topic}; {cue}.",
            "Does advice by letter help with {topic}? {aside} In the end {cue}.",
            "{aside} With regard to {topic} the authors report that {cue}.",
            "A trial on {topic}. After a year {cue}. {aside}",
        ),
        (
            "Two hundred adults took part.", "The nurses kept a diary.", "It ran in six towns.",
            "Most of them were women over forty.", "The control group got a leaflet.",
            "Visits took place each quarter.", "The funding came from a charity.",
            "Some moved away before the end.",
        ),
        (
            "The paper was withdrawn.", "Half of the data went missing.",
            "The authors doubt their own count.", "It was never peer reviewed.",
        ),
        "unclear",
    ),
}  # fmt: skip


def project(name: str) -> Project:
    return Project(
        id=f"synthetic-{name}", name=name.capitalize(), instruction=KINDS[name].instruction
    )


def examples(name: str, seed: int = 0) -> tuple[list[Example], list[Example]]:
    """Return training and development cases; no text stands in both."""
    kind = KINDS[name]
    draw = random.Random(f"{name} {seed}")
    seen: set[str] = set()
    found: list[Example] = []
    while len(found) < TRAIN + DEV:
        weights = [1 if label == kind.overruled_to else 3 for label in kind.cues]
        second = draw.choices(list(kind.cues), weights)[0]
        first = draw.choice(list(kind.topics))
        overruled = draw.random() < OVERRULED
        text = draw.choice(kind.frames).format(
            aside=draw.choice(kind.overruling if overruled else kind.asides),
            topic=draw.choice(kind.topics[first]),
            cue=draw.choices(kind.cues[second], weights=(4, 2, 1, 1))[0],
        )
        decision = kind.overruled_to if overruled else second
        if text in seen:
            continue
        seen.add(text)
        split = "train" if len(found) < TRAIN else "heldout"
        found.append(
            Example(
                id=f"{name}-{len(found)}",
                prompt=text[0].upper() + text[1:],
                reference=f"{kind.first}: {first}\n{kind.second}: {decision}",
                fields={"first": first, "decision": decision},
                split=split,
            )
        )
    return found[:TRAIN], found[TRAIN:]


def rubric(name: str) -> Rubric:
    kind = KINDS[name]
    first, second = list(kind.topics), list(kind.cues)
    layout = (
        f"{kind.first}: ({'|'.join(first)})\\n{kind.second}: ({'|'.join(second)})"
    )  # fmt: skip

    def criterion(number: str, points: float, aspect: str, **check: object) -> Criterion:
        return Criterion(
            id=number, text=number, points=points, aspect=aspect, check=CheckSpec(**check)
        )

    return Rubric(
        criteria=(
            criterion("decision", 6, "substance", kind="label", labels=second, field="decision",
                      line=kind.second),
            criterion("first", 3, "substance", kind="label", labels=first, field="first",
                      line=kind.first),
            criterion("layout", 1, "form", kind="pattern", pattern=layout, whole=True),
            criterion("several", -1, "form", kind="several_labels", labels=second,
                      line=kind.second),
        )
    )  # fmt: skip
