"""Pairs of cases that are nearly the same."""

import random

import pytest
from rapidfuzz import fuzz, process

from rft_core.examples.similar import NEAR_RATIO, near_pairs
from rft_core.records import Example


def case(name: object, prompt: str, split: str | None = "train", cluster: str | None = None):
    return Example(id=str(name), prompt=prompt, split=split, cluster=cluster)


def ids(examples: list[Example]) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in near_pairs(examples)]


TEXT = "A police officer had phoned: the savings were at risk, and only a safe account would do."


ALIKE = [TEXT, TEXT.upper(), f"{TEXT} ", f"{TEXT}!", TEXT.replace("had ", "")]


@pytest.mark.parametrize("other", ALIKE)
def test_nearly_the_same_text(other: str) -> None:
    assert ids([case("a", TEXT), case("b", other)]) == [("a", "b")]


@pytest.mark.parametrize("other", ["", "Another text.", TEXT[::-1], " ".join(sorted(TEXT.split()))])
def test_another_text(other: str) -> None:
    assert ids([case("a", TEXT), case("b", other)]) == []


def test_each_is_named_with_the_first_of_each_side() -> None:
    examples = [case("a", TEXT), case("b", TEXT), case("c", TEXT, "heldout"), case("d", TEXT, None)]
    assert ids(examples) == [("a", "b"), ("a", "c"), ("a", "d"), ("c", "d")]


def test_one_group_on_one_side_is_no_pair_and_across_it_is() -> None:
    assert ids([case("a", TEXT, cluster="g"), case("b", TEXT, cluster="g")]) == []
    assert ids([case("a", TEXT, cluster="g"), case("b", TEXT, "heldout", "g")]) == [("a", "b")]
    assert ids([case("a", TEXT, cluster="g"), case("b", TEXT, cluster="h")]) == [("a", "b")]


def test_no_near_pair_is_missed_among_many() -> None:
    rng = random.Random(0)
    words = [f"{a}{b}" for a in ("ta", "ri", "mo", "xe") for b in ("", "lin", "s", "ver", "que")]
    texts = [" ".join(rng.choices(words, k=20)) for _ in range(150)]
    texts += [" ".join(t.split()[:-1]) for t in texts[:40]] + [t[:9] + t[12:] for t in texts[:40]]
    wanted = set()
    for j, text in enumerate(texts):
        near = [i for i in range(j) if fuzz.ratio(texts[i], text) >= NEAR_RATIO]
        wanted |= {(str(near[0]), str(j))} if near else set()
    assert len(wanted) > 40
    assert set(ids([case(n, text) for n, text in enumerate(texts)])) == wanted


def test_what_is_compared_of_many_long_prompts_of_the_same_words_is_bounded(monkeypatch) -> None:
    rng = random.Random(0)
    words = ["".join(rng.choices("etaoinshrdlu", k=6)) for _ in range(700)]
    prompts = [" ".join(rng.sample(words, len(words))) for _ in range(300)]
    work, cpdist = [], process.cpdist

    def counted(ones, others, **options):
        work.extend(len(a) * len(b) for a, b in zip(ones, others, strict=True))
        return cpdist(ones, others, **options)

    monkeypatch.setattr(process, "cpdist", counted)
    repeated = [*prompts, prompts[7]]
    assert ids([case(n, prompt) for n, prompt in enumerate(repeated)]) == [("7", "300")]
    assert sum(work) < 2.1e11, "pairs of letters"


def test_no_cases_are_no_pairs() -> None:
    assert near_pairs([]) == []
