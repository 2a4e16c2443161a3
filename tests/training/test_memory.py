"""A run that will not fit is refused before a model is loaded."""

from pathlib import Path

import pytest

from rft_core.errors import ModelError
from rft_core.models import shape
from rft_core.training import memory
from rft_core.training.plan import TrainingPlan
from tests.models.tiny import tiny_folder

SMOLLM2 = shape.ModelShape(
    hidden=576, layers=30, heads=576, kv=192, perceptron=1536, vocabulary=49152
)
PLAN = TrainingPlan(
    preset="quick", dtype="bfloat16", threads=2, warm_epochs=8, warm_learning_rate=2e-3, steps=8,
    prompts_per_step=4, group_size=8, learning_rate=1e-4, max_new_tokens=48, row_tokens=133,
    micro_batch=16, answer_batch=16, minutes=4,
)  # fmt: skip


def test_the_embedded_models_weights_are_counted_from_its_sizes() -> None:
    assert SMOLLM2.layer_weights + SMOLLM2.head_weights == pytest.approx(134.5e6, rel=0.01)
    assert SMOLLM2.adapter_weights(16) == pytest.approx(4.9e6, rel=0.01)


def test_sizes_are_read_from_the_folder(tmp_path: Path) -> None:
    found = shape.of_folder(tiny_folder(tmp_path / "tiny"))
    assert found is not None
    assert (found.hidden, found.layers, found.heads, found.kv) == (32, 2, 32, 16)


def test_a_model_whose_config_names_its_sizes_differently_is_let_through(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"n_embd": 768, "n_head": 12, "n_layer": 12}')
    assert shape.of_folder(tmp_path) is None
    memory.check(None, PLAN, 0.1)


def test_a_longer_case_needs_more_memory() -> None:
    usual = memory.needed_gb(SMOLLM2, PLAN)
    assert 2 < usual < 4
    longer = PLAN.with_changes(row_tokens=1048, prompts_per_step=1, micro_batch=8)
    assert memory.needed_gb(SMOLLM2, longer) > usual


def test_what_does_not_fit_is_refused_with_both_numbers() -> None:
    with pytest.raises(ModelError, match=r"needs about \d\.\d GB of memory; 1\.5 GB are free"):
        memory.check(SMOLLM2, PLAN, 1.5)
    memory.check(SMOLLM2, PLAN, 16)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
     RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")],
)  # fmt: skip
def test_running_out_of_memory_is_known_by_its_errors(error: Exception) -> None:
    assert memory.ran_out(error)
    assert not memory.ran_out(RuntimeError("shapes do not match"))
