"""rubric.json: round trips, and sentences for what cannot be read."""

import json
import os

import pytest

from rft_core.errors import InputError
from rft_core.rubric.files import read_rubric, write_rubric

CONTENT = {
    "id": "r",
    "name": "Rübrik",
    "made_by": "another tool",
    "criteria": [
        {
            "id": "a",
            "text": "Says yes",
            "points": 5,
            "aspect": "substance",
            "check": {"kind": "exact", "text": "yes", "colour": "blue"},
            "note": {"kept": [1, 2]},
        }
    ],
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rubric.json"


def test_a_round_trip_keeps_unknown_keys(file):
    file.write_text(json.dumps(CONTENT))
    rubric = read_rubric(file)
    write_rubric(file, rubric)
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["made_by"] == "another tool"
    assert written["criteria"][0]["note"] == {"kept": [1, 2]}
    assert written["criteria"][0]["check"]["colour"] == "blue"
    assert "Rübrik" in file.read_text(encoding="utf-8")
    assert read_rubric(file) == rubric
    assert [p.name for p in file.parent.iterdir()] == ["rubric.json"]


def test_a_byte_order_mark_is_no_trouble(file):
    file.write_text("\ufeff" + json.dumps(CONTENT), encoding="utf-8")
    assert read_rubric(file).id == "r"


def test_a_failed_write_leaves_the_old_file(file, monkeypatch):
    file.write_text(json.dumps(CONTENT))
    rubric = read_rubric(file)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(InputError, match="No space left"):
        write_rubric(file, rubric.with_changes(name="new"))
    assert json.loads(file.read_text()) == CONTENT
    assert [p.name for p in file.parent.iterdir()] == ["rubric.json"]


def test_a_folder_that_is_not_there(file, tmp_path):
    file.write_text(json.dumps(CONTENT))
    with pytest.raises(InputError, match="cannot be written"):
        write_rubric(tmp_path / "none" / "rubric.json", read_rubric(file))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"criteria": [}', "not valid JSON: line 1, character 15"),
        ("", "not valid JSON"),
        ("[]", "holds a list instead of an object"),
        ("5", "holds a single value"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", 'has no "criteria"'),
        ('{"criteria": {}}', '"criteria" is names with values, but should be a list'),
        ('{"criteria": [5]}', "criterion 1"),
        ('{"criteria": [{"id": "a"}]}', 'criterion 1 ("a"): "text" is missing'),
    ],
)
def test_what_cannot_be_read_is_a_sentence(file, text, message):
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read_rubric(file)
    assert message in caught.value.message
    assert caught.value.message.startswith("rubric.json ")
    assert caught.value.fix


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"points": "many"},
            'criterion 1 ("Says yes"): "points" is "many", but should be a number',
        ),
        ({"points": float("inf")}, "points must be a number"),
        ({"points": -1e308}, "points must be a number of at most 1,000,000"),
        ({"aspect": "style"}, 'criterion 1 ("Says yes"): "aspect" is "style", but should be'),
        (
            {"applies_to": "steps"},
            'criterion 1 ("Says yes"): "applies_to" is "steps", but should be',
        ),
        ({"check": {}}, '"kind" is missing'),
    ],
)
def test_a_wrong_criterion_is_named(file, change, message):
    wrong = CONTENT | {"criteria": [CONTENT["criteria"][0] | change]}
    file.write_text(json.dumps(wrong))
    with pytest.raises(InputError) as caught:
        read_rubric(file)
    assert message in caught.value.message
    assert ("newer version" in caught.value.fix) == ('is "s' in message)


def test_two_criteria_with_one_id(file):
    file.write_text(json.dumps(CONTENT | {"criteria": CONTENT["criteria"] * 2}))
    with pytest.raises(InputError, match="two criteria have the id 'a'"):
        read_rubric(file)


def test_a_file_that_is_not_there_or_not_text(file):
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_rubric(file)
    file.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError, match="not UTF-8"):
        read_rubric(file)


def test_what_is_switched_on_and_for_all_cases_is_not_written(file):
    file.write_text(json.dumps(CONTENT))
    rubric = read_rubric(file)
    assert not {"enabled", "tags"} & rubric.model_dump()["criteria"][0].keys()
    changed = rubric.criteria[0].with_changes(enabled=False, tags=("letter",))
    write_rubric(file, rubric.with_criterion(changed))
    assert read_rubric(file).criteria == (changed,)
