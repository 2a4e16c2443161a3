"""Reading words, passages and lines."""

import unicodedata

import pytest

from rft_core.checks.wording import (
    clean,
    count_words,
    holds,
    line_rest,
    listing,
    passages,
    shown,
    tokens,
    without_passages,
)
from rft_core.settings import MAX_TEXT_CHARS


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("Move it to a SAFE  account.", "safe account", True),
        ("an unsafe accounting", "safe account", False),
        ("He said he\u2019d pay", "he'd pay", True),
        ("written in C++.", "C++", True),
        ("written in C++.", "C#", False),
        ("これは漢字です", "漢字", True),
        ("Straße", "STRASSE", True),
        ("cafe\u0301 noir", "caf\u00e9", True),
        ("anything", "", False),
        ("anything", " \u00a0 ", False),
        ("", "word", False),
        ("release_date", "release", True),
        ("prerelease", "release", False),
    ],
)
def test_holds_whole_words_only(text, phrase, found):
    assert holds(text, phrase) is found


def test_holds_can_mind_capital_letters():
    assert holds("Safe Account", "Safe Account", fold=False)
    assert not holds("Safe Account", "safe account", fold=False)


def test_passages_in_all_usual_marks():
    text = 'a "one" b “two\nlines” c „drei“ d «quatre»'
    assert passages(text) == ["one", "two\nlines", "drei", "quatre"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"clause 9 says that "the tenant pays""', ['clause 9 says that "the tenant pays"']),
        ('"he "shall" pay", "rent"', ['he "shall" pay', "rent"]),
        ('""he" pays" and ("she", too)', ['"he" pays', "she"]),
        ("“clause 9 says “pay””, «a «b» c»", ["clause 9 says “pay”", "a «b» c"]),
        ('“he said "pay"” “x"y”', ['he said "pay"', 'x"y']),
        ('"never closed "inside" here', ['never closed "inside']),
        ('of 5" pipes and "the tenant"', ["the tenant"]),
        ('{"a":"b","c": "", "d": ["e.","f"]}', ["a", "b", "c", "", "d", "e.", "f"]),
        ('"clause 9 says ", "pay "', ["clause 9 says ", "pay "]),
        ('他说"你好"吧"', ["你好"]),
    ],
)
def test_of_passages_inside_passages_the_outer_ones_are_read(text, found):
    assert passages(text) == found


def test_a_straight_quotation_mark_left_open_ends_with_its_line():
    assert "block" in without_passages('Quote: "never closed call\nDecision: block')
    assert "call" not in without_passages('Quote: "never closed call\nDecision: block')


def test_line_rest_reads_named_lines_in_any_dress():
    text = "intro\n**Decision:** block\n- kind: none\nKind of: x"
    assert line_rest(text, "decision") == "block"
    assert line_rest(text, "Kind") == "none"
    assert line_rest(text, "Quote") is None
    assert line_rest("Decision:\nblock", "Decision") is None
    assert line_rest("Decision: a\nDecision: b", "Decision:") == "a\nb"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("...", 0), ("don't pay 1,250 – ever", 4), ("follow-up", 1), ("漢字です", 4)],
)
def test_count_words(text, words):
    assert count_words(text) == words


def test_shown_is_one_short_line():
    assert shown("a\n b") == '"a b"'
    assert len(shown("word " * 100)) <= 62


def test_listing():
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"], "or") == "a, b or c"


def test_clean_caps_and_replaces_half_characters():
    assert clean("x" * (MAX_TEXT_CHARS + 5)) == "x" * MAX_TEXT_CHARS
    assert clean("a\ud800b") == "a?b"
    assert clean("é") == "é"


def test_a_name_without_letter_and_digit_names_no_line():
    assert line_rest(": x\n*: y\n_: z", ":") is None
    assert line_rest("*: y", "*") is None


def test_many_marks_on_a_letter_are_read_alike_with_words_around_them():
    long = "e" + "\u0301\u0323" * 200
    assert holds(f"cafe\u0301 {long} ende\u0301", "caf\u00e9")
    assert holds(f"cafe\u0301 {long} ende\u0301", "end\u00e9")
    assert holds(f"a {long} b", f"{long} B")


def test_marks_are_put_in_order_in_short_runs(monkeypatch):
    read = []
    normalize = unicodedata.normalize
    monkeypatch.setattr(
        unicodedata, "normalize", lambda form, text: read.append(text) or normalize(form, text)
    )
    tokens("safe account e" + "\u0301\u0323" * 10_000 + " é")
    marks = [sum(map(unicodedata.combining, text)) > 0 and len(text) for text in read]
    assert max(marks) <= 100


@pytest.mark.parametrize(
    "mark",
    [
        '"',
        "“",
        "„",
        "«",
        "a ",
        "“„",
        "“\n„\n",
        "é“",
        'é"',
        ' "a',
        '"«',
        "’",
        "é" * 5 + " ",
        "\n",
        "e\u0301\u0323\u0301",
        "\u0301\u0323",
    ],
)
def test_long_hostile_text_is_read(mark):
    text = (mark * MAX_TEXT_CHARS)[:MAX_TEXT_CHARS]
    assert sum(map(len, passages(text))) <= MAX_TEXT_CHARS
    assert len(without_passages(text)) <= 2 * MAX_TEXT_CHARS
    assert line_rest(text, "Decision") is None
    assert not holds(text, text[: MAX_TEXT_CHARS // 2] + "b")
