"""Measure this machine with a model: the faster dtype, tokens a second, the project's lengths.

A measurement is kept by model and machine, so that a plan can be resolved without loading torch.
"""

import hashlib
import json
import os
import platform
import time
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rft_core import settings
from rft_core.models import catalogue, chat
from rft_core.models.decoder import decoder
from rft_core.models.generation import generate
from rft_core.models.group_attention import GroupAttention
from rft_core.models.head import token_logps
from rft_core.models.loading import free_memory_gb
from rft_core.models.packed import Branch, common_beginning, pack
from rft_core.models.support import why_stock
from rft_core.records import Example, Project, Record

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

BF16_MUST_BE_FASTER = 1.3
"""bf16 is used on a CPU only where its matrix products are at least this many times faster."""

MOST_TEXTS = 4_000
"""Texts whose tokens are remembered, so that a page counts anew only those that changed."""


class Timing(Record):
    """What a model costs on this machine."""

    model_id: str
    machine: str
    device: str
    threads: int
    dtype: Literal["float32", "bfloat16"]
    bf16_speedup: float
    """Time of an fp32 matrix product over that of a bf16 one."""
    train_tokens_per_s: float
    """Tokens through a forward and a backward pass each second."""
    decode_tokens_per_s: float
    """Tokens generated each second, 24 answers at a time."""
    free_gb: float
    """Memory, in GB (2^30 bytes), that was free beside the loaded model; the GPU's, with one."""


class TokenLengths(Record):
    """Token counts of a project with one model's tokenizer."""

    example_ids: tuple[str, ...]
    prompts: tuple[int, ...]
    """By example: tokens of the whole prompt, instruction included."""
    references: tuple[int, ...]
    """By training example with a reference: tokens of the reference and its end-of-text."""
    shared: int
    """Tokens with which all prompts begin: the instruction."""
    window: int
    """The longest sequence the model can read, in tokens."""


def machine_name() -> str:
    """Return a short name of this machine's processor and core count (no host name)."""
    return f"{_processor()}, {os.cpu_count()} cores"


def saved(model_id: str) -> Timing | None:
    """Return the kept measurement of `model_id` on this machine, if there is one."""
    try:
        return Timing.model_validate_json(_file(model_id).read_text())
    except (FileNotFoundError, ValueError):
        return None


def save(timing: Timing) -> None:
    target = _file(timing.model_id)
    partial = target.with_suffix(f".{os.getpid()}.tmp")
    partial.write_text(timing.model_dump_json(indent=2))
    os.replace(partial, target)


def forget(model_id: str) -> None:
    """Remove the kept measurement of `model_id`, so that this machine is measured anew."""
    _file(model_id).unlink(missing_ok=True)


def lengths(
    model_id: str, project: Project, examples: Sequence[Example], folder: Path | None = None
) -> TokenLengths:
    """Count tokens without torch: the tokenizer and chat template alone are read."""
    counter = _counter(folder or catalogue.prepare(model_id))
    prompts = [counter.tokens(counter.prompt(project, example)) for example in examples]
    references = [e.reference for e in examples if e.split == "train" and e.reference]
    return TokenLengths(
        example_ids=tuple(e.id for e in examples),
        prompts=tuple(len(prompt) for prompt in prompts),
        references=tuple(len(counter.tokens(text)) + 1 for text in references),
        shared=common_beginning(prompts) if prompts else 0,
        window=counter.window,
    )


def measure(
    model_id: str, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", threads: int
) -> Timing:
    """Measure for about ten seconds. `model` ends in the chosen dtype, with adapters attached."""
    import torch

    speedup = bf16_speedup()
    cuda = model.device.type == "cuda"
    dtype: Literal["float32", "bfloat16"] = (
        "bfloat16" if cuda or speedup >= BF16_MUST_BE_FASTER else "float32"
    )
    model.to(getattr(torch, dtype))
    return Timing(
        model_id=model_id,
        machine=machine_name(),
        device=model.device.type,
        threads=threads,
        dtype=dtype,
        bf16_speedup=round(speedup, 2),
        decode_tokens_per_s=round(_decode_speed(model, tokenizer), 1),
        train_tokens_per_s=round(_train_speed(model), 1),
        free_gb=round(free_memory_gb(), 1),
    )


def best_threads() -> int:
    """Return the number of threads with which products are fastest here.

    Counted cores can be more than this process may use (a container's share), or be shared by two
    threads each. The fewest threads that come within a tenth of the fastest are taken.
    """
    import torch

    most = os.cpu_count() or 1
    candidates = sorted({most, *(1 << i for i in range(most.bit_length()) if 1 << i <= most)})
    left, right = torch.ones(1024, 576), torch.ones(576, 1536)
    before = torch.get_num_threads()

    def seconds(threads: int) -> float:
        torch.set_num_threads(threads)
        _ = left @ right
        start = time.perf_counter()
        for _ in range(3):
            _ = left @ right
        return time.perf_counter() - start

    rounds = [[seconds(threads) for threads in candidates] for _ in range(5)]
    torch.set_num_threads(before)
    best = [min(times) for times in zip(*rounds, strict=True)]
    good = (n for n, time_s in zip(candidates, best, strict=True) if time_s <= 1.1 * min(best))
    return next(good)


def bf16_speedup() -> float:
    """Return how many times faster a bf16 matrix product is than an fp32 one on this CPU."""
    import torch

    dtypes = torch.float32, torch.bfloat16
    factors = [(torch.ones(512, 576, dtype=d), torch.ones(576, 1536, dtype=d)) for d in dtypes]

    def seconds(left: "torch.Tensor", right: "torch.Tensor") -> float:
        start = time.perf_counter()
        _ = left @ right
        return time.perf_counter() - start

    # In turn, so that what else the machine does slows both.
    fp32, bf16 = zip(*([seconds(*pair) for pair in factors] for _ in range(24)), strict=True)
    return float(min(fp32) / min(bf16))


def _train_speed(model: Any) -> float:
    """Time passes like a run's: adapters on all linear layers, two prompts, eight answers."""
    import torch
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(r=16, target_modules="all-linear", task_type="CAUSAL_LM")
    adapted = get_peft_model(model, lora)
    vocabulary = min(1000, model.get_input_embeddings().num_embeddings)
    prompt, answer = 96, 32
    token = [i % vocabulary for i in range(prompt)]
    branches = [Branch(row, token[:answer]) for row in range(4)]
    layout = pack([(token, branches), (token[::-1], branches)], model.device)
    targets = layout.ids[: len(layout.predictors)]

    def ours() -> None:
        with_adapters = decoder(adapted)
        hidden = with_adapters.learn(layout.ids, layout.positions, GroupAttention(layout))
        token_logps(with_adapters, hidden[layout.predictors], targets)[0].sum().backward()

    def stock() -> None:
        adapted(input_ids=layout.ids[None], labels=layout.ids[None]).loss.backward()

    def once() -> float:
        start = time.perf_counter()
        stock() if why_stock(adapted) else ours()
        adapted.zero_grad(set_to_none=True)
        if model.device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - start

    once()
    return float(layout.ids.numel() / min(once() for _ in range(2)))


def _decode_speed(model: "PreTrainedModel", tokenizer: Any) -> float:
    prompt = tokenizer("A short case to time the answers with.")["input_ids"]
    count = 16

    def once() -> float:
        start = time.perf_counter()
        generate(
            model,
            [prompt] * 4,
            copies=6,
            max_new_tokens=count,
            eos_ids=[-1],
            pad_id=tokenizer.pad_token_id,
        )
        return time.perf_counter() - start

    return 24 * count / min(once() for _ in range(2))


def _counter(folder: Path) -> "_Counter":
    return _counter_as_of(folder, (folder / "tokenizer.json").stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _counter_as_of(folder: Path, changed: int) -> "_Counter":
    """Return the counter of a folder whose tokenizer was last changed at this time, in ns."""
    return _Counter(folder)


class _Counter:
    """Counts tokens with the `tokenizers` library, which needs no torch; remembers texts."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        config = json.loads((folder / "config.json").read_text())
        text_config = config.get("text_config", config)
        self.window = int(text_config.get("max_position_embeddings", 2048))
        self.tokens = lru_cache(maxsize=MOST_TEXTS)(self._tokens)

    def _tokens(self, text: str) -> "array[int]":
        return array("I", self.tokenizer.encode(text, add_special_tokens=False).ids)

    @staticmethod
    def prompt(project: Project, example: Example) -> str:
        """Render the conversation with a chat template's usual markers, an upper-bound shape."""
        turns = [*chat.messages(project, example), {"role": "assistant", "content": ""}]
        return "".join(f"<|im_start|>{t['role']}\n{t['content']}<|im_end|>\n" for t in turns)


def _file(model_id: str) -> Path:
    key = hashlib.sha256(f"{model_id}|{machine_name()}".encode()).hexdigest()[:12]
    return settings.models_folder() / f"timing-{key}.json"


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
