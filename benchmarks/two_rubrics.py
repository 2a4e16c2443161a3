"""What practice adds: finance's two rubrics, practised from the same lessons.

    python benchmarks/two_rubrics.py [--seeds 0 1 2] [--readings 5] [--rounds 16]

For each seed the model is taught once; from there it practises with the sample's usual rubric, and
from the same point again with the one that is harsh on released scams. All three answer the
held-out notes. Prints released scams (of the notes that call for call or block), sound payments
stopped (of those that call for release) and right decisions, by seed and pooled. Nothing is chosen
on these answers.
"""

import argparse
from collections.abc import Sequence

from presets import Result, Setting, Study, Task, practice

from rft_core.training.stage_callback import copy_of, put_back

NAMES = ("taught", "usual rubric", "harsh rubric")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--readings", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=16)
    parser.add_argument("--rate", type=float, default=3e-5)
    options = parser.parse_args()
    setting = Setting(options.readings, options.rounds, 8, 4, options.rate)
    study, usual, harsh = Study(), task("rubric.json"), task("rubric-strict.json")
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


def task(rubric_file: str) -> Task:
    from rft_core.cli import sample_folder
    from rft_core.examples.folder import read_project
    from rft_core.rubric.files import read_rubric

    folder = sample_folder("finance")
    files = read_project(folder)
    train, heldout = (
        [e for e in files.examples if e.split == split] for split in ("train", "heldout")
    )
    return Task(files.project, train, heldout, read_rubric(folder / rubric_file))


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
