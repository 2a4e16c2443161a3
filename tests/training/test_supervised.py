"""The warm start learns the answer and its end, nothing else."""

from pathlib import Path

import pytest

from rft_core.errors import InputError, ModelError
from rft_core.models import catalogue, chat, loading
from rft_core.records import Example, Project
from rft_core.training import warm_start
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
