"""Pairs of cases that say the same in other words, from embeddings that a child process made.

`CLOSE` was chosen on the four samples and on eight of their cases told anew by hand. Of cases of
different clusters the closest pairs of each sample are 0.75 (insurance, legal), 0.80 (finance) and
0.82 (healthcare: two patients with the same lens, who are not the same case). Cases told anew are
0.76 to 0.87 close, five of the eight at least 0.83. Twins (one cluster, one deciding phrase apart)
are 0.74 to 0.99 close, and mostly differ in their answer: those on one side are never reported. So
the threshold reports nothing in the samples, and misses some of what is told anew very freely.

Only the first 256 tokens of a text are read.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rft_core.examples.similar import Pair, Places, first_pairs, prompt_text
from rft_core.records import Example

CLOSE = 0.83
"""Cosine from which two cases are taken to mean the same."""
_BLOCK = 256

Vector = NDArray[np.float32]


def close_pairs(examples: Sequence[Example], vectors: Mapping[str, Vector]) -> list[Pair]:
    """Return each example with the first one before it, of each split, that means the same.

    Two of one cluster on the same side are no pair; nor is an example without a vector.
    """
    known = [example for example in examples if prompt_text(example) in vectors]
    return first_pairs(known, _close([vectors[prompt_text(example)] for example in known]))


def _close(vectors: Sequence[Vector]) -> Iterator[tuple[Places, Places]]:
    """Yield places of close vectors, in parts."""
    if not vectors:
        return
    table = np.stack(vectors)
    for start in range(0, len(table), _BLOCK):
        cosines = table[start : start + _BLOCK] @ table[start:].T
        rows, columns = np.nonzero(np.triu(cosines >= CLOSE, k=1))
        yield rows + start, columns + start
