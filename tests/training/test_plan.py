"""One dial decides a run; the rest follows and fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.models.shape import ModelShape
from rft_core.models.timing import Timing, TokenLengths
from rft_core.training import plan

TIMING = Timing(
    model_id="embedded", machine="test", device="cpu", threads=2, dtype="bfloat16",
    bf16_speedup=2.5, train_tokens_per_s=300, decode_tokens_per_s=250,
    free_gb=16,
)  # fmt: skip


def lengths(
    prompts: list[int], references: list[int], window: int = 8192, shared: int = 0
) -> TokenLengths:
    return TokenLengths(
        example_ids=tuple(f"c{i}" for i in range(len(prompts))),
        prompts=tuple(prompts), references=tuple(references), shared=shared, window=window,
    )  # fmt: skip


def test_presets_grow() -> None:
    found = [plan.resolve(name, lengths([120] * 100, [22] * 40), TIMING, 40, 60)
             for name in ("quick", "standard", "thorough")]  # fmt: skip
    assert found[0].minutes < found[1].minutes < found[2].minutes
    assert found[0].minutes <= 10


def test_quick_is_shortened_to_five_minutes_where_the_machine_is_slow() -> None:
    def quick(speed: int, **chosen: int) -> plan.TrainingPlan:
        timing = TIMING.with_changes(train_tokens_per_s=speed, decode_tokens_per_s=170)
        case = lengths([180] * 100, [27] * 40, shared=128)
        return plan.resolve("quick", case, timing, 40, 60, **chosen)

    fast, slow, slowest = quick(400), quick(150), quick(60)
    assert (fast.steps, slowest.steps) == (10, plan.FEWEST_ROUNDS)
    assert plan.FEWEST_ROUNDS < slow.steps < 10
    assert fast.minutes <= 5
    assert slow.minutes <= 5
    assert slowest.minutes > 5
    assert {found.warm_epochs for found in (fast, slow, slowest)} == {8}
    assert quick(60, steps=10).steps == 10


def test_where_fewer_rounds_are_not_enough_only_the_upper_half_learns() -> None:
    def quick(speed: int) -> plan.TrainingPlan:
        timing = TIMING.with_changes(train_tokens_per_s=speed, decode_tokens_per_s=170)
        return plan.resolve("quick", lengths([180] * 100, [27] * 40), timing, 40, 60)

    found = {speed: quick(speed) for speed in range(100, 800, 20)}
    kinds = [(one.frozen_share > 0, one.minutes <= 5) for one in found.values()]
    assert list(dict.fromkeys(kinds)) == [(True, False), (True, True), (False, True)]
    assert all(one.steps == 3 for one in found.values() if one.minutes > 5)
    last = max(speed for speed, one in found.items() if one.frozen_share)
    assert found[last].steps > found[last + 20].steps, "what the halves leave goes to practice"


def test_an_instruction_that_all_cases_share_costs_less_than_one_in_every_case() -> None:
    shared, apart = (
        plan.resolve("standard", lengths([180] * 100, [27] * 40, shared=n), TIMING, 40, 60)
        for n in (128, 0)
    )
    assert shared.minutes < apart.minutes


def test_reinforcement_only_has_no_warm_start() -> None:
    found = plan.resolve("reinforcement_only", lengths([100] * 30, []), TIMING, 20, 10)
    assert found.warm_epochs == 0
    assert found.steps > 0


def test_a_case_past_the_window_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r'"c1" has 500 word pieces.* 512 '):
        plan.resolve("quick", lengths([100, 500], [20], window=512), TIMING, 40, 60)


def test_an_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no preset 'fast'.*quick"):
        plan.preset("fast")


SMOLLM2 = ModelShape(hidden=576, layers=30, heads=576, kv=192, perceptron=1536, vocabulary=49152)


@given(
    prompt=st.integers(1, 6000),
    reference=st.integers(1, 400),
    n_train=st.integers(1, 200),
    name=st.sampled_from(sorted(plan.PRESETS)),
    speed=st.integers(10, 50_000),
    free_gb=st.floats(0.5, 80),
)
def test_batches_divide_and_passes_stay_within_time_and_memory(
    prompt: int, reference: int, n_train: int, name: str, speed: int, free_gb: float
) -> None:
    timing = TIMING.with_changes(train_tokens_per_s=speed, free_gb=free_gb)
    found = plan.resolve(
        name, lengths([prompt], [reference]), timing, n_train, 10, shape=SMOLLM2
    )  # fmt: skip
    answers = found.prompts_per_step * found.group_size
    assert answers % found.micro_batch == 0
    assert found.prompts_per_step <= n_train
    assert found.max_new_tokens > reference
    size, group = found.micro_batch, found.group_size
    assert size % group == 0 or group % size == 0
    prompts = -(-size // group) * (found.row_tokens - found.max_new_tokens)
    tokens = prompts + size * found.max_new_tokens
    assert size <= group or tokens <= 3 * speed
    assert size == 1 or tokens * SMOLLM2.note_bytes(2) <= 0.25 * free_gb * 2**30


def test_a_faster_machine_learns_from_more_answers_at_once() -> None:
    def size(speed: int) -> int:
        timing = TIMING.with_changes(train_tokens_per_s=speed)
        return plan.resolve("standard", lengths([120], [22]), timing, 40, 60).micro_batch

    assert size(100) == 4
    assert size(100) < size(400) < size(4000) == 32


def test_the_answers_to_a_long_case_are_parted_only_where_memory_is_short() -> None:
    def size(free_gb: float) -> int:
        timing = TIMING.with_changes(free_gb=free_gb)
        return plan.resolve(
            "standard", lengths([1000], [80]), timing, 40, 60, shape=SMOLLM2
        ).micro_batch  # fmt: skip

    assert size(8) == 4
    assert size(0.8) in (1, 2)


def test_a_case_read_again_for_parts_of_its_answers_takes_longer() -> None:
    found = plan.resolve("standard", lengths([1000], [80]), TIMING, 40, 60)
    parted = found.with_changes(micro_batch=1)
    minutes = [plan.estimate_minutes(p, lengths([1000], [80]), TIMING, 40, 60)
               for p in (found, parted)]  # fmt: skip
    assert minutes[0] < minutes[1]
