"""Labels: reading the one that is meant, noticing several, naming mistakes."""

import pytest

from rft_core.checks import Unscored, build
from rft_core.checks.wording import clean
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Example

DECISIONS = ["release", "call", "block", "cannot tell"]
KINDS = ["impersonation", "investment", "romance", "purchase", "invoice", "none"]


def example(**fields):
    return Example(id="e", prompt="case", fields=fields)


def read_label(answer, labels, **more):
    check = CheckSpec(kind="label", labels=labels, field="decision", **more)
    return build(check).decided(clean(answer))


def value(answer, expected, **check):
    check = {"kind": "label", "labels": DECISIONS, "field": "decision", **check}
    return build(CheckSpec(**check)).grade(answer, example(decision=expected)).value


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("block", "block"),
        ("BLOCK.", "block"),
        ("**block**", "block"),
        ("_block_", "block"),
        ("Decision: block\nKind: none", "block"),
        ("I would block it. Yes, block.", "block"),
        ("Cannot\ntell", "cannot tell"),
        ("block or call", None),
        ("blocked", None),
        ("do not block", None),
        ("", None),
        ("no idea", None),
        ('Decision: block\nQuote: "asked for a call"', "block"),
        ("Decision: block\nQuote: “asked for a call”", "block"),
        ("Decision: block\nQuote: „ask for a call“", "block"),
        ('Decision: block\nQuote: "cut off after call', "block"),
        ('Quote: "asked for a call"', None),
        ('"block"', "block"),
        ('{"decision": "block"}', "block"),
        ('{"decision": "block", "or": "call"}', None),
    ],
)
def test_read_label(answer, label):
    assert read_label(answer, DECISIONS) == label


@pytest.mark.parametrize(
    "answer",
    [
        "Our position: we do not accept",
        "We cannot accept this clause.",
        "We can not accept it.",
        "We don't accept. We don’t ever accept.",
        "We never accept this",
        "Our position: no accept",
        "No accept",
        "We refuse to accept this; we are unable to accept it",
        "neither accept nor negotiate",
        "not to accept",
        "non-accept",
        'We do not "accept".',
    ],
)
def test_a_negated_choice_is_not_named(answer):
    labels = ["accept", "negotiate", "escalate"]
    assert read_label(answer, labels) is None
    check = CheckSpec(kind="label", labels=labels, field="decision", line="Our position")
    verdict = build(check).grade(answer, example(decision="accept"))
    assert verdict.value == 0
    assert "Names none of the choices" in verdict.reason


def test_the_reason_shows_the_negated_choice():
    check = build(CheckSpec(kind="label", labels=["accept", "reject"], field="decision"))
    reason = check.grade("We don't accept this.", example(decision="accept")).reason
    assert reason == 'Names none of the choices ("not accept" is none); expected "accept".'


@pytest.mark.parametrize(
    ("answer", "labels", "label"),
    [
        ("not eligible", ["eligible", "not eligible"], "not eligible"),
        ("She is eligible.", ["eligible", "not eligible"], "eligible"),
        ("do not pay", ["pay", "do not pay"], "do not pay"),
        ("Decision: no action", ["action", "no action"], "no action"),
        ("cannot tell", ["accept", "cannot tell"], "cannot tell"),
        ("not cannot tell", ["accept", "cannot tell"], None),
        ("non-compliant", ["compliant", "non-compliant"], "non-compliant"),
        ("no: accept is wrong", ["yes", "no"], "no"),
        ("It is not, accept it.", ["accept", "reject"], "accept"),
        ("Do not accept, negotiate", ["accept", "negotiate"], "negotiate"),
        ("Covered: no\nGroup: 1", ["1", "2"], "1"),
        ("Final answer: no\n1", ["1", "2"], "1"),
        ("It bears no liability", ["liability", "fees"], "liability"),
    ],
)
def test_a_negation_in_a_choice_or_elsewhere_does_not_count(answer, labels, label):
    assert read_label(answer, labels) == label


def test_a_negated_choice_is_no_second_choice_and_no_mistake():
    several = build(CheckSpec(kind="several_labels", labels=DECISIONS))
    assert several.grade("Do not release, block it", example()).value == 0
    mistake = {"kind": "mistake", "given": ["release"], "right": ["block"]}
    assert value("do not release", "block", **mistake) == 0


def test_a_check_of_a_line_says_what_it_reads_without_one():
    check = build(CheckSpec(kind="label", labels=DECISIONS, field="decision", line="Decision"))
    assert "anywhere in the answer where it has no such line" in check.describe()


def test_quotes_can_be_read_too():
    assert read_label('block "the call"', DECISIONS, ignore_quotes=False) is None


def test_the_longest_label_wins_where_one_is_part_of_another():
    labels = ["call", "call back", "back"]
    assert read_label("Please call back.", labels) == "call back"
    assert read_label("Please call.", labels) == "call"


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("Decision: block\nWhy: a call came", "block"),
        ("**Decision:** block\nWhy: call", "block"),
        ("> - decision : block\ncall", "block"),
        ("I would block it", "block"),
        ("Decision:\nblock", "block"),
        ("Decision: block\nDecision: call", None),
        ("Decision: perhaps\nWhy: call", None),
    ],
)
def test_a_named_line_is_read_alone_where_there_is_one(answer, label):
    assert read_label(answer, DECISIONS, line="Decision") == label


@pytest.mark.parametrize(
    ("answer", "expected", "points"),
    [
        ("block", "block", 1),
        ("block", "BLOCK ", 1),
        ("block", "call", 0),
        ("block and call", "block", 0),
        ("", "block", 0),
        ("call", ["call", "block"], 1),
    ],
)
def test_label(answer, expected, points):
    assert value(answer, expected) == points


def test_two_label_checks_read_one_answer():
    answer = 'Decision: block\nKind: impersonation\nQuote: "move it to a safe account"'
    kind = build(CheckSpec(kind="label", labels=KINDS, field="kind"))
    assert value(answer, "block") == 1
    assert kind.grade(answer, example(kind="impersonation")).value == 1


@pytest.mark.parametrize("fields", [{}, {"decision": None}, {"decision": " "}, {"decision": []}])
def test_a_missing_expected_label_is_unscored(fields):
    check = build(CheckSpec(kind="label", labels=DECISIONS, field="decision"))
    with pytest.raises(Unscored):
        check.grade("block", example(**fields))


def test_an_expected_value_that_is_no_label_is_unscored():
    with pytest.raises(Unscored, match="none of the choices"):
        value("block", "blokc")


@pytest.mark.parametrize(
    ("answer", "points"),
    [("block or call", 1), ("block, block", 0), ("", 0), ('block "call"', 0), ("x", 0)],
)
def test_several_labels(answer, points):
    assert value(answer, "block", kind="several_labels") == points


@pytest.mark.parametrize(
    ("answer", "expected", "points"),
    [
        ("release", "block", 1),
        ("release", "call", 1),
        ("release", "release", 0),
        ("release", "cannot tell", 0),
        ("call", "block", 0),
        ("release or block", "block", 0),
        ("", "block", 0),
    ],
)
def test_mistake(answer, expected, points):
    check = {"kind": "mistake", "given": ["release"], "right": ["call", "block"]}
    assert value(answer, expected, **check) == points


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([], "not filled in"),
        (["a", " "], "empty"),
        (["Block", "block"], "the same"),
        (["cannot tell", "cannot  tell"], "the same"),
    ],
)
def test_bad_labels_are_refused(labels, message):
    with pytest.raises(InputError, match=message):
        build(CheckSpec(kind="several_labels", labels=labels))


def test_a_mistake_must_speak_of_the_labels():
    with pytest.raises(InputError, match="is not among"):
        build(
            CheckSpec(kind="mistake", labels=DECISIONS, field="d", given=["free"], right=["block"])
        )
