"""What leaves the layers below the adapters: the same in every reading, so it is kept.

Where only the upper layers carry adapters, nothing that is learned reaches the lower ones. Their
half of the forward pass is done once for each row; later readings start above it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rft_core.models.decoder import Attend, Decoder
from rft_core.models.packed import Layout

if TYPE_CHECKING:
    import torch

UP_TO = 1 << 30
"""Bytes that are kept at most; rows beyond are computed anew each time."""


class LowerLayers:
    """Keeps what enters the first layer with adapters, by the tokens of a row."""

    def __init__(self, up_to: int = UP_TO) -> None:
        self._left = up_to
        self._kept: dict[tuple[int, ...], torch.Tensor] = {}

    def entering(
        self, decoder: Decoder, rows: "Sequence[Sequence[int]]", layout: Layout, attend: Attend
    ) -> "torch.Tensor | None":
        """Return [N, H] of the layout's tokens, or None where all layers carry adapters.

        `rows` are whole rows of one group, in the order of its branches.
        """
        import torch

        if not decoder.first_learned:
            return None
        ((_, shared, answers),) = layout.groups
        keys = [tuple(row) for row in rows]
        if all(key in self._kept for key in keys):
            own = [self._kept[key][shared:] for key in keys]
            return torch.cat([self._kept[keys[0]][:shared], *own])
        x = decoder.below(layout.ids, layout.positions, attend)
        for key, part in zip(keys, x[shared:].split(answers), strict=True):
            size = x[:shared].nbytes + part.nbytes
            if key not in self._kept and size <= self._left:
                self._kept[key] = torch.cat([x[:shared], part])
                self._left -= size
        return x
