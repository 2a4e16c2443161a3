"""Cases with the criteria that grade them, written as HealthBench's and PRBench's files.

Both hold rules in words for a reader or an AI grader; how a rule is checked here is in neither, nor
are expected values and the side of a case. Both take negative points off where a rule is true of an
answer, so a penalty that says what must not be is written as the fault of breaking it. PRBench has
no place for an expert answer. What an import of such a file kept beside the case goes back to where
it was.
"""

from collections.abc import Callable, Sequence
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.jsontext import dump_json
from rft_core.examples.messages import asked_turns
from rft_core.records import Criterion, Example, Message, Rubric
from rft_core.rubric.rule_words import as_fault

CLASSES = ("slightly ", "", "critically ")
"""PRBench's words in front of "important" and "detrimental", by thirds of the largest points."""
LAYOUT_TAG = "axis:communication_quality"
"""HealthBench's tag of rules about how an answer is laid out."""
MOST_TURNS = 10
"""User's turns that PRBench's file has columns for."""


def to_healthbench(examples: Sequence[Example], rubric: Rubric) -> bytes:
    """Write one case a line (UTF-8), with the criteria that grade it.

    Raises InputError for a case without a criterion or one that does not end with the user's turn.
    """
    return _lines(examples, rubric, _healthbench)


def to_prbench(examples: Sequence[Example], rubric: Rubric) -> bytes:
    """Write one case a line (UTF-8), with the criteria that grade it.

    Raises InputError as `to_healthbench` does, and for a conversation that is not the user's and
    the model's in turn, or longer than ten of the user's turns.
    """
    return _lines(examples, rubric, _prbench)


def check_healthbench(examples: Sequence[Example], rubric: Rubric) -> None:
    """Raise InputError where `to_healthbench` would."""
    for example in examples:
        _rules(example, rubric)
        asked_turns(example)


def check_prbench(examples: Sequence[Example], rubric: Rubric) -> None:
    """Raise InputError where `to_prbench` would."""
    for example in examples:
        _rules(example, rubric)
        _in_turn(example)


def _lines(
    examples: Sequence[Example],
    rubric: Rubric,
    line: Callable[[Example, Sequence[Criterion]], dict[str, Any]],
) -> bytes:
    rows = (line(example, _rules(example, rubric)) for example in examples)
    return "".join(f"{dump_json(row)}\n" for row in rows).encode()


def _healthbench(example: Example, rules: Sequence[Criterion]) -> dict[str, Any]:
    kept = _kept(example)
    ideal = kept.pop("ideal_completions_data", None)
    ideal = ideal if isinstance(ideal, dict) else {}
    if example.reference is not None:
        ideal = {"ideal_completion": example.reference} | ideal
    return kept | {
        "prompt_id": example.id,
        "prompt": [turn.model_dump() for turn in asked_turns(example)],
        "rubrics": [_healthbench_rule(rule) for rule in rules],
        "example_tags": list(example.tags),
        "ideal_completions_data": ideal or None,
    }


def _healthbench_rule(rule: Criterion) -> dict[str, Any]:
    tags = _kept(rule).get("tags_in_file")
    if not isinstance(tags, list):
        tags = [LAYOUT_TAG] if rule.aspect == "form" else []
    return {"criterion": _text(rule), "points": rule.points, "tags": tags}


def _prbench(example: Example, rules: Sequence[Criterion]) -> dict[str, Any]:
    turns = _in_turn(example)
    texts = {
        f"{'prompt' if turn.role == 'user' else 'response'}_{n // 2}": turn.content
        for n, turn in enumerate(turns)
    }
    largest = max(abs(rule.points) for rule in rules)
    named = dict(zip(("field", "topic"), example.tags, strict=False))
    kept = {k: v for k, v in _kept(example).items() if k not in ("field", "topic")}
    return kept | {
        "id": example.id,
        "turns": len(turns) // 2 + 1,
        **named,
        **texts,
        "rubric": [_prbench_rule(rule, largest) for rule in rules],
    }


def _prbench_rule(rule: Criterion, largest: float) -> dict[str, Any]:
    third = min(2, int(3 * abs(rule.points) / largest))
    weight_class = CLASSES[third] + ("important" if rule.points > 0 else "detrimental")
    notes = _kept(rule).get("annotations")
    kept = dict(notes) if isinstance(notes, dict) else {}
    given = str(kept.get("weight_class") or "")
    if kept.get(_weight(given)) == rule.points:
        weight_class = given
    kept |= {"weight_class": weight_class, _weight(weight_class): rule.points}
    return {"id": rule.id, "title": _text(rule), "annotations": kept}


def _weight(weight_class: str) -> str:
    """Return the key that holds the points of a class."""
    return f"{weight_class.replace(' ', '_')}_weight"


def _rules(example: Example, rubric: Rubric) -> list[Criterion]:
    """Return the criteria with points that grade a case."""
    rules = [rule for rule in rubric.criteria_for(example) if rule.points]
    if not rules:
        raise InputError(
            f'No criterion grades the case "{example.id[:60]}".',
            "Write a criterion for it, or export without criteria.",
        )
    return rules


def _text(rule: Criterion) -> str:
    return as_fault(rule) if clean(rule.text) else rule.id


def _in_turn(example: Example) -> tuple[Message, ...]:
    turns = asked_turns(example)
    roles = ["user", "assistant"] * len(turns)
    if [turn.role for turn in turns] != roles[: len(turns)] or len(turns) >= 2 * MOST_TURNS:
        raise InputError(
            f'PRBench\'s file cannot hold the conversation of the case "{example.id[:60]}".',
            "Export as HealthBench or JSONL instead.",
        )
    return turns


def _kept(record: Example | Criterion) -> dict[str, Any]:
    """Return what was kept beside a record from the file that it came from."""
    return dict(record.model_extra or {})
