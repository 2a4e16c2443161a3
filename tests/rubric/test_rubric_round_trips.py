"""Rubrics that are written and read again: rubric.json gives the same, OpenAI's form what it says.

What OpenAI's form cannot say is announced when it is written; all else earns the same share.
"""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rft_core.checks import KINDS, build
from rft_core.checks.expression import written
from rft_core.checks.overlap import Metric
from rft_core.errors import InputError
from rft_core.records import Example, Rubric
from rft_core.rubric.files import read_rubric, write_rubric
from rft_core.rubric.foreign.intake import read_rubric_file
from rft_core.rubric.foreign.openai_checks import METRICS
from rft_core.rubric.foreign.openai_export import Exported, write_graders
from rft_core.rubric.foreign.openai_writing import SEVERAL_TEXTS, WHOLE_WORDS
from rft_core.rubric.grading import Grader

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)
WORDS = st.sampled_from(["safe", "call", "pay now", "don’t", "5 %", "Ünder", "{x}", "a_b"])
PHRASES = st.lists(WORDS, min_size=1, max_size=3, unique=True)
LABELS = ["block", "call", "release"]
OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "exact": st.fixed_dictionaries({"text": WORDS, "case_sensitive": st.booleans()}),
    "label": st.just({"labels": LABELS, "field": "decision"}),
    "several_labels": st.fixed_dictionaries({"labels": st.just(LABELS), "line": TEXT}),
    "mistake": st.just(
        {"labels": LABELS, "field": "decision", "given": ["call"], "right": ["block"]}
    ),
    "cost_table": st.just(
        {
            "labels": ["a", "b"],
            "field": "decision",
            "table": {"a": {"a": 1, "b": 0.5}, "b": {"a": 0, "b": 1}},
        }
    ),
    "contains_all": st.fixed_dictionaries({"phrases": PHRASES}),
    "contains_any": st.fixed_dictionaries({"phrases": PHRASES}),
    "forbidden": st.fixed_dictionaries({"phrases": PHRASES}),
    "pattern": st.fixed_dictionaries({"pattern": st.just("^\\d+"), "whole": st.booleans()}),
    "length": st.fixed_dictionaries({"max_words": st.integers(1, 99)}),
    "reasoned": st.fixed_dictionaries({"min_words": st.integers(1, 99)}),
    "number": st.fixed_dictionaries({"field": TEXT, "tolerance": st.floats(0, 9)}),
    "set": st.fixed_dictionaries({"field": TEXT, "known": st.lists(WORDS, unique=True)}),
    "ranked": st.fixed_dictionaries({"field": TEXT}),
    "unknown_item": st.just({"known": LABELS}),
    "citation": st.just({}),
    "quote": st.just({}),
    "overlap": st.fixed_dictionaries({"metric": st.sampled_from(get_args(Metric))}),
    "meaning": st.fixed_dictionaries({"threshold": st.floats(0, 1), "graded": st.booleans()}),
    "json": st.fixed_dictionaries({"keys": st.lists(WORDS), "only": st.booleans()}),
    "judge": st.fixed_dictionaries({"question": TEXT.filter(str.strip)}),
    "formula": st.just({"formula": "min(a, 1 - b)"}),
    "python": st.just({"code": "def grade(sample, item):\n    return 1\n"}),
    "from_tomorrow": st.fixed_dictionaries({"depth": st.lists(st.floats(-9, 9) | TEXT)}),
}
SPECS = st.one_of(
    *[options.map(lambda found, kind=kind: found | {"kind": kind})
      for kind, options in OPTIONS.items()]
)  # fmt: skip


def criteria(specs: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": TEXT,
            "text": TEXT,
            "points": st.floats(-1_000_000, 1_000_000) | st.integers(-5, 5),
            "aspect": st.sampled_from(["form", "substance"]),
            "check": specs,
            "applies_to": st.sampled_from(["answer", "reasoning", "whole"]),
            "enabled": st.booleans(),
            "tags": st.lists(TEXT, max_size=2),
        }
    )


RUBRICS = st.fixed_dictionaries(
    {
        "name": TEXT,
        "scoring": st.sampled_from(["normalised", "healthbench"]),
        "criteria": st.lists(criteria(SPECS), max_size=5, unique_by=lambda one: one["id"]),
        "from_tomorrow": TEXT | st.none() | st.lists(st.integers()),
    }
)
quick = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_every_kind_of_check_takes_part() -> None:
    assert OPTIONS.keys() - {"from_tomorrow"} == KINDS.keys()


@quick
@given(RUBRICS)
def test_a_rubric_comes_back_from_its_file_as_it_was(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    rubric = Rubric.model_validate(content)
    for criterion in rubric.criteria:
        build(criterion.check)
    write_rubric(tmp_path / "rubric.json", rubric)
    again = read_rubric(tmp_path / "rubric.json")
    assert again == rubric
    assert Rubric.model_validate(again.model_dump()) == rubric
    data = (tmp_path / "rubric.json").read_bytes()
    assert read_rubric_file("rubric.json", data, []).rubric == rubric


FIELDS: dict[str, Any] = {"decision": "block", "phrase": "safe call", "several": ["safe", "5 %"]}
CASE = Example(id="e", prompt="A case", reference="pay now, it is safe", fields=FIELDS)
FIELD = st.fixed_dictionaries({"field": st.sampled_from([*FIELDS])})
SAID_THERE = {
    **{kind: OPTIONS[kind] | FIELD for kind in ("contains_all", "contains_any", "forbidden")},
    "exact": st.fixed_dictionaries({"case_sensitive": st.just(True), "text": WORDS}) | FIELD,
    "overlap": st.fixed_dictionaries(
        {"metric": st.sampled_from([*METRICS.values()])}, optional={"field": st.just("phrase")}
    ),
}
NAMES = ["a", "b", "2nd", "min", "not", "two words", "größe", "規則"]
RULES = st.one_of(
    *[options.map(lambda found, kind=kind: found | {"kind": kind})
      for kind, options in SAID_THERE.items()]
)  # fmt: skip
FORMULAS = ["{0} * {1}", "max({0}, 1 - {1})", "{0} ^ 2", "({0} + {1}) / 2", "2 * {0} - {1}"]
MOSTLY = st.sampled_from([True] * 9 + [False])
ANSWERS = st.lists(WORDS | st.sampled_from(["block", "safe call", "unsafe", "CALL"]), max_size=4)


@st.composite
def said_there(draw: st.DrawFn) -> Rubric:
    """Return a rubric of kinds that OpenAI's form has, with names that are hard on a formula."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    points = st.sampled_from([1.0, 2.5, 0.001, 300.0, -1.0, -0.2, 0.0])
    made = [
        {"id": name, "text": f"Rule {name}", "points": 1.0 if n == 0 else draw(points),
         "aspect": "substance", "check": draw(RULES), "enabled": draw(MOSTLY),
         "applies_to": "answer" if draw(MOSTLY) else "whole"}
        for n, name in enumerate(names)
    ]  # fmt: skip
    if draw(st.booleans()):
        parts = [written(draw(st.sampled_from(names))) for _ in range(2)]
        formula = draw(st.sampled_from(FORMULAS)).format(*parts)
        check = {"kind": "formula", "formula": formula}
        made.append(made[0] | {"id": "all", "text": "All", "points": draw(points), "check": check})
    return Rubric.model_validate({"criteria": made})


def grades_otherwise(exported: Exported, rubric: Rubric) -> bool:
    """Say whether something is announced that our own reader does not take as it was."""
    lists = any(c.check.parameters.get("field") == "several" for c in rubric.criteria)
    same = {WHOLE_WORDS, "OpenAI's measure may differ a little", *[SEVERAL_TEXTS] * (not lists)}
    said = {part for one in exported.differs for part in one.partition("”: ")[2][:-1].split("; ")}
    return bool(exported.left_out or said - same)


@quick
@given(said_there(), st.lists(ANSWERS, min_size=1, max_size=4))
def test_what_openais_form_says_earns_the_same_share_and_all_else_is_announced(
    rubric: Rubric, answers: list[list[str]]
) -> None:
    try:
        ours = Grader(rubric)
        exported = write_graders(rubric, {"decision": LABELS}, FIELDS)
    except InputError:
        return
    data = json.dumps(exported.grader).encode()
    again = read_rubric_file("grader.json", data, [CASE]).rubric
    if grades_otherwise(exported, rubric):
        return
    theirs = Grader(again)
    for words in answers:
        for text in (" ".join(words), f"safe, I think\nAnswer: {' '.join(words)}"):
            share = ours.grade(text, CASE).score
            assert theirs.grade(text, CASE).score == pytest.approx(share), exported.grader


RUN = (*METRICS, "cosine")
SIMILARITIES = st.builds(
    lambda metric, item: {
        "type": "text_similarity", "name": "alike", "input": "{{sample.output_text}}",
        "reference": f"{{{{item.{item}}}}}", "evaluation_metric": metric,
    },
    st.sampled_from([*METRICS, "cosine", "meteor", "from_tomorrow"]),
    st.sampled_from(["reference_answer", "phrase", "several"]),
)  # fmt: skip


@quick
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), SIMILARITIES, min_size=1))
def test_a_measure_of_likeness_comes_out_of_openais_form_as_it_went_in(
    graders: dict[str, Any],
) -> None:
    content = {"type": "multi", "graders": graders, "calculate_output": " + ".join(graders)}
    rubric = read_rubric_file("grader.json", json.dumps(content).encode(), [CASE]).rubric
    for criterion in rubric.criteria:
        assert criterion.enabled == (graders[criterion.id]["evaluation_metric"] in RUN)
    if any(criterion.enabled for criterion in rubric.criteria):
        assert write_graders(rubric, {}, FIELDS).grader["graders"] == graders
        # The same where the graders are written from our checks alone.
        ours = Rubric.model_validate(
            {"criteria": [c.model_dump(exclude={"openai"}) for c in rubric.criteria if c.enabled]}
        )
        written_anew = write_graders(ours, {}, FIELDS).grader["graders"]
        for name, grader in written_anew.items():
            assert grader["evaluation_metric"] == graders[name]["evaluation_metric"]
