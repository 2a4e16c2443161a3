"""The LM head: from hidden states to log-probabilities, without keeping a vocabulary of logits."""

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rft_core.models.decoder import Decoder

if TYPE_CHECKING:
    import torch

CHUNK = 256
"""Tokens whose logits exist at the same time."""


def answer_logits(decoder: Decoder, hidden: "torch.Tensor") -> "torch.Tensor":
    """Return fp32 logits [N, V] of hidden states [N, H]."""
    return decoder.head.times(hidden.to(decoder.head.dtype)).float()


class Predicted(NamedTuple):
    """What the LM head makes of N hidden states whose next tokens are known."""

    logp: "torch.Tensor"
    """[N]: log-probability of the token, at the sampling temperature."""
    entropy: "torch.Tensor"
    """[N]: entropy of the distribution."""
    slope: "torch.Tensor"
    """[N, H]: the log-probability's gradient, (W[token] - sum_v p_v W_v) / temperature."""


def predict(
    decoder: Decoder,
    logits: "torch.Tensor",
    p: "torch.Tensor",
    token: "torch.Tensor",
    temperature: float,
) -> Predicted:
    """Return what is to be known of tokens [N], from logits and probabilities [N, V].

    Logits are divided by the temperature already. Both are used up.
    """
    target = token[:, None]
    total = logits.amax(-1) - p.amax(-1).log()  # log of the sum of exponentials
    logp = logits.gather(1, target)[:, 0] - total
    entropy = total - logits.mul_(p).sum(-1)
    p.scatter_add_(1, target, p.new_full(target.shape, -1.0))
    slope = decoder.head.back(p.to(decoder.head.dtype)) / -temperature
    return Predicted(logp, entropy, slope)


def token_logps(
    decoder: Decoder, hidden: "torch.Tensor", targets: "torch.Tensor", temperature: float = 1.0
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return the log-probability and the distribution's entropy [N] of each target token.

    `hidden` is [N, H], `targets` [N]. Only log-probabilities carry a gradient, and only to
    `hidden`: the head itself is frozen. That gradient is computed at once, while the logits of a
    chunk are at hand, so that nothing of the vocabulary's size is kept.
    """
    import torch

    parts = []
    with torch.no_grad():
        for start in range(0, len(hidden), CHUNK):
            logits = answer_logits(decoder, hidden[start : start + CHUNK])
            if temperature != 1:
                logits /= temperature
            here = targets[start : start + CHUNK]
            parts.append(predict(decoder, logits, logits.softmax(dim=-1), here, temperature))
        found = Predicted(*(torch.cat(values) for values in zip(*parts, strict=True)))
    return with_gradient(hidden, found)


def with_gradient(hidden: "torch.Tensor", found: Predicted) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return log-probabilities with their gradient to `hidden` [N, H], and entropies."""
    logp: torch.Tensor = _function().apply(hidden, found.logp, found.slope)
    return logp, found.entropy


@cache
def _function() -> Any:
    import torch

    class WithGradient(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, hidden: torch.Tensor, logp: torch.Tensor, slope: torch.Tensor
        ) -> torch.Tensor:
            ctx.save_for_backward(slope)
            return logp.clone()

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
            (slope,) = ctx.saved_tensors
            return (slope * grads[0][:, None]).to(slope.dtype), None, None

    return WithGradient
