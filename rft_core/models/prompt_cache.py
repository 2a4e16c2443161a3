"""Attention while answers are written: each prompt's keys and values are kept once.

All answers to a prompt read the same keys and values of it; their own tokens follow in a second
cache, one row an answer. Key heads are never repeated for their query heads.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ROOM = 32
"""Tokens by which a cache grows, at least."""


def growing_cache() -> Any:
    """Return an empty cache of a kind that the libraries' models fill.

    It is written in place, in the dtype of the values. The library's own is copied as a whole with
    every token, in fp32 where rotation leaves keys in fp32.
    """
    from transformers import Cache

    return Cache(layer_class_to_replicate=_growing_layer())


@cache
def _growing_layer() -> Any:
    import torch
    from transformers.cache_utils import DynamicLayer

    class GrowingLayer(DynamicLayer):  # type: ignore[misc]
        """Keys and values [B, K, S, D]: views of the `space` [2, B, K, room, D] that holds both."""

        space: torch.Tensor

        def update(
            self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
        ) -> tuple[torch.Tensor, torch.Tensor]:
            start = self.get_seq_length()
            end = start + value_states.shape[2]
            rows, heads, tokens, size = value_states.shape
            if not self.is_initialized:
                self.lazy_initialization(key_states, value_states)
                self.space = value_states.new_empty(2, rows, heads, 0, size)
            if end > self.space.shape[3]:
                more = value_states.new_empty(2, rows, heads, max(ROOM, tokens), size)
                self.space = torch.cat([self.space, more], dim=3)
            self.space[0, :, :, start:end] = key_states
            self.space[1, :, :, start:end] = value_states
            return self._show(end)

        def batch_select_indices(self, indices: torch.Tensor) -> None:
            self.space = self.space[:, indices]
            self._show(self.get_seq_length())

        def _show(self, end: int) -> tuple[torch.Tensor, torch.Tensor]:
            self.keys, self.values = self.space[:, :, :, :end]
            return self.keys, self.values

    return GrowingLayer


class PromptCache:
    """Keys and values of G prompts of up to P tokens, and which of B answers reads which.

    `layers` holds by layer the pair [G, K, P, D]; `mask` [G, P] is 1 where a token is real.
    """

    def __init__(
        self,
        layers: "Sequence[tuple[torch.Tensor, ...]]",
        mask: "torch.Tensor",
        copies: int,
    ) -> None:
        import torch

        self.layers = layers
        self.bias = layers[0][0].new_zeros(mask.shape).masked_fill_(mask == 0, float("-inf"))
        self.ragged = bool((mask == 0).any())
        self.group = torch.arange(len(mask), device=mask.device).repeat_interleave(copies)
        self._seat()

    @classmethod
    def of_rows(cls, flat: Any, lengths: "torch.Tensor", copies: int) -> "PromptCache":
        """Split a cache of one packed row [1, K, N, D] into its prompts, padded at the end."""
        import torch

        place = torch.arange(int(lengths.max()), device=lengths.device)[None]
        at = (lengths.cumsum(0) - lengths)[:, None] + place
        at = at.clamp(max=int(lengths.sum()) - 1)
        layers = [
            tuple(kept[0][:, at].transpose(0, 1).contiguous()
                  for kept in (layer.keys, layer.values))
            for layer in flat.layers
        ]  # fmt: skip
        return cls(layers, place < lengths[:, None], copies)

    def select(self, index: "torch.Tensor") -> None:
        """Keep the answers at `index` only."""
        self.group = self.group[index]
        self._seat()

    def _seat(self) -> None:
        """Give each answer a seat among its prompt's, so that a prompt's answers are one matrix."""
        import torch

        groups = len(self.bias)
        taken = torch.bincount(self.group, minlength=groups)
        first = taken.cumsum(0) - taken
        order = torch.arange(len(self.group), device=self.group.device)
        self.seat = order - first[self.group]  # answers to a prompt are neighbours
        self.seats = int(taken.max())
        self.full = len(self.group) == groups * self.seats
        """No seat is empty: every prompt has the same number of answers left."""
        places = first[:, None] + torch.arange(self.seats, device=order.device)
        self.answer_at = places.clamp(max=len(order) - 1)

    def by_prompt(self, x: "torch.Tensor") -> "torch.Tensor":
        """Arrange [B, K, R, X] as [G, K, seats * R, X]; empty seats hold some other answer."""
        seated = x.unflatten(0, (-1, self.seats)) if self.full else x[self.answer_at]
        together: torch.Tensor = seated.transpose(1, 2).flatten(2, 3)
        return together

    def by_answer(self, x: "torch.Tensor") -> "torch.Tensor":
        """Undo `by_prompt`."""
        split = x.unflatten(2, (self.seats, -1)).transpose(1, 2)
        if self.full:
            whole: torch.Tensor = split.flatten(0, 1)
            return whole
        seated: torch.Tensor = split[self.group, self.seat]
        return seated


def attend_to_prompts(
    module: Any,
    query: "torch.Tensor",
    key: "torch.Tensor",
    value: "torch.Tensor",
    attention_mask: None,
    scaling: float,
    prompts: PromptCache,
    **_: Any,
) -> "tuple[torch.Tensor, None]":
    """Attend from one new token an answer to its prompt and its own tokens so far.

    `query` is [B, heads, 1, D], `key` and `value` [B, K, S, D]. Returns [B, 1, heads, D].
    """
    import torch

    keys, values = prompts.layers[module.layer_idx]
    kv, length = keys.shape[1:3]
    q = (query[:, :, 0] * scaling).to(value.dtype).unflatten(1, (kv, -1))
    far = prompts.by_prompt(q) @ keys.mT
    if prompts.ragged:
        far += prompts.bias[:, None, None]
    scores = torch.cat([prompts.by_answer(far), q @ key.mT], dim=-1)
    weights = scores.float().softmax(dim=-1).to(value.dtype)
    out = prompts.by_answer(prompts.by_prompt(weights[..., :length]) @ values)
    out = out + weights[..., length:] @ value
    return out.flatten(1, 2)[:, None], None
