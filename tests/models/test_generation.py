"""Our generation equals the library's, and samples what the model says."""

import pytest
import torch
from scipy import stats

from rft_core.models.generation import generate
from tests.models.tiny import tiny_model

PROMPTS = [[5, 6, 7], [8], [9, 10, 11, 12, 13, 14], [5, 6, 7, 20]]


BEGINNING = [7, 3, 9, 9, 4, 11, 5, 21]
ALIKE = [[*BEGINNING, 6, 30], [*BEGINNING, 8], [*BEGINNING, 6, 12, 13, 14, 15], [*BEGINNING, 6]]


@pytest.mark.parametrize("prompts", [PROMPTS, ALIKE, ALIKE[:1], [BEGINNING, *ALIKE]])
@pytest.mark.parametrize("kind", ["llama", "qwen3", "gemma"])
@pytest.mark.parametrize("eos", [2, 40])
def test_greedy_equals_generate_with_ragged_prompts_and_early_ends(
    kind: str, eos: int, prompts: list[list[int]]
) -> None:
    model = tiny_model(kind)
    ours = generate(model, prompts, max_new_tokens=20, eos_ids=[eos], pad_id=2)
    for prompt, completion in zip(prompts, ours, strict=True):
        theirs = model.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=20, do_sample=False, eos_token_id=eos, pad_token_id=2,
        )  # fmt: skip
        assert completion.ids == theirs[0, len(prompt) :].tolist()
        assert completion.truncated == (completion.ids[-1] != eos)


def test_some_answers_end_early_and_some_are_cut() -> None:
    ends = [
        c.truncated
        for eos in range(3, 40)
        for c in generate(tiny_model(), PROMPTS, max_new_tokens=12, eos_ids=[eos], pad_id=2)
    ]
    assert any(ends) and not all(ends)


def test_sampling_repeats_with_the_seed_and_copies_are_neighbours() -> None:
    model = tiny_model()

    def sample(seed: int) -> list[list[int]]:
        found = generate(
            model, PROMPTS[:2], max_new_tokens=8, eos_ids=[2], pad_id=2, copies=3,
            temperature=1.0, generator=torch.Generator().manual_seed(seed),
        )  # fmt: skip
        return [c.ids for c in found]

    assert sample(1) == sample(1)
    assert sample(1) != sample(2)
    assert len(sample(1)) == 6


@pytest.mark.parametrize("temperature", [0.7, 1.0])
def test_sampled_frequencies_follow_the_model(temperature: float) -> None:
    model = tiny_model(vocabulary=23)
    with torch.no_grad():
        logits = model(torch.tensor([PROMPTS[0]])).logits[0, -1] / temperature
    expected = torch.softmax(logits, dim=-1).double()
    n = 4000
    draws = generate(
        model, [PROMPTS[0]], max_new_tokens=1, eos_ids=[2], pad_id=2, copies=n,
        temperature=temperature, generator=torch.Generator().manual_seed(7),
    )  # fmt: skip
    counts = torch.bincount(torch.tensor([c.ids[0] for c in draws]), minlength=23).double()
    common = expected * n >= 5
    observed = [*counts[common].tolist(), counts[~common].sum().item()]
    wanted = [*(expected[common] * n).tolist(), (expected[~common] * n).sum().item()]
    if wanted[-1] == 0:
        observed, wanted = observed[:-1], wanted[:-1]
    assert stats.chisquare(observed, wanted, sum_check=False).pvalue > 0.001
