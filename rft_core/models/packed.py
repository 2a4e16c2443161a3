"""Packed rows: a prefix goes through the model once, followed by all the branches that share it.

Several prefixes and their branches make one row of tokens without padding:

    prompt 1 | answer 1a | answer 1b | prompt 2 | answer 2a | ...

A branch sees its prefix and itself; its positions go on where the prefix ends. So every token's
hidden state, and every gradient, is what it would be in a row of its own.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import torch


class Group(NamedTuple):
    """Where one prompt and its answers stand in the row."""

    start: int
    prompt: int
    """Tokens of the prompt."""
    answers: tuple[int, ...]
    """Tokens of each answer, in the order of the row."""


class Branch(NamedTuple):
    """What follows a prefix in one row of a batch."""

    row: int
    tokens: list[int]


class Layout(NamedTuple):
    """N tokens of several groups; M of them are answer tokens, to be predicted."""

    ids: "torch.Tensor"
    """[N]"""
    positions: "torch.Tensor"
    """[N]"""
    groups: tuple[Group, ...]
    predictors: "torch.Tensor"
    """[M]: the token whose hidden state predicts each answer token."""
    rows: "torch.Tensor"
    """[M]: each answer token's row in the batch."""
    columns: "torch.Tensor"
    """[M]: its column among the answer's tokens."""


def pack(
    groups: "Sequence[tuple[Sequence[int], Sequence[Branch]]]", device: "torch.device"
) -> Layout:
    """Lay out each prefix with the branches that follow it."""
    import torch

    ids: list[int] = []
    positions: list[int] = []
    predictors: list[int] = []
    rows: list[int] = []
    columns: list[int] = []
    for prefix, branches in groups:
        last, length = len(ids) + len(prefix) - 1, len(prefix)
        ids += prefix
        positions += range(length)
        for row, tokens in branches:
            if tokens:
                predictors += [last, *range(len(ids), len(ids) + len(tokens) - 1)]
            rows += [row] * len(tokens)
            columns += range(len(tokens))
            ids += tokens[:-1]
            positions += range(length, length + len(tokens[:-1]))
    starts = accumulate((_tokens(*group) for group in groups), initial=0)
    return Layout(
        torch.tensor(ids, device=device),
        torch.tensor(positions, device=device),
        tuple(
            Group(start, len(prefix), tuple(len(branch.tokens[:-1]) for branch in branches))
            for start, (prefix, branches) in zip(starts, groups, strict=False)
        ),
        *(
            torch.tensor(index, device=device, dtype=torch.long)
            for index in (predictors, rows, columns)
        ),
    )


def common_beginning(rows: "Sequence[Sequence[int]]") -> int:
    """Return how many first tokens all rows have in common."""
    columns = enumerate(zip(*rows, strict=False))
    different = (i for i, column in columns if len(set(column)) > 1)
    return next(different, min(len(row) for row in rows))


def _tokens(prefix: "Sequence[int]", branches: "Sequence[Branch]") -> int:
    return len(prefix) + sum(len(branch.tokens[:-1]) for branch in branches)
