"""The forward pass of a decoder model, written out: what the training pass and sampling share.

Llama, Mistral, Qwen2, Qwen3 and Gemma differ in a few details only. A pass here is over a flat row
of N tokens without padding; how they see each other is the caller's function. The weights and
adapters are those of the library's model, read where they lie. `support.why_stock` says which
models this does not fit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rft_core.models.frozen import FrozenWeight, PackedWeight, packs
from rft_core.models.layers import Norm, add_norm, rotate
from rft_core.models.lora import Projection, plain
from rft_core.models.support import linear_layers

if TYPE_CHECKING:
    import torch

Attend = Callable[[int, "torch.Tensor", int, float], "torch.Tensor"]
"""From a layer's number, its heads [N, (R + 2) K, D] in fp32 (queries, keys, values; queries and
keys turned by their positions), K and the factor of the scores to [N, R K D] in fp32."""


class Decoder:
    """A causal language model of the library as one function of tokens and positions."""

    def __init__(self, causal: Any) -> None:
        backbone = causal.base_model
        linear = [plain(module) for block in backbone.layers for module in linear_layers(block)]
        packed = packs([module.weight for module in linear])
        self.embed = backbone.embed_tokens
        self.rotary = backbone.rotary_emb
        self.blocks = [Block(layer, packed) for layer in backbone.layers]
        self.norm = Norm(backbone.norm)
        head = causal.get_output_embeddings()
        self.head = (PackedWeight if packed else FrozenWeight)([head.weight], [head.bias])
        self.made_of = _parts(causal)

    @property
    def device(self) -> "torch.device":
        found: torch.device = self.embed.weight.device
        return found

    def hidden_states(
        self, ids: "torch.Tensor", positions: "torch.Tensor", attend: Attend
    ) -> "torch.Tensor":
        """Return the last hidden states [N, H], ready for the LM head, of tokens [N]."""
        x, y = self.embed(ids).float(), None
        cos, sin = self._angles(x, positions)
        for number, block in enumerate(self.blocks):
            x, normed = add_norm(x, y, block.before_attention)
            heads = block.heads(normed, cos, sin)
            attended = attend(number, heads, block.kv, block.scaling)
            y = block.out(attended.to(normed.dtype))
            x, normed = add_norm(x, y, block.before_mlp)
            y = block.down(block.gated(block.gate_up(normed)))
        return add_norm(x, y, self.norm)[1]

    def _angles(
        self, x: "torch.Tensor", positions: "torch.Tensor"
    ) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return cosine and sine [N, 1, D / 2] of each position's angles in fp32."""
        both = self.rotary(x[None], positions[None])
        cos, sin = (part[0, :, None, : part.shape[-1] // 2].contiguous() for part in both)
        return cos, sin

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Prepare the active adapter for many passes without gradients, during which it is fixed.

        It is not merged: rounding to bf16 would lose most of a small update (nine tenths of one
        after five steps at 3e-5), and multiplying by the two thin matrices in some fifty passes
        takes no longer than merging them into every weight once.
        """
        projections = [p for block in self.blocks for p in block.projections()]
        try:
            for projection in projections:
                projection.hold()
            yield
        finally:
            for projection in projections:
                projection.release()


class Block:
    """One layer: attention, then a gated multilayer perceptron."""

    def __init__(self, layer: Any, packed: bool) -> None:
        attention, mlp = layer.self_attn, layer.mlp
        self.before_attention = Norm(layer.input_layernorm)
        self.qkv = Projection([attention.q_proj, attention.k_proj, attention.v_proj], packed)
        self.q_norm, self.k_norm = (
            Norm(getattr(attention, name)) if hasattr(attention, name) else None
            for name in ("q_norm", "k_norm")
        )
        self.size: int = attention.head_dim
        self.kv = self.qkv.weight.sizes[1] // self.size
        self.scaling: float = attention.scaling
        self.out = Projection([attention.o_proj], packed)
        self.before_mlp = Norm(layer.post_attention_layernorm)
        self.gate_up = Projection([mlp.gate_proj, mlp.up_proj], packed)
        self.act = mlp.act_fn
        self.down = Projection([mlp.down_proj], packed)

    def heads(
        self, normed: "torch.Tensor", cos: "torch.Tensor", sin: "torch.Tensor"
    ) -> "torch.Tensor":
        """Return queries, keys and values [N, (R + 2) K, D] of tokens [N, H]."""
        import torch

        heads = self.qkv(normed).unflatten(-1, (-1, self.size))
        if self.q_norm is not None and self.k_norm is not None:
            q, k, v = heads.split([size // self.size for size in self.qkv.weight.sizes], dim=1)
            q = add_norm(q.float(), None, self.q_norm)[1]
            k = add_norm(k.float(), None, self.k_norm)[1]
            heads = torch.cat([q, k, v], dim=1)
        return rotate(heads, cos, sin, but=self.kv)

    def gated(self, gate_up: "torch.Tensor") -> "torch.Tensor":
        """Return act(gate) * up [N, I] of both in one [N, 2 I]."""
        gate, up = gate_up.split(self.gate_up.weight.sizes, dim=-1)
        found: torch.Tensor = self.act(gate) * up
        return found

    def projections(self) -> tuple[Projection, ...]:
        return self.qkv, self.out, self.gate_up, self.down


def decoder(model: Any) -> Decoder:
    """Return the decoder of a library model, with or without adapters; it is made once.

    It is made anew when adapters were attached or the model was cast or moved.
    """
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    kept: Decoder | None = getattr(causal, "_rft_decoder", None)
    if kept is None or kept.made_of != _parts(causal):
        kept = Decoder(causal)
        object.__setattr__(causal, "_rft_decoder", kept)
    return kept


def _parts(causal: Any) -> tuple[Any, ...]:
    weight = causal.get_input_embeddings().weight
    modules = (module for layer in causal.base_model.layers for module in linear_layers(layer))
    return weight.dtype, weight.device, *(id(module) for module in modules)
