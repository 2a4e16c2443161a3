"""Linear layers with their LoRA adapters, forward and back.

PEFT casts every input to fp32, multiplies by the two thin matrices there and casts back: more
memory traffic than the layer itself. Here the adapters are cast instead, once a pass. Their values
and the optimiser's state stay fp32. In an fp32 model the results equal PEFT's.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rft_core.models.frozen import FrozenWeight, PackedWeight

if TYPE_CHECKING:
    import torch


class Adapter(NamedTuple):
    """The matrices of one layer: it adds scaling * x A' B' to rows [start, start + O) of y."""

    start: int
    a: "torch.Tensor"
    """[r, I]"""
    b: "torch.Tensor"
    """[O, r]"""
    scaling: float


class Projection:
    """Layers that read the same input (such as queries, keys and values), computed together.

    `layers` are plain linear layers or PEFT's LoRA layers around such. The adapter that is active
    when the projection is called is used.
    """

    def __init__(self, layers: Sequence[Any], packed: bool) -> None:
        self.layers = list(layers)
        linear = [plain(layer) for layer in layers]
        weights, biases = [m.weight for m in linear], [m.bias for m in linear]
        self.weight = (PackedWeight if packed else FrozenWeight)(weights, biases)
        self._steady: tuple[FrozenWeight, ...] | None = None

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """Return [N, O] of all layers for `x` [N, I] in the weights' dtype."""
        plus = None
        if self._steady:
            a, b = self._steady
            plus = b.times(a.times(x))
        elif self._steady is None and (thin := self._thin()):
            plus = (x @ thin[0].T) @ thin[1].T
        return self.weight.times(x, plus)

    def back(
        self,
        grad: "torch.Tensor",
        x: "torch.Tensor",
        found: "dict[int, torch.Tensor]",
        to_input: bool = True,
    ) -> "torch.Tensor":
        """Return the gradient of `x` from that of the output; add those of the adapter's matrices.

        These are kept by the matrix' `id`. Without `to_input` the input's is left out.
        """
        thin = self._thin()
        if not thin:
            return self.weight.back(grad) if to_input else grad
        a, b = thin
        through, back = x @ a.T, grad @ b
        down, up = (back.T @ x).float(), (through.T @ grad).float()
        row = 0
        for start, one_a, one_b, scaling in self.adapters():
            size, rank = one_b.shape
            found[id(one_a)] = down[row : row + rank]
            found[id(one_b)] = up[row : row + rank, start : start + size].T * scaling
            row += rank
        return self.weight.back(grad, back @ a) if to_input else grad

    def _thin(self) -> "tuple[torch.Tensor, ...]":
        """Return all A [n r, I] and all scaling * B [O, n r] in the weights' dtype, if any."""
        adapters = self.adapters()
        return _cast(adapters, self.weight) if adapters else ()

    def hold(self) -> None:
        """Cast the adapter once for many passes, during which it is fixed."""
        kind = type(self.weight)
        self._steady = tuple(kind([matrix], [None]) for matrix in self._thin())

    def release(self) -> None:
        """Read the adapter anew in every pass."""
        self._steady = None

    def adapters(self) -> list[Adapter]:
        """Return the active adapter's part in each layer that has one."""
        found = []
        start = 0
        for layer, size in zip(self.layers, self.weight.sizes, strict=True):
            name = active(layer)
            if name is not None:
                a, b = layer.lora_A[name].weight, layer.lora_B[name].weight
                found.append(Adapter(start, a, b, layer.scaling[name]))
            start += size
        return found


def plain(layer: Any) -> Any:
    """Return the linear layer inside a LoRA layer, or the layer itself."""
    return layer.get_base_layer() if hasattr(layer, "get_base_layer") else layer


def active(layer: Any) -> str | None:
    """Return the name of the adapter that the layer uses now; None if it uses none."""
    if not hasattr(layer, "lora_A") or layer.disable_adapters:
        return None
    names = [name for name in layer.active_adapters if name in layer.lora_A]
    if len(names) > 1:
        raise ValueError(f"One adapter can be used at a time, not {', '.join(names)}.")
    return names[0] if names else None


def is_simple(layer: Any) -> bool:
    """Whether a layer is a plain linear one, or PEFT's LoRA around one without further additions.

    Other kinds (DoRA, dropout, quantised weights) are computed by PEFT.
    """
    import torch
    from peft.tuners.lora import Linear

    if type(layer) is torch.nn.Linear:
        return True
    return (
        type(layer) is Linear
        and type(layer.get_base_layer()) is torch.nn.Linear
        and not layer.merged
        and not any(layer.use_dora.values())
        and not any(layer.lora_bias.values())
        and all(isinstance(m, torch.nn.Identity) for m in layer.lora_dropout.values())
    )


def _cast(adapters: Sequence[Adapter], weight: FrozenWeight) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return all A [n r, I], and all scaling * B in their places of [O, n r]."""
    import torch

    a = torch.cat([adapter.a.detach() for adapter in adapters]).to(weight.dtype)
    b = a.new_zeros(sum(weight.sizes), len(a))
    column = 0
    for adapter in adapters:
        size, rank = adapter.b.shape
        place = b[adapter.start : adapter.start + size, column : column + rank]
        place.copy_(adapter.b.detach() * adapter.scaling)
        column += rank
    return a, b
