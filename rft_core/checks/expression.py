"""Formulas over values: read by a small parser of their own, computed without running anything.

    value    := product (("+" | "-") product)*
    product  := signed (("*" | "/") signed)*
    signed   := ("-" | "+") signed | power
    power    := atom ("^" signed)?            binds tighter than a sign before it; 2^3^2 is 2^9
    atom     := number | name | function "(" value ("," value)* ")" | "(" value ")"

Functions: min max abs floor ceil exp sqrt log. It is what `calculate_output` of OpenAI's `multi`
grader takes; a name that is no plain word stands in quotation marks here: "2nd rule".
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product
from typing import NamedTuple

from rft_core.checks.wording import listing, shown

MAX_FORMULA_CHARS = 5_000
MAX_DEPTH = 40
"""Brackets, functions, signs and powers inside one another."""
MOST_TRIED = 10
"""Names in a formula that are tried at 0 and 1 together."""
FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}
_SEVERAL = ("min", "max")
"""Functions of one value or more; the others have exactly one."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)"
    r'|(?P<name>[^\W\d]\w*)|"(?P<quoted>[^"\n]+)"|(?P<mark>[-+*/^(),]))'
)
_PLAIN = re.compile(r"[^\W\d]\w*")


class NoFormula(ValueError):
    """The text is no formula. Carries the reason, without a capital or a full stop."""


class NoValue(Exception):
    """The formula has no value here. Carries the reason, without a capital or a full stop."""


class Number(NamedTuple):
    value: float


class Name(NamedTuple):
    name: str


class Chain(NamedTuple):
    """Sums ("+", "-") or products ("*", "/") from left to right."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


class Call(NamedTuple):
    """A function of FUNCTIONS; or "neg" with one argument, "^" with two."""

    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Chain | Call


class Gap(NamedTuple):
    """Values with which a formula has none."""

    values: Mapping[str, float]
    why: str
    """Without a capital or a full stop."""


class Token(NamedTuple):
    kind: str
    """number, name or mark."""
    text: str
    start: int
    end: int


def parse(formula: str) -> Node:
    """Return the formula as a tree. Raises NoFormula for anything else, however long or deep."""
    return _Parser(formula).whole()


def names(node: Node) -> list[str]:
    """Return the names in a formula, each once, in order."""
    match node:
        case Name(name):
            return [name]
        case Number():
            return []
        case Call(_, arguments):
            parts: tuple[Node, ...] = arguments
        case Chain(first, rest):
            parts = (first, *(part for _, part in rest))
    return list(dict.fromkeys(name for part in parts for name in names(part)))


def evaluate(node: Node, values: Mapping[str, float]) -> float:
    """Compute the formula. Raises NoValue where it has none, KeyError for a name without value."""
    try:
        result = float(_computed(node, values))
    except ZeroDivisionError:
        raise NoValue("it divides by 0") from None
    except OverflowError:
        raise NoValue("a number in it is too large") from None
    except ValueError:
        raise NoValue("it takes a root, power or logarithm that does not exist") from None
    if not math.isfinite(result):
        raise NoValue("a number in it is too large")
    return result


def corners(node: Node) -> Iterator[dict[str, float]]:
    """Yield values of 0 and 1 for the names in a formula: all combinations of the first MOST_TRIED.

    Further names stay at 0.
    """
    used = names(node)
    rest = dict.fromkeys(used[MOST_TRIED:], 0.0)
    for corner in product((0.0, 1.0), repeat=len(used[:MOST_TRIED])):
        yield dict(zip(used, corner, strict=False)) | rest


def gap(node: Node) -> Gap | None:
    """Return the first corner where the formula has no value; None if it has one in all."""
    for values in corners(node):
        try:
            evaluate(node, values)
        except NoValue as error:
            return Gap(values, str(error))
    return None


def renamed(formula: str, replacements: Mapping[str, str]) -> str:
    """Return the formula's text with some names replaced; the rest stays as it was written."""
    text, place = "", 0
    for token in _name_tokens(formula):
        if token.text in replacements:
            text += formula[place : token.start] + replacements[token.text]
            place = token.end
    return text + formula[place:]


def written(name: str) -> str:
    """Return a name as it stands in a formula. Raises NoFormula if it cannot stand in any."""
    if _PLAIN.fullmatch(name):
        return name
    if not name or '"' in name or "\n" in name:
        raise NoFormula(f"the name {shown(name)} cannot stand in a formula")
    return f'"{name}"'


def _name_tokens(formula: str) -> list[Token]:
    tokens = [*_tokens(formula), Token("end", "", len(formula), len(formula))]
    return [
        token
        for token, after in pairwise(tokens)
        if token.kind == "name" and not (after.text == "(" and token.text in FUNCTIONS)
    ]


def _tokens(formula: str) -> list[Token]:
    if len(formula) > MAX_FORMULA_CHARS:
        raise NoFormula(f"the formula is longer than {MAX_FORMULA_CHARS:,} characters")
    text, found, place = formula.rstrip(), list[Token](), 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise NoFormula(f"{shown(text[place:].strip()[:20])} cannot be read in it")
        kind = "name" if match.lastgroup == "quoted" else match.lastgroup
        start = match.end() - len(match[0].lstrip())
        found.append(Token(kind, match[match.lastgroup], start, match.end()))
        place = match.end()
    return found


class _Parser:
    def __init__(self, formula: str) -> None:
        self._tokens = _tokens(formula)
        self._place = 0
        self._depth = 0

    def whole(self) -> Node:
        if not self._tokens:
            raise NoFormula("the formula is empty: choose criteria, or write one")
        node = self._value()
        if self._place < len(self._tokens):
            raise NoFormula(f"{shown(self._next())} stands where it cannot")
        return node

    def _next(self) -> str:
        if self._place < len(self._tokens):
            return self._tokens[self._place].text
        return ""

    def _takes(self, *marks: str) -> str:
        """Move past one of these marks and return it; "" if another token is next."""
        here = self._tokens[self._place : self._place + 1]
        if here and here[0].kind == "mark" and here[0].text in marks:
            self._place += 1
            return here[0].text
        return ""

    def _needs(self, mark: str) -> None:
        if not self._takes(mark):
            found = f"before {shown(self._next())}" if self._next() else "at the end"
            raise NoFormula(f'"{mark}" is missing {found}')

    def _value(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._signed, "*", "/")

    def _chain(self, part: Callable[[], Node], *marks: str) -> Node:
        first, rest = part(), []
        while mark := self._takes(*marks):
            rest.append((mark, part()))
        return Chain(first, tuple(rest)) if rest else first

    def _signed(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NoFormula("too much stands inside brackets in it")
        if sign := self._takes("-", "+"):
            inner = self._signed()
            node: Node = Call("neg", (inner,)) if sign == "-" else inner
        else:
            node = self._atom()
            if self._takes("^"):
                node = Call("^", (node, self._signed()))
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        if self._takes("("):
            node = self._value()
            self._needs(")")
            return node
        if self._place == len(self._tokens):
            raise NoFormula("it ends too early")
        token = self._tokens[self._place]
        self._place += 1
        if token.kind == "number":
            return Number(_finite(token.text))
        if token.kind != "name":
            raise NoFormula(f"{shown(token.text)} stands where it cannot")
        if token.text in FUNCTIONS and self._takes("("):
            return self._call(token.text)
        if self._next() == "(":
            known = listing([*FUNCTIONS], "and")
            raise NoFormula(f"{shown(token.text)} is no function; there are {known}")
        return Name(token.text)

    def _call(self, function: str) -> Node:
        arguments = [self._value()]
        while self._takes(","):
            arguments.append(self._value())
        self._needs(")")
        if len(arguments) > 1 and function not in _SEVERAL:
            raise NoFormula(f"{function} takes one value, not {len(arguments)}")
        return Call(function, tuple(arguments))


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NoFormula(f"the number {digits} is too large")
    return value


def _computed(node: Node, values: Mapping[str, float]) -> float:
    match node:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Chain(first, rest):
            total = _computed(first, values)
            for mark, part in rest:
                total = _CHAINED[mark](total, _computed(part, values))
            return total
        case Call("neg", (inner,)):
            return -_computed(inner, values)
        case Call("^", (base, exponent)):
            return math.pow(_computed(base, values), _computed(exponent, values))
        case Call(function, arguments):
            computed = [_computed(part, values) for part in arguments]
            run = FUNCTIONS[function]
            return run(computed) if function in _SEVERAL else run(*computed)
    raise AssertionError(node)


_CHAINED: dict[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
}
