"""A LoRA layer as one step of autograd: products in the weights' dtype, adapters kept in fp32.

PEFT casts every input to fp32, multiplies by the two thin matrices there and casts back: more
memory traffic than the layer itself. Here the adapters are cast instead, once a pass. Their values
and the optimiser's state stay fp32. In an fp32 model the results equal PEFT's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    import torch


def fuse(model: Any) -> Any:
    """Let the LoRA layers of a PEFT model work in one step each; returns the model."""
    plain, fused = _classes()
    for module in model.modules():
        if type(module) is plain and not any(module.use_dora.values()):
            module.__class__ = fused
    return model


def beginning(causal: Any, ids: "torch.Tensor") -> dict[str, Any]:
    """Return the input for token ids [B, T]: embeddings in fp32 where LoRA layers are fused.

    Layers add to what came before. Kept in fp32, that sum is the same to a few thousandths whether
    tokens come one by one or all at once; in bf16 every addition rounds, and log-probabilities of
    sampling and training drift apart. The fused layers cast what they read; products stay bf16.
    """
    fused = any(isinstance(module, _classes()[1]) for module in causal.modules())
    return (
        {"inputs_embeds": causal.get_input_embeddings()(ids).float()}
        if fused
        else {"input_ids": ids}
    )


@contextmanager
def sampling(model: Any) -> Iterator[None]:
    """Prepare the active adapter of a fused PEFT model for many passes during which it is fixed.

    In fp32 it is merged, and the base weights return bit by bit. A bf16 model stays unmerged:
    rounding to bf16 loses most of a small update (nine tenths of one after five steps at 3e-5), and
    answers would be sampled from another model than is trained. There the adapter is cast once.
    """
    layers = [m for m in model.modules() if isinstance(m, _classes()[1]) and m.fits()]
    whole = all(layer.get_base_layer().weight.element_size() == 4 for layer in layers)
    with _merged(model, layers) if whole and layers else _held(layers):
        yield


@contextmanager
def _merged(model: Any, layers: "Sequence[Any]") -> Iterator[None]:
    saved = [layer.get_base_layer().weight.detach().clone() for layer in layers]
    model.merge_adapter()
    try:
        yield
    finally:
        for layer, weight in zip(layers, saved, strict=True):
            layer.get_base_layer().weight.data.copy_(weight)
            layer.merged_adapters.clear()


@contextmanager
def _held(layers: "Sequence[Any]") -> Iterator[None]:
    """Keep the adapter in the weights' dtype; no gradient is computed meanwhile."""
    for layer in layers:
        layer.held = layer.cast(layer.active_adapters[0], layer.get_base_layer().weight.dtype)
    try:
        yield
    finally:
        for layer in layers:
            layer.held = None


@cache
def _classes() -> tuple[Any, Any]:
    import torch
    from peft.tuners.lora import Linear

    class FusedLinear(Linear):  # type: ignore[misc]
        """PEFT's LoRA layer; one adapter at a time, without dropout, takes the fused step."""

        def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
            x = x.to(self.base_layer.weight.dtype)
            if self.held is not None:
                return self._forward_held(x, *self.held)
            if args or kwargs or not self.fits():
                result: torch.Tensor = super().forward(x, *args, **kwargs)
                return result
            (name,) = self.active_adapters
            down, up = self.lora_A[name].weight, self.lora_B[name].weight
            scale = self.scaling[name]
            a, b = self.cast(name, x.dtype)
            result = _function().apply(
                x, self.base_layer.weight, self.base_layer.bias, down, up, scale, a, b
            )
            return result

        def fits(self) -> bool:
            """One adapter in use, unmerged, without dropout, on a plain linear layer."""
            names = self.active_adapters
            return (
                len(names) == 1
                and names[0] in self.lora_A
                and not (self.disable_adapters or self.merged)
                and type(self.base_layer) is torch.nn.Linear
                and isinstance(self.lora_dropout[names[0]], torch.nn.Identity)
            )

        held: tuple[torch.Tensor, torch.Tensor] | None = None
        """Both matrices in the model's dtype, while they are known not to change."""

        def _forward_held(self, x: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            flat = x.reshape(-1, x.shape[-1])
            y = torch.nn.functional.linear(flat, self.base_layer.weight, self.base_layer.bias)
            return y.addmm_(flat @ a.T, b.T).view(*x.shape[:-1], -1)

        def cast(self, name: str, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
            """Return A and scale B in `dtype`."""
            with torch.no_grad():
                up = self.lora_B[name].weight * self.scaling[name]
                return self.lora_A[name].weight.to(dtype), up.to(dtype)

    return Linear, FusedLinear


@cache
def _function() -> Any:
    import torch

    class LoraStep(torch.autograd.Function):
        """y = x W' + b + scale (x A') B', with W [O, I] and b frozen, A [r, I], B [O, r].

        `a` and `b` are A and scale B in the dtype of `x`.
        """

        @staticmethod
        def forward(
            ctx: Any,
            x: torch.Tensor,
            weight: torch.Tensor,
            bias: torch.Tensor | None,
            down: torch.Tensor,
            up: torch.Tensor,
            scale: float,
            a: torch.Tensor,
            b: torch.Tensor,
        ) -> torch.Tensor:
            flat = x.reshape(-1, x.shape[-1])
            thin = flat @ a.T
            y = torch.nn.functional.linear(flat, weight, bias).addmm_(thin, b.T)
            ctx.save_for_backward(flat, thin, weight, a, b)
            ctx.scale = scale
            return y.view(*x.shape[:-1], len(weight))

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
            flat, thin, weight, a, b = ctx.saved_tensors
            grad = grads[0].reshape(-1, len(weight))
            back = grad @ b
            grad_down = (back.T @ flat).float()
            grad_up = (grad.T @ thin).float() * ctx.scale
            grad_x = None
            if ctx.needs_input_grad[0]:
                grad_x = (grad @ weight).addmm_(back, a).view(*grads[0].shape[:-1], flat.shape[-1])
            return grad_x, None, None, grad_down, grad_up, None, None, None

    return LoraStep
