"""Make the recorded runs that ship with the samples: real runs, without their adapters.

    python benchmarks/record.py [--samples finance legal ...] [--seed 0] [--from DIR]

Each rubric of a sample gets a run: `rubric.json` with the preset quick in `recorded`, another, say
`rubric-strict.json`, in `recorded-strict` with the preset mostly_practice, in which a rubric shows.
`--from` takes the results of an earlier `rft run --out DIR` of one sample instead, with the usual
rubric.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rft_core.settings import samples_folder

FILES = ("config.json", "state.json", "metrics.jsonl", "answers.jsonl", "report.json")
LARGEST_BYTES = 1_000_000
USUAL = "rubric"


def main() -> None:
    samples = sorted(path.parent.name for path in samples_folder().glob("*/project.json"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", nargs="+", choices=samples, default=samples)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--from", dest="source", type=Path, default=None)
    options = parser.parse_args()
    if options.source:
        if len(options.samples) > 1:
            parser.error("--from needs one sample: --samples NAME")
        keep(options.source, samples_folder() / options.samples[0] / "rubric.json")
        return
    for rubric in rubrics(options.samples):
        keep(run(rubric, options.seed), rubric)


def rubrics(samples: list[str]) -> Iterator[Path]:
    for name in samples:
        yield from sorted((samples_folder() / name).glob(f"{USUAL}*.json"))


def run(rubric: Path, seed: int) -> Path:
    out = Path(tempfile.mkdtemp(prefix="rft-record-")) / "out"
    preset = "quick" if rubric.stem == USUAL else "mostly_practice"
    subprocess.run(
        [sys.executable, "-m", "rft_core", "run", str(rubric.parent), "--out", str(out),
         "--rubric", str(rubric), "--preset", preset, "--seed", str(seed)],
        check=True,
    )  # fmt: skip
    return out


def keep(source: Path, rubric: Path) -> None:
    """Put a run's results beside its sample; AssertionError, before anything is replaced."""
    size = sum((source / name).stat().st_size for name in FILES)
    assert size < LARGEST_BYTES, f"{size} bytes are too many to ship"
    name = rubric.stem.replace(USUAL, "recorded", 1)
    target = rubric.parent / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for file in FILES:
        shutil.copyfile(source / file, target / file)
    mark_as_recorded(target / "config.json", f"{name}-{rubric.parent.name}")
    print(f"{target.parent.name}/{name}: {size / 1000:.0f} kB", flush=True)


def mark_as_recorded(config_file: Path, job_id: str) -> None:
    config = json.loads(config_file.read_text())
    config |= {"recorded": True, "job_id": job_id}
    config_file.write_text(json.dumps(config, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
