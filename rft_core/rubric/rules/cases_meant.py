"""The cases that a rule is meant for, and the tags that it names: "for children under five".

A rule says so with a condition ("if the patient is pregnant"), before a comma or a colon ("For
children under five, …"), at its end, or by its subject ("Under fives are never self-care").
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from rft_core.checks.wording import tokens
from rft_core.records import Example
from rft_core.rubric.rules.conditions import conditions
from rft_core.rubric.rules.said_lines import stems
from rft_core.rubric.rules.two_demands import VERB_OF_ANSWER, begins_with_verb, without_asides

_FOR = r"(?:only\s+|just\s+)?(?P<{}>for|in|with|among|on|by)\s+"
_MODAL = r"(?:is|are|must|should|may|has|have|can|never|always)\b"
_LEADING = re.compile(
    rf"\s*(?P<cases>{_FOR.format('how')}[^,;:]+?)"
    rf"(?=\s*[,:]|\s+(?:(?:the|its)\s+\w+(?:\s\w+)?\s+(?:{_MODAL}|{VERB_OF_ANSWER})"
    r"|(?:it|then|never|must|should|always)\b))",
    re.I,
)
_TRAILING = re.compile(
    rf"(?<=\s)(?P<cases>{_FOR.format('how')}[^,;:]*[^,;:.!\s])(?=\s*[.!]?\s*$)", re.I
)
_SUBJECT = re.compile(
    r"\s*(?P<cases>[^,;:.]{2,80}?)\s+(?:is|are|must|should|may|can(?:not)?|never|always|gets?|goes?"
    r"|needs?|will|shall)\b",
    re.I,
)
_ALL = set(
    """
    the this that these those its their his her our your my each every all any both what which one
    no it they there
    """.split()  # noqa: SIM905
)
"""Words that begin what is said of every case: "for the message", "in each answer"."""
_RESTRICTS = re.compile(
    r"\b(?:who|whose|which|that|with|without|under|over|above|below|aged|tagged|younger|older|from)\b",
    re.I,
)
_NO_CASES = set(
    """
    word words sentence sentences line lines point points json order answer answers response
    responses reply replies model models output decision choice option label verdict result outcome
    assistant detail total addition doubt general short brief quotation marks example instance
    figure figures number numbers percent nothing everything anything text
    """.split()  # noqa: SIM905
)
"""Words of what is said of answers, or of how they are written."""
_PLAIN = set(
    """
    a an the of is are was were has have had and for in if when where only tagged with who that
    case cases message messages clause clauses claim claims note notes paragraph paragraphs document
    documents question questions alert alerts request requests patient patients customer customers
    client clients person people child children infant infants adult adults man men woman women
    from aged whenever on by among it just he she they
    """.split()  # noqa: SIM905
)
"""Words around a tag that say nothing besides; by themselves they tell no cases from others."""
_SEVERAL_CASES = {f"{word}s" for word in _PLAIN if len(word) > 2} & _PLAIN
"""What cases are called: "in messages on chest pain"."""
_EXCEPT = re.compile(
    r"\b(?:unless|except|but|not|no|never|nor|neither|without|other than)\b|n['’]t\b", re.I
)


class Meant(NamedTuple):
    """The words of a rule that say for which cases it is meant."""

    start: int
    end: int
    text: str
    is_condition: bool = False
    """Whether they are a condition, such as "if …"."""


class Held(NamedTuple):
    """A rule that names tags of the cases for which it is meant."""

    tags: tuple[str, ...]
    rest: str
    """The rule without these words."""
    is_all: bool
    """Whether the words say no more than the tags: "with a fever" is more."""


def meant_for(
    rule: str, own: Collection[str] = (), tags: Collection[str] = (), is_choice: bool = True
) -> Meant | None:
    """Return the words that say for which cases a rule is meant; None for all of them.

    `own` are names of the answer's parts and choices, of which a rule says what it asks for. Words
    that are no condition count where they name one of `tags`, or stand first; those at the end and
    the subject also where the rule is about a choice.
    """
    for start, end in conditions(rule):
        if rule[:start].strip() or rule[end:].strip(" ,;:.!"):
            return Meant(start, end, _begun(rule[start:end], start), True)
    for found, is_first in _phrases(without_asides(rule)):
        start, end = found.span("cases")
        text = rule[start:end]
        if names_one(text, own):
            continue
        is_of_tag = names_one(text, tags) and not _is_of_all(found)
        if is_of_tag or ((is_first or is_choice) and _is_of_some(found, is_choice)):
            return Meant(start, end, _begun(text, start))
    return None


def tags_of(train: Sequence[Example], own: Collection[str] = ()) -> list[str]:
    """Return the tags of cases, but those that are called as a part or a choice of the answer."""
    named = set(map(tokens, own))
    return [
        tag
        for tag in dict.fromkeys(tag for example in train for tag in example.tags)
        if tokens(tag) not in named
    ]


def held_to(rule: str, tags: Collection[str], own: Collection[str] = ()) -> Held | None:
    """Return the tags that a rule names as those of the cases for which it is meant, if any.

    One that it names as an exception is none: "unless the patient is pregnant".
    """
    meant = meant_for(rule, own, tags)
    named = [tag for tag in tags if names_one(meant.text, [tag])] if meant else []
    if meant is None or not named:
        return None
    said, of_tags = stems(meant.text), {word for tag in named for word in stems(tag)}
    excepts = {*stems(" ".join(_EXCEPT.findall(meant.text)))} - of_tags
    if excepts or "" in said:
        return None
    rest = _without(rule, meant)
    more = set(said) - of_tags - set(stems(" ".join(_PLAIN)))
    return Held(tuple(named), rest, not {word for word in more if word.isalnum()})


def demanded_of_some(rule: str, own: Collection[str] = ()) -> str:
    """Return a rule without the words at its beginning that say for which cases it is meant."""
    meant = meant_for(rule, own)
    if meant is None or meant.is_condition or not _LEADING.match(without_asides(rule)):
        return rule
    return rule if rule[: meant.start].strip() else _without(rule, meant)


def names_one(text: str, names: Collection[str]) -> bool:
    """Say whether a text has one of the names in it, in any form of its words."""
    said = f" {' '.join(stems(text))} "
    return any(f" {' '.join(words)} " in said for name in names if (words := stems(name)))


def _without(rule: str, meant: Meant) -> str:
    return f"{rule[: meant.start]} {rule[meant.end :].lstrip(' ,;:')}".strip()


def _phrases(masked: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield what may say which cases are meant, and whether it stands before all else."""
    if first := _LEADING.match(masked):
        yield first, True
    for found in _TRAILING.finditer(masked):
        yield found, False
    subject = _SUBJECT.match(masked)
    if subject and not begins_with_verb(masked):
        yield subject, False


def _is_of_some(found: re.Match[str], is_choice: bool) -> bool:
    """Say whether words tell some cases from others: "children under five", not "the message"."""
    how, said = _parted(found)
    is_counted = bool(said) and (said[0].isdigit() or (not how and said[0] in _ALL - {"the"}))
    if is_counted or not _NO_CASES.isdisjoint(said) or set(said) <= _PLAIN | _ALL:
        return False
    if _is_of_all(found):
        return False
    is_in_cases = how == "in" and not _SEVERAL_CASES.isdisjoint(said)
    is_when = is_choice and (how in ("in", "on") or (how == "with" and said[0] not in ("a", "an")))
    return how in ("", "for") or is_in_cases or is_when or _restricts(said)


def _is_of_all(found: re.Match[str]) -> bool:
    """Say whether words are of every case, or of where something stands: "in the note"."""
    how, said = _parted(found)
    return bool(how and said) and said[0] in _ALL and not _restricts(said)


def _parted(found: re.Match[str]) -> tuple[str, list[str]]:
    """Return the "for" or "in" that words begin with, if any, and the words behind it."""
    how = (found.groupdict().get("how") or "").lower()
    said = tokens(found["cases"]).split()
    return how, said[said.index(how) + 1 :] if how else said


def _restricts(said: Sequence[str]) -> bool:
    return _RESTRICTS.search(" ".join(said)) is not None


def _begun(text: str, start: int) -> str:
    text = text.strip(" .!,:;")
    return text if start else text[:1].lower() + text[1:]
