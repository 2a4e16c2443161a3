"""Texts of examples made comparable, and pairs of examples that are nearly the same."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from rft_core.checks.wording import plain_text
from rft_core.records import Example

NEAR_RATIO = 95.0
"""Similarity in per cent (rapidfuzz `ratio`) from which two prompts are nearly the same."""
_MOST_CHARS = 4_000
_WORK = 2e11
"""Squared characters, summed over pairs, that take about two seconds."""
_BLOCK = 64
"""Rows compared at once: what they need stays in the processor's cache."""
_BINS = 64

Pair = tuple[Example, Example]
"""Two examples, in the order in which they were given."""
Places = NDArray[np.int64]


def prompt_text(example: Example) -> str:
    """Return all that the model is shown of a case: the prompt, or its turns one below another."""
    if isinstance(example.prompt, str):
        return example.prompt
    return "\n".join(message.content for message in example.prompt)


def near_pairs(examples: Sequence[Example]) -> list[Pair]:
    """Return each example with the first one before it, of each split, whose prompt is near.

    Near is from `NEAR_RATIO`. Two of one cluster on the same side are meant to be alike and are
    no pair. Long prompts are compared by their beginning and end, together 4,000 characters, and
    fewer where many hold the same characters: 630 where all of a thousand do. What lies between is
    not compared then: pairs that differ there alone are found, those whose ends differ are missed.
    """
    texts = [plain_text(prompt_text(example)) for example in examples]
    return first_pairs(examples, _near(texts))


def near_places(examples: Sequence[Example]) -> list[tuple[int, int]]:
    """Return the places of all examples whose prompts are near, two by two; see `near_pairs`."""
    texts = [plain_text(prompt_text(example)) for example in examples]
    return [
        (int(row), int(column))
        for rows, columns in _near(texts)
        for row, column in zip(rows, columns, strict=True)
    ]


def first_pairs(examples: Sequence[Example], near: Iterable[tuple[Places, Places]]) -> list[Pair]:
    """Keep of near places (rows before columns) the first of each split for each column."""
    sides = np.array([("train", "heldout", None).index(e.split) for e in examples], dtype=int)
    names = {name: n for n, name in enumerate(dict.fromkeys(e.cluster for e in examples))}
    clusters = np.array([names[e.cluster] if e.cluster else -1 for e in examples], dtype=int)
    first = np.full((3, len(examples)), len(examples))
    for rows, columns in near:
        together = (clusters[rows] == clusters[columns]) & (clusters[rows] >= 0)
        apart = ~together | (sides[rows] != sides[columns])
        np.minimum.at(first, (sides[rows[apart]], columns[apart]), rows[apart])
    return [
        (examples[row], example)
        for column, example in enumerate(examples)
        for row in sorted(first[:, column])
        if row < len(examples)
    ]


def _near(texts: Sequence[str]) -> Iterator[tuple[Places, Places]]:
    """Yield places of near texts, in parts."""
    if not texts:
        return
    candidates = list(_candidates(texts))
    chars = _compared_chars(sum(len(rows) for rows, _ in candidates))
    short = [_ends(text, chars) for text in texts]
    for rows, columns in candidates:
        ratios = process.cpdist(
            [short[i] for i in rows],
            [short[j] for j in columns],
            scorer=fuzz.ratio,
            score_cutoff=NEAR_RATIO,
        )
        hits = np.flatnonzero(ratios >= NEAR_RATIO)
        yield rows[hits], columns[hits]


def _candidates(texts: Sequence[str]) -> Iterator[tuple[Places, Places]]:
    """Yield places of pairs of texts that hold nearly the same characters, in whatever order.

    What one text has more of and the other less is the least that must be inserted and deleted to
    turn one into the other, so no near pair is missed; and few others remain. Texts of much
    different length need not be looked at for that.
    """
    counts = np.stack([_histogram(text) for text in texts])
    lengths = counts.sum(axis=1)
    by_length = np.argsort(lengths, kind="stable")
    counts, lengths = np.ascontiguousarray(counts[by_length].T), lengths[by_length]
    apart = 1 - NEAR_RATIO / 100
    for start in range(0, len(texts), _BLOCK):
        longest = lengths[start : start + _BLOCK][-1] * (1 + apart) / (1 - apart) + 1
        end = np.searchsorted(lengths, longest, side="right")
        block, rest = counts[:, start : start + _BLOCK], counts[:, start:end]
        differ = np.zeros((block.shape[1], rest.shape[1]), np.float32)
        one = np.empty_like(differ)
        for character in range(_BINS):
            np.subtract(block[character][:, None], rest[character][None], out=one)
            differ += np.abs(one, out=one)
        both = lengths[start : start + _BLOCK, None] + lengths[None, start:end]
        found = np.nonzero(np.triu(differ <= both * apart + 0.01, k=1))
        places = np.sort([by_length[start + of] for of in found], axis=0)
        yield places[0], places[1]


def _histogram(text: str) -> NDArray[np.float32]:
    """Return how often each character occurs, in 64 bins."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.bincount(codes % _BINS, minlength=_BINS).astype(np.float32)


def _compared_chars(pairs: int) -> int:
    """Return how much of each prompt can be compared in about two seconds."""
    return min(_MOST_CHARS, int(math.sqrt(_WORK / max(pairs, 1))))


def _ends(text: str, chars: int) -> str:
    return text if len(text) <= chars else text[: chars // 2] + text[-(chars // 2) :]
