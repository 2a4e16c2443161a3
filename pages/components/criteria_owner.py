"""What criteria belong to: the rubric of a project, or one of its cases alone."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from pages.components import saving, state
from pages.components.state import Current
from rft_core.errors import InputError
from rft_core.records import Criterion, Example, ReviewRule, Rubric
from rft_core.rubric.ids import free_id, free_ids, with_own_ids


class Owner(NamedTuple):
    """The rubric, or the case that is given."""

    found: Current
    case: Example | None = None
    """The case as it is typed, with the criteria that are stored; None: the rubric."""

    @property
    def key(self) -> tuple[str, str]:
        """Tells it from other owners: in the session, and in the keys of inputs."""
        return self.found.project.id, self.case.id if self.case else ""

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Its criteria in their order; those of a case under own ids, which its file may repeat."""
        if self.case is None:
            return self.found.rubric.criteria
        return with_own_ids(self.case.criteria or ())

    @property
    def rubric(self) -> Rubric:
        """Its criteria as a rubric: what a formula among them can be made of."""
        if self.case is None:
            return self.found.rubric
        return Rubric(criteria=self.criteria)

    @property
    def cases(self) -> tuple[Example, ...]:
        """The cases that ways of checking are tried on: the training cases, or the one case."""
        return (self.case,) if self.case else self.found.train

    def free_id(self, wanted: str, but: str | None = None) -> str:
        """Return the wanted id, or one like it that no criterion has; its own `but` is its own."""
        return free_id(self._used_ids() | {c.id for c in self.criteria if c.id != but}, wanted)

    def free_ids(self) -> Callable[[str], str]:
        """Return a function that does so without one, and returns each id only once."""
        return free_ids(self._used_ids() | {c.id for c in self.criteria})

    def _used_ids(self) -> set[str]:
        """Return the ids that criteria elsewhere have: of other cases, and a case's rubric."""
        elsewhere = [e for e in self.found.examples if self.case is None or e.id != self.case.id]
        used = {c.id for e in elsewhere for c in e.criteria or ()}
        return used if self.case is None else used | {c.id for c in self.found.rubric.criteria}

    def again(self) -> Self:
        """Return it as it is stored now. Raises InputError where the project or case is gone."""
        now = state.require_project()
        if now.project.id != self.found.project.id:
            raise InputError(
                "Another project was opened, or this one deleted, in another window meanwhile.",
                "Choose the project on the Home page and try again.",
            )
        if self.case is None:
            return self._replace(found=now)
        noun = now.project.case_noun
        stored = next((e for e in now.examples if e.id == self.case.id), None)
        if stored is None:
            raise InputError(
                f"The {noun} {self.case.id} was deleted elsewhere meanwhile.",
                f"Choose another {noun}.",
            )
        return self._replace(
            found=now, case=self.case.model_copy(update={"criteria": stored.criteria})
        )

    def save(
        self, listed: Sequence[Criterion], note: str, said: str,
        review: Sequence[ReviewRule] | None = None,
    ) -> Self | None:  # fmt: skip
        """Save these criteria and return it as it is stored then.

        None, with what was said on the next page, where its own were changed elsewhere meanwhile.
        """
        now = self.again()
        if now.criteria == self.criteria:
            return now.keep(listed, note, said, review)
        kind = now.found.project.case_noun if self.case else "rubric"
        saving.say_refused(
            f"This was not done, because the {kind} was changed elsewhere meanwhile."
        )
        return None

    def keep(
        self, listed: Sequence[Criterion], note: str, said: str,
        review: Sequence[ReviewRule] | None = None,
    ) -> Self:  # fmt: skip
        """Save these criteria in place of its own, which are those that `again` gave.

        With those of a rubric also the rules for review, if they are given, in the same step.
        Returns it as it is stored then.
        """
        if self.case is None:
            rubric = self.found.rubric.with_changes(criteria=tuple(listed))
            kept = self.found._replace(rubric=rubric)
            if review is None:
                saving.save_rubric(self.found, rubric, note, said)
            else:
                kept = kept._replace(project=kept.project.with_changes(review=tuple(review)))
                saving.save(self.found, kept, note, said)
            return self._replace(found=kept)
        case = self.case.model_copy(update={"criteria": tuple(listed) or None})
        kept = [
            e.with_changes(criteria=case.criteria) if e.id == case.id else e
            for e in self.found.examples
        ]
        saving.save_examples(
            self.found, kept, f"{self.found.project.case_noun} {case.id}: {note}", said
        )
        return self._replace(found=self.found._replace(examples=tuple(kept)), case=case)
