"""Answers made from an expert's for one check, to show what it looks at and nothing else.

A limit of 15 words on the reason is shown by the expert's answer with a longer reason, not by an
answer without any.
"""

import json
from collections.abc import Iterator
from itertools import cycle, islice
from typing import NamedTuple

from rft_core.checks import Check
from rft_core.checks.choice import Mistake, SeveralLabels
from rft_core.checks.citation import Quote
from rft_core.checks.overlap import Overlap
from rft_core.checks.sentences import count_sentences, first_sentences
from rft_core.checks.structured import JsonAnswer
from rft_core.checks.text import Length, Pattern, Phrases
from rft_core.checks.wording import (
    count_words,
    first_words,
    line_part,
    passages,
    tokens_hold,
    with_line_part,
)
from rft_core.checks.wording import tokens as tokens_of
from rft_core.records import Example
from rft_core.rubric.traps import Case

TOO_LONG = 8
"""Words beyond a limit that are seen at a glance."""
FEW_WORDS = 3
"""A part of so few words is exchanged; to a longer one something is added."""
MAX_OTHERS = 5
"""Cases whose answers are borrowed from."""
LOOKED_THROUGH = 200
"""Words of a case among which some are looked for that it could also have quoted."""


class Made(NamedTuple):
    """Answers that may meet a check and answers that may not: to be tried, the clearest first."""

    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


def made_for(check: Check, case: Case) -> Made:
    """Return answers made of the expert's answer to a case; none where traps show as much."""
    match check:
        case Length():
            return _of_length(check, case)
        case Phrases():
            return _with_phrases(check, case)
        case Quote():
            return _with_quotes(check, case)
        case JsonAnswer():
            return _as_json(check, case)
        case SeveralLabels():
            return Made(met=(_with(case, check.line, ", ".join(check.labels)),))
        case Mistake():
            return Made(met=tuple(_with(case, check.line, label) for label in check.given))
        case Overlap() if check.line:
            return _with_others(check.line, case)
        case Pattern() if check.whole:
            return Made(unmet=(f"{case.reference}\nand more",))
        case _:
            return Made()


def _with(case: Case, line: str | None, text: str) -> str:
    """Return the expert's answer with a text on this line, or after all of it."""
    found = with_line_part(case.reference, line, text) if line else None
    return f"{case.reference}\n{text}" if found is None else found


def _with_phrases(check: Phrases, case: Case) -> Made:
    text = ", ".join(check.phrases)
    part = line_part(case.reference, check.line) if check.line else case.reference
    if not text or part is None:
        return Made()
    if check.line is None:
        return Made(met=(f"{case.reference} {text}",))
    is_short = count_words(part) <= FEW_WORDS
    return Made(met=(_with(case, check.line, text if is_short else f"{part} {text}"),))


def _with_others(line: str, case: Case) -> Made:
    """Return the expert's answer with what other cases' answers say on a line."""
    parts = (line_part(other.reference or "", line) for other in case.others)
    found = islice(dict.fromkeys(filter(None, parts)), MAX_OTHERS)
    return Made(unmet=tuple(_with(case, line, part) for part in found))


def _of_length(check: Length, case: Case) -> Made:
    part = line_part(case.reference, check.line) if check.line else case.reference
    if part is None:
        return Made()

    def whole(text: str) -> str:
        return _with(case, check.line, text) if check.line else text

    if check.min_sentences is None and check.max_sentences is None:
        least, most, change, count = check.min_words, check.max_words, _of_words, count_words(part)
    else:
        least, most = check.min_sentences or 1, check.max_sentences
        change, count = _of_sentences, count_sentences(part)
    more = TOO_LONG if change is _of_words else 1
    outside = [change(part, most + more)] if most else []
    if least > 1 or not most:
        outside.append(change(part, least - 1))
    within = max(least, min(count, most or least))
    return Made((whole(change(part, within)),), tuple(map(whole, outside)))


def _of_sentences(text: str, count: int) -> str:
    """Return a text of so many sentences: its first, or with more after it."""
    missing = count - count_sentences(text)
    if missing <= 0:
        return first_sentences(text, count)
    begun = text.rstrip()
    begun += "" if not begun or begun[-1] in ".!?" else "."
    return " ".join([begun, *["And so on."] * missing]).strip()


def _of_words(text: str, count: int) -> str:
    """Return a text with so many words: its first, or with more after it."""
    missing = count - count_words(text)
    if missing <= 0:
        return first_words(text, count) if missing else text
    return " ".join([text.rstrip(), *islice(cycle(("and", "so", "on")), missing)]).strip()


def _with_quotes(check: Quote, case: Case) -> Made:
    """Return answers that quote other words of the case, and words that it does not hold."""
    told, count = case.example.told, max(FEW_WORDS, check.min_words)
    expected = " ".join(_expected(check, case.example, case.reference))
    other = next((text for text in _stretches(told, count) if not _share(text, expected)), None)
    theirs = (text for one in case.others for text in islice(_stretches(one.told, count), 3))
    held = tokens_of(told)
    invented = next((text for text in theirs if not tokens_hold(held, text)), None)
    others = (_quoting(check, case, other),) if other else ()
    foreign = (_quoting(check, case, invented),) if invented else ()
    return Made(unmet=(*others, *foreign)) if check.field else Made(others, foreign)


def _expected(check: Quote, example: Example, reference: str) -> list[str]:
    value = example.fields.get(check.field) if check.field else None
    if isinstance(value, (list, tuple)):
        return [str(text) for text in value]
    return [str(value)] if value else passages(reference)


def _stretches(text: str, count: int) -> Iterator[str]:
    """Yield runs of so many words of a text, without marks around and between them."""
    words = text.split()[:LOOKED_THROUGH]
    for start in range(0, len(words) - count + 1, count):
        run = [word.strip(".,;:!?") for word in words[start : start + count]]
        if all(word.replace("-", "").replace("'", "").isalnum() for word in run):
            yield " ".join(run)


def _share(text: str, expected: str) -> bool:
    return not set(tokens_of(text).split()).isdisjoint(tokens_of(expected).split())


def _quoting(check: Quote, case: Case, text: str) -> str:
    """Return the expert's answer with another quotation in place of its own."""
    quoted = f'"{text}"'
    found = with_line_part(case.reference, check.line, quoted)
    if found is not None:
        return found
    answer = case.reference
    for passage in passages(answer):
        answer = answer.replace(passage, text)
    return answer if answer != case.reference else f"{answer} {quoted}"


def _as_json(check: JsonAnswer, case: Case) -> Made:
    if check.json_schema:
        fits, misfit = check.samples()
        return Made(tuple(filter(None, [fits])), tuple(filter(None, [misfit, case.reference])))
    values = {key: _value(key, case) for key in check.keys or case.example.fields}
    whole = json.dumps(values, ensure_ascii=False)
    short = json.dumps(dict(list(values.items())[:-1]), ensure_ascii=False)
    return Made((whole,), (short, case.reference) if check.keys else (case.reference, whole[:-1]))


def _value(key: str, case: Case) -> object:
    """Return what the expert's answer says under a key, as far as that is known."""
    for name, value in case.example.fields.items():
        if tokens_of(name.replace("_", " ")) == tokens_of(key.replace("_", " ")):
            return value
    return line_part(case.reference, key.replace("_", " ")) or "…"
