"""One thing that is wrong with a set of examples, and what the checks share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from rft_core.checks.wording import inner_marks, plain_text
from rft_core.records import AnswerPart, Example, Record, content_id

Severity = Literal["stop", "warn"]

MAX_LABELS = 20
"""A field with more different values is not taken for a label."""


class Finding(Record):
    """One thing that is wrong, the examples it concerns, and what to do."""

    severity: Severity
    kind: str
    """Stable name, such as "cluster_divided"."""
    message: str
    fix: str
    example_ids: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Name what was found in these examples: one more of them, and the name is another."""
        return content_id(self)


def finding(
    severity: Severity, kind: str, examples: Iterable[Example], message: str, fix: str
) -> Finding:
    """Return a finding about these examples, each named once."""
    ids = tuple(dict.fromkeys(example.id for example in examples))
    return Finding(severity=severity, kind=kind, message=message, fix=fix, example_ids=ids)


def on(examples: Sequence[Example], split: str | None) -> list[Example]:
    """Return the examples of a split."""
    return [example for example in examples if example.split == split]


def cases(count: int) -> str:
    """Return "1 case" or "3 cases"."""
    return "1 case" if count == 1 else f"{count} cases"


def named(names: Iterable[str], each: str = "{}") -> str:
    """Return the first three of several names, shortened, and how many more there are."""
    cut = [name if len(name) <= 40 else f"{name[:39]}…" for name in dict.fromkeys(names)]
    shown = [each.format(inner_marks(name) if each != "{}" else name) for name in cut]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def quoted(texts: Iterable[str]) -> str:
    """Return the first three of several texts in quotation marks, as `named` does."""
    return named(texts, "“{}”")


def grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    """Gather items by their key."""
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return groups


def called(name: str, form: Sequence[AnswerPart]) -> str:
    """Return what the expert calls an expected value, in quotation marks: as the form labels it."""
    label = next((part.label for part in form if part.field == name), name)
    return f'"{named([label])}"'


def holders(examples: Sequence[Example], name: str) -> list[Example]:
    """Return the examples that have an expected value of this name."""
    return [e for e in examples if e.fields.get(name) not in (None, "")]


def field_names(examples: Sequence[Example]) -> list[str]:
    """Return the names of all expected values, in the order of their first use."""
    return list(dict.fromkeys(name for example in examples for name in example.fields))


def label(value: Any) -> str:
    """Return a value as labels are compared."""
    return plain_text(str(value))


def are_labels(values: Sequence[Any]) -> bool:
    """Tell whether values are labels: plain, few, and on average used at least twice."""
    plain = all(isinstance(value, (str, bool, int)) for value in values)
    return plain and len(set(map(label, values))) <= min(MAX_LABELS, len(values) / 2)
