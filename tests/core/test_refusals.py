"""What is said of files that cannot be used: their place and what to do, in plain words."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rft_core.cli import answer_row
from rft_core.errors import InputError
from rft_core.examples.documents import text_of
from rft_core.examples.folder import read_project
from rft_core.examples.importing import read_examples
from rft_core.rubric.files import read_rubric
from rft_core.rubric.foreign.intake import read_rubric_file

PROGRAMMERS_WORDS = re.compile(
    r"[a-z](?:Error|Exception)\b|\btuple\b|\bdict(?:ionary)?\b|\bfloat\b|\binteger\b|\bstring\b"
    r"|\bboolean\b|\bNone\b|\bTrue\b|\bFalse\b|Input should|should be a valid|unable to parse"
    r"|Extra (?:data|inputs)|Expecting|[Dd]elimiter|[Uu]nterminated|control character|surrogate"
    r"|mapping values|[Cc]onstructor|parser|token|indicator|block end|instance of|codec|\bbyte \d"
    r"|int_max|[Ee]rrno|pydantic|validation"
)
CRITERION = {
    "id": "a", "text": "Says yes", "points": 5, "aspect": "substance",
    "check": {"kind": "exact", "text": "yes"},
}  # fmt: skip


def rubric(**changes: Any) -> str:
    return json.dumps({"criteria": [CRITERION | {"id": "first"}, CRITERION | changes]})


def case(**changes: Any) -> str:
    return json.dumps({"id": "c", "prompt": "P"} | changes)


def without(key: str) -> str:
    return json.dumps({"criteria": [{k: v for k, v in CRITERION.items() if k != key}]})


def archive(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(name, data)
    return buffer.getvalue()


SECOND = 'criterion 2 ("Says yes")'
RUBRICS = [
    ("", "is empty"),
    ("Dear colleague, the rules are", 'begins with "Dear colleague, the rules are"'),
    ('{"criteria": [}', "line 1, character 15: a value is missing"),
    ('{"criteria": [] "id": 5}', "a comma is missing"),
    ('{"criteria" []}', "a colon is missing"),
    ('{"criteria": [],}', "the comma before it is one too many"),
    ('{"criteria": []} {', "something follows"),
    ('{"criteria": [{"text": "Says yes}]}', "no closing quotation mark"),
    ('{"criteria": [{"text": "Says\nyes"}]}', "a text holds a line end"),
    ('{"criteria": [{"text": "C:\\d"}]}', "a backslash stands there alone"),
    ('{"criteria": [{"points": ' + "9" * 5000 + "}]}", "too many digits"),
    ('{"criteria": ' + "[" * 100_000, "nested too deeply"),
    ('{"criteria": {}}', '"criteria" is names with values, but should be a list'),
    ('{"criteria": "Says yes"}', '"criteria" is "Says yes", but should be a list'),
    ('{"criteria": [5]}', "criterion 1 is 5, but should be names with values"),
    (without("text"), 'criterion 1 ("a"): "text" is missing'),
    (without("check"), 'criterion 1 ("Says yes"): "check" is missing'),
    (rubric(points="many"), f'{SECOND}: "points" is "many", but should be a number'),
    (rubric(points=None), f'{SECOND}: "points" is empty (null), but should be a number'),
    (rubric(points=2e9), f"{SECOND}: points must be a number of at most 1,000,000"),
    (rubric(text=["Says yes"]), '"text" is a list, but should be a text in quotation marks'),
    (rubric(id=""), f'{SECOND}: "id" is empty'),
    (rubric(enabled="often"), '"enabled" is "often", but should be true or false'),
    (rubric(tags="letter"), '"tags" is "letter", but should be a list'),
    (rubric(tags=[5]), f'{SECOND}: entry 1 of "tags" is 5, but should be a text'),
    (rubric(check="exact"), '"check" is "exact", but should be names with values'),
    (rubric(check={}), f'{SECOND}, "check": "kind" is missing'),
    (json.dumps({"criteria": [CRITERION] * 2}), "two criteria have the id"),
]


@pytest.mark.parametrize(("text", "said"), RUBRICS)
def test_a_broken_rubric(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_rubric_file("rubric.json", text.encode(), ())
    is_plain(caught.value, said)
    (tmp_path / "rubric.json").write_text(text)
    with pytest.raises(InputError) as caught:
        read_rubric(tmp_path / "rubric.json")
    is_plain(caught.value, "" if text.startswith("Dear") else said)


PROJECT = '{"id": "p", "name": "P"}'
PART = {"kind": "choice", "label": "Decision", "field": "d"}
PROJECTS = [
    ("project.json", "", "project.json, line 1: this is not valid JSON (it is empty)"),
    ("project.json", '{"id": "p", "name": NaN}', "NaN is not a JSON value"),
    ("project.json", '{"id": "p", "id": "q"}', 'the key "id" occurs twice'),
    ("project.json", '{"id": "p", "name": ["P"]}', '"name" is a list, but should be a text'),
    ("project.json", '{"id": "p", "name": "P", "answer_style": "short"}',
     '"answer_style" is "short", but should be "direct" or "reason_then_answer"'),
    ("project.json", '{"id": "p", "name": "P", "frequencies": {"yes": 2}}',
     '"frequencies": "yes" is 2, but should be less than 1'),
    ("project.json", json.dumps({"id": "p", "name": "P", "answer": [PART, PART | {"top": 99}]}),
     'part of the answer 2 ("Decision"): "top" is 99, but should be at most 20'),
    ("project.json", '{"id": "p", "name": "P", "review": [{"text": ""}]}',
     'rule for review 1: "text" is empty'),
    ("rubric.json", rubric(points="5 points"), f'rubric.json: {SECOND}: "points" is "5 points"'),
    ("examples.jsonl", '{"id": "c" "prompt": "P"}\n', "line 1: this is not valid JSON (a comma is"),
    ("examples.jsonl", '[1]\n', "line 1: an object was expected"),
    ("examples.jsonl", case(prompt=5), '"prompt" is 5, but should be a text in quotation marks'),
    ("examples.jsonl", case(prompt=[{"role": "boss", "content": "x"}]),
     'turn 1: "role" is "boss", but should be "system", "user" or "assistant"'),
    ("examples.jsonl", case(prompt=[{"role": "user"}]), 'turn 1: "content" is missing'),
    ("examples.jsonl", case(fields="block"), '"fields" is "block", but should be names with'),
    ("examples.jsonl", case(split="test"), '"split" is "test", but should be "train" or "heldout"'),
    ("examples.jsonl", case(criteria=[CRITERION | {"points": []}]),
     'criterion 1 ("Says yes"): "points" is a list, but should be a number'),
    ("examples.jsonl", '{"id": "c", "prompt": "\\ud800"}\n', "half a character"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), PROJECTS)
def test_a_broken_project(name: str, text: str, said: str, tmp_path: Path) -> None:
    whole = {"project.json": PROJECT, "examples.jsonl": case(), "rubric.json": rubric()}
    for file, content in (whole | {name: text}).items():
        (tmp_path / file).write_text(content)
    with pytest.raises(InputError) as caught:
        read_project(tmp_path)
    is_plain(caught.value, said)


CASES = [
    ("cases.json", b"[", "a value is missing"),
    ("cases.json", b'{"prompt": "A"} x', "something follows"),
    ("cases.jsonl", b'{"prompt": "A\n', "no closing quotation mark"),
    ("cases.jsonl", b'{"prompt": "A", "split": "later"}', "does not say whether"),
    ("cases.jsonl", json.dumps({"id": "c", "prompt": "A", "fields": {}, "tags": 5}).encode(), ""),
    ("cases.jsonl", json.dumps({"prompt": [{"role": "user", "content": 5}]}).encode(), ""),
    ("cases.yaml", b"- prompt: a: b", "Line 1 is not valid YAML: a colon stands"),
    ("cases.yaml", b"- prompt: @a", "begins a text"),
    ("cases.yaml", b'- prompt: "a', "not closed"),
    ("cases.yaml", b"- prompt: [a", "not closed"),
    ("cases.yaml", b"- a: 1\n b: 2\n", "Line 2 is not valid YAML: "),
    ("cases.yaml", b'- "a\\q"', "a backslash stands alone"),
    ("cases.yaml", b"- !pay 5", 'begins with "!"'),
    ("cases.yaml", b"- a: 1\n  a: 2", 'the key "a" occurs twice'),
    ("cases.yaml", b"- a\0b", ""),
    ("cases.parquet", b"PAR1", "damaged"),
    ("cases.xlsx", b"PK\x03\x04", "damaged"),
    ("cases.xlsx", archive("xl/workbook.xml", b"<x/>"), "damaged"),
    ("cases.csv", b"prompt\n\xff\xfe\x00", ""),
]


@pytest.mark.parametrize(("name", "data", "said"), CASES)
def test_broken_cases(name: str, data: bytes, said: str) -> None:
    try:
        problems = read_examples(name, data).problems
    except InputError as error:
        problems = (error,)
    assert problems
    for problem in problems:
        is_plain(problem, said)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", archive("word/document.xml", b"<x/>")),
        ("a.docx", archive("[Content_Types].xml", b"<x")),
        ("a.docx", b"PK\x03\x04"),
        ("a.pdf", b"%PDF-1.7 nothing"),
        ("a.txt", b"a\0b"),
    ],
)
def test_a_broken_document(name: str, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        text_of(name, data)
    is_plain(caught.value, "")


def test_a_line_of_answers() -> None:
    with pytest.raises(InputError) as caught:
        answer_row({"answer": "A", "fields": "block"}, 3)
    is_plain(caught.value, 'Line 3: "fields" is "block", but should be names with values')


def is_plain(error: Any, said: str) -> None:
    whole = f"{error.message} {error.fix}"
    assert not PROGRAMMERS_WORDS.search(whole), whole
    assert said in error.message
    assert error.fix
