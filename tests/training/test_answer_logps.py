"""Our log-probabilities and our supervised loss equal the library's."""

import pytest
import torch

from rft_core.training.shared_prefix import answer_logps
from rft_core.training.warm_start import IGNORED, supervised_logps
from tests.models.tiny import tiny_model


@pytest.mark.parametrize("kind", ["llama", "qwen3", "gemma"])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_logps_equal_the_models_own_with_ragged_prompts(kind: str, temperature: float) -> None:
    model = tiny_model(kind)
    rows = [([5, 6, 7], [8, 9]), ([10], [11, 12]), ([13, 14, 15, 16, 17], [18, 19])]
    width = max(len(p) for p, _ in rows)
    ids = torch.tensor([[2] * (width - len(p)) + p + a for p, a in rows])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p + a) for p, a in rows])
    ours, entropy = answer_logps(model, ids, mask, 2, temperature)
    for i, (prompt, answer) in enumerate(rows):
        logits = model(torch.tensor([prompt + answer])).logits[0] / temperature
        logps = torch.log_softmax(logits, dim=-1)
        for j, token in enumerate(answer):
            at = len(prompt) + j - 1
            assert ours[i, j].item() == pytest.approx(logps[at, token].item(), abs=1e-4)
            expected = -(logps[at].exp() * logps[at]).sum().item()
            assert entropy[i, j].item() == pytest.approx(expected, abs=1e-4)
    assert ours.requires_grad and not entropy.requires_grad


def test_the_supervised_loss_equals_the_models_own() -> None:
    model = tiny_model()
    ids = torch.tensor([[5, 6, 7, 8, 2], [5, 6, 11, 2, 2]])
    labels = torch.tensor([[IGNORED, IGNORED, 7, 8, 2], [IGNORED, IGNORED, 11, 2, IGNORED]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]])
    ours = -supervised_logps(model, ids, mask, labels).mean()
    theirs = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    assert ours.item() == pytest.approx(theirs.item(), abs=1e-5)
