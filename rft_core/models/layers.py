"""The parts of a decoder between its weights: norms and rotary positions, forward and back.

Both compute in fp32.
"""

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

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """Return the norm of `x` [..., H], given in fp32, in the weights' dtype."""
        return (x * self._inverse(x)).mul_(self.scale).to(self.dtype)

    def back(self, x: "torch.Tensor", on_normed: "torch.Tensor") -> "torch.Tensor":
        """Return the gradient of `x` in fp32 from that of its norm."""
        import torch

        inverse = self._inverse(x)
        grad = on_normed * self.scale
        # Of the direction x / |x|: what lies along x is taken out.
        along = torch.linalg.vecdot(grad, x)[..., None]
        along.mul_(inverse).mul_(inverse).mul_(inverse).div_(-x.shape[-1])
        found: torch.Tensor = grad.mul_(inverse).addcmul_(x, along)
        return found

    def _inverse(self, x: "torch.Tensor") -> "torch.Tensor":
        """Return 1 / sqrt(mean x^2 + eps) [..., 1]."""
        import torch

        size = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        return torch.addcmul(self.eps, size, size, value=1 / x.shape[-1]).rsqrt_()


def rotate(heads: "torch.Tensor", cos: "torch.Tensor", sin: "torch.Tensor") -> "torch.Tensor":
    """Turn each head [N, h, D] by the angles of its position; `cos` and `sin` are [N, h, D].

    Rotary positions (Su and others, 2021) as the libraries lay them out: the halves of a head are
    the two coordinates. The first half of `sin` is negative. Returns fp32. The way back is the turn
    by the opposite angles.
    """
    heads = heads.float()
    turned: torch.Tensor = heads.roll(heads.shape[-1] // 2, -1)
    return (heads * cos).addcmul_(turned, sin)
