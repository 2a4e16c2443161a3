"""The command line: one line for what went wrong, JSONL for what is graded."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rft_core.cli import app
from rft_core.models import endpoint
from rft_core.models.embedder import EMBEDDER, Embedder, Vector
from rft_core.settings import samples_folder
from tests.models.grader_server import GraderServer

RUBRIC = samples_folder() / "finance" / "rubric.json"
RIGHT = 'Quote: "a safe account"\nKind: impersonation\nDecision: block'
CASE = {
    "id": "a",
    "prompt": "He was told to move it to a safe account.",
    "fields": {"decision": "block", "kind": "impersonation", "key_words": ["safe account"]},
}


def rft(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def grade(tmp_path: Path, text: str):
    file = tmp_path / "answers.jsonl"
    file.write_text(text, encoding="utf-8")
    return rft("grade", "--rubric", str(RUBRIC), "--answers", str(file))


def test_grade_prints_one_json_line_an_answer(tmp_path: Path) -> None:
    wrong = CASE | {"id": "b", "answer": "release, I think"}
    rows = [CASE | {"answer": RIGHT}, wrong, {"answer": RIGHT, "prompt": "no fields"}]
    result = grade(tmp_path, "\ufeff" + "\n".join(json.dumps(r) for r in rows) + "\n\n")
    assert result.exit_code == 0
    first, second, third = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], first["score"], first["earned"]) == ("a", 1.0, 10)
    assert second["penalty"] == -2
    assert second["score"] < 0.2
    assert third["score"] is None, "an answer without expected values cannot be graded"


def test_grade_embeds_the_texts_of_all_answers_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rubric = {"criteria": [{"id": "m", "text": "Sounds like mine", "points": 1,
                            "aspect": "substance", "check": {"kind": "meaning"}}]}  # fmt: skip
    (tmp_path / "rubric.json").write_text(json.dumps(rubric))
    texts = ["Block the payment.", "Stop this payment.", "It rains in the harbour."]
    rows = [{"prompt": "p", "reference": texts[0], "answer": text} for text in texts]
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    asked: list[int] = []

    def counted(embedder: Embedder, asked_for: Sequence[str]) -> Sequence[Vector]:
        asked.append(len(asked_for))
        return embedded(embedder, asked_for)

    embedded = Embedder._embedded
    monkeypatch.setattr(Embedder, "_embedded", counted)
    EMBEDDER.forget()
    result = rft("grade", "--rubric", str(tmp_path / "rubric.json"), "--answers", str(file))
    scores = [json.loads(line)["score"] for line in result.stdout.splitlines()]
    assert scores == [1, 1, 0]
    assert asked == [3], "in one request"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"answer": "x"}\n{"ans', "Line 2 of answers.jsonl is not JSON: a text begins there"),
        ("[1]", "Line 1 of answers.jsonl is no JSON object."),
        ('{"prompt": "x"}', "Line 1 has no text under 'answer'."),
    ],
)
def test_damaged_answers_are_named_by_line(tmp_path: Path, text: str, sentence: str) -> None:
    result = grade(tmp_path, text)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_missing_files_are_one_line(tmp_path: Path) -> None:
    for result in (
        rft("grade", "--rubric", "nowhere.json", "--answers", "nowhere.jsonl"),
        rft("run", str(tmp_path), "--out", str(tmp_path / "out")),
        rft("run", str(RUBRIC.parent), "--out", str(tmp_path / "out"), "--rubric", "nowhere.json"),
        rft("demo", "--sample", "astrology"),
    ):
        assert result.exit_code == 1
        assert "Traceback" not in result.output
        assert result.output.strip()


def test_an_unknown_sample_names_the_known_ones() -> None:
    assert "finance" in rft("demo", "--sample", "astrology").output


def test_run_refuses_a_folder_that_holds_a_report(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("{}")
    result = rft("run", str(samples_folder() / "finance"), "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "already holds a report" in result.output
    assert (tmp_path / "report.json").read_text() == "{}"


def test_doctor_says_what_is_here() -> None:
    output = rft("doctor").output
    assert "torch 2.13.0" in output
    assert "The embedded model is installed" in output
    assert "has not been timed" in output
    assert "Python code in criteria is run" in " ".join(output.split())


def test_doctor_says_that_python_code_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFT_PYTHON_CHECKS", "off")
    assert "is switched off (RFT_PYTHON_CHECKS)" in " ".join(rft("doctor").output.split())


def test_doctor_says_whether_an_ai_grader_is_set_up_and_where(monkeypatch) -> None:
    assert "No AI grader is set up" in rft("doctor").output
    monkeypatch.setenv(endpoint.URL, "https://api.example.com/v1")
    assert "RFT_JUDGE_MODEL is not set" in rft("doctor").output
    monkeypatch.setenv(endpoint.MODEL, "grader-1")
    monkeypatch.setenv(endpoint.KEY, "sk-secret")
    output = rft("doctor").output
    assert '"grader-1" at api.example.com; cases and answers are sent there' in output
    assert "sk-secret" not in output


def test_grade_asks_the_ai_grader(tmp_path: Path, ai_grader: GraderServer) -> None:
    asked = {"id": "a", "text": "Is kind", "points": 1, "aspect": "substance",
             "check": {"kind": "judge", "question": "Does it say please?"}}  # fmt: skip
    (tmp_path / "rubric.json").write_text(json.dumps({"criteria": [asked]}))
    rows = [{"answer": f"{n} please" if n % 2 else str(n), "prompt": "?"} for n in range(70)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = rft(
        "grade", "--rubric", str(tmp_path / "rubric.json"), "--answers", str(tmp_path / "a.jsonl")
    )
    assert [json.loads(x)["score"] for x in result.stdout.splitlines()] == [0, 1] * 35
    assert len(ai_grader.asked) == 70


def test_models_are_listed_with_licence_and_where_they_are() -> None:
    output = rft("models", "list").output
    assert "SmolLM2 135M Instruct (comes with the app): here" in output
    assert "Qwen3 0.6B: not here, 1.5 GB download" in output


def test_a_download_without_a_connection_is_a_sentence() -> None:
    result = rft("models", "download", "qwen3-0.6b")
    assert result.exit_code == 1
    assert "Qwen3 0.6B could not be downloaded" in result.output
    assert "Check the connection" in result.output
