"""Generate answers: one prefill a prompt, its cache shared by all its answers.

The same code answers held-out cases (greedy) and samples practice answers. Simplified against
`model.generate`: no beams, no penalties. The last hidden state goes through the LM head as a
contiguous 2-D matrix (a [B, 1, H] slice would copy the head's weight for every row), finished
answers leave the batch and its cache, and sampling draws one number an answer.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


class Completion(NamedTuple):
    """Token ids of one answer (end-of-text included when it was reached)."""

    ids: list[int]
    truncated: bool
    """The answer was cut at the length limit."""


def generate(
    model: "PreTrainedModel",
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    eos_ids: Sequence[int],
    pad_id: int,
    copies: int = 1,
    temperature: float = 0.0,
    generator: "torch.Generator | None" = None,
) -> list[Completion]:
    """Answer each prompt `copies` times; the answers to one prompt are neighbours.

    `temperature` 0 is greedy. Sampling needs a seeded `generator`. `model` may carry adapters;
    it is used as it is. Shapes below: B rows, T tokens, H hidden size, V vocabulary.
    """
    import torch

    with torch.no_grad():
        return _Decoder(model, max_new_tokens, eos_ids, pad_id, temperature, generator).run(
            prompts, copies
        )


def answer_logits(causal: Any, hidden: "torch.Tensor") -> "torch.Tensor":
    """Return fp32 logits [N, V] of hidden states [N, H], soft-capped where the model is."""
    import torch

    logits: torch.Tensor = causal.get_output_embeddings()(hidden).float()
    cap = getattr(causal.config, "final_logit_softcapping", None)
    return torch.tanh(logits / cap) * cap if cap else logits


class _Decoder:
    def __init__(
        self,
        model: Any,
        max_new_tokens: int,
        eos_ids: Sequence[int],
        pad_id: int,
        temperature: float,
        generator: "torch.Generator | None",
    ) -> None:
        causal = model.get_base_model() if hasattr(model, "get_base_model") else model
        self.causal = causal
        self.backbone = causal.base_model
        self.max_new_tokens = max_new_tokens
        self.eos_ids = list(eos_ids)
        self.pad_id = pad_id
        self.temperature = temperature
        self.generator = generator

    def run(self, prompts: Sequence[Sequence[int]], copies: int) -> list[Completion]:
        import torch

        device = self.causal.device
        ids, mask = self._left_padded(prompts)
        hidden, cache = self._prefill(ids, mask)
        cache.batch_repeat_interleave(copies)
        hidden = hidden.repeat_interleave(copies, dim=0)
        mask = mask.repeat_interleave(copies, dim=0)
        position = mask.sum(dim=1)
        rows = torch.arange(len(prompts) * copies, device=device)
        out: list[list[int]] = [[] for _ in range(len(rows))]
        eos = torch.tensor(self.eos_ids, device=device)
        for step in range(self.max_new_tokens):
            token = self._next_token(hidden)
            for row, value in zip(rows.tolist(), token.tolist(), strict=True):
                out[row].append(value)
            keep = ~torch.isin(token, eos)
            if step + 1 == self.max_new_tokens or not bool(keep.any()):
                break
            if not bool(keep.all()):
                index = keep.nonzero().squeeze(1)
                cache.batch_select_indices(index)
                rows, token, mask, position = (x[index] for x in (rows, token, mask, position))
            mask = torch.cat([mask, mask.new_ones(len(rows), 1)], dim=1)
            hidden = self._forward(token[:, None], mask, position[:, None], cache)
            position = position + 1
        ends = set(self.eos_ids)
        return [Completion(ids=answer, truncated=answer[-1] not in ends) for answer in out]

    def _left_padded(self, prompts: Sequence[Sequence[int]]) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return ids and mask [B, T], padded on the left."""
        import torch

        width = max(len(p) for p in prompts)
        ids = [[self.pad_id] * (width - len(p)) + list(p) for p in prompts]
        mask = [[0] * (width - len(p)) + [1] * len(p) for p in prompts]
        device = self.causal.device
        return torch.tensor(ids, device=device), torch.tensor(mask, device=device)

    def _prefill(self, ids: "torch.Tensor", mask: "torch.Tensor") -> "tuple[torch.Tensor, Any]":
        from transformers import DynamicCache

        cache = DynamicCache(config=self.causal.config)
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
        return self._forward(ids, mask, positions, cache), cache

    def _forward(
        self, ids: "torch.Tensor", mask: "torch.Tensor", positions: "torch.Tensor", cache: Any
    ) -> "torch.Tensor":
        """Return the last hidden state [B, H], contiguous."""
        output = self.backbone(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
        )
        last: torch.Tensor = output.last_hidden_state[:, -1].contiguous()
        return last

    def _next_token(self, hidden: "torch.Tensor") -> "torch.Tensor":
        """Choose one token a row [B] from hidden states [B, H]."""
        import torch

        logits = answer_logits(self.causal, hidden)
        if self.temperature == 0:
            best: torch.Tensor = logits.argmax(dim=-1)
            return best
        # Inverse-transform sampling: one uniform number a row instead of V of them.
        mass = torch.softmax(logits / self.temperature, dim=-1).cumsum(dim=-1)
        draw = torch.rand(len(mass), 1, generator=self.generator).to(mass.device)
        token: torch.Tensor = torch.searchsorted(mass, draw * mass[:, -1:]).squeeze(1)
        return token.clamp(max=mass.shape[1] - 1)
