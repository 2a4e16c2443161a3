"""Practice ends early where it has nothing to learn from, or where points fall."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rft_core.training.practice_watch import Ending, PracticeWatch


def follow(scores: Sequence[float], mixed: Sequence[float] | None = None) -> Ending[int] | None:
    """Follow rounds until one ends practice; weights are the round's number."""
    watch: PracticeWatch[int] = PracticeWatch()
    mixed = mixed or [0.5] * len(scores)
    for number, (score, share) in enumerate(zip(scores, mixed, strict=True), start=1):
        ending = watch.after_round({"reward": score, "groups/mixed": share}, number)
        if ending is not None:
            return ending
    return None


def test_rising_points_with_noise_go_on() -> None:
    noise = [0.03, -0.05, 0.0, 0.06, -0.04]
    assert follow([0.6 + 0.01 * i + noise[i % 5] for i in range(40)]) is None


def test_four_rounds_in_which_all_answers_earn_alike_end_it_and_keep_what_is() -> None:
    ending = follow([1.0] * 9, [0.5, 0.0, 0.25, 0.0, 0.0, 0.0, 0.0, 0.5, 0.5])
    assert ending is not None
    assert "after round 7" in ending.reason
    assert ending.go_back_to is None


def test_falling_points_end_it_and_go_back_to_the_best_rounds() -> None:
    scores = [0.60, 0.62, 0.61, 0.63, 0.62, 0.66, 0.70, 0.68, 0.55, 0.45, 0.40, 0.35, 0.30]
    ending = follow(scores)
    assert ending is not None
    assert "fewer points" in ending.reason
    assert ending.go_back_to == 8  # the mean of rounds 4 to 8 is the best


def test_one_bad_round_does_not_end_it() -> None:
    assert follow([0.6] * 8 + [0.3] + [0.6] * 8) is None


def test_logs_of_other_things_are_passed_over() -> None:
    watch: PracticeWatch[int] = PracticeWatch()
    assert watch.after_round({"train_runtime": 3.0}, 1) is None
    assert watch.scores == []


@given(st.lists(st.floats(0, 1), max_size=40))
def test_it_never_goes_back_to_rounds_that_were_worse(scores: list[float]) -> None:
    ending = follow(scores)
    if ending is not None and ending.go_back_to is not None:
        kept = ending.go_back_to
        last = int(ending.reason.split("round ")[1].split(":")[0])
        assert sum(scores[kept - 5 : kept]) > sum(scores[last - 5 : last])
