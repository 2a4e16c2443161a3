"""Generate answers: one prefill a prompt, its cache shared by all its answers.

The same code answers held-out cases (greedy) and samples practice answers. Simplified against
`model.generate`: no beams, no penalties. The last hidden state goes through the LM head as a
contiguous 2-D matrix (a [B, 1, H] slice would copy the head's weight for every row), finished
answers leave the batch and its cache, and sampling draws one number an answer.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rft_core.models.attention import attention_in_use
from rft_core.models.head import answer_logits
from rft_core.models.lora import beginning
from rft_core.models.packed import hidden_states, pack
from rft_core.models.prompt_cache import PromptCache, attend_to_prompts, growing_cache
from rft_core.models.support import why_stock

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

    with torch.inference_mode():
        causal = model.get_base_model() if hasattr(model, "get_base_model") else model
        if why_stock(causal):
            return _library(model, prompts, copies, max_new_tokens, eos_ids, pad_id, temperature)
        return _Decoder(causal, max_new_tokens, eos_ids, pad_id, temperature, generator).run(
            prompts, copies
        )


def _library(
    model: Any,
    prompts: Sequence[Sequence[int]],
    copies: int,
    max_new_tokens: int,
    eos_ids: Sequence[int],
    pad_id: int,
    temperature: float,
) -> list[Completion]:
    """Answer with `model.generate`, for models that our attention does not fit (greedy only)."""
    if temperature or copies > 1:
        raise ValueError("The library's generation is used greedily here.")
    ids, mask = _left_padded(prompts, pad_id, model.device)
    output = model.generate(
        input_ids=ids, attention_mask=mask, do_sample=False,
        max_new_tokens=max_new_tokens, eos_token_id=list(eos_ids), pad_token_id=pad_id,
    )  # fmt: skip
    return [_until_end(row, set(eos_ids)) for row in output[:, ids.shape[1] :].tolist()]


def _left_padded(
    prompts: Sequence[Sequence[int]], pad_id: int, device: "torch.device"
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return ids and mask [B, T], padded on the left."""
    import torch

    width = max(len(p) for p in prompts)
    ids = [[pad_id] * (width - len(p)) + list(p) for p in prompts]
    mask = [[0] * (width - len(p)) + [1] * len(p) for p in prompts]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _until_end(ids: list[int], ends: set[int]) -> Completion:
    for at, token in enumerate(ids):
        if token in ends:
            return Completion(ids=ids[: at + 1], truncated=False)
    return Completion(ids=ids, truncated=True)


class _Decoder:
    def __init__(
        self,
        causal: Any,
        max_new_tokens: int,
        eos_ids: Sequence[int],
        pad_id: int,
        temperature: float,
        generator: "torch.Generator | None",
    ) -> None:
        self.causal = causal
        self.backbone = causal.base_model
        self.max_new_tokens = max_new_tokens
        self.eos_ids = list(eos_ids)
        self.pad_id = pad_id
        self.temperature = temperature
        self.generator = generator

    def run(self, prompts: Sequence[Sequence[int]], copies: int) -> list[Completion]:
        import torch

        hidden, lengths, cached = self._prefill(prompts, copies)
        hidden = hidden.repeat_interleave(copies, dim=0)
        position = lengths.repeat_interleave(copies, dim=0)
        rows = torch.arange(len(prompts) * copies, device=self.causal.device)
        out: list[list[int]] = [[] for _ in range(len(rows))]
        eos = torch.tensor(self.eos_ids, device=self.causal.device)
        answers = growing_cache()
        with attention_in_use(self.causal, attend_to_prompts):
            for step in range(self.max_new_tokens):
                token = self._next_token(hidden)
                for row, value in zip(rows.tolist(), token.tolist(), strict=True):
                    out[row].append(value)
                keep = ~torch.isin(token, eos)
                if step + 1 == self.max_new_tokens or not bool(keep.any()):
                    break
                if not bool(keep.all()):
                    index = keep.nonzero().squeeze(1)
                    if step:
                        answers.batch_select_indices(index)
                    cached.select(index)
                    rows, token, position = (x[index] for x in (rows, token, position))
                hidden = self._forward(token[:, None], position[:, None], answers, cached)
                position = position + 1
        ends = set(self.eos_ids)
        return [Completion(ids=answer, truncated=answer[-1] not in ends) for answer in out]

    def _prefill(
        self, prompts: Sequence[Sequence[int]], copies: int
    ) -> "tuple[torch.Tensor, torch.Tensor, PromptCache]":
        """Read each prompt once: last hidden states [G, H], lengths [G] and the cache."""
        import torch

        device = self.causal.device
        flat = growing_cache()
        layout = pack([(prompt, []) for prompt in prompts], device)
        states = hidden_states(self.causal, layout, flat)
        lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)
        return states[lengths.cumsum(0) - 1], lengths, PromptCache.of_rows(flat, lengths, copies)

    def _forward(
        self, ids: "torch.Tensor", positions: "torch.Tensor", answers: Any, prompts: PromptCache
    ) -> "torch.Tensor":
        """Return the last hidden state [B, H] of one new token [B, 1] an answer."""
        output = self.backbone(
            **beginning(self.causal, ids),
            position_ids=positions,
            past_key_values=answers,
            use_cache=True,
            prompts=prompts,
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
        if self.temperature != 1:
            logits /= self.temperature
        # Inverse-transform sampling: one uniform number a row instead of V of them.
        mass = torch.softmax(logits, dim=-1).cumsum_(dim=-1)
        draw = torch.rand(len(mass), 1, generator=self.generator).to(mass.device)
        token: torch.Tensor = torch.searchsorted(mass, draw * mass[:, -1:]).squeeze(1)
        return token.clamp(max=mass.shape[1] - 1)
