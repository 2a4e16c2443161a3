"""Generate answers: one prefill a prompt, its cache shared by all its answers.

The same code answers held-out cases (greedy) and samples practice answers. Simplified against
`model.generate`: no beams, no penalties. The last hidden state goes through the LM head as a
2-D matrix (a [B, 1, H] slice would copy the head's weight for every row), finished answers leave
the batch and its cache, and sampling draws one number an answer.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from rft_core.models.answer_attention import AnswerAttention
from rft_core.models.decoder import Decoder, decoder
from rft_core.models.group_attention import GroupAttention
from rft_core.models.head import answer_logits, predict
from rft_core.models.packed import Branch, Layout, common_beginning, pack
from rft_core.models.rollout_notes import RolloutNotes
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
    notes: RolloutNotes | None = None,
) -> list[Completion]:
    """Answer each prompt `copies` times; the answers to one prompt are neighbours.

    `temperature` 0 is greedy. Sampling needs a seeded `generator`. `model` may carry adapters;
    it is used as it is. `notes` keep what a training pass can start from. Shapes below: B answers,
    H hidden size, V vocabulary.
    """
    import torch

    with torch.inference_mode():
        if why_stock(model):
            return _library(model, prompts, copies, max_new_tokens, eos_ids, pad_id, temperature)
        ours = decoder(model)
        if notes and not notes.begin(ours, prompts, copies, max_new_tokens, temperature):
            notes = None
        with ours.steady():
            writer = _Writer(ours, max_new_tokens, eos_ids, temperature, generator, notes)
            completions = writer.run(prompts, copies)
        if notes is not None:
            notes.end(ours, prompts, [completion.ids for completion in completions])
        return completions


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


def _layout(prompts: Sequence[Sequence[int]], shared: int, device: "torch.device") -> Layout:
    """Lay out the prompts in a row; their first `shared` tokens, equal in all, only once."""
    if not shared:
        return pack([(prompt, []) for prompt in prompts], device)
    # A branch's last token is to be predicted and not read; a prompt's is read.
    branches = [Branch(i, [*prompt[shared:], -1]) for i, prompt in enumerate(prompts)]
    return pack([(prompts[0][:shared], branches)], device)


def _places(
    lengths: Sequence[int], shared: int, device: "torch.device"
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return where in such a layout every prompt's tokens are [N], and its last one [B]."""
    import torch

    starts = accumulate((length - shared for length in lengths), initial=shared)
    own = [range(at, at + n - shared) for at, n in zip(starts, lengths, strict=False)]
    read = [place for places in own for place in (*range(shared), *places)]
    return (
        torch.tensor(read, device=device),
        torch.tensor([places[-1] for places in own], device=device),
    )


class _Writer:
    def __init__(
        self,
        decoder: Decoder,
        max_new_tokens: int,
        eos_ids: Sequence[int],
        temperature: float,
        generator: "torch.Generator | None",
        notes: RolloutNotes | None,
    ) -> None:
        self.decoder = decoder
        self.notes = notes
        self.max_new_tokens = max_new_tokens
        self.eos_ids = list(eos_ids)
        self.temperature = temperature
        self.generator = generator

    def run(self, prompts: Sequence[Sequence[int]], copies: int) -> list[Completion]:
        import torch

        hidden, attention = self._prefill(prompts, copies)
        device = hidden.device
        lengths = torch.tensor([len(prompt) for prompt in prompts], device=device)
        position = lengths.repeat_interleave(copies)
        rows = torch.arange(len(position), device=device)
        out: list[list[int]] = [[] for _ in range(len(rows))]
        eos = torch.tensor(self.eos_ids, device=device)
        for step in range(self.max_new_tokens):
            if self.notes is not None:
                self.notes.at(step, rows)
            token = self._next_token(hidden)
            for row, value in zip(rows.tolist(), token.tolist(), strict=True):
                out[row].append(value)
            keep = ~torch.isin(token, eos)
            if step + 1 == self.max_new_tokens or not bool(keep.any()):
                break
            if not bool(keep.all()):
                index = keep.nonzero().squeeze(1)
                attention.select(index)
                rows, token, position = (x[index] for x in (rows, token, position))
            if self.notes is not None:
                self.notes.at(step, rows)
            hidden = self.decoder.hidden_states(token, position, attention, self.notes)
            position = position + 1
        ends = set(self.eos_ids)
        return [Completion(ids=answer, truncated=answer[-1] not in ends) for answer in out]

    def _prefill(
        self, prompts: Sequence[Sequence[int]], copies: int
    ) -> "tuple[torch.Tensor, AnswerAttention]":
        """Read each prompt once: the last hidden state of each answer's prompt [B, H].

        What all prompts begin with (an instruction, worked examples) is read once for all, unless
        notes are taken, which hold every prompt by itself.
        """

        lengths = [len(prompt) for prompt in prompts]
        shared = 0
        if len(prompts) > 1 and self.notes is None:
            shared = min(common_beginning(prompts), min(lengths) - 1)
        layout = _layout(prompts, shared, self.decoder.device)
        reading = GroupAttention(layout, keep=True)
        states = self.decoder.hidden_states(layout.ids, layout.positions, reading, self.notes)
        assert reading.kept is not None
        read, last = _places(lengths, shared, states.device)
        kept = [layer[read] for layer in reading.kept] if shared else reading.kept
        attention = AnswerAttention(kept, lengths, copies)
        return states[last].repeat_interleave(copies, dim=0), attention

    def _next_token(self, hidden: "torch.Tensor") -> "torch.Tensor":
        """Choose one token a row [B] from hidden states [B, H]."""
        import torch

        logits = answer_logits(self.decoder, hidden)
        if self.temperature == 0:
            best: torch.Tensor = logits.argmax(dim=-1)
            return best
        if self.temperature != 1:
            logits /= self.temperature
        p = torch.softmax(logits, dim=-1)
        # Inverse-transform sampling: one uniform number a row instead of V of them.
        mass = p.cumsum(dim=-1)
        draw = torch.rand(len(mass), 1, generator=self.generator).to(mass.device)
        token: torch.Tensor = torch.searchsorted(mass, draw * mass[:, -1:]).squeeze(1)
        token = token.clamp(max=mass.shape[1] - 1)
        if self.notes is not None:
            self.notes.predicted(predict(self.decoder, logits, p, token, self.temperature))
        return token
