"""How small a change a number of test cases can show, and how many show a given one.

Both use 2.8·s/√n: the mean paired difference that a two-sided test at 5 % finds with power 80 %
(1.96 + 0.84), where s is the standard deviation of the differences, on the 0 to 1 scale of the
score.
"""

import math

from rft_core.errors import InputError
from rft_core.settings import MIN_HELDOUT_EXAMPLES

SPREAD = 0.3
"""Standard deviation of paired differences that is assumed before there are any."""
USUAL = (0.1, 0.05)
"""Changes that are asked about before the expert names one, the largest first."""


def detectable_difference(n: int, s: float = SPREAD) -> float:
    """Return the smallest mean difference that n held-out examples show reliably.

    Raises InputError for n below 1.
    """
    if n < 1:
        raise InputError("There are no test cases.", "Keep some cases aside for the test.")
    return 2.8 * s / math.sqrt(n)


def cases_needed(difference: float, s: float = SPREAD) -> int:
    """Return how many held-out examples show a mean difference (0 to 1) reliably.

    Raises InputError for a difference of 0 or less, or above 1.
    """
    if not 0 < difference <= 1:
        raise InputError(
            f"A change of {difference} cannot be looked for.", "Choose one above 0 and up to 1."
        )
    # Rounded first, or 0.7 of a billionth would ask for one case more.
    return math.ceil(round((2.8 * s / difference) ** 2, 6))


def shown_sentence(n: int) -> str:
    """Return what a number of held-out examples can show."""
    if n < MIN_HELDOUT_EXAMPLES:
        return (
            "With so few test cases nothing can be told from chance; at least "
            f"{MIN_HELDOUT_EXAMPLES} are needed."
        )
    return (
        f"With {n} test cases, a change of about {detectable_difference(n) * 100:.0f} points of "
        "100 or more can be told from chance."
    )


def wanted_change(n: int) -> float:
    """Return the change (0 to 1) to ask about first: the largest usual one not shown by n yet."""
    return next((change for change in USUAL if cases_needed(change) > n), USUAL[-1])


def needed_sentence(n: int, change: float) -> str:
    """Return how many test cases show a mean change (0 to 1) where there are n.

    Raises InputError as `cases_needed` does.
    """
    needed = max(cases_needed(change), MIN_HELDOUT_EXAMPLES)
    size = f"{change * 100:g} {'point' if change * 100 == 1 else 'points'} of 100"
    if needed > n:
        return f"To see a change of {size} you would need about {needed:,} test cases."
    return f"For a change of {size}, about {needed:,} test cases are enough."
