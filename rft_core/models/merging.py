"""Sample from a merged adapter where that is exact enough."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def merged(model: Any) -> Iterator[None]:
    """Merge the active adapters of an fp32 PEFT model for a while; the weights return bit by bit.

    A bf16 model stays unmerged: rounding to bf16 loses most of a small update (nine tenths of one
    after five steps at 3e-5), and answers would be sampled from another model than is trained.
    """
    import torch
    from peft.tuners.lora import LoraLayer

    layers = [m for m in model.modules() if isinstance(m, LoraLayer)]
    if not layers or any(m.get_base_layer().weight.dtype != torch.float32 for m in layers):
        yield
        return
    saved = [layer.get_base_layer().weight.detach().clone() for layer in layers]
    model.merge_adapter()
    try:
        yield
    finally:
        with torch.no_grad():
            for layer, weight in zip(layers, saved, strict=True):
                layer.get_base_layer().weight.copy_(weight)
                layer.merged_adapters.clear()
