"""Do sampling and the training pass give the same tokens the same log-probabilities?

    python benchmarks/drift.py

Samples 4 answers to each of 8 training notes of the finance sample with the embedded model in bf16
and prints the mean absolute difference between the log-probabilities noted in sampling and those
of a training pass made anew: untrained, and after the lessons of *quick*. Beside it the same for
the library alone: `generate` against one forward pass, with the adapter unmerged and merged.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

TOKENS = 40
COPIES = 4


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    import torch

    from rft_core.models.loading import load_model, load_tokenizer
    from rft_core.models.timing import best_threads

    torch.set_num_threads(best_threads())
    torch.manual_seed(0)
    tokenizer = load_tokenizer("embedded")
    project, examples, plan = task()
    prompts = prompt_ids(tokenizer, project, examples)
    model = adapted(load_model("embedded", "bfloat16"), plan)
    print("mean absolute difference of log-probabilities at sampled tokens")
    for state in ("untrained", "after lessons"):
        if state == "after lessons":
            teach(model, tokenizer, project, examples, plan)
        for temperature in (1.0, 0.7):
            print(
                f"{state:14} at {temperature}: ours {ours(model, prompts, temperature):.4f}, "
                f"library {library(model, prompts, temperature, False):.4f}, "
                f"library merged {library(model, prompts, temperature, True):.4f}",
                flush=True,
            )


def task() -> tuple[Any, Any, Any]:
    from rft_core.cli import sample_folder
    from rft_core.examples.folder import read_project
    from rft_core.training.plan import TrainingPlan, preset

    files = read_project(sample_folder("finance"))
    quick = preset("quick")
    plan = TrainingPlan(
        preset="quick", dtype="bfloat16", threads=2, warm_epochs=quick.warm_epochs,
        warm_learning_rate=2e-3, steps=0, prompts_per_step=4, group_size=6, learning_rate=1e-4,
        max_new_tokens=TOKENS, row_tokens=200, micro_batch=6, answer_batch=8, minutes=1,
    )  # fmt: skip
    return files.project, [e for e in files.examples if e.split == "train"], plan


def prompt_ids(tokenizer: Any, project: Any, examples: Any) -> list[list[int]]:
    from rft_core.models import chat

    return [chat.prompt_tokens(tokenizer, project, example) for example in examples[:8]]


def adapted(base: Any, plan: Any) -> Any:
    from peft import get_peft_model

    from rft_core.training.warm_start import lora

    return get_peft_model(base, lora(plan, base))


def teach(model: Any, tokenizer: Any, project: Any, examples: Any, plan: Any) -> None:
    from rft_core.training import warm_start

    with tempfile.TemporaryDirectory() as folder:
        warm_start.train(model, tokenizer, project, examples, plan, 0, Path(folder))
    model.eval()


def ours(model: Any, prompts: list[list[int]], temperature: float) -> float:
    import torch

    from rft_core.models.generation import generate
    from rft_core.models.rollout_notes import RolloutNotes
    from rft_core.training.shared_prefix import answer_logps

    notes = RolloutNotes()
    answers = generate(
        model, prompts, copies=COPIES, max_new_tokens=TOKENS, eos_ids=[-1], pad_id=2,
        temperature=temperature, generator=torch.Generator().manual_seed(0), notes=notes,
    )  # fmt: skip
    rows = [prompts[i // COPIES] + answer.ids for i, answer in enumerate(answers)]
    ids, mask = padded(rows)
    total = 0.0
    with torch.no_grad():
        for i in range(0, len(rows), 8):
            part = ids[i : i + 8], mask[i : i + 8], TOKENS, temperature
            noted, _ = answer_logps(model, *part, notes)
            anew, _ = answer_logps(model, *part)
            total += float((noted - anew).abs().sum())
    return total / (len(rows) * TOKENS)


def library(model: Any, prompts: list[list[int]], temperature: float, merged: bool) -> float:
    import torch

    ids, mask = padded([p for p in prompts for _ in range(COPIES)])
    if merged:
        model.merge_adapter()
    torch.manual_seed(0)
    with torch.no_grad():
        found = model.generate(
            input_ids=ids, attention_mask=mask, do_sample=True, temperature=temperature, top_k=0,
            max_new_tokens=TOKENS, min_new_tokens=TOKENS, pad_token_id=2, eos_token_id=None,
            output_logits=True, return_dict_in_generate=True,
        )  # fmt: skip
        if merged:
            model.unmerge_adapter()
        answers = found.sequences[:, ids.shape[1] :]
        sampled = chosen(torch.stack(found.logits, dim=1), answers, temperature)
        whole = torch.cat([mask, torch.ones_like(answers)], dim=1)
        total = 0.0
        for i in range(0, len(ids), 8):
            logits = model(
                found.sequences[i : i + 8], attention_mask=whole[i : i + 8],
                position_ids=(whole[i : i + 8].cumsum(1) - 1).clamp(min=0),
                logits_to_keep=TOKENS + 1,
            ).logits[:, :-1]  # fmt: skip
            learned = chosen(logits, answers[i : i + 8], temperature)
            total += float((learned - sampled[i : i + 8]).abs().sum())
    return total / answers.numel()


def chosen(logits: Any, tokens: Any, temperature: float) -> Any:
    """Return the log-probabilities [B, T] of tokens [B, T] under logits [B, T, V]."""
    return (logits.float() / temperature).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]


def padded(rows: list[list[int]]) -> tuple[Any, Any]:
    """Pad on the left; return ids and mask."""
    import torch

    wide = max(map(len, rows))
    ids = torch.tensor([[2] * (wide - len(row)) + row for row in rows])
    mask = torch.tensor([[0] * (wide - len(row)) + [1] * len(row) for row in rows])
    return ids, mask


if __name__ == "__main__":
    main()
