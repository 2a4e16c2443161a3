"""What a rule denies, and whether twice: "never wrong" asks for what is right."""

import re

_DENIES = (
    r"never|not|no|nor|neither|without|forbidden|banned|prohibited|disallowed|unwanted"
    r"|cannot(?! tell)|free of|refrains?|refus(?:es?|ing) to|prohibits?|forbids?"
)
NEGATIVE = re.compile(rf"\b(?:{_DENIES}|avoid(?:s|ed|ing)?)\b|n['’]t\b", re.I)
_DOUBLY_DENIED = re.compile(
    rf"\b(?:{_DENIES}|avoid\w*|invent\w*|made up|mak(?:es?|ing) up|wrong|incorrect"
    r"|chang\w*|alter\w*|miss\w*|differ\w*|omit\w*|forg[eo]t\w*|paraphras\w*|shorten\w*"
    r"|le(?:ft|aves?|aving) (?:out|blank|empty)|skip\w*|fail\w*|lack\w*)\b|n['’]t\b",
    re.I,
)
_CONTRAST = re.compile(r",\s*not\s+[^,;]*", re.I)
"""Says what is not meant: "the net amount, not the total"."""


def is_doubly_denied(rule: str) -> bool:
    """Say whether a rule refuses what is wrong, and so asks for what is right."""
    return len(_DOUBLY_DENIED.findall(without_contrast(rule))) != 1


def without_contrast(rule: str) -> str:
    """Return a rule without what it says is not meant."""
    return _CONTRAST.sub("", rule)
