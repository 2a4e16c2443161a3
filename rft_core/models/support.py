"""Which models our own attention fits; the others go the libraries' way."""

from typing import Any


def why_stock(causal: Any) -> str | None:
    """Say why a model needs the libraries' own generation and training pass; None if it does not.

    Our attention shows a token its whole past, weighted by a plain softmax.
    """
    import torch

    config = causal.config
    kinds = set(getattr(config, "layer_types", None) or ()) - {"full_attention"}
    if hasattr(config, "vision_config") or hasattr(config, "audio_config"):
        return "it also reads pictures or sound"
    if kinds:
        return f"it has layers of the kind {', '.join(sorted(kinds))}"
    if getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True):
        return "its attention looks back over a sliding window only"
    if getattr(config, "attn_logit_softcapping", None):
        return "it caps its attention scores"
    if getattr(config, "attention_dropout", 0.0):
        return "it drops attention weights at random while it is trained"
    if not getattr(causal, "_supports_attention_backend", False):
        return "its attention cannot be replaced"
    if any(getattr(config, name, 1) not in (None, 1) for name in ("logits_scaling", "logit_scale")):
        return "it scales its logits"
    if type(causal.get_output_embeddings()) is not torch.nn.Linear:
        return "its last layer is not a plain one"
    return None
