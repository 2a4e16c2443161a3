"""Time a GRPO step: TRL's own trainer and ours in turn, each in a process of its own.

    python benchmarks/step_time.py [--steps 5] [--cases short long] [--out FILE]

Each side samples 8 answers of exactly 48 tokens to each of 4 prompts (end-of-text suppressed) and
learns from fixed random rewards. The sides alternate step by step after a warm-up step each, so
that a disturbance of the machine meets both. Each uses its best dtype and micro-batch: ours as a
run does, from the kept timing of this machine (made first where there is none), TRL's from
`--sweep`, which tries them. That freed memory is kept for the next pass is
part of ours; `--keep-memory` does it for TRL's too. The 1,000-token case runs ours alone.
Prints JSON; memory is the peak that the operating system saw, in MB (10^6 bytes).
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

GROUP = 8
CASES = {"short": (4, 85, 48), "long": (4, 240, 48), "thousand": (1, 1000, 128)}
"""Prompts, tokens of each prompt, tokens of each answer."""
STOCK_BEST = {"dtype": "bfloat16", "micro_batch": 16}
"""TRL's best of the sweep in benchmarks/RESULTS.md."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--keep-memory", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--side", choices=["stock", "ours"], help=argparse.SUPPRESS)
    parser.add_argument("--config", type=json.loads, default={}, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        Side(options.side, options.cases[0], options.config).run()
        return
    if options.sweep:
        sweep(options.cases[0])
        return
    results = {name: compare(name, options.steps, options.keep_memory) for name in options.cases}
    text = json.dumps(results, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n")


def compare(case: str, steps: int, keep_memory: bool) -> dict[str, Any]:
    """Alternate the two sides and return medians, their ratio and peak memory."""
    sides = {"ours": Process("ours", case, planned(case))}
    if case != "thousand":
        sides["stock"] = Process("stock", case, STOCK_BEST | {"keep_memory": keep_memory})
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    for step in range(steps + 1):
        for name, side in sides.items():
            row = side.step()
            if step:
                rows[name].append(row)
            print(case, step, name, row, file=sys.stderr, flush=True)
    found: dict[str, Any] = {}
    for name, side in sides.items():
        found |= {f"{name}_{part}": round(median(r[part] for r in rows[name]), 2)
                  for part in ("s", "rollout_s", "training_s")}  # fmt: skip
        found[f"{name}_mb"] = round(side.finish())
    if "stock" in sides:
        found["ratio"] = round(found["stock_s"] / found["ours_s"], 2)
        found["ratio_each"] = [
            round(a["s"] / b["s"], 2) for a, b in zip(rows["stock"], rows["ours"], strict=True)
        ]
        found["mb_share"] = round(found["ours_mb"] / found["stock_mb"], 3)
    return found


def planned(case: str) -> dict[str, Any]:
    """Return our dtype and micro-batch, resolved as at the submission of a run."""
    from rft_core.jobs import supervisor
    from rft_core.jobs.submission import start_timing
    from rft_core.models import catalogue, shape, timing
    from rft_core.training import plan

    if timing.saved("embedded") is None:
        supervisor.wait(start_timing("embedded"))
    measured = timing.saved("embedded")
    assert measured
    prompts, prompt_tokens, answer_tokens = CASES[case]
    size = plan.micro_batch(
        prompts * GROUP, GROUP, prompt_tokens, answer_tokens, plan.token_budget(measured),
        plan.most_tokens(measured, shape.of_folder(catalogue.prepare("embedded"))),
    )  # fmt: skip
    print(measured, "micro-batch", size, file=sys.stderr, flush=True)
    return {"dtype": measured.dtype, "micro_batch": size}


def sweep(case: str) -> None:
    """Try TRL's own trainer in each dtype with several micro-batches, two steps each."""
    for dtype in ("bfloat16", "float32"):
        for micro_batch in (8, 16, 32):
            side = Process("stock", case, {"dtype": dtype, "micro_batch": micro_batch})
            rows = [side.step() for _ in range(2)]
            print(case, dtype, micro_batch, rows[-1], round(side.finish()), "MB", flush=True)


class Process:
    """One side, in a process that waits for a word before each step."""

    def __init__(self, side: str, case: str, config: dict[str, Any]) -> None:
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the child
        self.child = subprocess.Popen(
            [sys.executable, __file__, "--side", side, "--cases", case,
             "--config", json.dumps(config)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip
        self._read()

    def step(self) -> dict[str, float]:
        return self._ask("step")

    def finish(self) -> float:
        peak = self._ask("end")["peak_mb"]
        self.child.wait()
        return peak

    def _ask(self, word: str) -> dict[str, float]:
        assert self.child.stdin
        self.child.stdin.write(word + "\n")
        self.child.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, float]:
        assert self.child.stdout
        for line in self.child.stdout:
            if line.startswith('{"'):
                return json.loads(line)
        self.log.seek(0)
        raise SystemExit(f"A side ended early:\n{self.log.read()[-3000:]}")


class Side:
    """A trainer whose steps are asked for on standard input."""

    def __init__(self, name: str, case: str, config: dict[str, Any]) -> None:
        import torch

        from rft_core.jobs.memory import keep_freed_memory
        from rft_core.models.timing import best_threads

        if name == "ours" or config.get("keep_memory"):
            keep_freed_memory()
        torch.set_num_threads(best_threads())
        self.name = name
        self.prompts, self.prompt_tokens, self.answer_tokens = CASES[case]
        self.dtype, self.micro_batch = config["dtype"], config["micro_batch"]
        self.rollout_s = 0.0
        self.started = 0.0

    def run(self) -> None:
        import resource

        trainer = self._trainer()
        self._time_rollouts(trainer)
        self._reply(ready=1.0)
        trainer.train()
        self._reply(peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)

    def _trainer(self) -> Any:
        from datasets import Dataset
        from peft import LoraConfig, get_peft_model
        from trl import GRPOConfig, GRPOTrainer

        from rft_core.models.loading import load_model, load_tokenizer
        from rft_core.training.grpo import trainer_class
        from rft_core.training.warm_start import trainer_defaults

        tokenizer = load_tokenizer("embedded")
        base = load_model("embedded", self.dtype)
        base.generation_config.suppress_tokens = [tokenizer.eos_token_id]
        lora = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
        model = get_peft_model(base, lora)
        if self.name == "ours":
            without_end(base, tokenizer.eos_token_id)
        answers = self.prompts * GROUP
        config = GRPOConfig(
            output_dir=tempfile.mkdtemp(),
            max_steps=1000,
            per_device_train_batch_size=self.micro_batch,
            gradient_accumulation_steps=answers // self.micro_batch,
            num_generations=GROUP,
            max_completion_length=self.answer_tokens,
            learning_rate=1e-5,
            beta=0.0,
            loss_type="dapo",
            scale_rewards="batch",
            temperature=1.0,
            **trainer_defaults(model, 0),
        )
        kind = GRPOTrainer if self.name == "stock" else trainer_class()
        return kind(
            model=model,
            args=config,
            reward_funcs=random_rewards,
            train_dataset=Dataset.from_list([{"prompt": p} for p in self._prompts(tokenizer)]),
            processing_class=tokenizer,
            callbacks=[self._callback()],
        )

    def _prompts(self, tokenizer: Any) -> list[str]:
        """Return random prompts of exactly the wanted length in tokens."""
        words = [w for w in range(1000, 9000) if tokenizer.decode([w]).strip().isalpha()]
        draw = random.Random(0)
        found: list[str] = []
        while len(found) < self.prompts:
            ids = draw.choices(words, k=self.prompt_tokens)
            text = tokenizer.decode(ids)
            while len(tokenizer(text)["input_ids"]) > self.prompt_tokens:
                text = text[:-1]
            if len(tokenizer(text)["input_ids"]) == self.prompt_tokens:
                found.append(text)
        return found

    def _callback(self) -> Any:
        from transformers import TrainerCallback

        side = self

        class Steps(TrainerCallback):
            def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
                side._wait()

            def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
                seconds = time.perf_counter() - side.started
                side._reply(s=seconds, rollout_s=side.rollout_s,
                            training_s=seconds - side.rollout_s)  # fmt: skip
                control.should_training_stop = not side._wait()

        return Steps()

    def _wait(self) -> bool:
        """Wait for the word that asks for a step (or the end)."""
        word = sys.stdin.readline().strip()
        self.rollout_s, self.started = 0.0, time.perf_counter()
        return word == "step"

    def _time_rollouts(self, trainer: Any) -> None:
        sample = trainer._generate_single_turn

        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            result = sample(*args, **kwargs)
            self.rollout_s += time.perf_counter() - start
            return result

        trainer._generate_single_turn = timed

    @staticmethod
    def _reply(**numbers: float) -> None:
        print(json.dumps({k: round(v, 3) for k, v in numbers.items()}), flush=True)


def without_end(base: Any, end: int) -> None:
    """Make our generation never choose end-of-text, as `suppress_tokens` does for TRL's."""
    from rft_core.models import generation

    logits = generation.answer_logits

    def suppressed(decoder: Any, hidden: Any) -> Any:
        found = logits(decoder, hidden)
        found[:, end] = float("-inf")
        return found

    generation.answer_logits = suppressed


def random_rewards(completions: list[Any], **_: Any) -> list[float]:
    """Return fixed random rewards; every group has some variance."""
    draw = random.Random(0)
    return [draw.random() for _ in completions]


if __name__ == "__main__":
    main()
