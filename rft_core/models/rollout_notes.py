"""What sampling computed at each token, kept for the training pass over the same answers.

A round samples answers and then learns from them with the same weights. Sampling computes exactly
what the forward half of the training pass would compute again (`group_attention` says how the two
are kept equal bit by bit), so the training pass starts from its notes instead and runs the
backward half only. Where the notes would take too much memory, none are made and the pass runs
whole.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rft_core.models.decoder import Decoder, Noted
from rft_core.models.head import Predicted
from rft_core.models.packed import Branch

if TYPE_CHECKING:
    import torch

PREDICTED = -1
"""Where the LM head's notes are kept among the layers'."""
UP_TO = 3 << 30
"""Bytes of notes that are made at most."""


class RolloutNotes:
    """Notes of one round at a time; the memory is used again in the next.

    A round of B answers to prompts of P tokens in all has P rows for the prompts, then B rows for
    each step. An answer's last token is predicted, but never read, neither in sampling nor in
    training.
    """

    def __init__(self) -> None:
        self.space: dict[tuple[int, int], torch.Tensor] = {}
        """By layer and place in `Noted` [rows, width]."""
        self.state: tuple[Any, ...] = ()
        self.temperature = 1.0
        self.rows = self.prompt_rows = self.answers = 0
        self.place: slice | torch.Tensor = slice(0)
        self.prompt_at: dict[tuple[int, ...], int] = {}
        self.answer_at: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def begin(
        self,
        decoder: Decoder,
        prompts: Sequence[Sequence[int]],
        copies: int,
        max_new_tokens: int,
        temperature: float,
    ) -> bool:
        """Start a round; False where its notes would take too much memory."""
        self.temperature = temperature
        self.prompt_rows = sum(map(len, prompts))
        self.answers = len(prompts) * copies
        self.rows = self.prompt_rows + self.answers * max_new_tokens
        self.state = ()
        if self.rows * bytes_per_token(decoder) > UP_TO:
            self.space.clear()
            return False
        self.place = slice(0, self.prompt_rows)
        return True

    def at(self, step: int, answers: "torch.Tensor") -> None:
        """Say that token `step` of these answers [b], in ascending order, is predicted or read."""
        start = self.prompt_rows + step * self.answers
        everyone = len(answers) == self.answers
        self.place = slice(start, start + self.answers) if everyone else start + answers

    def note(self, number: int, noted: "Noted | tuple[torch.Tensor]") -> None:
        """See `decoder.Notes`."""
        self._write(number, noted)

    def predicted(self, found: Predicted) -> None:
        """Keep what the LM head made of the tokens that were chosen."""
        self._write(PREDICTED, [value.view(len(found.logp), -1) for value in found])

    def _write(self, number: int, values: "Sequence[torch.Tensor]") -> None:
        for i, value in enumerate(values):
            space = self.space.get((number, i))
            if space is None or len(space) < self.rows:
                space = self.space[number, i] = value.new_empty(self.rows, value.shape[1])
            space[self.place] = value

    def end(
        self, decoder: Decoder, prompts: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]
    ) -> None:
        """Finish a round: `answers` are those to each prompt in turn."""
        copies = len(answers) // len(prompts)
        starts = [sum(map(len, prompts[:i])) for i in range(len(prompts))]
        self.prompt_at = {tuple(p): start for p, start in zip(prompts, starts, strict=True)}
        self.answer_at = {
            (tuple(prompts[b // copies]), tuple(answer)): b for b, answer in enumerate(answers)
        }
        self.state = _state(decoder)

    def recall(
        self,
        decoder: Decoder,
        groups: "Sequence[tuple[Sequence[int], Sequence[Branch]]]",
        temperature: float,
    ) -> "Recalled | None":
        """Return the notes of these groups' tokens, in the order of `packed.pack`.

        None where the adapter has changed since, or where some answer was not sampled so.
        """
        import torch

        if not self.state or self.state != _state(decoder) or temperature != self.temperature:
            return None
        read: list[int] = []
        predicted: list[int] = []
        for prefix, branches in groups:
            prompt = tuple(prefix)
            keys = [(prompt, tuple(branch.tokens)) for branch in branches]
            if prompt not in self.prompt_at or any(key not in self.answer_at for key in keys):
                return None
            start = self.prompt_at[prompt]
            read += range(start, start + len(prompt))
            for key in keys:
                first = self.prompt_rows + self.answer_at[key]
                rows = [first + t * self.answers for t in range(len(key[1]))]
                predicted += rows
                read += rows[:-1]
        device = decoder.device
        return Recalled(
            self.space, torch.tensor(read, device=device), torch.tensor(predicted, device=device)
        )


class Recalled:
    """Notes of some tokens: rows `read` [N] of what was read, and rows `predicted` [M]."""

    def __init__(
        self,
        space: "dict[tuple[int, int], torch.Tensor]",
        read: "torch.Tensor",
        predicted: "torch.Tensor",
    ) -> None:
        self.space, self.read, self._predicted = space, read, predicted
        self.layers = max(number for number, _ in space)
        self.copies: dict[int, torch.Tensor] = {}

    def __call__(self, number: int) -> Any:
        """Return what was noted in a layer; after the last one, the residual sum alone."""
        if number == self.layers:
            return (self.space[number, 0].index_select(0, self.read),)
        return Noted(*(self._copied(number, i) for i in range(5)))

    def _copied(self, number: int, i: int) -> "torch.Tensor":
        """Return the tokens' rows, in the memory that held those of the layer before."""
        import torch

        rows = self.space[number, i]
        if i not in self.copies:
            self.copies[i] = rows.new_empty(len(self.read), rows.shape[1])
        return torch.index_select(rows, 0, self.read, out=self.copies[i])

    def predicted(self) -> Predicted:
        """Return what the LM head made of the answers' tokens."""
        logp, entropy, slope = (
            self.space[PREDICTED, i].index_select(0, self._predicted) for i in range(3)
        )
        return Predicted(logp[:, 0], entropy[:, 0], slope)


def bytes_per_token(decoder: Decoder) -> int:
    """Return what the notes of one token take."""
    block = decoder.blocks[0]
    hidden = len(decoder.norm.scale)
    wide = sum(block.qkv.weight.sizes) + block.out_width + sum(block.gate_up.weight.sizes)
    size = block.qkv.weight.dtype.itemsize
    learned = len(decoder.blocks) - decoder.first_learned
    return learned * (2 * 4 * hidden + size * wide) + (4 + size) * hidden


def _state(decoder: Decoder) -> tuple[Any, ...]:
    """Return what changes with every change of the adapter in place."""
    return id(decoder), *((id(matrix), matrix._version) for matrix in decoder.adapter())
