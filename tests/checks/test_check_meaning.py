"""Closeness in meaning: other words earn, other subjects do not; what it cannot see is known."""

import pytest

from rft_core.checks import Unscored, build
from rft_core.errors import InputError
from rft_core.models import embeddings
from rft_core.models.embedder import Embedder
from rft_core.records import CheckSpec, Criterion, Example, Rubric
from rft_core.rubric.grading import Grader

TEXT = "Accept: the cap on liability is twelve months of fees, which our policy allows."
REWORDED = "The clause can be accepted because liability is limited to one year of fees."
OTHER = "The patient has had a fever and a cough since Monday."


def verdict(answer, reference=TEXT, **parameters):
    check = build(CheckSpec(kind="meaning", **parameters))
    return check.grade(answer, Example(id="e", prompt="case", reference=reference))


def test_other_words_with_the_same_meaning_are_met_and_another_subject_is_not():
    assert verdict(TEXT).value == 1
    assert verdict(REWORDED).value == 1
    assert verdict(OTHER).value == 0


def test_a_missing_not_goes_unseen_and_the_sentence_says_so():
    assert verdict("The supplier is not liable.", "The supplier is liable.").value == 1
    said = build(CheckSpec(kind="meaning")).describe()
    assert 'does not see a missing "not"' in said
    assert "right" not in said and "correct" not in said


def test_graded_it_rises_from_nothing_at_the_threshold_to_all_for_the_same_text():
    assert verdict(TEXT, graded=True).value == 1
    assert 0 < verdict(REWORDED, graded=True, threshold=0.5).value < 1
    assert verdict(REWORDED, graded=True, threshold=0.95).value == 0
    assert verdict(TEXT, graded=True, threshold=1).value == 1


def test_the_closest_of_several_expected_texts_counts():
    check = build(CheckSpec(kind="meaning", field="views"))
    example = Example(id="e", prompt="case", fields={"views": [OTHER, TEXT]})
    assert check.reads == "views"
    assert check.grade(REWORDED, example).value == 1
    with pytest.raises(Unscored, match='no text under "views"'):
        check.grade(REWORDED, example.with_changes(fields={"views": [" "]}))


@pytest.mark.parametrize("reference", [None, "", "  "])
def test_no_reference_is_unscored(reference):
    with pytest.raises(Unscored, match="no expert answer"):
        verdict("text", reference=reference)


def test_only_the_first_2000_characters_are_compared():
    same = "word " * 400
    assert verdict(same + OTHER * 50, reference=same + TEXT * 50, threshold=1).value == 1


def test_without_the_model_it_is_unscored_with_one_sentence_and_the_rest_is_graded(monkeypatch):
    monkeypatch.setattr("rft_core.checks.meaning.EMBEDDER", Embedder())
    monkeypatch.setattr(embeddings, "PACKAGE", "no_such_package")
    criteria = tuple(
        Criterion(id=kind, text=kind, points=5, aspect="substance", check=CheckSpec(kind=kind))
        for kind in ("meaning", "overlap")
    )
    example = Example(id="e", prompt="case", reference=TEXT)
    (grade,) = Grader(Rubric(criteria=criteria)).grade_all([(TEXT, example)])
    assert grade.values == {"meaning": None, "overlap": 1}
    assert grade.reasons["meaning"] == "The model that compares meaning is not installed."
    assert verdict("").value == 0, "an empty answer needs no model"


def test_many_answers_are_embedded_in_few_requests(monkeypatch):
    asked = []

    class Counting(Embedder):
        def _embedded(self, texts):
            asked.append(len(texts))
            return super()._embedded(texts)

    monkeypatch.setattr("rft_core.checks.meaning.EMBEDDER", Counting())
    example = Example(id="e", prompt="case", reference=TEXT)
    check = CheckSpec(kind="meaning")
    rubric = Rubric(
        criteria=(Criterion(id="m", text="m", points=1, aspect="substance", check=check),)
    )
    grades = Grader(rubric).grade_all([(f"answer {n}", example) for n in range(32)])
    assert len(grades) == 32
    assert asked == [33], "the answers and the one reference, at once"


def test_a_threshold_outside_0_to_1_is_a_sentence():
    with pytest.raises(InputError, match=r'"Closeness that is needed" is 1\.5'):
        build(CheckSpec(kind="meaning", threshold=1.5))
