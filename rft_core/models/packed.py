"""Packed rows: a prefix goes through the model once, followed by all the branches that share it.

Several prefixes and their branches make one row of tokens without padding:

    prompt 1 | answer 1a | answer 1b | prompt 2 | answer 2a | ...

A branch sees its prefix and itself; its positions go on where the prefix ends. So every token's
hidden state, and every gradient, is what it would be in a row of its own.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from rft_core.models.attention import attention_in_use
from rft_core.models.lora import beginning

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
            ids += tokens
            positions += range(length, length + len(tokens))
    starts = accumulate((_tokens(*group) for group in groups), initial=0)
    return Layout(
        torch.tensor([ids], device=device),
        torch.tensor([positions], device=device),
        tuple(
            Group(start, len(prefix), tuple(len(branch.tokens) for branch in branches))
            for start, (prefix, branches) in zip(starts, groups, strict=False)
        ),
        *(
            torch.tensor(index, device=device, dtype=torch.long)
            for index in (predictors, rows, columns)
        ),
    )


def _tokens(prefix: "Sequence[int]", branches: "Sequence[Branch]") -> int:
    return len(prefix) + sum(len(branch.tokens) for branch in branches)


def hidden_states(causal: Any, layout: Layout, cache: Any = None) -> "torch.Tensor":
    """Return the last hidden states [N, H]; the tokens' keys and values enter `cache`."""
    with attention_in_use(causal, attend_in_groups):
        output = causal.base_model(
            **beginning(causal, layout.ids),
            position_ids=layout.positions,
            past_key_values=cache,
            use_cache=cache is not None,
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
    v = value[0]
    q = (query[0] * scaling).to(v.dtype).unflatten(0, (kv, heads // kv))
    k = key[0].to(v.dtype)
    out = []
    for group in layout.groups:
        end = group.start + group.prompt
        prefix = k[:, group.start : end], v[:, group.start : end]
        out.append(_causal(q[:, :, group.start : end], *prefix))
        if group.answers:
            own = slice(end, end + sum(group.answers))
            out.append(_branches(q[:, :, own], k[:, own], v[:, own], prefix, group.answers))
    return torch.cat(out, dim=2).flatten(0, 1).transpose(0, 1)[None], None


def _causal(q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
    """Plain causal attention: q [K, R, P, D], k, v [K, P, D]; returns [K, R, P, D]."""
    import torch

    out: torch.Tensor = torch.nn.functional.scaled_dot_product_attention(
        q.flatten(0, 1)[None], k[None], v[None], is_causal=True, scale=1.0, enable_gqa=True
    )
    return out[0].view(q.shape)


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
    on_self = (q @ k.mT).unflatten(2, (repeats, longest)) + _future(longest, q)
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


def _future(length: int, like: "torch.Tensor") -> "torch.Tensor":
    """Return [length, length]: minus infinity where a token would see a later one."""
    return like.new_full((length, length), float("-inf")).triu(1)
