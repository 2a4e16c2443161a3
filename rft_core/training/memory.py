"""The memory of a run: estimated before a model is loaded, and what to say when it runs out."""

from rft_core.errors import ModelError
from rft_core.models.frozen import PACKED_UP_TO
from rft_core.models.head import CHUNK
from rft_core.models.rollout_notes import UP_TO
from rft_core.models.shape import ModelShape
from rft_core.training.plan import TrainingPlan

LIBRARIES_GB = 0.7
"""What the process takes before a model is loaded."""


def needed_gb(shape: ModelShape, plan: TrainingPlan) -> float:
    """Estimate the most memory that a run takes on a CPU, in GB (2^30 bytes).

    Weights, their copies laid out for the processor, adapters with their optimiser's state, the
    notes of a round, one training pass and the logits that exist at the same time.
    """
    size = 2 if plan.dtype == "bfloat16" else 4
    weights = shape.layer_weights + shape.head_weights
    laid_out = size == 2 and shape.layer_weights <= PACKED_UP_TO
    per_token = shape.note_bytes(size)
    prompt = plan.row_tokens - plan.max_new_tokens
    answers = plan.prompts_per_step * plan.group_size
    round_tokens = plan.prompts_per_step * prompt + answers * plan.max_new_tokens
    notes = round_tokens * per_token * (1 - plan.frozen_share)
    prompts = -(-plan.micro_batch // plan.group_size)
    pass_tokens = prompts * prompt + plan.micro_batch * plan.max_new_tokens
    lessons = plan.warm_batch * plan.row_tokens if plan.warm_epochs else 0
    total = (
        weights * size * (3 if laid_out else 1)
        + shape.adapter_weights(plan.lora_rank) * 4 * 5
        + (notes if notes <= UP_TO else 0)
        + max(pass_tokens, lessons) * per_token
        + 3 * CHUNK * shape.vocabulary * 4
    )
    return LIBRARIES_GB + total / 2**30


def check(shape: ModelShape | None, plan: TrainingPlan, free_gb: float) -> None:
    """Raise ModelError, before a model is loaded, where the run will not fit into memory.

    Of a model whose sizes are not known (None) nothing is said.
    """
    needed = needed_gb(shape, plan) if shape else 0
    if needed > free_gb:
        raise ModelError(
            f"This run needs about {needed:.1f} GB of memory; {free_gb:.1f} GB are free.",
            "Close other programs, shorten the longest cases, or choose a smaller model.",
        )


def ran_out(error: BaseException) -> bool:
    """Say whether an error means that memory ran out, on a CPU or a GPU."""
    text = str(error).lower()
    return (
        isinstance(error, MemoryError)
        or "out of memory" in text
        or "can't allocate memory" in text
        or "alloc" in type(error).__name__.lower()
    )


def too_many_tokens(tried: int, fitted: int) -> ModelError:
    """Return the error for passes that do not fit even when halved.

    `tried` is the number of tokens of the half that failed, `fitted` the most that went through.
    """
    return ModelError(
        f"This machine ran out of memory while it learned from {tried} word pieces at once; "
        f"about {fitted or tried // 2} would fit.",
        "Close other programs, shorten the longest cases, or choose a smaller model.",
    )
