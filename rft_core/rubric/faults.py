"""Rules that name a fault: "Invents a citation"."""

import re

from rft_core.rubric.two_demands import without_subject

_FAULT = re.compile(
    r"\s*(?:penalty\b|(?:invents?|hallucinates?|omits?|fails?|ignores?|miss(?:es)?|forgets?"
    r"|contradicts?|guess(?:es)?|mis(?:quotes?|states?|reads?|leads?)|makes? up|leaves? out"
    r"|(?:gives?|names?|uses?) (?:an? |the )?wrong"
    r"|is (?:rude|wrong|vague|unsafe|misleading|impolite))\b)",
    re.IGNORECASE,
)


def reads_like_fault(rule: str) -> bool:
    """Say whether a rule names what an answer does wrong."""
    return bool(_FAULT.match(without_subject(rule)))
