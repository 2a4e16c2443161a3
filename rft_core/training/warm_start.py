"""Warm start: supervised tuning on the expert's own answers (TRL's `SFTTrainer`)."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rft_core.errors import InputError
from rft_core.models import chat
from rft_core.models.decoder import decoder
from rft_core.models.group_attention import GroupAttention
from rft_core.models.head import token_logps
from rft_core.models.lower_layers import LowerLayers
from rft_core.models.packed import Branch, common_beginning, pack
from rft_core.models.support import why_stock
from rft_core.records import Example, Project
from rft_core.training.halving import HalvesPasses
from rft_core.training.plan import TrainingPlan

if TYPE_CHECKING:
    import torch

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


def lora(plan: TrainingPlan, model: Any) -> Any:
    """Return the LoRA configuration: all linear layers that the plan adapts, no dropout."""
    from peft import LoraConfig

    return LoraConfig(
        r=plan.lora_rank,
        lora_alpha=plan.lora_alpha,
        lora_dropout=0.0,
        target_modules=_adapted(model, plan.frozen_share),
        task_type="CAUSAL_LM",
    )


def _adapted(model: Any, frozen_share: float) -> list[str] | str:
    """Return the names of the linear layers above the share of layers that stays as it is.

    All of them where none stays, or where the layers of the model cannot be told apart.
    """
    import torch

    numbered = {
        name: int(found[1])
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and (found := re.search(r"\.(\d+)\.", name))
    }
    if not frozen_share or not numbered:
        return "all-linear"
    first = int(frozen_share * (1 + max(numbered.values())))
    return [name for name, number in numbered.items() if number >= first]


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
    from trl import SFTConfig, SFTTrainer

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
    stock = why_stock(model)
    trainer = (SFTTrainer if stock else _trainer_class())(
        model=model,
        args=config,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        callbacks=list(callbacks),
    )
    trainer.train()


@cache
def _trainer_class() -> Any:
    from trl import SFTTrainer

    class SharedPrefixSFTTrainer(HalvesPasses, SFTTrainer):  # type: ignore[misc]
        """SFTTrainer whose pass reads what all rows begin with once; the same loss, sooner.

        Every prompt begins with the project's instruction. Logits are computed at the answers'
        tokens only; TRL's loss goes through the LM head for the prompt's tokens too.
        """

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.lower = LowerLayers()

        def compute_loss(
            self,
            model: Any,
            inputs: dict[str, Any],
            return_outputs: bool = False,
            num_items_in_batch: Any = None,
        ) -> Any:
            learned = inputs["labels"] != IGNORED
            count = learned.sum() if num_items_in_batch is None else num_items_in_batch
            ours = self.accelerator.unwrap_model(model)

            def loss(part: dict[str, Any]) -> Any:
                logps = supervised_logps(
                    ours, part["input_ids"], part["attention_mask"], part["labels"], self.lower
                )
                return -logps.sum() / count

            return self.in_parts(inputs, learned.any(dim=1), loss, _tokens)

    return SharedPrefixSFTTrainer


def _tokens(batch: dict[str, Any]) -> int:
    return int(batch["attention_mask"].sum())


def supervised_logps(
    model: Any,
    input_ids: "torch.Tensor",
    attention_mask: "torch.Tensor",
    labels: "torch.Tensor",
    lower: LowerLayers | None = None,
) -> "torch.Tensor":
    """Return the log-probabilities [M] of the learned tokens of a batch [B, T] padded at the right.

    The longest beginning that all rows have in common goes through the model once; it ends where
    the first answer begins. `lower` spares the layers without adapters where it knows the rows.
    """
    lengths = attention_mask.sum(dim=1).tolist()
    rows = [ids[:length] for ids, length in zip(input_ids.tolist(), lengths, strict=True)]
    unlearned = (labels != IGNORED).int().argmax(dim=1).tolist()
    shared = common_beginning([row[:n] for row, n in zip(rows, unlearned, strict=True)])
    branches = [Branch(i, row[shared:]) for i, row in enumerate(rows)]
    layout = pack([(rows[0][:shared], branches)], input_ids.device)
    targets = labels[layout.rows, layout.columns + shared]
    learned = targets != IGNORED
    ours = decoder(model)
    attend = GroupAttention(layout)
    entering = lower.entering(ours, rows, layout, attend) if lower else None
    hidden = ours.learn(layout.ids, layout.positions, attend, entering=entering)
    logps, _ = token_logps(ours, hidden[layout.predictors[learned]], targets[learned])
    return logps


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
