"""Lengths that a rule gives, in words or sentences: each with what its own clause says of it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from rft_core.checks.number_words import words_as_digits
from rft_core.rubric.rules.said_lines import line_said, subject_line
from rft_core.rubric.rules.said_words import QUOTED

_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
_KIND_OF = "(?:(?:short|full|whole|complete|plain|simple|brief) )?"
_COUNTED = re.compile(
    rf"(?<![\d,.]){_COUNT}(?: ?(?:-|–|to|and|or)(?: (?:at most|no more than|up to))? ?{_COUNT})?"
    rf"[ -]{_KIND_OF}(?P<unit>word|sentence)s?\b",
    re.I,
)
_UNITS = r"(?:word|sentence)s?\b"
_ONE = re.compile(rf"\b(?:(?:an?|one) single|one|single)(?= {_KIND_OF}{_UNITS})", re.I)
_DOZEN = re.compile(r"\b(?:(half)(?: an?)?|an?|one|(\d{1,4})) dozen\b", re.I)
_JOINT = re.compile(
    r"\s*(?:[,;:](?=\s)|\b(?:and|but|as well as|while|whereas)\b)"
    r"(?:\s*\b(?:and|but|it|they|also|then|while)\b)*\s*",
    re.I,
)
_EXACTLY = re.compile(r"\b(?:exactly|precisely)\b", re.I)
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum|or (?:more|longer)"
    r"|(?:no|not|never) (?:fewer|less|under|below|shorter))\b",
    re.I,
)
_MORE = re.compile(r"\b(?:more than|over|longer than|exceed(?:s|ing)?|above|beyond)\b", re.I)
_FEWER = re.compile(r"\b(?:(?:fewer|less|shorter) than|under|below)\b", re.I)
_NEGATED = re.compile(
    r"(?:\b(?:no|not|never|nor|without|avoids?|cannot)|n['’]t)(?:\s+\w+){0,2}\s*$", re.I
)
_REFUSED = re.compile(
    r"\b(?:is|are|be|gets?|counts? as)\s+(?:\w+\s+)?(?:bad|wrong|faults?|errors?|mistakes?|banned"
    r"|forbidden|prohibited|unacceptable|too (?:long|short|many|few|much)"
    r"|not (?:ok(?:ay)?|allowed|acceptable|accepted|permitted|wanted|good))\b",
    re.I,
)
"""Follows what is not wanted: "anything over 60 words is too long"."""
_MUST = re.compile(r"\b(?:must|should|shall|needs?|ought)\b", re.I)
_HAS = re.compile(r"\w.*\b(?:has|have|is|are|be|stays?|keeps?|uses?|contains?|remains?)\b", re.I)
"""A verb that says of something before it how long it is."""
_SUBJECT = re.compile(r"\s*(?:the|its|an?|each|every|this|that|their|all)\s+[^\W\d_]", re.I)
COMPARISON = (
    r"(?:not|no|at (?:most|least)|under|over|below|above|fewer|less|more|shorter|longer|up|exactly"
    r"|between|\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty)\b"
)
"""Begins what is said of a length."""
_VERBLESS = re.compile(rf"\s*(?:{COMPARISON}|(?:in|within|with)\b)", re.I)
_INTRODUCES = re.compile(r"\s*(?:in|within|with|using|at|under)\b", re.I)
_SMALLER_PART = re.compile(
    r"\s*(?:(?:each|every)\s+\w|(?:the|its|all)?\s*(?:first|last|\w+\s+)?\s*"
    r"(?:quot(?:es?|ations?|ed)|citations?|sentences?|paragraphs?)\b)",
    re.I,
)
"""What begins so is about no whole answer."""
_WHOLE = re.compile(
    r"\s*(?:\w+\s+)?(?:whole\s+|full\s+|entire\s+)?(?:answers?|repl(?:y|ies)|responses?|outputs?|texts?"
    r"|results?|messages?|all)\b",
    re.I,
)
_NOUNS = re.compile(
    r"\s*(?:(?:the|its|an?|each|every)\s+)?\w+(?:\s+(?:for|of|in|on)\s+(?:(?:the|its|an?)\s+)?\w+)?"
    r"\s*",
    re.I,
)
"""A clause that is only the name of a part: "the reason for the decision"."""
_LISTED = re.compile(
    r"\blines:?\s+(?:the\s+)?(?!(?:and|or|in|with|of)\b)\w+"
    r"(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|or)\s+)(?:the\s+)?(?!(?:and|at|in|no|not)\b)[^\W\d]\w*)+",
    re.I,
)
"""Names of lines, which an answer is to have: nothing else is said of them."""
_NO_UNIT = re.compile(
    r"\b(?:at (?:most|least)|(?:no|not) (?:more|fewer|less) than|(?:more|fewer|less) than"
    rf"|up to|under|over|exactly)\s+{_COUNT}(?![\w-])(?!\s+(?:to|or|and)\s+[\w ]*\d)"
    r"(?=\s*(?:[.,;]|and\b|$))",
    re.I,
)
"""A length that leaves its unit to the one before: "the reason at most 20"."""
_OF_ANOTHER = re.compile(r"\s*(?:the|its|an?|each|every)\s+\w+\s+(?:for|behind)\s", re.I)
"""Begins what is said of something else than it names then: "the reason for the decision"."""
_RIGHT = re.compile(r"\b(?:right|correct|expected|best)\s+\w+", re.I)


class SaidLength(NamedTuple):
    """A length that a rule asks for, or blames."""

    bounds: Mapping[str, int]
    """Such as max_words."""
    line: str
    """Name of the line that has this length; empty for the whole answer."""
    may_blame: bool
    """Whether it may be a fault as well, as in a bare "more than 40 words"."""


class _Clause(NamedTuple):
    text: str
    start: int
    end: int


def is_counted(rule: str) -> bool:
    """Say whether a rule gives a number of words or of sentences."""
    return bool(how_many_lengths(rule))


def how_many_lengths(rule: str) -> int:
    """Return how many lengths a rule gives."""
    return len(_counts(_in_digits(with_units(rule))))


def is_comparison(text: str) -> bool:
    """Say whether a text begins with how long something is: "under 60 words"."""
    return re.match(COMPARISON, _in_digits(text), re.I) is not None


def with_units(rule: str) -> str:
    """Return a rule in which each length has its unit: "at most 10 words and the reason at most 20"
    says words of both."""
    text = _in_digits(rule)
    given = _counts(text)
    if not given or text == _NO_UNIT.sub("", text):
        return rule

    def filled(found: re.Match[str]) -> str:
        before = [one for one in given if one.end() <= found.start()]
        return f"{found[0]} {before[-1]['unit'].lower()}s" if before else found[0]

    return _NO_UNIT.sub(filled, text)


def cuts_length(before: str, after: str) -> bool:
    """Say whether what stands between two texts is inside of a length: "between 3" and "20"."""
    ends_so = re.search(r"\d\s*$", _in_digits(before)) is not None
    return ends_so and is_comparison(after) and is_counted(after)


def said_lengths(rule: str, names: Collection[str]) -> Iterator[SaidLength]:
    """Yield the lengths that a rule gives; `names` are those of the lines of the answers.

    The comparison, the number, the unit and the line are those of one clause. A clause without a
    subject has that of the one before it. What has the length may be no line nor the answer, as
    "each sentence" is: then it is not among them.
    """
    text = _LISTED.sub(_hidden, _in_digits(with_units(rule)))
    counts = _counts(text)
    clauses = _clauses(text, counts)
    for place, count in enumerate(counts):
        number = next(n for n, one in enumerate(clauses) if one.start <= count.start() < one.end)
        line = _line_of(clauses, number, names)
        if line is None:
            continue
        start = max([clauses[number].start, *(one.end() for one in counts[:place])])
        end = min([clauses[number].end, *(one.start() for one in counts[place + 1 :])])
        yield _read(text[start:end], count, line, follows=number > 0)


def _counts(text: str) -> list[re.Match[str]]:
    """Return where a text with its numbers in digits gives a length; not in quotation marks."""
    return [*_COUNTED.finditer(QUOTED.sub(_hidden, text))]


def _hidden(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def _in_digits(rule: str) -> str:
    """Return a rule with its numbers in digits, "a dozen" and "a single word" among them."""
    digits = words_as_digits(_ONE.sub("1", rule))
    return _DOZEN.sub(lambda m: "6" if m[1] else str(12 * int(m[2] or 1)), digits)


def _clauses(text: str, counts: Sequence[re.Match[str]]) -> list[_Clause]:
    """Return the parts of a text between its joints; none of these is inside of a length."""
    found, start = list[_Clause](), 0
    for joint in _JOINT.finditer(text):
        inside = any(one.start() < joint.end() and joint.start() < one.end() for one in counts)
        before = text[start : joint.start()]
        if not inside and before.strip():
            found.append(_Clause(before, start, joint.start()))
            start = joint.end()
    return [*found, _Clause(text[start:], start, len(text) + 1)]


def _line_of(clauses: Sequence[_Clause], number: int, names: Collection[str]) -> str | None:
    """Return the line that a clause is about, "" for the whole answer; None if none can be told."""
    text = clauses[number].text
    own = line_said(_RIGHT.sub(" ", text), names)
    if own and _OF_ANOTHER.match(text) and subject_line(text, names) is None:
        return None
    if own:
        before = clauses[number - 1].text if number else ""
        other = subject_line(before, names) if _NOUNS.fullmatch(before) else None
        is_of_two = other not in (None, own) and _begins_with_subject(text, names)
        return None if is_of_two else own
    begins_with_count = re.match(r"\s*\d+ sentence", text, re.I)
    if _SUBJECT.match(text) or (_SMALLER_PART.match(text) and not begins_with_count):
        return _of_whole(text, names)
    if not number:
        follows = clauses[1].text if len(clauses) > 1 and _INTRODUCES.match(text) else ""
        return subject_line(follows, names) or ""
    return _line_before(clauses[:number], names, with_object=bool(_VERBLESS.match(text)))


def _line_before(
    clauses: Sequence[_Clause], names: Collection[str], with_object: bool
) -> str | None:
    """Return the line that is the subject of the last clause that has one.

    Or the object, where what follows goes on with it: "Keeps the reason short and under 20 words".
    """
    for clause in reversed(clauses):
        line = subject_line(clause.text, names)
        if with_object and not line and not _SUBJECT.match(clause.text):
            line = line_said(_RIGHT.sub(" ", clause.text), names)
        if line:
            return line
        if _SUBJECT.match(clause.text):
            return _of_whole(clause.text, names)
    return ""


def _of_whole(text: str, names: Collection[str]) -> str | None:
    """Return "" where the subject of a clause is the whole answer; None for a part of it.

    Where answers have no named lines, what is said of "the advice" is said of the whole.
    """
    is_whole = _WHOLE.match(text) or (not names and not _SMALLER_PART.match(text))
    return "" if is_whole else None


def _begins_with_subject(text: str, names: Collection[str]) -> bool:
    return bool(_SUBJECT.match(text)) or subject_line(text, names) is not None


def _read(clause: str, count: re.Match[str], line: str, follows: bool) -> SaidLength:
    low, high = (int(text.replace(",", "")) for text in (count[1], count[2] or count[1]))
    found = _bounds(clause, low, high, bool(count[2]))
    strict = _MORE.search(clause) or _FEWER.search(clause)
    asks = follows or _MUST.search(clause) or _HAS.search(clause)
    may_blame = bool(strict) and not asks and not _is_negated(strict, clause)
    bounds = {f"{end}_{count['unit'].lower()}s": value for end, value in found.items()}
    return SaidLength(bounds, line, may_blame)


def _bounds(clause: str, low: int, high: int, both: bool) -> dict[str, int]:
    if both or _EXACTLY.search(clause):
        return {"min": max(1, min(low, high)), "max": max(low, high)}
    more, fewer = _MORE.search(clause), _FEWER.search(clause)
    if more:
        return {"max": max(1, low)} if _is_negated(more, clause) else {"min": low + 1}
    if fewer:
        return {"min": max(1, low)} if _is_negated(fewer, clause) else {"max": max(1, low - 1)}
    return {"min": max(1, low)} if _AT_LEAST.search(clause) else {"max": max(1, low)}


def _is_negated(comparison: re.Match[str] | None, clause: str) -> bool:
    if comparison is None:
        return False
    before, after = clause[: comparison.start()], clause[comparison.end() :]
    return bool(_NEGATED.search(before)) != bool(_REFUSED.search(after))
