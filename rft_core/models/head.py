"""The LM head: from hidden states to log-probabilities, without keeping a vocabulary of logits."""

from functools import cache
from typing import TYPE_CHECKING, Any

from rft_core.models.decoder import Decoder

if TYPE_CHECKING:
    import torch

CHUNK = 256
"""Tokens whose logits exist at the same time."""


def answer_logits(decoder: Decoder, hidden: "torch.Tensor") -> "torch.Tensor":
    """Return fp32 logits [N, V] of hidden states [N, H]."""
    return decoder.head.times(hidden.to(decoder.head.dtype)).float()


def token_logps(
    decoder: Decoder, hidden: "torch.Tensor", targets: "torch.Tensor", temperature: float = 1.0
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return the log-probability and the distribution's entropy [N] of each target token.

    `hidden` is [N, H], `targets` [N]. Only log-probabilities carry a gradient, and only to
    `hidden`: the head itself is frozen. That gradient, `(W[target] - sum_v p_v W_v) / temperature`,
    is computed at once, while the logits of a chunk are at hand, so that nothing of the
    vocabulary's size is kept.
    """
    logps, entropy = _function().apply(hidden, targets, decoder, temperature)
    return logps, entropy


@cache
def _function() -> Any:
    import torch

    class TokenLogps(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any,
            hidden: torch.Tensor,
            targets: torch.Tensor,
            decoder: Decoder,
            temperature: float,
        ) -> tuple[torch.Tensor, torch.Tensor]:
            learn = ctx.needs_input_grad[0]
            slope = torch.empty_like(hidden) if learn else None
            head = decoder.head
            logps, entropy = [], []
            for start in range(0, len(hidden), CHUNK):
                here = slice(start, start + CHUNK)
                logits = answer_logits(decoder, hidden[here])
                if temperature != 1:
                    logits /= temperature
                p = logits.softmax(dim=-1)
                total = logits.amax(-1) - p.amax(-1).log()  # log of the sum of exponentials
                target = targets[here, None]
                logps.append(logits.gather(1, target)[:, 0] - total)
                entropy.append(total - logits.mul_(p).sum(-1))
                if slope is not None:
                    p.scatter_add_(1, target, p.new_full(target.shape, -1.0))
                    slope[here] = head.back(p.to(head.dtype)) / -temperature
            ctx.save_for_backward(slope)
            result = torch.cat(logps), torch.cat(entropy)
            ctx.mark_non_differentiable(result[1])
            return result

        @staticmethod
        def backward(ctx: Any, *grads: torch.Tensor) -> tuple[Any, ...]:
            (slope,) = ctx.saved_tensors
            return (slope * grads[0][:, None]).to(slope.dtype), None, None, None

    return TokenLogps
