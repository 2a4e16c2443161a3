"""A sample as its tests read it."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[2] / "sample_data"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/project.json"))
Case = dict[str, Any]


class Sample(NamedTuple):
    """The files of a sample."""

    name: str
    project: dict[str, Any]
    cases: list[Case]
    criteria: dict[str, dict[str, Any]]
    readme: str

    @property
    def train(self) -> list[Case]:
        return [case for case in self.cases if case["split"] == "train"]

    @property
    def heldout(self) -> list[Case]:
        return [case for case in self.cases if case["split"] == "heldout"]


def sample(name: str) -> Sample:
    folder = FOLDER / name
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    rubric = json.loads((folder / "rubric.json").read_text(encoding="utf-8"))
    return Sample(
        name,
        json.loads((folder / "project.json").read_text(encoding="utf-8")),
        [json.loads(line) for line in lines],
        {criterion["id"]: criterion for criterion in rubric["criteria"]},
        (folder / "README.md").read_text(encoding="utf-8"),
    )


def decision(case: Case) -> str:
    return str(case["fields"]["decision"])


def middle(case: Case) -> str:
    """The value on the second line of the answer."""
    return str(case["reference"]).split("\n")[1].partition(": ")[2]


def quote(case: Case) -> str:
    found = re.search(r'"([^"]+)"', case["reference"])
    assert found, case["id"]
    return found.group(1)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def twins(cases: list[Case]) -> dict[str, list[Case]]:
    groups = defaultdict(list)
    for case in cases:
        if "twin" in case["tags"]:
            groups[case["cluster"]].append(case)
    return groups


def commonest_right(found: Sample) -> int:
    """Held-out cases on which the commonest decision of training is right."""
    commonest = Counter(map(decision, found.train)).most_common(1)[0][0]
    return sum(decision(case) == commonest for case in found.heldout)
