"""The sizes of a model, read from its folder without loading it."""

import json
from pathlib import Path

from rft_core.records import Record


class ModelShape(Record):
    """Sizes of a decoder model."""

    hidden: int
    layers: int
    heads: int
    """Query heads' width in all."""
    kv: int
    """Key heads' width in all."""
    perceptron: int
    vocabulary: int

    @property
    def layer_weights(self) -> int:
        """Weights of all layers, without embeddings and LM head."""
        attention = self.hidden * (2 * self.heads + 2 * self.kv)
        return self.layers * (attention + 3 * self.hidden * self.perceptron)

    @property
    def head_weights(self) -> int:
        return self.hidden * self.vocabulary

    def adapter_weights(self, rank: int) -> int:
        """Weights of LoRA adapters on all linear layers."""
        attention = 4 * self.hidden + 2 * (self.heads + self.kv)
        return rank * self.layers * (attention + 3 * (self.hidden + self.perceptron))

    def note_bytes(self, weight_bytes: int) -> int:
        """Bytes that the way back needs of one token (`decoder.Noted`)."""
        wide = 2 * self.heads + 2 * self.kv + 2 * self.perceptron
        return self.layers * (8 * self.hidden + weight_bytes * wide) + 4 * self.hidden


def of_folder(folder: Path) -> ModelShape | None:
    """Read the sizes from a model folder's config.json; None where it names them differently."""
    whole = json.loads((folder / "config.json").read_text())
    config = whole.get("text_config", whole)
    try:
        hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
        size = int(config.get("head_dim") or hidden // heads)
        return ModelShape(
            hidden=hidden,
            layers=int(config["num_hidden_layers"]),
            heads=heads * size,
            kv=int(config.get("num_key_value_heads") or heads) * size,
            perceptron=int(config["intermediate_size"]),
            vocabulary=int(config["vocab_size"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
