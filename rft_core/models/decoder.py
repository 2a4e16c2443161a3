"""The pass of a decoder model, forward and back: what training and sampling share.

Llama, Mistral, Qwen2, Qwen3 and Gemma differ in a few details only. A pass here is over a flat row
of N tokens without padding; how they see each other is the caller's function. The weights and
adapters are those of the library's model, read where they lie. `support.why_stock` says which
models this does not fit.

The way back is written out too, so that it needs five tensors a layer only, and can start from
those that sampling noted (`recall`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from rft_core.models.frozen import FrozenWeight, PackedWeight, packs
from rft_core.models.layers import Norm, rotate
from rft_core.models.lora import Projection, plain
from rft_core.models.support import linear_layers

if TYPE_CHECKING:
    import torch


class Attend(Protocol):
    """How the tokens of a pass see each other, in layer `number`."""

    def __call__(
        self, number: int, heads: "torch.Tensor", kv: int, scaling: float
    ) -> "torch.Tensor":
        """Return [N, R K D] of heads [N, (R + 2) K, D]: queries, then K keys, then K values.

        Queries and keys are turned by their positions. `scaling` multiplies the scores. In fp32.
        """
        ...


class AttendAndBack(Attend, Protocol):
    """The same with a way back."""

    def back(
        self, on_out: "torch.Tensor", heads: "torch.Tensor", kv: int, scaling: float
    ) -> "torch.Tensor":
        """Return the gradients of `heads` from those of the outputs."""
        ...


class Noted(NamedTuple):
    """What the way back through a layer needs, of N tokens."""

    x: "torch.Tensor"
    """[N, H] in fp32: the residual sum that enters."""
    qkv: "torch.Tensor"
    """[N, (R + 2) K D]"""
    attended: "torch.Tensor"
    """[N, R K D]"""
    between: "torch.Tensor"
    """[N, H] in fp32: the residual sum before the perceptron."""
    gate_up: "torch.Tensor"
    """[N, 2 I]"""


class Notes(Protocol):
    """Keeps what a forward pass notes: layer by layer, then the residual sum that leaves."""

    def note(self, number: int, noted: "Noted | tuple[torch.Tensor]") -> None: ...


class Decoder:
    """A causal language model of the library as one function of tokens and positions."""

    def __init__(self, causal: Any) -> None:
        backbone = causal.base_model
        linear = [plain(module) for block in backbone.layers for module in linear_layers(block)]
        packed = packs([module.weight for module in linear])
        self.embed = backbone.embed_tokens
        self.rotary = backbone.rotary_emb
        self.blocks = [Block(layer, packed) for layer in backbone.layers]
        carry = (n for n, block in enumerate(backbone.layers) if _carries_adapter(block))
        self.first_learned = next(carry, 0)
        """The first layer with an adapter: what is below never changes."""
        self.norm = Norm(backbone.norm)
        """The last one, before the LM head."""
        head = causal.get_output_embeddings()
        self.head = (PackedWeight if packed else FrozenWeight)([head.weight], [head.bias])
        self.made_of = _parts(causal)

    @property
    def device(self) -> "torch.device":
        found: torch.device = self.embed.weight.device
        return found

    def hidden_states(
        self,
        ids: "torch.Tensor",
        positions: "torch.Tensor",
        attend: Attend,
        notes: Notes | None = None,
        entering: "torch.Tensor | None" = None,
    ) -> "torch.Tensor":
        """Return the last hidden states [N, H], ready for the LM head, of tokens [N].

        Layers add to what came before, in fp32. In bf16 every addition would round, and small
        differences grow. No gradient is computed; see `learn`. `entering` is what `below` gave
        for these tokens. Notes begin with the first layer that is learned.
        """
        x = self.below(ids, positions, attend) if entering is None else entering
        cos, sin = self._angles(positions)
        for number in range(self.first_learned, len(self.blocks)):
            x, noted = self.blocks[number].forward(number, x, cos, sin, attend)
            if notes is not None:
                notes.note(number, noted)
        if notes is not None:
            notes.note(len(self.blocks), (x,))
        return self.norm(x)

    def below(
        self, ids: "torch.Tensor", positions: "torch.Tensor", attend: Attend
    ) -> "torch.Tensor":
        """Return the residual sum [N, H] that enters the first layer that is learned."""
        x: torch.Tensor = self.embed(ids).detach().float()
        if self.first_learned:
            cos, sin = self._angles(positions)
            for number in range(self.first_learned):
                x, _ = self.blocks[number].forward(number, x, cos, sin, attend)
        return x

    def back(
        self,
        on_hidden: "torch.Tensor",
        positions: "torch.Tensor",
        attend: AttendAndBack,
        recall: "Callable[[int], Any]",
    ) -> "dict[int, torch.Tensor]":
        """Return the gradient of each adapter matrix, by its `id`, from those of hidden states."""
        found: dict[int, torch.Tensor] = {}
        cos, sin = self._angles(positions)
        angles = cos, sin, -sin
        (x,) = recall(len(self.blocks))
        grad = self.norm.back(x, on_hidden)
        for number in reversed(range(self.first_learned, len(self.blocks))):
            is_first = number == self.first_learned
            block = self.blocks[number]
            grad = block.back(grad, recall(number), angles, attend, found, is_first)
        return found

    def learn(
        self,
        ids: "torch.Tensor",
        positions: "torch.Tensor",
        attend: AttendAndBack,
        recall: "Callable[[int], Any] | None" = None,
        entering: "torch.Tensor | None" = None,
    ) -> "torch.Tensor":
        """Return `hidden_states` with gradients of the active adapter.

        `recall` gives what was noted of these tokens by an earlier pass with the same adapter;
        then no forward pass is needed. `entering` is what `below` gave for them.
        """
        import torch

        if not torch.is_grad_enabled():
            return self.hidden_states(ids, positions, attend, entering=entering)
        given = self, ids, positions, attend, recall, entering
        found: torch.Tensor = _function().apply(*given, *self.adapter())
        return found

    def adapter(self) -> "list[torch.Tensor]":
        """Return the matrices of the active adapter."""
        projections = (p for block in self.blocks for p in block.projections())
        return [m for p in projections for adapter in p.adapters() for m in (adapter.a, adapter.b)]

    def _angles(self, positions: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]":
        """Return cosine and sine [N, (R + 2) K, D] for `rotate`; values are not turned."""
        both = self.rotary(self.norm.scale, positions[None])
        block = self.blocks[0]
        turned = sum(block.qkv.weight.sizes) // block.size - block.kv
        cos, sin = (part[0, :, None].repeat(1, turned + block.kv, 1) for part in both)
        sin[..., : block.size // 2].neg_()
        cos[:, turned:], sin[:, turned:] = 1, 0
        return cos, sin

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Prepare the active adapter for many passes without gradients, during which it is fixed.

        It is not merged: rounding to bf16 would lose most of a small update (nine tenths of one
        after five steps at 3e-5), and multiplying by the two thin matrices in some fifty passes
        takes hardly longer than merging them into every weight once.
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
        self.out_width: int = self.out.weight.width
        self.before_mlp = Norm(layer.post_attention_layernorm)
        self.gate_up = Projection([mlp.gate_proj, mlp.up_proj], packed)
        self.act = mlp.act_fn
        self.down = Projection([mlp.down_proj], packed)

    def forward(
        self, number: int, x: "torch.Tensor", cos: "torch.Tensor", sin: "torch.Tensor",
        attend: Attend,
    ) -> "tuple[torch.Tensor, Noted]":  # fmt: skip
        """Return the residual sum after this layer, and what the way back needs."""
        qkv = self.qkv(self.before_attention(x))
        heads = self.heads(qkv, cos, sin)
        attended = attend(number, heads, self.kv, self.scaling).to(qkv.dtype)
        between = x + self.out(attended)
        gate_up = self.gate_up(self.before_mlp(between))
        after = between + self.down(self.gated(gate_up))
        return after, Noted(x, qkv, attended, between, gate_up)

    def back(
        self, grad: "torch.Tensor", noted: Noted, angles: "tuple[torch.Tensor, ...]",
        attend: AttendAndBack, found: "dict[int, torch.Tensor]", is_first: bool,
    ) -> "torch.Tensor":  # fmt: skip
        """Return the gradient of x from that of the sum after this layer; note the adapter's.

        `angles` are cosine, sine and its opposite. Below the first layer nothing is learned.
        """
        import torch

        gate, up = noted.gate_up.split(self.gate_up.weight.sizes, dim=-1)
        with torch.enable_grad():
            gate = gate.detach().requires_grad_()
            opened = self.act(gate)
        dtype = gate.dtype
        gated = opened.detach() * up
        on_gated = self.down.back(grad.to(dtype), gated, found)
        on_gate_up = self._gate_up_back(gate, opened, on_gated, noted.gate_up)
        on_normed = self.gate_up.back(on_gate_up, self.before_mlp(noted.between), found)
        grad += self.before_mlp.back(noted.between, on_normed)
        on_attended = self.out.back(grad.to(dtype), noted.attended, found)
        cos, sin, opposite = angles
        heads = self.heads(noted.qkv, cos, sin)
        on_heads = attend.back(on_attended.float(), heads, self.kv, self.scaling)
        on_qkv = self._heads_back(on_heads, noted.qkv, cos, opposite)
        on_normed = self.qkv.back(on_qkv, self.before_attention(noted.x), found, not is_first)
        return grad if is_first else grad.add_(self.before_attention.back(noted.x, on_normed))

    def _gate_up_back(
        self, gate: "torch.Tensor", opened: "torch.Tensor", on_gated: "torch.Tensor",
        gate_up: "torch.Tensor",
    ) -> "torch.Tensor":  # fmt: skip
        """Return the gradient of `gate_up`, in its memory: it is used up."""
        import torch

        on_gate, on_up = gate_up.split(self.gate_up.weight.sizes, dim=-1)
        (through,) = torch.autograd.grad(opened, gate, on_gated * on_up)
        torch.mul(on_gated, opened.detach(), out=on_up)
        on_gate.copy_(through)
        return gate_up

    def heads(
        self, qkv: "torch.Tensor", cos: "torch.Tensor", sin: "torch.Tensor"
    ) -> "torch.Tensor":
        """Return queries, keys and values [N, (R + 2) K, D] in fp32."""
        import torch

        heads = qkv.unflatten(-1, (-1, self.size))
        if self.q_norm is not None and self.k_norm is not None:
            q, k, v = self._split(heads)
            heads = torch.cat([self.q_norm(q.float()), self.k_norm(k.float()), v], dim=1)
        return rotate(heads, cos, sin)

    def _heads_back(
        self, on_heads: "torch.Tensor", qkv: "torch.Tensor", cos: "torch.Tensor",
        opposite: "torch.Tensor",
    ) -> "torch.Tensor":  # fmt: skip
        import torch

        on = rotate(on_heads, cos, opposite)
        if self.q_norm is not None and self.k_norm is not None:
            q, k, _ = self._split(qkv.unflatten(-1, (-1, self.size)))
            on_q, on_k, on_v = self._split(on)
            on_q = self.q_norm.back(q.float(), on_q)
            on_k = self.k_norm.back(k.float(), on_k)
            on = torch.cat([on_q, on_k, on_v], dim=1)
        return on.flatten(1).to(qkv.dtype)

    def _split(self, heads: "torch.Tensor") -> "tuple[torch.Tensor, ...]":
        """Return queries, keys and values of [N, (R + 2) K, D]."""
        sizes = [size // self.size for size in self.qkv.weight.sizes]
        found: tuple[torch.Tensor, ...] = heads.split(sizes, dim=1)
        return found

    def gated(self, gate_up: "torch.Tensor") -> "torch.Tensor":
        """Return act(gate) * up [N, I] of both in one [N, 2 I]."""
        gate, up = gate_up.split(self.gate_up.weight.sizes, dim=-1)
        found: torch.Tensor = self.act(gate) * up
        return found

    def projections(self) -> tuple[Projection, ...]:
        return self.qkv, self.out, self.gate_up, self.down


class _Kept:
    """Keeps what a forward pass notes until the way back has used it."""

    def __init__(self) -> None:
        self.kept: dict[int, Any] = {}

    def note(self, number: int, noted: "Noted | tuple[torch.Tensor]") -> None:
        self.kept[number] = noted

    def recall(self, number: int) -> Any:
        return self.kept.pop(number)


@cache
def _function() -> Any:
    import torch

    class Pass(torch.autograd.Function):
        """`Decoder.hidden_states` with gradients of the adapter's matrices `thin`."""

        @staticmethod
        def forward(
            ctx: Any, decoder: Decoder, ids: torch.Tensor, positions: torch.Tensor,
            attend: AttendAndBack, recall: Callable[[int], Any] | None,
            entering: torch.Tensor | None, *thin: torch.Tensor,
        ) -> torch.Tensor:  # fmt: skip
            ctx.decoder, ctx.positions, ctx.attend = decoder, positions, attend
            ctx.thin = [(id(matrix), matrix.dtype) for matrix in thin]
            if recall is not None:
                ctx.recall = recall
                (x,) = recall(len(decoder.blocks))
                return decoder.norm(x)
            kept = _Kept()
            ctx.recall = kept.recall
            return decoder.hidden_states(ids, positions, attend, kept, entering)

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
            found = ctx.decoder.back(grads[0], ctx.positions, ctx.attend, ctx.recall)
            thin = (found[number].to(dtype) for number, dtype in ctx.thin)
            return None, None, None, None, None, None, *thin

    return Pass


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


def _carries_adapter(block: Any) -> bool:
    return any(hasattr(layer, "lora_A") for layer in linear_layers(block))


def _parts(causal: Any) -> tuple[Any, ...]:
    weight = causal.get_input_embeddings().weight
    modules = (module for layer in causal.base_model.layers for module in linear_layers(layer))
    return weight.dtype, weight.device, *(id(module) for module in modules)
