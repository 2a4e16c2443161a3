"""Products with frozen weights, laid out once for the processor where that is faster.

Ordinary products copy a bf16 weight into the processor's layout every time. A frozen weight can be
copied once for a run: products of many rows are then a tenth faster, of one row twice as fast.
"""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

PACKED_UP_TO = 1 << 30
"""Weights in all up to which a model is laid out anew; it takes two more copies of them."""


def packs(weights: "Sequence[torch.Tensor]") -> bool:
    """Whether these frozen weights should be laid out anew: bf16 on a CPU that computes in it."""
    import torch

    return (
        all(w.dtype == torch.bfloat16 and w.device.type == "cpu" for w in weights)
        and sum(w.numel() for w in weights) <= PACKED_UP_TO
        and torch.backends.mkldnn.is_available()
        and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )


class FrozenWeight:
    """Weights W_i [O_i, I] with biases [O_i] that multiply the same input, stacked to W [O, I].

    The layers' own weights become parts of W, so that one product serves all and none is kept
    twice.
    """

    def __init__(
        self, weights: "Sequence[torch.Tensor]", biases: "Sequence[torch.Tensor | None]"
    ) -> None:
        self.sizes = [len(weight) for weight in weights]
        self.dtype, self.width = weights[0].dtype, weights[0].shape[1]
        self.bias = _joined(weights, biases)
        self._lay_out(weights)

    def _lay_out(self, weights: "Sequence[torch.Tensor]") -> None:
        self.whole = _stacked(weights)

    def times(self, x: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        """Return x W' + bias + plus [N, O] for `x` [N, I]; `plus` may be used up."""
        import torch

        if plus is None:
            return torch.nn.functional.linear(x, self.whole, self.bias)
        if self.bias is not None:
            plus += self.bias
        return plus.addmm_(x, self.whole.T)

    def back(self, grad: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        """Return grad W + plus [N, I] for `grad` [N, O]; `plus` may be used up."""
        return grad @ self.whole if plus is None else plus.addmm_(grad, self.whole)


class PackedWeight(FrozenWeight):
    """The same, laid out anew.

    Packing follows PyTorch's own for frozen models (`torch/_inductor/fx_passes/mkldnn_fusion.py`).
    """

    def _lay_out(self, weights: "Sequence[torch.Tensor]") -> None:
        import torch

        self.weights = weights
        with torch.no_grad():
            self.packed = torch.ops.mkldnn._reorder_linear_weight(torch.cat(list(weights)))
        self.turned: torch.Tensor | None = None

    def times(self, x: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        return _product(x, self.packed, self.bias, plus)

    def back(self, grad: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        import torch

        if self.turned is None:  # a model that only answers does not need it
            whole = torch.cat(list(self.weights)).detach()
            self.turned = torch.ops.mkldnn._reorder_linear_weight(whole.T.contiguous())
        return _product(grad, self.turned, None, plus)


def _stacked(weights: "Sequence[torch.Tensor]") -> "torch.Tensor":
    """Return W [O, I] of weights [O_i, I], which become its parts unless they are already."""
    import torch

    first = weights[0].detach()
    if len(weights) == 1:
        return first
    sizes = [len(weight) for weight in weights]
    ends = itertools.accumulate(sizes[:-1], initial=0)
    places = [(_storage(first), first.storage_offset() + end * first.shape[1]) for end in ends]
    if all(w.is_contiguous() for w in weights) and places == [
        (_storage(w), w.storage_offset()) for w in weights
    ]:
        return first.as_strided((sum(sizes), first.shape[1]), first.stride())
    whole = torch.cat([weight.detach() for weight in weights])
    for weight, part in zip(weights, whole.split(sizes), strict=True):
        weight.data = part
    return whole


def _storage(weight: "torch.Tensor") -> int:
    return weight.untyped_storage().data_ptr()


def _joined(
    weights: "Sequence[torch.Tensor]", biases: "Sequence[torch.Tensor | None]"
) -> "torch.Tensor | None":
    import torch

    if all(bias is None for bias in biases):
        return None
    return torch.cat(
        [w.new_zeros(len(w)) if b is None else b for w, b in zip(weights, biases, strict=True)]
    )


def _product(
    x: "torch.Tensor",
    packed: "torch.Tensor",
    bias: "torch.Tensor | None",
    plus: "torch.Tensor | None",
) -> "torch.Tensor":
    import torch

    product = torch.ops.mkldnn._linear_pointwise
    found: torch.Tensor = (
        product.default(x, packed, bias, "none", [], "")
        if plus is None
        else product.binary(x, plus, packed, bias, "add")
    )
    return found
