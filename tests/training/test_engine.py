"""Our trainer does what TRL's does, and leaves the base model as it was."""

import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from rft_core.errors import ModelError
from rft_core.models import catalogue, generation, rollout_notes
from rft_core.models.decoder import decoder
from rft_core.models.group_attention import GroupAttention
from rft_core.models.loading import load_model, load_tokenizer
from rft_core.models.packed import Branch, pack
from rft_core.models.rollout_notes import RolloutNotes
from rft_core.models.support import why_stock
from rft_core.training import grpo
from rft_core.training.grpo import trainer_class
from rft_core.training.shared_prefix import answer_logps
from rft_core.training.warm_start import trainer_defaults
from tests.models.tiny import adapted, tiny_folder, tiny_model
from tests.training.test_shared_prefix import batch, gradients

GROUP, PROMPTS = 4, 2
STEPS = 5


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    catalogue.add_local("tiny", tiny_folder(tmp_path / "tiny"))
    return "local:tiny"


def rollouts(step: int, count: int) -> list[list[int]]:
    """Return the same made-up answers of 1 to 6 tokens for either trainer."""
    draw = torch.Generator().manual_seed(step)
    lengths = torch.randint(1, 7, (count,), generator=draw).tolist()
    return [torch.randint(3, 200, (n,), generator=draw).tolist() for n in lengths]


def rewards(completion_ids: list[list[int]], trainer_state: Any, **_: Any) -> list[float]:
    """Score by content; in the third step all alike, in the fourth one group alike."""
    step = trainer_state.global_step
    scores = [sum(ids) % 7 / 7 for ids in completion_ids]
    if step == 2:
        return [0.5] * len(scores)
    return [0.5] * GROUP + scores[GROUP:] if step == 3 else scores


def trained(kind: type, model_id: str, folder: Path, micro_batch: int) -> dict[str, torch.Tensor]:
    """Train for five steps. Adam's epsilon is large: it would blow rounding up to whole steps."""
    model = adapted(load_model(model_id, "float32"))

    class Given(kind):  # type: ignore[misc, valid-type]
        def _generate_single_turn(self, prompt_ids: Any, *_: Any, **__: Any) -> Any:
            return rollouts(self.state.global_step, len(prompt_ids)), None

    prompts = ["Is it so?", "No, is it?", "Why?", "A longer question about it, is it so?"]
    trainer = Given(
        model=model,
        args=GRPOConfig(
            output_dir=str(folder), max_steps=STEPS, per_device_train_batch_size=micro_batch,
            gradient_accumulation_steps=PROMPTS * GROUP // micro_batch, num_generations=GROUP,
            max_completion_length=6, learning_rate=1e-3, beta=0.0, loss_type="dapo",
            scale_rewards="batch", temperature=0.9, adam_epsilon=1e-2, **trainer_defaults(model, 0),
        ),
        reward_funcs=rewards,
        train_dataset=Dataset.from_list(
            [{"prompt": [{"role": "user", "content": p}]} for p in prompts]
        ),
        processing_class=load_tokenizer(model_id),
    )  # fmt: skip
    trainer.train()
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}


@pytest.mark.parametrize("micro_batch", [2, 4, 8])
def test_a_whole_run_ends_where_trls_own_ends(tiny: str, tmp_path: Path, micro_batch: int) -> None:
    before = {
        n: p for n, p in adapted(load_model(tiny, "float32")).named_parameters() if p.requires_grad
    }
    theirs = trained(GRPOTrainer, tiny, tmp_path / "theirs", micro_batch)
    ours = trained(trainer_class(), tiny, tmp_path / "ours", micro_batch)
    for name, value in theirs.items():
        moved = (value - before[name]).norm()
        assert moved > 0
        assert (ours[name] - value).norm() <= 1e-2 * moved, name


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("temperature", [0.7, 1.0])
def test_answers_are_sampled_with_the_probabilities_they_are_learned_from(
    dtype: torch.dtype, temperature: float
) -> None:
    model = adapted(tiny_model()).to(dtype)
    base = {n: p.detach().clone() for n, p in model.named_parameters()}
    difference = sampling_error(model, PROMPT_IDS, 20, temperature)
    assert difference <= 0.02
    assert all(torch.equal(p, base[n]) for n, p in model.named_parameters())


@pytest.mark.slow
def test_the_embedded_model_too_in_bf16(embedded_model: Any) -> None:
    """Adapters as large as after lessons: each changes its layer's output by several percent."""
    model = adapted(load_model("embedded", "bfloat16"))
    assert sampling_error(model, PROMPT_IDS, 20, 1.0) <= 0.02


def learned(
    model: Any, prompts: list[list[int]], answers: list[list[int]], notes: RolloutNotes | None
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """One training pass over answers, four to a prompt: log-probabilities and gradients."""
    ids, mask, longest = batch([(prompts[i // 4], a) for i, a in enumerate(answers)])
    logps, _ = answer_logps(model, ids, mask, longest, 1.0, notes)
    weights = torch.rand(logps.shape, generator=torch.manual_seed(3))
    return logps.detach(), gradients(model, (weights * logps).sum())


def sampled(model: Any, notes: RolloutNotes, end: int = 40) -> list[list[int]]:
    answers = generation.generate(
        model, PROMPT_IDS, copies=4, max_new_tokens=40, eos_ids=[end], pad_id=2, temperature=1.0,
        generator=torch.Generator().manual_seed(0), notes=notes,
    )  # fmt: skip
    return [answer.ids for answer in answers]


@pytest.mark.parametrize("kind", ["llama", "qwen3", "gemma"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("targets", ["all-linear", ["layers.1.mlp.up_proj"]], ids=["all", "upper"])
def test_a_pass_from_the_notes_of_sampling_equals_a_whole_one(
    kind: str, dtype: torch.dtype, targets: Any
) -> None:
    model, notes = adapted(tiny_model(kind), targets).to(dtype), RolloutNotes()
    for _ in range(2):  # the second round writes over the notes of the first
        answers = sampled(model, notes)
        assert len({len(a) for a in answers}) > 2
        noted, from_notes = learned(model, PROMPT_IDS, answers, notes)
        whole, from_scratch = learned(model, PROMPT_IDS, answers, None)
        exact = dtype == torch.float32
        assert torch.allclose(noted, whole, atol=1e-4 if exact else 0.1)
        for name, want in from_scratch.items():
            error = (from_notes[name] - want).norm()
            assert error <= (1e-3 if exact else 0.1) * want.norm() + 1e-5, name


def test_notes_are_used_where_they_hold_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    model, notes = adapted(tiny_model()), RolloutNotes()
    answers = sampled(model, notes)
    ours = decoder(model)
    groups = [(PROMPT_IDS[0], [Branch(0, answers[0])])]
    assert notes.recall(ours, groups, 1.0) is not None
    assert notes.recall(ours, groups, 0.7) is None
    assert notes.recall(ours, [(PROMPT_IDS[0], [Branch(0, [*answers[0], 7])])], 1.0) is None
    assert notes.recall(ours, [([9, 9, 9], [Branch(0, answers[0])])], 1.0) is None
    with torch.no_grad():
        next(p for n, p in model.named_parameters() if "lora_B" in n).add_(0.01)
    assert notes.recall(ours, groups, 1.0) is None
    monkeypatch.setattr(rollout_notes, "UP_TO", 1000)
    sampled(model, notes)
    assert notes.recall(ours, groups, 1.0) is None


def test_the_adapter_that_is_on_is_the_one_that_answers() -> None:
    model = adapted(tiny_model())
    ids = torch.tensor([5, 6, 7, 8])
    layout = pack([(ids.tolist(), [])], ids.device)

    def ours() -> torch.Tensor:
        with torch.no_grad():
            hidden = decoder(model).hidden_states(
                layout.ids, layout.positions, GroupAttention(layout)
            )
            return generation.answer_logits(decoder(model), hidden)

    def theirs() -> torch.Tensor:
        with torch.no_grad():
            return model(ids[None]).logits[0]

    assert torch.allclose(ours(), theirs(), atol=1e-4)
    with model.disable_adapter():
        assert torch.allclose(ours(), theirs(), atol=1e-4)
        off = theirs()
    assert not torch.allclose(ours(), off, atol=1e-3)


def out_of_memory_above(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the training pass fail as PyTorch does when more rows than `limit` are asked for."""
    whole = grpo.answer_logps

    def limited(model: Any, ids: torch.Tensor, *rest: Any) -> Any:
        if len(ids) > limit:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried too much")
        return whole(model, ids, *rest)

    monkeypatch.setattr(grpo, "answer_logps", limited)


def test_micro_batches_are_halved_once_where_memory_runs_out(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = trained(trainer_class(), tiny, tmp_path / "whole", 8)
    out_of_memory_above(4, monkeypatch)
    found = trained(trainer_class(), tiny, tmp_path / "halved", 8)
    for name, value in expected.items():
        assert torch.allclose(found[name], value, atol=1e-5), name


def test_where_halves_do_not_fit_either_it_says_how_much_would(
    tiny: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out_of_memory_above(2, monkeypatch)
    with pytest.raises(ModelError, match=r"learned from \d+ word pieces at once; about \d+ would"):
        trained(trainer_class(), tiny, tmp_path, 8)


PROMPT_IDS = [[5, 6, 7, 8, 9], [10, 11], [5, 6, 7, 8, 9, 12, 13, 14]]


def sampling_error(model: Any, prompts: list[list[int]], tokens: int, temperature: float) -> float:
    """Return the mean difference of log-probabilities in sampling and in the training pass."""
    sampled: list[torch.Tensor] = []
    choose = generation._Writer._next_token

    def noted(self: Any, hidden: torch.Tensor) -> torch.Tensor:
        token = choose(self, hidden)
        logps = (generation.answer_logits(self.decoder, hidden) / temperature).log_softmax(-1)
        sampled.append(logps.gather(1, token[:, None])[:, 0])
        return token

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation._Writer, "_next_token", noted)
        answers = generation.generate(
            model, prompts, copies=4, max_new_tokens=tokens, eos_ids=[-1], pad_id=2,
            temperature=temperature, generator=torch.Generator().manual_seed(0),
        )  # fmt: skip
    rows = [
        (p, a.ids) for p, a in zip([p for p in prompts for _ in range(4)], answers, strict=True)
    ]
    ids, mask, longest = batch(rows)
    with torch.no_grad():
        learned, _ = answer_logps(model, ids, mask, longest, temperature)
    return float((learned - torch.stack(sampled, dim=1)).abs().mean())


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("llama", None),
        ("qwen3", None),
        ("gemma", None),
        ("gemma3_text", "sliding_attention"),
        ("gemma2", "sliding_attention"),
        ("mistral", "sliding window"),
    ],
)
def test_models_that_our_attention_does_not_fit_are_known_by_their_config(
    kind: str, reason: str | None
) -> None:
    found = why_stock(tiny_model(kind))
    assert (found is None) if reason is None else (found is not None and reason in found)


def test_a_gemma_3_model_trains_the_librarys_way_and_the_log_says_so(
    tiny: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from rft_core.records import Example, Project
    from rft_core.rubric.grading import Grader
    from rft_core.training.plan import TrainingPlan
    from tests.training.test_whole_run import RUBRIC, example

    tokenizer = load_tokenizer(tiny)
    model = adapted(tiny_model("gemma3_text", vocabulary=len(tokenizer)))
    examples: list[Example] = [example(i, "train") for i in range(4)]
    plan = TrainingPlan(
        preset="quick", dtype="float32", threads=1, warm_epochs=1, warm_learning_rate=1e-3,
        steps=1, prompts_per_step=2, group_size=2, learning_rate=1e-2, max_new_tokens=4,
        row_tokens=60, micro_batch=2, answer_batch=4, minutes=1,
    )  # fmt: skip
    with caplog.at_level(logging.WARNING):
        grpo.train(
            model, tokenizer, Project(id="p", name="P", instruction="Say yes or no."), examples,
            Grader(RUBRIC), plan, 0, tmp_path / "out", tmp_path / "practice.jsonl",
        )  # fmt: skip
    assert "library's way: it has layers of the kind sliding_attention" in caplog.text
    assert len((tmp_path / "practice.jsonl").read_text().splitlines()) == 4
