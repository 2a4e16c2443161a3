"""What practice adds: finance's two rubrics, practised from the same lessons.

    python benchmarks/two_rubrics.py [--seeds 0 1 2] [--readings 4] [--rounds 20] [--dev]

For each seed the model is taught once; from there it practises with the sample's usual rubric, and
from the same point again with the one that is harsh on released scams. All three answer the
held-out notes, or with `--dev` those written for development, on which settings are chosen. Prints
released scams (of the notes that call for call or block), sound payments stopped (of those that
call for release) and right decisions, by seed and pooled.
"""

import argparse
from collections.abc import Sequence

from presets import Result, Setting, Study, Task, finance, practice

from rft_core.cli import sample_folder
from rft_core.examples.folder import read_project
from rft_core.rubric.files import read_rubric
from rft_core.training.stage_callback import copy_of, put_back

NAMES = ("taught", "usual rubric", "harsh rubric")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--readings", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--dev", action="store_true")
    options = parser.parse_args()
    setting = Setting(options.readings, options.rounds, 8, 4, options.rate)
    study = Study()
    usual, harsh = (task(file, options.dev) for file in ("rubric.json", "rubric-strict.json"))
    found: dict[str, list[Result]] = {name: [] for name in NAMES}
    print(
        "| seed | model | scams released | sound payments stopped | right |\n|---|---|---|---|---|"
    )
    for seed in options.seeds:
        for name, result in study_seed(study, usual, harsh, setting, seed).items():
            found[name].append(result)
            print(line(str(seed), name, [result]), flush=True)
    for name, results in found.items():
        print(line("all", name, results))


def task(rubric_file: str, dev: bool) -> Task:
    """Return the sample with one of its rubrics, and the notes to be answered."""
    written = finance(0)
    folder = sample_folder("finance")
    heldout = [e for e in read_project(folder).examples if e.split == "heldout"]
    return written._replace(
        dev=written.dev if dev else heldout, rubric=read_rubric(folder / rubric_file)
    )


def study_seed(
    study: Study, usual: Task, harsh: Task, setting: Setting, seed: int
) -> dict[str, Result]:
    plan = study.plan(usual, setting.readings)
    model = study.adapted(plan, seed)
    study.teach(model, usual, plan, seed)
    found, weights = {"taught": study.test(model, usual, plan)}, copy_of(model)
    for name, with_rubric in zip(NAMES[1:], (usual, harsh), strict=True):
        put_back(model, weights)
        study.practise(model, with_rubric, practice(plan, setting), seed)
        found[name] = study.test(model, usual, plan)
    model.unload()
    return found


def line(seed: str, name: str, results: Sequence[Result]) -> str:
    labels = [pair for result in results for pair in result.labels]
    scams = [given for right, given in labels if right in ("call", "block")]
    sound = [given for right, given in labels if right == "release"]
    stopped = sum(given in ("call", "block") for given in sound)
    right = sum(right == given for right, given in labels)
    return (
        f"| {seed} | {name} | {scams.count('release')} of {len(scams)} | {stopped} of {len(sound)} "
        f"| {right} of {len(labels)} |"
    )


if __name__ == "__main__":
    main()
