"""Sharing a prompt changes no value and no gradient."""

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rft_core.models.decoder import Decoder
from rft_core.models.generation import generate
from rft_core.models.lower_layers import LowerLayers
from rft_core.training.shared_prefix import answer_logps
from rft_core.training.warm_start import IGNORED, supervised_logps
from tests.models.tiny import adapted, tiny_model

PAD = 2
KINDS = ["llama", "qwen3", "gemma"]
Rows = list[tuple[list[int], list[int]]]


def batch(rows: Rows) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Pad rows as GRPO does: prompts on the left, answers on the right."""
    wide, long = max(len(p) for p, _ in rows), max(len(a) for _, a in rows)
    ids = [[PAD] * (wide - len(p)) + p + a + [PAD] * (long - len(a)) for p, a in rows]
    mask = [[0] * (wide - len(p)) + [1] * len(p + a) + [0] * (long - len(a)) for p, a in rows]
    return torch.tensor(ids), torch.tensor(mask), long


def plain(model: Any, rows: Rows, temperature: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Each row alone through the library's model: log-probabilities and entropies."""
    long = max(len(a) for _, a in rows)
    logps, entropies = [], []
    for prompt, answer in rows:
        logits = model(torch.tensor([prompt + answer])).logits[0] / temperature
        all_logps = torch.log_softmax(logits[len(prompt) - 1 : -1], dim=-1)
        blank = torch.zeros(long - len(answer))
        logps.append(torch.cat([all_logps[torch.arange(len(answer)), answer], blank]))
        entropies.append(torch.cat([-(all_logps.exp() * all_logps).sum(-1), blank]))
    return torch.stack(logps), torch.stack(entropies)


def gradients(model: Any, total: torch.Tensor) -> dict[str, torch.Tensor]:
    model.zero_grad()
    total.backward()
    return {n: p.grad.clone() for n, p in model.named_parameters() if p.requires_grad}


tokens = st.integers(3, 96)
groups = st.lists(
    st.tuples(
        st.lists(tokens, min_size=1, max_size=12),
        st.lists(st.lists(tokens, min_size=1, max_size=7), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(groups=groups, temperature=st.sampled_from([0.7, 1.0]), shuffle=st.randoms())
def test_values_and_gradients_equal_those_of_rows_alone(
    kind: str, groups: Any, temperature: float, shuffle: Any
) -> None:
    rows = [(prompt, answer) for prompt, answers in groups for answer in answers]
    shuffle.shuffle(rows)
    model = adapted(tiny_model(kind))
    weights = torch.rand(len(rows), max(len(a) for _, a in rows), generator=torch.manual_seed(0))
    expected, expected_entropy = plain(model, rows, temperature)
    expected_gradients = gradients(model, (weights * expected).sum())
    ids, mask, long = batch(rows)
    found, entropy = answer_logps(model, ids, mask, long, temperature)
    assert torch.allclose(found, expected, atol=1e-4)
    assert torch.allclose(entropy, expected_entropy, atol=1e-4)
    assert not entropy.requires_grad
    for name, gradient in gradients(model, (weights * found).sum()).items():
        want = expected_gradients[name]
        assert (gradient - want).norm() <= 1e-3 * want.norm() + 1e-5, name


@pytest.mark.slow
def test_the_embedded_models_values_and_gradients_too(embedded_model: Any) -> None:
    from rft_core.models.loading import load_model

    model = adapted(load_model("embedded", "float32", "sdpa"))
    draw = torch.Generator().manual_seed(1)

    def text(length: int) -> list[int]:
        return torch.randint(20, 40_000, (length,), generator=draw).tolist()

    first, second = text(30), text(17)
    rows = [(first, text(9)), (second, text(5)), (first, text(1)), (second, text(12))]
    expected, _ = plain(model, rows, 1.0)
    want = gradients(model, expected.sum())
    ids, mask, long = batch(rows)
    found, _ = answer_logps(model, ids, mask, long, 1.0)
    assert torch.allclose(found, expected, atol=1e-4)
    for name, gradient in gradients(model, found.sum()).items():
        assert (gradient - want[name]).norm() <= 1e-3 * want[name].norm(), name


UPPER = [
    f"layers.1.{name}"
    for name in ("self_attn.q_proj", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj")
]
"""The second of two layers, and not all of it."""


@pytest.mark.parametrize("targets", ["all-linear", UPPER], ids=["all layers", "upper"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_lessons_loss_and_gradients_equal_the_models_own(kind: str, targets: Any) -> None:
    model, lower = adapted(tiny_model(kind), targets), LowerLayers()
    ids = torch.tensor([[5, 6, 7, 8, 2], [5, 6, 11, 2, 2], [5, 6, 7, 9, 12]])
    labels = torch.tensor(
        [[IGNORED, IGNORED, 7, 8, 2], [IGNORED, IGNORED, 11, 2, IGNORED],
         [IGNORED, IGNORED, IGNORED, 9, 12]]
    )  # fmt: skip
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]])
    theirs = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    want = gradients(model, theirs)
    for rows in ([0, 1, 2], [0, 1, 2], [2, 1, 0], [0, 2]):  # from the second on with what was kept
        if len(rows) == 2:  # what these two have in common is longer
            theirs = model(input_ids=ids[rows], attention_mask=mask[rows], labels=labels[rows]).loss
            want = gradients(model, theirs)
        ours = -supervised_logps(model, ids[rows], mask[rows], labels[rows], lower).mean()
        assert ours.item() == pytest.approx(theirs.item(), abs=1e-5)
        for name, gradient in gradients(model, ours).items():
            assert (gradient - want[name]).norm() <= 1e-3 * want[name].norm() + 1e-6, name


def test_layers_below_the_adapters_are_computed_once_for_a_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, computed = adapted(tiny_model(), UPPER), []
    below = Decoder.below
    monkeypatch.setattr(
        Decoder,
        "below",
        lambda self, ids, *rest: computed.append(len(ids)) or below(self, ids, *rest),
    )
    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 9, 10]])
    labels = torch.tensor([[IGNORED, IGNORED, 7, 8], [IGNORED, IGNORED, 9, 10]])
    mask = torch.ones_like(ids)
    lower, forgetful = LowerLayers(), LowerLayers(up_to=3 * 32 * 4)
    for _ in range(3):
        supervised_logps(model, ids, mask, labels, lower)
    assert computed == [4]
    for _ in range(3):
        supervised_logps(model, ids, mask, labels, forgetful)
    assert computed == [4] * 4, "room for one of the two rows"


@pytest.mark.parametrize("copies", [1, 2])
def test_every_token_is_learned_of_a_lesson_alone_and_of_equal_ones(copies: int) -> None:
    model = tiny_model()
    ids = torch.tensor([[5, 6, 7, 8, 9]] * copies)
    labels = torch.tensor([[IGNORED, IGNORED, 7, 8, 9]] * copies)
    logps = supervised_logps(model, ids, torch.ones_like(ids), labels)
    assert len(logps) == 3 * copies
    expected = model(input_ids=ids, labels=labels).loss.item()
    assert -logps.mean().item() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    prompts=st.lists(st.lists(tokens, min_size=1, max_size=12), min_size=1, max_size=5),
    end=tokens,
    copies=st.integers(1, 3),
)
def test_greedy_answers_equal_the_librarys(
    kind: str, prompts: list[list[int]], end: int, copies: int
) -> None:
    model = tiny_model(kind)
    ours = generate(model, prompts, max_new_tokens=9, eos_ids=[end], pad_id=PAD, copies=copies)
    for i, prompt in enumerate(prompts):
        theirs = model.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            max_new_tokens=9, do_sample=False, eos_token_id=end, pad_token_id=PAD,
        )[0, len(prompt) :].tolist()  # fmt: skip
        assert [c.ids for c in ours[i * copies : (i + 1) * copies]] == [theirs] * copies
