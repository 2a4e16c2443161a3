"""One dial decides a run; the rest follows and fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.models.timing import Timing, TokenLengths
from rft_core.training import plan

TIMING = Timing(
    model_id="embedded", machine="test", device="cpu", threads=2, dtype="bfloat16",
    bf16_speedup=2.5, train_tokens_per_s=300, decode_tokens_per_s=250,
)  # fmt: skip


def lengths(prompts: list[int], references: list[int], window: int = 8192) -> TokenLengths:
    return TokenLengths(
        example_ids=tuple(f"c{i}" for i in range(len(prompts))),
        prompts=tuple(prompts), references=tuple(references), window=window,
    )  # fmt: skip


def test_presets_grow() -> None:
    found = [plan.resolve(name, lengths([120] * 100, [22] * 40), TIMING, 40, 60)
             for name in ("quick", "standard", "thorough")]  # fmt: skip
    assert found[0].minutes < found[1].minutes < found[2].minutes
    assert found[0].minutes <= 10


def test_reinforcement_only_has_no_warm_start() -> None:
    found = plan.resolve("reinforcement_only", lengths([100] * 30, []), TIMING, 20, 10)
    assert found.warm_epochs == 0
    assert found.steps > 0


def test_a_case_past_the_window_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"'c1' has 500 tokens.*window of 512"):
        plan.resolve("quick", lengths([100, 500], [20], window=512), TIMING, 40, 60)


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no preset 'fast'.*quick"):
        plan.preset("fast")


@given(
    prompt=st.integers(1, 6000),
    reference=st.integers(1, 400),
    n_train=st.integers(1, 200),
    name=st.sampled_from(sorted(plan.PRESETS)),
)
def test_batches_divide_and_stay_in_the_budget(
    prompt: int, reference: int, n_train: int, name: str
) -> None:
    found = plan.resolve(name, lengths([prompt], [reference]), TIMING, n_train, 10)
    answers = found.prompts_per_step * found.group_size
    assert answers % found.micro_batch == 0
    assert found.prompts_per_step <= n_train
    size, group = found.micro_batch, found.group_size
    assert size % group == 0 or group % size == 0
    prompts = -(-size // group) * (found.row_tokens - found.max_new_tokens)
    assert size == 1 or prompts + size * found.max_new_tokens <= plan.TOKEN_BUDGET
    assert found.max_new_tokens > reference
