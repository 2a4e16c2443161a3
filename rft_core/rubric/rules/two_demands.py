"""Rules that ask for two things at once: "Names the deadline and quotes the clause"."""

import re

_VERBS = set(
    """
    address advise answer ask assess avoid calculate check choose cite compare compute conclude
    contain correct cover decide define describe discuss distinguish estimate explain flag follow
    gather give include indicate interpret keep leave list make mention name note offer point
    propose provide quote rank recommend refer reject request require round say show state suggest
    summarise summarize tell treat use warn write
    """.split()  # noqa: SIM905
)
_OF_THINGS = {"appear", "begin", "come", "end", "fit", "match", "stand", "start", "stay"}
"""Verbs for what a part of an answer does, which by themselves join no demands."""
_THIRD = {"discusses", "identifies", "justifies", "specifies", "applies"} | {
    f"{verb}s" for verb in _VERBS
}
VERB_OF_ANSWER = (
    rf"(?:{'|'.join(sorted({*_THIRD, *(f'{verb}s' for verb in _OF_THINGS), 'matches'}))})\b"
)
"""A pattern of what an answer, or a part of one, does: "names", "stands"."""
_IS = {"is", "has", "does", "must", "should", "never", "avoids"}
_OBJECT = {
    "a", "all", "an", "any", "at", "both", "each", "every", "exactly", "for", "how", "in", "it",
    "its", "no", "not", "one", "only", "out", "that", "the", "their", "them", "this", "to", "two",
    "what", "when", "whether", "which", "who", "why", "with",
}  # fmt: skip
ASIDE = re.compile(r"[\"“„«‘'(\[][^\"“”„«»’'()\[\]]*[\"”“»’')\]]")
"""What stands in quotation marks or brackets: it asks for nothing by itself."""
_DEMANDS = re.compile(r"\b(?:is|are|be|must|should|shall|never|always)\b", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_SUBJECT = re.compile(
    r"\s*(?:(?:the|its|an?|each|every|this|that)\s+\w+|it)\s+(?=(?P<verb>[^\W\d_]+))", re.I
)
_JOINT = re.compile(
    r"(?:\b(?:and|as well as)|[,;&])\s+(?:(?:and|it|then|also|clearly|correctly|briefly)\s+)*", re.I
)


def joins_two_demands(rule: str) -> bool:
    """Say whether an "and", a comma or a semicolon joins two verbs, each with what it asks for.

    An "and" between nouns ("the date and the amount") does not count, nor one in quotation marks
    or brackets.
    """
    text = without_subject(ASIDE.sub(" x ", rule))
    first = _WORD.match(text.strip())
    if first is None:
        return False
    verbs = _verbs_like(first[0].lower())
    for joint in _JOINT.finditer(text):
        rest = without_subject(text[joint.end() :][:80])
        following = [word.lower() for word in _WORD.findall(rest)[:2]]
        if (
            len(following) == 2
            and following[0] in verbs
            and (following[0] in _IS or following[1] in _OBJECT)
        ):
            return True
    return False


def behind_colon(rule: str) -> str:
    """Return the demand behind a colon that follows another one: "the reason names 999" of "It is
    always escalated: the reason names 999"; empty where there are no two."""
    before, colon, _ = without_asides(rule).partition(":")
    after = rule[len(before) + 1 :].strip() if colon else ""
    demand = without_subject(after)
    is_second = demand not in ("", after) and not demand.lower().startswith("is ")
    return after if is_second and _DEMANDS.search(before) else ""


def without_subject(rule: str) -> str:
    """Return a rule from its verb on: "names the deadline" of "The answer names the deadline"."""
    found = _SUBJECT.match(rule)
    return rule[found.end() :] if found and found["verb"].lower() in _THIRD | _IS else rule


def begins_with_verb(text: str) -> bool:
    """Say whether the first word of a rule, or of a part of one, says what to do."""
    first = _WORD.match(text.strip())
    return first is not None and first[0].lower() in _VERBS | _THIRD | _IS


def tells_what_to_do(word: str) -> bool:
    """Say whether a word is the plain form of a verb: "name"."""
    return word in _VERBS or word in _OF_THINGS


def _verbs_like(first: str) -> set[str]:
    """Return the verbs in the form of a rule's first word: "names", or "name"; none for others."""
    if first in _THIRD or first in _IS:
        return _THIRD | _IS
    return _VERBS if first in _VERBS else set()


def without_asides(rule: str) -> str:
    """Return a rule of the same length with signs in place of what is quoted or in brackets."""
    return ASIDE.sub(lambda match: "x" * len(match[0]), rule)
