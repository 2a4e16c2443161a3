"""Pairs of cases that mean the same, and the jobs that look for them."""

from pathlib import Path

import numpy as np
import pytest

from rft_core.examples.meaning import close_pairs
from rft_core.jobs import embedding, supervisor
from rft_core.jobs.embedding import Vector
from rft_core.jobs.folder import JobFolder, JobState, append_line
from rft_core.records import Example, Project


def vector(angle: float) -> Vector:
    return np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)


def case(name: str, **changes: object) -> Example:
    return Example.model_validate(
        {"id": name, "prompt": f"text {name}", "split": "train"} | changes
    )


VECTORS = {"text a": vector(0.0), "text b": vector(0.2), "text c": vector(1.5)}


def ids(examples: list[Example]) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in close_pairs(examples, VECTORS)]


def test_close_vectors_are_pairs_and_far_ones_are_not() -> None:
    assert ids([case("a"), case("b"), case("c")]) == [("a", "b")]


def test_two_of_one_group_on_one_side_are_meant_to_be_alike() -> None:
    assert ids([case("a", cluster="g"), case("b", cluster="g")]) == []
    assert ids([case("a", cluster="g"), case("b", cluster="g", split="heldout")]) == [("a", "b")]


def test_a_case_without_a_vector_is_left_out() -> None:
    assert ids([case("new"), case("b"), case("a")]) == [("b", "a")]
    assert close_pairs([case("a"), case("b")], {}) == []


def test_a_case_is_named_once_for_each_side_however_many_are_like_it() -> None:
    alike = [case(f"{n}", prompt="text a") for n in range(50)]
    test = case("t", prompt="text b", split="heldout")
    assert ids([*alike, test])[-1] == ("0", "t")
    assert len(ids([*alike, test])) == 50


def finished(job: JobFolder, vectors: list[list[float]]) -> None:
    for index, found in enumerate(vectors):
        append_line(job.path / "embeddings.jsonl", {"index": index, "vector": found})
    job.write_state(JobState(status="finished"))


def path_of(project_id: str) -> Path | None:
    job = embedding.latest(project_id)
    return job and job.path


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs be written and not started."""
    monkeypatch.setattr(supervisor, "_spawn", lambda job: None)


def test_a_look_belongs_to_its_project_and_replaces_the_one_before(
    home: Path, no_process: None
) -> None:
    mine, other = Project(id="p", name="P"), Project(id="q", name="Q")
    assert path_of("p") is None
    first = embedding.start(mine, [case("a"), case("b"), case("twice", prompt="text a")])
    embedding.start(other, [case("c")])
    assert first.config()["texts"] == ["text a", "text b"]
    assert path_of("p") == first.path
    finished(first, [[1.0, 0.0], [0.0, 1.0]])
    assert {t: v.tolist() for t, v in embedding.read_vectors(first).items()} == {
        "text a": [1.0, 0.0], "text b": [0.0, 1.0],
    }  # fmt: skip
    second = embedding.start(mine, [case("a"), case("c")])
    assert path_of("p") == second.path
    assert not first.path.exists()
    assert path_of("q")


def test_a_damaged_line_is_left_out(home: Path, no_process: None) -> None:
    job = embedding.start(Project(id="p", name="P"), [case("a"), case("b")])
    (job.path / "embeddings.jsonl").write_text('{"index": 1, "vector": [1.0]}\n{"index": 9, "vec')
    assert list(embedding.read_vectors(job)) == ["text b"]
