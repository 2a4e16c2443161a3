"""Reinforcement: TRL's `GRPOTrainer` with the rubric as its one reward.

Differences from TRL's defaults, all set explicitly: advantages are scaled by the batch's
deviation (more robust with few answers), no reference model, no autocast, no gradient
checkpointing, the length limit from the references, answers sampled by our own generation code,
seeded by (seed, step), so that a run can be repeated bit for bit, and log-probabilities computed at
the answers' tokens alone.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rft_core.models import chat
from rft_core.models.generation import generate
from rft_core.records import Example, Project
from rft_core.rubric.grading import Grader
from rft_core.training.plan import TrainingPlan
from rft_core.training.reward import RubricReward
from rft_core.training.shared_prefix import answer_logps
from rft_core.training.warm_start import trainer_defaults

if TYPE_CHECKING:
    pass


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

    _keep_prompts_out_of_the_log()
    rows = [
        {"prompt": chat.messages(project, example), "example_id": example.id}
        for example in examples
    ]
    trainer = _trainer_class()(
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


def _trainer_class() -> Any:
    import torch
    from trl import GRPOTrainer

    class RubricGRPOTrainer(GRPOTrainer):  # type: ignore[misc]
        """GRPOTrainer that samples with `rft_core.models.generation`."""

        def _generate_single_turn(
            self,
            prompt_ids: list[list[int]],
            images: Any,
            multimodal_fields: Any,
            num_generations: int,
            has_tool_images: bool = False,
        ) -> tuple[list[list[int]], None]:
            groups = prompt_ids[::num_generations]
            sampler = torch.Generator().manual_seed((self.args.seed << 20) + self.state.global_step)
            self.model.eval()
            completions = generate(
                self.accelerator.unwrap_model(self.model),
                groups,
                copies=num_generations,
                max_new_tokens=self.max_completion_length,
                eos_ids=self.eos_token_ids,
                pad_id=self._tokenizer.pad_token_id,
                temperature=self.temperature,
                generator=sampler,
            )
            self.model.train()
            return [completion.ids for completion in completions], None

        def _get_per_token_logps_and_entropies(
            self,
            model: Any,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            logits_to_keep: int,
            **_: Any,
        ) -> tuple[torch.Tensor, torch.Tensor, None]:
            """Return log-probabilities and entropies [B, logits_to_keep] of the answers' tokens.

            TRL's own goes through the LM head for the prompt's tokens too; the values are equal.
            """
            return (
                *answer_logps(
                    self.accelerator.unwrap_model(model).get_base_model(),
                    input_ids, attention_mask, logits_to_keep, self.temperature,
                ),
                None,
            )  # fmt: skip

    return RubricGRPOTrainer


def _keep_prompts_out_of_the_log() -> None:
    """Filter out TRL's warning that prints a whole prompt when an answer could not be graded."""
    logging.getLogger("trl.trainer.grpo_trainer").addFilter(
        lambda record: "returned None for the following kwargs" not in record.getMessage()
    )
