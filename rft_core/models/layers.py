"""The parts of a decoder between its weights: norms and rotary positions, as steps of autograd.

Both compute in fp32 and keep little for the way back. Without a gradient the residual sum is
written in place.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


class Norm:
    """RMS norm (Zhang and Sennrich, 2019): x / sqrt(mean x^2 + eps) * scale."""

    def __init__(self, module: Any) -> None:
        weight = module.weight.detach().float()
        self.scale = 1 + weight if "Gemma" in type(module).__name__ else weight
        eps: float = getattr(module, "variance_epsilon", None) or module.eps
        self.eps = weight.new_tensor(eps)
        self.dtype = module.weight.dtype


def add_norm(
    x: "torch.Tensor", y: "torch.Tensor | None", norm: Norm
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return x + y in fp32 and its norm in the weights' dtype, for `x` and `y` [..., H].

    Layers add to what came before. Kept in fp32, that sum is the same to a few thousandths whether
    tokens come one by one or all at once; in bf16 every addition rounds, and log-probabilities of
    sampling and training drift apart.
    """
    import torch

    if torch.is_grad_enabled():
        found: tuple[torch.Tensor, torch.Tensor] = _add_norm().apply(x, y, norm)
        return found
    total = x if y is None else x.add_(y)
    return total, _normed(total, norm)[0]


def rotate(
    heads: "torch.Tensor", cos: "torch.Tensor", sin: "torch.Tensor", but: int
) -> "torch.Tensor":
    """Turn the two halves of each head [N, h, D] by its position's angles [N, 1, D / 2].

    The last `but` heads stay as they are. Rotary positions (Su and others, 2021) as the libraries
    lay them out. Returns fp32.
    """
    import torch

    if torch.is_grad_enabled():
        found: torch.Tensor = _rotation().apply(heads, cos, sin, but)
        return found
    return _turned(heads.float(), cos, sin, but)


def _normed(total: "torch.Tensor", norm: Norm) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return the norm of `total` and 1 / sqrt(mean x^2 + eps)."""
    import torch

    size = torch.linalg.vector_norm(total, dim=-1, keepdim=True)
    inverse = torch.addcmul(norm.eps, size, size, value=1 / total.shape[-1]).rsqrt_()
    return (total * inverse).mul_(norm.scale).to(norm.dtype), inverse


def _turned(
    heads: "torch.Tensor", cos: "torch.Tensor", sin: "torch.Tensor", but: int
) -> "torch.Tensor":
    import torch

    half, last = heads.shape[-1] // 2, heads.shape[1] - but
    left, right = heads[:, :last, :half], heads[:, :last, half:]
    out = torch.empty_like(heads)
    torch.mul(left, cos, out=out[:, :last, :half]).addcmul_(right, sin, value=-1)
    torch.mul(right, cos, out=out[:, :last, half:]).addcmul_(left, sin)
    out[:, last:] = heads[:, last:]
    return out


@cache
def _add_norm() -> Any:
    import torch

    class AddNorm(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, x: torch.Tensor, y: torch.Tensor | None, norm: Norm
        ) -> tuple[torch.Tensor, torch.Tensor]:
            total = x if y is None else x + y
            normed, inverse = _normed(total, norm)
            ctx.save_for_backward(total, inverse)
            ctx.norm = norm
            ctx.y_dtype = None if y is None else y.dtype
            ctx.set_materialize_grads(False)
            return total, normed

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor | None) -> tuple[Any, ...]:
            total, inverse = ctx.saved_tensors
            on_total, on_normed = grads
            assert on_normed is not None
            grad = on_normed * ctx.norm.scale
            # d(x/|x|): take out the part along x
            along = torch.linalg.vecdot(grad, total)[..., None]
            along.mul_(inverse).mul_(inverse).mul_(inverse).div_(-total.shape[-1])
            grad.mul_(inverse).addcmul_(total, along)
            if on_total is not None:
                grad += on_total
            on_x = grad if ctx.needs_input_grad[0] else None
            return on_x, (grad.to(ctx.y_dtype) if ctx.needs_input_grad[1] else None), None

    return AddNorm


@cache
def _rotation() -> Any:
    import torch

    class Rotation(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, heads: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, but: int
        ) -> torch.Tensor:
            ctx.save_for_backward(cos, sin)
            ctx.but, ctx.dtype = but, heads.dtype
            return _turned(heads.float(), cos, sin, but)

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
            cos, sin = ctx.saved_tensors
            on_heads = _turned(grads[0], cos, -sin, ctx.but).to(ctx.dtype)
            return on_heads, None, None, None

    return Rotation
