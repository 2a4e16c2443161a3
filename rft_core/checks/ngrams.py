"""Likeness of two texts by the runs of words (n-grams) that they share.

Each measure takes the words of the given and of the wanted text and returns a number in [0, 1]; a
text without words shares none. A run counts as often as both texts have it ("clipped" counts).
"""

import math
from collections import Counter
from collections.abc import Sequence

LONGEST = 4
"""Words of the longest run that BLEU and GLEU look at."""


def rouge_n(given: Sequence[str], wanted: Sequence[str], n: int) -> float:
    """Return ROUGE-n as an F1: shared runs of n words, of those of both texts (Lin 2004)."""
    ours, theirs = _runs(given, n), _runs(wanted, n)
    both = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / both if both else 0.0


def bleu(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Return a sentence's BLEU: the geometric mean of the share of its runs of 1, 2, 3 and 4 words
    that are wanted, less for a text shorter than the wanted one (Papineni et al. 2002).

    For runs of 2 words and more, 1 is added to either count, so that a sentence without a shared
    run of 4 is not worth nothing (Lin and Och 2004).
    """
    if not given:
        return 0.0
    shares = []
    for n in range(1, LONGEST + 1):
        ours, added = _runs(given, n), int(n > 1)
        shared = (ours & _runs(wanted, n)).total()
        shares.append((shared + added) / (ours.total() + added))
    if not shares[0]:
        return 0.0
    brevity = min(1.0, math.exp(1 - len(wanted) / len(given)))
    return min(1.0, brevity * math.prod(shares) ** (1 / LONGEST))


def gleu(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Return Google's GLEU: of all runs of 1 to 4 words the smaller of the share of the given ones
    that are wanted and of the wanted ones that are given (Wu et al. 2016)."""
    shared = most = 0
    for n in range(1, LONGEST + 1):
        ours, theirs = _runs(given, n), _runs(wanted, n)
        shared += (ours & theirs).total()
        most += max(ours.total(), theirs.total())
    return shared / most if most else 0.0


def _runs(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """Return the runs of n words that follow each other, with how often each occurs."""
    return Counter(zip(*(words[start:] for start in range(n)), strict=False))
