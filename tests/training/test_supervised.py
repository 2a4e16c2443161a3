"""The warm start learns the answer and its end, nothing else."""

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import get_peft_model

from rft_core.errors import InputError, ModelError
from rft_core.models import catalogue, chat, loading
from rft_core.records import Example, Project
from rft_core.training import warm_start
from rft_core.training.plan import TrainingPlan
from tests.models.tiny import tiny_folder

PROJECT = Project(id="p", name="P", instruction="Say yes or no.")


@pytest.fixture
def tokenizer(tmp_path: Path):
    catalogue.add_local("tiny", tiny_folder(tmp_path / "tiny"))
    return loading.load_tokenizer("local:tiny")


def test_only_the_answer_and_end_of_text_are_learned(tokenizer) -> None:
    example = Example(id="a", prompt="Is it?", reference="yes", split="train")
    (row,) = warm_start.supervised_rows(tokenizer, PROJECT, [example])
    learned = [i for i, label in zip(row["input_ids"], row["labels"], strict=True) if label != -100]
    assert tokenizer.decode(learned) == "yes<|im_end|>"
    assert learned[-1] == tokenizer.eos_token_id
    prompt = chat.prompt_tokens(tokenizer, PROJECT, example)
    assert row["input_ids"][: len(prompt)] == prompt


def test_examples_without_an_answer_are_left_out(tokenizer, tmp_path: Path) -> None:
    silent = Example(id="a", prompt="Is it?", split="train")
    assert warm_start.supervised_rows(tokenizer, PROJECT, [silent]) == []
    with pytest.raises(InputError, match="No training case has an expert answer"):
        warm_start.train(None, tokenizer, PROJECT, [silent], None, 0, tmp_path)


def test_a_long_answer_is_never_cut(tokenizer) -> None:
    example = Example(id="a", prompt="Is it?", reference="y" * 5000, split="train")
    (row,) = warm_start.supervised_rows(tokenizer, PROJECT, [example])
    assert sum(label != -100 for label in row["labels"]) == 5001


PLAN = TrainingPlan(
    preset="quick", dtype="float32", threads=1, warm_epochs=2, warm_learning_rate=1e-2, steps=0,
    prompts_per_step=2, group_size=2, learning_rate=1e-4, max_new_tokens=8, row_tokens=60,
    micro_batch=2, answer_batch=4, minutes=1,
)  # fmt: skip
LESSONS = [
    Example(id=f"e{i}", prompt=f"Is {i} it?", reference=answer, split="train")
    for i, answer in enumerate(["yes", "no, never", "no", "yes it is", "no no", "yes"])
]


def lessons(tokenizer: Any, folder: Path, plan: TrainingPlan = PLAN) -> dict[str, torch.Tensor]:
    """Return the adapter after the lessons."""
    torch.manual_seed(0)
    base = loading.load_model("local:tiny", "float32")
    model = get_peft_model(base, warm_start.lora(plan, base))
    warm_start.train(model, tokenizer, PROJECT, LESSONS, plan, 0, folder)
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}


def test_half_of_the_layers_can_stay_as_they_are(tokenizer, tmp_path: Path) -> None:
    found = lessons(tokenizer, tmp_path, PLAN.with_changes(frozen_share=0.5))
    assert all(".layers.1." in name for name in found)
    assert len(found) == 14
    learned = [value for name, value in found.items() if "lora_B" in name]
    assert all(value.abs().max() > 0 for value in learned)


def out_of_memory_above(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = warm_start.supervised_logps

    def limited(model: Any, ids: torch.Tensor, *rest: Any) -> torch.Tensor:
        if len(ids) > rows:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried too much")
        return whole(model, ids, *rest)

    monkeypatch.setattr(warm_start, "supervised_logps", limited)


def test_lessons_are_halved_once_where_memory_runs_out(
    tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = lessons(tokenizer, tmp_path / "whole")
    out_of_memory_above(2, monkeypatch)
    found = lessons(tokenizer, tmp_path / "halved")
    assert any(value.abs().max() > 0 for name, value in found.items() if "lora_B" in name)
    for name, value in expected.items():
        assert torch.allclose(found[name], value, atol=1e-4), name


def test_lessons_that_do_not_fit_when_halved_say_how_much_would(
    tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out_of_memory_above(1, monkeypatch)
    with pytest.raises(ModelError, match=r"learned from \d+ word pieces at once; about \d+ would"):
        lessons(tokenizer, tmp_path)


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "base")
    (folder / "chat_template.jinja").unlink()
    catalogue.add_local("base", folder)
    with pytest.raises(ModelError, match="no chat template"):
        loading.load_tokenizer("local:base")


def test_shots_come_before_the_case(tokenizer) -> None:
    shot = Example(id="s", prompt="One?", reference="yes", split="train")
    turns = chat.messages(PROJECT, Example(id="a", prompt="Two?"), [shot])
    assert [t["role"] for t in turns] == ["system", "user", "assistant", "user"]
    assert turns[-1]["content"] == "Two?"
