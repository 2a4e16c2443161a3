"""What sampling computed at each token, kept for the training pass over the same answers.

A round samples answers and then learns from them with the same weights. Sampling computes exactly
what the forward half of the training pass would compute again (`group_attention` says how the two
are kept equal bit by bit), so the training pass starts from its notes instead and runs the
backward half only. Where the notes would take too much memory, none are made and the pass runs
whole.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rft_core.models.decoder import Decoder, Noted
from rft_core.models.packed import Branch

if TYPE_CHECKING:
    import torch

UP_TO = 2 << 30
"""Bytes of notes that are made at most."""


class RolloutNotes:
    """Notes of one round at a time; the memory is used again in the next.

    A round of B answers to prompts of P tokens in all has P rows for the prompts, then B rows for
    each step. An answer's last token is never read, neither in sampling nor in training.
    """

    def __init__(self) -> None:
        self.space: dict[tuple[int, int], torch.Tensor] = {}
        """By layer and place in `Noted` [rows, width]."""
        self.state: tuple[Any, ...] = ()
        self.rows = self.prompt_rows = self.answers = 0
        self.place: slice | torch.Tensor = slice(0)
        self.prompt_at: dict[tuple[int, ...], int] = {}
        self.answer_at: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def begin(
        self, decoder: Decoder, prompts: Sequence[Sequence[int]], copies: int, max_new_tokens: int
    ) -> bool:
        """Start a round; False where its notes would take too much memory."""
        self.prompt_rows = sum(map(len, prompts))
        self.answers = len(prompts) * copies
        self.rows = self.prompt_rows + self.answers * (max_new_tokens - 1)
        self.state = ()
        if self.rows * bytes_per_token(decoder) > UP_TO:
            self.space.clear()
            return False
        self.place = slice(0, self.prompt_rows)
        return True

    def at(self, step: int, answers: "torch.Tensor") -> None:
        """Say that the next pass reads token `step` of these answers [b], in ascending order."""
        start = self.prompt_rows + step * self.answers
        everyone = len(answers) == self.answers
        self.place = slice(start, start + self.answers) if everyone else start + answers

    def note(self, number: int, noted: "Noted | tuple[torch.Tensor]") -> None:
        """See `decoder.Notes`."""
        for i, value in enumerate(noted):
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
        self, decoder: Decoder, groups: "Sequence[tuple[Sequence[int], Sequence[Branch]]]"
    ) -> Callable[[int], Any] | None:
        """Return what gives the notes of these groups' tokens, in the order of `packed.pack`.

        None where the adapter has changed since, or where some answer was not sampled.
        """
        import torch

        if not self.state or self.state != _state(decoder):
            return None
        rows: list[int] = []
        for prefix, branches in groups:
            prompt = tuple(prefix)
            keys = [(prompt, tuple(branch.tokens)) for branch in branches]
            if prompt not in self.prompt_at or any(key not in self.answer_at for key in keys):
                return None
            start = self.prompt_at[prompt]
            rows += range(start, start + len(prompt))
            for key in keys:
                first = self.prompt_rows + self.answer_at[key]
                rows += [first + t * self.answers for t in range(len(key[1]) - 1)]
        index = torch.tensor(rows, device=decoder.device)
        last = len(decoder.blocks)

        def noted(number: int) -> Any:
            found = (self.space[number, i] for i in range(1 if number == last else 5))
            values = [space.index_select(0, index) for space in found]
            return tuple(values) if number == last else Noted(*values)

        return noted


def bytes_per_token(decoder: Decoder) -> int:
    """Return what the notes of one token take."""
    block = decoder.blocks[0]
    hidden = len(decoder.norm.scale)
    wide = sum(block.qkv.weight.sizes) + block.out_width + sum(block.gate_up.weight.sizes)
    size = block.qkv.weight.weights[0].element_size()
    return len(decoder.blocks) * (2 * 4 * hidden + size * wide) + 4 * hidden


def _state(decoder: Decoder) -> tuple[Any, ...]:
    """Return what changes with every change of the adapter in place."""
    return id(decoder), *((id(matrix), matrix._version) for matrix in decoder.adapter())
