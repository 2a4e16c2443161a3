"""When practice should end early: nothing left to tell apart, or points that fall.

Both are read from practice itself, on training cases; held-out cases play no part.
"""

from collections.abc import Mapping
from statistics import fmean
from typing import Any, Generic, NamedTuple, TypeVar

Weights = TypeVar("Weights")

WINDOW = 5
"""Rounds whose mean is compared."""
FALL = 0.1
"""Of the range of the score. Means of five rounds of 32 answers differ by about 0.03 by chance."""
QUIET = 4
"""Rounds in a row without a group whose answers earned differently."""


class Ending(NamedTuple, Generic[Weights]):
    """Why practice ends, and the weights to go back to, if any."""

    reason: str
    go_back_to: Weights | None


class PracticeWatch(Generic[Weights]):
    """Follows the rounds of one practice."""

    def __init__(self) -> None:
        self.scores: list[float] = []
        self.mixed: list[float] = []
        self.best = float("-inf")
        self.kept: Weights | None = None

    def after_round(self, logs: Mapping[str, Any], weights: Weights) -> Ending[Weights] | None:
        """Take in the trainer's log of a round and the adapter after it; say whether to end.

        `weights` must be a copy. A log that is not of a round is passed over.
        """
        if "reward" not in logs or "groups/mixed" not in logs:
            return None
        self.scores.append(float(logs["reward"]))
        self.mixed.append(float(logs["groups/mixed"]))
        if len(self.mixed) >= QUIET and not any(self.mixed[-QUIET:]):
            return Ending(
                f"Practice ended after round {len(self.mixed)}: in {QUIET} rounds in a row all "
                "answers to a case earned the same, so there was nothing to learn from.",
                None,
            )
        if len(self.scores) < WINDOW:
            return None
        now = fmean(self.scores[-WINDOW:])
        if now < self.best - FALL:
            return Ending(
                f"Practice ended after round {len(self.scores)}: the answers had begun to earn "
                "fewer points. The model from before that is kept.",
                self.kept,
            )
        if now > self.best:
            self.best, self.kept = now, weights
        return None
