"""Cases that seem to hold real personal data."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rft_core.examples.personal import KINDS, find_personal
from rft_core.examples.quality.finding import Finding, finding
from rft_core.examples.similar import prompt_text
from rft_core.records import Example


def personal_data(examples: Sequence[Example]) -> Iterable[Finding]:
    """Name the examples with what looks like personal data, one finding a kind."""
    found: defaultdict[str, list[tuple[Example, str]]] = defaultdict(list)
    for example in examples:
        values = [str(value) for value in example.fields.values()]
        text = "\n".join([prompt_text(example), example.reference or "", *values])
        for item in find_personal(text):
            found[item.kind].append((example, item.masked))
    for kind, name in KINDS.items():
        if kind in found:
            (first, masked), holders = found[kind][0], dict.fromkeys(e.id for e, _ in found[kind])
            more = f" and in {len(holders) - 1} more" if len(holders) > 1 else ""
            yield finding(
                "warn",
                f"personal_{kind}",
                (example for example, _ in found[kind]),
                f"What looks like {name} ({masked}) stands in {first.id}{more}.",
                "If it belongs to a real person, put an invented one in its place.",
            )
