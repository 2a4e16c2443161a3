"""Products with a frozen weight, laid out once for the processor where that is faster.

Ordinary products copy a bf16 weight into the processor's layout every time. A frozen weight can be
copied once for a run: products of many rows are then a fifth faster, of one row twice as fast.
"""

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


def lay_out(linear: "torch.nn.Linear") -> None:
    """Lay out the weight of a layer that is computed by `frozen`, for as long as it lives."""
    linear.laid_out = PackedWeight([linear.weight], [linear.bias])  # type: ignore[assignment]


def frozen(linear: "torch.nn.Linear") -> "FrozenWeight":
    """Return the layer's weight for products, laid out where `lay_out` was called."""
    kept = getattr(linear, "laid_out", None)
    return kept if kept is not None else FrozenWeight(linear.weight, linear.bias)


class FrozenWeight:
    """A weight W [O, I] with its bias [O], used as it is."""

    def __init__(self, weight: "torch.Tensor", bias: "torch.Tensor | None") -> None:
        self.weight, self.bias = weight, bias
        self.dtype = weight.dtype

    def times(self, x: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        """Return x W' + bias + plus [N, O] for `x` [N, I]; `plus` may be used up."""
        import torch

        y = torch.nn.functional.linear(x, self.weight, self.bias)
        return y if plus is None else plus.add_(y)

    def back(self, grad: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        """Return grad W + plus [N, I] for `grad` [N, O]; `plus` may be used up."""
        return grad @ self.weight if plus is None else plus.addmm_(grad, self.weight)


class PackedWeight(FrozenWeight):
    """Several weights that multiply the same input, stacked to W [O, I] and laid out anew.

    Packing follows PyTorch's own for frozen models (`torch/_inductor/fx_passes/mkldnn_fusion.py`).
    """

    def __init__(
        self, weights: "Sequence[torch.Tensor]", biases: "Sequence[torch.Tensor | None]"
    ) -> None:
        import torch

        with torch.no_grad():
            whole = torch.cat(list(weights))
            super().__init__(
                torch.ops.mkldnn._reorder_linear_weight(whole), _joined(weights, biases)
            )
            self.turned = torch.ops.mkldnn._reorder_linear_weight(whole.T.contiguous())

    def times(self, x: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        return _product(x, self.weight, self.bias, plus)

    def back(self, grad: "torch.Tensor", plus: "torch.Tensor | None" = None) -> "torch.Tensor":
        return _product(grad, self.turned, None, plus)


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
        product(x, packed, bias, "none", [], "")
        if plus is None
        else product.binary(x, plus, packed, bias, "add")
    )
    return found
