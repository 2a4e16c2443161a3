"""Answer cases with several models in one process: base loaded once, adapters switched.

Adapters are never merged into bf16 weights (that loses most of a small update), and all models
answer the same batches, so that a difference between answers comes from the adapter alone.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rft_core.models import chat
from rft_core.models.generation import generate
from rft_core.models.loading import Attention, DtypeName, load_model, load_tokenizer
from rft_core.records import Example, Project, Record
from rft_core.training import adapters

OnProgress = Callable[[int, int], None]
"""Called with answers done and answers in all."""


class Variant(Record):
    """One way of answering: an adapter or none, worked examples or none."""

    name: str
    adapter: Path | None = None
    shots: tuple[Example, ...] = ()


class RawAnswer(Record):
    """One answer, not yet graded."""

    model: str
    example_id: str
    answer: str
    truncated: bool
    tokens: int
    seconds: float
    """Time of the batch over the answers in it."""
    adapter_sha256: str | None


def answer(
    model_id: str,
    dtype: DtypeName,
    project: Project,
    examples: Sequence[Example],
    variants: Sequence[Variant],
    *,
    max_new_tokens: int,
    batch: int,
    attention: Attention = "sdpa",
    on_progress: OnProgress | None = None,
) -> Iterator[RawAnswer]:
    """Yield greedy answers to `examples`, one variant after the other, in the examples' batches."""
    tokenizer: Any = load_tokenizer(model_id)
    model = _with_adapters(load_model(model_id, dtype, attention), variants)
    batches = length_batches(tokenizer, project, examples, batch)
    total, done = len(examples) * len(variants), 0
    for variant in variants:
        sha = adapters.fingerprint(variant.adapter) if variant.adapter else None
        with _adapter_in_use(model, variant):
            for cases in batches:
                yield from _answer_batch(
                    model, tokenizer, project, cases, variant, max_new_tokens, sha
                )
                done += len(cases)
                if on_progress is not None:
                    on_progress(done, total)


def length_batches(
    tokenizer: Any, project: Project, examples: Sequence[Example], size: int
) -> list[list[Example]]:
    """Return the examples in batches of similar prompt length, the same for every variant."""
    ordered = sorted(examples, key=lambda e: (len(chat.prompt_tokens(tokenizer, project, e)), e.id))
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


def few_shot_examples(train: Sequence[Example], count: int) -> tuple[Example, ...]:
    """Choose worked examples: in order, first those whose expected values are new.

    The choice looks at training examples only and is the same in every run.
    """
    with_reference = [e for e in train if e.reference]
    chosen: list[Example] = []
    seen: set[str] = set()
    for example in with_reference:
        first = str(next(iter(example.fields.values()), ""))
        if first not in seen and len(chosen) < count:
            chosen.append(example)
            seen.add(first)
    rest = [e for e in with_reference if e not in chosen]
    return tuple([*chosen, *rest][:count])


def _with_adapters(model: Any, variants: Sequence[Variant]) -> Any:
    from peft import PeftModel

    for variant in variants:
        if variant.adapter is None:
            continue
        if isinstance(model, PeftModel):
            model.load_adapter(str(variant.adapter), adapter_name=variant.name)
        else:
            model = PeftModel.from_pretrained(
                model, str(variant.adapter), adapter_name=variant.name
            )
    return model.eval()


def _adapter_in_use(model: Any, variant: Variant) -> Any:
    """Return a context in which the model answers with the variant's adapter, or with none."""
    from contextlib import nullcontext

    if variant.adapter is not None:
        model.set_adapter(variant.name)
        return nullcontext()
    return model.disable_adapter() if hasattr(model, "disable_adapter") else nullcontext()


def _answer_batch(
    model: Any,
    tokenizer: Any,
    project: Project,
    cases: Sequence[Example],
    variant: Variant,
    max_new_tokens: int,
    sha: str | None,
) -> list[RawAnswer]:
    start = time.perf_counter()
    completions = generate(
        model,
        [chat.prompt_tokens(tokenizer, project, case, variant.shots) for case in cases],
        max_new_tokens=max_new_tokens,
        eos_ids=[tokenizer.eos_token_id],
        pad_id=tokenizer.pad_token_id,
    )
    seconds = (time.perf_counter() - start) / len(cases)
    return [
        RawAnswer(
            model=variant.name,
            example_id=case.id,
            answer=tokenizer.decode(completion.ids, skip_special_tokens=True).strip(),
            truncated=completion.truncated,
            tokens=len(completion.ids),
            seconds=round(seconds, 4),
            adapter_sha256=sha,
        )
        for case, completion in zip(cases, completions, strict=True)
    ]
