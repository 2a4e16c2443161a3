"""Warm start: supervised tuning on the expert's own answers (TRL's `SFTTrainer`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rft_core.errors import InputError
from rft_core.models import chat
from rft_core.models.head import answer_logits
from rft_core.records import Example, Project
from rft_core.training.plan import TrainingPlan

IGNORED = -100
"""Label of tokens that are not learned."""


def supervised_rows(
    tokenizer: Any, project: Project, examples: Sequence[Example]
) -> list[dict[str, list[int]]]:
    """Return `input_ids` and `labels` by example: only the answer and its end-of-text are learned.

    The prompt's tokens are exactly those that generation sees. Examples without a reference are
    left out.
    """
    rows = []
    for example in examples:
        if not example.reference:
            continue
        prompt = chat.prompt_tokens(tokenizer, project, example)
        answer = tokenizer(example.reference, add_special_tokens=False)["input_ids"]
        answer = [*answer, tokenizer.eos_token_id]
        rows.append({"input_ids": prompt + answer, "labels": [IGNORED] * len(prompt) + answer})
    return rows


def lora(plan: TrainingPlan) -> Any:
    """Return the LoRA configuration: all linear layers, no dropout."""
    from peft import LoraConfig

    return LoraConfig(
        r=plan.lora_rank,
        lora_alpha=plan.lora_alpha,
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def train(
    model: Any,
    tokenizer: Any,
    project: Project,
    examples: Sequence[Example],
    plan: TrainingPlan,
    seed: int,
    folder: Path,
    callbacks: Sequence[Any] = (),
) -> None:
    """Tune the adapters of the PEFT model in place for `plan.warm_epochs` epochs."""
    from datasets import Dataset
    from trl import SFTConfig

    rows = supervised_rows(tokenizer, project, examples)
    if not rows:
        raise InputError(
            "No training case has an expert answer.",
            "Write answers for the training cases, or choose the preset 'Practice only'.",
        )
    config = SFTConfig(
        output_dir=str(folder),
        num_train_epochs=plan.warm_epochs,
        per_device_train_batch_size=plan.warm_batch,
        learning_rate=plan.warm_learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=2,
        max_length=None,
        packing=False,
        **trainer_defaults(model, seed),
    )
    trainer = _trainer_class()(
        model=model,
        args=config,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        callbacks=list(callbacks),
    )
    trainer.train()


def _trainer_class() -> Any:
    import torch
    from trl import SFTTrainer

    class AnswerSFTTrainer(SFTTrainer):  # type: ignore[misc]
        """SFTTrainer that computes logits at the answers' tokens only; the same loss, sooner.

        TRL's loss goes through the LM head for the prompt's tokens too, to log their entropy.
        """

        def compute_loss(
            self,
            model: Any,
            inputs: dict[str, Any],
            return_outputs: bool = False,
            num_items_in_batch: Any = None,
        ) -> Any:
            causal = self.accelerator.unwrap_model(model).get_base_model()
            hidden = causal.base_model(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                use_cache=False,
            ).last_hidden_state
            targets = inputs["labels"][:, 1:]
            learned = targets != IGNORED
            logits = answer_logits(causal, hidden[:, :-1][learned])
            loss = torch.nn.functional.cross_entropy(logits, targets[learned], reduction="sum")
            return loss / (learned.sum() if num_items_in_batch is None else num_items_in_batch)

    return AnswerSFTTrainer


def trainer_defaults(model: Any, seed: int) -> dict[str, Any]:
    """Return the settings that both trainers share; TRL's own defaults do not suit small runs."""
    return {
        "seed": seed,
        "data_seed": seed,
        "bf16": False,  # the weights are already in the chosen dtype; no autocast on top
        "fp16": False,
        "gradient_checkpointing": False,
        "use_cpu": model.device.type == "cpu",
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
        "max_grad_norm": 1.0,
        "weight_decay": 0.0,
    }
