"""Run the finance sample with several seeds and print one line a seed.

    python benchmarks/demo.py [--sample finance] [--preset quick] [--seeds 0 1 2] [--out DIR]

Each run is the command `rft run` in a process of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rft_core.models.timing import machine_name

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", default="finance")
    parser.add_argument("--preset", default="quick")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp(prefix="rft-demo-"))
    print(f"{time.strftime('%Y-%m-%d')}, {machine_name()}; results in {out}")
    print(HEADER)
    for seed in options.seeds:
        print(line(seed, run(options.sample, options.preset, seed, out / str(seed))), flush=True)


HEADER = (
    "| seed | minutes | substance before | substance after | after - before (95 %) | p "
    "| right: before, 4 examples, taught, practised, best floor | practised - taught (95 %) |\n"
    "|---|---|---|---|---|---|---|---|"
)


def run(sample: str, preset: str, seed: int, out: Path) -> dict:
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "rft_core", "run", str(ROOT / "sample_data" / sample),
         "--out", str(out), "--preset", preset, "--seed", str(seed)],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    report = json.loads((out / "report.json").read_text())
    return report | {"minutes": (time.monotonic() - started) / 60}


def line(seed: int, report: dict) -> str:
    models, change = report["models"], report["paired"]["tuned_vs_base"]["substance"]
    added = report["paired"]["tuned_vs_warm_start"]["substance"]
    right = {name: m["right"] for name, m in report["decision"]["models"].items()}
    floor = max(right["commonest"], right["nearest"])
    counts = [right[name] for name in ("base", "few_shot", "warm_start", "tuned")]
    cells = [
        seed,
        f"{report['minutes']:.1f}",
        f"{models['base']['substance']:.2f}",
        f"{models['tuned']['substance']:.2f}",
        interval(change),
        f"{change['p']:.4f}",
        " / ".join(map(str, [*counts, floor])) + f" of {report['heldout_n']}",
        interval(added),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def interval(result: dict, digits: int = 2) -> str:
    low, high = result["ci95"]
    ends = "no spread" if low is None else f"{low:+.{digits}f} to {high:+.{digits}f}"
    return f"{result['delta']:+.{digits}f} ({ends})"


if __name__ == "__main__":
    main()
