"""Texts of examples made comparable, and pairs of examples that are nearly the same."""

import math
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from rft_core.records import Example

NEAR_RATIO = 95.0
"""Similarity in per cent (rapidfuzz `ratio`) from which two prompts are nearly the same."""
_MOST_CHARS = 4_000
_WORK = 7.6e11
"""Squared characters, summed over pairs, that take a few seconds."""

_BLOCK = 256

Pair = tuple[Example, Example]


def plain_text(text: str) -> str:
    """Return a text without capitals and with single spaces."""
    return " ".join(text.casefold().split())


def prompt_text(example: Example) -> str:
    """Return all that the model is shown of a case: the prompt, or its turns one below another."""
    if isinstance(example.prompt, str):
        return example.prompt
    return "\n".join(message.content for message in example.prompt)


def near_pairs(train: Sequence[Example], heldout: Sequence[Example]) -> list[Pair]:
    """Return for each held-out example that has one its nearest train example, as (train, heldout).

    Prompts count as near from `NEAR_RATIO`. Long ones (over 4,000 characters, and fewer in sets of
    several hundred examples) are compared by their beginning and end.
    """
    if not train:
        return []
    chars = _compared_chars(len(train) * len(heldout))
    texts = [_ends(example, chars) for example in train]
    pairs: list[Pair] = []
    for start in range(0, len(heldout), _BLOCK):
        block = heldout[start : start + _BLOCK]
        ratios = process.cdist(
            [_ends(example, chars) for example in block],
            texts,
            scorer=fuzz.ratio,
            score_cutoff=NEAR_RATIO,
        )
        for test, row in zip(block, ratios, strict=True):
            best = int(row.argmax())
            if row[best] >= NEAR_RATIO:
                pairs.append((train[best], test))
    return pairs


def _compared_chars(pairs: int) -> int:
    """Return how much of each prompt can be compared in a few seconds."""
    return min(_MOST_CHARS, int(math.sqrt(_WORK / max(pairs, 1))))


def _ends(example: Example, chars: int) -> str:
    text = plain_text(prompt_text(example))
    return text if len(text) <= chars else text[: chars // 2] + text[-(chars // 2) :]
