"""Exact, phrases, pattern and length."""

import pytest
from hypothesis import given
from hypothesis.strategies import text

from rft_core.checks import Unscored, build
from rft_core.checks import text as text_checks
from rft_core.checks.wording import tokens
from rft_core.errors import InputError
from rft_core.records import CheckSpec, Example


def grade(answer, fields=None, **check):
    return build(CheckSpec(**check)).grade(
        answer, Example(id="e", prompt="case", fields=fields or {})
    )


@pytest.mark.parametrize(
    ("answer", "expected", "value"),
    [
        ("block", "block", 1),
        ("  BLOCK \n", "block", 1),
        ("cannot   tell", "Cannot tell", 1),
        ("block it", "block", 0),
        ("", "block", 0),
        ("5", 5, 1),
        ("5", 5.0, 1),
        ("b", ["a", "b"], 1),
        ("c", ["a", "b"], 0),
    ],
)
def test_exact(answer, expected, value):
    assert grade(answer, {"d": expected}, kind="exact", field="d").value == value


def test_exact_says_what_it_read_and_what_it_wanted():
    verdict = grade("block", {"d": "call"}, kind="exact", field="d")
    assert verdict.reason == 'Says "block"; expected "call".'


def test_exact_against_a_text_and_with_capital_letters():
    assert grade("Yes", kind="exact", text="yes").value == 1
    assert grade("Yes", kind="exact", text="yes", case_sensitive=True).value == 0


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        ("contains_all", "a safe account and gift cards", 1),
        ("contains_all", "gift cards only", 0.5),
        ("contains_all", "nothing", 0),
        ("contains_all", "unsafe accounts, gift cardsharp", 0),
        ("contains_any", "GIFT  CARDS", 1),
        ("contains_any", "nothing", 0),
        ("forbidden", "buy gift cards", 1),
        ("forbidden", "nothing of the kind", 0),
        ("forbidden", "", 0),
    ],
)
def test_phrases(kind, answer, value):
    phrases = ["safe account", "gift cards"]
    assert grade(answer, kind=kind, phrases=phrases).value == value
    assert grade(answer, {"keys": phrases}, kind=kind, field="keys").value == value


@pytest.mark.parametrize(
    ("kind", "answer", "value"),
    [
        ("contains_all", "Decision: gift cards,\na safe account\nWhy: none", 1),
        ("contains_all", "Decision: gift cards\nWhy: a safe account", 0.5),
        ("contains_all", "a safe account and gift cards", 0),
        ("contains_any", "Why: gift cards\nDecision: a safe account", 1),
        ("contains_any", "Why: gift cards\nDecision: none", 0),
        ("contains_any", "gift cards", 0),
        ("forbidden", "Why: none\nDecision: gift cards", 1),
        ("forbidden", "Why: gift cards\nDecision: none", 0),
        ("forbidden", "gift cards", 1),
        ("forbidden", "none", 0),
    ],
)
def test_phrases_on_one_line(kind, answer, value):
    phrases = ["safe account", "gift cards"]
    assert grade(answer, kind=kind, phrases=phrases, line="decision").value == value


@pytest.mark.parametrize("line", ["Decision:", " Decision : "])
def test_the_name_of_a_line_may_be_written_with_its_colon(line):
    check = {"kind": "contains_all", "phrases": ["a"], "line": line}
    assert 'what follows "Decision:" contains' in build(CheckSpec(**check)).describe()
    assert grade("Decision: a", **check).value == 1


def test_phrases_on_one_line_are_read_back():
    check = {"phrases": ["a", "b"], "line": "Decision"}
    said = [
        build(CheckSpec(kind=kind, **check)).describe()
        for kind in ("contains_all", "contains_any", "forbidden")
    ]
    where = 'what follows "Decision:"'
    assert said == [
        f'Met when {where} contains "a" and "b"; some of them earn a share.',
        f'Met when {where} contains at least one of "a" or "b".',
        f'Counts as a fault when {where} contains any of "a" or "b".',
    ]
    assert grade("a b", kind="contains_all", **check).reason == 'Has no line "Decision:".'


@pytest.mark.parametrize("kind", ["contains_all", "contains_any", "forbidden"])
def test_an_answer_is_taken_apart_once_for_all_phrases(kind, monkeypatch):
    read = []
    monkeypatch.setattr(text_checks, "tokens", lambda answer: read.append(answer) or tokens(answer))
    grade("an answer", kind=kind, phrases=[f"phrase {n}" for n in range(200)])
    assert read.count("an answer") == 1


def test_a_single_text_in_a_field_is_one_phrase():
    assert grade("the PIN is", {"k": "PIN"}, kind="contains_all", field="k").value == 1


def test_an_empty_list_cannot_be_graded_unless_it_forbids_nothing():
    for kind in ("contains_all", "contains_any"):
        with pytest.raises(Unscored, match="lists nothing"):
            grade("x", {"k": []}, kind=kind, field="k")
    assert grade("x", {"k": []}, kind="forbidden", field="k").value == 0


@pytest.mark.parametrize(
    ("parameters", "answer", "value"),
    [
        ({"pattern": r"Decision: (block|call)"}, "x Decision: call y", 1),
        ({"pattern": r"Decision: (block|call)", "whole": True}, "Decision: call\n", 1),
        ({"pattern": r"Decision: (block|call)", "whole": True}, "Decision: call y", 0),
        ({"pattern": "a|ab", "whole": True}, "ab", 1),
        ({"pattern": "decision"}, "DECISION", 0),
        ({"pattern": "decision", "ignore_case": True}, "DECISION", 1),
        ({"pattern": "décision"}, "une décision", 1),
        ({"pattern": "x"}, "", 0),
    ],
)
def test_pattern(parameters, answer, value):
    assert grade(answer, kind="pattern", **parameters).value == value


@pytest.mark.parametrize("pattern", ["(a", "(?=a)b", r"(a)\1", "*", "a{5000}", "((a{999}){999})"])
def test_a_pattern_that_re2_refuses_is_a_sentence(pattern, capfd):
    with pytest.raises(InputError, match="is refused") as caught:
        build(CheckSpec(kind="pattern", pattern=pattern))
    assert "look-ahead" in str(caught.value)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("parameters", "answer", "value"),
    [
        ({"min_words": 3}, "one two", 0),
        ({"min_words": 3}, "one two three", 1),
        ({"max_words": 2}, "one two three", 0),
        ({"max_words": 2}, "one two", 1),
        ({"max_words": 2}, "", 0),
        ({"max_words": 2}, "...", 0),
        ({}, "word", 1),
        ({"min_words": 2, "max_words": 2}, "1,250 euros", 1),
        ({"max_words": 2, "line": "Why"}, "Decision: yes, at once\nWhy: new fees", 1),
        ({"max_words": 2, "line": "Why"}, "**why:** new fees\nand so on\nDecision: yes", 0),
        ({"max_words": 4, "line": "Why"}, "Why: new fees\nand so on", 0),
        ({"max_words": 2, "line": "Why"}, "Why: new fees\nWhy: more of them", 0),
        ({"max_words": 2, "line": "Why"}, "Why:\nDecision: yes", 0),
        ({"max_words": 9, "line": "Why"}, "New fees", 0),
    ],
)
def test_length(parameters, answer, value):
    assert grade(answer, kind="length", **parameters).value == value


def test_length_says_how_many_words():
    verdict = grade("one", kind="length", min_words=2, max_words=5)
    assert verdict.reason == "Has 1 word; expected 2 to 5 words."


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"Quote: .+\nKind\ of\ clause: .+\nDecision: .+",
         'Met when the answer is the lines "Quote: …", "Kind of clause: …" and "Decision: …", in '
         "this order, and nothing else."),
        (r'Quote: "[^"\n]+"' "\nType: (fees|un\\-paid data)\nDecision: (?:accept|cannot tell)",
         'Met when the answer is the lines "Quote: …", "Type: fees or un-paid data" and '
         '"Decision: accept or cannot tell", in this order, and nothing else.'),
        (r"Advice: [\s\S]+", 'Met when the answer is the line "Advice: …", and nothing else.'),
        (r"Decision: [ab]", 'Met when the answer is "Decision: ", then "a" or "b".'),
    ],
)  # fmt: skip
def test_a_layout_of_named_lines_is_read_back_in_words(pattern: str, said: str) -> None:
    check = build(CheckSpec(kind="pattern", pattern=pattern, whole=True))
    assert check.describe() == said


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"^Section \d+(\.\d+)?$",
         'is "Section ", then one or more digits, then perhaps "." and one or more digits'),
        (r"\d{4}-\d{2}", 'contains 4 digits, then "-", then 2 digits'),
        (r"^colou?r", 'begins with "colo", then perhaps "u", then "r"'),
        (r"[A-Z]{2,4} +.+[.;]$",
         "ends with 2 to 4 capital letters, then one or more spaces, then some text, then "
         '"." or ";"'),
        (r"\bfees\b", 'contains "fees", as a word'),
        (r"yes|no", 'contains "yes" or "no"'),
        (r"a{2,}|\$", r'contains text of the form "a{2,}|\$"'),
        (r"^yes|no$", 'contains text of the form "^yes|no$"'),
        (r"(?:ab)+", 'contains text of the form "(?:ab)+"'),
        (r"[^x]\pL", r'contains text of the form "[^x]\pL"'),
    ],
)  # fmt: skip
def test_a_plain_pattern_is_read_back_in_words_and_any_other_as_it_is(
    pattern: str, said: str
) -> None:
    check = build(CheckSpec(kind="pattern", pattern=pattern))
    assert check.describe() == f"Met when the answer {said}."
    folded = build(CheckSpec(kind="pattern", pattern=pattern, ignore_case=True))
    assert folded.describe() == f"Met when the answer {said}, in any letter case."


@given(text(alphabet=r"ab1.*+?^$()[]{}|\\dwsbz-,\n ", min_size=1, max_size=20))
def test_any_pattern_that_is_taken_is_read_back(pattern: str) -> None:
    try:
        check = build(CheckSpec(kind="pattern", pattern=pattern))
    except InputError:
        return
    assert check.describe().startswith("Met when the answer ")


def test_of_a_very_long_expected_value_the_beginning_is_read():
    fields = {"k": ["a" * 60_000, "b" * 60_000, "c"]}
    check = build(CheckSpec(kind="contains_any", field="k"))
    wanted = check._wanted(Example(id="e", prompt="case", fields=fields))
    assert [len(text) for text in wanted] == [60_000, 40_000]
    many = {"k": [f"w{n}" for n in range(5_000)]}
    assert grade("w4999", many, kind="exact", field="k").value == 0
    assert grade("w999", many, kind="exact", field="k").value == 1
