"""The training pass of GRPO: each prompt is read once, followed by all its answers.

A batch holds every prompt as many times as it has answers. The copies are found by their ids,
wherever they stand in the batch.
"""

from typing import TYPE_CHECKING, Any

from rft_core.models.decoder import decoder
from rft_core.models.group_attention import GroupAttention
from rft_core.models.head import token_logps, with_gradient
from rft_core.models.packed import Branch, pack
from rft_core.models.rollout_notes import RolloutNotes

if TYPE_CHECKING:
    import torch


def find_groups(
    input_ids: "torch.Tensor", attention_mask: "torch.Tensor", answer_length: int
) -> "list[tuple[tuple[int, ...], list[Branch]]]":
    """Return each prompt of a batch [B, T] once, with its answers.

    Prompts are padded on the left and answers on the right; the last `answer_length` columns are
    the answers'. Rows with the same prompt share it, wherever they stand in the batch.
    """
    split = input_ids.shape[1] - answer_length
    groups: dict[tuple[int, ...], list[Branch]] = {}
    for row, (ids, mask) in enumerate(
        zip(input_ids.tolist(), attention_mask.tolist(), strict=True)
    ):
        prompt = tuple(t for t, m in zip(ids[:split], mask[:split], strict=True) if m)
        answer = [t for t, m in zip(ids[split:], mask[split:], strict=True) if m]
        groups.setdefault(prompt, []).append(Branch(row, answer))
    return list(groups.items())


def answer_logps(
    model: Any,
    input_ids: "torch.Tensor",
    attention_mask: "torch.Tensor",
    answer_length: int,
    temperature: float,
    notes: RolloutNotes | None = None,
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return log-probabilities and entropies [B, answer_length] of the answers' tokens.

    `input_ids` and `attention_mask` are [B, T], prompts padded on the left, answers on the right.
    Log-probabilities are at the sampling temperature; entropies carry no gradient. Padding gets 0.
    Where `notes` of the answers' sampling hold, the pass starts from them.
    """
    ours = decoder(model)
    groups = find_groups(input_ids, attention_mask, answer_length)
    layout = pack(groups, input_ids.device)
    recall = None if notes is None else notes.recall(ours, groups, temperature)
    hidden = ours.learn(layout.ids, layout.positions, GroupAttention(layout), recall)
    if recall is not None:
        logps, entropy = with_gradient(hidden[layout.predictors], recall.predicted())
    else:
        targets = input_ids[:, -answer_length:][layout.rows, layout.columns]
        logps, entropy = token_logps(ours, hidden[layout.predictors], targets, temperature)
    blank = logps.new_zeros(len(input_ids), answer_length)
    at = (layout.rows, layout.columns)
    return blank.index_put(at, logps), blank.index_put(at, entropy)
