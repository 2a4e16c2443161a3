"""What ships with a sample is a real, complete run without this or that machine's paths."""

import json
import re
from pathlib import Path

import pytest

from rft_core.examples.folder import read_project
from rft_core.jobs.folder import read_lines
from rft_core.records import content_id
from rft_core.rubric.files import read_rubric
from rft_core.settings import samples_folder

MACHINE_PATH = re.compile(r"/(home|root|Users|tmp)/|site-packages")
FOLDERS = sorted(samples_folder().glob("*/recorded*"))


def name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_recorded_run_belongs_to_its_sample(folder: Path) -> None:
    files = read_project(folder.parent)
    config = json.loads((folder / "config.json").read_text())
    assert config["recorded"] is True
    assert config["example_set_id"] == content_id(list(files.examples))
    rubric = folder.parent / f"{folder.name.replace('recorded', 'rubric', 1)}.json"
    assert config["rubric_version_id"] == content_id(read_rubric(rubric))
    heldout = {e.id for e in files.examples if e.split == "heldout"}
    rows = list(read_lines(folder / "answers.jsonl"))
    for model in ("base", "few_shot", "warm_start", "tuned"):
        assert {row["example_id"] for row in rows if row["model"] == model} == heldout


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_a_recorded_run_is_small_and_names_no_machine(folder: Path) -> None:
    assert sum(f.stat().st_size for f in folder.iterdir()) < 1_000_000
    for file in folder.iterdir():
        assert not MACHINE_PATH.search(file.read_text())


def test_every_rubric_of_every_sample_has_one() -> None:
    rubrics = samples_folder().glob("*/rubric*.json")
    names = {f"{f.parent.name}/{f.stem.replace('rubric', 'recorded', 1)}" for f in rubrics}
    assert set(map(name, FOLDERS)) == names
