"""The resident child that embeds texts: asked in batches, started anew, not waited for in vain."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rft_core.errors import ModelError
from rft_core.models import embedder, embeddings
from rft_core.models.embedder import Embedder

ECHO = "[float(len(t)), float(len(texts))]"
"""A vector that tells the text's length and how many were asked for at once."""

Start = Callable[..., Embedder]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    """Return a function that makes an embedder whose child runs `code` for each line it reads."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    made: list[Embedder] = []

    def start_one(code: str, limit_s: float = 30.0) -> Embedder:
        program = (
            "import json, os, sys, time\n"
            f"open({str(tmp_path / 'starts')!r}, 'a').write('x')\n"
            "for line in sys.stdin:\n"
            "    texts = json.loads(line)\n"
            f"    {code}\n"
            f"    print(json.dumps({{'vectors': [{ECHO} for t in texts]}}), flush=True)\n"
        )
        made.append(Embedder((sys.executable, "-c", program), limit_s))
        return made[-1]

    yield start_one
    for one in made:
        one.close()


def starts(tmp_path: Path) -> int:
    return len((tmp_path / "starts").read_text())


def test_texts_are_asked_for_once_and_together(start: Start, tmp_path: Path) -> None:
    made = start("pass")
    assert [v.tolist() for v in made.vectors(["bb", "a", "bb"])] == [[2, 2], [1, 2], [2, 2]]
    assert [v.tolist() for v in made.vectors(["ccc", "a"])] == [[3, 1], [1, 2]]
    assert starts(tmp_path) == 1


def test_a_child_that_died_is_started_again(start: Start, tmp_path: Path) -> None:
    made = start("pass")
    made.vectors(["a"])
    assert made._child is not None
    made._child.kill()
    made._child.wait()
    assert made.vectors(["bb"])[0].tolist() == [2, 1]
    assert starts(tmp_path) == 2


def test_after_a_failure_it_is_not_tried_at_once_but_later(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = start("if 'end' in texts: os._exit(1)")
    for _ in range(5):
        with pytest.raises(ModelError):
            made.vectors(["end"])
    assert starts(tmp_path) == 2
    assert made.failures == 5, "each may have left something ungraded"
    monkeypatch.setattr(embedder.time, "monotonic", lambda: 1e12)
    assert made.vectors(["a"])[0].tolist() == [1, 1]


@pytest.mark.parametrize(
    "code",
    [
        "print('no JSON', flush=True); continue",
        "print('[]', flush=True); continue",
        "print('7', flush=True); continue",
        "print('{\"vectors\": [[1.0], [2.0]]}', flush=True); continue",
        'print(\'{"vectors": [["x"]]}\', flush=True); continue',
        "time.sleep(60)",
    ],
)
def test_an_answer_that_makes_no_sense_or_never_comes_is_a_sentence(
    start: Start, code: str
) -> None:
    with pytest.raises(ModelError, match="did not answer"):
        start(code, limit_s=1.0).vectors(["a"])


def test_the_childs_own_sentence_is_passed_on(start: Start) -> None:
    code = """print('{"error": "The model is ill."}', flush=True); continue"""
    with pytest.raises(ModelError, match=r"The model is ill\."):
        start(code).vectors(["a"])


def test_a_child_that_cannot_start_is_a_sentence(start: Start, tmp_path: Path) -> None:
    start("pass")  # so that the texts are not embedded in this process
    with pytest.raises(ModelError, match="did not answer"):
        Embedder((str(tmp_path / "no such program"),)).vectors(["a"])


def test_a_slow_request_keeps_nobody_waiting_who_needs_none(start: Start, tmp_path: Path) -> None:
    """The slow one ends once the other has its vectors; if that waited, both would fail."""
    begun, go_on = tmp_path / "begun", tmp_path / "go on"
    wait = (
        f"'slow' in texts and open({str(begun)!r}, 'w') and "
        f"next(1 for _ in iter(lambda: time.sleep(.01), 0) if os.path.exists({str(go_on)!r}))"
    )
    made = start(wait)
    made.vectors(["a"])
    slow = threading.Thread(target=made.vectors, args=(["slow"],))
    slow.start()
    while not begun.exists() and slow.is_alive():
        time.sleep(0.01)
    made.vectors(["a"])
    go_on.touch()
    slow.join()
    assert made.vectors(["slow"])[0].tolist() == [4, 1]


def test_a_missing_package_is_a_sentence_and_starts_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="not installed"):
        start("pass").vectors(["a"])
    assert not (tmp_path / "starts").exists()


def test_many_threads_get_each_their_own_answers(start: Start, tmp_path: Path) -> None:
    made = start("pass")
    found: dict[int, list[float]] = {}

    def ask(length: int) -> None:
        found[length] = [float(v[0]) for v in made.vectors(["x" * length, "y" * length])]

    threads = [threading.Thread(target=ask, args=(length,)) for length in range(1, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {length: [length, length] for length in range(1, 20)}
    assert starts(tmp_path) == 1


def test_only_so_many_vectors_are_kept(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedder, "MOST_KEPT", 3)
    made = start("pass")
    assert len(made.vectors(["a", "b", "c", "d", "e"])) == 5
    made.vectors(["d", "f"])
    assert sorted(made._kept) == ["d", "e", "f"]


def test_the_child_says_what_failed_and_ends_when_nobody_asks() -> None:
    code = (
        "import sys\n"
        "from rft_core.models import embeddings\n"
        "embeddings.IDLE_S = 1\n"
        "embeddings.serve(sys.stdin, sys.stdout)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        for _ in range(2):
            child.stdin.write("secret {\n")
            child.stdin.flush()
            answer = child.stdout.readline()
            assert "JSONDecodeError" in answer and "secret" not in answer
        assert child.wait(timeout=20) == -signal.SIGALRM


def test_the_child_ends_with_its_parent() -> None:
    code = (
        "from rft_core.models.embedder import EMBEDDER\n"
        "import os, sys\n"
        "EMBEDDER.vectors(['a'])\n"
        "print('torch' in sys.modules, EMBEDDER._child.pid, flush=True)\n"
        "os._exit(0)\n"  # As if killed: nothing is tidied up.
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    has_torch, pid = result.stdout.split()
    assert has_torch == "False"
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or _is_zombie(pid):
            break
        threading.Event().wait(0.1)
    else:
        pytest.fail("the child is still there after ten seconds")


def _is_zombie(pid: str) -> bool:
    return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()


def test_where_torch_is_loaded_no_child_is_started() -> None:
    import torch  # noqa: F401

    here = Embedder(("no such program",)).vectors(["The tenant pays the rent.", ""])
    assert here[0].shape == (384,)
    assert float(np.linalg.norm(here[0])) == pytest.approx(1, abs=1e-5)


def test_a_library_that_fails_here_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch  # noqa: F401

    def fails(texts: object) -> None:
        raise ImportError("transformers")

    monkeypatch.setattr(embeddings, "embed_texts", fails)
    with pytest.raises(ModelError, match="did not answer"):
        Embedder().vectors(["a"])


def test_the_real_model_gives_unit_vectors_alike_in_any_company(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = embedder.EMBEDDER.vectors(["The tenant pays the rent."])[0]
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    among = Embedder()
    try:
        together = among.vectors(["The tenant pays the rent.", "word " * 300, "\x00", ""])
    finally:
        among.close()
    assert alone.shape == (384,)
    assert [float(np.linalg.norm(v)) for v in together] == pytest.approx([1] * 4, abs=1e-5)
    assert float(alone @ together[0]) == pytest.approx(1, abs=1e-4)
