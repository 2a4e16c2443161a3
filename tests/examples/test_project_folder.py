"""A project's folder, read and written."""

import json
import os

import pytest

from rft_core.errors import InputError
from rft_core.examples.folder import ProjectFiles, read_project, write_project
from rft_core.records import Example, Project, Rubric

PROJECT = {"id": "p", "name": "Clauses", "house_style": {"font": "serif"}}
EXAMPLES = [
    {"id": "a", "prompt": "A", "fields": {"x": None}, "reviewer": "M", "seen": None},
    {"id": "b", "prompt": [{"role": "user", "content": "B", "name": "n"}], "split": "train"},
]
RUBRIC = {
    "criteria": [
        {
            "id": "c",
            "text": "Cites it",
            "points": 2,
            "aspect": "substance",
            "check": {"kind": "contains", "phrases": ["§ 5"]},
            "author": "M",
        }
    ],
    "version": 3,
}


@pytest.fixture
def folder(tmp_path):
    lines = "".join(f"{json.dumps(example)}\n" for example in EXAMPLES)
    (tmp_path / "project.json").write_text(json.dumps(PROJECT))
    (tmp_path / "examples.jsonl").write_text(lines)
    (tmp_path / "rubric.json").write_text(json.dumps(RUBRIC))
    return tmp_path


def test_unknown_keys_survive(folder, tmp_path):
    files = read_project(folder)
    copy = tmp_path / "deep" / "copy"
    write_project(copy, files)
    assert read_project(copy) == files
    assert json.loads((copy / "project.json").read_text())["house_style"] == {"font": "serif"}
    first, second = map(json.loads, (copy / "examples.jsonl").read_text().splitlines())
    assert (first["reviewer"], first["seen"], first["fields"]) == ("M", None, {"x": None})
    assert second["prompt"][0]["name"] == "n"
    rubric = json.loads((copy / "rubric.json").read_text())
    assert (rubric["version"], rubric["criteria"][0]["author"]) == (3, "M")
    assert rubric["criteria"][0]["check"] == {"kind": "contains", "phrases": ["§ 5"]}


def test_writing_leaves_nothing_else_and_is_stable(folder):
    write_project(folder, read_project(folder))
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_project(folder, read_project(folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert sorted(first) == ["examples.jsonl", "project.json", "rubric.json"]


def test_byte_order_marks_blank_lines_and_crlf(folder):
    files = read_project(folder)
    for path in folder.iterdir():
        text = path.read_text().replace("\n", "\r\n\r\n")
        path.write_bytes(text.encode("utf-8-sig"))
    assert read_project(folder) == files


def test_missing_last_line_end_is_fine_where_the_line_is_whole(folder):
    path = folder / "examples.jsonl"
    path.write_text(path.read_text().rstrip("\n"))
    assert len(read_project(folder).examples) == 2


def appended(text):
    return lambda path: path.write_text(path.read_text() + text)


def replaced(text):
    return lambda path: path.write_text(text)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("project.json", os.remove, "has no project.json"),
        ("examples.jsonl", os.remove, "has no examples.jsonl"),
        ("rubric.json", os.remove, "has no rubric.json"),
        ("project.json", replaced('{\n"id": }'), "project.json, line 2"),
        ("project.json", replaced('{"id": "p"}'), '"name" is missing'),
        ("project.json", replaced("[]"), "an object was expected"),
        (
            "rubric.json",
            replaced('{"criteria": [{"id": "c"}]}'),
            'criterion 1 ("c"): "text" is missing',
        ),
        ("examples.jsonl", appended('{"id": "c", "pro'), "line 3: the last line is cut off"),
        ("examples.jsonl", appended('{"id": \n{"id": "d", "prompt": "D"}\n'), "line 3: this is"),
        ("examples.jsonl", appended('{"id": "a", "prompt": "A"}\n'), 'line 3: the id "a" is'),
        ("examples.jsonl", appended('\n{"id": "c"}\n'), 'line 4: "prompt" is missing'),
        (
            "examples.jsonl",
            appended('{"id": "c", "prompt": "C", "split": "x"}\n'),
            '"split" is "x"',
        ),
        ("examples.jsonl", lambda path: path.write_bytes(b"\xff\xff"), "not UTF-8"),
    ],
)
def test_failures_name_the_file_and_the_line(folder, name, change, said):
    change(folder / name)
    with pytest.raises(InputError) as caught:
        read_project(folder)
    assert said in caught.value.message
    assert name in caught.value.message
    assert caught.value.fix


def test_nothing_is_written_where_something_cannot_be(folder):
    before = (folder / "project.json").read_bytes()
    bad = Example(id="z", prompt="Z", fields={"x": float("inf")})
    files = ProjectFiles(project=Project(id="q", name="Q"), examples=(bad,), rubric=Rubric())
    with pytest.raises(InputError):
        write_project(folder, files)
    assert (folder / "project.json").read_bytes() == before


def test_failed_move_leaves_the_old_file_and_no_rubbish(folder, monkeypatch):
    files = read_project(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_project(folder, files)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
