"""The training pass: each prompt goes through the model once, followed by all its answers.

A GRPO batch holds every prompt as many times as it has answers. Here the copies are found by their
ids and laid out as one row of tokens without padding:

    prompt 1 | answer 1a | answer 1b | prompt 2 | answer 2a | ...

An answer sees its prompt and itself; its positions go on where the prompt ends. So every token's
hidden state, and every gradient, is what it would be in a row of its own.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from rft_core.models.attention import attention_in_use
from rft_core.models.head import token_logps

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
    """[1, N]"""
    positions: "torch.Tensor"
    """[1, N]"""
    groups: tuple[Group, ...]
    predictors: "torch.Tensor"
    """[M]: the token whose hidden state predicts each answer token."""
    rows: "torch.Tensor"
    """[M]: each answer token's row in the batch."""
    columns: "torch.Tensor"
    """[M]: its column among the answer's tokens."""


def lay_out(
    input_ids: "torch.Tensor", attention_mask: "torch.Tensor", answer_length: int
) -> Layout:
    """Lay out a batch [B, T] of prompts padded on the left and answers padded on the right.

    The last `answer_length` columns are the answers'. Rows with the same prompt share it, wherever
    they stand in the batch.
    """

    split = input_ids.shape[1] - answer_length
    groups: dict[tuple[int, ...], list[Branch]] = {}
    for row, (ids, mask) in enumerate(
        zip(input_ids.tolist(), attention_mask.tolist(), strict=True)
    ):
        prompt = tuple(t for t, m in zip(ids[:split], mask[:split], strict=True) if m)
        answer = [t for t, m in zip(ids[split:], mask[split:], strict=True) if m]
        groups.setdefault(prompt, []).append(Branch(row, answer))
    return arrange(groups, input_ids.device)


def arrange(groups: "Mapping[tuple[int, ...], Sequence[Branch]]", device: "torch.device") -> Layout:
    """Lay out each prefix with the branches that follow it."""
    import torch

    ids: list[int] = []
    positions: list[int] = []
    predictors: list[int] = []
    rows: list[int] = []
    columns: list[int] = []
    for prefix, branches in groups.items():
        last, length = len(ids) + len(prefix) - 1, len(prefix)
        ids += prefix
        positions += range(length)
        for row, tokens in branches:
            if tokens:
                predictors += [last, *range(len(ids), len(ids) + len(tokens) - 1)]
            rows += [row] * len(tokens)
            columns += range(len(tokens))
            ids += tokens
            positions += range(length, length + len(tokens))
    starts = accumulate((_tokens(*group) for group in groups.items()), initial=0)
    return Layout(
        torch.tensor([ids], device=device),
        torch.tensor([positions], device=device),
        tuple(
            Group(start, len(prefix), tuple(len(branch.tokens) for branch in branches))
            for start, (prefix, branches) in zip(starts, groups.items(), strict=False)
        ),
        *(
            torch.tensor(index, device=device, dtype=torch.long)
            for index in (predictors, rows, columns)
        ),
    )


def _tokens(prefix: "Sequence[int]", branches: "Sequence[Branch]") -> int:
    return len(prefix) + sum(len(branch.tokens) for branch in branches)


def answer_logps(
    causal: Any,
    input_ids: "torch.Tensor",
    attention_mask: "torch.Tensor",
    answer_length: int,
    temperature: float,
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return log-probabilities and entropies [B, answer_length] of the answers' tokens.

    `input_ids` and `attention_mask` are [B, T], prompts padded on the left, answers on the right.
    Log-probabilities are at the sampling temperature; entropies carry no gradient. Padding gets 0.
    """
    layout = lay_out(input_ids, attention_mask, answer_length)
    hidden = hidden_states(causal, layout)[layout.predictors]
    targets = input_ids[:, -answer_length:][layout.rows, layout.columns]
    logps, entropy = token_logps(causal, hidden, targets, temperature)
    blank = logps.new_zeros(len(input_ids), answer_length)
    at = (layout.rows, layout.columns)
    return blank.index_put(at, logps), blank.index_put(at, entropy)


def hidden_states(causal: Any, layout: Layout) -> "torch.Tensor":
    """Return the last hidden states [N, H] of the laid-out tokens."""
    with attention_in_use(causal, attend_in_groups):
        output = causal.base_model(
            input_ids=layout.ids,
            position_ids=layout.positions,
            use_cache=False,
            layout=layout,
        )
    states: torch.Tensor = output.last_hidden_state[0]
    return states


def attend_in_groups(
    module: Any,
    query: "torch.Tensor",
    key: "torch.Tensor",
    value: "torch.Tensor",
    attention_mask: None,
    scaling: float,
    layout: Layout,
    **_: Any,
) -> "tuple[torch.Tensor, None]":
    """Attend within the layout's groups: `query` [1, heads, N, D], `key`, `value` [1, K, N, D].

    Returns [1, N, heads, D]. Key heads are shared by `heads / K` query heads each.
    """
    import torch

    heads, kv = query.shape[1], key.shape[1]
    q = (query[0] * scaling).unflatten(0, (kv, heads // kv))
    k, v = key[0], value[0]
    out = []
    for group in layout.groups:
        end = group.start + group.prompt
        prompt = slice(group.start, end)
        prefix = k[:, prompt], v[:, prompt]
        out.append(_causal(q[:, :, prompt], *prefix))
        answers = slice(end, end + sum(group.answers))
        out.append(_branches(q[:, :, answers], k[:, answers], v[:, answers], prefix, group.answers))
    return torch.cat(out, dim=2).flatten(0, 1).transpose(0, 1)[None], None


def _causal(q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
    """Plain causal attention: q [K, R, P, D], k, v [K, P, D]; returns [K, R, P, D]."""
    scores = (q.flatten(1, 2) @ k.mT).unflatten(1, q.shape[1:3]).float()
    weights = (scores + _future(q.shape[2], q.device)).softmax(dim=-1).to(v.dtype)
    out: torch.Tensor = (weights.flatten(1, 2) @ v).unflatten(1, q.shape[1:3])
    return out


def _branches(
    q: "torch.Tensor",
    k: "torch.Tensor",
    v: "torch.Tensor",
    prefix: "tuple[torch.Tensor, torch.Tensor]",
    lengths: tuple[int, ...],
) -> "torch.Tensor":
    """Attention of G answers that share a prefix of P tokens: q [K, R, S, D], k, v [K, S, D].

    S is the answers' tokens in all, L the longest answer's. Returns [K, R, S, D].
    """
    import torch

    kv, repeats, _, size = q.shape
    count, longest = len(lengths), max(lengths)
    index, real = _padded(lengths, q.device)
    q = q[:, :, index].transpose(1, 2).reshape(kv, count, repeats * longest, size)
    k, v = k[:, index], v[:, index]  # [K, G, L, D]
    on_prefix = (q.flatten(1, 2) @ prefix[0].mT).unflatten(1, (count, repeats, longest))
    on_self = (q @ k.mT).unflatten(2, (repeats, longest)) + _future(longest, q.device)
    weights = torch.cat([on_prefix.float(), on_self.float()], dim=-1).softmax(dim=-1).to(v.dtype)
    near = weights[..., prefix[0].shape[1] :].flatten(2, 3) @ v
    far = weights[..., : prefix[0].shape[1]].flatten(1, 3) @ prefix[1]
    out = near.unflatten(2, (repeats, longest)) + far.view(kv, count, repeats, longest, size)
    found: torch.Tensor = out.transpose(1, 2)[:, :, real]
    return found


def _padded(
    lengths: tuple[int, ...], device: "torch.device"
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return the token at each place of the padded answers [G, L], and which places are real."""
    import torch

    sizes = torch.tensor(lengths, device=device)
    place = torch.arange(max(lengths), device=device)[None]
    index = (sizes.cumsum(0) - sizes)[:, None] + place
    return index.clamp(max=sum(lengths) - 1), place < sizes[:, None]


def _future(length: int, device: "torch.device") -> "torch.Tensor":
    """Return [length, length]: minus infinity where a token would see a later one."""
    import torch

    return torch.full((length, length), float("-inf"), device=device).triu(1)
