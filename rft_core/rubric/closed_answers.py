"""Short answers of a fixed form, which all sound alike: what is right hangs on one word of them."""

from collections.abc import Sequence
from statistics import median

from rft_core.checks.wording import count_words, holds
from rft_core.records import Example
from rft_core.rubric.traps import MAX_CHOICES

LOOKED_AT = 40
SHORT_WORDS = 30
"""Words of the usual expert answer up to which one word decides what it sounds like."""
NAMED_IN = 0.8
"""Share of the expert answers that give the choice in its own words."""


def closed_choice(train: Sequence[Example]) -> str | None:
    """Return the expected value that short expert answers choose from a few; None for others."""
    answered = [e for e in train if e.reference][:LOOKED_AT]
    if not answered or median(count_words(e.reference or "") for e in answered) > SHORT_WORDS:
        return None
    names = dict.fromkeys(name for e in answered for name in e.fields)
    return next((name for name in names if _is_choice(name, answered)), None)


def _is_choice(name: str, answered: Sequence[Example]) -> bool:
    values = [v for e in answered if isinstance(v := e.fields.get(name), str) and v.strip()]
    given = sum(holds(e.reference or "", str(e.fields.get(name) or "")) for e in answered)
    several = 1 < len(set(values)) <= min(MAX_CHOICES, len(answered) - 1)
    return several and given >= NAMED_IN * len(answered)
