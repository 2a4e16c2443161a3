"""LoRA layers as one step of autograd: products in the weights' dtype, adapters kept in fp32.

PEFT casts every input to fp32, multiplies by the two thin matrices there and casts back: more
memory traffic than the layer itself. Here the adapters are cast instead, once a pass. Their values
and the optimiser's state stay fp32. In an fp32 model the results equal PEFT's.

Where weights are laid out for the processor (`frozen`), layers that read the same input (queries,
keys and values) are computed together.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from rft_core.models.frozen import FrozenWeight, PackedWeight, lay_out, packs

if TYPE_CHECKING:
    import torch

SAME_INPUT = (("q_proj", "k_proj", "v_proj"), ("gate_proj", "up_proj"))
"""Names of layers that read the same input, by the libraries' convention."""


def fuse(model: Any) -> Any:
    """Let the LoRA layers of a PEFT model work in one step each; returns the model."""
    plain, fused = _classes()
    layers = [m for m in model.modules() if type(m) is plain and _is_simple(m)]
    together = packs([m.get_base_layer().weight for m in layers])
    for layer in layers:
        layer.__class__ = fused
        if not together:
            layer.group = LoraGroup([layer], packed=False)
    if together:
        lay_out(model.get_output_embeddings())
        for module in model.modules():
            for members in _siblings(module, set(layers)):
                group = LoraGroup(members, packed=True)
                for layer in members:
                    layer.group = group
    return model


def _is_simple(layer: Any) -> bool:
    import torch

    return type(layer.get_base_layer()) is torch.nn.Linear and not any(layer.use_dora.values())


def _siblings(module: Any, layers: set[Any]) -> list[list[Any]]:
    """Return the module's own LoRA layers; those that read the same input are one group."""
    own = {name: child for name, child in module.named_children() if child in layers}
    groups = []
    for names in SAME_INPUT:
        if all(name in own for name in names):
            groups.append([own.pop(name) for name in names])
    return [*groups, *([layer] for layer in own.values())]


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
    layers = [m for m in model.modules() if isinstance(m, _classes()[1]) and m.group.fits()]
    whole = all(layer.get_base_layer().weight.element_size() == 4 for layer in layers)
    adapted = [layer for layer in layers if not layer.disable_adapters]
    with _merged(model, adapted) if whole and adapted else _held({m.group for m in layers}):
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
def _held(groups: "set[LoraGroup]") -> Iterator[None]:
    """Keep the adapters in the weights' dtype; no gradient is computed meanwhile."""
    for group in groups:
        group.hold()
    try:
        yield
    finally:
        for group in groups:
            group.held = None


class LoraGroup:
    """LoRA layers that read the same input, computed at once when the first of them is called.

    The layers' weights are stacked, W [O, I], and so are their matrices A [n r, I]; their matrices
    scale B stand along the diagonal of B [O, n r].
    """

    def __init__(self, layers: Sequence[Any], packed: bool) -> None:
        self.layers = list(layers)
        linear = [layer.get_base_layer() for layer in layers]
        weights, biases = [m.weight for m in linear], [m.bias for m in linear]
        self.sizes = [len(weight) for weight in weights]
        self.weight = (
            PackedWeight(weights, biases) if packed else FrozenWeight(weights[0], biases[0])
        )
        self.held: tuple[torch.Tensor, torch.Tensor] | tuple[()] | None = None
        """Both matrices in the weights' dtype while they do not change; none if switched off."""
        self._input: torch.Tensor | None = None
        self._outputs: dict[Any, torch.Tensor] = {}

    def output(self, layer: Any, x: "torch.Tensor") -> "torch.Tensor":
        """Return what `layer` makes of `x` [..., I]."""
        if x is not self._input or layer not in self._outputs:
            self._outputs = dict(zip(self.layers, self._compute(x), strict=True))
            self._input = x
        found = self._outputs.pop(layer)
        if not self._outputs:
            self._input = None
        return found

    def fits(self) -> bool:
        """The layers use one adapter, unmerged and without dropout, or none and learn nothing."""
        import torch

        if any(layer.merged for layer in self.layers):
            return False
        if any(layer.disable_adapters for layer in self.layers):
            return not torch.is_grad_enabled()
        names = {tuple(layer.active_adapters) for layer in self.layers}
        return len(names) == 1 and all(self._has(layer) for layer in self.layers)

    @staticmethod
    def _has(layer: Any) -> bool:
        import torch

        names = layer.active_adapters
        return (
            len(names) == 1
            and names[0] in layer.lora_A
            and isinstance(layer.lora_dropout[names[0]], torch.nn.Identity)
        )

    def hold(self) -> None:
        """Cast the adapter once for many passes."""
        self.held = () if self.layers[0].disable_adapters else self.cast()

    def cast(self) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return A [n r, I] and scale B [O, n r] in the weights' dtype."""
        import torch

        with torch.no_grad():
            names = [layer.active_adapters[0] for layer in self.layers]
            pairs = list(zip(self.layers, names, strict=True))
            down = [layer.lora_A[name].weight for layer, name in pairs]
            up = [layer.lora_B[name].weight * layer.scaling[name] for layer, name in pairs]
            if len(pairs) == 1:
                return down[0].to(self.weight.dtype), up[0].to(self.weight.dtype)
            a, b = torch.cat(down), torch.block_diag(*up)
            return a.to(self.weight.dtype), b.to(self.weight.dtype)

    def _compute(self, x: "torch.Tensor") -> "Sequence[torch.Tensor]":
        import torch

        x = x.to(self.weight.dtype)
        if self.held is None and not self._disabled():
            thin = [
                matrix[layer.active_adapters[0]].weight
                for layer in self.layers
                for matrix in (layer.lora_A, layer.lora_B)
            ]
            found: Sequence[torch.Tensor] = _function().apply(x, self, *self.cast(), *thin)
            return found
        flat = x.reshape(-1, x.shape[-1])
        plus = None
        if self.held:
            a, b = self.held
            plus = (flat @ a.T) @ b.T
        y = self.weight.times(flat, plus).view(*x.shape[:-1], -1)
        return y.split(self.sizes, dim=-1) if len(self.sizes) > 1 else (y,)

    def _disabled(self) -> bool:
        return bool(self.layers[0].disable_adapters)


@cache
def _classes() -> tuple[Any, Any]:
    import torch
    from peft.tuners.lora import Linear

    class FusedLinear(Linear):  # type: ignore[misc]
        """PEFT's LoRA layer; where its group fits, it is computed by the group."""

        group: LoraGroup

        def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
            if self.group.held is not None or (not (args or kwargs) and self.group.fits()):
                return self.group.output(self, x)
            result: torch.Tensor = super().forward(
                x.to(self.base_layer.weight.dtype), *args, **kwargs
            )
            return result

    return Linear, FusedLinear


@cache
def _function() -> Any:
    import torch

    class LoraStep(torch.autograd.Function):
        """y = x W' + bias + (x A') (scale B)', with W frozen, for all layers of a group.

        `thin` are each layer's matrices A [r, I] and B [O, r] in fp32; `a` and `b` are all of them
        as `LoraGroup.cast` gives them.
        """

        @staticmethod
        def forward(
            ctx: Any,
            x: torch.Tensor,
            group: LoraGroup,
            a: torch.Tensor,
            b: torch.Tensor,
            *thin: torch.Tensor,
        ) -> tuple[torch.Tensor, ...]:
            flat = x.reshape(-1, x.shape[-1])
            through = flat @ a.T
            y = group.weight.times(flat, through @ b.T).view(*x.shape[:-1], -1)
            ctx.save_for_backward(flat, through, a, b)
            ctx.group = group
            return y.split(group.sizes, dim=-1) if len(group.sizes) > 1 else (y,)

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
            flat, through, a, b = ctx.saved_tensors
            group: LoraGroup = ctx.group
            grad = torch.cat(grads, dim=-1) if len(grads) > 1 else grads[0]
            grad = grad.reshape(-1, len(b))
            back = grad @ b
            down = (back.T @ flat).float()
            up = (grad.T @ through).float()
            thin = []
            row = column = 0
            for layer, size in zip(group.layers, group.sizes, strict=True):
                name = layer.active_adapters[0]
                rank = layer.r[name]
                thin.append(down[column : column + rank])
                block = up[row : row + size, column : column + rank]
                thin.append(block * layer.scaling[name])
                row, column = row + size, column + rank
            grad_x = None
            if ctx.needs_input_grad[0]:
                grad_x = group.weight.back(grad, back @ a)
                grad_x = grad_x.view(*grads[0].shape[:-1], flat.shape[-1])
            return grad_x, None, None, None, *thin

    return LoraStep
