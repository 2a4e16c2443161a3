"""The words that a rule says an answer must hold, or must not: in quotation marks or without."""

import re
from collections.abc import Collection
from typing import NamedTuple

from rft_core.checks.wording import tokens
from rft_core.rubric.rules.two_demands import (
    begins_with_verb,
    behind_colon,
    joins_two_demands,
)

MOST_WORDS = 8
"""Of a phrase after "the word"."""
MOST_LISTED = 4
"""Of one of the words that are listed behind what they are, as in "Latin: inter alia"."""
MOST_GUESSED = 3
"""Of a phrase that only follows a verb, as in "mentions force majeure"."""
MAX_PHRASES = 20
QUOTED = re.compile(
    r"[\"“„«]([^\"“”„«»\n]{1,80})[\"”“»]"
    r"|(?<!\w)[‘']((?:[^'‘’\n]|(?<=\w)['’](?=\w)){2,80})[’'](?!\w)"
)
_VERB = r"(?:contain|include|mention|say|state|use|write|avoid)(?:s|ing)?"
_SAYS = rf"\b(?:{_VERB}|has|have|with|without|refers? to)\b"
NOUN = r"(?:words?|phrases?|terms?|expressions?)"
_QUANTITY = r"(?:(?:at least )?(?:one|any|all|both|either|each) of )?"
_AFTER_NOUN = re.compile(
    rf"{_SAYS} {_QUANTITY}(?:(?:the|an?|any|either|all) )?(?:following )?(?P<noun>{NOUN}):? "
    r"(?P<said>\S.*)",
    re.I,
)
_BEFORE_VERB = re.compile(
    rf"\b(?:the|any) (?P<noun>{NOUN}) (?P<said>\S+(?: \S+){{0,3}}?) "
    r"(?:(?:must|should|may|can|does|do|is|are|be|never|not|always) ){0,3}"
    r"(?:appears?|occurs?|stands?|used|mentioned|contained|found|present|there|missing|absent)\b",
    re.I,
)
_AFTER_VERB = re.compile(
    rf"\b(?:(?:contain|include|mention|say)s?|refers? to) {_QUANTITY}(?:the )?(?P<said>\S.*)", re.I
)
_WORDING = (
    r"(?:latin|greek|french|english|jargon|slang|legalese|abbreviations?|acronyms?"
    r"|buzz ?words?|fillers?|clich[eé]s?|anglicisms?|platitudes?|swear ?words?"
    r"|words|phrases|terms|expressions|formulas)"
)
_LISTED = re.compile(
    rf"\b{_WORDING}\s*(?:\((?P<aside>[^()]+)\)|:\s*(?P<after>[^:()]+?))(?P<end>\s*[.!]?\s*)$", re.I
)
"""Words that are listed behind what they are: "no Latin (inter alia, ab initio)"."""
_FOR_EXAMPLE = r"(?:such as|e\.g\.|eg|for (?:example|instance)|like)"
_EXAMPLES = re.compile(rf"\s*{_FOR_EXAMPLE}[,:]?\s+", re.I)
_EXAMPLES_FOLLOW = re.compile(rf"(?:^|[\s,;:(]){_FOR_EXAMPLE}[,:]?\s*(?:(?:the|an?)\s+)?$", re.I)
_EXAMPLES_BEFORE = re.compile(r"\s*[,(]?\s*for (?:example|instance)\b", re.I)
_NAMES_ONE_OF = re.compile(
    r"\b(?:the|its) [^\W\d_]+ names (?:(?:one|either|any) of )?"
    r"(?P<said>[^,;:]+(?:,[^,;:]+)*,?\s+or\s+\S.*)",
    re.I,
)
_AND_SO_ON = re.compile(r"(?:\s*[,;]?\s*(?:etc\.?|and so on|and the like|\.\.\.|…))+\s*$", re.I)
_SET_APART = re.compile(rf"{_SAYS}|\b{NOUN}\b", re.I)
_CONDITION = re.compile(r"\b(?:where|when|whenever|if|unless|for|because|except)\b", re.I)
_OFTEN = re.compile(
    r"\b(?:at most|no more than|more than|exactly|only) (?:once|twice|\w+ times)\b", re.I
)
_PLACE = re.compile(
    r"\s+(?:(?:in|on|within|under|at|of) (?:the|its|this|that|an?|every|each|any)\b"
    r"|(?:at least|somewhere|anywhere|at all|too|also|explicitly|literally|verbatim)\b).*",
    re.I,
)
_JOINT = re.compile(r"\s*(?:[,;/&]|\b(?:and|or)\b)\s*", re.I)
_NO_WORD = set(
    """
    a about above all an another any anything as at be both by chosen copied correct correctly
    deciding decisive each either enough every everything exactly expected few fewer following
    found from given how i if important in is it its key less main more most my necessary no
    nothing of on one only our quoted relevant right same several so some something that their
    them these they this those three to two used we what when where whether which who why with
    wrong written you your
    amount answer answers case cases citation citations clause date dates decision figure figures
    form format json key keys layout line lines list name names number numbers paragraph
    quotation quotations quote quotes reason reasoning reasons section sentence sentences source
    sources text word words
    """.split()  # noqa: SIM905
)
"""Words of what is asked for, which is not asked for letter by letter: "mentions a date"."""
_IN_CASE = re.compile(
    r"\s+(?:(?:stands?|appears?|occurs?|is|are|was|were)\s+(?:\w+\s+)?)in\s+(?:the|its|their)\s+"
    r"(?:\w+['’]s\s+)?(?P<where>letter|case|note|notes|clause|contract|file|record|document|claim"
    r"|email|mail|message|request|report|prompt|question|policy|invoice)\b",
    re.I,
)
"""Says of words where they are found: not in the answer."""


class Said(NamedTuple):
    """Words that a rule says."""

    phrases: tuple[str, ...] = ()
    is_literal: bool = False
    """Whether the rule sets them apart, by quotation marks or as "the word …", and asks for them in
    every case."""
    is_all: bool = False
    """Whether they are what the rule is about: an answer must hold them, or must not."""
    rest: str = ""
    """The rule without what stands in quotation marks."""


def said_words(rule: str, names: Collection[str] = ()) -> Said:
    """Return the words that a rule says; `names` are those of lines and of expected values."""
    rest = QUOTED.sub(" ", rule)
    own = {word for name in names for word in tokens(name).split()}
    found_in_case = [
        found.start() for found in QUOTED.finditer(rule) if _is_in_case(rule[found.end() :], own)
    ]
    quoted = tuple(
        found[1] or found[2]
        for found in QUOTED.finditer(rule)
        if not any(found.start() <= place for place in found_in_case)
    )
    if found_in_case and not quoted:
        return Said(rest=rest)
    if _OFTEN.search(rest):
        return Said(rest=rest)
    always = _CONDITION.search(rest) is None
    is_one_demand = always and not (joins_two_demands(rule) or behind_colon(rule))
    if quoted:
        always = always and not gives_examples(rule)
        return Said(quoted, always, is_one_demand and bool(_SET_APART.search(rest)), rest)
    listed = _LISTED.search(rule) if is_one_demand else None
    if listed:
        phrases, is_complete = _listed(listed["aside"] or listed["after"])
        if phrases:
            before = rule[: max(listed.start("aside"), listed.start("after"))]
            return Said(phrases, is_complete, True, before.rstrip(" (:"))
    plain = " ".join(rule.split()).rstrip(" .!;")
    in_all = plain if always else _CONDITION.split(plain, maxsplit=1)[0].strip(" ,")
    found = _BEFORE_VERB.search(in_all) or _AFTER_NOUN.search(in_all)
    if found and not joins_two_demands(rule):
        phrases = _after_noun(found["noun"], found["said"])
        if phrases:
            return Said(phrases, always, is_one_demand, rest)
    found = _AFTER_VERB.search(plain) or _NAMES_ONE_OF.search(plain)
    if found and is_one_demand:
        phrases = _guessed(found["said"], names)
        return Said(phrases, False, bool(phrases), rest)
    return Said(rest=rest)


def gives_examples(rule: str) -> bool:
    """Say whether the words in quotation marks are examples of what a rule means: "a dose, such as
    "500 mg""."""
    quoted = [*QUOTED.finditer(rule)]
    return bool(quoted) and (
        any(_EXAMPLES_FOLLOW.search(rule[: found.start()]) for found in quoted)
        or _EXAMPLES_BEFORE.match(rule[quoted[-1].end() :]) is not None
    )


def _is_in_case(after: str, own: Collection[str]) -> bool:
    """Say whether words are said to stand in the case, whose parts are none of the answer's own."""
    found = _IN_CASE.match(after)
    return found is not None and found["where"].lower() not in own


def _after_noun(noun: str, said: str) -> tuple[str, ...]:
    """Return what "the word" or "the words" names; empty where that is no word, as in "used"."""
    text = _PLACE.sub("", said)
    if tokens(text.split()[0]).strip() in _NO_WORD - {"no", "key", "clause", "right", "wrong"}:
        return ()
    is_one = not noun.lower().endswith("s") and noun.lower() != "word"
    items = [text] if is_one else _items(text)
    return tuple(items) if all(_is_phrase(item, MOST_WORDS) for item in items) else ()


def _listed(said: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a list, and whether it names all, not examples."""
    text = _AND_SO_ON.sub("", _EXAMPLES.sub("", said))
    items = _items(text)
    fine = all(_is_phrase(item, MOST_LISTED) for item in items)
    return (tuple(items) if fine else ()), text == said


def _guessed(said: str, names: Collection[str]) -> tuple[str, ...]:
    items = _items(_PLACE.sub("", said))
    named = _NO_WORD | {word for name in names for word in tokens(name).split()}
    fine = all(
        _is_phrase(item, MOST_GUESSED) and named.isdisjoint(tokens(item).split()) for item in items
    )
    return tuple(items) if fine else ()


def _items(text: str) -> list[str]:
    """Return the words of a list, up to what begins with a verb, which asks for something else."""
    found: list[str] = []
    for item in filter(None, _JOINT.split(text)):
        item = re.sub(r"^(?:the|nor) ", "", item, flags=re.I)
        if found and begins_with_verb(item):
            break
        found.append(item)
    return found[:MAX_PHRASES]


def _is_phrase(text: str, most: int) -> bool:
    if re.fullmatch(r"\d{3}", text):  # As of a telephone: "999".
        return True
    return tokens(text) != " " and len(text.split()) <= most and not re.search(r"[:()\d]", text)
