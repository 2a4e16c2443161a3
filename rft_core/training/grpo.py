"""Reinforcement: TRL's `GRPOTrainer` with the rubric as its one reward.

Settings that differ from TRL's defaults, all explicit: advantages are scaled by the batch's
deviation (more robust with few answers), no reference model, no autocast, no gradient
checkpointing, the length limit from the references. Two places are replaced: sampling
(`rft_core.models.generation`, seeded by (seed, step), so that a run can be repeated bit for bit)
and the training pass (`shared_prefix`). Models that these do not fit are trained by TRL's own code.
"""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rft_core.models import chat
from rft_core.models.generation import generate
from rft_core.models.rollout_notes import RolloutNotes
from rft_core.models.support import why_stock
from rft_core.records import Example, Project
from rft_core.rubric.grading import Grader
from rft_core.training.halving import HalvesPasses, is_by_row
from rft_core.training.plan import TrainingPlan
from rft_core.training.reward import RubricReward
from rft_core.training.shared_prefix import answer_logps
from rft_core.training.warm_start import trainer_defaults

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)


def train(
    model: Any,
    tokenizer: Any,
    project: Project,
    examples: Sequence[Example],
    grader: Grader,
    plan: TrainingPlan,
    seed: int,
    folder: Path,
    practice_log: Path,
    callbacks: Sequence[Any] = (),
) -> None:
    """Reinforce the adapters of the PEFT model in place for `plan.steps` steps."""
    from datasets import Dataset
    from trl import GRPOTrainer

    _keep_prompts_out_of_the_log()
    rows = [
        {"prompt": chat.messages(project, example), "example_id": example.id}
        for example in examples
    ]
    reason = why_stock(model)
    if reason:
        log.warning("This model is trained the library's way: %s.", reason)
    trainer = (GRPOTrainer if reason else trainer_class())(
        model=model,
        args=_config(model, project, plan, seed, folder),
        reward_funcs=RubricReward(grader, examples, plan.group_size, practice_log),
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        callbacks=list(callbacks),
    )
    trainer.train()


def _config(model: Any, project: Project, plan: TrainingPlan, seed: int, folder: Path) -> Any:
    from trl import GRPOConfig

    answers = plan.prompts_per_step * plan.group_size
    return GRPOConfig(
        output_dir=str(folder),
        max_steps=plan.steps,
        per_device_train_batch_size=plan.micro_batch,
        gradient_accumulation_steps=answers // plan.micro_batch,
        num_generations=plan.group_size,
        max_completion_length=plan.max_new_tokens,
        temperature=plan.temperature,
        learning_rate=plan.learning_rate,
        lr_scheduler_type="constant",
        beta=0.0,
        loss_type="dapo",
        scale_rewards="batch",
        mask_truncated_completions=False,
        chat_template_kwargs=chat.template_options(project),
        **trainer_defaults(model, seed),
    )


@cache
def trainer_class() -> Any:
    """Return the subclass of TRL's GRPOTrainer that samples and learns with the engine."""
    import torch
    from trl import GRPOTrainer

    class RubricGRPOTrainer(HalvesPasses, GRPOTrainer):  # type: ignore[misc]
        """TRL's losses, rewards, logging and checkpoints; sampling and the pass are ours."""

        _buffered_inputs: Any

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._notes = RolloutNotes()

        def _generate_single_turn(
            self,
            prompt_ids: list[list[int]],
            images: Any,
            multimodal_fields: Any,
            num_generations: int,
            has_tool_images: bool = False,
        ) -> tuple[list[list[int]], None]:
            sampler = torch.Generator().manual_seed((self.args.seed << 20) + self.state.global_step)
            model = self.accelerator.unwrap_model(self.model)
            completions = generate(
                model,
                prompt_ids[::num_generations],
                copies=num_generations,
                max_new_tokens=self.max_completion_length,
                eos_ids=self.eos_token_ids,
                pad_id=self._tokenizer.pad_token_id,
                temperature=self.temperature,
                generator=sampler,
                notes=self._notes,
            )
            return [completion.ids for completion in completions], None

        def _prepare_inputs(self, generation_batch: Any) -> Any:
            """Keep the answers to a prompt in one micro-batch; TRL shuffles them apart."""
            before = self._buffered_inputs
            if self._retrying:
                self._retrying = False
                return before[self._step % self.args.steps_per_generation]
            inputs = super()._prepare_inputs(generation_batch)
            if self._buffered_inputs is before:
                return inputs
            self._buffered_inputs = together(self._buffered_inputs)
            return self._buffered_inputs[self._step % self.args.steps_per_generation]

        def compute_loss(
            self,
            model: Any,
            inputs: dict[str, Any],
            return_outputs: bool = False,
            num_items_in_batch: Any = None,
        ) -> Any:
            """Return TRL's loss, without the answers that have no advantage: they add nothing.

            Where none is left, every gradient is zero, not missing: the optimiser goes on as it
            would have.
            """
            teaching = inputs["advantages"] != 0
            if not bool(teaching.any()):
                return sum(p.sum() * 0.0 for p in model.parameters() if p.requires_grad)
            whole = super().compute_loss

            def loss(part: dict[str, Any]) -> Any:
                return whole(model, part, num_items_in_batch=num_items_in_batch)

            return self.in_parts(inputs, teaching, loss, tokens)

        def _get_per_token_logps_and_entropies(
            self,
            model: Any,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            logits_to_keep: int,
            **_: Any,
        ) -> tuple[torch.Tensor, torch.Tensor, None]:
            """Return log-probabilities and entropies [B, logits_to_keep] of the answers' tokens."""
            logps, entropies = answer_logps(
                self.accelerator.unwrap_model(model),
                input_ids,
                attention_mask,
                logits_to_keep,
                self.temperature,
                self._notes,
            )
            return logps, entropies, None

    return RubricGRPOTrainer


def together(batches: "Sequence[dict[str, Any]]") -> list[dict[str, Any]]:
    """Return the micro-batches with rows of the same prompt next to each other.

    DAPO's loss divides by the tokens of the whole step, so it does not matter which micro-batch a
    row is in.
    """
    import torch

    size = len(batches[0]["prompt_ids"])
    rows = {
        key: torch.cat([batch[key] for batch in batches])
        for key, value in batches[0].items()
        if is_by_row(value, size)
    }
    first: dict[tuple[int, ...], int] = {}
    for prompt in map(tuple, rows["prompt_ids"].tolist()):
        first.setdefault(prompt, len(first))
    group = torch.tensor([first[tuple(prompt)] for prompt in rows["prompt_ids"].tolist()])
    order = group.argsort(stable=True)
    return [
        batch | {key: value[order[i * size : (i + 1) * size]] for key, value in rows.items()}
        for i, batch in enumerate(batches)
    ]


def tokens(batch: dict[str, Any]) -> int:
    """Return the tokens of a pass over the batch, each prompt counted once."""
    prompts = {tuple(row) for row in batch["prompt_ids"].tolist()}
    widest = int(batch["prompt_mask"].sum(dim=1).max())
    return len(prompts) * widest + int(batch["completion_mask"].sum())


def _keep_prompts_out_of_the_log() -> None:
    """Filter out TRL's warning that prints a whole prompt when an answer could not be graded."""
    logging.getLogger("trl.trainer.grpo_trainer").addFilter(
        lambda record: "returned None for the following kwargs" not in record.getMessage()
    )
