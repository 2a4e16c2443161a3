"""What might check a rule, before it is tried on any answer."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Candidate(NamedTuple):
    """A check that might fit a rule."""

    weight: int
    """How strongly the rule speaks for it."""
    parameters: Mapping[str, Any]
    is_form: bool = False
    is_fault: bool = False
    """Whether what the check finds is a fault here, though it need not be one elsewhere."""
    is_said: bool = False
    """Whether the rule says it in so many words, so that it is proposed whatever the expert's
    answers hold."""
    is_guess: bool = False
    """Whether the rule may mean something else: words that it does not set apart as such, or a
    length that the expert's answers do not have."""
    by_another: bool = False
    """Whether an answer that passes is better shown by another one than the expert's."""
    note: str = ""
    """A sentence on why it looks at this, where that does not stand in the rule."""
