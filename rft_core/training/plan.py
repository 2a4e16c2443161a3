"""Presets and the plan of a run: one dial chosen by the user, the rest derived from it.

A plan is resolved once, at submission, from the preset, the project's token lengths and the
timing of this machine. It is written to the job's config, so that the same config and seed give
the same run.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from rft_core.errors import InputError
from rft_core.models.loading import Attention
from rft_core.models.shape import ModelShape
from rft_core.models.timing import Timing, TokenLengths
from rft_core.records import Record

PresetName = Literal["quick", "standard", "thorough", "mostly_practice", "reinforcement_only"]


class Preset(Record):
    """What a preset fixes; everything else follows."""

    name: PresetName
    title: str
    explanation: str
    warm_epochs: int
    """Passes over the training examples in the warm start; 0 leaves it out."""
    steps: int
    """GRPO steps."""
    prompts_per_step: int
    group_size: int
    """Answers sampled for each prompt."""
    learning_rate: float
    """GRPO learning rate."""
    minutes: int | None = None
    """Length to which a run is shortened where this machine would take longer, as far as
    `FEWEST_ROUNDS` and `FROZEN_SHARE` allow."""


FEWEST_ROUNDS = 3
"""Practice rounds that a shortened run keeps: after long lessons the next ones add nothing that
could be measured (`benchmarks/RESULTS.md`)."""
FROZEN_SHARE = 0.5
"""Share of the layers, from the first on, that learns nothing in a run that is shortened further.
Lessons and practice take about 0.6 of the time then: what leaves those layers is computed once."""
PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="quick",
            title="Quick",
            explanation="A first look.",
            warm_epochs=8,
            steps=10,
            prompts_per_step=8,
            group_size=4,
            learning_rate=3e-5,
            minutes=5,
        ),
        Preset(
            name="standard",
            title="Standard",
            explanation="More practice. The verdict says whether it added anything.",
            warm_epochs=8,
            steps=40,
            prompts_per_step=8,
            group_size=4,
            learning_rate=3e-5,
        ),
        Preset(
            name="thorough",
            title="Thorough",
            explanation="The longest practice. For when the computer can be left to it.",
            warm_epochs=10,
            steps=120,
            prompts_per_step=8,
            group_size=8,
            learning_rate=3e-5,
        ),
        Preset(
            name="mostly_practice",
            title="Mostly practice",
            explanation=(
                "Short lessons, so that your rubric decides more than your answers do. For seeing "
                "what a rubric rewards; not the surest way to right answers."
            ),
            warm_epochs=4,
            steps=20,
            prompts_per_step=8,
            group_size=4,
            learning_rate=3e-5,
        ),
        Preset(
            name="reinforcement_only",
            title="Practice only",
            explanation=(
                "No lessons from your answers first. It works only where the model already "
                "gets some answers right."
            ),
            warm_epochs=0,
            steps=25,
            prompts_per_step=4,
            group_size=8,
            learning_rate=2e-4,
        ),
    )
}
"""Studied by `benchmarks/presets.py` on development cases; results in `benchmarks/RESULTS.md`."""


class TrainingPlan(Record):
    """Every number that decides a run."""

    preset: str
    dtype: Literal["float32", "bfloat16"]
    threads: int
    attention: Attention = "sdpa"
    lora_rank: int = 16
    lora_alpha: int = 32
    frozen_share: float = 0.0
    """Share of the layers, from the first on, that gets no adapters."""
    warm_epochs: int
    warm_learning_rate: float
    warm_batch: int = 4
    steps: int
    prompts_per_step: int
    group_size: int
    learning_rate: float
    temperature: float = 1.0
    max_new_tokens: int
    """Length limit of an answer, in tokens."""
    row_tokens: int
    """Longest prompt plus the answer limit, in tokens."""
    micro_batch: int
    """Answers in one training pass, bounded by the token budget."""
    answer_batch: int
    """Held-out cases answered at once."""
    few_shot: int = 4
    """Training examples shown in the few-shot prompt."""
    minutes: float
    """Estimated length of the run."""


PASS_S = 3.0
"""Seconds of a training pass that are enough: what each pass costs besides its tokens is a few
percent of it, so that a longer one takes memory and saves hardly any time."""

PASS_MEMORY = 0.25
"""Share of the free memory that what a training pass keeps of its tokens may take."""

BACKWARD_SHARE = 0.55
"""Of a whole training pass, what a round's pass takes that starts from the notes of sampling."""

WARM_SHARE = 1.15
"""Time of a lesson over that of its training pass alone: the optimiser's step and what the trainer
does besides."""

READING_SPEED = 3
"""Tokens read, without learning, in the time of one that is learned from."""

VARIANTS = 4
"""Models that answer the held-out cases: base, shown examples, warm start, tuned."""

START_S = 25
"""Seconds in which a run starts and loads its model, twice."""

SMALL_M = 200
"""Millions of parameters up to which the warm start takes larger steps. Measured with 135M on notes
kept for development: 27 of 48 decisions right at 1e-3, 39 at 2e-3, 20 at 5e-4."""


def preset(name: str) -> Preset:
    """Return the preset called `name`; InputError for an unknown one."""
    if name not in PRESETS:
        raise InputError(f"There is no preset {name!r}.", f"Choose one of: {', '.join(PRESETS)}.")
    return PRESETS[name]


def resolve(
    preset_name: str,
    lengths: TokenLengths,
    timing: Timing,
    n_train: int,
    n_heldout: int,
    steps: int | None = None,
    parameters_m: int | None = None,
    shape: ModelShape | None = None,
) -> TrainingPlan:
    """Derive the whole plan. `steps` overrides the preset's (0 trains the warm start only).

    `parameters_m` is the model's size in millions; a small model is taught in larger steps.
    `shape` says how much memory a token takes, where the model's sizes are known.

    Raises InputError where prompt and answer do not fit the model's window.
    """
    chosen = preset(preset_name)
    limit = answer_limit(lengths.references)
    row = max(lengths.prompts, default=0) + limit
    check_window(lengths, limit)
    draft = TrainingPlan(
        preset=chosen.name,
        dtype=timing.dtype,
        threads=timing.threads,
        warm_epochs=chosen.warm_epochs,
        warm_learning_rate=2e-3 if (parameters_m or SMALL_M + 1) <= SMALL_M else 5e-4,
        steps=chosen.steps if steps is None else steps,
        prompts_per_step=min(chosen.prompts_per_step, n_train),
        group_size=chosen.group_size,
        learning_rate=chosen.learning_rate,
        max_new_tokens=limit,
        row_tokens=row,
        micro_batch=micro_batch(
            min(chosen.prompts_per_step, n_train) * chosen.group_size,
            chosen.group_size,
            row - limit,
            limit,
            token_budget(timing),
            most_tokens(timing, shape),
        ),
        answer_batch=max(1, min(32, 16_384 // max(row, 1))),
        minutes=0,
    )

    def estimated(found: TrainingPlan) -> TrainingPlan:
        minutes = estimate_minutes(found, lengths, timing, n_train, n_heldout)
        return found.with_changes(minutes=minutes)

    if chosen.minutes is None or steps is not None:
        return estimated(draft)
    for found in map(estimated, _shortened(draft)):
        if found.minutes <= chosen.minutes:
            break
    return found


def _shortened(plan: TrainingPlan) -> Iterator[TrainingPlan]:
    """Yield the plan with ever fewer practice rounds, then that where only some layers learn."""
    for frozen_share in (0.0, FROZEN_SHARE):
        for rounds in range(plan.steps, min(plan.steps, FEWEST_ROUNDS) - 1, -1):
            yield plan.with_changes(steps=rounds, frozen_share=frozen_share)


def answer_limit(reference_lengths: Sequence[int]) -> int:
    """Return the answer limit in tokens: half as long again as the longest reference, plus 8."""
    if not reference_lengths:
        return 96
    return int(1.5 * max(reference_lengths)) + 8


def check_window(lengths: TokenLengths, limit: int) -> None:
    """Raise InputError where a prompt leaves no room for its answer in the model's window."""
    for example_id, tokens in zip(lengths.example_ids, lengths.prompts, strict=True):
        if tokens + limit > lengths.window:
            raise InputError(
                f'The case "{example_id}" has {tokens:,} word pieces; with an answer of up to '
                f"{limit:,} that is more than the {lengths.window:,} that the model reads at once.",
                "Shorten the case or the longest expert answer, or choose a model that reads more.",
            )


def estimate_minutes(
    plan: TrainingPlan, lengths: TokenLengths, timing: Timing, n_train: int, n_heldout: int
) -> float:
    """Estimate the length of a run, in minutes, from this machine's timing."""
    prompt = sum(lengths.prompts) / max(1, len(lengths.prompts))
    own = prompt - lengths.shared
    answer = sum(lengths.references) / max(1, len(lengths.references)) or plan.max_new_tokens
    rows_per_step = plan.prompts_per_step * plan.group_size
    warm_steps = plan.warm_epochs * -(-n_train // plan.warm_batch)
    warm = warm_steps * lengths.shared + plan.warm_epochs * n_train * (own + answer)
    rollout = plan.steps * rows_per_step * answer / timing.decode_tokens_per_s
    readings = plan.prompts_per_step * max(1, plan.group_size / plan.micro_batch)
    learned = readings * prompt + rows_per_step * answer
    above = 1 - plan.frozen_share
    read_once = (1 - BACKWARD_SHARE) * plan.frozen_share / max(1, plan.warm_epochs)
    learning = (
        WARM_SHARE * warm * (above + read_once) + BACKWARD_SHARE * above * plan.steps * learned
    )
    batches = -(-n_heldout // plan.answer_batch)
    shown = batches * plan.few_shot * (own + answer)
    reading = (VARIANTS * (batches * lengths.shared + n_heldout * own) + shown) / READING_SPEED
    writing = n_heldout * ((VARIANTS - 1) * answer + plan.max_new_tokens)
    seconds = (
        START_S
        + (learning + reading) / timing.train_tokens_per_s
        + rollout
        + writing / timing.decode_tokens_per_s
    )
    return round(seconds / 60, 1)


def token_budget(timing: Timing) -> int:
    """Return the tokens of a training pass, beyond which passes are hardly faster here."""
    return int(PASS_S * timing.train_tokens_per_s)


def most_tokens(timing: Timing, shape: ModelShape | None) -> int | None:
    """Return the tokens of a training pass that memory has room for; None where not known."""
    if shape is None:
        return None
    per_token = shape.note_bytes(2 if timing.dtype == "bfloat16" else 4)
    return int(PASS_MEMORY * timing.free_gb * 2**30 / per_token)


def micro_batch(
    answers: int,
    group_size: int,
    prompt_tokens: int,
    answer_tokens: int,
    budget: int,
    most: int | None = None,
) -> int:
    """Return how many of a step's answers go through one training pass.

    As many whole groups as the token `budget` holds, at least one: the answers to a prompt share
    it, and in parts they would read it again. A group is parted where it has over `most` tokens.
    """

    def tokens(size: int) -> int:
        return -(-size // group_size) * prompt_tokens + size * answer_tokens

    groups = [d * group_size for d in range(1, answers // group_size + 1)]
    budget = budget if most is None else min(budget, most)
    fitting = [d for d in groups if answers % d == 0 and tokens(d) <= budget]
    if fitting:
        return max(fitting)
    parts = (d for d in range(1, group_size + 1) if group_size % d == 0)
    return max((d for d in parts if most is None or tokens(d) <= most), default=1)
