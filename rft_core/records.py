"""The frozen records that pass between stages.

Every record keeps keys it does not know, so that a file written by another version or tool
survives a round trip. A content id (`content_id`) names exactly what something came from.
"""

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Split = Literal["train", "heldout"]
Aspect = Literal["form", "substance"]
AppliesTo = Literal["answer", "reasoning", "whole"]
Scoring = Literal["normalised", "healthbench"]
AnswerStyle = Literal["direct", "reason_then_answer"]
PartKind = Literal["choice", "quote", "ranked", "number", "text", "free_text", "reasoning"]

LOCAL_WORKSPACE = "local"
MAX_POINTS = 1_000_000
"""Of one criterion, either way."""


class Record(BaseModel):
    """Base of all records: immutable, unknown keys kept."""

    model_config = ConfigDict(frozen=True, extra="allow")

    def with_changes(self, **changes: Any) -> Self:
        """Return a validated copy with `changes` applied."""
        return type(self).model_validate({**self.model_dump(), **changes})


class Message(Record):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class CheckSpec(Record):
    """Which check a criterion uses; the check's own parameters are the further keys.

    The kinds and their parameters are in `rft_core.checks`. A kind that is not known here is
    kept and grades as unscored.
    """

    kind: str

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.__pydantic_extra__ or {})


class Criterion(Record):
    """One rule of a rubric: a sentence, signed points and the check that decides it."""

    id: str = Field(min_length=1)
    text: str
    """The rule as the expert wrote it."""
    points: float
    """Points when met; negative for a penalty. 0 only where a formula of the rubric uses it."""
    aspect: Aspect
    """Whether the rule is about what the answer says (substance) or how it is laid out (form)."""
    check: CheckSpec
    applies_to: AppliesTo = "answer"
    enabled: bool = Field(default=True, exclude_if=lambda enabled: enabled)
    """Whether it counts. Switched off, it is kept and grades nothing."""
    tags: tuple[str, ...] = Field(default=(), exclude_if=lambda tags: not tags)
    """The cases it is for: those with one of these tags. Empty: all cases."""

    def counts_for(self, example: "Example") -> bool:
        """Say whether it grades answers to this example."""
        return self.enabled and (not self.tags or not set(self.tags).isdisjoint(example.tags))

    @field_validator("points")
    @classmethod
    def _points_can_be_added(cls, value: float) -> float:
        if not abs(value) <= MAX_POINTS:
            raise ValueError(f"points must be a number of at most {MAX_POINTS:,}")
        return value


class ReviewRule(Record):
    """A rule that no check here can tell: for the expert's own eyes, without points in training."""

    text: str = Field(min_length=1)
    points: float = 1.0
    """What it would be worth; nothing is counted."""


class Rubric(Record):
    """The criteria that grade answers: training reward, held-out grader and review form in one."""

    id: str = "rubric"
    name: str = "Rubric"
    criteria: tuple[Criterion, ...] = ()
    scoring: Scoring = Field(default="normalised", exclude_if=lambda how: how == "normalised")
    """How points become a score; see `rft_core.rubric.scoring`."""
    workspace_id: str = LOCAL_WORKSPACE

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"two criteria have the id {twice[0]!r}")
        return self

    @property
    def active(self) -> tuple[Criterion, ...]:
        """The criteria that are switched on."""
        return tuple(criterion for criterion in self.criteria if criterion.enabled)

    def criteria_for(self, example: "Example") -> tuple[Criterion, ...]:
        """Return the criteria that grade an example: those that count for it, then its own.

        An own criterion whose id the rubric uses already is left out.
        """
        rules = self.criteria
        if example.criteria:
            known = {criterion.id for criterion in rules}
            rules = (*rules, *(c for c in example.criteria if c.id not in known))
        return tuple(c for c in rules if c.counts_for(example))

    def with_criterion(self, criterion: Criterion) -> Self:
        """Return the rubric with a criterion added, or in place of the one of the same id."""
        kept = {c.id: c for c in self.criteria} | {criterion.id: criterion}
        return self.with_changes(criteria=tuple(kept.values()))


class Example(Record):
    """One case: a prompt, the expert's answer and the expected values that checks read."""

    id: str = Field(min_length=1)
    prompt: str | tuple[Message, ...]
    reference: str | None = None
    """The expert's answer; what the warm start imitates."""
    fields: dict[str, Any] = Field(default_factory=dict)
    """Expected values by name, such as {"decision": "block"}."""
    tags: tuple[str, ...] = ()
    split: Split | None = None
    cluster: str | None = None
    """Document or twin group; never divided by a split."""
    source: str | None = None
    """Where the case comes from, or the passage that settles it; never shown to the model."""
    note: str | None = Field(default=None, exclude_if=lambda note: note is None)
    """The expert's own remark; never shown to the model."""
    criteria: tuple[Criterion, ...] | None = None
    """Criteria of this example alone, graded beside the rubric's."""

    @property
    def case_text(self) -> str:
        """The text of the case: the prompt, or its last user turn."""
        if isinstance(self.prompt, str):
            return self.prompt
        return next((m.content for m in reversed(self.prompt) if m.role == "user"), "")

    @property
    def told(self) -> str:
        """All that the model is told of the case: the prompt, or the turns that are not its own."""
        if isinstance(self.prompt, str):
            return self.prompt
        return "\n".join(m.content for m in self.prompt if m.role != "assistant")


class AnswerPart(Record):
    """One part of what an answer is made of; see `rft_core.examples.answer_form`."""

    kind: PartKind
    label: str = Field(min_length=1)
    """What the part is called, and its line in the answer is named."""
    field: str = Field(min_length=1)
    """The expected value that holds it."""
    options: tuple[str, ...] = ()
    """Of a choice: all labels. Of a ranked list: what can be listed."""
    alone: tuple[str, ...] = ()
    """What says that there is no answer, such as "cannot tell": further choices, or what may stand
    in place of a number or a few words."""
    top: int = Field(default=3, ge=1, le=20)
    """Items of a ranked list."""


class Project(Record):
    """What an expert wants a model to do, and for whom it is not."""

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    domain: str = ""
    case_noun: str = "case"
    instruction: str = ""
    """The system prompt given before every case."""
    answer_style: AnswerStyle = "direct"
    purpose: str = ""
    not_for: str = ""
    answer: tuple[AnswerPart, ...] = ()
    """What an answer is made of; empty: a text."""
    frequencies: dict[str, Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=dict)
    """By decision: the share of cases in real use that call for it, as the expert entered it."""
    review: tuple[ReviewRule, ...] = ()
    """Rules for the expert's own eyes. Not in the rubric, since they change no grade."""
    dismissed: tuple[str, ...] = ()
    """Ids of findings about the cases that the expert has looked at and found to be fine."""
    workspace_id: str = LOCAL_WORKSPACE


class Grade(Record):
    """The result of grading one answer.

    `values` holds v in [0, 1] by criterion id, None where the grader failed (unscored);
    `reasons` one sentence by criterion id. `score`, `substance` and `form` are in [0, 1], or below
    0 too under HealthBench's scoring (None when too little could be scored); `earned` and
    `penalty` are plain points.
    """

    values: dict[str, float | None]
    reasons: dict[str, str]
    score: float | None
    substance: float | None
    form: float | None
    earned: float
    """Points won on positive criteria."""
    possible: float
    """Points that positive criteria offer in all."""
    penalty: float
    """Points lost on negative criteria; 0 or negative."""
    coverage: float
    """Share of absolute points that could be graded, 0 to 1."""

    @property
    def net(self) -> float:
        """Points won and lost together."""
        return self.earned + self.penalty


def content_id(*parts: Record | dict[str, Any] | list[Any] | tuple[Any, ...] | str) -> str:
    """Name content by the first 16 hex digits of the SHA-256 of its canonical JSON."""
    return content_id_of_json(*map(canonical_json, parts))


def content_id_of_json(*parts: str) -> str:
    """Return the content id of parts that are canonical JSON already."""
    return hashlib.sha256(f"[{','.join(parts)}]".encode()).hexdigest()[:16]


def canonical_json(part: Any) -> str:
    """Return the one JSON text of a record or a plain value: keys sorted, no blanks."""
    return json.dumps(_plain(part), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(part: Any) -> Any:
    if isinstance(part, BaseModel):
        return part.model_dump(mode="json")
    if isinstance(part, (list, tuple)):
        return [_plain(item) for item in part]
    return part
