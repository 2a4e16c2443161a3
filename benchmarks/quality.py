"""How long the quality checks take for a thousand cases, and which of them takes how much.

    PYTHONPATH=. python benchmarks/quality.py [COUNT]

The second time, one case was changed: that is what an expert waits for after saving.
"""

import cProfile
import pstats
import sys
import time

from benchmarks.thousand import thousand
from rft_core.examples.quality import check_examples
from rft_core.models.timing import machine_name

REQUIRED = dict.fromkeys(("decision", "kind", "topic", "key_words", "amount"), "A rule")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    examples = list(thousand(count).examples)
    characters = sum(len(e.case_text) for e in examples) / count
    print(f"{time.strftime('%Y-%m-%d')}, {machine_name()}")
    print(f"{count} cases of {characters:.0f} characters on average")
    print(f"first time: {_seconds(examples):.2f} s")
    examples[7] = examples[7].with_changes(prompt=examples[7].prompt + " Changed.")
    print(f"one case changed: {_seconds(examples):.2f} s")
    longer = [e.with_changes(prompt=" ".join([e.prompt] * 10)) for e in examples]
    print(f"cases ten times as long: {_seconds(longer):.2f} s")
    alike = [e.with_changes(prompt=f"{examples[0].prompt} {n}") for n, e in enumerate(examples)]
    print(f"all cases nearly the same: {_seconds(alike):.2f} s")
    for finding in check_examples(examples, REQUIRED):
        print(f"  {finding.severity}  {finding.message}")
    profile = cProfile.Profile()
    profile.runcall(check_examples, examples, REQUIRED)
    pstats.Stats(profile).sort_stats("cumulative").print_stats("rft_core", 12)


def _seconds(examples):
    start = time.perf_counter()
    check_examples(examples, REQUIRED)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
