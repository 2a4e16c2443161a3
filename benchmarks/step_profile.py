"""Where the time of one of our GRPO steps goes, against the arithmetic limit of the machine.

    python benchmarks/step_profile.py [--case short|long]

Samples 8 answers of 48 tokens to each of 4 prompts and runs the training pass over them, with
timers around the parts. The limit is the products of the weights alone, at the rate of a large
product on this machine in the same minute; sampling has 32 rows at a time, so its own limit is
given too. Prints the median of five rounds, in seconds.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any

GROUP, ANSWER, PROMPTS = 8, 48, 4
CASES = {"short": 85, "long": 240}
seconds: dict[str, float] = defaultdict(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=list(CASES), default="short")
    case = parser.parse_args().case
    model = load()
    wrap_parts()
    rounds = []
    for _ in range(6):
        seconds.clear()
        one_round(model, CASES[case])
        rounds.append(dict(seconds))
    names = sorted(rounds[-1], key=lambda n: (n.split(":")[0], -rounds[-1][n]))
    for name in names:
        print(f"{name:38} {median(r.get(name, 0.0) for r in rounds[1:]):6.2f}")


def load() -> Any:
    import torch
    from peft import LoraConfig, get_peft_model

    from rft_core.jobs.memory import keep_freed_memory
    from rft_core.models.loading import load_model
    from rft_core.models.timing import best_threads

    keep_freed_memory()
    torch.set_num_threads(best_threads())
    lora = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
    return get_peft_model(load_model("embedded", "bfloat16"), lora)


def one_round(model: Any, prompt_tokens: int) -> None:
    import torch

    from rft_core.models.generation import generate
    from rft_core.models.rollout_notes import RolloutNotes
    from rft_core.training.shared_prefix import answer_logps

    notes = one_round.__dict__.setdefault("notes", RolloutNotes())
    draw = torch.Generator().manual_seed(0)
    prompts = torch.randint(1000, 9000, (PROMPTS, prompt_tokens), generator=draw).tolist()
    limits(prompt_tokens)
    start = time.perf_counter()
    answers = generate(
        model, prompts, copies=GROUP, max_new_tokens=ANSWER, eos_ids=[-1], pad_id=2,
        temperature=1.0, generator=draw, notes=notes,
    )  # fmt: skip
    seconds["1 sampling"] += time.perf_counter() - start
    start = time.perf_counter()
    rows = [prompts[i // GROUP] + answer.ids for i, answer in enumerate(answers)]
    for at in range(0, len(rows), 2 * GROUP):
        ids = torch.tensor(rows[at : at + 2 * GROUP])
        logps, _ = answer_logps(model, ids, torch.ones_like(ids), ANSWER, 1.0, notes)
        (logps * torch.randn_like(logps)).sum().backward()
    seconds["2 training pass"] += time.perf_counter() - start


def limits(prompt_tokens: int) -> None:
    """Time the bare products of a step: at the rate of large ones, and of 32 rows."""
    import torch

    from rft_core.models.frozen import PackedWeight

    shapes = ((960, 576), (576, 576), (3072, 576), (576, 1536), (49152, 576))
    weights = [(i, PackedWeight([torch.ones(o, i, dtype=torch.bfloat16)], [None]))
               for o, i in shapes]  # fmt: skip

    def timed(rows: int) -> tuple[float, float]:
        found = []
        for i, weight in weights:
            x = torch.ones(rows, i, dtype=torch.bfloat16)
            weight.times(x)
            start = time.perf_counter()
            weight.times(x)
            found.append(time.perf_counter() - start)
        return 30 * sum(found[:4]), found[4]

    layers, head = timed(1024)
    few_layers, few_head = timed(32)
    read, written = PROMPTS * prompt_tokens, PROMPTS * GROUP * (ANSWER - 1)
    tokens, answers = read + written, PROMPTS * GROUP * ANSWER
    # The LM head's way back is computed while answers are sampled.
    seconds["1 sampling: limit"] = (
        read / 1024 * layers + (ANSWER - 1) * few_layers + 2 * ANSWER * few_head
    )
    seconds["2 training pass: limit"] = tokens / 1024 * layers
    seconds["0 whole step: limit at the large rate"] = (
        2 * tokens / 1024 * layers + 2 * answers / 1024 * head
    )


def wrap_parts() -> None:
    """Put timers around the parts of the engine."""
    from rft_core.models import (
        answer_attention,
        decoder,
        generation,
        group_attention,
        layers,
        lora,
        rollout_notes,
    )
    from rft_core.training import shared_prefix

    def timed(owner: Any, name: str, label: str) -> None:
        part: Callable[..., Any] = getattr(owner, name)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            result = part(*args, **kwargs)
            seconds[label] += time.perf_counter() - start
            return result

        setattr(owner, name, wrapper)

    timed(lora.Projection, "__call__", "1 sampling: products, adapters")
    timed(lora.Projection, "back", "2 training pass: products, adapters")
    timed(answer_attention.AnswerAttention, "__call__", "1 sampling: attention")
    timed(group_attention.GroupAttention, "__call__", "1 sampling: attention of prompts")
    timed(group_attention.GroupAttention, "back", "2 training pass: attention")
    timed(generation._Writer, "_next_token", "1 sampling: LM head, choice")
    timed(shared_prefix, "token_logps", "2 training pass: LM head")
    timed(layers.Norm, "back", "2 training pass: norms, back")
    timed(rollout_notes.RolloutNotes, "note", "1 sampling: notes")
    timed(decoder.Block, "_heads_back", "2 training pass: rotation, back")


if __name__ == "__main__":
    main()
