"""What is wrong with a set of examples, before any minutes are spent on it.

A finding of severity "stop" makes a run useless or its result untrue; "warn" is for the expert to
judge. Each names the examples it is about. One kind is one finding, however many it concerns.

Each family of checks is a module here: `contents` (missing, misplaced), `twins` (repeated,
contradicting), `leaks` (answers in the case), `labels`, `offered` (values that the answer form
lacks), `laid_out` (answers in another layout), `lengths`, `privacy`. Time grows with the number of
examples; only pairs are compared all with all, first by a count of their characters.
"""

from collections.abc import Mapping, Sequence

from rft_core.examples.form_of_values import is_remark
from rft_core.examples.look_alikes import corrected, look_alikes
from rft_core.examples.quality import (
    contents,
    labels,
    laid_out,
    leaks,
    lengths,
    offered,
    privacy,
    twins,
)
from rft_core.examples.quality.finding import Finding, Severity, field_names
from rft_core.examples.quality.offered import look_alike, not_offered
from rft_core.examples.quality.power import (
    cases_needed,
    detectable_difference,
    needed_sentence,
    shown_sentence,
    wanted_change,
)
from rft_core.examples.similar import Pair, near_pairs
from rft_core.examples.value_names import renamed, spellings
from rft_core.records import AnswerPart, Example

__all__ = [
    "Finding",
    "Severity",
    "cases_needed",
    "check_examples",
    "detectable_difference",
    "look_alike",
    "needed_sentence",
    "not_offered",
    "shown_sentence",
    "wanted_change",
]


def check_examples(
    examples: Sequence[Example],
    required_fields: Mapping[str, str] | None = None,
    close: Sequence[Pair] = (),
    instruction: str = "",
    form: Sequence[AnswerPart] = (),
) -> list[Finding]:
    """Return what is wrong, stops first.

    `required_fields` names the expected fields that the rubric reads, each with the text of the
    criterion that reads it. `close` are pairs that mean the same (`meaning.close_pairs`), where
    that was looked for. `instruction` is what the model reads before each case, `form` what an
    answer is made of. A value under two names, or with a slip of the pen, is told once; all else
    takes it for one value.
    """
    required = required_fields or {}
    names = spellings(examples, required)
    spelled, examples = examples, renamed(examples, names)
    slips = look_alikes(examples, form)
    meant = corrected(examples, slips, form)
    known = {*required, *(part.field for part in form)}
    said = [n for n in field_names(examples) if n in known or not is_remark(n)]
    near = near_pairs([example for example in examples if example.case_text.strip()])
    open_ones = contents.unanswered(examples, form)
    found = [
        *contents.duplicate_ids(examples),
        *contents.empty_prompts(examples),
        *contents.counts(examples),
        *contents.divided_clusters(examples),
        *contents.missing_references(examples, form, open_ones),
        *contents.two_spellings(spelled, names),
        *contents.missing_fields(examples, required, open_ones, form),
        *twins.contradictions(examples, near, said, form),
        *leaks.visible_references(examples),
        *leaks.visible_values(examples, required, form),
        *twins.repeats(examples, near, said, form),
        *twins.same_meaning(examples, near, close),
        *(offered.look_alike(alike, examples) for alike in slips),
        *offered.not_offered(meant, form),
        *offered.unquotable(examples, form),
        *laid_out.not_laid_out(examples, form),
        *laid_out.other_choice(meant, form),
        *labels.labels(offered.only_offered(meant, form), said, form),
        *lengths.too_long(examples, instruction),
        *lengths.outliers(examples),
        *privacy.personal_data(examples),
    ]
    return sorted(found, key=lambda finding: finding.severity != "stop")
