"""Attention while answers are written: each prompt's keys and values are kept once.

All answers to a prompt read the same keys and values of it; their own follow in a second cache.
Key heads are never repeated for their query heads. The order of computing is that of
`group_attention`, which says why.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rft_core.models.group_attention import LANES, scaled_product

if TYPE_CHECKING:
    import torch

FEWEST_ROWS = 4
"""Query heads of a key head are padded to it: BLAS adds up products of fewer rows differently."""

ROOM = 32
"""Tokens by which the cache of the answers grows."""
CLEARED_AT = 0.75
"""Empty seats are cleared away when that leaves at most this share of all seats."""


class AnswerAttention:
    """Attention of one new token of each of B answers to its prompt and its own tokens so far.

    The answers to each of G prompts sit on S seats each; seats of finished answers stay empty (and
    compute some other answer's attention) until enough of them can be cleared away.
    """

    def __init__(self, kept: "Sequence[torch.Tensor]", lengths: Sequence[int], copies: int) -> None:
        """`kept` are by layer keys and values [N, 2 K, D] of G prompts of `lengths` in a row."""
        import torch

        device = kept[0].device
        sizes = torch.tensor(lengths, device=device)
        place = torch.arange(max(lengths), device=device)[None]
        at = ((sizes.cumsum(0) - sizes)[:, None] + place).clamp(max=sum(lengths) - 1)
        self.prompts = [
            layer[at].unflatten(2, (2, -1)).permute(2, 0, 3, 1, 4).contiguous() for layer in kept
        ]
        """By layer keys and values [2, G, K, P, D]."""
        beyond = place >= sizes[:, None]
        self.ragged = bool(beyond.any())
        self.bias = kept[0].new_zeros(beyond.shape).masked_fill_(beyond, float("-inf"))
        self.own: list[torch.Tensor] = []
        """By layer keys and values of the answers [2, G, K, S, room, D]."""
        self.written = 0
        order = torch.arange(len(lengths) * copies, device=device)
        self._sit(order // copies, order % copies, copies)

    def __call__(
        self, number: int, heads: "torch.Tensor", kv: int, scaling: float
    ) -> "torch.Tensor":
        """See `decoder.Attend`."""
        import torch

        groups, seats, size = len(self.bias), self.seats, heads.shape[2]
        repeats = heads.shape[1] // kv - 2
        if not number:
            self._next(heads, kv, max(repeats, FEWEST_ROWS))
        seated = heads if self.full else heads[self.answer_at]
        seated = seated.view(groups, seats, -1, size).transpose(1, 2)
        q, rows = self.q, self.q.shape[3]
        q[..., :repeats, :] = seated[:, : -2 * kv].unflatten(1, (kv, repeats)).transpose(2, 3)
        keys, values = self._extend(number, seated[:, -2 * kv :].unflatten(1, (2, kv)))
        far_k, far_v = self.prompts[number].flatten(1, 2)
        near = scaled_product(q.view(-1, rows, size), keys, scaling).add_(self.mask)
        far = scaled_product(q.view(groups * kv, -1, size), far_k, scaling)
        if self.ragged:
            far.view(groups, -1, far.shape[2]).add_(self.bias[:, None])
        own = near.shape[2]
        scores = [near.view(groups * kv, -1, own), far]
        weights = torch.cat(scores, dim=-1).softmax(dim=-1)
        out = torch.bmm(weights.view(len(near), rows, -1)[..., :own], values)
        out.view(groups * kv, -1, size).add_(torch.bmm(weights[..., own:], far_v))
        if number + 1 == len(self.prompts):
            self.written += 1
        out = out.view(groups, kv, seats, rows, size)[..., :repeats, :].transpose(1, 2)
        by_answer = out.reshape(groups * seats, -1)
        return by_answer if self.full else by_answer[self.seat_of]

    def _next(self, heads: "torch.Tensor", kv: int, rows: int) -> None:
        """Prepare for the next token: places of queries, and which own tokens are written."""
        self.q = heads.new_zeros(len(self.bias), kv, self.seats, rows, heads.shape[2])
        self.mask = heads.new_zeros(self.written + LANES - self.written % LANES)
        self.mask[self.written + 1 :] = float("-inf")

    def _extend(self, number: int, new: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]":
        """Append a token's keys and values [G, 2, K, S, D]; return all so far [G K S, n, D].

        Their number n is a multiple of `LANES`; what is not written yet is 0.
        """
        import torch

        if number == len(self.own):
            groups, _, kv, seats, size = new.shape
            self.own.append(new.new_zeros(2, groups, kv, seats, ROOM, size))
        own = self.own[number]
        if self.written == own.shape[4]:
            own = torch.cat([own, torch.zeros_like(own[..., :ROOM, :])], dim=4)
            self.own[number] = own
        own[..., self.written, :] = new.transpose(0, 1)
        keys, values = own.flatten(1, 3)[:, :, : len(self.mask)]
        return keys, values

    def select(self, index: "torch.Tensor") -> None:
        """Keep the answers at `index` (in order) only."""
        import torch

        group, seat = self.group[index], self.seat[index]
        left, new_group = torch.unique_consecutive(group, return_inverse=True)
        first = torch.searchsorted(new_group, new_group)
        new_seat = torch.arange(len(index), device=group.device) - first
        seats = int(new_seat.max()) + 1
        if len(left) * seats > CLEARED_AT * len(self.bias) * self.seats:
            self._sit(group, seat, self.seats)
            return
        taken = torch.zeros(len(left), seats, dtype=torch.long, device=group.device)
        taken[new_group, new_seat] = seat
        self.own = [
            own.transpose(2, 3)[:, left[:, None], taken].transpose(2, 3).contiguous()
            for own in self.own
        ]
        self.prompts = [layer[:, left] for layer in self.prompts]
        self.bias = self.bias[left]
        self._sit(new_group, new_seat, seats)

    def _sit(self, group: "torch.Tensor", seat: "torch.Tensor", seats: int) -> None:
        """Note the prompt and the seat of each answer, and which answer computes on each seat."""
        import torch

        self.group, self.seat, self.seats = group, seat, seats
        self.seat_of = group * seats + seat
        order = torch.arange(len(group), device=group.device)
        self.answer_at = order.new_zeros(len(self.bias) * seats)
        self.answer_at[self.seat_of] = order
        self.full = len(order) == len(self.answer_at)
        """No seat is empty."""
