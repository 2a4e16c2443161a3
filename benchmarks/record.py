"""Make the recorded run that ships with a sample: a real run, without its adapters.

    python benchmarks/record.py [--sample finance] [--preset quick] [--seed 0] [--from DIR]

`--from` takes the results of an earlier `rft run --out DIR` instead of running anew.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = ("config.json", "state.json", "metrics.jsonl", "answers.jsonl", "report.json")
LARGEST_BYTES = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", default="finance")
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--from", dest="source", type=Path, default=None)
    options = parser.parse_args()
    source = options.source or run(options.sample, options.preset, options.seed)
    target = ROOT / "sample_data" / options.sample / "recorded"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in FILES:
        shutil.copyfile(source / name, target / name)
    mark_as_recorded(target / "config.json", options.sample)
    size = sum(f.stat().st_size for f in target.iterdir())
    assert size < LARGEST_BYTES, f"{size} bytes are too many to ship"
    print(f"{target.relative_to(ROOT)}: {size / 1000:.0f} kB")


def run(sample: str, preset: str, seed: int) -> Path:
    out = Path(tempfile.mkdtemp(prefix="rft-record-")) / "out"
    subprocess.run(
        [sys.executable, "-m", "rft_core", "run", str(ROOT / "sample_data" / sample),
         "--out", str(out), "--preset", preset, "--seed", str(seed)],
        check=True,
    )  # fmt: skip
    return out


def mark_as_recorded(config_file: Path, sample: str) -> None:
    config = json.loads(config_file.read_text())
    config |= {"recorded": True, "job_id": f"recorded-{sample}"}
    config_file.write_text(json.dumps(config, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
