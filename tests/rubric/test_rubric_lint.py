"""Each finding, with a rubric that triggers it."""

import pytest

from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.fooling import spring
from rft_core.rubric.lint import lint, looked_at
from rft_core.rubric.lint_own import has_no_check
from rft_core.rubric.traps import TRAPS
from tests.models.grader_server import GraderServer

LABELS = ["block", "call", "release"]
EXAMPLES = [
    Example(
        id=f"e{i}",
        prompt=f"case {i}",
        reference=f"Decision: {LABELS[i % 3]}",
        fields={"decision": LABELS[i % 3]},
    )
    for i in range(9)
]


def criterion(name, points, aspect="substance", **check):
    return Criterion(id=name, text=name, points=points, aspect=aspect, check=CheckSpec(**check))


DECISION = criterion("decision", 5, kind="label", labels=LABELS, field="decision")
LAYOUT = criterion("layout", 2, "form", kind="pattern", pattern=r"Decision: \w+", whole=True)
SEVERAL = criterion("several", -1, "form", kind="several_labels", labels=LABELS)
GOOD = (DECISION, LAYOUT, SEVERAL)


def findings(*criteria, examples=EXAMPLES):
    return lint(Rubric(criteria=criteria), examples)


def only(found, words):
    matching = [f for f in found if words in f.message]
    assert len(matching) == 1, [f.message for f in found]
    assert matching[0].fix.endswith(".")
    return matching[0]


def test_a_good_rubric_has_no_findings():
    assert findings(*GOOD) == []
    assert findings(*GOOD, examples=[]) == []


def test_no_criteria():
    assert only(findings(), "no criteria").severity == "stop"


def test_a_rubric_without_criteria_is_fine_where_cases_bring_their_own():
    own = [e.with_changes(criteria=(DECISION, LAYOUT)) for e in EXAMPLES]
    assert findings(examples=own) == []
    some = only(findings(examples=[*own[:-1], EXAMPLES[-1]]), "No criterion gives points")
    assert (some.severity, "1 case (e8)" in some.message) == ("warn", True)


def test_no_positive_points():
    assert only(findings(SEVERAL), "No criterion has positive points").severity == "stop"


def test_a_criterion_of_0_points():
    found = only(findings(*GOOD, criterion("zero", 0, kind="length")), "0 points")
    assert (found.severity, found.criterion_id) == ("stop", "zero")


@pytest.mark.parametrize(
    "check",
    [{"kind": "pattern", "pattern": "("}, {"kind": "label", "field": "decision"}],
)
def test_a_check_that_cannot_be_built(check):
    found = only(findings(*GOOD, criterion("bad", 1, **check)), "cannot grade")
    assert (found.severity, found.criterion_id) == ("stop", "bad")


@pytest.mark.parametrize(("points", "severity"), [(1, "warn"), (5, "stop")])
def test_an_unknown_kind_stops_where_it_leaves_too_little_to_score(points, severity):
    found = findings(*GOOD, criterion("new", points, kind="telepathy"))
    found = only(found, "does not know the check")
    assert (found.severity, found.criterion_id) == (severity, "new")


@pytest.mark.parametrize(("points", "severity"), [(1, "warn"), (5, "stop")])
def test_python_code_that_is_off_stops_where_it_leaves_too_little_to_score(
    points, severity, monkeypatch
):
    code = "def grade(sample, item):\n    return item['decision'] in sample['output_text']"
    own = criterion("own", points, kind="python", code=code)
    assert "own" not in {f.criterion_id for f in findings(*GOOD, own)}
    monkeypatch.setenv("RFT_PYTHON_CHECKS", "off")
    found = only(findings(*GOOD, own), "switched off on this server")
    assert (found.severity, found.criterion_id) == (severity, "own")


def test_a_check_that_fails_on_trick_answers_alone_is_named():
    code = "def grade(sample, item):\n    return len(sample['output_text'].split()[0]) > 0"
    found = only(findings(*GOOD, criterion("own", 1, kind="python", code=code)), "trick answer")
    assert (found.severity, found.criterion_id) == ("warn", "own")
    assert "(nothing at all). The Python code gave no value: line 2: IndexError" in found.message


def test_a_missing_field_names_the_examples():
    bare = [e.with_changes(fields={}) if i < 2 else e for i, e in enumerate(EXAMPLES)]
    found = only(findings(*GOOD, examples=bare), 'reads "decision"')
    assert (found.severity, found.criterion_id) == ("warn", "decision")
    assert "2 cases (e0, e1) do not have" in found.message


def test_a_missing_field_under_another_spelling_is_not_to_be_filled_in():
    other = [EXAMPLES[0].with_changes(fields={"Decision": "block"}), *EXAMPLES[1:]]
    found = only(findings(*GOOD, examples=other), 'reads "decision"')
    assert 'not "Decision"' in found.fix
    assert "Fill in" not in found.fix


def test_a_field_missing_everywhere_stops():
    found = findings(*GOOD, criterion("key", 1, kind="quote", field="keys"))
    found = only(found, 'reads "keys"')
    assert found.severity == "stop"
    assert "9 cases (e0, e1, e2, e3, e4, …)" in found.message


def test_a_formula_carries_the_points_of_what_it_combines():
    parts = (DECISION.with_changes(points=0), LAYOUT.with_changes(points=0))
    both = criterion("both", 8, kind="formula", formula="min(decision, layout)")
    assert not [f for f in findings(*parts, both, SEVERAL) if "carries" in f.message]
    one = both.with_changes(check={"kind": "formula", "formula": "decision"})
    only(findings(parts[0], one, LAYOUT, SEVERAL), "carries 73% of all points")


def test_it_says_on_how_many_answers_it_rests():
    assert looked_at(Rubric(criteria=GOOD), []) == (0, 0)
    answers, cases = looked_at(Rubric(criteria=GOOD), EXAMPLES)
    assert (answers, cases) == (len(EXAMPLES) * (1 + len(TRAPS)), len(EXAMPLES))


def test_a_formula_without_a_value_for_some_answers():
    ratio = criterion("ratio", 1, kind="formula", formula="layout / decision")
    found = only(findings(*GOOD, ratio), "without a value")
    assert (found.severity, found.criterion_id) == ("warn", "ratio")
    assert 'where "layout" is 0 and "decision" is 0: it divides by 0.' in found.message
    whole = ratio.with_changes(check={"kind": "formula", "formula": "layout / (1 + decision)"})
    assert not [f for f in findings(*GOOD, whole) if "without a value" in f.message]


MISTAKE = criterion("mistake", -6, kind="mistake", labels=LABELS, field="decision",
                    given=["block", "release"], right=LABELS)  # fmt: skip


def test_an_empty_answer_that_beats_wrong_ones_is_found():
    found = only(findings(DECISION, LAYOUT, SEVERAL, MISTAKE), "empty answer")
    assert (found.severity, found.criterion_id) == ("warn", None)
    assert "50% of the way from the worst score to the best" in found.message
    assert "penalties smaller" in found.fix


def test_penalties_that_wrong_answers_escape_do_not_pay_an_empty_answer():
    found = findings(DECISION, LAYOUT, SEVERAL.with_changes(points=-5))
    assert not [f for f in found if "empty answer" in f.message]


def test_a_criterion_that_emptiness_meets_pays_an_empty_answer():
    loose = criterion("loose", 4, "form", kind="pattern", pattern="x*")
    made = Rubric(criteria=(DECISION, loose))
    found = only(findings(*made.criteria), "empty answer")
    assert "earns 44% of what your own answers earn" in found.message
    told = {one.name: one.share for one in spring(made, EXAMPLES)}
    assert told["empty"] == pytest.approx(4 / 9), "where tricks are tried it is the same share"


def test_references_without_full_points():
    changed = [EXAMPLES[0].with_changes(reference="Decision: call"), *EXAMPLES[1:]]
    found = only(findings(*GOOD, examples=changed), "own answers to 1 case (e0)")
    assert found.severity == "warn"


def test_wrong_answers_in_the_right_form():
    heavy = LAYOUT.with_changes(points=5)
    found = only(findings(DECISION, heavy), "would pay half")
    assert found.severity == "warn"


def test_little_substance():
    found = only(findings(DECISION, LAYOUT.with_changes(points=6)), "what the answer says")
    assert found.severity == "warn"
    assert "45%" in found.message


def test_one_criterion_swamps_the_others():
    found = only(findings(DECISION.with_changes(points=20), LAYOUT), "carries 91%")
    assert (found.severity, found.criterion_id) == ("warn", "decision")


def test_a_lone_criterion_swamps_nothing():
    assert findings(DECISION) == []


def test_a_fault_that_gives_points():
    found = only(findings(DECISION, LAYOUT, SEVERAL.with_changes(points=1)), "met by a fault")
    assert (found.severity, found.criterion_id) == ("warn", "several")


@pytest.mark.parametrize(
    ("text", "points", "check", "said"),
    [
        ("Invents a citation", 2, {"kind": "citation"}, "reads like a fault"),
        ("The answer is rude", 2, {"kind": "citation"}, "reads like a fault"),
        ("Does not invent a citation", 2, {"kind": "citation"}, ""),
        ("Decides", -3, {"kind": "label", "labels": LABELS, "field": "decision"}, "are right by"),
        ("Misses the decision", -3, {"kind": "several_labels", "labels": LABELS}, ""),
    ],
)  # fmt: skip
def test_points_that_go_the_other_way_than_the_rule(text, points, check, said):
    tried = criterion("tried", points, **check).with_changes(text=text)
    found = [f.message for f in findings(*GOOD, tried, examples=EXAMPLES[:2])]
    signs = [m for m in found if "reads like a fault" in m or "right by its check" in m]
    assert (said in signs[0]) if said else not signs


def test_a_sentence_that_must_be_said_word_for_word_is_warned_about():
    reason = criterion("reason", 1, kind="contains_all", field="reason")
    long = [e.with_changes(fields=e.fields | {"reason": f"{e.id} binds only one of the two sides"},
                           reference=f"{e.reference}\n{e.id} binds only one of the two sides")
            for e in EXAMPLES]  # fmt: skip
    assert "your very words" in only(findings(*GOOD, reason, examples=long), "very words").message
    short = [e.with_changes(fields=e.fields | {"reason": "one side"}) for e in EXAMPLES]
    assert not [f for f in findings(*GOOD, reason, examples=short) if "very words" in f.message]


def test_own_answers_that_a_criterion_gives_nothing_are_named_however_little_it_is_worth():
    """Among many points a single one does not show in the total."""
    much = [criterion(f"much{i}", 5, kind="length", max_words=9 + i) for i in range(9)]
    quote = criterion("quote", 1, "form", kind="contains_all", phrases=["block"])
    found = only(findings(*GOOD, *much, quote), "gives nothing to your own answers")
    assert (found.criterion_id, found.example_ids) == (
        "quote", ("e1", "e2", "e4", "e5", "e7", "e8"),
    )  # fmt: skip


def test_an_expected_value_that_cannot_be_graded():
    changed = [EXAMPLES[0].with_changes(fields={"decision": "blokc"}), *EXAMPLES[1:]]
    found = only(findings(*GOOD, examples=changed), "could not grade")
    assert found.criterion_id == "decision"
    assert "1 case (e0)" in found.message


@pytest.mark.parametrize(("wrong", "severity"), [(2, "warn"), (6, "stop"), (9, "stop")])
def test_cases_of_which_too_little_can_be_graded_are_named_and_stop_where_they_are_most(
    wrong, severity
):
    blank = [e.with_changes(fields={}) for e in EXAMPLES[:wrong]]
    found = only(findings(*GOOD, examples=[*blank, *EXAMPLES[wrong:]]), "get no points")
    assert (found.severity, f"{wrong} cases (e0, e1" in found.message) == (severity, True)


def test_an_own_criterion_with_an_id_of_the_rubric():
    changed = [EXAMPLES[0].with_changes(criteria=(LAYOUT,)), *EXAMPLES[1:]]
    found = only(findings(*GOOD, examples=changed), "also the id")
    assert (found.severity, found.criterion_id) == ("warn", "layout")


def test_an_own_criterion_that_cannot_be_built():
    own = criterion("own", 1, kind="pattern", pattern="(")
    changed = [EXAMPLES[0].with_changes(criteria=(own,)), *EXAMPLES[1:]]
    found = only(findings(*GOOD, examples=changed), "cannot grade")
    assert (found.severity, found.criterion_id) == ("warn", "own")
    assert "1 case (e0)" in found.message


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (criterion("own", 1, kind="telepathy"), 'not know the check "Telepathy"'),
        (criterion("own", 1, kind="exact", field="amount"), 'no "amount" to compare with'),
        (criterion("own", 0, kind="length", max_words=9), "0 points"),
    ],
)
def test_an_own_criterion_that_cannot_grade_is_told_before_training(own, said):
    changed = [EXAMPLES[0].with_changes(criteria=(own,)), *EXAMPLES[1:]]
    assert said in only(findings(*GOOD, examples=changed), "cannot grade").message
    off = [EXAMPLES[0].with_changes(criteria=(own.with_changes(enabled=False),)), *EXAMPLES[1:]]
    assert findings(*GOOD, examples=off) == []


def test_parts_of_an_own_formula_need_no_points():
    own = (
        criterion("brief", 0, kind="length", max_words=9),
        criterion("both", 1, kind="formula", formula="min(brief, layout)"),
    )
    changed = [EXAMPLES[0].with_changes(criteria=own), *EXAMPLES[1:]]
    assert not [f for f in findings(*GOOD, examples=changed) if "cannot grade" in f.message]
    off = (own[0], own[1].with_changes(enabled=False))
    changed = [EXAMPLES[0].with_changes(criteria=off), *EXAMPLES[1:]]
    assert "0 points" in only(findings(*GOOD, examples=changed), "cannot grade").message


def test_criteria_of_many_cases_that_cannot_grade_are_one_finding_and_say_what_is_lost():
    rules = tuple(criterion(f"rule_{n}", 3, kind="telepathy") for n in range(4))
    some = [e.with_changes(criteria=rules) for e in EXAMPLES[:3]] + EXAMPLES[3:]
    found = findings(*GOOD, examples=some)
    assert "4 criteria, for 3 cases (e0, e1, e2) alone" in only(found, "cannot grade").message
    lost = only(found, "get no points")
    assert (lost.severity, "3 cases (e0, e1, e2)" in lost.message) == ("warn", True)
    every = [e.with_changes(criteria=rules) for e in EXAMPLES]
    assert only(findings(*GOOD, examples=every), "get no points").severity == "stop"


def test_exactly_a_fifth_that_cannot_be_graded_leaves_a_score():
    own = criterion("own", 2, kind="telepathy")
    every = [e.with_changes(criteria=(own,)) for e in EXAMPLES]
    found = findings(DECISION, LAYOUT, SEVERAL, examples=every)
    assert "cannot grade" in " ".join(f.message for f in found)
    assert not [f for f in found if "get no points" in f.message]
    assert only(findings(*GOOD, own), "does not know the check").severity == "warn"


@pytest.mark.parametrize("kind", ["meaning", "overlap"])
def test_points_mostly_for_sounding_alike_are_warned_about(kind):
    alike = criterion("alike", 6, kind=kind)
    assert "55% of the points" in only(findings(DECISION, alike), "sounding like").message
    few = findings(DECISION, alike.with_changes(points=4))
    assert not [f for f in few if "sounding like" in f.message]


def test_what_stops_comes_first():
    zero, one = criterion("zero", 0, kind="length"), criterion("one", 1, kind="citation")
    found = findings(DECISION.with_changes(points=20), zero, one)
    assert [f.severity for f in found] == sorted(f.severity for f in found)
    assert {f.severity for f in found} == {"stop", "warn"}


def test_examples_without_references_are_no_trouble():
    assert findings(*GOOD, examples=[e.with_changes(reference=None) for e in EXAMPLES]) == []


def test_a_rubric_with_everything_switched_off():
    off = [c.with_changes(enabled=False) for c in GOOD]
    assert only(findings(*off), "switched off").severity == "stop"


def test_what_is_switched_off_is_not_looked_at():
    assert findings(*GOOD, criterion("zero", 0, kind="length").with_changes(enabled=False)) == []


def test_a_tag_that_no_case_has():
    found = only(findings(*GOOD, LAYOUT.with_changes(id="odd", tags=["letter"])), "there are none")
    assert (found.severity, found.criterion_id) == ("warn", "odd")


def test_cases_that_no_criterion_gives_points_for():
    tagged = [e.with_changes(tags=("letter",)) if i else e for i, e in enumerate(EXAMPLES)]
    rubric = [c.with_changes(tags=["letter"]) for c in GOOD]
    found = only(findings(*rubric, examples=tagged), "No criterion gives points")
    assert found.severity == "warn"
    assert "1 case (e0)" in found.message


def test_an_expected_value_is_missing_only_where_the_criterion_counts():
    bare = [e.with_changes(fields={}) if i < 2 else e for i, e in enumerate(EXAMPLES)]
    tagged = [e.with_changes(tags=("letter",)) if i else e for i, e in enumerate(bare)]
    rubric = (DECISION.with_changes(tags=["letter"]), LAYOUT, SEVERAL)
    found = only(findings(*rubric, examples=tagged), 'reads "decision"')
    assert "1 case (e1)" in found.message


def test_a_criterion_that_no_expert_answer_meets():
    never = criterion("never", 1, kind="contains_any", phrases=["hereby"])
    found = only(findings(*GOOD, never), "met by none of your own answers")
    assert (found.severity, found.criterion_id) == ("warn", "never")


def test_a_penalty_that_every_expert_answer_gets():
    fault = criterion("fault", -1, "form", kind="forbidden", phrases=["Decision"])
    found = only(findings(*GOOD, fault), "takes points from every one")
    assert found.criterion_id == "fault"
    assert found.fix.startswith("Mend the check")


@pytest.mark.parametrize("marks", ['""', "“”"])
def test_quotation_marks_of_a_rule_are_single_in_a_message(marks):
    rule = f"Does not mention {marks[0]}refund{marks[1]}"
    never = criterion(rule, 2, "form", kind="forbidden", phrases=["refund"])
    found = only(findings(*GOOD, never), "met by a fault")
    assert found.message.startswith('"Does not mention ‘refund’" is met by a fault')


def test_a_penalty_that_reads_like_a_reward_is_first_advised_to_be_one():
    wanted = criterion("Answers in one sentence", -1, "form", kind="length", max_sentences=1)
    found = only(findings(*GOOD, wanted), "takes points from every one")
    assert found.fix.startswith("Make its points positive, ")


def test_a_criterion_that_wrong_answers_meet_as_well():
    easy = criterion("easy", 1, kind="contains_any", phrases=["Decision"])
    found = only(findings(*GOOD, easy), "met by every answer that was tried")
    assert (found.severity, found.criterion_id) == ("warn", "easy")


def test_a_layout_may_be_met_by_wrong_answers_but_not_by_any_text():
    assert findings(*GOOD) == []
    loose = criterion("loose", 1, "form", kind="pattern", pattern="x*")
    assert only(findings(*GOOD, loose), "met by every answer").criterion_id == "loose"


@pytest.mark.parametrize(
    ("instruction", "is_found"),
    [
        ("Say block, call or release. Decision: release", False),
        ("Name the decision and a reason, in words such as because.", True),
        ("", False),
    ],
)
def test_an_instruction_that_would_pass_as_an_answer(instruction, is_found):
    rules = [criterion("reason", 2, kind="contains_any", phrases=["because"])] if is_found else GOOD
    reasoned = [e.with_changes(reference=f"{e.reference} because {e.id}") for e in EXAMPLES]
    found = lint(Rubric(criteria=rules), reasoned if is_found else EXAMPLES, instruction)
    messages = [f.message for f in found if "instruction's own text" in f.message]
    assert len(messages) == is_found
    assert all("earns 100%" in message for message in messages)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": " Decision ", "check": {"kind": "length", "max_words": 9}}, "has the same text"),
        ({"text": "Other"}, "is checked in the same way"),
        ({"text": "Other", "points": -5}, "is checked in the same way"),
        ({"text": "Other", "check": {"kind": "label", "labels": [*LABELS[::-1], "cannot tell"],
                                     "field": "decision"}}, "is checked in the same way"),
        ({"check": {"kind": "label", "labels": LABELS, "field": "decision", "line": None}},
         "is checked in the same way"),
    ],
)  # fmt: skip
def test_a_criterion_that_is_there_twice(change, words):
    found = only(findings(*GOOD, DECISION.with_changes(id="again", **change)), words)
    assert (found.severity, found.criterion_id) == ("warn", "again")
    assert '"decision"' in found.message


def test_the_same_rule_for_different_cases_is_no_trouble():
    tagged = [e.with_changes(tags=("a" if i % 2 else "b",)) for i, e in enumerate(EXAMPLES)]
    both = [DECISION.with_changes(id=t, text="Decides", tags=[t]) for t in ("a", "b")]
    assert findings(*both, LAYOUT, SEVERAL, examples=tagged) == []
    overlapping = [both[0], both[1].with_changes(tags=["a", "b"])]
    only(findings(*overlapping, LAYOUT, SEVERAL, examples=tagged), "is checked in the same way")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Names the deadline and quotes the clause", True),
        ("Is polite and never blames the customer", True),
        ("Cite the clause and explain why it applies", True),
        ("Gives the amount as well as states the currency", True),
        ("The answer names the deadline and quotes the clause", True),
        ("The quote has ten words and the decision is one of the three", True),
        ("Names the deadline; it also quotes the clause", True),
        ("Names the deadline & cites the clause", True),
        ("Identifies the risk, recommends an action", True),
        ("Calculates the tax and rounds it to cents", True),
        ("Names the deadline, if there is one", False),
        ("The answer names the date and the amount", False),
        ("Names the date and the amount", False),
        ("Lists names and notes of the patient", False),
        ("Answers in exactly three lines: quote, kind and decision", False),
        ("Says “no and gives the reason”", False),
        ("and", False),
    ],
)
def test_a_rule_that_asks_for_two_things(text, is_found):
    found = findings(DECISION.with_changes(text=text), LAYOUT, SEVERAL)
    assert [f.criterion_id for f in found if "two things in one" in f.message] == (
        ["decision"] if is_found else []
    )


ASKED = criterion("asked", 5, kind="judge", question="Is it well said?")


@pytest.mark.parametrize(("points", "severity"), [(1, "warn"), (5, "stop")])
def test_a_question_without_an_ai_grader_is_told_and_stops_where_too_little_is_left(
    points, severity
):
    found = only(findings(*GOOD, ASKED.with_changes(points=points)), "No AI grader is set up")
    assert (found.severity, found.criterion_id) == (severity, "asked")
    own = [EXAMPLES[0].with_changes(criteria=(ASKED,)), *EXAMPLES[1:]]
    assert "No AI grader is set up" in only(findings(*GOOD, examples=own), "cannot grade").message
    assert has_no_check(ASKED)


def test_for_a_kept_grader_that_asks_a_model_a_question_is_named_instead():
    kept = criterion("kept", 1, kind="openai_score_model", grader={})
    assert "such as “A question to the AI grader”," in only(findings(*GOOD, kept), "be graded").fix
    other = criterion("kept", 1, kind="openai_endpoint", grader={})
    assert "AI grader" not in only(findings(*GOOD, other), "be graded").fix


def test_with_an_ai_grader_a_question_is_fine_and_is_not_asked(ai_grader: GraderServer):
    assert findings(*GOOD, ASKED) == []
    own = [EXAMPLES[0].with_changes(criteria=(ASKED,)), *EXAMPLES[1:]]
    assert findings(*GOOD, examples=own) == []
    assert findings(ASKED) == []
    only_form = findings(ASKED, LAYOUT)
    assert not [f for f in only_form if "wrong answers earn" in f.message], "it would tell them"
    assert not has_no_check(ASKED) and ai_grader.asked == []


def test_the_tricks_that_pay_are_those_that_the_page_of_tricks_names():
    made = Rubric(criteria=(DECISION, LAYOUT.with_changes(points=5)))
    split = [e.with_changes(split="train" if i % 2 else "heldout") for i, e in enumerate(EXAMPLES)]
    paying = [one for one in spring(made, [e for e in split if e.split == "train"]) if one.slips]
    found = only(findings(*made.criteria, examples=split), "would pay half")
    assert found.message.startswith(f"{len(paying)} tricks would pay half of what your own")
    assert all(f"{one.title.lower()} ({one.share:.0%})" in found.message for one in paying)
