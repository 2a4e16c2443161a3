"""Attention of packed rows: prompts see themselves, answers their prompt and themselves.

It computes in fp32, in the same order as `answer_attention` does while answers are written: a
token's own branch first, padded to a multiple of `LANES`, then what all branches see. So a bf16
model gives a token the same log-probability when it is sampled and when it is learned from; other
orders differ by one part in ten million, which is enough to round activations of every layer
differently and to move log-probabilities by 0.03.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rft_core.models.packed import Layout

if TYPE_CHECKING:
    import torch

LANES = 16
"""Keys of a branch are padded to a multiple of it: processors add up as many numbers at a time, so
that sums over them do not change with the padding."""
LONGEST_PIECE = 512
"""Tokens of a prompt whose scores against all before them exist at the same time."""


class GroupAttention:
    """Attention within the groups of a layout; keys and values are kept where asked for."""

    def __init__(self, layout: Layout, keep: bool = False) -> None:
        self.layout = layout
        self.kept: list[torch.Tensor] | None = [] if keep else None
        """By layer keys and values [N, 2 K, D]."""
        self._pieces: list[Piece] = []

    def __call__(
        self, number: int, heads: "torch.Tensor", kv: int, scaling: float
    ) -> "torch.Tensor":
        """See `decoder.Attend`."""
        if self.kept is not None:
            self.kept.append(heads[:, -2 * kv :])
        out = heads.new_empty(len(heads), heads.shape[1] - 2 * kv, heads.shape[2])
        for piece in self._pieces_for(heads, kv):
            parts = _Parts(piece, heads, scaling)
            out[piece.own] = parts.out(parts.weights()).view(-1, *out.shape[1:])
        return out.flatten(1)

    def back(
        self, on_out: "torch.Tensor", heads: "torch.Tensor", kv: int, scaling: float
    ) -> "torch.Tensor":
        """See `decoder.AttendAndBack`."""
        import torch

        on_out = on_out.unflatten(1, (-1, heads.shape[2]))
        on_heads = torch.empty_like(heads)
        for piece in self._pieces_for(heads, kv):
            _Parts(piece, heads, scaling).back(on_out, on_heads)
        return on_heads

    def _pieces_for(self, heads: "torch.Tensor", kv: int) -> "list[Piece]":
        if not self._pieces:
            self._pieces = _pieces(self.layout, heads.shape[1], kv)
        return self._pieces


class Piece:
    """A prompt (or a part of a long one), or the answers to it: what is computed at once.

    Its G branches, padded to L tokens, see all P tokens of `prefix` and themselves up to the
    present token. Each of K key heads is shared by R query heads. Queries are arranged as
    [K, G, R L, D], keys and values as [K, G, L, D], those of the prefix as [K, P, D].
    """

    def __init__(
        self, own: slice, prefix: slice, lengths: "Sequence[int]", all_heads: int, kv: int
    ) -> None:
        import torch

        self.own, self.prefix, self.kv = own, prefix, kv
        self.queries = all_heads - 2 * kv
        count, repeats = len(lengths), self.queries // kv
        longest = self.longest = -(-max(lengths) // LANES) * LANES
        self.shape = kv, count, repeats * longest
        sizes = torch.tensor(lengths)
        place = torch.arange(longest)
        real = place < sizes[:, None]  # [G, L]
        token = own.start + (sizes.cumsum(0) - sizes)[:, None] + place
        token = token.clamp(max=own.stop - 1)
        head = torch.arange(self.queries).view(kv, 1, repeats, 1)
        rows = token[None, :, None] * all_heads + head
        others = torch.arange(self.queries, all_heads).view(2, kv, 1, 1)
        self.gather = torch.cat([rows.flatten(), (token * all_heads + others).flatten()])
        """For each place of the queries, keys and values its row in [N heads, D]."""
        self.gather_out = (token[None, :, None] * self.queries + head).flatten()
        """For each place of the queries its row in [N R K, D]."""
        is_real = torch.cat(
            [real[None, :, None].expand(kv, -1, repeats, -1).flatten(),
             real.expand(2, kv, -1, -1).flatten()]
        )  # fmt: skip
        found = is_real.nonzero()[:, 0]
        self.scatter = found[self.gather[found].argsort()]
        """For each token and head its place in the above."""
        in_queries = is_real[: len(self.gather_out)].nonzero()[:, 0]
        self.scatter_out = in_queries[self.gather_out[in_queries].argsort()]
        self.unreal = None if bool(real.all()) else ~real[None, :, None, :, None]
        self.future = torch.ones(longest, longest, dtype=torch.bool).triu(1)

    def to(self, device: "torch.device") -> "Piece":
        for name, value in vars(self).items():
            if hasattr(value, "device"):
                setattr(self, name, value.to(device))
        return self


def _pieces(layout: Layout, all_heads: int, kv: int) -> list[Piece]:
    found = []
    for group in layout.groups:
        end = group.start + group.prompt
        for start in range(group.start, end, LONGEST_PIECE):
            stop = min(end, start + LONGEST_PIECE)
            own, before = slice(start, stop), slice(group.start, start)
            found.append(Piece(own, before, [stop - start], all_heads, kv))
        lengths = [length for length in group.answers if length]
        if lengths:
            own = slice(end, end + sum(lengths))
            found.append(Piece(own, slice(group.start, end), lengths, all_heads, kv))
    return [piece.to(layout.ids.device) for piece in found]


class _Parts:
    """Queries, keys and values of a piece, and keys and values of its prefix."""

    def __init__(self, piece: Piece, heads: "torch.Tensor", scaling: float) -> None:
        self.piece, self.scaling = piece, scaling
        size = heads.shape[2]
        kv, count, rows = piece.shape
        taken = heads.flatten(0, 1).index_select(0, piece.gather)
        branch = kv * count * piece.longest
        q, k, v = taken.split([kv * count * rows, branch, branch])
        self.q = q.view(kv, count, rows, size)
        self.k, self.v = (x.view(kv, count, piece.longest, size) for x in (k, v))
        before = heads[piece.prefix, piece.queries :].transpose(0, 1)
        self.far_k, self.far_v = before.split(kv)
        self.has_prefix = before.shape[1] > 0

    def weights(self) -> "torch.Tensor":
        """Return what each query gives to its own branch and to the prefix [K, G, R L, L + P]."""
        import torch

        near = scaled_product(self.q.flatten(0, 1), self.k.flatten(0, 1), self.scaling)
        near.unflatten(1, (-1, self.piece.longest)).masked_fill_(self.piece.future, float("-inf"))
        near = near.view(*self.piece.shape, -1)
        if not self.has_prefix:
            return near.softmax(dim=-1)
        far = scaled_product(self.q.flatten(1, 2), self.far_k, self.scaling)
        return torch.cat([near, far.view(*self.piece.shape, -1)], dim=-1).softmax(dim=-1)

    def out(self, weights: "torch.Tensor") -> "torch.Tensor":
        """Return the tokens' outputs [n R K, D]."""
        longest = self.piece.longest
        found = weights[..., :longest] @ self.v
        if self.has_prefix:
            found += (weights[..., longest:].flatten(1, 2) @ self.far_v).view_as(found)
        rows: torch.Tensor = found.view(-1, found.shape[-1])
        return rows.index_select(0, self.piece.scatter_out)

    def back(self, on_out: "torch.Tensor", on_heads: "torch.Tensor") -> None:
        """Write the gradients of the piece's own heads, and add those of its prefix.

        `on_out` is [N, R K, D], `on_heads` [N, (R + 2) K, D].
        """
        import torch

        piece, longest, weights = self.piece, self.piece.longest, self.weights()
        on = on_out.flatten(0, 1).index_select(0, piece.gather_out).view_as(self.q)
        if piece.unreal is not None:
            on.unflatten(2, (-1, longest)).masked_fill_(piece.unreal, 0.0)
        near, far = weights[..., :longest], weights[..., longest:].flatten(1, 2)
        on_v = near.mT @ on
        on_scores = on @ self.v.mT
        if self.has_prefix:
            on_far = _products(on.flatten(1, 2), self.far_v.mT)
            on_scores = torch.cat([on_scores, on_far.view(*piece.shape, -1)], dim=-1)
        # Through the softmax w of scores s: ds = w (dw - sum w dw).
        mean = torch.linalg.vecdot(weights, on_scores)[..., None]
        on_scores.sub_(mean).mul_(weights).mul_(self.scaling)
        on_near, on_far = on_scores[..., :longest], on_scores[..., longest:].flatten(1, 2)
        on_q = on_near @ self.k
        if self.has_prefix:
            on_q += _products(on_far, self.far_k).view_as(on_q)
            on_before = on_heads[piece.prefix, piece.queries :].transpose(0, 1)
            on_before[: piece.kv] += _products(on_far.mT, self.q.flatten(1, 2))
            on_before[piece.kv :] += _products(far.mT, on.flatten(1, 2))
        on_k = on_near.mT @ self.q
        placed = torch.cat([x.view(-1, x.shape[-1]) for x in (on_q, on_k, on_v)])
        rows = placed.index_select(0, piece.scatter)
        on_heads[piece.own] = rows.view(-1, *on_heads.shape[1:])


def _products(a: "torch.Tensor", b: "torch.Tensor") -> "torch.Tensor":
    """Return a b [K, M, N] one by one: a few large products are a quarter faster so on a CPU."""
    import torch

    if a.device.type != "cpu":
        return a @ b
    found = a.new_empty(len(a), a.shape[1], b.shape[2])
    for one, other, out in zip(a, b, found, strict=True):
        torch.mm(one, other, out=out)
    return found


def scaled_product(q: "torch.Tensor", k: "torch.Tensor", scaling: float) -> "torch.Tensor":
    """Return scaling * q k' [B, M, N] for `q` [B, M, D] and `k` [B, N, D]."""
    import torch

    return torch.baddbmm(q.new_empty(1, 1, 1), q, k.mT, beta=0, alpha=scaling)
