"""Which models our own forward pass fits; the others go the libraries' way."""

from typing import Any

KNOWN = ("llama", "mistral", "qwen2", "qwen3", "gemma")
"""Model types whose layers `decoder` writes out."""


def why_stock(model: Any) -> str | None:
    """Say why a model needs the libraries' own generation and training pass; None if it does not.

    `model` may carry adapters. Our attention shows a token its whole past.
    """
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    config = causal.config
    kinds = set(getattr(config, "layer_types", None) or ()) - {"full_attention"}
    if hasattr(config, "vision_config") or hasattr(config, "audio_config"):
        return "it also reads pictures or sound"
    if kinds:
        return f"it has layers of the kind {', '.join(sorted(kinds))}"
    if getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True):
        return "its attention looks back over a sliding window only"
    if config.model_type not in KNOWN:
        return f"models of the type {config.model_type!r} are built differently"
    if getattr(config, "attention_dropout", 0.0):
        return "it drops attention weights at random while it is trained"
    if not _is_simple(causal):
        return "its layers or adapters are not plain ones"
    return None


def _is_simple(causal: Any) -> bool:
    import torch

    from rft_core.models.lora import is_simple

    return (
        type(causal.get_output_embeddings()) is torch.nn.Linear
        and isinstance(causal.get_input_embeddings(), torch.nn.Embedding)
        and all(is_simple(m) for block in causal.base_model.layers for m in linear_layers(block))
    )


def linear_layers(block: Any) -> tuple[Any, ...]:
    """Return the layers of a block that are multiplied with, LoRA around them or not."""
    a, m = block.self_attn, block.mlp
    return a.q_proj, a.k_proj, a.v_proj, a.o_proj, m.gate_proj, m.up_proj, m.down_proj
