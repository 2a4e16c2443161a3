"""Criteria about a part that the answer form does not have, or has no longer."""

import re
from collections.abc import Iterator, Sequence

from rft_core.checks.wording import plain_text
from rft_core.records import AnswerPart, Criterion, Example, Rubric, content_id
from rft_core.rubric.findings import Finding, warn

_FIX = "Remove it or choose another check."


def find_lost(
    rubric: Rubric, examples: Sequence[Example], form: Sequence[AnswerPart]
) -> Iterator[Finding]:
    """Find criteria that look at a line that no answer in the form has, those of cases as well.

    A form of one free text has no lines; a free text at the end may have some of its own.
    """
    labels = {plain_text(part.label) for part in form}
    if not form or [part.kind for part in form] == ["free_text"]:
        return
    texts = [e.reference or "" for e in examples] if form[-1].kind == "free_text" else []
    found: dict[str, tuple[Criterion, list[str]]] = {c.id: (c, []) for c in rubric.active}
    for example in examples:
        for own in example.criteria or ():
            found.setdefault(content_id(own), (own, []))[1].append(example.id)
    for criterion, ids in found.values():
        line = criterion.check.model_dump(mode="json").get("line")
        if not criterion.enabled or not isinstance(line, str) or plain_text(line) in labels:
            continue
        start = re.compile(rf"(?im)^\s*{re.escape(line)}\s*:")
        if not any(map(start.search, texts)):
            message = f"is about “{line}”, which is no part of your answers."
            yield warn(criterion, message, _FIX, ids)
