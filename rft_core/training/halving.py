"""Where memory runs out in a training pass: halve micro-batches once, then say what would fit."""

import gc
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rft_core.training import memory

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)


class HalvesPasses:
    """Mixin for trainers of the `transformers` family whose loss adds up over rows.

    A pass that fails leaves no gradient behind, so a micro-batch can be tried again.
    """

    _parts = 1
    """In how many parts a micro-batch is learned from."""
    _retrying = False
    """The same inputs come a second time."""
    _tried = _fitted = 0
    """Tokens of the present pass, and of the largest one that memory sufficed for."""

    accelerator: Any

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> Any:
        """Learn from a micro-batch; where memory runs out, from its halves from then on."""
        import torch

        self._tried = 0
        try:
            step: Any = super().training_step  # type: ignore[misc]
            output = step(model, inputs, num_items_in_batch)
        except (MemoryError, RuntimeError) as error:
            if not (self._tried and memory.ran_out(error)):
                raise
            if self._parts > 1:
                raise memory.too_many_tokens(self._tried, self._fitted) from error
        else:
            self._fitted = max(self._fitted, self._tried)
            return output
        log.warning("Memory ran out at %s tokens; micro-batches are halved.", self._tried)
        self._parts, self._retrying = 2, True
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return self.training_step(model, inputs, num_items_in_batch)

    def in_parts(
        self,
        inputs: dict[str, Any],
        rows: "torch.Tensor",
        loss: "Callable[[dict[str, Any]], torch.Tensor]",
        tokens: Callable[[dict[str, Any]], int],
    ) -> "torch.Tensor":
        """Return the loss of the chosen rows (true in `rows` [B]).

        When halved, what the first half adds to the gradients is added here, and the loss carries
        the gradient of the second.
        """
        import torch

        *first, last = halves(rows) if self._parts > 1 else [rows]
        before = torch.zeros((), device=rows.device)
        for chosen in first:
            part = select_rows(inputs, chosen)
            self._tried = tokens(part)
            found = loss(part)
            self.accelerator.backward(found)
            self._fitted = max(self._fitted, self._tried)
            before += found.detach()
        part = select_rows(inputs, last)
        self._tried = tokens(part)
        return before + loss(part)


def halves(rows: "torch.Tensor") -> "list[torch.Tensor]":
    """Split the chosen rows (true in `rows` [B]) into a first and a second half."""
    import torch

    order = rows.cumsum(0)
    first = rows & (order <= (order[-1] + 1) // 2)
    return [half for half in (first, torch.logical_and(rows, ~first)) if bool(half.any())]


def select_rows(batch: dict[str, Any], keep: "torch.Tensor") -> dict[str, Any]:
    """Return the batch with the rows for which `keep` [B] is true; other entries as they are."""
    return {
        key: value[keep] if is_by_row(value, len(keep)) else value for key, value in batch.items()
    }


def is_by_row(value: Any, rows: int) -> bool:
    """Say whether an entry of a batch has one row for each of its `rows`."""
    return hasattr(value, "dim") and value.dim() > 0 and len(value) == rows
