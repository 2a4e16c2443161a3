"""HealthBench, PRBench and ProfBench: cases that bring a rubric of their own.

The rubric stays with its case, as `Example.criteria`. Its rules are questions for a reader: each
has the check "judge". Where no AI grader is set up they grade as unscored, never as 0.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from rft_core.errors import InputError
from rft_core.examples.cells import clean
from rft_core.examples.foreign.parts import (
    Note,
    Values,
    distinct_ids,
    for_an_ai_grader,
    judged,
    listed,
    objects,
    own_row,
    text_of,
)
from rft_core.examples.messages import looks_like_messages, to_messages
from rft_core.records import Criterion

Rewritten = tuple[dict[str, Any], list[Note]]

WEIGHTS = {"critical": 4, "major": 3, "minor": 2, "additional": 1}
"""Points of ProfBench's words."""

_PROMPT = re.compile(r"prompt_\d+")
_NUMBER = re.compile(r"\s*[+-]?\d{1,9}(?:\.\d{1,9})?\s*")


def looks_like_healthbench(columns: Collection[str]) -> bool:
    return {"prompt", "rubrics", "prompt_id"} <= set(columns)


def healthbench_row(values: Values) -> Rewritten:
    """Read `prompt_id, prompt[], rubrics[{criterion, points, tags}], ideal_completions_data`."""
    ideal = values.get("ideal_completions_data")
    ideal = dict(ideal) if isinstance(ideal, dict) else {}
    criteria, notes = _criteria(objects(values.get("rubrics"), "rubrics"), _healthbench_criterion)
    row = own_row(
        values,
        used=("prompt_id", "prompt", "rubrics", "example_tags", "ideal_completions_data"),
        id=text_of(values, "prompt_id"),
        prompt=_prompt(values.get("prompt")),
        reference=ideal.pop("ideal_completion", None),
        tags=[str(tag) for tag in listed(values.get("example_tags"))],
        criteria=criteria,
        ideal_completions_data=ideal or None,
    )
    return row, notes


def looks_like_prbench(columns: Collection[str]) -> bool:
    return {"prompt_0", "rubric"} <= set(columns)


def prbench_row(values: Values) -> Rewritten:
    """Read `task, turns, prompt_N, response_N, reference_texts_N, rubric[]` (law and finance)."""
    turns = _prbench_turns(values)
    asked = len(turns) // 2 + 1
    used = {f"{part}_{n}" for part in ("prompt", "reference_texts") for n in range(asked)}
    used |= {f"response_{n}" for n in range(asked - 1)}
    criteria, notes = _criteria(objects(values.get("rubric"), "rubric"), _prbench_criterion)
    tags = [tag for key in ("field", "topic") if (tag := text_of(values, key))]
    row = own_row(
        values,
        used={*used, "id", "rubric"},
        id=text_of(values, "id") or text_of(values, "task"),
        prompt=turns if len(turns) > 1 else turns[0]["content"],
        tags=tags,
        criteria=criteria,
    )
    return row, notes


def looks_like_profbench(columns: Collection[str]) -> bool:
    return {"prompt", "rubrics", "task_id"} <= set(columns)


def profbench_row(values: Values) -> Rewritten:
    """Read `task_id, domain, prompt, rubrics[{criterion_description, criterion_weight, …}]`."""
    criteria, notes = _criteria(objects(values.get("rubrics"), "rubrics"), _profbench_criterion)
    row = own_row(
        values,
        used=("task_id", "prompt", "rubrics"),
        id=text_of(values, "task_id"),
        prompt=_prompt(values.get("prompt")),
        tags=[domain] if (domain := text_of(values, "domain")) else [],
        criteria=criteria,
    )
    return row, notes


def _criteria(
    rules: list[dict[str, Any]], read: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[list[dict[str, Any]] | None, list[Note]]:
    """Return the rules that count as criteria, None without any, and notes on what they become."""
    counted = [read(rule) for rule in rules if rule_points(rule) != 0]
    notes = [for_an_ai_grader()] if counted else []
    if len(counted) < len(rules):
        notes.append(
            Note(
                "A rule with 0 points was left out.",
                "It would count for nothing. Write it as a criterion of the case, with points, if "
                "it matters.",
            )
        )
    if any(isinstance(_stated(rule), str) and _NUMBER.fullmatch(_stated(rule)) for rule in rules):
        notes.append(
            Note(
                "Points of a rule are written as text in the file; they were taken as numbers.",
                "Compare them in the criteria of the case.",
            )
        )
    return distinct_ids(counted) or None, notes


def _prompt(value: Any) -> Any:
    turns = listed(value)
    if not looks_like_messages(turns):
        return value
    return [message.model_dump() for message in to_messages(turns)]


def _healthbench_criterion(item: dict[str, Any]) -> dict[str, Any]:
    tags = [str(tag) for tag in listed(item.get("tags"))]
    aspect = "form" if "axis:communication_quality" in tags else "substance"
    kept = {key: value for key, value in item.items() if key not in ("criterion", "points")}
    return _kept(kept) | judged(str(item.get("criterion") or ""), rule_points(item), aspect)


def _profbench_criterion(item: dict[str, Any]) -> dict[str, Any]:
    kinds = [str(kind) for kind in listed(item.get("criterion_type"))]
    aspect = "form" if kinds and all("style" in kind.casefold() for kind in kinds) else "substance"
    kept = {key: value for key, value in item.items() if key != "criterion_description"}
    text = str(item.get("criterion_description") or "")
    return _kept(kept) | judged(text, rule_points(item), aspect)


def _prbench_criterion(item: dict[str, Any]) -> dict[str, Any]:
    notes = item.get("annotations")
    notes = notes if isinstance(notes, dict) else {}
    kept = {key: value for key, value in item.items() if key not in ("id", "title", "annotations")}
    description = str(notes.get("criteria_description") or "")
    text = str(item.get("title") or "") or description
    return _kept(kept) | judged(
        text,
        rule_points(item),
        "substance",
        item.get("id"),
        title=item.get("title"),
        category=notes.get("criteria_category"),
        annotations={key: value for key, value in notes.items() if value is not None} or None,
    )


def rule_points(item: Mapping[str, Any]) -> Any:
    """Return the points of a rule in any of the three forms: a number, or what cannot be one."""
    stated = _stated(item)
    if isinstance(stated, str):
        word = WEIGHTS.get(stated.strip().casefold())
        stated = float(stated) if _NUMBER.fullmatch(stated) else word
    harms = "detrimental" in _weight_class(item) and isinstance(stated, (int, float))
    return -abs(stated) if harms else stated


def _stated(item: Mapping[str, Any]) -> Any:
    """Return the points as they stand in the file."""
    if isinstance(item.get("annotations"), dict):
        return item["annotations"].get(f"{_weight_class(item).replace(' ', '_')}_weight")
    return item.get("criterion_weight", item.get("points"))


def _weight_class(item: Mapping[str, Any]) -> str:
    notes = item.get("annotations")
    return str(notes.get("weight_class") or "") if isinstance(notes, dict) else ""


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Return further keys of a criterion, renamed where this program uses the name itself."""
    own = Criterion.model_fields
    named = {f"{key}_in_file" if key in own else key: value for key, value in values.items()}
    return {key: value for key, value in named.items() if value is not None}


def _prbench_turns(values: Values) -> list[dict[str, str]]:
    asked = [n for n in range(_turn_count(values)) if text_of(values, f"prompt_{n}")]
    if asked != list(range(len(asked))) or not asked:
        raise InputError("A turn of the conversation is missing.", "Export the file again.")
    turns = []
    for n in asked:
        sources = [str(text) for text in listed(values.get(f"reference_texts_{n}")) if text]
        parts = [*filter(clean, sources), text_of(values, f"prompt_{n}") or ""]
        turns.append({"role": "user", "content": "\n\n".join(parts)})
        if n < len(asked) - 1:
            answer = text_of(values, f"response_{n}")
            if answer is None:
                raise InputError(
                    f"The conversation has no answer to turn {n + 1}.", "Export the file again."
                )
            turns.append({"role": "assistant", "content": answer})
    return turns


def _turn_count(values: Values) -> int:
    turns = values.get("turns")
    if isinstance(turns, int) and not isinstance(turns, bool) and 0 < turns <= 10:
        return turns
    return sum(1 for key in values if _PROMPT.fullmatch(key) and text_of(values, key))
