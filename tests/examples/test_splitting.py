"""Dividing examples into training and test cases."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rft_core.errors import InputError
from rft_core.examples.splitting import assign_splits, kinds_of
from rft_core.records import Example

sides = st.sampled_from(["train", "heldout", None])
rows = st.lists(
    st.tuples(sides, st.sampled_from([None, "a", "b", "c", "d"]), st.sampled_from("xyz")),
    max_size=40,
)


WORDS = ["lease", "merger", "patent", "driver", "flood", "escrow", "bakery", "hospital", "crane"]


def build(found, consistent=True):
    """Examples of (split, cluster, label); with `consistent`, a cluster has one side at most."""
    side_of = {}
    examples = []
    for number, (split, cluster, label) in enumerate(found):
        if consistent and cluster and split:
            split = side_of.setdefault(cluster, split)
        fields = {"label": label}
        examples.append(
            Example(
                id=f"e{number}",
                prompt=f"{number:b}" * 3,
                fields=fields,
                split=split,
                cluster=cluster,
            )
        )
    return examples


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(rows, st.floats(0, 1), st.integers(0, 5))
def test_properties(found, share, seed):
    examples = build(found)
    result = assign_splits(examples, share, seed)
    assert [e.id for e in result] == [e.id for e in examples]
    assert all(e.split for e in result)
    assert all(
        new.split == old.split for old, new in zip(examples, result, strict=True) if old.split
    )
    clusters = {e.cluster: set() for e in result if e.cluster}
    for e in result:
        if e.cluster:
            clusters[e.cluster].add(e.split)
    assert all(len(found) == 1 for found in clusters.values())
    assert assign_splits(examples, share, seed) == result
    backwards = assign_splits(examples[::-1], share, seed)
    assert {e.id: e.split for e in backwards} == {e.id: e.split for e in result}


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 60), st.floats(0, 1), st.integers(0, 5))
def test_share_is_met_within_one_where_examples_stand_alone(count, share, seed):
    result = assign_splits(build([(None, None, "x")] * count), share, seed)
    held = sum(e.split == "heldout" for e in result)
    assert abs(held - share * count) <= 0.5 + 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_labels_and_tags_are_balanced(seed):
    examples = [
        Example(id=str(n), prompt="P", fields={"label": "xyz"[n % 3]}, tags=("ab"[n % 2],))
        for n in range(60)
    ]
    held = [e for e in assign_splits(examples, 0.4, seed) if e.split == "heldout"]
    assert len(held) == 24
    assert all(7 <= n <= 9 for n in Counter(e.fields["label"] for e in held).values())
    assert all(9 <= n <= 15 for n in Counter(e.tags for e in held).values())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("names", [["trend"], []])
def test_a_rare_label_is_learned_from_rather_than_tested_alone(seed, names):
    values = ["up", "down", "up", "down", "cannot tell", "up", "down", "up", "down"]
    examples = [
        Example(id=f"e{n}", prompt=f"{word} report", fields={"trend": value}, split=split)
        for n, (word, value, split) in enumerate(
            zip(WORDS, values, ["train"] * 4 + [None] * 5, strict=True)
        )
    ]
    result = assign_splits(examples, seed=seed, labels=names)
    sides = {e.fields["trend"]: e.split for e in result}
    assert sides["cannot tell"] == "train"
    assert sum(e.split == "heldout" for e in result) == 4


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_label_of_placed_or_of_grouped_cases_stays_where_it_is(seed):
    examples = build(
        [("heldout", None, "x"), (None, "a", "y"), (None, "a", "y"), *[(None, None, "z")] * 5]
    )
    result = assign_splits(examples, seed=seed, labels=["label"])
    assert result[0].split == "heldout"
    assert result[1].split == result[2].split
    assert Counter(e.split for e in result) == {"train": 5, "heldout": 3}


def test_seed_changes_the_choice():
    examples = build([(None, None, "x")] * 30)
    assert assign_splits(examples, seed=1) != assign_splits(examples, seed=2)


def test_cluster_follows_its_placed_member():
    examples = build([("heldout", "a", "x"), (None, "a", "x"), (None, "a", "y")])
    assert [e.split for e in assign_splits(examples, 0.0)] == ["heldout"] * 3


def test_examples_already_placed_count_towards_the_share():
    examples = build([("heldout", None, "x")] * 4 + [(None, None, "x")] * 6)
    assert Counter(e.split for e in assign_splits(examples, 0.4)) == {"heldout": 4, "train": 6}


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 9), st.integers(0, 5), st.integers(1, 9))
def test_few_new_examples_bring_the_whole_as_near_to_the_share_as_they_can(train, held, new):
    placed = [("train", None, "x")] * train + [("heldout", None, "x")] * held
    result = assign_splits(build(placed + [(None, None, "x")] * new))
    wanted = 0.4 * len(result)
    could = min(range(held, held + new + 1), key=lambda n: abs(n - wanted))
    assert sum(e.split == "heldout" for e in result) == could


def test_a_pair_does_not_push_the_share_off_where_others_can_make_up_for_it():
    examples = build([(None, "a", "x"), (None, "a", "x"), *[(None, None, "x")] * 3])
    for seed in range(10):
        sides = Counter(e.split for e in assign_splits(examples, seed=seed))
        assert sides == {"train": 3, "heldout": 2}


def test_nearly_equal_prompts_stay_on_one_side():
    clause = "The tenant pays the rent on the third working day of each month, whatever the day"
    others = ["Dogs are not allowed.", "Heating is shared.", "Keys are handed back on leaving."]
    texts = [f"{clause}.", *others, f"{clause.replace('pays', 'paid')}.", f"{clause}!"]
    examples = [Example(id=str(n), prompt=text) for n, text in enumerate(texts)]
    for seed in range(10):
        sides = [e.split for e in assign_splits(examples, seed=seed)]
        assert sides[0] == sides[4] == sides[5]


def test_cases_that_share_a_form_are_divided_all_the_same():
    letter = "To whom it may concern: we regret to inform you that your application of {} is late."
    examples = [Example(id=str(n), prompt=letter.format(n)) for n in range(20)]
    assert sum(e.split == "heldout" for e in assign_splits(examples)) == 8


def test_share_outside_the_range():
    with pytest.raises(InputError, match="40"):
        assign_splits([], heldout_share=40)


def test_with_the_labels_of_its_rows_a_file_is_divided_alike_whatever_its_columns_are() -> None:
    rows = [{"x": f"Case {n} of {n * n}.", "y": "abc"[n % 3], "z": f"z{n}"} for n in range(30)]
    kinds = kinds_of(rows)
    assert kinds[:2] == [("a",), ("b",)]
    as_values = [
        Example(id=f"{n}", prompt=row["x"], fields={"z": row["z"], "y": row["y"]})
        for n, row in enumerate(rows)
    ]
    renamed = [
        Example(id=f"x{29 - n}", prompt=row["x"], tags=(row["y"],)) for n, row in enumerate(rows)
    ]
    one, other = (
        assign_splits(e, kinds={case.id: kind for case, kind in zip(e, kinds, strict=True)})
        for e in (as_values, renamed)
    )
    assert [case.split for case in one] == [case.split for case in other]
    held = Counter(case.fields["y"] for case in one if case.split == "heldout")
    assert held == {"a": 4, "b": 4, "c": 4}
