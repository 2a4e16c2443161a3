"""What practice and training add over samples and seeds together.

    python benchmarks/pooled.py DIR [DIR ...]

Each DIR holds the results of one `rft run` (`demo.py --out` leaves one folder a seed). Substance of
the practised model minus that of the taught one (and of the model before), averaged over the seeds
of a case; cases of one cluster count together. Prints one line a sample and one for all.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from demo import interval

from rft_core.evaluation.statistics import paired
from rft_core.jobs.folder import read_lines

OTHERS = ("warm_start", "base")


class Place(NamedTuple):
    """A held-out case."""

    project: str
    cluster: str
    case: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[Place, list[float]]] = {o: defaultdict(list) for o in OTHERS}
    runs: dict[str, int] = defaultdict(int)
    for folder in options.folders:
        runs[add(folder, found)] += 1
    print("| sample | runs | practised - taught (95 %) | p | practised - before (95 %) |")
    print("|---|---|---|---|---|")
    for project in [*sorted(runs), "all"]:
        chosen = [project] if project != "all" else list(runs)
        parts = [result(found[other], chosen) for other in OTHERS]
        number = sum(runs[name] for name in chosen)
        print(f"| {project} | {number} | {parts[0][0]} | {parts[0][1]} | {parts[1][0]} |")


def add(folder: Path, found: Mapping[str, dict[Place, list[float]]]) -> str:
    """Add a run's differences by case; return its project's name."""
    config = json.loads((folder / "config.json").read_text())
    project = config["project"]["name"]
    clusters = {e["id"]: e.get("cluster") or e["id"] for e in config["examples"]}
    values: dict[tuple[str, str], float] = {}
    for row in read_lines(folder / "answers.jsonl"):
        if row["substance"] is not None:
            values[row["model"], row["example_id"]] = row["substance"]
    for model, case in values:
        if model == "tuned":
            place = Place(project, f"{project} {clusters[case]}", case)
            for other in OTHERS:
                found[other][place].append(values[model, case] - values[other, case])
    return str(project)


def result(by_case: Mapping[Place, Sequence[float]], projects: Sequence[str]) -> tuple[str, str]:
    chosen = {place: fmean(d) for place, d in by_case.items() if place.project in projects}
    found = paired(list(chosen.values()), [place.cluster for place in chosen])
    assert found is not None
    return interval(found.model_dump(), digits=3), "-" if found.p is None else f"{found.p:.4f}"


if __name__ == "__main__":
    main()
