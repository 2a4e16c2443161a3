"""The comparison of a run: one table a model, floors, paired differences, named mistakes.

Built from graded answers alone, so that it can be rebuilt from `answers.jsonl` at any time. The
layout of the returned dictionary is that of `report.json` (see docs/report.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from rft_core.checks import build as build_check
from rft_core.checks.choice import Choice, same_label
from rft_core.checks.collection import Ranked
from rft_core.checks.wording import clean
from rft_core.evaluation import floors
from rft_core.evaluation.answering import RawAnswer
from rft_core.evaluation.mistakes import named_errors
from rft_core.evaluation.statistics import PairedResult, design_effect, paired, wilson
from rft_core.evaluation.verdict import judge
from rft_core.records import Criterion, Example, Grade, Rubric, Scoring
from rft_core.rubric.grading import Grader
from rft_core.rubric.ingredients import worth
from rft_core.rubric.scoring import mean_score

MODELS = ("base", "few_shot", "warm_start", "tuned")
FLOORS = ("commonest", "nearest")
DECIDING_KINDS = ("label", "cost_table", "ranked")
COMPARISONS = ("base", "warm_start", "few_shot")

Row = dict[str, Any]


def graded_row(raw: RawAnswer, example: Example, grade: Grade) -> Row:
    """Return the line of `answers.jsonl` for one graded answer."""
    return {
        "model": raw.model,
        "example_id": example.id,
        "split": example.split,
        "prompt": example.case_text,
        "reference": example.reference,
        "answer": raw.answer,
        "truncated": raw.truncated,
        "seconds": raw.seconds,
        "tokens": raw.tokens,
        "adapter_sha256": raw.adapter_sha256,
    } | grade.model_dump(exclude={"coverage"})


def floor_rows(grader: Grader, train: Sequence[Example], heldout: Sequence[Example]) -> list[Row]:
    """Return rows for the two floors without a model: commonest and nearest answer."""
    constant = floors.commonest_answer(grader, train)
    answers = [
        (name, text, example)
        for example in heldout
        for name, text in (
            ("commonest", constant),
            ("nearest", floors.nearest_answer(example, train)),
        )
    ]
    grades = grader.grade_all([(text, example) for _, text, example in answers])
    rows = []
    for (name, text, example), grade in zip(answers, grades, strict=True):
        raw = RawAnswer(
            model=name,
            example_id=example.id,
            answer=text,
            truncated=False,
            tokens=0,
            seconds=0.0,
            adapter_sha256=None,
        )
        rows.append(graded_row(raw, example, grade))
    return rows


def build(
    rows: Sequence[Row],
    rubric: Rubric,
    train: Sequence[Example],
    heldout: Sequence[Example],
    *,
    wall_seconds: float,
    exploratory: str | None,
) -> dict[str, Any]:
    """Return the report. `exploratory` is the reason why the verdict is, if it is."""
    by_model = {
        name: {row["example_id"]: row for row in rows if row["model"] == name}
        for name in (*MODELS, *FLOORS)
    }
    by_model = {name: found for name, found in by_model.items() if found}
    how = rubric.scoring
    models = {name: summary(list(by_model[name].values()), how) for name in by_model}
    compared = {
        f"tuned_vs_{other}": comparison(by_model.get("tuned"), by_model.get(other), heldout)
        for other in COMPARISONS
        if "tuned" in by_model and other in by_model
    }
    report: dict[str, Any] = {
        "heldout_n": len(heldout),
        "train_n": len(train),
        "models": {name: models[name] for name in MODELS if name in models},
        "floors": {name: models[name] for name in FLOORS if name in models}
        | _chance(Grader(rubric, (*train, *heldout)), train, heldout),
        "paired": compared,
        "decision": decision(by_model, rubric, heldout),
        "errors": named_errors(by_model, rubric, heldout),
        "identical_to_base": identical_share(by_model.get("tuned"), by_model.get("base")),
        "wall_seconds": round(wall_seconds, 1),
        "exploratory": exploratory,
    }
    return report | judge(report)


def summary(rows: Sequence[Row], how: Scoring = "normalised") -> dict[str, Any]:
    """Return a model's means over the examples that could be scored."""
    ids = dict.fromkeys(key for row in rows for key in row["values"])
    return {
        "mean_score": mean_score((row["score"] for row in rows), how),
        "substance": mean_score((row["substance"] for row in rows), how),
        "form": mean_score((row["form"] for row in rows), how),
        "criteria": {key: _mean(row["values"].get(key) for row in rows) for key in ids},
        "points": _mean(row["earned"] + row["penalty"] for row in rows),
        "possible": _mean(row["possible"] for row in rows),
        "seconds_per_answer": _mean(row["seconds"] for row in rows),
        "tokens_per_answer": _mean(row["tokens"] for row in rows),
        "truncated": sum(bool(row["truncated"]) for row in rows),
        "scored": sum(row["score"] is not None for row in rows),
        "adapter_sha256": rows[0]["adapter_sha256"],
    }


def comparison(
    new: Mapping[str, Row] | None, old: Mapping[str, Row] | None, heldout: Sequence[Example]
) -> dict[str, Any] | None:
    """Return the paired difference new - old of score, substance and form."""
    if not new or not old:
        return None
    overall = _paired(new, old, heldout, "score")
    if overall is None:
        return None
    result: dict[str, Any] = overall.model_dump(mode="json")
    result["coverage"] = overall.n_pairs / len(heldout)
    for aspect in ("substance", "form"):
        part = _paired(new, old, heldout, aspect)
        result[aspect] = part.model_dump(mode="json") if part else None
    return result


def _chance(grader: Grader, train: Sequence[Example], heldout: Sequence[Example]) -> dict[str, Any]:
    """Return the floor "chance"; without it where an AI grader would have to be asked for it."""
    asked = any(map(grader.asked_for, heldout))
    return {} if asked else {"chance": chance(grader, train, heldout)}


def chance(grader: Grader, train: Sequence[Example], heldout: Sequence[Example]) -> dict[str, Any]:
    """Return what a training answer picked at random would earn on average.

    The grader should ask no AI grader: these are thousands of answers.
    """
    references = [e.reference for e in train if e.reference][: floors.TRIED_AT_MOST]
    grades = grader.grade_all([(text, case) for case in heldout for text in references])
    ids, how = dict.fromkeys(key for grade in grades for key in grade.values), grader.rubric.scoring
    return {
        "mean_score": mean_score((grade.score for grade in grades), how),
        "substance": mean_score((grade.substance for grade in grades), how),
        "form": mean_score((grade.form for grade in grades), how),
        "criteria": {key: _mean(grade.values.get(key) for grade in grades) for key in ids},
    }


def decision_criterion(rubric: Rubric) -> Criterion | None:
    """Return the criterion on which most points hang of those with one right label or first item:

    the decision that the task is about. One that only counts in a formula has the formula's points.
    """
    labels = [c for c in rubric.active if c.check.kind in DECIDING_KINDS and c.points >= 0]
    points = worth(rubric)
    return max(labels, key=lambda c: points[c.id], default=None)


def decision(
    by_model: Mapping[str, Mapping[str, Row]], rubric: Rubric, heldout: Sequence[Example]
) -> dict[str, Any] | None:
    """Return accuracy (Wilson interval) and right × given table of the main decision."""
    criterion = decision_criterion(rubric)
    if criterion is None:
        return None
    check = build_check(criterion.check)
    assert isinstance(check, Choice | Ranked)
    field = str(check.reads)
    cases = [e for e in heldout if field in e.fields and criterion.counts_for(e)]
    models = {}
    for name, rows in by_model.items():
        given = {e.id: check.decided(clean(rows[e.id]["answer"])) for e in cases if e.id in rows}
        answered = [e for e in cases if e.id in given]
        right = [e for e in answered if same_label(given[e.id], e.fields[field])]
        sizes, hits = _by_cluster(answered), _by_cluster(right)
        effect = design_effect([hits[key] for key in sizes], list(sizes.values()))
        accuracy = wilson(len(right), len(answered), effect)
        models[name] = {
            "right": len(right),
            "n": len(answered),
            "accuracy": accuracy.model_dump() if accuracy else None,
            "table": _table(answered, given, field),
        }
    return {"criterion": criterion.id, "field": field, "labels": check.choices, "models": models}


def identical_share(one: Mapping[str, Row] | None, other: Mapping[str, Row] | None) -> float | None:
    """Return the share of cases answered word for word alike."""
    if not one or not other:
        return None
    shared = one.keys() & other.keys()
    return fmean(one[i]["answer"] == other[i]["answer"] for i in shared) if shared else None


def _paired(
    new: Mapping[str, Row], old: Mapping[str, Row], heldout: Sequence[Example], column: str
) -> PairedResult | None:
    differences, clusters = [], []
    for example in heldout:
        a, b = new.get(example.id, {}).get(column), old.get(example.id, {}).get(column)
        if a is not None and b is not None:
            differences.append(a - b)
            clusters.append(_cluster(example))
    return paired(differences, clusters)


def _table(
    cases: Sequence[Example], given: Mapping[str, str | None], field: str
) -> list[dict[str, Any]]:
    """Return a cell for each right and given label, with the numbers of its cases' clusters."""
    number = {name: place for place, name in enumerate(_by_cluster(cases))}
    cells: dict[tuple[str, str], list[int]] = {}
    for case in cases:
        key = (str(case.fields[field]), given[case.id] or "none or several")
        cells.setdefault(key, []).append(number[_cluster(case)])
    return [
        {"right": r, "given": g, "n": len(clusters), "clusters": clusters}
        for (r, g), clusters in sorted(cells.items())
    ]


def _cluster(example: Example) -> str:
    return example.cluster or example.id


def _by_cluster(examples: Sequence[Example]) -> Counter[str]:
    """Return the number of examples by cluster, in the order of the examples."""
    return Counter(map(_cluster, examples))


def _mean(values: Any) -> float | None:
    present = [float(v) for v in values if v is not None]
    return fmean(present) if present else None
